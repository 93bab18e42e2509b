//! 6 · How each number comes about: its source, who or what judges, and what the errors of a judge do.

use super::{Body, facts_block, missing, note};
use crate::emit::board::block::{Block, Cell, Column, Row, Table};
use crate::emit::board::model::Fact;
use crate::emit::board::surroundings::{JudgeReading, Share};
use crate::emit::board::text::{Style, Text, listed};
use crate::emit::board::view::View;
use crate::emit::chart::{Axis, Look, Numbers, Point, Scale, Span, SpanChart, SpanRow};
use crate::format;
use crate::language::Metric;
use crate::language::metric::{Human, Judge, Method};
use crate::plan::JudgeBias;

pub(super) fn body(view: View<'_>) -> Body {
    if view.plan.metrics.is_empty() {
        return Body {
            blocks: vec![missing("No metrics are declared, so nothing is measured.")],
            ..Body::default()
        };
    }
    let mut blocks = vec![Block::Table(lineage(view))];
    for metric in &view.plan.metrics {
        let Some(declared) = view.metric_spec(&metric.id) else {
            continue;
        };
        if let Some(judge) = &declared.judge {
            blocks.extend(judge_blocks(view, &metric.id, judge));
        } else if matches!(declared.method, Some(Method::Judge | Method::Hybrid)) {
            blocks.push(missing(
                Text::new()
                    .strong(view.metric_name(&metric.id))
                    .say(" is read by a judge whose errors are not known: ")
                    .code(format!("metrics.{}.judge", metric.id))
                    .say(" would say how often it is right."),
            ));
        }
        if let Some(human) = &declared.human {
            let caption = format!("{}, labels by people", view.metric_name(&metric.id));
            blocks.push(facts_block(&caption, people(human)));
        } else if matches!(declared.method, Some(Method::Human)) {
            blocks.push(missing(
                Text::new()
                    .strong(view.metric_name(&metric.id))
                    .say(" is rated by people, and it is not said how: ")
                    .code(format!("metrics.{}.human", metric.id))
                    .say(" has raters, scale, overlap and agreement."),
            ));
        }
    }
    Body {
        lede: lede(view),
        blocks,
        ..Body::default()
    }
}

fn lede(view: View<'_>) -> Text {
    let judged = &view.inputs.surroundings.judges;
    match judged.as_slice() {
        [] => "Every number below has a source, a window and an owner, or says that it has none.".into(),
        [one] => Text::from("A judge that errs makes every effect look smaller: of a true difference in ")
            .strong(view.metric_in_sentence(&one.metric))
            .say(format!(", {} is left.", format::share(one.attenuation))),
        many => format!(
            "{} metrics are read by judges that err, which makes every effect look smaller than it is.",
            super::capital(&crate::emit::board::view::in_words(many.len()))
        )
        .into(),
    }
}

/// Where the number comes from, metric by metric.
fn lineage(view: View<'_>) -> Table {
    let columns = vec![
        Column::words("Metric"),
        Column::words("What is counted"),
        Column::words("Measured by"),
        Column::words("Window"),
        Column::words("Tier, HEART, timing"),
        Column::words("Owner"),
    ];
    let or_dash = |text: Option<String>| text.map_or_else(|| Text::from("–"), Text::from);
    // Most catalogues read all baselines over the same days: said once, then.
    let mut windows: Vec<String> = view
        .plan
        .metrics
        .iter()
        .filter_map(|metric| baseline_window(view.metric_spec(&metric.id)?))
        .collect();
    let read = windows.len();
    windows.dedup();
    let common = windows.first().filter(|_| windows.len() == 1 && read > 1);
    let rows = view
        .plan
        .metrics
        .iter()
        .filter_map(|metric| {
            let declared = view.metric_spec(&metric.id)?;
            Some(Row::new([
                Cell::from(view.metric_name(&metric.id)),
                Cell::from(or_dash(declared.description.clone())),
                Cell::from(source(declared, common.is_none())),
                Cell::from(or_dash(declared.window.map(|window| format::span(&window.to_string())))),
                Cell::from(taxonomy(declared)),
                Cell::from(or_dash(declared.owner.clone())),
            ]))
        })
        .collect();
    Table {
        caption: "Where each number comes from".into(),
        note: common.map_or_else(Text::new, |window| {
            format!("All baselines were read over {window}; n is the number of units in them.").into()
        }),
        columns,
        rows,
        wide: true,
    }
}

