//! The inputs with the questions that sections keep asking of them.

use super::inputs::BoardInputs;
use super::ledger::Ledger;
use super::model::Depth;
use super::plain::Asked;
use super::text::{Text, listed};
use crate::format;
use crate::language::values::{AmountUnit, Effect};
use crate::language::{Arm, Direction, Metric, Mode, Risk, Spec};
use crate::plan::model::{Comparison, Effect as PlanEffect, MetricPlan, Plan, Question};

/// The inputs of a document.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) inputs: BoardInputs<'a>,
    pub(super) spec: &'a Spec,
    pub(super) plan: &'a Plan,
    pub(super) ledger: Ledger<'a>,
    pub(super) depth: Depth,
}

impl<'a> View<'a> {
    /// A metric with what is asked of it, ready to be put into plain words.
    pub(super) fn asked(self, metric: &'a MetricPlan, question: &'a Question) -> Asked<'a> {
        Asked {
            metric,
            question,
            name: self.metric_in_sentence(&metric.id),
            amount: asked(metric, question),
            beyond: to_beat(metric, question),
            unit: self.unit(),
        }
    }

    pub(super) fn new(inputs: BoardInputs<'a>) -> Self {
        let low = inputs.spec.experiment.as_ref().and_then(|e| e.risk) == Some(Risk::Low);
        let depth = inputs.depth.unwrap_or(if low { Depth::Short } else { Depth::Full });
        // The brief has no ledger, and only the full document an appendix with the spec: nothing may lead there.
        let assumptions = if depth == Depth::Brief {
            &[]
        } else {
            inputs.plan.assumptions.as_slice()
        };
        let source = inputs.source.filter(|_| depth == Depth::Full);
        Self {
            inputs,
            spec: inputs.spec,
            plan: inputs.plan,
            ledger: Ledger::new(assumptions, source),
            depth,
        }
    }

    /// The noun that sizes count.
    pub(super) fn unit(self) -> &'a str {
        let sized = self.plan.sample_size.as_ref().map(|size| size.unit.as_str());
        sized.or(self.plan.experiment.unit.as_deref()).unwrap_or("unit")
    }

    /// A size with its noun: `13,300 queries`.
    pub(super) fn units(self, n: u64) -> String {
        format::counted(n as f64, self.unit())
    }

    /// The planned size, where it is another than the required one: then every number says at which it holds.
    pub(super) fn planned(self) -> Option<u64> {
        let sizes = &self.plan.sizes;
        sizes
            .planned
            .filter(|planned| sizes.required.is_some_and(|required| required != *planned))
    }

    /// That days are those of the required size, where another is planned.
    pub(super) fn of_needed(self) -> String {
        self.planned()
            .and(self.plan.sizes.required)
            .map_or_else(String::new, |needed| {
                format!(", for the {} needed", format::count(needed as f64))
            })
    }

    pub(super) fn is_replay(self) -> bool {
        self.spec.design.as_ref().and_then(|design| design.mode) == Some(Mode::Replay)
            || self.plan.experiment.mode == "replay"
    }

    /// The arms, control first.
    pub(super) fn arms(self) -> Vec<(&'a str, &'a Arm)> {
        let mut arms: Vec<_> = self.spec.arms.iter().map(|(id, arm)| (id.as_str(), arm)).collect();
        arms.sort_by_key(|(id, _)| !self.is_control(id));
        arms
    }

    /// Whether an arm is the control: the one that says so, else the one of that name.
    pub(super) fn is_control(self, id: &str) -> bool {
        let declared = self.spec.arms.iter().find(|(_, arm)| arm.control == Some(true));
        declared.map_or(id == "control", |(control, _)| control == id)
    }

    /// What people call an arm.
    pub(super) fn arm_name(self, id: &'a str) -> &'a str {
        self.spec
            .arms
            .get(id)
            .and_then(|arm| arm.title.as_deref())
            .unwrap_or(id)
    }

    /// What people call a metric.
    pub(super) fn metric_name(self, id: &'a str) -> &'a str {
        let title = self.spec.metrics.get(id).and_then(|metric| metric.title.as_deref());
        title.or_else(|| self.metric_plan(id)?.title.as_deref()).unwrap_or(id)
    }

    /// What a metric that cannot be sized is called: what keeps a plan from being complete need not be a metric.
    pub(super) fn blocked_name(self, id: &'a str) -> &'a str {
        if id.is_empty() {
            "The experiment"
        } else {
            self.metric_name(id)
        }
    }

    /// The same inside a sentence.
    pub(super) fn metric_in_sentence(self, id: &'a str) -> String {
        lower_first(self.metric_name(id))
    }

    pub(super) fn metric_plan(self, id: &str) -> Option<&'a MetricPlan> {
        self.plan.metrics.iter().find(|metric| metric.id == id)
    }

    pub(super) fn metric_spec(self, id: &str) -> Option<&'a Metric> {
        self.spec.metrics.get(id)
    }

    /// The metrics that gate the decision and were sized, with the comparison of the arm that needs most.
    pub(super) fn sized(self) -> impl Iterator<Item = (&'a MetricPlan, &'a Comparison)> {
        self.plan.metrics.iter().filter_map(|metric| {
            let hardest = metric.comparisons.iter().max_by_key(|comparison| comparison.n.total)?;
            Some((metric, hardest))
        })
    }

    /// The arms of a group as a sentence lists them.
    pub(super) fn arm_names(self, group: &Alike<'a>) -> String {
        listed(group.arms.iter().map(|arm| self.arm_name(arm)))
    }

    /// Whether a primary metric has to win; else nothing must get worse.
    pub(super) fn must_win(self) -> bool {
        self.plan.error_budget.superiority_primaries > 0
    }

    /// The power that the decision is asked for.
    pub(super) fn power(self) -> f64 {
        self.plan
            .decision
            .as_ref()
            .map_or(self.plan.error_budget.power, |decision| decision.target)
    }
}

