//! What `abide status` says, as a value.

use schemars::JsonSchema;
use serde::Serialize;

use super::change::Change;
use super::policy::AfterLaunch;
use super::standing::{Need, Record, Standing, State};

/// The schema name of a [`StatusReport`].
pub const STATUS_SCHEMA: &str = "abide.status/1";

/// Where the experiments of a run stand with their reviewers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StatusReport {
    /// Always `abide.status/1`.
    pub schema: String,
    /// Whether every spec stands where it says: no claim without approvals, nothing changed in silence.
    pub ok: bool,
    /// The specs, in the order of the run.
    pub specs: Vec<SpecStatus>,
}

/// Where one experiment stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SpecStatus {
    /// The spec's path.
    pub file: String,
    /// The experiment's id; empty where the spec has none.
    pub experiment: String,
    /// How far the spec says it has come: `draft`, `review`, …
    pub claim: String,
    /// What the approvals on record amount to; absent in a workspace that names no reviewers and has no approvals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// Whether the claim holds.
    pub ok: bool,
    /// The digest of what the spec says now.
    pub digest: String,
    /// Each approval that is asked for.
    pub needs: Vec<Need>,
    /// Every approval on record, by date.
    pub approvals: Vec<Record>,
    /// What changed since the approvals that count, or counted.
    pub changes: Vec<ChangeSince>,
}

/// A change since approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChangeSince {
    /// The change.
    #[serde(flatten)]
    pub change: Change,
    /// The change as people say it.
    pub said: String,
    /// After launch: whether the policy allows it with an amendment (`amendment`) or not at all (`frozen`).
    pub asks: String,
    /// Numbers of the amendments that name the field.
    pub amendments: Vec<u32>,
}

impl SpecStatus {
    /// The status of a spec; one without a standing claims what it likes.
    pub fn new(file: &str, experiment: &str, claim: &str, digest: String, standing: Option<&Standing>) -> Self {
        let changes = standing.map(|standing| standing.since.iter()).into_iter().flatten();
        Self {
            file: file.to_owned(),
            experiment: experiment.to_owned(),
            claim: claim.to_owned(),
            state: standing.map(|standing| standing.state),
            ok: standing.is_none_or(Standing::claim_holds),
            digest,
            needs: standing.map(|standing| standing.needs.clone()).unwrap_or_default(),
            approvals: standing.map(|standing| standing.approvals.clone()).unwrap_or_default(),
            changes: changes
                .map(|since| ChangeSince {
                    change: since.change.clone(),
                    said: since.change.said(),
                    asks: match since.asks {
                        AfterLaunch::Free => "nothing",
                        AfterLaunch::Amendment => "amendment",
                        AfterLaunch::Frozen => "frozen",
                    }
                    .to_owned(),
                    amendments: since.amendments.clone(),
                })
                .collect(),
        }
    }

    /// Whether all who must approve have, of what the spec says now or of what it said before amendments.
    pub fn is_approved(&self) -> bool {
        matches!(self.state, Some(State::Approved | State::Amended))
    }
}
