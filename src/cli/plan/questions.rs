//! `abide plan` with a question: `--what-if`, `--without`, `--sweep`, `--relax`.

use super::super::args::{Global, PlanArgs, PlanFormat};
use super::super::columns::{Align, layout};
use super::super::context::{self, Emphasis};
use super::super::{Failure, Outcome, output};
use super::full;
use crate::compilation::{Session, compile, compile_supposing, suppose};
use crate::diagnostics::{Diagnostic, Severity};
use crate::emit::csv;
use crate::format;
use crate::plan;
use crate::questions::{
    Answer, Axis, Basis, Point, Relaxation, Sensitivity, Setting, relax, sensitivity, supposition, sweep,
};

/// Whether a question is asked beside the plan itself.
pub(super) fn are_asked(args: &PlanArgs) -> bool {
    !args.what_if.is_empty() || !args.without.is_empty() || !args.sweep.is_empty() || args.relax || args.sensitivity
}

pub(super) fn run(global: &Global, args: &PlanArgs, session: &mut Session<'_>) -> Result<Outcome, Failure> {
    if session.spec_count() != 1 {
        return Err(Failure::new(format!(
            "questions are asked of one spec, and the paths hold {}",
            session.spec_count()
        )));
    }
    if args.format == PlanFormat::Csv && args.sweep.is_empty() {
        return Err(csv_without_sweep());
    }
    let settings = settings(&args.what_if)?;
    let answered = if args.sensitivity {
        let found = sensitivity(session);
        swung(args, &found)
    } else if args.relax {
        let found = relax(session);
        relaxed(args, &found, session)
    } else if args.sweep.is_empty() {
        what_if(global, args, &settings, session)
    } else {
        swept(args, &settings, session)
    };
    match answered? {
        Answered::Text(text) => {
            output::write(args.output.as_deref(), text.as_bytes())?;
            Ok(Outcome::Clean)
        }
        Answered::Wrong(findings) => {
            let findings = crate::diagnostics::sorted(findings, &session.sources);
            context::tell_findings(global, &findings, &session.sources);
            Ok(Outcome::Findings)
        }
    }
}

enum Answered {
    Text(String),
    /// What is wrong with the question, or with the spec.
    Wrong(Vec<Diagnostic>),
}

fn settings(texts: &[String]) -> Result<Vec<Setting>, Failure> {
    texts
        .iter()
        .map(|text| {
            Setting::parse(text).ok_or_else(|| {
                Failure::new(format!(
                    "--what-if {text}: write `key=value`, `metrics.clicks.mde.relative=0.1`"
                ))
            })
        })
        .collect()
}

fn what_if(
    global: &Global,
    args: &PlanArgs,
    settings: &[Setting],
    session: &mut Session<'_>,
) -> Result<Answered, Failure> {
    let lines: Vec<String> = settings.iter().map(Setting::written).collect();
    let overlay = match suppose(session, &lines, &args.without) {
        Ok(overlay) => overlay,
        Err(findings) => return Ok(Answered::Wrong(findings)),
    };
    let (Some(declared), Some(supposed)) = (compile(session).pop(), compile_supposing(session, &overlay).pop()) else {
        return Err(Failure::new("there is no spec to plan".to_owned()));
    };
    let errors: Vec<Diagnostic> = supposed
        .findings
        .iter()
        .filter(|finding| is_of_language(finding))
        .cloned()
        .collect();
    let (Some(mut plan), Some(experiment), true) = (supposed.plan, supposed.experiment, errors.is_empty()) else {
        return Ok(Answered::Wrong(errors));
    };
    plan = plan::in_full(plan, &experiment, &session.sources);
    plan.what_if = Some(supposition(&declared, settings, &args.without));
    Ok(Answered::Text(match args.format {
        PlanFormat::Json => json(&plan)?,
        PlanFormat::Csv => return Err(csv_without_sweep()),
        PlanFormat::Concise => super::concise(&plan),
        PlanFormat::Full => full::render(&plan, Emphasis::of(global, args.output.as_deref())),
    }))
}

fn is_of_language(finding: &Diagnostic) -> bool {
    finding.severity == Severity::Error
        && crate::rules::find(finding.rule).is_none_or(|rule| rule.group == crate::rules::Group::Language)
}

