//! The words of a comparison: its test, its source, and what each step changed.

use super::super::text::number;
use super::values::Spread;
use super::{Pairing, Sizing, Stage};
use crate::format;
use crate::language::values::Effect;
use crate::language::{EfficacySpending, NonInferiorityVariance, ProportionVariance, SequentialMethod, Test};

impl Sizing<'_> {
    /// The test's name.
    pub(in crate::plan) fn test_name(&self) -> String {
        let mut name = match self.test {
            Test::Equivalence if self.scores_pairs() => format!("two one-sided score tests of {}", self.subject()),
            Test::Equivalence => format!("two one-sided tests of {}", self.subject()),
            Test::NonInferiority => self.name_with_margin("non-inferiority"),
            Test::Superiority if self.to_beat.is_some() => self.name_with_margin("superiority by a margin"),
            Test::Superiority => self.superiority_name().to_owned(),
        };
        if self.takes_labels() {
            name.push_str(", by labels and judge together");
        }
        if self.has_few_clusters() {
            name.push_str(", t over clusters");
        }
        name
    }

    /// Whether people label a share of what the judge reads.
    fn takes_labels(&self) -> bool {
        self.judge.is_some_and(|card| card.label_share.is_some())
    }

    fn subject(&self) -> &'static str {
        let paired = self.units_pass_both(Stage::FINAL);
        match self.values.spread {
            Spread::Proportion if paired => "paired proportions",
            Spread::Proportion => "proportions",
            Spread::Mean { .. } if paired => "paired means",
            Spread::Mean { .. } => "means",
            Spread::LogMean { .. } if paired => "paired geometric means, t on logarithms",
            Spread::LogMean { .. } => "geometric means, t on logarithms",
            Spread::Ratio { .. } => "ratios",
            Spread::EventByWindow { .. } => "event probabilities",
            Spread::Quantile { .. } => "log quantiles",
            Spread::Rate { .. } => "log rates",
            Spread::TimeToEvent => "log hazards",
            Spread::Preference { .. } => "a share of wins",
        }
    }

    fn superiority_name(&self) -> &'static str {
        let paired = self.units_pass_both(Stage::FINAL);
        let pooled = self.statistics.proportion_variance == ProportionVariance::PooledNull;
        let exact = self.counts_exactly(Stage::FINAL);
        match self.values.spread {
            Spread::Proportion if exact && paired => "McNemar's exact test",
            Spread::Proportion if exact => "Fisher's exact test",
            Spread::Preference { .. } if exact => "exact sign test on decided comparisons",
            Spread::Proportion if paired && self.repeats.is_some() => "paired t on averages over repeats",
            Spread::Proportion if paired => "McNemar, normal",
            Spread::Proportion if self.takes_labels() => "two-proportion z, unpooled variance",
            Spread::Proportion if pooled => "two-proportion z, pooled null variance",
            Spread::Proportion | Spread::EventByWindow { .. } => "two-proportion z, unpooled variance",
            Spread::Mean { .. } if paired => "paired t",
            Spread::Mean { .. } => "Welch t",
            Spread::LogMean { .. } if paired => "paired t on logarithms",
            Spread::LogMean { .. } => "Welch t on logarithms",
            Spread::Ratio { .. } if paired => "paired delta-method z",
            Spread::Ratio { .. } => "delta-method z",
            Spread::Quantile { .. } => "log-quantile z",
            Spread::Rate { dispersion, .. } if dispersion > 0.0 => "log rate ratio z, negative binomial",
            Spread::Rate { .. } => "log rate ratio z, Poisson",
            Spread::TimeToEvent => "log-rank",
            Spread::Preference { .. } => "sign test on decided comparisons, normal",
        }
    }

    /// Whether the margin of the test is a share of control's value.
    pub(super) fn margin_is_relative(&self) -> bool {
        self.to_beat.unwrap_or(self.effect).is_relative()
    }

    /// Whether a proportion is tested with the variance that the likeliest proportions at the margin have.
    pub(super) fn restricts_variance(&self) -> bool {
        if self.test == Test::Superiority {
            self.statistics.proportion_variance == ProportionVariance::PooledNull && self.judge.is_none()
        } else {
            self.statistics.noninferiority_variance == NonInferiorityVariance::FarringtonManning
        }
    }

    fn name_with_margin(&self, asked: &str) -> String {
        let paired = self.units_pass_both(Stage::FINAL);
        match self.values.spread {
            Spread::Proportion if paired && self.repeats.is_some() => {
                format!("{asked} of averages over repeats, paired t")
            }
            Spread::Proportion if self.scores_pairs() => format!("{asked} of paired proportions, score z"),
            Spread::Proportion if paired => format!("{asked} of paired proportions, Wald z"),
            Spread::Proportion if self.margin_is_relative() => format!("{asked} of a proportion, relative margin, z"),
            Spread::Proportion if self.takes_labels() => format!("{asked} of a proportion, unpooled z"),
            Spread::Proportion if self.restricts_variance() => format!("{asked} of a proportion, Farrington–Manning"),
            Spread::Proportion => format!("{asked} of a proportion, unpooled z"),
            Spread::Mean { .. } => {
                let test = if paired { "paired t" } else { "Welch t" };
                if self.margin_is_relative() {
                    format!("{asked} of a mean, relative margin, {test}")
                } else {
                    format!("{asked} of a mean, {test}")
                }
            }
            Spread::LogMean { .. } => {
                let test = if paired { "paired t" } else { "Welch t" };
                format!("{asked} of a geometric mean, {test} on logarithms")
            }
            Spread::Ratio { .. } => format!("{asked} of a ratio, delta-method z"),
            Spread::EventByWindow { .. } => format!("{asked} of an event probability, unpooled z"),
            Spread::Quantile { .. } => format!("{asked} of a quantile, log-quantile z"),
            Spread::Rate { .. } => format!("{asked} of a rate, log rate ratio z"),
            Spread::TimeToEvent => format!("{asked} of a hazard, log-rank"),
            Spread::Preference { .. } => format!("{asked} of a share of wins, z"),
        }
    }

    /// Author, year and place of the formula, and of what is put on top of it.
    pub(in crate::plan) fn source(&self) -> String {
        let mut source = self.design_source().to_owned();
        let mut add = |text: &str| {
            source.push_str("; ");
            source.push_str(text);
        };
        if self.takes_labels() {
            add("labels and judge: Angelopoulos, Duchi & Zrnic 2023, arXiv 2311.01453");
        } else if self.judge.is_some() {
            add("judge: Rogan & Gladen 1978, American Journal of Epidemiology 107:71");
        }
        if self.repeats.is_some() {
            add("repeats: Miller 2024, arXiv 2411.00640, equation 9");
        }
        if self.clusters.is_some() {
            add("clusters: Eldridge, Ashby & Kerry 2006, International Journal of Epidemiology 35:1292, equation 2");
        }
        if self.has_few_clusters() {
            add("t over clusters: Donner & Klar 2000");
        }
        if self.block.is_some() || self.seen.is_some() {
            add("blocks drawn independently: Bojinov, Simchi-Levi & Zhao 2023, Management Science 69:3759");
        }
        if self.covariate.is_some() {
            add("covariate: Deng, Xu, Kohavi & Walker 2013, equation 5");
        }
        if self.strata.is_some() {
            add("post-stratification: Cochran 1977, Sampling Techniques, equation 5A.42; Miratrix, Sekhon & Yu 2013");
        }
        if let Some(looks) = &self.looks {
            let method = self.statistics.sequential.as_ref().and_then(|declared| declared.method);
            let sequential = self.statistics.sequential.as_ref();
            add(if looks.group_design().is_some() {
                match sequential.and_then(|declared| declared.spending) {
                    Some(EfficacySpending::WangTsiatis) => {
                        "looks: Jennison & Turnbull 2000, chapter 19; Wang & Tsiatis 1987"
                    }
                    Some(EfficacySpending::HaybittlePeto) => {
                        "looks: Jennison & Turnbull 2000, chapter 19; Haybittle 1971, Peto et al. 1976"
                    }
                    Some(_) | None => "looks: Jennison & Turnbull 2000, chapter 19; Lan & DeMets 1983",
                }
            } else if method == Some(SequentialMethod::Msprt) {
                "looks: Johari, Koomen, Pekelis & Walsh 2022, Operations Research 70:1806"
            } else {
                "looks: Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2024"
            });
        }
        if self.reach.is_some() {
            add("dilution: Kohavi, Tang & Xu 2020, chapter 20");
        }
        source
    }

    fn design_source(&self) -> &'static str {
        let restricted = self.restricts_variance();
        let pooled = self.statistics.proportion_variance == ProportionVariance::PooledNull;
        let paired = self.units_pass_both(Stage::FINAL);
        // Against no difference; with a margin the sources are those of margins, kept or beaten.
        let superior = self.test == Test::Superiority && self.to_beat.is_none();
        let scored = self.scores_pairs();
        if self.test == Test::Equivalence && scored {
            return "Schuirmann 1987, Journal of Pharmacokinetics and Biopharmaceutics 15:657; Tango 1998, Statistics in Medicine 17:891";
        }
        if self.test == Test::Equivalence {
            return "Schuirmann 1987, Journal of Pharmacokinetics and Biopharmaceutics 15:657; Owen 1965";
        }
        let exact = self.counts_exactly(Stage::FINAL);
        match self.values.spread {
            Spread::Proportion if exact && paired => {
                "McNemar 1947, Psychometrika 12:153, exact and averaged over the number of discordant pairs"
            }
            Spread::Proportion if exact => {
                "Fisher 1935, Journal of the Royal Statistical Society 98:39, both binomial distributions enumerated"
            }
            Spread::Preference { .. } if exact => "exact binomial test",
            Spread::Proportion if paired && self.repeats.is_some() => "Owen 1965, noncentral t of paired differences",
            Spread::Proportion if paired && superior => "Connor 1987, Biometrics 43:207",
            Spread::Proportion if scored => {
                "Nam 1997, Biometrics 53:1422; test: Tango 1998, Statistics in Medicine 17:891"
            }
            Spread::Proportion if paired => {
                "Liu, Hsueh, Hsieh & Chen 2002, Statistics in Medicine 21:231, Wald variance"
            }
            Spread::Proportion if superior && pooled => {
                "Fleiss, Tytun & Ury 1980, Biometrics 36:343, without continuity correction"
            }
            Spread::Proportion if !superior && !self.margin_is_relative() && restricted => {
                "Farrington & Manning 1990, Statistics in Medicine 9:1447, method 3"
            }
            Spread::Proportion if !superior && self.margin_is_relative() => {
                "linear contrast θT − (1 ± m)θC with variance VT + (1 ± m)²VC"
            }
            Spread::Proportion | Spread::EventByWindow { .. } => "Chow, Shao & Wang 2008, section 4.2",
            Spread::Mean { .. } if paired => "noncentral t (Owen 1965) of paired differences",
            Spread::Mean { .. } if superior => "noncentral t (Owen 1965) with Satterthwaite degrees of freedom",
            Spread::Mean { .. } if self.margin_is_relative() => {
                "linear contrast θT − (1 ± m)θC with variance VT + (1 ± m)²VC; noncentral t (Owen 1965)"
            }
            Spread::Mean { .. } => "Julious 2004, Statistics in Medicine 23:1921; noncentral t (Owen 1965)",
            Spread::LogMean { .. } if paired => {
                "Julious 2004, Statistics in Medicine 23:1921; noncentral t (Owen 1965) of paired differences of logarithms"
            }
            Spread::LogMean { .. } => {
                "Julious 2004, Statistics in Medicine 23:1921; noncentral t (Owen 1965) of logarithms, with Satterthwaite degrees of freedom"
            }
            Spread::Ratio { .. } => "delta method: Deng, Knoblich & Lu 2018, equation 2",
            Spread::Quantile { .. } => "Serfling 1980, section 2.3.3; Liu, Sun, Varshney & Xu 2019",
            Spread::Rate { .. } => "Zhu & Lakkis 2014, Statistics in Medicine 33:376, method 2",
            Spread::TimeToEvent => "Schoenfeld 1981, Biometrika 68:316",
            Spread::Preference { .. } => {
                "sign test: Noether 1987, Journal of the American Statistical Association 82:645"
            }
        }
    }

    /// The margin that must be beaten, for the first bar of the waterfall: `, beyond a margin of 0.01`.
    pub(in crate::plan) fn margin_in_words(&self) -> String {
        self.to_beat
            .map_or_else(String::new, |margin| format!(", beyond a margin of {}", stated(margin)))
    }

    /// A step's title and what it changed, with the numbers put in. Steps that the error budget makes are described there.
    pub(in crate::plan) fn describe(&self, stage: Stage) -> Option<(&'static str, String)> {
        match stage {
            Stage::Judge => self.judge.map(|card| {
                if let Some(share) = card.label_share {
                    let factor = card.judge.prediction_powered_factor(self.values.baseline, share);
                    let change = format!(
                        "people label {} of the units, the judge all of them: the variance grows by {}",
                        format::percent(share),
                        number(factor.unwrap_or(f64::NAN))
                    );
                    return ("Labels and judge", change);
                }
                let labels = match (card.labels, self.test) {
                    (Some((positives, negatives)), Test::Superiority) => format!(
                        ", known from {} positive and {} negative labels",
                        number(positives),
                        number(negatives)
                    ),
                    _ => String::new(),
                };
                let change = format!(
                    "sensitivity {}, specificity {}: differences shrink to {}{labels}",
                    number(card.sensitivity),
                    number(card.specificity),
                    number(card.judge.attenuation())
                );
                ("The judge errs", change)
            }),
            Stage::Pairing => self.pairing.map(|pairing| {
                let change = match pairing {
                    Pairing::Correlation(correlation) => {
                        format!("correlation {} between the arms", number(correlation))
                    }
                    Pairing::Discordant(share) => format!("arms differ in {} of the pairs", number(share)),
                };
                ("Each unit passes both arms", change)
            }),
            Stage::Repeats => self.repeats.map(|repeats| {
                let change = format!(
                    "{} runs a unit, correlated {}",
                    number(repeats.count),
                    number(repeats.correlation)
                );
                ("Repeats are averaged", change)
            }),
            Stage::Clusters => self.clusters.map(|clusters| {
                let change = format!(
                    "design effect 1 + ((1 + {}²)·{} − 1)·{} = {}",
                    number(clusters.size_cv),
                    number(clusters.sizes.size()),
                    number(clusters.icc),
                    number(clusters.sizes.design_effect())
                );
                let change = match self.values.spread {
                    Spread::Quantile { .. } => format!("{change}, the likeness of being beyond the quantile"),
                    Spread::TimeToEvent => format!("{change}, the likeness of log-rank scores"),
                    _ => change,
                };
                ("Units of a cluster are alike", change)
            }),
            Stage::Blocks => self.block.map(|block| {
                let change = format!(
                    "{} values a block, neighbours correlated {}: variance × {}",
                    number(block.counted),
                    number(block.autocorrelation),
                    number(block.factor)
                );
                ("A block is an average", change)
            }),
            Stage::Carryover => self.seen.map(|seen| {
                (
                    "The arm before wears off",
                    format!("{} of an effect shows in the counted part of a block", number(seen)),
                )
            }),
            Stage::Covariate => self.covariate.map(|correlation| {
                let change = format!(
                    "correlation {}: variance × {}",
                    number(correlation),
                    number(1.0 - correlation * correlation)
                );
                ("A covariate explains part", change)
            }),
            Stage::Strata => self.strata.map(|strata| {
                let change = format!(
                    "{} strata explain {}: variance × {}, and {} units more in every arm to weigh them",
                    number(strata.count),
                    format::percent(strata.explained),
                    number(1.0 - strata.explained),
                    number(strata.count - 1.0)
                );
                ("Strata are compared within", change)
            }),
            Stage::Looks => self.looks.as_ref().map(|looks| {
                let change = match looks.group_design() {
                    Some(design) => format!("{} looks: × {}", design.looks.len(), number(looks.inflation())),
                    None => format!("valid at any time: × {}", number(looks.inflation())),
                };
                ("Looks before the end", change)
            }),
            Stage::SmallSample if self.has_few_clusters() => Some((
                "Clusters are few",
                "t with as many degrees of freedom as clusters".to_owned(),
            )),
            Stage::SmallSample if self.counts_exactly(stage) => Some((
                "Events are counted exactly",
                format!(
                    "{} instead of normal quantiles: alpha is never exceeded",
                    self.superiority_name()
                ),
            )),
            Stage::SmallSample => Some(("The spread is estimated", "t instead of normal quantiles".to_owned())),
            Stage::Dilution => self.reach.map(|reach| {
                (
                    "Not all units meet the change",
                    format!(
                        "{} of the analysed units do: so much is left of the effect",
                        number(reach)
                    ),
                )
            }),
            Stage::Naive | Stage::AlphaOverMetrics | Stage::AlphaOverArms | Stage::Power => None,
        }
    }
}

/// An effect as the spec states it: `2%` of the baseline, or in the unit of the metric.
pub(super) fn stated(effect: Effect) -> String {
    match effect {
        Effect::Relative(share) => format::percent(share.get()),
        Effect::Absolute(amount) => amount.to_string(),
    }
}
