//! `[design]`: how units are assigned and observed.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::choice::choice;
use super::values::{Date, Duration, Fraction, Scalar};

choice! {
    /// How units meet the arms.
    pub enum DesignKind {
        /// Each unit gets one arm: A/B and A/B/n.
        Parallel = "parallel",
        /// Each unit passes through every arm, as in a replay of logged queries.
        Paired = "paired",
        /// Arms combine the levels of several factors.
        Factorial = "factorial",
        /// Whole groups get one arm, because their members affect each other.
        Cluster = "cluster",
        /// A region switches between arms over blocks of time.
        Switchback = "switchback",
        /// Two rankings are merged into one list and compete for clicks.
        Interleaving = "interleaving",
        /// Traffic moves to the arm that does best: a choice, not an inference.
        Bandit = "bandit",
        /// Identical arms: tests the platform itself.
        Aa = "aa",
        /// A small share is kept without the changes for a long time.
        Holdout = "holdout",
    }
}

choice! {
    /// Whether users are affected.
    pub enum Mode {
        /// Live units.
        Online = "online",
        /// Logged units, no users affected.
        Replay = "replay",
    }
}

choice! {
    /// What a unit remembers from one assignment to the next.
    pub enum Carryover {
        /// Nothing.
        None = "none",
        /// Until its session ends.
        Session = "session",
        /// For as long as the user stays.
        User = "user",
    }
}

choice! {
    /// How two rankings are merged into one list.
    pub enum InterleavingAlgorithm {
        /// The rankers pick in turn, as captains pick teams (Radlinski et al. 2008).
        TeamDraft = "team-draft",
        /// The lists are merged so that each prefix holds equally many of both (Joachims 2003).
        Balanced = "balanced",
        /// Documents are drawn with probability by rank (Hofmann et al. 2011).
        Probabilistic = "probabilistic",
    }
}

choice! {
    /// What becomes of comparisons that neither side wins.
    pub enum TieHandling {
        /// They are left out; the test is on decided comparisons.
        Exclude = "exclude",
        /// Each side gets half.
        Split = "split",
    }
}

choice! {
    /// How a bandit moves its traffic.
    pub enum BanditPolicy {
        /// By the probability that an arm is the best (Thompson 1933).
        Thompson = "thompson",
        /// Between the best arm and its strongest rival: finds the best arm sooner (Russo 2016).
        TopTwo = "top-two",
        /// To the arm with the highest upper confidence bound (Auer et al. 2002).
        Ucb = "ucb",
    }
}

choice! {
    /// How units of different arms affect each other.
    pub enum InterferenceKind {
        /// They do not, and the spec says so.
        None = "none",
        /// They talk to each other.
        Network = "network",
        /// They compete for the same supply or demand.
        Marketplace = "marketplace",
        /// They share servers, a GPU pool or a rate limit.
        Capacity = "capacity",
    }
}

choice! {
    /// Which effect is estimated when units affect each other.
    pub enum InterferenceEstimand {
        /// Everyone treated against no one treated.
        Total = "total",
        /// The effect on a unit of its own treatment.
        Direct = "direct",
        /// The effect on a unit of the treatment of others.
        Spillover = "spillover",
    }
}