fn swept(args: &PlanArgs, settings: &[Setting], session: &mut Session<'_>) -> Result<Answered, Failure> {
    let axes: Vec<Axis> = args
        .sweep
        .iter()
        .map(|text| Axis::parse(text).map_err(|error| Failure::new(format!("--sweep: {error}"))))
        .collect::<Result<_, _>>()?;
    let points = match sweep(session, settings, &axes) {
        Ok(points) => points,
        Err(findings) => return Ok(Answered::Wrong(findings)),
    };
    Ok(Answered::Text(match args.format {
        PlanFormat::Json => json(&points)?,
        PlanFormat::Csv => table(&axes, &points),
        PlanFormat::Concise => {
            let line = |point: &Point| {
                let values: Vec<String> = point.settings.iter().map(Setting::written).collect();
                format!("{}: {}", values.join(" "), in_short(&point.answer))
            };
            points.iter().map(line).collect::<Vec<_>>().join("\n") + "\n"
        }
        PlanFormat::Full => {
            let mut rows = vec![axes.iter().map(|axis| axis.path.clone()).collect::<Vec<String>>()];
            rows[0].extend(ANSWER.map(str::to_owned));
            for point in &points {
                let mut row: Vec<String> = point.settings.iter().map(|setting| setting.value.clone()).collect();
                row.extend(cells(&point.answer));
                rows.push(row);
            }
            let mut align = vec![Align::Right; axes.len()];
            align.extend(ANSWER_ALIGN);
            let mut table = lines(&align, &rows);
            if points.iter().any(|point| point.answer.planned.is_some()) {
                table.push_str("  chances to ship are those of the planned size (`design.planned_units`)\n");
            }
            table
        }
    }))
}

/// Why a plan is no table.
pub(super) fn csv_without_sweep() -> Failure {
    Failure::new(
        "`--format csv` has a row for each plan of a `--sweep`; write `--format json` for everything in one plan"
            .to_owned(),
    )
}

/// A row for each point: its values, then what they lead to. What is not known is empty.
fn table(axes: &[Axis], points: &[Point]) -> String {
    let headings = axes.iter().map(|axis| axis.path.as_str()).chain(COLUMNS);
    let mut out = csv::row(headings.map(csv::text));
    for Point { settings, answer } in points {
        // A value that is a number stays one, whatever its sign.
        let values = settings.iter().map(|setting| match setting.value.parse::<f64>() {
            Ok(_) => setting.value.clone(),
            Err(_) => csv::text(&setting.value),
        });
        let words = |text: Option<&String>| text.map(|text| csv::text(text)).unwrap_or_default();
        let results = [
            answer.total.map(|total| total.to_string()).unwrap_or_default(),
            words(answer.unit.as_ref()),
            answer.days.map(|days| days.to_string()).unwrap_or_default(),
            answer.fits.map(|fits| fits.to_string()).unwrap_or_default(),
            answer.chance_to_ship.map(csv::number).unwrap_or_default(),
            words(answer.binding_metric.as_ref()),
            words(answer.incomplete_because.as_ref()),
        ];
        out.push_str(&csv::row(values.chain(results)));
    }
    out
}

/// Of a table, after the values: named as in the JSON.
const COLUMNS: [&str; 7] = [
    "total",
    "unit",
    "days",
    "fits",
    "chance_to_ship",
    "binding_metric",
    "incomplete_because",
];

const ANSWER: [&str; 5] = ["needs", "days", "fits", "chance to ship", "needs most"];
const ANSWER_ALIGN: [Align; 5] = [Align::Right, Align::Right, Align::Left, Align::Right, Align::Left];

fn cells(answer: &Answer) -> [String; 5] {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    [
        or_dash(answer.total.map(|total| format::count(total as f64))),
        or_dash(answer.days.map(|days| days.to_string())),
        or_dash(answer.fits.map(|fits| if fits { "yes" } else { "no" }.to_owned())),
        or_dash(answer.chance_to_ship.map(format::chance)),
        answer
            .binding_metric
            .clone()
            .or_else(|| answer.incomplete_because.clone())
            .unwrap_or_default(),
    ]
}

fn in_short(answer: &Answer) -> String {
    let [needs, days, fits, chance, most] = cells(answer);
    format!("needs {needs}, days {days}, fits {fits}, chance to ship {chance}, {most}")
}

