//! Names that people look up and no rule has: who checks it now, or why nothing has to.

use crate::diagnostics::{Diagnostic, Edit, Fix, Place, Safety, Severity};

/// A name of a check that is known elsewhere, and what became of it here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Redirect {
    /// The name people look for.
    pub name: &'static str,
    /// The rule that checks it; `None` where the language leaves nothing to check.
    pub to: Option<&'static str>,
    /// Why: a clause without a full stop.
    pub because: &'static str,
}

/// All redirects, by name.
pub static REDIRECTS: &[Redirect] = &[
    Redirect {
        name: "bayes-no-prior",
        to: None,
        because: "no Bayesian analysis decides in edition 1; the prior of a bandit is a key of its design",
    },
    Redirect {
        name: "carryover-restart",
        to: Some("salt-reused"),
        because: "a restart that keeps its salt is one case of two experiments with the same salt",
    },
    Redirect {
        name: "duplicate-metric-id",
        to: Some("duplicate-key"),
        because: "an id is the key of a table, in lower case: a second one is a key that is written twice",
    },
    Redirect {
        name: "early-stop-effect-naive",
        to: None,
        because: "an estimate after an early stop is a matter of the analysis, and edition 1 has no choice to make about it",
    },
    Redirect {
        name: "equal-variance-rel-lift",
        to: None,
        because: "a relative effect is always analysed as a ratio, with the variance of both arms",
    },
    Redirect {
        name: "exaggeration-risk",
        to: Some("underpowered"),
        because: "an estimate exaggerates where power is low; the finding about the power says by how much",
    },
    Redirect {
        name: "metric-undefined-ref",
        to: Some("undefined-reference"),
        because: "a metric is one of the names that something must declare",
    },
    Redirect {
        name: "primary-is-vanity-or-lagging",
        to: Some("primary-lagging"),
        because: "that a metric lags is declared; that it is vain is an opinion",
    },
    Redirect {
        name: "ramp-data-pooled",
        to: None,
        because: "a ramp stage changes how many units take part and never how they are split, so pooling cannot reverse an effect",
    },
    Redirect {
        name: "risk-tier-missing",
        to: Some("review-incomplete"),
        because: "the risk is one of the things that a review is sorted by",
    },
    Redirect {
        name: "sides-direction-conflict",
        to: Some("hypothesis-direction-mismatch"),
        because: "a one-sided test takes its side from the direction of the metric, so only the hypothesis can disagree",
    },
    Redirect {
        name: "strategic-goal-missing",
        to: Some("review-incomplete"),
        because: "the goal is one of the things that a review is sorted by, where the workspace has goals",
    },
];

/// What became of a name.
pub fn redirect(name: &str) -> Option<&'static Redirect> {
    REDIRECTS.iter().find(|redirect| redirect.name == name)
}

/// The name that a rule has today: what an old name leads to, else the name itself.
pub(crate) fn canonical(name: &str) -> &str {
    redirect(name).and_then(|redirect| redirect.to).unwrap_or(name)
}

/// The finding that a name is an old one. `written` is its place, and how a replacement is written there.
pub(super) fn renamed(redirect: &Redirect, place: Place, written: impl Fn(&str) -> String) -> Diagnostic {
    let name = redirect.name;
    match redirect.to {
        Some(to) => {
            let span = place.span;
            Diagnostic::new(
                "renamed-rule",
                Severity::Warning,
                place,
                format!("`{name}` is checked by `{to}`"),
            )
            .with_label("an old name")
            .with_note(redirect.because)
            .with_help(format!("write `{to}`; until then the line is taken to mean it"))
            .with_fix(Fix {
                title: format!("write `{to}`"),
                safety: Safety::Safe,
                edits: vec![Edit {
                    span,
                    replacement: written(to),
                }],
            })
        }
        None => Diagnostic::new(
            "renamed-rule",
            Severity::Warning,
            place,
            format!("nothing is left for `{name}` to check"),
        )
        .with_label("sets nothing")
        .with_note(redirect.because)
        .with_help("remove this entry"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::find;

    #[test]
    fn redirects_lead_from_free_names_to_rules() {
        for redirect in REDIRECTS {
            assert!(find(redirect.name).is_none(), "{} is a rule", redirect.name);
            if let Some(to) = redirect.to {
                assert!(find(to).is_some(), "{} leads to {to}, which is no rule", redirect.name);
            }
        }
        assert!(REDIRECTS.is_sorted_by_key(|redirect| redirect.name));
    }
}
