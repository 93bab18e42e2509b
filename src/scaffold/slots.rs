//! The starting points, and the metrics each of them has.

use crate::language::{Direction, Facet, MetricKind};

/// What a new spec starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartingPoint {
    /// An online A/B test of a product change.
    AbTest,
    /// A new prompt on logged requests.
    PromptReplay,
    /// A cheaper or faster model that must not be worse.
    ModelSwap,
    /// Two rankings in one list, before the A/B test that confirms the better one.
    Ranking,
    /// Another price for some.
    PriceTest,
    /// A change to a support assistant.
    SupportChatbot,
    /// New servers or pipelines that nobody should notice.
    InfrastructureRollout,
    /// People kept out of everything that ships.
    Holdout,
}

/// One metric of a scaffold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    /// Its id in the scaffold.
    pub(super) id: &'static str,
    /// What a catalogue metric must be to take its place; `None` where only the team knows what is measured.
    pub(super) wanted: Option<Wanted>,
    /// Whether a model judges it, so that the scaffold has room for a judge card.
    pub(super) judged: bool,
}

/// What tells that a metric of the catalogue is the one a scaffold means: what it measures and how, never its name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) facet: Facet,
    pub(super) kind: MetricKind,
    pub(super) direction: Direction,
}

const fn open(id: &'static str) -> Slot {
    Slot {
        id,
        wanted: None,
        judged: false,
    }
}

/// A metric of which less is better, as all guardrails of the scaffolds are.
const fn less(id: &'static str, facet: Facet, kind: MetricKind) -> Slot {
    let direction = Direction::Decrease;
    Slot {
        id,
        wanted: Some(Wanted { facet, kind, direction }),
        judged: false,
    }
}

const fn judged(slot: Slot) -> Slot {
    Slot { judged: true, ..slot }
}

impl StartingPoint {
    /// Every starting point, in the order that help lists them.
    pub const ALL: [Self; 8] = [
        Self::AbTest,
        Self::PromptReplay,
        Self::ModelSwap,
        Self::Ranking,
        Self::PriceTest,
        Self::SupportChatbot,
        Self::InfrastructureRollout,
        Self::Holdout,
    ];

    /// The word of the command line, and the name of the scaffold.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AbTest => "ab-test",
            Self::PromptReplay => "prompt-replay",
            Self::ModelSwap => "model-swap",
            Self::Ranking => "ranking",
            Self::PriceTest => "price-test",
            Self::SupportChatbot => "support-chatbot",
            Self::InfrastructureRollout => "infrastructure-rollout",
            Self::Holdout => "holdout",
        }
    }

    /// What it is for, in a line.
    pub fn explained(self) -> &'static str {
        match self {
            Self::AbTest => "A change that people see or feel, as an online A/B test",
            Self::PromptReplay => "A prompt change replayed on logged requests, before any user sees it",
            Self::ModelSwap => "A cheaper or faster model that must not be worse",
            Self::Ranking => "Two rankings interleaved, and the A/B test that confirms the better one",
            Self::PriceTest => "Another price for some",
            Self::SupportChatbot => "A change to a support assistant: conversations of people who come back",
            Self::InfrastructureRollout => "New servers or pipelines that nobody should notice",
            Self::Holdout => "People kept out of everything that ships, to see what all changes did together",
        }
    }

    /// What is started with it, because it confirms what this one finds; its id ends in `-ab`.
    pub fn confirmed_by(self) -> Option<Self> {
        (self == Self::Ranking).then_some(Self::AbTest)
    }

    /// The metrics of the scaffold.
    pub(super) fn slots(self) -> &'static [Slot] {
        const AB_TEST: &[Slot] = &[open("outcome"), less("protected", Facet::Latency, MetricKind::Mean)];
        const PROMPT_REPLAY: &[Slot] = &[
            judged(less("hallucinations", Facet::Hallucination, MetricKind::Proportion)),
            less("refusals", Facet::Refusal, MetricKind::Proportion),
            less("slow", Facet::Latency, MetricKind::Quantile),
            less("cost", Facet::Cost, MetricKind::Mean),
            less("unsafe", Facet::Safety, MetricKind::Proportion),
        ];
        const MODEL_SWAP: &[Slot] = &[
            open("quality"),
            less("slow", Facet::Latency, MetricKind::Proportion),
            less("unsafe", Facet::Safety, MetricKind::Proportion),
            less("cost", Facet::Cost, MetricKind::Mean),
        ];
        const RANKING: &[Slot] = &[open("preference"), open("long_clicks")];
        const PRICE_TEST: &[Slot] = &[open("revenue"), open("buyers"), open("complaints")];
        const SUPPORT_CHATBOT: &[Slot] = &[
            open("completed"),
            judged(less("false_claims", Facet::Hallucination, MetricKind::Proportion)),
            less("slow", Facet::Latency, MetricKind::Proportion),
            less("unsafe", Facet::Safety, MetricKind::Proportion),
        ];
        const INFRASTRUCTURE_ROLLOUT: &[Slot] = &[
            less("speed", Facet::Latency, MetricKind::Mean),
            less("failures", Facet::Error, MetricKind::Proportion),
            open("buyers"),
        ];
        const HOLDOUT: &[Slot] = &[open("active"), open("left")];
        match self {
            Self::AbTest => AB_TEST,
            Self::PromptReplay => PROMPT_REPLAY,
            Self::ModelSwap => MODEL_SWAP,
            Self::Ranking => RANKING,
            Self::PriceTest => PRICE_TEST,
            Self::SupportChatbot => SUPPORT_CHATBOT,
            Self::InfrastructureRollout => INFRASTRUCTURE_ROLLOUT,
            Self::Holdout => HOLDOUT,
        }
    }

    /// The arms of the scaffold.
    pub(super) fn arms(self) -> &'static [&'static str] {
        match self {
            Self::AbTest | Self::PromptReplay | Self::SupportChatbot => &["control", "treatment"],
            Self::ModelSwap => &["control", "small"],
            Self::Ranking => &["control", "challenger"],
            Self::PriceTest => &["control", "higher"],
            Self::InfrastructureRollout => &["control", "new_pipeline"],
            Self::Holdout => &["control", "all_changes"],
        }
    }

    /// The unit that the scaffold randomises, and the kinds of unit that can take its place, the best first.
    pub(super) fn unit(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::AbTest | Self::ModelSwap | Self::PriceTest | Self::InfrastructureRollout => {
                ("user", &["account", "device", "cookie"])
            }
            // Who comes back after months, or with another browser, must still be the same.
            Self::SupportChatbot | Self::Holdout => ("user", &["account"]),
            Self::PromptReplay | Self::Ranking => ("query", &["request"]),
        }
    }
}
