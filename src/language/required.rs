//! What must be written, from which status on, and at which risk.
//!
//! One table for `resolve`, the rules and the reference. Conditions that only the code can check are said in words
//! under `when`; the code that checks one names the field here.

use super::experiment::Risk;

/// From when on a field is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// From the first draft on.
    Draft,
    /// From `status = "review"` on; in a draft its absence is advice.
    Review,
}

/// At which risk a field is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RiskScope {
    /// At any risk, and when none is declared.
    Any,
    /// At this risk or a higher one.
    AtLeast(Risk),
}

impl RiskScope {
    /// Whether a field is asked for at a risk.
    pub fn covers(self, risk: Option<Risk>) -> bool {
        match self {
            Self::Any => true,
            Self::AtLeast(least) => risk.is_some_and(|risk| risk >= least),
        }
    }
}

/// Why a field is asked for, which decides how its absence is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Without it the file is not a spec: a compile error.
    Structure,
    /// Without it nothing can be concluded: an error of `plan` and a finding of `check`. Never has a default.
    Inference,
    /// Without it no one answers for it: a finding from review on, advice in a draft.
    Governance,
}

impl Need {
    /// The word of the reference.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Structure => "structure",
            Self::Inference => "inference",
            Self::Governance => "governance",
        }
    }
}

/// One field that must be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requirement {
    /// The field, dotted, `*` for any id; alternatives are separated by ` | `.
    pub field: &'static str,
    /// From when on.
    pub from: Stage,
    /// At which risk.
    pub risk: RiskScope,
    /// Why.
    pub need: Need,
    /// In which specs; empty for all.
    pub when: &'static str,
}

impl Requirement {
    /// The alternatives, any of which fulfils it.
    pub fn alternatives(&self) -> impl Iterator<Item = &'static str> {
        self.field.split(" | ")
    }
}

const fn structure(field: &'static str, when: &'static str) -> Requirement {
    Requirement {
        field,
        from: Stage::Draft,
        risk: RiskScope::Any,
        need: Need::Structure,
        when,
    }
}

const fn inference(field: &'static str, when: &'static str) -> Requirement {
    Requirement {
        field,
        from: Stage::Draft,
        risk: RiskScope::Any,
        need: Need::Inference,
        when,
    }
}

const fn governance(field: &'static str, when: &'static str) -> Requirement {
    Requirement {
        field,
        from: Stage::Review,
        risk: RiskScope::Any,
        need: Need::Governance,
        when,
    }
}

const fn governance_at(field: &'static str, risk: Risk, when: &'static str) -> Requirement {
    Requirement {
        field,
        from: Stage::Review,
        risk: RiskScope::AtLeast(risk),
        need: Need::Governance,
        when,
    }
}

