//! The verdict for people at a terminal: what to do and why, then the numbers.

use super::super::columns::{Align, layout};
use super::super::context::Emphasis;
use crate::analysis::Verdict;
use crate::analysis::verdict::{ArmVerdict, Asked, ComparisonVerdict, EffectRecord, MetricVerdict};
use crate::format;
use crate::language::is_share;

/// The whole verdict as text.
pub(super) fn render(verdict: &Verdict, style: Emphasis) -> String {
    let mut page = Page {
        style,
        lines: Vec::new(),
    };
    page.heading(verdict);
    for arm in &verdict.arms {
        page.arm(arm);
    }
    if let (Some(selected), true) = (&verdict.selected, verdict.arms.len() > 1) {
        page.lines.push(String::new());
        page.lines.push(page.style.bold(&format!("{selected} ships")));
    }
    page.metrics(verdict);
    page.quality(verdict);
    page.planned(verdict);
    page.notes(verdict);
    page.lines.join("\n") + "\n"
}

struct Page {
    style: Emphasis,
    lines: Vec<String>,
}

impl Page {
    fn section(&mut self, title: &str) {
        self.lines.push(String::new());
        self.lines.push(self.style.bold(title));
    }

    fn rows(&mut self, align: &[Align], rows: &[Vec<String>]) {
        self.lines.extend(layout(align, rows));
    }

    fn heading(&mut self, verdict: &Verdict) {
        let subject = &verdict.experiment;
        let title = match &subject.title {
            Some(title) => format!("{}: {title}", subject.id),
            None => subject.id.clone(),
        };
        self.lines.push(self.style.bold(&title));
        let basis = &verdict.results;
        let mut about = format!(
            "{}, {}, {}",
            subject.file,
            basis.file,
            format::date_range(&basis.from, &basis.to)
        );
        if let Some(look) = &basis.look {
            about.push_str(", ");
            about.push_str(look);
        }
        self.lines.push(self.style.dim(&about));
    }

    fn arm(&mut self, arm: &ArmVerdict) {
        let action = match arm.action {
            Some(action) => self.style.bold(&format!("{}: {action}", arm.arm)),
            None => self.style.warn(&format!("{}: no decision", arm.arm)),
        };
        self.lines.push(String::new());
        self.lines.push(action);
        for reason in &arm.reasons {
            self.lines.push(format!("  {reason}"));
        }
        if let Some(worth) = &arm.net_value {
            let money = |amount: f64| format::exact(amount.round());
            self.lines.push(format!(
                "  worth {} a day ({} to {}), {} over the horizon, above zero with probability {}",
                money(worth.per_day),
                money(worth.lower),
                money(worth.upper),
                money(worth.over_horizon),
                format::chance(worth.probability)
            ));
        }
    }

    fn metrics(&mut self, verdict: &Verdict) {
        let header = ["metric", "control", "arm", "effect", "interval", "p", "asked", "state"];
        let mut rows = vec![header.map(str::to_owned).to_vec()];
        let several = verdict.arms.len() > 1;
        let mut missing = Vec::new();
        for metric in &verdict.metrics {
            for comparison in &metric.comparisons {
                match &comparison.missing {
                    None => rows.push(row(metric, comparison, several)),
                    Some(why) => missing.push(format!("  {}: {}", name(metric, comparison, several), why.reason)),
                }
            }
        }
        if rows.len() > 1 {
            self.section("Metrics");
            let mut align = vec![Align::Right; header.len()];
            for left in [0, 6, 7] {
                if let Some(column) = align.get_mut(left) {
                    *column = Align::Left;
                }
            }
            self.rows(&align, &rows);
            if let Some(header) = self.lines.len().checked_sub(rows.len())
                && let Some(line) = self.lines.get_mut(header)
            {
                *line = self.style.dim(line);
            }
        }
        if !missing.is_empty() {
            self.section("Not analysed");
            for line in missing {
                self.lines.push(self.style.warn(&line));
            }
        }
    }

    fn quality(&mut self, verdict: &Verdict) {
        if verdict.quality.checks.is_empty() {
            return;
        }
        self.section("Data");
        let rows: Vec<Vec<String>> = verdict
            .quality
            .checks
            .iter()
            .map(|check| {
                vec![
                    check.name.clone(),
                    if check.passed { "ok" } else { "invalid" }.to_owned(),
                    format!("p {}", p_value(check.p)),
                    check.detail.clone(),
                ]
            })
            .collect();
        self.rows(&[Align::Left, Align::Left, Align::Left, Align::Left], &rows);
    }

