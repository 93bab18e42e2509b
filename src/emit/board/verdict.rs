//! The verdict: one sentence that a board can act on, and what it rests on.

use super::inputs::FindingRecord;
use super::model::{State, Verdict};
use super::text::{Text, listed, sentence};
use super::view::{View, article, asked, in_words, in_words_with};
use crate::diagnostics::Severity;
use crate::format;
use crate::plan::model::{ChanceToShip, DecisionPower, MetricPlan, Resource, Shortfall};

/// What stands between this plan and a yes, from the gravest on. The verdict names the first.
enum Obstacle<'a> {
    /// There is no size.
    NoSize,
    /// The planned size is too small.
    Planned { planned: u64, required: u64 },
    /// What can be had is too little.
    Available { available: u64, required: u64 },
    /// The size is what each metric asks for, and the decision as a whole still misses its target.
    Target(&'a Shortfall),
    /// The size will do; findings will not.
    Errors(usize),
}

pub(super) fn verdict(view: View<'_>) -> Verdict {
    let obstacle = obstacle(view);
    let state = match obstacle {
        None => State::Ready,
        Some(Obstacle::NoSize) => State::Incomplete,
        Some(_) => State::NotReady,
    };
    let (sentence, mut reasons) = match obstacle {
        None => (ready(view), Vec::new()),
        Some(Obstacle::NoSize) => no_size(view),
        Some(Obstacle::Planned { planned, required }) => (planned_too_small(view, planned, required), binding(view)),
        Some(Obstacle::Available { available, required }) => {
            (available_too_small(view, available, required), binding(view))
        }
        Some(Obstacle::Target(short)) => (target_missed(view, short), ways_out(short)),
        Some(Obstacle::Errors(errors)) => (
            format!(
                "Not ready. The size suffices; {} must be resolved first.",
                in_words_with(errors, "error")
            ),
            binding(view),
        ),
    };
    reasons.extend(findings(view, state));
    Verdict {
        state,
        sentence,
        reasons,
    }
}