fn taxonomy(metric: &Metric) -> Text {
    let words: Vec<String> = [
        metric.tier.map(|tier| tier.to_string()),
        metric.heart.map(|heart| heart.to_string().replace('_', " ")),
        metric.indicator.map(|indicator| indicator.to_string()),
    ]
    .into_iter()
    .flatten()
    .collect();
    if words.is_empty() {
        "–".into()
    } else {
        words.join(", ").into()
    }
}

/// The days that a baseline was read over.
fn baseline_window(metric: &Metric) -> Option<String> {
    let (from, to) = metric.baseline.as_ref().and_then(|b| b.from.zip(b.to))?;
    Some(format::date_range(&from.to_string(), &to.to_string()))
}

/// How a metric is read, and from where; with the days of its baseline unless all have the same.
fn source(metric: &Metric, with_window: bool) -> Text {
    let method = metric.method.map(|method| method.to_string());
    let Some(from) = metric.source.as_ref().and_then(|source| source.from.as_deref()) else {
        return method.unwrap_or_else(|| "–".to_owned()).into();
    };
    let mut text = match method {
        Some(method) => Text::from(method).say(" in ").code(from),
        None => Text::new().code(from),
    };
    if let Some(window) = baseline_window(metric).filter(|_| with_window) {
        text = text.say(format!("; baseline from {window}"));
    }
    let baseline = metric.baseline.as_ref();
    if let Some(n) = baseline.and_then(|baseline| baseline.n) {
        text = text.say(format!("; n\u{a0}=\u{a0}{}", format::count(n as f64)));
    }
    match baseline.and_then(|baseline| baseline.response_rate) {
        Some(rate) => text.say(format!("; answered by {}", format::percent(rate.get()))),
        None => text,
    }
}

fn judge_blocks(view: View<'_>, id: &str, judge: &Judge) -> Vec<Block> {
    let name = view.metric_plan(id).map_or(id, |metric| view.metric_name(&metric.id));
    let reading = view
        .inputs
        .surroundings
        .judges
        .iter()
        .find(|reading| reading.metric == id);
    let mut blocks = Vec::new();
    if let Some(reading) = reading {
        blocks.push(Block::Table(thousand(view, name, reading)));
        blocks.extend(attenuation(view, reading));
    }
    blocks.push(facts_block(
        &format!("{name}, judge card"),
        card(view, id, judge, reading),
    ));
    if let Some(reading) = reading {
        blocks.push(note(
            Text::new()
                .strong("What no sample size buys back:")
                .say(format!(
                    " an error that differs between the arms. A specificity lower by 1 pp in one arm looks like an effect of {}.",
                    format::points(reading.faked_by_one_point)
                )),
        ));
        blocks.extend(reading.biases.iter().map(bias_of));
    } else {
        blocks.push(missing(Text::new().strong(name).say(
            ": without sensitivity and specificity nobody knows how much of an effect this judge shows.",
        )));
    }
    blocks
}

/// The effect that a judge makes of its own in an arm.
fn bias_of(bias: &JudgeBias) -> Block {
    note(
        Text::new()
            .strong("This judge errs differently by arm:")
            .say(" without any effect it shows a difference of ")
            .strong(format::points(bias.difference))
            .say(" in ")
            .code(bias.arm.as_str())
            .say(format!(
                ", {} of what is asked of the metric, toward what is {}. Sizes and power count on a judge that errs alike.",
                format::estimate_percent(bias.of_question),
                if bias.flatters { "better" } else { "worse" }
            )),
    )
}