/// How units are assigned to arms and observed. `kind` decides which of the other fields apply.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Design {
    /// How units meet the arms.
    pub kind: Option<DesignKind>,
    /// Whether live units or logged ones are used.
    pub mode: Option<Mode>,
    /// The unit that is randomised: a unit of the catalogue. Always written.
    #[schemars(extend("x-abide-ref" = "unit", "examples" = ["user"]))]
    pub unit: Option<String>,
    /// The unit that is analysed, when it is finer than `unit`: a unit of the catalogue.
    #[schemars(extend("x-abide-ref" = "unit", "examples" = ["user"]))]
    pub analysis_unit: Option<String>,
    /// The text mixed into the hash that assigns units. Unique to the experiment, so that earlier assignments do not carry over.
    #[schemars(extend("examples" = ["grounded-prompt-1"]))]
    pub salt: Option<String>,
    /// What a unit remembers. Required online when the unit is a request or a session.
    pub carryover: Option<Carryover>,
    /// A declared size, in design units over all arms (pairs when paired). It is checked, never trusted.
    #[schemars(extend("minimum" = 1, "examples" = [9000]))]
    pub planned_units: Option<u64>,
    /// How often each unit is run through each arm. Repeats of a unit are averaged; they are not more units.
    #[schemars(extend("minimum" = 1))]
    pub repeats: Option<u32>,
    /// The groups that units come in.
    pub cluster: Option<Cluster>,
    /// The log that a replay runs on.
    pub log: Option<Log>,
    /// How units of different arms affect each other.
    pub interference: Option<Interference>,

    /// Factorial: each factor with its levels.
    #[schemars(extend("examples" = [{ "prompt": ["v6", "v7"], "model": ["small", "large"] }], "x-abide-keys" = "id-snake"))]
    pub factors: IndexMap<String, Vec<Scalar>>,
    /// Factorial: the interactions of interest, each a list of factors.
    #[schemars(extend("examples" = [[["prompt", "model"]]]))]
    pub interactions: Vec<Vec<String>>,

    /// Switchback: how long one arm stays on before the next draw.
    #[schemars(extend("examples" = ["2h"]))]
    pub block: Option<Duration>,
    /// Switchback: the start of each block that is not counted, until the previous arm has worn off.
    #[schemars(extend("examples" = ["30m"]))]
    pub washout: Option<Duration>,
    /// Switchback: how many regions switch independently.
    #[schemars(extend("minimum" = 1, "examples" = [40]))]
    pub regions: Option<u32>,
    /// Switchback: the time in which half of an arm's effect is gone after it was switched off.
    #[schemars(extend("examples" = ["20m"]))]
    pub effect_half_life: Option<Duration>,
    /// Switchback: what the draw of blocks is balanced over.
    #[schemars(extend("examples" = [["hour_of_day", "day_of_week"]]))]
    pub balance: Vec<String>,

    /// Interleaving: how the two rankings are merged.
    pub algorithm: Option<InterleavingAlgorithm>,
    /// Interleaving: the event that counts as a vote.
    #[schemars(extend("examples" = ["click"]))]
    pub credit: Option<String>,
    /// Interleaving: what becomes of queries that neither ranking wins. Their share is `baseline.ties` of the metric.
    pub ties: Option<TieHandling>,

    /// Bandit: how traffic moves.
    pub policy: Option<BanditPolicy>,
    /// Bandit: the metric it maximises; one only.
    #[schemars(extend("x-abide-ref" = "metric", "examples" = ["click_through"]))]
    pub reward: Option<String>,
    /// Bandit: what is believed about an arm before its first reward.
    pub prior: Option<Prior>,
    /// Bandit: how often shares are recomputed.
    #[schemars(extend("examples" = ["1h"]))]
    pub update_every: Option<Duration>,
    /// Bandit: how long a reward takes to arrive. Shorter than `update_every`.
    #[schemars(extend("examples" = ["10m"]))]
    pub reward_delay: Option<Duration>,
    /// Bandit: the share that every arm keeps, between 0 and 1.
    #[schemars(extend("minimum" = 0, "maximum" = 1, "examples" = [0.02]))]
    pub min_share: Option<Fraction>,
    /// Bandit: what happens before shares move.
    pub explore: Option<Explore>,
    /// Bandit: how long it runs at most.
    #[schemars(extend("examples" = ["5d"]))]
    pub horizon: Option<Duration>,
    /// Bandit: when it stops early.
    pub stop: Option<BanditStop>,
    /// Bandit: whether each assignment is logged with its probability, without which nothing can be estimated later.
    pub log_propensity: Option<bool>,

    /// Holdout: the share of units that is kept without the changes, between 0 and 1.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1, "examples" = [0.05]))]
    pub share: Option<Fraction>,
    /// Holdout: the last day.
    pub until: Option<Date>,
}

/// Groups of units: products, conversations, communities.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Cluster {
    /// What a cluster is: a unit of the catalogue.
    #[schemars(extend("x-abide-ref" = "unit", "examples" = ["product"]))]
    pub unit: Option<String>,
    /// Mean number of analysis units in a cluster, 1 or more.
    #[schemars(extend("minimum" = 1, "examples" = [1.4]))]
    pub mean_size: Option<f64>,
    /// Coefficient of variation of cluster sizes: their standard deviation over their mean. 0 means all are equally large.
    #[schemars(extend("minimum" = 0, "examples" = [0.6]))]
    pub size_cv: Option<f64>,
    /// How many clusters there are.
    #[schemars(extend("minimum" = 1, "examples" = [200]))]
    pub count: Option<u64>,
    /// Where the map from units to clusters is kept.
    #[schemars(extend("examples" = ["warehouse.communities_v3"]))]
    pub map: Option<String>,
}

/// The log that a replay runs on, and how units were taken from it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// Where the log is kept.
    #[schemars(extend("examples" = ["queries"]))]
    pub source: Option<String>,
    /// The first day of the log.
    pub from: Option<Date>,
    /// The last day of the log.
    pub to: Option<Date>,
    /// What the log is a sample of.
    #[schemars(extend("examples" = ["all English requests"]))]
    pub frame: Option<String>,
    /// By what duplicates were recognised and removed.
    #[schemars(extend("examples" = ["product_id + normalised text"]))]
    pub dedup: Option<String>,
    /// The attributes that the sample is stratified by.
    #[schemars(extend("examples" = [["category"]]))]
    pub stratified_by: Vec<String>,
    /// How many units the log holds: what is available to the plan.
    #[schemars(extend("minimum" = 1, "examples" = [12000]))]
    pub units: Option<u64>,
    /// Whether no entry of the log was used to write or tune an arm.
    pub sealed: Option<bool>,
}

/// How units of different arms affect each other, and which effect is wanted then.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Interference {
    /// How units affect each other. `none` states that they do not.
    pub kind: Option<InterferenceKind>,
    /// Which effect is estimated.
    pub estimand: Option<InterferenceEstimand>,
    /// Why this is so.
    pub reason: Option<String>,
}

/// A beta prior on the reward of every arm.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Prior {
    /// First parameter of the beta distribution: rewards imagined before the first.
    #[schemars(extend("exclusiveMinimum" = 0, "examples" = [1]))]
    pub alpha: Option<f64>,
    /// Second parameter: failures imagined before the first.
    #[schemars(extend("exclusiveMinimum" = 0, "examples" = [30]))]
    pub beta: Option<f64>,
}

/// What a bandit does before its shares move.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Explore {
    /// Units that every arm gets first.
    #[schemars(extend("minimum" = 1, "examples" = [100]))]
    pub units_per_arm: Option<u64>,
}

/// When a bandit stops before its horizon.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BanditStop {
    /// The probability of being the best at which an arm has won, between 0 and 1.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1, "examples" = [0.95]))]
    pub best_arm_probability: Option<Fraction>,
}
