//! Where an experiment stands: who has approved what it says now, who is missing, what is void and why.

use serde::Serialize;

use super::approval::{Approval, Signature};
use super::change::{Change, changes, covers};
use super::digest::{Content, FORM};
use super::policy::{AfterLaunch, ReviewPolicy, Unfit};
use crate::language::values::Date;
use crate::language::{FieldClass, Status};
use crate::resolve::Experiment;

/// What the approvals on record amount to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub enum State {
    /// All who must have approved what the spec says now.
    Approved,
    /// All who must have approved it before launch, and amendments say what changed since.
    Amended,
    /// An approval was given for other content, and nothing says why it changed.
    Void,
    /// Somebody has not approved yet.
    Missing,
}

impl State {
    /// The word that every output uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Amended => "amended",
            Self::Void => "void",
            Self::Missing => "missing",
        }
    }
}

/// One approval that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Need {
    /// The group; absent where anyone may approve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// What became of it.
    pub state: State,
    /// Who approved, now or before it became void.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// The day of that approval, `2026-12-14`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

impl Need {
    /// Who is meant, in words.
    pub fn group_said(&self) -> String {
        self.group
            .as_ref()
            .map_or_else(|| "anyone but the owner".to_owned(), |group| format!("`{group}`"))
    }
}

/// Whether an approval counts for what the spec says now, and if not, why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "counts", rename_all = "kebab-case")]
pub enum Counts {
    /// It does.
    Yes,
    /// It is of what the spec said before amendments.
    BeforeAmendments,
    /// The spec says something else by now.
    Void {
        /// Every inferential field that changed.
        changes: Vec<Change>,
    },
    /// The same person has approved what the spec says now, for the same groups.
    Superseded,
    /// It was made under another canonical form, and cannot be compared.
    OtherForm {
        /// That form.
        form: String,
    },
    /// Two persons are asked for, and this one owns the experiment.
    Owner,
    /// Who approved is not a member of a group that is asked for.
    NotMember,
    /// Only signed approvals count here.
    Unsigned,
    /// The signature is not that of who approved.
    BadSignature,
}

/// An approval on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Record {
    /// Who approved.
    pub who: String,
    /// For which groups.
    pub groups: Vec<String>,
    /// The day, `2026-12-14`.
    pub date: String,
    /// The digest that was approved.
    pub digest: String,
    /// The file.
    pub file: String,
    /// Whether a signature was verified.
    pub signed: bool,
    /// Whether it counts.
    #[serde(flatten)]
    pub counts: Counts,
}

/// A change since approval of an experiment that runs, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    /// The change.
    pub change: Change,
    /// What the policy asks for.
    pub asks: AfterLaunch,
    /// Numbers of the amendments that name the field.
    pub amendments: Vec<u32>,
}

/// Where an experiment stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// How far the spec says it has come.
    pub claim: Status,
    /// The digest of what it says now; empty where only findings were asked for and nobody has approved anything.
    pub digest: String,
    /// What the approvals amount to.
    pub state: State,
    /// Each approval that is asked for.
    pub needs: Vec<Need>,
    /// Every approval on record, by date.
    pub approvals: Vec<Record>,
    /// What changed since the approvals that each need rests on, field by field: of a launched experiment also operational
    /// fields that the policy lists.
    pub since: Vec<Since>,
    /// The day on which the last of the needs was first met; `None` while one never was.
    pub first_approved: Option<Date>,
}

impl Standing {
    /// Works out where an experiment with this digest stands.
    pub fn of(experiment: &Experiment, digest: &str, policy: &ReviewPolicy, approvals: &[Approval]) -> Self {
        // Content is compared with that of approvals; most runs of `check` have none to compare with.
        let content = match approvals {
            [] => Content::recorded(Vec::new()),
            _ => Content::of(experiment),
        };
        let claim = experiment.status();
        let launched = matches!(claim, Status::Running | Status::Concluded);
        let look = Look {
            experiment,
            policy,
            content: &content,
            digest,
            launched,
        };
        let wanted: Vec<Option<&str>> = match policy.required(experiment) {
            None => vec![None],
            Some(groups) => groups.iter().map(|group| Some(group.as_str())).collect(),
        };
        let mut since: Vec<Since> = Vec::new();
        let needs: Vec<Need> = wanted
            .iter()
            .map(|group| look.need(*group, approvals, &mut since))
            .collect();
        since.sort_by(|a, b| a.change.field.cmp(&b.change.field));
        let worst = |state| needs.iter().any(|need| need.state == state);
        let state = [State::Missing, State::Void, State::Amended]
            .into_iter()
            .find(|state| worst(*state))
            .unwrap_or(State::Approved);
        let first_met = |group: Option<&str>| {
            approvals
                .iter()
                .filter(|approval| look.fits(approval, group))
                .map(|approval| approval.date)
                .min()
        };
        Self {
            claim,
            state: if state == State::Missing && worst(State::Void) {
                State::Void
            } else {
                state
            },
            approvals: approvals
                .iter()
                .map(|approval| look.record(approval, approvals, &wanted, state))
                .collect(),
            first_approved: wanted
                .iter()
                .copied()
                .map(first_met)
                .collect::<Option<Vec<_>>>()
                .and_then(|days| days.into_iter().max()),
            digest: digest.to_owned(),
            needs,
            since,
        }
    }

    /// The approvals that are asked for and not there.
    pub fn missing(&self) -> impl Iterator<Item = &Need> {
        self.needs.iter().filter(|need| need.state == State::Missing)
    }

    /// Whether the experiment runs or has run, by its own claim.
    pub fn is_launched(&self) -> bool {
        matches!(self.claim, Status::Running | Status::Concluded)
    }