/// Everything that must be written, in the order of a spec.
pub const REQUIREMENTS: &[Requirement] = &[
    structure("edition", ""),
    structure("experiment.id", ""),
    structure("design.kind", ""),
    structure("design.unit", ""),
    structure("arms", "a control and at least one treatment"),
    inference("metrics.*.role", ""),
    inference("metrics.*.kind", "not inherited"),
    governance("experiment.title", ""),
    governance("experiment.class", ""),
    governance("experiment.owner", ""),
    governance("experiment.decision_maker", ""),
    governance("experiment.analyst", ""),
    governance("experiment.reviewers", "someone other than the owner"),
    governance("experiment.status", ""),
    governance("experiment.risk", ""),
    governance("experiment.goal", "the workspace declares goals"),
    governance("experiment.data_seen", ""),
    governance("experiment.touches", "online"),
    inference("hypothesis.change", ""),
    inference("hypothesis.population", ""),
    inference("hypothesis.metric", ""),
    inference("hypothesis.direction", ""),
    inference("hypothesis.because", ""),
    inference("hypothesis.effect", "a superiority primary"),
    governance("hypothesis.evidence", ""),
    inference("design.carryover", "online, and the unit is a request or a session"),
    inference(
        "design.cluster.mean_size",
        "`cluster` design, or `design.cluster` is written",
    ),
    inference("design.cluster.count", "`cluster` design"),
    inference("design.factors", "`factorial` design"),
    inference("arms.*.levels", "`factorial` design"),
    inference("design.block", "`switchback` design"),
    inference("design.washout", "`switchback` design"),
    inference("design.regions", "`switchback` design"),
    inference("design.algorithm", "`interleaving` design"),
    inference("design.credit", "`interleaving` design"),
    inference("design.policy", "`bandit` design"),
    inference("design.reward", "`bandit` design"),
    inference("design.update_every", "`bandit` design"),
    inference("design.min_share", "`bandit` design"),
    inference("design.horizon", "`bandit` design"),
    inference("design.share", "`holdout` design"),
    inference("design.until", "`holdout` design"),
    governance("design.salt", ""),
    governance("design.log.source", "replay"),
    governance("design.log.from", "replay"),
    governance("design.log.to", "replay"),
    governance("design.log.frame", "replay"),
    inference("design.log.units", "replay without `planned_units`"),
    governance("arms.*.model.request", "class `ai`, and the arm sets a model"),
    governance("arms.*.prompt.sha256", "class `ai`, and the arm sets a prompt"),
    inference("metrics.*.direction", "primary or guardrail, not inherited"),
    inference("metrics.*.quantile", "kind `quantile`"),
    inference("metrics.*.components", "kind `composite`"),
    inference("metrics.*.window", "not inherited"),
    governance("metrics.*.source", "primary or guardrail, not inherited"),
    governance("metrics.*.owner", "primary or guardrail, not inherited"),
    inference("metrics.*.mde", "superiority primary"),
    inference(
        "metrics.*.margin",
        "guardrail, or a `non-inferiority` or `equivalence` test",
    ),
    governance("metrics.*.margin_reason", "a margin is written"),
    inference(
        "metrics.*.baseline.value",
        "primary or guardrail, any kind but `time_to_event`",
    ),
    inference(
        "metrics.*.baseline.sd | metrics.*.baseline.cv",
        "kind `mean` without a `scale`",
    ),
    inference(
        "metrics.*.baseline.log_sd | metrics.*.baseline.cv",
        "kind `mean` with `scale = \"log\"`",
    ),
    inference(
        "metrics.*.baseline.skewness",
        "kind `mean` without a `scale`, and cv above 3",
    ),
    inference("metrics.*.baseline.cv | metrics.*.baseline.moments", "kind `ratio`"),
    inference("metrics.*.baseline.dispersion", "kind `count` or `rate`"),
    inference(
        "metrics.*.baseline.log_sd | metrics.*.baseline.quantiles | metrics.*.baseline.density",
        "kind `quantile`",
    ),
    inference(
        "metrics.*.baseline.value | metrics.*.baseline.median",
        "primary or guardrail, kind `time_to_event`",
    ),
    inference("metrics.*.baseline.ties", "kind `preference`"),
    inference("metrics.*.baseline.correlations", "kind `composite`"),
    inference(
        "metrics.*.baseline.icc",
        "`cluster` design, or the analysis is finer than the unit",
    ),
    inference("metrics.*.baseline.autocorrelation", "`switchback` design"),
    inference("metrics.*.baseline.scale", "the metric has a judge"),
    governance("metrics.*.baseline.n", "primary or guardrail"),
    governance("metrics.*.baseline.from", "primary or guardrail"),
    governance("metrics.*.baseline.to", "primary or guardrail"),
    governance("metrics.*.baseline.source", "primary or guardrail"),
    inference(
        "metrics.*.correlation | metrics.*.discordant",
        "`paired` design, every metric that is sized",
    ),
    inference("metrics.*.repeat_correlation", "`design.repeats` above 1"),
    inference("metrics.*.judge", "method `judge` or `hybrid`, primary or guardrail"),
    governance("metrics.*.human", "method `human` or `hybrid`, primary or guardrail"),
    governance("metrics.*.cost.prices_as_of", "facet `cost`"),
    inference(
        "traffic.units_per_day | traffic.cumulative",
        "online, and the layer does not give it",
    ),
    inference("traffic.analysis", "online, and `traffic.eligible` below 1"),
    governance("traffic.exposure", "online"),
    governance("schedule.start", "online"),
    governance_at("schedule.ramp", Risk::Medium, "online"),
    inference("statistics.sequential.spending", "method `group`"),
    inference("statistics.sequential.looks", "method `group`"),
    inference("statistics.sequential.tau", "method `always-valid` or `msprt`"),
    governance("statistics.missing", ""),
    governance("statistics.harm_stop", "online"),
    governance("decision.rule | decision.rules", ""),
    governance("decision.on_null", ""),
    inference("decision.net_value", "rule `net-value`"),
    governance("decision.follow_up", "`interleaving` design"),
    governance_at("threats", Risk::Medium, ""),
    governance_at("privacy", Risk::Medium, ""),
    governance_at("rollback.flag", Risk::Medium, "online"),
    governance_at("rollback.owner", Risk::Medium, "online"),
    governance_at("rollback.within", Risk::Medium, "online"),
    governance_at("budget", Risk::High, ""),
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::Value;

    use super::*;
    use crate::language::schemas;

    /// Whether a dotted path, `*` for any id, names a field of the schema.
    fn exists(root: &Value, path: &str) -> bool {
        let mut schema = root;
        for name in path.split('.') {
            if let Some(table) = schema["$ref"].as_str() {
                schema = &root["$defs"][table.trim_start_matches("#/$defs/")];
            }
            schema = if name == "*" {
                &schema["additionalProperties"]
            } else {
                &schema["properties"][name]
            };
        }
        !schema.is_null()
    }

    #[test]
    fn every_requirement_names_fields_of_the_language() {
        let spec = schemas::spec();
        for requirement in REQUIREMENTS {
            for field in requirement.alternatives() {
                assert!(exists(&spec, field), "{field}");
            }
        }
    }

    #[test]
    fn derived_defaults_name_fields_of_the_language() {
        let (spec, workspace) = (schemas::spec(), schemas::workspace());
        for derived in crate::language::edition::DERIVED {
            assert!(
                exists(&spec, derived.field) || exists(&workspace, derived.field),
                "{}",
                derived.field
            );
        }
    }

    /// What is inferential never has a default: a guess would decide the outcome.
    #[test]
    fn inferential_fields_have_no_default() {
        let defaults: Value = toml::from_str(crate::language::edition::DEFAULTS).unwrap();
        for requirement in REQUIREMENTS.iter().filter(|r| r.need == Need::Inference) {
            for field in requirement.alternatives() {
                let pointer = format!("/{}", field.replace('.', "/"));
                assert!(defaults.pointer(&pointer).is_none(), "{field}");
            }
        }
    }

    #[test]
    fn a_risk_covers_the_higher_ones() {
        let medium = RiskScope::AtLeast(Risk::Medium);
        assert!(!medium.covers(None) && !medium.covers(Some(Risk::Low)));
        assert!(medium.covers(Some(Risk::Medium)) && medium.covers(Some(Risk::High)));
        assert!(RiskScope::Any.covers(None));
    }

    #[test]
    fn no_requirement_is_written_twice() {
        for (at, requirement) in REQUIREMENTS.iter().enumerate() {
            let twice = REQUIREMENTS[..at]
                .iter()
                .any(|r| r.field == requirement.field && r.when == requirement.when);
            assert!(!twice, "{}", requirement.field);
        }
    }
}
