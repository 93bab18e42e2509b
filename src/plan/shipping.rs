//! The chance that the declared rule says ship, from what the plan knows of each metric by itself.
//!
//! Every outcome of a metric is a range of its estimate, so power and alpha give the chance of each of its states. The rule
//! says which states ship. Between metrics nothing is known: a bound holds whatever ties them, a product if nothing does.

use super::model::{AtSizes, ChanceToShip, Comparison, DecisionPower, MetricPlan, Reach, ShipByLook, Shortfall, Sizes};
use crate::decision::DecisionRule;
use crate::format;
use crate::language::{
    Action, Decision, DecisionPreset, GuardrailState, Primaries, PrimaryState, Role, Test, values::Effect,
};
use crate::resolve::{Experiment, Metric};
use crate::stats::normal;

/// A chance this much below its target is worth a word; less is lost in the assumptions.
const NOTABLE: f64 = 0.005;

/// The chance that the rule says ship at each size, for the arm where it is smallest.
pub(super) fn decision_power(experiment: &Experiment, metrics: &[MetricPlan], sizes: &Sizes) -> DecisionPower {
    let default = Decision::default();
    let declared = experiment.spec.decision.as_ref().unwrap_or(&default);
    let shipping = Shipping {
        experiment,
        metrics,
        rule: DecisionRule::of(declared),
        by_chance: SeenByChance::Counts,
    };
    let looks = metrics
        .iter()
        .flat_map(|metric| &metric.comparisons)
        .find(|c| !c.looks.is_empty());
    let by_look = looks
        .into_iter()
        .flat_map(|comparison| comparison.looks.iter().enumerate());
    DecisionPower {
        target: experiment.statistics.power,
        required: shipping.at(|at| at.required),
        planned: shipping.at(|at| at.planned),
        available: shipping.at(|at| at.available),
        leaves_out: price(declared),
        shortfall: shipping.shortfall(sizes),
        by_look: by_look
            .filter_map(|(index, look)| {
                let chance = shipping.smallest(&|comparison| won_by(comparison, index, look.information >= 1.0))?;
                Some(ShipByLook {
                    information: look.information,
                    units: look.units,
                    chance,
                })
            })
            .collect(),
    }
}

/// What `net-value` asks of what would ship otherwise. The value rests on the estimates that the states rest on too, so what
/// is known of each metric by itself does not give its chance.
fn price(declared: &Decision) -> Option<String> {
    if declared.rule != Some(DecisionPreset::NetValue) || !declared.rules.is_empty() {
        return None;
    }
    let asked = declared.net_value.as_ref().and_then(|value| value.probability);
    Some(match asked {
        Some(probability) => format!(
            "that it pays with a probability of {}",
            format::percent(probability.get())
        ),
        None => "that it pays".to_owned(),
    })
}

/// What is known of a comparison at a size.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// The chance to show what is asked, by significance.
    power: f64,
    /// The chance of a win: that, with an estimate that is worthwhile.
    win: f64,
}

impl From<Reach> for Known {
    fn from(reach: Reach) -> Self {
        Self {
            power: reach.power,
            win: reach.win.unwrap_or(reach.power),
        }
    }
}

/// What is known by a look. Without looks of its own a comparison is read at the end only.
fn won_by(comparison: &Comparison, look: usize, is_last: bool) -> Option<Known> {
    match comparison.looks.get(look) {
        Some(look) => Some(Known {
            power: look.power_so_far,
            win: look.win_so_far.unwrap_or(look.power_so_far),
        }),
        None if is_last => Some(comparison.at.planned.or(comparison.at.required)?.into()),
        None => Some(Known { power: 0.0, win: 0.0 }),
    }
}

/// Whether guardrails that nothing harms are seen as worse as often as alpha says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SeenByChance {
    Counts,
    /// As if it never happened: what it costs is the difference.
    Ignored,
}

struct Shipping<'a> {
    experiment: &'a Experiment,
    metrics: &'a [MetricPlan],
    rule: DecisionRule,
    by_chance: SeenByChance,
}

/// Chances of the states of a superiority primary that has moved by its MDE.
#[derive(Debug, Clone, Copy)]
struct Superior {
    win: f64,
    null: f64,
    loss: f64,
}

