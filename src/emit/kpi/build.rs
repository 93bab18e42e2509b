//! From the catalogue to the content of the page.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use indexmap::IndexMap;
use sha2::{Digest as _, Sha256};

use super::amount::Scale;
use super::gauge::Gauge;
use super::inputs::{Definition, KpiInputs};
use super::model::{HeldAgainst, Kpi, Page, Standing, StandingState};
use super::status::{Levels, Status};
use super::{coverage, gaps, method, sections, tree};
use crate::emit::board::{Digest, Fact, Style, Text};
use crate::format;
use crate::language::Direction;
use crate::workspace::MetricTree;

/// The inputs with what is read off them more than once.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) inputs: KpiInputs<'a>,
    pub(super) tree: &'a MetricTree<'a>,
    /// The metrics of the page: those it is about, and what they lead to.
    pub(super) scope: &'a [&'a Definition],
    /// The KPIs among those it is about.
    pub(super) kpis: &'a [&'a Definition],
}

impl<'a> View<'a> {
    /// A name with a link to its KPI, where it has one on this page.
    pub(super) fn named(self, definition: &Definition) -> Text {
        if self.kpis.iter().any(|kpi| kpi.id == definition.id) {
            Text::new().link(definition.name(), anchor(&definition.id))
        } else {
            Text::from(definition.name())
        }
    }

    pub(super) fn definition(self, id: &str) -> Option<&'a Definition> {
        self.inputs.definitions.iter().find(|definition| definition.id == id)
    }

    /// The name of a metric by its id; the id where the catalogue has none.
    pub(super) fn named_by(self, id: &str) -> Text {
        self.definition(id)
            .map_or_else(|| Text::new().code(id), |definition| self.named(definition))
    }
}

/// The KPIs of the page: those it is about that have a target, then those that have levels only.
pub(super) fn kpis(inputs: KpiInputs<'_>) -> Vec<&Definition> {
    let shown: BTreeSet<&str> = inputs.shown.iter().map(String::as_str).collect();
    let mut kpis: Vec<&Definition> = inputs
        .definitions
        .iter()
        .filter(|definition| shown.contains(definition.id.as_str()) && Levels::of(&definition.metric).any())
        .collect();
    kpis.sort_by_key(|definition| definition.metric.target.is_none());
    kpis
}

/// Builds the page.
pub(super) fn page(inputs: KpiInputs<'_>) -> Page {
    let tree = metric_tree(inputs);
    let shown: BTreeSet<&str> = inputs.shown.iter().map(String::as_str).collect();
    let reached = tree.reached_from(shown.iter().copied());
    let scope: Vec<&Definition> = inputs
        .definitions
        .iter()
        .filter(|definition| shown.contains(definition.id.as_str()) || reached.contains(definition.id.as_str()))
        .collect();
    let kpis = kpis(inputs);
    let view = View {
        inputs,
        tree: &tree,
        scope: &scope,
        kpis: &kpis,
    };
    let drawn: Vec<Kpi> = kpis.iter().map(|definition| kpi(view, definition)).collect();
    let gaps = gaps::gaps(view);
    let drawings = tree::drawings(view);
    Page {
        id: inputs.subject.to_owned(),
        title: inputs.title.to_owned(),
        as_of: format::date(inputs.as_of),
        tool_version: inputs.tool_version.to_owned(),
        digest: Digest::new(&digest(&scope)),
        verdict: standing(view, &drawn, gaps.len()),
        no_kpis: kpis.is_empty().then_some(
            "No metric has a target, a warning level or a critical level. Write `target`, `warn` or `critical` in the \
             catalogue to make a metric a KPI.",
        ),
        drawings: drawings.charts,
        undriven: drawings.undriven,
        everything_drawn: drawings.whole,
        tree: tree::lines(view),
        sections: sections::build(view, &gaps),
        kpis: drawn,
    }
}

/// The tree over all definitions.
fn metric_tree(inputs: KpiInputs<'_>) -> MetricTree<'_> {
    let edges: Vec<(&str, Vec<&str>)> = inputs
        .definitions
        .iter()
        .map(|d| (d.id.as_str(), d.metric.drives.iter().map(String::as_str).collect()))
        .collect();
    let north_stars: Vec<&str> = inputs
        .goals
        .values()
        .filter_map(|goal| goal.north_star.as_deref())
        .collect();
    MetricTree::new(&edges, &north_stars)
}

/// SHA-256 over what is declared: the same definitions, the same digest.
fn digest(scope: &[&Definition]) -> String {
    let declared: IndexMap<&str, &crate::language::Metric> = scope
        .iter()
        .map(|definition| (definition.id.as_str(), &definition.metric))
        .collect();
    let text = serde_json::to_vec(&declared).unwrap_or_default();
    Sha256::digest(text)
        .iter()
        .fold(String::from("sha256:"), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}"); // writing to a string cannot fail
            hex
        })
}

