//! What advice is given on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::language::Direction;
use crate::language::values::{Duration, Fraction};

/// Declares words with their spelling and the sentence that explains each.
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[doc = $says:literal])+ $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[schemars(inline)]
        pub enum $name { $($(#[doc = $says])+ #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// Every answer, in the order in which it is offered.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word of an answer.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// What it means, in a sentence.
            pub fn explained(self) -> &'static str {
                match self { $(Self::$variant => concat!($($says),+).trim_ascii(),)+ }
            }
        }
    };
}

words! {
    /// What changes.
    pub enum Change {
        /// The prompt of a model.
        Prompt = "prompt",
        /// The model itself, or how it decodes.
        Model = "model",
        /// The order in which results are shown.
        Ranking = "ranking",
        /// What people see or how it behaves.
        Ui = "ui",
        /// What people pay.
        Pricing = "pricing",
        /// Servers, caches, batching: what people see only as speed.
        Infrastructure = "infrastructure",
        /// Short-lived texts or pictures: headlines, offers, subject lines.
        Content = "content",
        /// Something else.
        Other = "other",
    }
}

words! {
    /// What tells whether it worked.
    pub enum Outcome {
        /// The quality of an answer, judged by people, a model or a program.
        Quality = "quality",
        /// What people do: click, buy, come back.
        Reaction = "reaction",
        /// What the system does: latency, cost, errors.
        System = "system",
    }
}

words! {
    /// What the result is for.
    pub enum Purpose {
        /// To know how large the effect is, and to decide on it.
        Learn = "learn",
        /// To send most units to the best arm while it runs; how much better it is does not matter.
        Choose = "choose",
    }
}

words! {
    /// Whether one unit's arm changes what happens to another.
    pub enum Interference {
        /// It does not.
        None = "none",
        /// People influence each other: messages, feeds, groups.
        Network = "network",
        /// Arms share servers, stock or people that can run short.
        Capacity = "capacity",
        /// Buyers and sellers, riders and drivers: one side's gain is another's loss.
        Market = "market",
    }
}

/// Answers about an experiment that is to be designed. Only `change` must be given; without numbers there is advice without
/// costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// What changes.
    pub change: Change,
    /// What tells whether it worked [default: quality for prompts and models, system for infrastructure, else reaction].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// What the result is for [default: learn].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// Whether one unit's arm changes what happens to another [default: none].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interference: Option<Interference>,
    /// How many new versions are compared with today's [default: 1].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("minimum" = 1))]
    pub treatments: Option<u16>,
    /// Whether logged requests are at hand that can be run again [default: false].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<bool>,
    /// How long it takes until the outcome of a unit is known, such as `10m` or `7d`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback: Option<Duration>,
    /// How long what is compared will be in use, such as `3d`; for content that goes stale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifetime: Option<Duration>,
    /// Today's value of the outcome: a share, or a mean with `cv`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Fraction>,
    /// Coefficient of variation, where the outcome is a mean and not a share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cv: Option<Fraction>,
    /// The smallest effect that must not be missed, as a share of the baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mde_relative: Option<Fraction>,
    /// Which way is better [default: increase].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// New units a day that can be in the experiment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units_per_day: Option<f64>,
    /// The longest run that is acceptable, in days [default: 28].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_days: Option<u16>,
    /// Replays: correlation of the outcomes of one request under both versions, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation: Option<Fraction>,
    /// Interleaving: the share of decided comparisons that the better ranking wins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub win_rate: Option<Fraction>,
    /// Interleaving: the share of comparisons without a winner [default: 0].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ties: Option<Fraction>,
    /// Interleaving: comparisons a day, such as queries with a click.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparisons_per_day: Option<f64>,
    /// Clusters: how many units belong together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster_size: Option<f64>,
    /// Clusters: intraclass correlation of the outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icc: Option<Fraction>,
    /// Switchbacks: how many regions are switched on their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regions: Option<u16>,
    /// Switchbacks: how long a block is, such as `2h`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<Duration>,
    /// Switchbacks: coefficient of variation of the outcome between blocks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block_cv: Option<Fraction>,
}

impl Answers {
    /// Only what changes is known.
    pub fn about(change: Change) -> Self {
        Self {
            change,
            outcome: None,
            purpose: None,
            interference: None,
            treatments: None,
            log: None,
            feedback: None,
            lifetime: None,
            baseline: None,
            cv: None,
            mde_relative: None,
            direction: None,
            units_per_day: None,
            max_days: None,
            correlation: None,
            win_rate: None,
            ties: None,
            comparisons_per_day: None,
            cluster_size: None,
            icc: None,
            regions: None,
            block: None,
            block_cv: None,
        }
    }

    /// What tells whether it worked.
    pub fn outcome(&self) -> Outcome {
        self.outcome.unwrap_or(match self.change {
            Change::Prompt | Change::Model => Outcome::Quality,
            Change::Infrastructure => Outcome::System,
            _ => Outcome::Reaction,
        })
    }

    /// What the result is for.
    pub fn purpose(&self) -> Purpose {
        self.purpose.unwrap_or(Purpose::Learn)
    }

    /// Whether one unit's arm changes what happens to another.
    pub fn interference(&self) -> Interference {
        self.interference.unwrap_or(Interference::None)
    }

    /// How many new versions there are, at least one.
    pub fn treatments(&self) -> u16 {
        self.treatments.unwrap_or(1).max(1)
    }

    /// Whether there is a log.
    pub fn log(&self) -> bool {
        self.log.unwrap_or(false)
    }

    /// The longest run that is acceptable, in days.
    pub fn max_days(&self) -> u16 {
        self.max_days.unwrap_or(28)
    }
}