/// What the judge makes of a thousand control answers.
fn thousand(view: View<'_>, name: &str, reading: &JudgeReading) -> Table {
    let p = reading.true_control;
    let of = |share: f64| format::count((share * 1000.0).round());
    let (se, sp) = (reading.sensitivity.value, reading.specificity.value);
    let row = |title: &str, yes: f64, no: f64| {
        Row::new([
            Cell::from(title),
            Cell::from(of(yes)),
            Cell::from(of(no)),
            Cell::from(of(yes + no)),
        ])
    };
    let unit = format::plural(view.unit());
    Table {
        caption: format!(
            "{name}: of 1,000 {unit} the judge misses {} and raises {} false alarms",
            of(p * (1.0 - se)),
            of((1.0 - p) * (1.0 - sp))
        )
        .into(),
        note: format!(
            "{} of control at the baseline of {}.",
            super::capital(&unit),
            format::percent(p)
        )
        .into(),
        columns: vec![
            Column::words("In truth"),
            Column::numbers("Judged yes"),
            Column::numbers("Judged no"),
            Column::numbers("Together"),
        ],
        rows: vec![
            row("Yes", p * se, p * (1.0 - se)),
            row("No", (1.0 - p) * (1.0 - sp), (1.0 - p) * sp),
            row("Together", reading.judged_control, 1.0 - reading.judged_control).binding(true),
        ],
        wide: false,
    }
}

/// The effect that is there, and the one that the judge shows.
fn attenuation(view: View<'_>, reading: &JudgeReading) -> Option<Block> {
    let metric = view.metric_plan(&reading.metric)?;
    let name = view.metric_in_sentence(&metric.id);
    let relative = |control: f64, arm: f64| format::estimate_percent(((arm - control) / control).abs());
    let (real, seen) = (
        relative(reading.true_control, reading.true_arm),
        relative(reading.judged_control, reading.judged_arm),
    );
    let finding = format!("The judge shows an effect of {real} as one of {seen}");
    let row = |title: &str, look: Look, control: f64, arm: f64| {
        let (from, to) = if control < arm { (control, arm) } else { (arm, control) };
        let (lower, upper) = if control < arm {
            ("control", "arm")
        } else {
            ("arm", "control")
        };
        SpanRow {
            name: title.to_owned(),
            detail: None,
            spans: vec![Span {
                look: Look::Quiet,
                from,
                to,
                after: format!("{upper} {}", format::estimate_percent(to)),
                before: format!("{lower} {}", format::estimate_percent(from)),
            }],
            points: vec![
                Point {
                    look: Look::Neutral,
                    at: control,
                },
                Point { look, at: arm },
            ],
        }
    };
    let levels = [
        reading.true_control,
        reading.true_arm,
        reading.judged_control,
        reading.judged_arm,
    ];
    let least = levels.into_iter().fold(f64::MAX, f64::min);
    let most = levels.into_iter().fold(f64::MIN, f64::max);
    let reach = (most - least).max(1e-6);
    let chart = SpanChart {
        id: format!("judge-{}", metric.id),
        finding: finding.clone(),
        description: format!(
            "In truth {name} goes from {} to {}; as judged it goes from {} to {}.",
            format::estimate_percent(reading.true_control),
            format::estimate_percent(reading.true_arm),
            format::estimate_percent(reading.judged_control),
            format::estimate_percent(reading.judged_arm)
        ),
        scale: Scale::Values(Axis {
            title: super::capital(&name),
            from: (least - reach * 0.8).max(0.0),
            to: (most + reach * 0.8).min(1.0).max(most + 1e-6),
            numbers: Numbers::Percent,
        }),
        rows: vec![
            row("True", Look::First, reading.true_control, reading.true_arm),
            row("As judged", Look::Second, reading.judged_control, reading.judged_arm),
        ],
        bands: Vec::new(),
    }
    .draw()?;
    let line = |title: &str, control: f64, arm: f64| {
        Row::new([
            Cell::from(title),
            Cell::from(format::estimate_percent(control)),
            Cell::from(format::estimate_percent(arm)),
            Cell::from(format::points((arm - control).abs())),
        ])
    };
    Some(Block::Figure {
        caption: finding.into(),
        note: format!(
            "Share of {}, in truth and as judged, if the effect that is asked for is there and the judge errs alike in both arms.",
            format::plural(view.unit())
        )
        .into(),
        chart: Box::new(chart),
        data: Some(Table {
            caption: "The two readings as numbers".into(),
            note: Text::new(),
            columns: vec![
                Column::words("Reading"),
                Column::numbers("Control"),
                Column::numbers("Arm"),
                Column::numbers("Difference"),
            ],
            rows: vec![
                line("True", reading.true_control, reading.true_arm),
                line("As judged", reading.judged_control, reading.judged_arm),
            ],
            wide: false,
        }),
    })
}