/// The anchor of a KPI. Ids of the language are plain; whatever else stands there must not break a link.
pub(super) fn anchor(id: &str) -> String {
    let plain: String = id
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' })
        .collect();
    format!("kpi-{plain}")
}

fn kpi(view: View<'_>, definition: &Definition) -> Kpi {
    let metric = &definition.metric;
    let scale = Scale::of(metric);
    let levels = Levels::of(metric);
    let status = Status::of(definition.value(), levels, metric.direction);
    let distance = match (definition.value(), levels.target) {
        (Some(value), Some(target)) if status != Status::OnTarget && status != Status::Undirected => {
            let short = if metric.direction == Some(Direction::Increase) {
                "below"
            } else {
                "above"
            };
            format!(
                "{} {short} the target of {}",
                scale.distance(value, target),
                scale.written(target)
            )
        }
        _ => String::new(),
    };
    Kpi {
        anchor: anchor(&definition.id),
        id: definition.id.clone(),
        name: definition.name().to_owned(),
        description: metric.description.clone().unwrap_or_default(),
        value: definition.value().map(|value| scale.written(value)),
        held_against: if levels.target.is_some() {
            HeldAgainst::Target
        } else {
            HeldAgainst::Limits
        },
        status,
        standing: Text::new().status(status.style(), status.words(metric.direction)),
        distance,
        levels: level_words(levels, &scale),
        gauge: Gauge::new(
            definition.value(),
            definition.interval,
            levels,
            metric.direction,
            &scale,
        ),
        facts: facts(view, definition, &scale),
    }
}

fn level_words(levels: Levels, scale: &Scale) -> String {
    [
        ("target", levels.target),
        ("warn", levels.warn),
        ("critical", levels.critical),
    ]
    .into_iter()
    .filter_map(|(word, level)| Some(format!("{word} {}", scale.written(level?))))
    .collect::<Vec<_>>()
    .join(" · ")
}

/// What a reviewer asks of a number; what is not said is shown as such.
fn facts(view: View<'_>, definition: &Definition, scale: &Scale) -> Vec<Fact> {
    let metric = &definition.metric;
    let not_said = || Text::new().status(Style::Info, "not said");
    let said = |label: &str, text: Option<Text>| Fact::new(label, text.unwrap_or_else(not_said));
    let when_said = |label: &str, text: Option<Text>| text.map(|text| Fact::new(label, text));
    let names = |ids: &[&str]| (!ids.is_empty()).then(|| Text::join(ids.iter().map(|id| view.named_by(id))));
    let counters: Vec<&str> = metric.counter_metrics.iter().map(String::as_str).collect();
    let window = metric
        .window
        .map(|window| format!(", observed for {}", format::span(&window.to_string())));
    let kind = method::kind(metric).map(|kind| Text::from(kind).say(window.unwrap_or_default()));
    let mut facts = vec![
        said("What it is", kind),
        said("How it is measured", method::measured(metric)),
        said("Source", method::source(view.inputs, metric)),
    ];
    facts.extend(when_said(
        "Measured from and to",
        method::boundary(view.inputs, metric).map(Text::from),
    ));
    facts.push(said(
        "Last measured",
        method::last_measured(definition, scale).map(Text::from),
    ));
    facts.push(said("Refreshed", method::refreshed(metric).map(Text::from)));
    facts.push(said("Owner", metric.owner.clone().map(Text::from)));
    let place = [
        metric
            .tier
            .map(|tier| format!("{} tier", coverage::tier_name(tier).to_lowercase())),
        metric.heart.map(|heart| coverage::heart_name(heart).to_lowercase()),
        method::indicator(metric).map(str::to_owned),
    ];
    let place: Vec<String> = place.into_iter().flatten().collect();
    facts.push(said(
        "In the taxonomy",
        (!place.is_empty()).then(|| Text::from(place.join(", "))),
    ));
    facts.extend(when_said("Drives", names(view.tree.drives(&definition.id))));
    facts.extend(when_said("Driven by", names(view.tree.driven_by(&definition.id))));
    facts.extend(when_said("Kept honest by", names(&counters)));
    facts.push(Fact::new("Defined at", Text::new().code(definition.place.clone())));
    facts
}