fn obstacle(view: View<'_>) -> Option<Obstacle<'_>> {
    let sizes = &view.plan.sizes;
    let errors = open(view.inputs.findings, Severity::Error);
    if view.plan.choice.is_some() {
        return (errors > 0).then_some(Obstacle::Errors(errors));
    }
    let Some(required) = sizes.required.filter(|_| view.plan.complete) else {
        return Some(Obstacle::NoSize);
    };
    if let Some(planned) = sizes.planned.filter(|planned| *planned < required) {
        return Some(Obstacle::Planned { planned, required });
    }
    if let Some(available) = sizes.available.filter(|available| *available < required) {
        return Some(Obstacle::Available { available, required });
    }
    if let Some(short) = shortfall(view) {
        return Some(Obstacle::Target(short));
    }
    (errors > 0).then_some(Obstacle::Errors(errors))
}

/// Findings of a severity that nobody waived.
pub(super) fn open(findings: &[FindingRecord], severity: Severity) -> usize {
    findings
        .iter()
        .filter(|f| f.severity == severity && f.waived.is_none())
        .count()
}

/// Why the decision misses its target at a size that gives every metric what it asks for.
pub(super) fn shortfall(view: View<'_>) -> Option<&Shortfall> {
    view.plan.decision.as_ref()?.shortfall.as_ref()
}

/// What a chance of the plan is of: shipping, and what that would mean; or of what comes before a price that it leaves out.
pub(super) fn of_what(view: View<'_>) -> String {
    let decision = view.plan.decision.as_ref();
    match decision.and_then(|decision| decision.leaves_out.as_ref()) {
        Some(what) => format!("of a win that harms nothing (it leaves out {what})"),
        None if view.must_win() => "of shipping a change that works".to_owned(),
        None => "of shipping a change that is not worse".to_owned(),
    }
}

fn target_missed(view: View<'_>, short: &Shortfall) -> String {
    format!(
        "Not ready. {} give {} {}, and {} is asked for: {}.",
        view.units(short.units),
        chance(short.chance),
        of_what(view),
        format::level(view.power()),
        short.because.join("; and ")
    )
}

/// What would reach the target, and whether units would.
fn ways_out(short: &Shortfall) -> Vec<Text> {
    let mut ways = vec![Text::from("Instead: ").marked(&short.instead.join("; or ")).say(".")];
    if short.ceiling < short.chance.if_independent + 0.05 {
        let ceiling = format::chance(short.ceiling);
        ways.insert(
            0,
            format!("More units hardly help: with any number of them the chance is {ceiling}.").into(),
        );
    }
    ways
}

/// `a 90% chance`, with the bound where the two differ on paper.
fn chance(of: ChanceToShip) -> String {
    a_chance(of.if_independent)
}

fn a_chance(of: f64) -> String {
    said_chance(&format::chance(of))
}

/// A chance as it is written, inside a sentence.
fn said_chance(text: &str) -> String {
    if text.starts_with("at least") {
        return format!("a chance of {text}");
    }
    let below = text.starts_with('<');
    let above = text.starts_with('>');
    if below {
        format!("less than a {} chance", text.trim_start_matches('<'))
    } else if above {
        format!("more than a {} chance", text.trim_start_matches('>'))
    } else {
        format!("{} {text} chance", article(text))
    }
}

fn ready(view: View<'_>) -> String {
    let sizes = &view.plan.sizes;
    let (size, at) = match sizes.planned {
        Some(planned) => (planned, at(view, |decision| decision.planned)),
        None => (
            sizes.required.unwrap_or_default(),
            at(view, |decision| decision.required),
        ),
    };
    // The days are those of the required size.
    let time = view
        .plan
        .duration
        .as_ref()
        .filter(|_| sizes.required == Some(size))
        .map(|d| format!(" in {}", format::days(f64::from(d.days))));
    let time = time.unwrap_or_default();
    if let Some(choice) = &view.plan.choice {
        return format!(
            "Ready. {}{time} give {} of choosing the best of {} arms.",
            view.units(choice.units),
            said_chance(&choice.best_chosen.chance()),
            choice.arms
        );
    }
    match at {
        Some(at) => format!(
            "Ready. {}{time} give {} {}.",
            view.units(size),
            chance(at),
            of_what(view)
        ),
        None => format!("Ready. The decision needs {}{time}.", view.units(size)),
    }
}

fn at(view: View<'_>, of: impl Fn(&DecisionPower) -> Option<ChanceToShip>) -> Option<ChanceToShip> {
    view.plan.decision.as_ref().and_then(of)
}

fn planned_too_small(view: View<'_>, planned: u64, required: u64) -> String {
    let needed = format::count(required as f64);
    match at(view, |decision| decision.planned) {
        Some(at) => format!(
            "Not ready. The planned {} leave {} {}; the decision needs {needed}.",
            view.units(planned),
            chance(at),
            of_what(view)
        ),
        None => format!(
            "Not ready. {} are planned; the decision needs {needed}.",
            view.units(planned)
        ),
    }
}

fn available_too_small(view: View<'_>, available: u64, required: u64) -> String {
    let needed = format::count(required as f64);
    let binding = view.plan.capacities.iter().find(|capacity| capacity.binds);
    let given = match binding.map(|capacity| (capacity.resource, &capacity.how)) {
        Some((Resource::Clusters | Resource::Labels | Resource::Tokens, how)) => {
            format!("{} give {}", capital(how), view.units(available))
        }
        _ if view.is_replay() => format!("The log holds {}", view.units(available)),
        _ => {
            let limit = view.plan.duration.as_ref().map(|d| format::days(f64::from(d.max_days)));
            let limit = limit.map_or_else(String::new, |days| format!(" in {days}, the longest run allowed"));
            format!("Traffic gives {}{limit}", view.units(available))
        }
    };
    format!("Not ready. {given}; the decision needs {needed}.")
}

/// Without a size there is no number to name, only what is missing.
fn no_size(view: View<'_>) -> (String, Vec<Text>) {
    // What keeps a plan from being complete need not be a metric: there may be none.
    let (blocked, others): (Vec<_>, Vec<_>) = view.plan.unsized_metrics.iter().partition(|u| !u.metric.is_empty());
    let names = || blocked.iter().map(|u| view.metric_name(&u.metric));
    let sentence_ = match blocked.len() {
        0 => "Not ready. No sample size can be computed yet.".to_owned(),
        1 => format!(
            "Not ready. {} cannot be sized yet, so there is no sample size.",
            listed(names())
        ),
        n => format!(
            "Not ready. {} metrics cannot be sized yet, so there is no sample size: {}.",
            capital(&in_words(n)),
            listed(names())
        ),
    };
    let reasons = blocked.iter().map(|u| {
        Text::new()
            .strong(view.metric_name(&u.metric))
            .say(": ")
            .marked(&sentence_case_after_colon(&u.reason))
    });
    let mut reasons: Vec<Text> = reasons.collect();
    reasons.extend(others.iter().map(|u| Text::new().marked(&sentence(&u.reason))));
    if reasons.is_empty() {
        reasons.push(
            "The spec declares no metric that the decision could rest on, or the findings say what is missing.".into(),
        );
    }
    (sentence_, reasons)
}

/// What makes the size what it is: the metric that binds, and what the primary alone would need.
fn binding(view: View<'_>) -> Vec<Text> {
    let Some(size) = &view.plan.sample_size else {
        return Vec::new();
    };
    let Some(binds) = view.metric_plan(&size.binding_metric) else {
        return Vec::new();
    };
    let primary = view
        .sized()
        .filter(|(metric, _)| metric.role == "primary" && metric.id != binds.id)
        .max_by_key(|(_, comparison)| comparison.n.total);
    let promise = promise(binds);
    match (primary, promise) {
        (Some((_, alone)), Some(promise)) if binds.role == "guardrail" => vec![
            Text::from("The primary metric alone would need ")
                .link(format::count(alone.n.total as f64), "statistics")
                .say(". The rest is the price of promising that ")
                .say(view.metric_in_sentence(&binds.id))
                .say(promise)
                .say("."),
        ],
        _ => vec![
            Text::new()
                .say(view.metric_name(&size.binding_metric))
                .say(" asks for the most and sets the size."),
        ],
    }
}

/// What a guardrail promises: ` rises by less than 5%`.
fn promise(metric: &MetricPlan) -> Option<String> {
    let question = metric.question.as_ref()?;
    let worsens = match metric.direction.as_deref() {
        Some("increase") => "falls",
        Some("decrease") => "rises",
        _ => "worsens",
    };
    Some(format!(" {worsens} by less than {}", asked(metric, question)))
}

/// What the findings add to the verdict.
fn findings(view: View<'_>, state: State) -> Vec<Text> {
    let findings = view.inputs.findings;
    let errors = open(findings, Severity::Error);
    let warnings = open(findings, Severity::Warning);
    let waived = findings.iter().filter(|f| f.waived.is_some()).count();
    let mut counts = Vec::new();
    if errors > 0 {
        counts.push(in_words_with(errors, "error"));
    }
    if warnings > 0 {
        counts.push(in_words_with(warnings, "warning"));
    }
    let mut text = if counts.is_empty() {
        if state != State::Ready {
            return Vec::new();
        }
        Text::from("No errors and no warnings.")
    } else {
        let words = capital(&listed(counts.iter().map(String::as_str)));
        let verb = if errors + warnings == 1 { "is" } else { "are" };
        Text::from(format!("{words} {verb} open: "))
            .link(if errors + warnings == 1 { "read it" } else { "read them" }, "findings")
            .say(".")
    };
    if waived > 0 {
        let verb = if waived == 1 { "is" } else { "are" };
        text = text.say(format!(
            " {} {verb} waived.",
            capital(&in_words_with(waived, "finding"))
        ));
    }
    vec![text]
}

fn capital(words: &str) -> String {
    sentence(words).trim_end_matches('.').to_owned()
}

/// A reason behind `name: ` keeps its case and gets its full stop.
fn sentence_case_after_colon(reason: &str) -> String {
    let reason = reason.trim();
    if reason.ends_with(['.', '!', '?']) {
        reason.to_owned()
    } else {
        format!("{reason}.")
    }
}