/// Comparisons of one metric that differ in nothing but their arm: what is said of one holds for all.
#[derive(Debug)]
pub(super) struct Alike<'a> {
    /// The first of them.
    pub(super) comparison: &'a Comparison,
    /// The arms of all, in the order of the plan.
    pub(super) arms: Vec<&'a str>,
}

/// A title inside a sentence, unless it starts with an acronym: `hallucination rate`, but `F1` and `CTR`.
fn lower_first(title: &str) -> String {
    let mut characters = title.chars();
    match (characters.next(), characters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(characters).collect(),
        _ => title.to_owned(),
    }
}

/// Whether values of a metric are shares.
pub(super) use crate::language::is_share;

/// A level of a metric as it was written: `20%`, `1.8 s`, `$0.012`.
pub(super) fn level(metric: &MetricPlan, value: f64) -> String {
    if is_share(metric.kind.as_deref()) {
        format::percent(value)
    } else {
        format::quantity(value, metric.unit.as_deref().unwrap_or_default())
    }
}

/// A computed level of a metric: three digits, because a tenth of a percent is often the whole effect.
pub(super) fn estimated_level(metric: &MetricPlan, value: f64) -> String {
    if is_share(metric.kind.as_deref()) {
        format!("{}%", format::at_most(value * 100.0, 3))
    } else {
        format::estimate(value, metric.unit.as_deref().unwrap_or_default())
    }
}

/// A difference on a metric's own scale: `3 pp`, `0.18 s`.
pub(super) fn difference(metric: &MetricPlan, value: f64) -> String {
    if is_share(metric.kind.as_deref()) {
        format::points(value)
    } else {
        format::estimate(value, metric.unit.as_deref().unwrap_or_default())
    }
}

