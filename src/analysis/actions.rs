//! From states to an action, per arm: data invalid → results missing → harm stop → the declared rule → its conditions.

use super::assess::{Assessed, Assessment, Depth, State, scale};
use super::evidence::{Critical, Scale};
use super::money::{self, Gain, Prices};
use super::monitoring::Monitoring;
use super::states;
use super::verdict::{ArmVerdict, DataState, EarlyRecord, NetValueRecord, QualityRecord};
use crate::decision::{Decided, DecisionRule};
use crate::format;
use crate::language::{
    Action, Decision, DecisionPreset, GuardrailState, HarmMethod, NetValue, PrimaryState, TwymanAction,
};
use crate::plan;
use crate::resolve::Experiment;

/// What decides about one arm.
pub(super) struct Deciding<'a> {
    pub(super) experiment: &'a Experiment,
    pub(super) quality: &'a QualityRecord,
    /// `None` where the look cannot be placed.
    pub(super) monitoring: Option<&'a Monitoring>,
    pub(super) rule: &'a DecisionRule,
    /// Whether reasons are put into words.
    pub(super) depth: Depth,
    /// That the data are from before the end, where no look is planned.
    pub(super) early: Option<EarlyRecord>,
    pub(super) arm: &'a str,
    /// This arm's metrics, in the order of the spec.
    pub(super) metrics: Vec<&'a Assessment<'a>>,
}

/// Names of what decided.
mod by {
    pub(super) const QUALITY: &str = "quality";
    pub(super) const MISSING: &str = "missing";
    pub(super) const HARM: &str = "harm-stop";
    pub(super) const DECLARED: &str = "rule";
    pub(super) const NET_VALUE: &str = "net-value";
    pub(super) const TWYMAN: &str = "twyman";
    pub(super) const INTERIM: &str = "interim";
    pub(super) const EARLY: &str = "early";
}

/// An action on its way through the conditions.
struct Draft {
    action: Option<Action>,
    decided_by: &'static str,
    depth: Depth,
    reasons: Vec<String>,
}

impl Draft {
    fn overrule(&mut self, action: Option<Action>, decided_by: &'static str, reason: impl FnOnce() -> String) {
        self.action = action;
        self.decided_by = decided_by;
        if self.depth == Depth::Verdict {
            self.reasons.insert(0, reason());
        }
    }
}

impl<'a> Deciding<'a> {
    /// The verdict for the arm.
    pub(super) fn verdict(&self) -> ArmVerdict {
        let primary = self.primary();
        let guardrails = self.guardrails(primary);
        let worth = self.worth();
        let draft = self.draft(primary, guardrails, worth.as_ref());
        ArmVerdict {
            arm: self.arm.to_owned(),
            action: draft.action,
            decided_by: draft.decided_by.to_owned(),
            primary,
            guardrails,
            reasons: draft.reasons,
            net_value: worth.and_then(Result::ok),
        }
    }

    /// The action alone.
    pub(super) fn action(&self) -> Option<Action> {
        let primary = self.primary();
        self.draft(primary, self.guardrails(primary), self.worth().as_ref())
            .action
    }