fn share(view: View<'_>, id: &str, field: &str, share: Share, labels: Option<u64>) -> Text {
    let text = view
        .ledger
        .linked(format::statistic(share.value), &format!("metrics.{id}.judge.{field}"));
    match (share.interval, labels) {
        (Some((low, high)), Some(labels)) => text.say(format!(
            " ({}–{}, from {} labels)",
            format::statistic(low),
            format::statistic(high),
            format::count(labels as f64)
        )),
        _ => text.say(", ").status(Style::Warn, "without a number of labels"),
    }
}

fn card(view: View<'_>, id: &str, judge: &Judge, reading: Option<&JudgeReading>) -> Vec<Fact> {
    let unsaid = || Text::new().status(Style::Warn, "not said");
    let code = |words: Option<&String>| words.map_or_else(unsaid, |words| Text::new().code(words.as_str()));
    let yes_no = |said: Option<bool>| match said {
        Some(true) => Text::from("yes"),
        Some(false) => Text::new().status(Style::Warn, "no"),
        None => unsaid(),
    };
    let mut facts = vec![
        Fact::new("Model", code(judge.model.as_ref())),
        Fact::new("Family", judge.family.as_deref().map_or_else(unsaid, Text::from)),
        Fact::new(
            "Prompt",
            judge
                .prompt_sha256
                .as_deref()
                .map_or_else(unsaid, |sha| Text::new().code(sha.get(..12).unwrap_or(sha)).say("…")),
        ),
    ];
    match reading {
        Some(reading) => {
            facts.push(Fact::new(
                "Sensitivity",
                share(view, id, "sensitivity", reading.sensitivity, judge.positives),
            ));
            facts.push(Fact::new(
                "Specificity",
                share(view, id, "specificity", reading.specificity, judge.negatives),
            ));
            facts.push(Fact::new(
                "Left of a difference",
                format!(
                    "{} = sensitivity + specificity − 1",
                    format::statistic(reading.attenuation)
                ),
            ));
        }
        None => facts.push(Fact::new("Errors", unsaid())),
    }
    facts.push(Fact::new(
        "Agreement with people",
        judge.kappa.map_or_else(unsaid, |kappa| {
            format!(
                "κ = {}, which depends on how common the event is",
                format::statistic(kappa)
            )
            .into()
        }),
    ));
    facts.push(Fact::new(
        "Labelled arms",
        if judge.labelled_arms.is_empty() {
            unsaid()
        } else {
            listed(judge.labelled_arms.iter().map(String::as_str)).into()
        },
    ));
    facts.push(Fact::new("Does not know the arm", yes_no(judge.blind)));
    facts.push(Fact::new(
        "Temperature",
        judge
            .temperature
            .map_or_else(unsaid, |temperature| format::exact(temperature).into()),
    ));
    facts.push(Fact::new(
        "Validated",
        judge
            .validated
            .map_or_else(unsaid, |date| format::date(&date.to_string()).into()),
    ));
    facts
}

fn people(human: &Human) -> Vec<Fact> {
    let unsaid = || Text::new().status(Style::Warn, "not said");
    vec![
        Fact::new(
            "Raters of each item",
            human.raters.map_or_else(unsaid, |n| n.to_string().into()),
        ),
        Fact::new("Scale", human.scale.as_deref().map_or_else(unsaid, Text::from)),
        Fact::new(
            "Items rated more than once",
            human
                .overlap
                .map_or_else(unsaid, |share| format::percent(share.get()).into()),
        ),
        Fact::new(
            "Agreement of raters",
            human
                .kappa
                .map_or_else(unsaid, |kappa| format!("κ = {}", format::statistic(kappa)).into()),
        ),
        Fact::new("Instructions", human.rubric.as_deref().map_or_else(unsaid, Text::from)),
        Fact::new(
            "Do not know the arm",
            match human.blind {
                Some(true) => "yes".into(),
                Some(false) => Text::new().status(Style::Warn, "no"),
                None => unsaid(),
            },
        ),
    ]
}