/// Chances of the states of a primary that must hold a margin, and has not moved.
#[derive(Debug, Clone, Copy)]
struct Holding {
    win: f64,
    loss: f64,
}

/// Chances of the states of a guardrail that has not moved, in the order of [`GuardrailState::ALL`].
type Guardrail = [(GuardrailState, f64); 4];

impl Shipping<'_> {
    fn at(&self, pick: fn(&AtSizes) -> Option<Reach>) -> Option<ChanceToShip> {
        self.smallest(&|comparison| Some(pick(&comparison.at)?.into()))
    }

    /// The chance of the arm where it is smallest.
    fn smallest(&self, known: &dyn Fn(&Comparison) -> Option<Known>) -> Option<ChanceToShip> {
        self.experiment
            .contrasts
            .iter()
            .filter_map(|contrast| self.of_arm(&contrast.id, known))
            .min_by(|a, b| a.lower_bound.total_cmp(&b.lower_bound))
    }

    fn of_arm(&self, arm: &str, known: &dyn Fn(&Comparison) -> Option<Known>) -> Option<ChanceToShip> {
        let (mut superior, mut holding, mut guardrails) = (Vec::new(), Vec::new(), Vec::new());
        for (metric, plan) in self.experiment.metrics.iter().zip(self.metrics) {
            if !metric.is_gating() {
                continue;
            }
            let comparison = plan.comparisons.iter().find(|comparison| comparison.arm == arm)?;
            let known = known(comparison)?;
            match (metric.role, metric.test()) {
                (Role::Primary, Test::Superiority) => superior.push(self.superior(comparison, known)),
                (Role::Primary, test) => holding.push(held(self.guardrail(test, comparison, known.power))),
                (_, Test::Superiority) => guardrails.push(improving(self.superior(comparison, known))),
                (_, test) => guardrails.push(self.guardrail(test, comparison, known.power)),
            }
        }
        let primaries = self.rule.primaries(self.experiment.statistics.primaries);
        let primary = Primary::of(superior, &holding, primaries);
        Some(ChanceToShip {
            lower_bound: self.bound(&primary, &guardrails),
            if_independent: self.product(&primary, &guardrails),
        })
    }

    fn ships(&self, primary: PrimaryState, guardrails: GuardrailState) -> bool {
        let decided = self.rule.decide(primary, guardrails);
        decided.is_some_and(|(action, _)| action == Action::Ship)
    }

    /// The sum over outcomes that ship, as if metrics had nothing to do with each other. What ships with several guardrails
    /// ships with each of them alone.
    fn product(&self, primary: &Primary, guardrails: &[Guardrail]) -> f64 {
        let of_primaries = primary.states.iter().map(|&(state, chance)| {
            if guardrails.is_empty() && !self.ships(state, GuardrailState::Pass) {
                return 0.0;
            }
            let of_guardrail = |states: &Guardrail| -> f64 {
                let ships = states.iter().filter(|(seen, _)| self.ships(state, *seen));
                ships.map(|(_, chance)| chance).sum()
            };
            chance * guardrails.iter().map(of_guardrail).product::<f64>()
        });
        of_primaries.sum::<f64>().clamp(0.0, 1.0)
    }

    /// One minus the sum of the misses. What is asked of the primaries is one of three: a win, no loss, nothing; then every
    /// guardrail must be in a state that ships with all of these.
    fn bound(&self, primary: &Primary, guardrails: &[Guardrail]) -> f64 {
        let asked: [(&[PrimaryState], f64); 3] = [
            (&[PrimaryState::Win], primary.win_missed),
            (
                &[PrimaryState::Win, PrimaryState::Null, PrimaryState::Unresolved],
                primary.lost,
            ),
            (PrimaryState::ALL, 0.0),
        ];
        let mut bound: f64 = 0.0;
        for (states, missed) in asked {
            let ships = |guardrail: GuardrailState| states.iter().all(|state| self.ships(*state, guardrail));
            if guardrails.is_empty() && !ships(GuardrailState::Pass) {
                continue;
            }
            let stopped: f64 = guardrails
                .iter()
                .flatten()
                .filter(|(state, _)| !ships(*state))
                .map(|(_, chance)| chance)
                .sum();
            bound = bound.max(1.0 - missed - stopped);
        }
        bound
    }

    /// The estimate in standard errors from the MDE is standard normal. It wins above −Φ⁻¹(win), is significantly worse
    /// below −2c − Φ⁻¹(power), and rules the MDE out below −c.
    fn superior(&self, comparison: &Comparison, known: Known) -> Superior {
        let tail = comparison.alpha / f64::from(comparison.sides);
        let critical = normal::upper_quantile(tail);
        let loss = match self.by_chance {
            SeenByChance::Counts => normal::cdf(-2.0 * critical - normal::quantile(known.power.clamp(1e-300, 1.0))),
            SeenByChance::Ignored => 0.0,
        };
        let loss = loss.min(1.0 - known.win);
        Superior {
            win: known.win,
            null: (tail.min(1.0 - known.win) - loss).max(0.0),
            loss,
        }
    }

    /// Without any harm an estimate is below 0 beyond doubt as often as alpha says; it is the same estimate that misses the
    /// margin, so the larger chance holds the smaller.
    fn guardrail(&self, test: Test, comparison: &Comparison, power: f64) -> Guardrail {
        let alpha = match self.by_chance {
            SeenByChance::Counts => comparison.alpha,
            SeenByChance::Ignored => 0.0,
        };
        let missed = 1.0 - power;
        // An equivalence is missed on either side, and only one of them is harm.
        let harmful = if test == Test::Equivalence {
            0.5 * missed
        } else {
            missed
        };
        let breach = harmful.min(alpha);
        let worse = (alpha - harmful).max(0.0);
        [
            (GuardrailState::Pass, 1.0 - missed - worse),
            (GuardrailState::Worse, worse),
            (GuardrailState::Unresolved, missed - breach),
            (GuardrailState::Breach, breach),
        ]
    }

    /// Why the size to run with misses the target of the decision, where it does.
    fn shortfall(&self, sizes: &Sizes) -> Option<Shortfall> {
        let required = sizes.required?;
        let (units, pick): (u64, fn(&AtSizes) -> Option<Reach>) = match sizes.planned {
            Some(planned) if planned >= required => (planned, |at| at.planned),
            _ => (required, |at| at.required),
        };
        let chance = self.at(pick)?;
        if chance.if_independent + NOTABLE >= self.experiment.statistics.power {
            return None;
        }
        let ceiling = self.smallest(&|comparison| Some(in_the_limit(pick(&comparison.at)?)))?;
        let unharmed = Shipping {
            by_chance: SeenByChance::Ignored,
            rule: self.rule.clone(),
            ..*self
        };
        let gains = |other: Option<ChanceToShip>| {
            other.is_some_and(|other| other.if_independent > chance.if_independent + NOTABLE)
        };
        let significant = self.smallest(&|comparison| {
            let power = pick(&comparison.at)?.power;
            Some(Known { power, win: power })
        });
        let mut because = Vec::new();
        let mut instead = Vec::new();
        if gains(unharmed.at(pick)) {
            because.push(self.seen_by_chance());
            instead.push(
                "let fewer guardrails gate the decision (`role = \"secondary\"` is shown and gates nothing), lower `statistics.guardrail_alpha`, \
                 or ship what is worse within its margin by rules of your own: `[[decision.rules]]` with `guardrails = [\"pass\", \"worse\"]`"
                    .to_owned(),
            );
        }
        if gains(significant) {
            because.push(format!(
                "a win takes an estimate that is worthwhile ({}), and the size is solved for significance alone",
                self.thresholds()
            ));
            instead.push(
                if ceiling.if_independent < self.experiment.statistics.power {
                    "lower `worthwhile`"
                } else {
                    "plan more units (`design.planned_units`), or lower `worthwhile`"
                }
                .to_owned(),
            );
        }
        let declared = self.experiment.statistics.primaries;
        if self.rule.primaries(declared) != declared && self.experiment.superiority_primaries().count() > 1 {
            because.push("the rule asks that all primaries win, and the size is solved for any of them".to_owned());
            instead.push("write `statistics.primaries = \"all\"`".to_owned());
        }
        if because.is_empty() {
            because.push("each metric is sized for itself, and all must come out right at once".to_owned());
            instead.push("plan more units (`design.planned_units`)".to_owned());
        }
        Some(Shortfall {
            units,
            chance,
            ceiling: ceiling.if_independent,
            because,
            instead,
        })
    }

    /// The cost of guardrails that are seen as worse although nothing harms them.
    fn seen_by_chance(&self) -> String {
        let count = self.experiment.metrics_of(Role::Guardrail).count();
        let often = format::percent(self.experiment.statistics.guardrail_alpha);
        let who = match count {
            1 => "the guardrail is".to_owned(),
            _ => format!("each of {count} guardrails is"),
        };
        format!("{who} seen as worse by chance in {often} of runs, which does not ship")
    }

    fn thresholds(&self) -> String {
        let of = |metric: &Metric| {
            let amount = match metric.declared.worthwhile? {
                Effect::Relative(share) => format::percent(share.get()),
                Effect::Absolute(amount) => {
                    format::quantity(amount.value(), metric.declared.unit.as_deref().unwrap_or_default())
                }
            };
            Some(format!("{amount} on {}", metric.id))
        };
        let all: Vec<String> = self.experiment.superiority_primaries().filter_map(of).collect();
        all.join(", ")
    }
}

