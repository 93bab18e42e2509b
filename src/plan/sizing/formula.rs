//! The formula of a comparison with its numbers put in.

use super::super::text::number;
use super::build::Margin;
use super::model::{Design, Layout, Spread as Variance};
use super::values::Spread;
use super::{Sizing, Stage};
use crate::format;
use crate::language::{ProportionVariance, Test};
use crate::stats::SampleSize;

impl Sizing<'_> {
    /// The formula with its numbers put in, for the final level and power, where `n` is what it gives.
    pub(in crate::plan) fn formula(&self, n: SampleSize) -> String {
        let Ok(model) = self.model(Stage::FINAL, self.amount()) else {
            return String::new();
        };
        let (a, b) = (number(self.level().z()), number(self.target().z()));
        let result = number(n.control().ceil());
        let factors = self.factors();
        let unit = if model.layout == Layout::Both { "n" } else { "n₀" };
        match model.design {
            Design::Means(_) if let Spread::LogMean { sd } = self.values.spread => format!(
                "n₀ ≈ ({a} + {b})²·{sd}²·(1+1/{r}) / {d}²{factors}, solved with t = {result}",
                sd = number(sd * self.repeat_factor(Stage::FINAL).sqrt()),
                r = number(n.ratio()),
                d = self.log_distance_in_words(),
            ),
            Design::Pairs(pairs) if matches!(self.values.spread, Spread::LogMean { .. }) => format!(
                "n ≈ ({a} + {b})²·{sd}² / {d}²{factors}, solved with t = {result} pairs",
                sd = number(pairs.sd() / self.variance_factor(Stage::FINAL).unwrap_or(1.0).sqrt()),
                d = self.log_distance_in_words(),
            ),
            Design::Proportions(_) | Design::Means(_) if self.to_beat.is_some() => {
                self.beyond_margin(&a, &b, &factors, &result, n.ratio())
            }
            Design::Proportions(_) if self.test == Test::Superiority => self.two_proportions(&a, &b, &factors, &result),
            Design::Proportions(_) if self.is_relative() => self.relative_margin(
                &a,
                &b,
                "=",
                &format!(
                    "{}·{}",
                    number(self.values.baseline),
                    number(1.0 - self.values.baseline)
                ),
                &format!("{factors} = {result}"),
            ),
            Design::Proportions(_) => {
                // As the judge sees them, where there is one.
                let (p, d) = match self.judge {
                    Some(card) => (
                        card.judge.apparent(self.values.baseline).unwrap_or(f64::NAN),
                        card.judge.attenuation() * self.absolute_amount(),
                    ),
                    None => (self.values.baseline, self.absolute_amount()),
                };
                format!(
                    "n₀ = [{a}·√(restricted variance at −{d}) + {b}·√({p}·{q}·(1+1/{r}))]² / {d}²{factors} = {result}",
                    d = number(d),
                    p = number(p),
                    q = number(1.0 - p),
                    r = number(n.ratio()),
                )
            }
            Design::Means(_) => {
                let (Spread::Mean { sd } | Spread::Ratio { sd } | Spread::EventByWindow { sd }) = self.values.spread
                else {
                    return String::new();
                };
                let spreads = self.spreads_in_words(sd, "1", &number(n.ratio()));
                let sd = number(sd * self.repeat_factor(Stage::FINAL).sqrt());
                let solved = if matches!(self.values.spread, Spread::Mean { .. }) {
                    ", solved with t"
                } else {
                    ""
                };
                if self.test != Test::Superiority && self.is_relative() {
                    self.relative_margin(&a, &b, "≈", &format!("{sd}²"), &format!("{factors}{solved} = {result}"))
                } else {
                    format!(
                        "n₀ ≈ ({a} + {b})²·{spreads} / {d}²{factors}{solved} = {result}",
                        d = number(self.absolute_amount()),
                    )
                }
            }
            Design::Pairs(pairs) => format!(
                "n ≈ ({a} + {b})²·{sd}² / {d}²{factors}{solved} = {result} pairs",
                solved = if self.estimates_its_spread() {
                    ", solved with t"
                } else {
                    ""
                },
                // Clusters and covariates are in that standard deviation, and shown as factors.
                sd = number(pairs.sd() / self.variance_factor(Stage::FINAL).unwrap_or(1.0).sqrt()),
                d = self.distance_in_words(self.judge.map_or(1.0, |card| card.judge.attenuation())),
            ),
            Design::Z(test) if test.fixed_variances() != (0.0, 0.0) => {
                // Labels of a judge: what they leave open does not shrink with n.
                let (null, truth) = test.fixed_variances();
                let error = |sd: f64, fixed: f64| {
                    if fixed > 0.0 {
                        format!("√({}²/{unit} + {}²)", number(sd), number(fixed.sqrt()))
                    } else {
                        format!("{}/√{unit}", number(sd))
                    }
                };
                format!(
                    "{unit}{factors} = {result}{pairs}, where {unit} solves {a}·{} + {b}·{} = {d}",
                    error(test.null_sd(), null),
                    error(test.truth_sd(), truth),
                    d = number(test.distance()),
                    pairs = if self.pairing.is_some() { " pairs" } else { "" },
                )
            }
            Design::Z(test) => format!(
                "{unit} = ({a}·{s0} + {b}·{s1})² / {d}²{factors} = {result}{pairs}",
                s0 = number(test.null_sd()),
                s1 = number(test.truth_sd()),
                d = number(test.distance()),
                pairs = if self.pairing.is_some() { " pairs" } else { "" },
            ),
            Design::Fisher(_) | Design::ExactPairs(_) | Design::ExactWins(_) => self.counted(unit, &factors, &result),
            Design::Equivalence { margins, sd, .. } if margins.null_ratios() != (1.0, 1.0) => {
                let (low, high) = margins.null_ratios();
                format!(
                    "{unit} solves Φ((m·√{unit} − {a}·{high})/{sd}) − Φ((−m·√{unit} + {a}·{low})/{sd}) = {power} at m = {m}{factors} = {result}{pairs}",
                    power = number(self.target().get()),
                    high = number(high * sd),
                    low = number(low * sd),
                    sd = number(sd),
                    m = number(self.absolute_amount()),
                    pairs = if self.pairing.is_some() { " pairs" } else { "" },
                )
            }
            Design::Equivalence { margins, sd, spread } => format!(
                "{unit} solves Φ(({high} − {a}·s)/s) − Φ((−{low} + {a}·s)/s) = {power} with s = {sd}/√{unit}{factors}{t} = {result}",
                // A relative margin is as many standard errors away as its own contrast has.
                low = number(-margins.margins().0),
                high = number(margins.margins().1),
                power = number(self.target().get()),
                sd = number(sd),
                t = if spread == Variance::Estimated { ", by t" } else { "" },
            ),
        }
    }

    /// A size that is found by counting.
    fn counted(&self, unit: &str, factors: &str, result: &str) -> String {
        let p0 = self.values.baseline;
        let p1 = p0 + self.values.direction.sign() * self.absolute_amount();
        format!(
            "{unit} from which P(p-value ≤ {tail} | {p0} → {p1}) stays at or above {power}, every outcome counted{factors} = {result}",
            tail = number(self.level().tail()),
            p0 = number(p0),
            p1 = number(p1),
            power = number(self.target().get()),
        )
    }

    fn two_proportions(&self, a: &str, b: &str, factors: &str, result: &str) -> String {
        let (p0, r) = (self.values.baseline, self.ratio.get());
        let d = self.absolute_amount();
        let p1 = p0 + self.values.direction.sign() * d;
        let own = format!(
            "{}·{} + {}·{}/{}",
            number(p0),
            number(1.0 - p0),
            number(p1),
            number(1.0 - p1),
            number(r)
        );
        let null = match self.statistics.proportion_variance {
            ProportionVariance::PooledNull => {
                let pooled = (p0 + r * p1) / (1.0 + r);
                format!("√((1+1/{})·{}·{})", number(r), number(pooled), number(1.0 - pooled))
            }
            ProportionVariance::Unpooled => format!("√({own})"),
        };
        format!("n₀ = [{a}·{null} + {b}·√({own})]² / {}²{factors} = {result}", number(d))
    }

    fn relative_margin(&self, a: &str, b: &str, is: &str, variance: &str, end: &str) -> String {
        let margin = self.amount() * self.left_of_effects(Stage::FINAL);
        format!(
            "n₀ {is} ({a} + {b})²·{variance}·(1/{r} + {w}²) / ({m}·{p})²{end}",
            r = number(self.ratio.get()),
            w = number(1.0 - self.values.direction.sign() * margin),
            m = number(margin),
            p = number(self.values.baseline.abs()),
        )
    }

    /// Independent arms against a margin to beat: w of the contrast θT − wθC is 1 for an absolute one.
    fn beyond_margin(&self, a: &str, b: &str, factors: &str, result: &str, ratio: f64) -> String {
        let d = self.distance_in_words(1.0);
        let w = match self.margin_at(Stage::FINAL) {
            Some(Margin::Relative(margin)) => Some(number(1.0 + self.values.direction.sign() * margin)),
            _ => None,
        };
        let (p0, r) = (self.values.baseline, number(ratio));
        let p1 = p0 + self.values.direction.sign() * self.absolute_amount();
        let control = w.as_ref().map_or_else(String::new, |w| format!("{w}²·"));
        match self.values.spread {
            Spread::Proportion => {
                let own = format!(
                    "√({control}{}·{} + {}·{}/{r})",
                    number(p0),
                    number(1.0 - p0),
                    number(p1),
                    number(1.0 - p1)
                );
                let null = if self.restricts_variance() && !self.margin_is_relative() {
                    "√(restricted variance at the margin)"
                } else {
                    &own
                };
                format!("n₀ = [{a}·{null} + {b}·{own}]² / {d}²{factors} = {result}")
            }
            Spread::Mean { sd } | Spread::Ratio { sd } | Spread::EventByWindow { sd } => {
                let solved = if matches!(self.values.spread, Spread::Mean { .. }) {
                    ", solved with t"
                } else {
                    ""
                };
                let weight = w.map_or_else(|| "1".to_owned(), |w| format!("{w}²"));
                let spreads = self.spreads_in_words(sd, &weight, &r);
                format!("n₀ ≈ ({a} + {b})²·{spreads} / {d}²{factors}{solved} = {result}")
            }
            _ => String::new(),
        }
    }

    /// The variance of a difference of means for one unit of control: `2²·(1+1/1)`, or `(2² + 3²/1)` where the arms differ.
    fn spreads_in_words(&self, sd: f64, weight: &str, r: &str) -> String {
        let of_average = self.repeat_factor(Stage::FINAL).sqrt();
        let treated = self.treated_sd(sd, self.amount() * self.left_of_effects(Stage::FINAL));
        let (control, treated) = (number(sd * of_average), number(treated * of_average));
        if control == treated {
            format!("{control}²·({weight}+1/{r})")
        } else {
            let weight = if weight == "1" {
                String::new()
            } else {
                format!("{weight}·")
            };
            format!("({weight}{control}² + {treated}²/{r})")
        }
    }

    /// The distance from the null hypothesis on the metric's own scale, of which the measurement leaves `shrink`: `0.03`, or
    /// with a margin to beat `(0.03 − 0.01)`.
    fn distance_in_words(&self, shrink: f64) -> String {
        let whole = number(shrink * self.absolute_amount());
        let margin = match self.margin_at(Stage::FINAL) {
            None => return whole,
            Some(Margin::Relative(margin)) => margin * self.values.baseline.abs(),
            Some(Margin::Absolute(margin)) => margin,
        };
        format!("({whole} − {})", number(shrink * margin))
    }

    /// The distance from the null hypothesis between logarithms: `ln(1.05)`, or with a margin to beat
    /// `(ln(1.05) − ln(1.02))`.
    fn log_distance_in_words(&self) -> String {
        let log = |share: f64| format!("ln({})", format::at_most(1.0 + self.toward() * share, 6));
        let whole = log(self.amount());
        match self.margin_at(Stage::FINAL) {
            None => whole,
            Some(Margin::Relative(margin) | Margin::Absolute(margin)) => format!("({whole} − {})", log(margin)),
        }
    }

    /// The amount on the metric's own scale, after dilution and carry-over.
    fn absolute_amount(&self) -> f64 {
        self.on_both_scales(self.amount()).absolute * self.left_of_effects(Stage::FINAL)
    }

    /// What is multiplied on top of the design's own formula.
    fn factors(&self) -> String {
        let ties = match self.values.spread {
            Spread::Preference { ties } if ties > 0.0 => Some(1.0 / (1.0 - ties)),
            _ => None,
        };
        let all = [
            (self.clusters.map(|clusters| clusters.sizes.design_effect()), "clusters"),
            (self.block.map(|block| block.factor), "average of a block"),
            (
                self.covariate.map(|correlation| 1.0 - correlation * correlation),
                "covariate",
            ),
            (self.strata.map(|strata| 1.0 - strata.explained), "strata"),
            (ties, "ties"),
            (self.rows_per_unit, "rows a unit"),
            (self.looks.as_ref().map(super::Monitoring::inflation), "looks"),
        ];
        let shown = all
            .iter()
            .filter_map(|(factor, what)| Some(format!(" · {} ({what})", number((*factor)?))));
        let weighed = self.strata.map(|strata| {
            let units = (strata.count - 1.0) * self.inflation(Stage::FINAL);
            format!(" + {} (weights of the strata)", number(units))
        });
        shown.chain(weighed).collect()
    }
}
