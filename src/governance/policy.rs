//! Who must approve, whose approval counts, and which fields may change after launch: `[policy]` of a workspace.

use indexmap::IndexMap;

use super::approval::{Approval, Signature};
use super::change::{Change, covers};
use crate::language::{FieldClass, Policy, Risk};
use crate::resolve::Experiment;

/// What a workspace asks of approvals.
#[derive(Debug, Clone, Default)]
pub struct ReviewPolicy {
    reviewers: IndexMap<Risk, Vec<String>>,
    groups: IndexMap<String, Vec<String>>,
    two_person: bool,
    signed: bool,
    frozen: Vec<String>,
    amendable: Option<Vec<String>>,
}

/// What a change of a field needs once the experiment runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AfterLaunch {
    /// Nothing.
    Free,
    /// An amendment.
    Amendment,
    /// It cannot be made.
    Frozen,
}

/// Why an approval does not count, whatever it approves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfit {
    Owner,
    NotMember,
    Unsigned,
    BadSignature,
}

impl ReviewPolicy {
    /// The policy of a workspace file.
    pub fn of(policy: Option<&Policy>) -> Self {
        let Some(policy) = policy else {
            return Self::default();
        };
        Self {
            reviewers: policy.reviewers.clone(),
            groups: policy.groups.clone(),
            two_person: policy.two_person == Some(true),
            signed: policy.signed == Some(true),
            frozen: policy.frozen.clone(),
            amendable: policy.amendable.clone(),
        }
    }

    /// Whether the workspace says who approves.
    pub fn routes_reviews(&self) -> bool {
        !self.reviewers.is_empty()
    }

    /// Whether only signed approvals count.
    pub fn asks_for_signatures(&self) -> bool {
        self.signed
    }

    /// The groups that must approve an experiment, by its risk. One of undeclared risk is treated as the riskiest that the
    /// policy knows. `None` when the workspace names no group for any risk: then one approval of anyone is asked for.
    pub fn required(&self, experiment: &Experiment) -> Option<&[String]> {
        if self.reviewers.is_empty() {
            return None;
        }
        let risk = experiment.risk().or_else(|| self.reviewers.keys().max().copied())?;
        Some(self.reviewers.get(&risk).map_or(&[], Vec::as_slice))
    }

    /// The groups that somebody belongs to.
    pub fn groups_of(&self, who: &str) -> impl Iterator<Item = &str> {
        self.groups
            .iter()
            .filter(move |(_, members)| members.iter().any(|member| same(member, who)))
            .map(|(group, _)| group.as_str())
    }

    /// Whether somebody may approve for a group: a member, or anyone where the workspace lists no members at all.
    pub fn may_approve(&self, who: &str, role: &str) -> bool {
        self.groups.is_empty() || self.groups_of(who).any(|group| group == role)
    }

    /// Whether somebody is the owner of an experiment, by name or as a member of the group that owns it, where the policy
    /// asks for two persons.
    pub fn is_barred_owner(&self, who: &str, experiment: &Experiment) -> bool {
        let owner = experiment.spec.experiment.as_ref().and_then(|e| e.owner.as_deref());
        self.two_person
            && owner.is_some_and(|owner| same(owner, who) || self.groups_of(who).any(|group| group == owner))
    }

    /// The members of each group.
    pub fn groups(&self) -> &IndexMap<String, Vec<String>> {
        &self.groups
    }

    /// Why an approval does not count for a group.
    pub(super) fn unfit(&self, approval: &Approval, role: Option<&str>, experiment: &Experiment) -> Option<Unfit> {
        if self.is_barred_owner(&approval.who, experiment) {
            return Some(Unfit::Owner);
        }
        if role.is_some_and(|role| !self.may_approve(&approval.who, role)) {
            return Some(Unfit::NotMember);
        }
        match &approval.signature {
            Signature::Bad(_) => Some(Unfit::BadSignature),
            Signature::None | Signature::Unknown(_) if self.signed => Some(Unfit::Unsigned),
            _ => None,
        }
    }

    /// What a change needs once the experiment runs.
    pub fn after_launch(&self, change: &Change) -> AfterLaunch {
        let listed = |paths: &[String]| paths.iter().any(|path| covers(path, &change.field));
        if listed(&self.frozen) {
            return AfterLaunch::Frozen;
        }
        match &self.amendable {
            Some(paths) if listed(paths) => AfterLaunch::Amendment,
            Some(_) if change.class == FieldClass::Inferential => AfterLaunch::Frozen,
            None if change.class == FieldClass::Inferential => AfterLaunch::Amendment,
            _ => AfterLaunch::Free,
        }
    }
}

/// Names of people are compared without case, and with or without the `@` that platforms put before them.
fn same(a: &str, b: &str) -> bool {
    let plain = |name: &str| name.trim().trim_start_matches('@').to_lowercase();
    plain(a) == plain(b)
}
