//! `[experiment]`: what is tested, who answers for it and how far it has come.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::choice::choice;

choice! {
    /// What kind of change an experiment makes; policy asks different things of each.
    pub enum Class {
        /// A prompt, a model, retrieval or generation.
        Ai = "ai",
        /// What people see: copy, layout, interaction.
        Ui = "ui",
        /// Search, recommendation and their order.
        Ranking = "ranking",
        /// Prices, fees, discounts.
        Pricing = "pricing",
        /// Servers, caches, migrations: no change that people should notice.
        Infrastructure = "infrastructure",
        /// None of these.
        Other = "other",
    }
}

choice! {
    /// How far an experiment has come. A claim: `check` compares it with the approvals on record.
    pub enum Status {
        /// Being written. Missing governance is advice.
        Draft = "draft",
        /// Handed to its reviewers. Everything is asked for from here on.
        Review = "review",
        /// Signed by its reviewers, not started.
        Approved = "approved",
        /// Started.
        Running = "running",
        /// Ended, with a verdict.
        Concluded = "concluded",
        /// Ended without a verdict.
        Abandoned = "abandoned",
    }
}

choice! {
    /// How much can go wrong; routes the review.
    pub enum Risk {
        /// Copy, layout: an automated checklist.
        Low = "low",
        /// Ranking, recommendations, notifications, prompts: an analyst looks at it.
        Medium = "medium",
        /// Prices, eligibility, health, credit, employment, safety: several functions sign, legal among them.
        High = "high",
    }
}

/// Who runs the experiment, what it belongs to, and how far it has come.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Experiment {
    /// The name everything refers to: files, assignments, approvals. Kebab case, unique in the workspace.
    #[schemars(extend("x-abide-type" = "id-kebab", "examples" = ["grounded-prompt"]))]
    pub id: Option<String>,
    /// The name people read, one line.
    #[schemars(extend("examples" = ["Grounded prompt for product descriptions"]))]
    pub title: Option<String>,
    /// What kind of change is tested; policy asks different guardrails of each.
    pub class: Option<Class>,
    /// The person or team accountable for the experiment.
    #[schemars(extend("examples" = ["genai-catalog"]))]
    pub owner: Option<String>,
    /// Who takes the decision that the experiment informs.
    pub decision_maker: Option<String>,
    /// Who plans and analyses it.
    pub analyst: Option<String>,
    /// Who reviews it. The owner alone is not a review.
    #[schemars(extend("examples" = [["stats-guild", "search-platform"]]))]
    pub reviewers: Vec<String>,
    /// How far the experiment has come. `check` compares the claim with the approvals on record.
    pub status: Option<Status>,
    /// How much can go wrong; routes the review.
    pub risk: Option<Risk>,
    /// The goal of `abide.toml` that the experiment serves.
    #[schemars(extend("x-abide-ref" = "goal", "examples" = ["answer_quality"]))]
    pub goal: Option<String>,
    /// Where the change is met: a page, an endpoint, a channel.
    #[schemars(extend("examples" = ["product_page"]))]
    pub surface: Option<String>,
    /// The parameters that the arms set. Two live experiments that touch the same one collide.
    #[schemars(extend("examples" = [["catalog.prompt"]]))]
    pub touches: Vec<String>,
    /// Whether anyone has already seen outcome data of this experiment. Must be `false` for a pre-registration.
    pub data_seen: Option<bool>,
}