    fn declared(&self) -> Option<&'a Decision> {
        self.experiment.spec.decision.as_ref()
    }

    /// What the arm is worth, where the spec has prices.
    fn worth(&self) -> Option<Result<NetValueRecord, String>> {
        let prices = self.declared()?.net_value.as_ref()?;
        Some(self.net_value(prices))
    }

    fn draft(
        &self,
        primary: Option<PrimaryState>,
        guardrails: Option<GuardrailState>,
        worth: Option<&Result<NetValueRecord, String>>,
    ) -> Draft {
        let mut draft = Draft {
            action: None,
            decided_by: by::MISSING,
            depth: self.depth,
            reasons: match self.depth {
                Depth::Decision => Vec::new(),
                Depth::Verdict => self.states_in_words(),
            },
        };
        if self.quality.state == DataState::Invalid {
            draft.overrule(None, by::QUALITY, || {
                let failed = self.quality.checks.iter().filter(|check| !check.passed);
                let names: Vec<&str> = failed.map(|check| check.name.as_str()).collect();
                format!(
                    "{}: no decision is read from these data; find the cause, mend it, run again",
                    names.join(", ")
                )
            });
            return draft;
        }
        let missing = self.missing();
        if !missing.is_empty() {
            for reason in missing.into_iter().rev() {
                draft.reasons.insert(0, reason);
            }
            return draft;
        }
        let (Some(primary), Some(guardrails)) = (primary, guardrails) else {
            draft.overrule(None, by::MISSING, || {
                "the spec has no primary metric to decide on".to_owned()
            });
            return draft;
        };
        if let Some(reason) = self.harm() {
            draft.overrule(Some(Action::Rollback), by::HARM, || reason);
            return draft;
        }
        self.apply_rule(primary, guardrails, &mut draft);
        if draft.action == Some(Action::Ship) {
            self.apply_price(worth, &mut draft);
        }
        if draft.action == Some(Action::Ship) {
            self.apply_twyman(&mut draft);
        }
        self.apply_interim(primary, &mut draft);
        self.apply_early(&mut draft);
        draft
    }

    fn apply_rule(&self, primary: PrimaryState, guardrails: GuardrailState, draft: &mut Draft) {
        let outcome = || {
            let mut all = self.experiment.metrics_of(crate::language::Role::Guardrail);
            if all.next().is_some() {
                format!("primaries {primary}, guardrails {guardrails}")
            } else {
                format!("primaries {primary}, no guardrails")
            }
        };
        match self.rule.decide(primary, guardrails) {
            Some((action, decided)) => draft.overrule(Some(action), by::DECLARED, || {
                let by_what = match decided {
                    Decided::Preset => format!(
                        "rule `{}`",
                        self.declared()
                            .map_or_else(|| DecisionPreset::Spotify.to_string(), rule_name)
                    ),
                    Decided::Clause(position) => format!("rule {} of the spec", position + 1),
                    Decided::Default => "the spec's `default`, as none of its rules applies".to_owned(),
                };
                format!("{by_what}: {} → {action}", outcome())
            }),
            None => draft.overrule(None, by::DECLARED, || {
                format!("none of the spec's rules covers {}", outcome())
            }),
        }
    }

    /// `net-value` ships only what very probably pays.
    fn apply_price(&self, worth: Option<&Result<NetValueRecord, String>>, draft: &mut Draft) {
        let asks = |declared: &Decision| declared.rule == Some(DecisionPreset::NetValue) && declared.rules.is_empty();
        if !self.declared().is_some_and(asks) {
            return;
        }
        match worth {
            Some(Ok(worth)) => {
                let chance = format::chance(worth.probability);
                let wanted = format::percent(worth.required_probability);
                if worth.probability >= worth.required_probability {
                    draft
                        .reasons
                        .push(format!("it pays with probability {chance}, and {wanted} is asked for"));
                } else {
                    draft.overrule(Some(Action::Discuss), by::NET_VALUE, || {
                        format!("it pays with probability {chance} only, and {wanted} is asked for → discuss")
                    });
                }
            }
            Some(Err(reason)) => {
                draft.overrule(None, by::MISSING, || format!("its value cannot be computed: {reason}"));
            }
            None => draft.overrule(None, by::MISSING, || {
                "rule `net-value` without `net_value` has no prices".to_owned()
            }),
        }
    }

    /// Twyman's law: what looks too good is usually wrong.
    fn apply_twyman(&self, draft: &mut Draft) {
        let statistics = self.experiment.spec.statistics.as_ref();
        let Some(twyman) = statistics.and_then(|statistics| statistics.twyman.as_ref()) else {
            return;
        };
        let hypothesis = self.experiment.spec.hypothesis.as_ref();
        let believed = hypothesis.and_then(|h| Some((h.metric.as_deref()?, h.effect?)));
        let (Some(multiple), Some((id, effect))) = (twyman.multiple, believed) else {
            return;
        };
        let Some(estimate) = self.assessed(id).and_then(|found| {
            let estimate = found.evidence.estimate(scale(effect))?;
            Some(found.sign * estimate)
        }) else {
            return;
        };
        let left = plan::left_of_effects(self.experiment);
        if estimate <= multiple * left * effect.magnitude() {
            return;
        }
        let what = match twyman.action {
            Some(TwymanAction::Discuss) => "to be discussed",
            Some(TwymanAction::Audit) | None => "the data are audited first",
        };
        draft.overrule(Some(Action::Discuss), by::TWYMAN, || {
            format!(
                "{id} moved more than {} times as far as was believed: too good to be true, {what} → discuss",
                format::exact(multiple)
            )
        });
    }

    /// Before the end, only a decision that the design foresees stops the run.
    fn apply_interim(&self, primary: PrimaryState, draft: &mut Draft) {
        let interim = self.monitoring.is_some_and(Monitoring::is_interim);
        let stops = matches!(draft.action, Some(Action::Ship | Action::Rollback) | None)
            || draft.decided_by != by::DECLARED
            || primary == PrimaryState::Null;
        if interim && !stops {
            draft.overrule(Some(Action::Extend), by::INTERIM, || {
                "more data are planned, and nothing stops the run at this look → extend".to_owned()
            });
        }
    }

    /// A look that was not planned decides nothing but to stop harm: what is significant there need not be at the end.
    fn apply_early(&self, draft: &mut Draft) {
        let Some(early) = self.early else { return };
        if matches!(draft.action, None | Some(Action::Rollback)) {
            return;
        }
        draft.overrule(Some(Action::Extend), by::EARLY, || {
            format!(
                "{} of the planned units, and the plan has no look there → extend",
                format::share(early.share)
            )
        });
    }

    fn assessed(&self, id: &str) -> Option<&Assessed> {
        self.metrics
            .iter()
            .find(|assessment| assessment.metric.id == id)
            .and_then(|assessment| assessment.outcome.as_ref().ok())
    }

    /// Gating metrics that could not be analysed.
    fn missing(&self) -> Vec<String> {
        self.metrics
            .iter()
            .filter(|assessment| assessment.metric.is_gating())
            .filter_map(|assessment| {
                let obstacle = assessment.outcome.as_ref().err()?;
                Some(format!("{}: {}", assessment.metric.id, obstacle.reason))
            })
            .collect()
    }

    fn states(&self) -> Option<Vec<(&Assessed, State)>> {
        self.metrics
            .iter()
            .filter(|assessment| assessment.metric.is_gating())
            .map(|assessment| {
                let found = assessment.outcome.as_ref().ok()?;
                Some((found, found.state))
            })
            .collect()
    }

    fn primary(&self) -> Option<PrimaryState> {
        let states = self.states()?;
        let superior: Vec<PrimaryState> = states
            .iter()
            .filter_map(|(found, state)| match state {
                // A win that has become unlikely is given up as a null, as the design says.
                State::Primary(PrimaryState::Unresolved) if found.futile => Some(PrimaryState::Null),
                State::Primary(state) => Some(*state),
                _ => None,
            })
            .collect();
        let holding: Vec<PrimaryState> = states
            .iter()
            .filter_map(|(_, state)| match state {
                State::Held(state) => Some(states::held(*state)),
                _ => None,
            })
            .collect();
        let primaries = self.rule.primaries(self.experiment.statistics.primaries);
        states::together(&superior, &holding, primaries)
    }

    /// The state that guardrails are read by beside these primaries.
    fn guardrails(&self, primary: Option<PrimaryState>) -> Option<GuardrailState> {
        let states = self.states()?;
        let seen = states.iter().filter_map(|(_, state)| match state {
            State::Guardrail(state) => Some(*state),
            _ => None,
        });
        Some(self.rule.worst(primary?, seen))
    }

    /// The harm that stops the run, in words. It is judged on all data up to now; a boundary that was crossed earlier and left
    /// again does not show in them.
    fn harm(&self) -> Option<String> {
        let statistics = self.experiment.spec.statistics.as_ref();
        let stop = statistics.and_then(|statistics| statistics.harm_stop.as_ref())?;
        let alpha = stop.alpha.map_or(
            self.experiment.statistics.guardrail_alpha,
            crate::language::values::Fraction::get,
        );
        stop.metrics.iter().find_map(|id| {
            let found = self.assessed(id)?;
            let native = found.evidence.native();
            let critical = if stop.method == Some(HarmMethod::Group) {
                found.critical
            } else {
                let se = found.evidence.standard_error(native)?;
                match stop.tau {
                    Some(tau) if se > 0.0 => Critical::Mixture {
                        alpha,
                        ratio: tau * tau / (se * se),
                    },
                    _ => {
                        let information = self.monitoring.map_or(1.0, Monitoring::information);
                        Critical::narrowest_at_the_end(alpha, information).ok()?
                    }
                }
            };
            let interval = found.evidence.interval(native, critical).ok()??.turned(found.sign);
            (interval.upper < 0.0).then(|| {
                format!(
                    "harm stop: {id} got worse beyond the boundary at alpha {} → rollback",
                    format::at_most(alpha, 4)
                )
            })
        })
    }

    fn states_in_words(&self) -> Vec<String> {
        self.metrics
            .iter()
            .filter_map(|assessment| {
                let found = assessment.outcome.as_ref().ok()?;
                let state = state_name(found.state)?;
                let futile = if found.futile && found.state == State::Primary(PrimaryState::Unresolved) {
                    ", below the futility boundary"
                } else {
                    ""
                };
                Some(format!("{}: {state}{futile}", assessment.metric.id))
            })
            .collect()
    }

    fn net_value(&self, prices: &NetValue) -> Result<NetValueRecord, String> {
        let given = prices.success.as_deref().zip(prices.cost.as_deref());
        let numbers = prices.volume_per_day.zip(prices.value_per_success);
        let (Some((success, cost)), Some((volume_per_day, value_per_success)), Some((required, horizon))) =
            (given, numbers, prices.probability.zip(prices.horizon))
        else {
            return Err("`net_value` is not complete".to_owned());
        };
        let gain = |id: &str, sign: f64| -> Result<Gain, String> {
            let found = self
                .assessed(id)
                .ok_or_else(|| format!("there is no estimate of {id}"))?;
            let absolute = found.evidence.estimate(Scale::Absolute);
            let (difference, standard_error) = absolute
                .zip(found.evidence.standard_error(Scale::Absolute))
                .ok_or_else(|| format!("the results of {id} do not give its difference"))?;
            Ok(Gain {
                difference: sign * difference,
                standard_error,
            })
        };
        let direction = self.assessed(success).map_or(1.0, |found| found.sign);
        let worth = money::net_value(
            gain(success, direction)?,
            gain(cost, 1.0)?,
            Prices {
                volume_per_day,
                value_per_success,
                one_off_cost: prices.one_off_cost.unwrap_or(0.0),
                horizon_days: horizon.days(),
            },
        );
        let half = crate::stats::normal::upper_quantile(0.025) * worth.standard_error;
        Ok(NetValueRecord {
            per_day: worth.per_day,
            lower: worth.per_day - half,
            upper: worth.per_day + half,
            over_horizon: worth.over_horizon,
            probability: worth.probability,
            required_probability: required.get(),
            break_even: worth.break_even,
        })
    }
}

/// The rule's name: a preset's, or that of rules written by hand.
pub(super) fn rule_name(declared: &Decision) -> String {
    if declared.rules.is_empty() {
        declared.rule.unwrap_or(DecisionPreset::Spotify).to_string()
    } else {
        "rules of the spec".to_owned()
    }
}

/// The name of a state; `None` for metrics that gate nothing.
pub(super) fn state_name(state: State) -> Option<&'static str> {
    match state {
        State::Primary(state) => Some(state.as_str()),
        State::Held(GuardrailState::Worse) => Some("win, though worse within the margin"),
        State::Held(state) => Some(states::held(state).as_str()),
        State::Guardrail(state) => Some(state.as_str()),
        State::Shown => None,
    }
}