    /// Whether all who must approve have, of what the spec says now or of what it said before amendments.
    pub fn is_approved(&self) -> bool {
        matches!(self.state, State::Approved | State::Amended)
    }

    /// Whether approvals stand behind what the spec says of itself.
    pub fn claim_holds(&self) -> bool {
        match self.claim {
            Status::Draft | Status::Review | Status::Abandoned => true,
            Status::Approved => self.state == State::Approved,
            Status::Running | Status::Concluded => matches!(self.state, State::Approved | State::Amended),
        }
    }

    /// Changes since launch that nothing covers.
    pub fn unlogged(&self) -> impl Iterator<Item = &Since> {
        self.since
            .iter()
            .filter(|since| since.asks == AfterLaunch::Amendment && since.amendments.is_empty())
    }

    /// Changes since launch that the policy does not allow at all.
    pub fn frozen(&self) -> impl Iterator<Item = &Since> {
        self.since.iter().filter(|since| since.asks == AfterLaunch::Frozen)
    }
}

struct Look<'a> {
    experiment: &'a Experiment,
    policy: &'a ReviewPolicy,
    content: &'a Content,
    digest: &'a str,
    launched: bool,
}

impl Look<'_> {
    fn is_current(&self, approval: &Approval) -> bool {
        approval.form == FORM && approval.digest == self.digest
    }

    /// Whether an approval is for a group, by somebody who may give it.
    fn fits(&self, approval: &Approval, group: Option<&str>) -> bool {
        group.is_none_or(|group| approval.roles.iter().any(|role| role == group))
            && self.policy.unfit(approval, group, self.experiment).is_none()
    }

    fn need(&self, group: Option<&str>, approvals: &[Approval], since: &mut Vec<Since>) -> Need {
        let fitting = || approvals.iter().filter(|approval| self.fits(approval, group));
        let need = |state, approval: Option<&Approval>| Need {
            group: group.map(str::to_owned),
            state,
            who: approval.map(|approval| approval.who.clone()),
            date: approval.map(|approval| approval.date.to_string()),
        };
        if let Some(approval) = fitting().find(|approval| self.is_current(approval)) {
            self.collect(approval, since);
            return need(State::Approved, Some(approval));
        }
        let Some(latest) = fitting().rfind(|approval| approval.form == FORM) else {
            return need(State::Missing, None);
        };
        let covered = self.collect(latest, since);
        let state = if self.launched && covered {
            State::Amended
        } else {
            State::Void
        };
        need(state, Some(latest))
    }

    /// Adds what changed since an approval, and says whether amendments cover all of it.
    fn collect(&self, approval: &Approval, since: &mut Vec<Since>) -> bool {
        let mut covered = true;
        for class in [FieldClass::Inferential, FieldClass::Operational] {
            for change in changes(&approval.content, self.content, class) {
                let asks = if self.launched {
                    self.policy.after_launch(&change)
                } else if class == FieldClass::Inferential {
                    AfterLaunch::Amendment
                } else {
                    AfterLaunch::Free
                };
                if asks == AfterLaunch::Free {
                    continue;
                }
                let amendments = self.amendments(&change, approval.date);
                covered &= asks == AfterLaunch::Amendment && !amendments.is_empty();
                if !since.iter().any(|known| known.change.field == change.field) {
                    since.push(Since {
                        change,
                        asks,
                        amendments,
                    });
                }
            }
        }
        covered
    }

    /// The amendments made since an approval that name a field.
    fn amendments(&self, change: &Change, approved: Date) -> Vec<u32> {
        self.experiment
            .spec
            .amendments
            .iter()
            .filter(|amendment| amendment.date >= approved)
            .filter(|amendment| {
                let names = |field: &String| covers(field, &change.field) || covers(&change.field, field);
                amendment.fields.iter().any(names)
            })
            .map(|amendment| amendment.number)
            .collect()
    }

    /// Whether a later approval of the same person stands in the place of this one.
    fn is_superseded(&self, approval: &Approval, approvals: &[Approval]) -> bool {
        approvals.iter().any(|other| {
            other.who == approval.who
                && self.is_current(other)
                && !self.is_current(approval)
                && approval.roles.iter().all(|role| other.roles.contains(role))
        })
    }

    fn record(&self, approval: &Approval, all: &[Approval], wanted: &[Option<&str>], state: State) -> Record {
        let unfit = |group: Option<&str>| self.policy.unfit(approval, group, self.experiment);
        let asked: Vec<Option<&str>> = wanted
            .iter()
            .copied()
            .filter(|group| group.is_none_or(|group| approval.roles.iter().any(|role| role == group)))
            .collect();
        let fault = match asked.as_slice() {
            // For a group that is not asked for: what is said of the person still holds.
            [] => unfit(None),
            groups => groups
                .iter()
                .map(|group| unfit(*group))
                .min_by_key(Option::is_some)
                .flatten(),
        };
        let counts = match fault {
            Some(Unfit::Owner) => Counts::Owner,
            Some(Unfit::NotMember) => Counts::NotMember,
            Some(Unfit::Unsigned) => Counts::Unsigned,
            Some(Unfit::BadSignature) => Counts::BadSignature,
            None if self.is_superseded(approval, all) => Counts::Superseded,
            None if approval.form != FORM => Counts::OtherForm {
                form: approval.form.clone(),
            },
            None if self.is_current(approval) => Counts::Yes,
            None if state == State::Amended => Counts::BeforeAmendments,
            None => Counts::Void {
                changes: changes(&approval.content, self.content, FieldClass::Inferential),
            },
        };
        Record {
            who: approval.who.clone(),
            groups: approval.roles.clone(),
            date: approval.date.to_string(),
            digest: approval.digest.clone(),
            file: approval.path.clone(),
            signed: approval.signature == Signature::Good,
            counts,
        }
    }
}