    fn planned(&mut self, verdict: &Verdict) {
        let mut rows: Vec<Vec<String>> = Vec::new();
        for (arm, units) in &verdict.units {
            let count = |units: Option<u64>| units.map_or("–".to_owned(), |units| format::count(units as f64));
            rows.push(vec![
                arm.clone(),
                format!("{} planned", count(units.planned)),
                format!(
                    "{} got",
                    count(units.analysed.or(units.exposed).or(Some(units.assigned)))
                ),
            ]);
        }
        let several = verdict.arms.len() > 1;
        for metric in &verdict.metrics {
            for comparison in &metric.comparisons {
                let (Some(planned), Some(asked)) = (comparison.planned, &metric.question) else {
                    continue;
                };
                let amount = |x: Option<f64>| x.map_or("–".to_owned(), |x| amount(metric, asked, x));
                rows.push(vec![
                    name(metric, comparison, several),
                    format!(
                        "power {} for {}",
                        format::chance(planned.power),
                        self::amount(metric, asked, asked.amount)
                    ),
                    format!(
                        "interval ±{}, smallest effect {}",
                        amount(planned.half_width),
                        amount(planned.mde)
                    ),
                ]);
            }
        }
        if rows.is_empty() {
            return;
        }
        self.section("Planned against got");
        self.rows(&[Align::Left, Align::Left, Align::Left], &rows);
    }

    fn notes(&mut self, verdict: &Verdict) {
        if verdict.notes.is_empty() {
            return;
        }
        self.section("Notes");
        for note in &verdict.notes {
            self.lines.push(format!("  {note}"));
        }
    }
}

fn name(metric: &MetricVerdict, comparison: &ComparisonVerdict, several: bool) -> String {
    if several {
        format!("{} ({})", metric.id, comparison.arm)
    } else {
        metric.id.clone()
    }
}

fn row(metric: &MetricVerdict, comparison: &ComparisonVerdict, several: bool) -> Vec<String> {
    let relative = match &metric.question {
        Some(asked) => asked.scale == "relative",
        None => comparison.relative.is_some(),
    };
    let effect = if relative {
        comparison.relative
    } else {
        comparison.absolute
    };
    let shown = |x: f64| signed(x, &|x| on_scale(metric, relative, x));
    let ends = |effect: EffectRecord| {
        let end = |end: Option<f64>, open: &str| end.map_or_else(|| open.to_owned(), shown);
        format!("{} to {}", end(effect.lower, "−∞"), end(effect.upper, "∞"))
    };
    let value = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| level(metric, value));
    vec![
        name(metric, comparison, several),
        value(comparison.control),
        value(comparison.value),
        effect.map_or_else(|| "–".to_owned(), |effect| shown(effect.estimate)),
        effect.map_or_else(|| "–".to_owned(), ends),
        match (comparison.p_adjusted, comparison.p) {
            (Some(adjusted), Some(p)) if (adjusted - p).abs() > 1e-12 => format!("{} adjusted", p_value(adjusted)),
            (_, Some(p)) => p_value(p),
            (adjusted, None) => adjusted.map_or_else(|| "–".to_owned(), p_value),
        },
        metric
            .question
            .as_ref()
            .map_or_else(String::new, |asked| question(metric, asked)),
        comparison.state.clone().unwrap_or_else(|| metric.role.clone()),
    ]
}

/// What was asked, in words: `increase of 5%`, `increase of 5%, beyond 2%`, `not worse by 2%`.
fn question(metric: &MetricVerdict, asked: &Asked) -> String {
    let amount = amount(metric, asked, asked.amount);
    match asked.test.as_str() {
        "superiority" => {
            let change = metric.direction.as_deref().unwrap_or("change");
            match &asked.margin {
                None => format!("{change} of {amount}"),
                Some(margin) => format!(
                    "{change} of {amount}, beyond {}",
                    on_scale(metric, margin.scale == "relative", margin.amount)
                ),
            }
        }
        "equivalence" => format!("within {amount}"),
        _ => format!("not worse by {amount}"),
    }
}

fn amount(metric: &MetricVerdict, asked: &Asked, x: f64) -> String {
    on_scale(metric, asked.scale == "relative", x)
}

fn on_scale(metric: &MetricVerdict, relative: bool, x: f64) -> String {
    if relative {
        return format!("{}%", format::at_most(100.0 * x, 3));
    }
    if is_share(metric.kind.as_deref()) {
        return format::points(x);
    }
    format::estimate(x, metric.unit.as_deref().unwrap_or(""))
}

fn level(metric: &MetricVerdict, x: f64) -> String {
    if is_share(metric.kind.as_deref()) {
        return format!("{}%", format::at_most(100.0 * x, 4));
    }
    format::estimate(x, metric.unit.as_deref().unwrap_or(""))
}

/// A change with its sign.
fn signed(x: f64, show: &dyn Fn(f64) -> String) -> String {
    if x > 0.0 { format!("+{}", show(x)) } else { show(x) }
}

fn p_value(p: f64) -> String {
    if p < 0.0001 {
        "<.0001".to_owned()
    } else {
        format::statistic((p * 1e4).round() / 1e4)
    }
}