/// What any number of units comes to: every test finds what it is sized for, and an estimate is the effect.
fn in_the_limit(reach: Reach) -> Known {
    let win = match reach.win {
        Some(win) if win < 0.5 - 1e-6 => 0.0,
        Some(win) if win < 0.5 + 1e-6 => 0.5,
        _ => 1.0,
    };
    Known { power: 1.0, win }
}

/// A primary that holds its margin has won, and a loss within it was accepted beforehand.
fn held(states: Guardrail) -> Holding {
    let [pass, worse, _, breach] = states.map(|(_, chance)| chance);
    Holding {
        win: pass + worse,
        loss: breach,
    }
}

/// A guardrail that is asked to get better.
fn improving(states: Superior) -> Guardrail {
    [
        (GuardrailState::Pass, states.win),
        (GuardrailState::Worse, 0.0),
        (GuardrailState::Unresolved, 1.0 - states.win - states.loss),
        (GuardrailState::Breach, states.loss),
    ]
}

/// All primaries together.
struct Primary {
    /// Chances of what they say, if they have nothing to do with each other.
    states: [(PrimaryState, f64); 4],
    /// The most that the chance of no win can be.
    win_missed: f64,
    /// The most that the chance of a loss can be.
    lost: f64,
}

impl Primary {
    /// Whichever primary moves must be found, so with `any` the weakest one counts, and the others must not lose.
    fn of(mut superior: Vec<Superior>, holding: &[Holding], primaries: Primaries) -> Self {
        superior.sort_by(|a, b| a.win.total_cmp(&b.win));
        let counted = match primaries {
            Primaries::All => superior.len(),
            Primaries::Any => superior.len().min(1),
        };
        let (counted, others) = superior.split_at(counted);
        let losses = || {
            superior
                .iter()
                .map(|states| states.loss)
                .chain(holding.iter().map(|states| states.loss))
        };
        let kept: f64 = losses().map(|loss| 1.0 - loss).product();
        let wins = || {
            counted
                .iter()
                .map(|states| states.win)
                .chain(holding.iter().map(|states| states.win))
        };
        let others = || others.iter().map(|states| states.loss);
        let win = wins().product::<f64>() * others().map(|loss| 1.0 - loss).product::<f64>();
        // One null among those that count rules the win out.
        let possible: f64 = counted
            .iter()
            .map(|states| 1.0 - states.null / (1.0 - states.loss).max(f64::MIN_POSITIVE))
            .product();
        let null = kept * (1.0 - possible);
        Self {
            states: [
                (PrimaryState::Win, win),
                (PrimaryState::Null, null),
                (PrimaryState::Unresolved, (kept - win - null).max(0.0)),
                (PrimaryState::Loss, 1.0 - kept),
            ],
            win_missed: wins().map(|win| 1.0 - win).sum::<f64>() + others().sum::<f64>(),
            lost: losses().sum(),
        }
    }
}
