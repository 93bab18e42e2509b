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
    pub const ALL: [Self; 3] = [Self::AbTest, Self::PromptReplay, Self::ModelSwap];

    /// The word of the command line, and the name of the scaffold.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AbTest => "ab-test",
            Self::PromptReplay => "prompt-replay",
            Self::ModelSwap => "model-swap",
        }
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
        match self {
            Self::AbTest => AB_TEST,
            Self::PromptReplay => PROMPT_REPLAY,
            Self::ModelSwap => MODEL_SWAP,
        }
    }

    /// The arms of the scaffold.
    pub(super) fn arms(self) -> &'static [&'static str] {
        match self {
            Self::AbTest | Self::PromptReplay => &["control", "treatment"],
            Self::ModelSwap => &["control", "small"],
        }
    }

    /// The unit that the scaffold randomises, and the kinds of unit that can take its place, the best first.
    pub(super) fn unit(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::AbTest | Self::ModelSwap => ("user", &["account", "device", "cookie"]),
            Self::PromptReplay => ("query", &["request"]),
        }
    }
}