fn relaxed(args: &PlanArgs, found: &[Relaxation], session: &Session<'_>) -> Result<Answered, Failure> {
    if args.format == PlanFormat::Json {
        return Ok(Answered::Text(json(&found)?));
    }
    let Some(plan) = compile(session).pop().and_then(|compiled| compiled.plan) else {
        return Ok(Answered::Text(String::new()));
    };
    let now = Answer::of(&plan);
    if now.total.is_none() {
        return Ok(Answered::Text(format!(
            "The plan is incomplete, so it is not known what makes it large: {}\n",
            now.incomplete_because.unwrap_or_default()
        )));
    }
    if args.format == PlanFormat::Concise {
        let line = |one: &Relaxation| format!("{}: {} [{}]\n", one.what, in_short(&one.answer), one.flags.join(" "));
        return Ok(Answered::Text(found.iter().map(line).collect()));
    }
    let mut rows = vec![vec![
        String::new(),
        "needs".to_owned(),
        "days".to_owned(),
        "fits".to_owned(),
    ]];
    let row = |what: &str, answer: &Answer| {
        let [needs, days, fits, ..] = cells(answer);
        vec![what.to_owned(), needs, days, fits]
    };
    rows.push(row("as it is", &now));
    rows.extend(found.iter().map(|one| row(&one.what, &one.answer)));
    let table = layout(&[Align::Left, Align::Right, Align::Right, Align::Left], &rows);
    let mut text = String::new();
    for (index, line) in table.iter().enumerate() {
        text.push_str(line);
        text.push('\n');
        // Two rows come before the first relaxation.
        if let Some(one) = index.checked_sub(2).and_then(|index| found.get(index)) {
            text.push_str("    ");
            text.push_str(&one.flags.join(" "));
            text.push('\n');
        }
    }
    if found.is_empty() {
        text.push_str("\nNothing that was tried makes it smaller or shorter.\n");
    }
    Ok(Answered::Text(text))
}

fn swung(args: &PlanArgs, found: &Sensitivity) -> Result<Answered, Failure> {
    if args.format == PlanFormat::Json {
        return Ok(Answered::Text(json(found)?));
    }
    let needs = |end: &crate::questions::End| match &end.answer {
        Some(answer) => cells(answer)[0].clone(),
        None => "cannot be".to_owned(),
    };
    let short = |value: f64| format::at_most(value, 4);
    let rows = found.swings.iter().map(|swing| {
        vec![
            swing.path.clone(),
            short(swing.assumed),
            format!("{} to {}", short(swing.low.value), short(swing.high.value)),
            format!("{} to {}", needs(&swing.low), needs(&swing.high)),
            swing.because.clone(),
        ]
    });
    if args.format == PlanFormat::Concise {
        let text: Vec<String> = rows
            .map(|row| format!("{}: {}, needs {} ({})\n", row[0], row[2], row[3], row[4]))
            .collect();
        return Ok(Answered::Text(text.concat()));
    }
    let mut table = vec![
        ["", "assumed", "could be", "needs", "because"]
            .map(str::to_owned)
            .to_vec(),
    ];
    table.extend(rows);
    let mut text = lines(
        &[Align::Left, Align::Right, Align::Left, Align::Left, Align::Left],
        &table,
    );
    if found.swings.iter().any(|swing| swing.basis == Basis::Convention) {
        text.push_str("\nWhere there are no data the interval is a convention; try your own with --sweep.\n");
    }
    if !found.not_tried.is_empty() {
        text.push_str("\nNot tried: ");
        text.push_str(&found.not_tried.join(", "));
        text.push_str(".\n");
    }
    Ok(Answered::Text(text))
}

fn lines(align: &[Align], rows: &[Vec<String>]) -> String {
    layout(align, rows).join("\n") + "\n"
}

fn json(value: &impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string_pretty(value)
        .map(|text| text + "\n")
        .map_err(|error| Failure::new(format!("the answer cannot be written as JSON: {error}")))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::settings;

    #[test]
    fn a_setting_needs_its_value() {
        assert!(settings(&["statistics.alpha".to_owned()]).is_err());
        assert_eq!(settings(&["a.b = 1".to_owned()]).unwrap()[0].written(), "a.b=1");
    }
}