/// How the KPIs stand. Those with a target are counted; where there is none, those with limits.
fn standing(view: View<'_>, kpis: &[Kpi], gaps: usize) -> Standing {
    let aimed: Vec<&Kpi> = kpis
        .iter()
        .filter(|kpi| kpi.held_against == HeldAgainst::Target)
        .collect();
    let (counted, noun) = if aimed.is_empty() {
        (kpis.iter().collect(), "watched metric")
    } else {
        (aimed, "KPI")
    };
    let is_good = |kpi: &Kpi| matches!(kpi.status, Status::OnTarget | Status::WithinLimits);
    let good = counted.iter().filter(|kpi| is_good(kpi)).count();
    let of = |status: Status| kpis.iter().filter(|kpi| kpi.status == status).count();
    let (critical, warning) = (of(Status::Critical), of(Status::Warning));
    let state = if critical > 0 {
        StandingState::Act
    } else if kpis.is_empty() || !kpis.iter().all(is_good) {
        StandingState::Watch
    } else {
        StandingState::Ready
    };
    let mut sentence = match (good, counted.len()) {
        (_, 0) => "There is nothing to hold against a target".to_owned(),
        (1, 1) => format!("The one {noun} is where it should be"),
        (0, 1) => format!("The one {noun} is not where it should be"),
        (good, all) if good == all => format!("All {all} {noun}s are where they should be"),
        (0, all) => format!("None of the {all} {noun}s is where it should be"),
        (1, all) => format!("1 of {all} {noun}s is where it should be"),
        (good, all) => format!("{good} of {all} {noun}s are where they should be"),
    };
    for (n, words) in [(critical, "critical"), (warning, "at the warning level")] {
        if n > 0 {
            let _ = write!(sentence, "; {n} {} {words}", is_are(n)); // writing to a string cannot fail
        }
    }
    sentence.push('.');
    Standing {
        state,
        sentence,
        reasons: reasons(view, kpis, gaps),
    }
}

fn is_are(n: usize) -> &'static str {
    if n == 1 { "is" } else { "are" }
}

/// Up to this many KPIs are named in the verdict; the tiles below show all.
const NAMED: usize = 4;

fn reasons(view: View<'_>, kpis: &[Kpi], gaps: usize) -> Vec<Text> {
    let mut wanting: Vec<&Kpi> = kpis
        .iter()
        .filter(|kpi| !matches!(kpi.status, Status::OnTarget | Status::WithinLimits))
        .collect();
    // Gravest first; otherwise the order of the catalogue stays.
    wanting.sort_by_key(|kpi| match kpi.status {
        Status::Critical => 0,
        Status::Warning => 1,
        Status::OffTarget => 2,
        _ => 3,
    });
    let mut reasons = Vec::new();
    if !wanting.is_empty() {
        let items = wanting.iter().take(NAMED).map(|kpi| {
            let name = Text::new().link(kpi.name.clone(), kpi.anchor.clone());
            match (&kpi.value, kpi.distance.is_empty()) {
                (Some(value), false) => name.say(format!(" at {value}, {}", kpi.distance)),
                (Some(value), true) => name.say(format!(" at {value}, {}", kpi.standing.plain())),
                (None, _) => name.say(", not measured"),
            }
        });
        let mut text = Text::new();
        for (at, item) in items.enumerate() {
            text = if at == 0 { text } else { text.say("; ") }.append(item);
        }
        let rest = wanting.len().saturating_sub(NAMED);
        reasons.push(if rest > 0 {
            text.say(format!("; and {rest} more."))
        } else {
            text.say(".")
        });
    }
    let measured: Vec<_> = view
        .kpis
        .iter()
        .filter_map(|definition| definition.metric.baseline.as_ref()?.to)
        .collect();
    if let (Some(first), Some(last)) = (measured.iter().min(), measured.iter().max()) {
        let (first, last) = (format::date(&first.to_string()), format::date(&last.to_string()));
        reasons.push(Text::from(if first == last {
            format!("Values are the baselines of the catalogue, measured until {last}.")
        } else {
            format!("Values are the baselines of the catalogue, measured until dates between {first} and {last}.")
        }));
    }
    if gaps > 0 {
        let gaps = format::counted(gaps as f64, "gap");
        reasons.push(
            Text::new()
                .say("The catalogue has ")
                .link(gaps, "gaps")
                .say(" to close."),
        );
    }
    reasons
}