/// The comparisons of a metric, those that differ in nothing but their arm together.
pub(super) fn alike(metric: &MetricPlan) -> Vec<Alike<'_>> {
    let mut groups: Vec<Alike<'_>> = Vec::new();
    for comparison in &metric.comparisons {
        let same = |group: &&mut Alike<'_>| {
            let as_if_its_own = Comparison {
                arm: group.comparison.arm.clone(),
                ..comparison.clone()
            };
            as_if_its_own == *group.comparison
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.arms.push(&comparison.arm),
            None => groups.push(Alike {
                comparison,
                arms: vec![&comparison.arm],
            }),
        }
    }
    groups
}

/// The size of what is asked, on the scale that the spec uses: `15%`, `2 pp`.
pub(super) fn asked(metric: &MetricPlan, question: &Question) -> String {
    if question.scale == "relative" {
        format::percent(question.relative)
    } else {
        difference(metric, question.absolute)
    }
}

/// The margin that an effect must beat, on the scale of what is asked.
pub(super) fn to_beat(metric: &MetricPlan, question: &Question) -> Option<String> {
    let margin = question.margin?;
    Some(if question.scale == "relative" {
        format::estimate_percent(margin.relative)
    } else {
        difference(metric, margin.absolute)
    })
}

/// What is asked on the other scale, for the reader who thinks in that one.
pub(super) fn asked_otherwise(metric: &MetricPlan, question: &Question) -> String {
    if question.scale == "relative" {
        difference(metric, question.absolute)
    } else {
        format!("{} relative", format::estimate_percent(question.relative))
    }
}

/// A computed effect, on the scale that the spec uses.
pub(super) fn estimated_change(metric: &MetricPlan, question: &Question, effect: PlanEffect) -> String {
    if question.scale == "relative" {
        format::estimate_percent(effect.relative)
    } else {
        difference(metric, effect.absolute)
    }
}

/// An effect as a spec writes it, for metrics that have no plan.
pub(super) fn written(effect: Effect) -> String {
    match effect {
        Effect::Relative(fraction) => format::percent(fraction.get()),
        Effect::Absolute(amount) if amount.unit() == AmountUnit::PercentagePoints => format::points(amount.value()),
        Effect::Absolute(amount) => amount.to_string(),
    }
}

/// The same for a metric that has a plan: an amount on shares is one of percentage points.
pub(super) fn written_for(metric: Option<&MetricPlan>, effect: Effect) -> String {
    match (effect, metric) {
        (Effect::Absolute(amount), Some(metric)) if amount.unit() == AmountUnit::Plain => {
            difference(metric, amount.value())
        }
        _ => written(effect),
    }
}

/// `rise` or `fall`.
pub(super) fn moves(direction: Option<Direction>) -> &'static str {
    match direction {
        Some(Direction::Increase) => "rise",
        Some(Direction::Decrease) => "fall",
        None => "change",
    }
}

/// `increase` or `reduction`.
pub(super) fn change_of(direction: Option<&str>) -> &'static str {
    match direction {
        Some("increase") => "increase",
        Some("decrease") => "reduction",
        _ => "change",
    }
}

/// Names as code, listed as a sentence does.
pub(super) fn codes<'a>(names: impl IntoIterator<Item = &'a str>) -> Text {
    Text::join(names.into_iter().map(|name| Text::new().code(name)))
}

/// `a` or `an` before a percentage that is read aloud: an 8%, an 11%, an 18%, an 80%.
pub(super) fn article(percent: &str) -> &'static str {
    let digits: String = percent.chars().take_while(char::is_ascii_digit).collect();
    if digits.starts_with('8') || digits == "11" || digits == "18" {
        "an"
    } else {
        "a"
    }
}

/// A count in words up to ten, as running text has it.
pub(super) fn in_words(n: usize) -> String {
    const WORDS: [&str; 11] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ];
    WORDS
        .get(n)
        .map_or_else(|| format::count(n as f64), |word| (*word).to_owned())
}

/// A count in words with its noun: `two errors`.
pub(super) fn in_words_with(n: usize, noun: &str) -> String {
    let noun = if n == 1 { noun.to_owned() } else { format::plural(noun) };
    format!("{} {noun}", in_words(n))
}
