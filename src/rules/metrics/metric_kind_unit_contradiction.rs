//! A metric whose parts do not fit its kind.

use crate::diagnostics::Diagnostic;
use crate::language::values::{AmountUnit, Effect, TimeUnit};
use crate::language::{Direction, MetricKind, Test};
use crate::resolve::Metric;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// The parts of a metric fit its kind: a proportion has no unit, lies between 0 and 1 and stays there under its MDE; a
    /// `quantile` says which one, and nothing else has a `quantile`; a ratio or rate has a numerator and a denominator, or
    /// is a `preset`; a composite has components. An absolute `mde`, `margin` or `worthwhile` is in the unit of the values:
    /// a time beside times of any unit (`"30s"` is 0.5 where values are in `min`), percentage points beside shares.
    ///
    /// ## Why
    ///
    /// One of the two is a slip, and each gives another test. A "p95" of kind `mean` is sized and tested as an average.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.page_load]
    /// kind     = "mean"
    /// quantile = 0.95
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.page_load]
    /// kind     = "quantile"
    /// quantile = 0.95
    /// baseline = { value = 1.4, log_sd = 0.5, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "timings" }
    /// ```
    RULE = "metric-kind-unit-contradiction" {
        group: Metrics, level: Error, from: Draft,
        profile: Draft,
        summary: "a metric whose parts do not fit its kind",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in &context.experiment.metrics {
        if !context.is_readable(metric) {
            continue;
        }
        let Some(kind) = metric.kind() else { continue };
        let found = shares(context, findings, metric, kind)
            .or_else(|| quantiles(context, findings, metric, kind))
            .or_else(|| parts(context, findings, metric, kind))
            .or_else(|| amounts(context, findings, metric, kind));
        if let Some(found) = found {
            findings.push(found);
        }
    }
}

/// What holds of proportions and preferences.
fn shares(context: &Context<'_>, findings: &Findings<'_>, metric: &Metric, kind: MetricKind) -> Option<Diagnostic> {
    if !matches!(kind, MetricKind::Proportion | MetricKind::Preference) {
        return None;
    }
    let id = &metric.id;
    let of_kind = context.place_of(&metric.field("kind"));
    if let Some(unit) = metric.declared.unit.as_deref().filter(|unit| !unit.is_empty()) {
        return Some(
            findings
                .at(
                    context.place_of(&metric.field("unit")),
                    format!("`{id}` is a {kind}, and a {kind} has no unit"),
                )
                .with_label(format!("values in {unit}"))
                .with_other(of_kind, "shares between 0 and 1")
                .with_help("remove `unit`, or write `kind = \"mean\"` where a value is a number in that unit"),
        );
    }
    let value = metric.baseline()?;
    let place = context.place_of(&metric.field("baseline").join("value"));
    // Between 1 and 100 it is a percentage, which another rule explains.
    let without_spread = metric.is_gating() && (value.abs() < f64::EPSILON || (value - 1.0).abs() < f64::EPSILON);
    if !(0.0..=100.0).contains(&value) || without_spread {
        return Some(
            findings
                .at(
                    place,
                    format!(
                        "`{id}` is a {kind} and cannot have a baseline of {}",
                        text::number(value)
                    ),
                )
                .with_label("not between 0 and 1")
                .with_other(of_kind, "shares between 0 and 1")
                .with_help("write the share as measured, such as 0.2, or correct the kind"),
        );
    }
    let mde = metric
        .declared
        .mde
        .filter(|_| metric.test() == Test::Superiority && value < 1.0)?;
    let sign = match metric.direction()? {
        Direction::Increase => 1.0,
        Direction::Decrease => -1.0,
    };
    let magnitude = facts::absolute(mde, Some(value))?;
    let reached = value + sign * magnitude;
    // Effects that cannot be shares at all are percentages, which another rule explains.
    if (0.0..=1.0).contains(&reached) || mde.magnitude() > 1.0 {
        return None;
    }
    Some(
        findings
            .at(
                context.place_of(&metric.field("mde")),
                format!(
                    "a {} of `{id}` from {} would reach {}",
                    text::change(mde, metric.direction()),
                    text::number(value),
                    text::number(reached)
                ),
            )
            .with_label("beyond what a share can be")
            .with_other(place, "from here")
            .with_help("write an MDE that the metric can reach, or correct the baseline"),
    )
}

/// An amount is in the unit of the values: a time beside dollars has no meaning, and would be taken for as many seconds.
fn amounts(context: &Context<'_>, findings: &Findings<'_>, metric: &Metric, kind: MetricKind) -> Option<Diagnostic> {
    let declared = &metric.declared;
    let unit = declared.unit.as_deref().filter(|unit| !unit.is_empty());
    // What the numbers of this metric are, in words; `None` where nobody says.
    let values = match (kind, unit) {
        (MetricKind::Proportion | MetricKind::Preference | MetricKind::TimeToEvent, _) => Some("shares".to_owned()),
        (MetricKind::Count | MetricKind::Rate, _) => Some("numbers of events".to_owned()),
        (_, Some(unit)) => Some(format!("values in {unit}")),
        (_, None) => None,
    };
    let is_share = matches!(
        kind,
        MetricKind::Proportion | MetricKind::Preference | MetricKind::TimeToEvent
    ) || unit.is_some_and(|unit| matches!(unit, "%" | "percent" | "share"));
    let is_time = !is_share && unit.and_then(TimeUnit::of_values).is_some();
    let fields = [
        ("mde", declared.mde),
        ("margin", declared.margin),
        ("worthwhile", declared.worthwhile),
    ];
    fields.into_iter().find_map(|(name, effect)| {
        let Some(Effect::Absolute(amount)) = effect else {
            return None;
        };
        let (what, fits) = match amount.unit() {
            AmountUnit::Plain => return None,
            AmountUnit::PercentagePoints => ("percentage points", is_share || values.is_none()),
            AmountUnit::Time(_) => ("a time", is_time),
        };
        if fits {
            return None;
        }
        let id = &metric.id;
        let place = context.place_of(&metric.field(name).join("absolute"));
        Some(match &values {
            Some(values) => findings
                .at(
                    place,
                    format!("the `{name}` of `{id}` is {what}, and `{id}` has {values}"),
                )
                .with_label(format!("{amount} of what?"))
                .with_other(
                    context.place_of(&metric.field(if unit.is_some() { "unit" } else { "kind" })),
                    values.clone(),
                )
                .with_help(
                    "write a number in the unit of the metric, such as `absolute = 0.5`, or `relative` for a share of the baseline",
                ),
            None => findings
                .at(place, format!("the `{name}` of `{id}` is {what}, and nobody says what unit its values are in"))
                .with_label(format!("{amount}"))
                .with_help("write `unit = \"s\"` or `unit = \"ms\"` beside `kind`, as the baseline was measured"),
        })
    })
}

fn quantiles(context: &Context<'_>, findings: &Findings<'_>, metric: &Metric, kind: MetricKind) -> Option<Diagnostic> {
    let id = &metric.id;
    match (kind, metric.declared.quantile) {
        (MetricKind::Quantile, None) => Some(
            findings
                .at(
                    context.place_of(&metric.field("quantile")),
                    format!("`{id}` is a quantile and does not say which one"),
                )
                .with_label("no `quantile`")
                .with_help("write `quantile = 0.95` for a p95"),
        ),
        (MetricKind::Quantile, Some(_)) | (_, None) => None,
        (_, Some(quantile)) => Some(
            findings
                .at(
                    context.place_of(&metric.field("quantile")),
                    format!("`{id}` has a `quantile`, but is a {kind}"),
                )
                .with_label(format!("the quantile {quantile}"))
                .with_other(context.place_of(&metric.field("kind")), "tested and sized as this")
                .with_help(format!(
                    "write `kind = \"quantile\"`, or remove `quantile` where a {kind} is meant"
                )),
        ),
    }
}

fn parts(context: &Context<'_>, findings: &Findings<'_>, metric: &Metric, kind: MetricKind) -> Option<Diagnostic> {
    let id = &metric.id;
    let declared = &metric.declared;
    let of_kind = || context.place_of(&metric.field("kind"));
    if matches!(kind, MetricKind::Ratio | MetricKind::Rate)
        && declared.preset.is_none()
        && let Some(source) = &declared.source
        && (source.numerator.is_none() || source.denominator.is_none())
    {
        return Some(
            findings
                .at(
                    context.place_of(&metric.field("source")),
                    format!("`{id}` is a {kind} and does not say what is divided by what"),
                )
                .with_label("no `numerator` and `denominator`")
                .with_other(of_kind(), "a sum over a sum")
                .with_help("write `source = { from = …, numerator = …, denominator = … }`"),
        );
    }
    if declared.preset.is_some() && kind != MetricKind::Ratio {
        return Some(
            findings
                .at(
                    context.place_of(&metric.field("preset")),
                    format!("`{id}` has a `preset`, but is a {kind}"),
                )
                .with_label("precision, recall and F1 are ratios")
                .with_other(of_kind(), "tested and sized as this")
                .with_help("write `kind = \"ratio\"`, or remove `preset`"),
        );
    }
    match (kind, declared.components.is_empty()) {
        (MetricKind::Composite, true) => Some(
            findings
                .at(
                    context.place_of(&metric.field("components")),
                    format!("`{id}` is a composite and does not say of what"),
                )
                .with_label("no `components`")
                .with_help("write `components = [{ metric = …, weight = …, scale = … }, …]`"),
        ),
        (MetricKind::Composite, false) | (_, true) => None,
        (_, false) => Some(
            findings
                .at(
                    context.place_of(&metric.field("components")),
                    format!("`{id}` has `components`, but is a {kind}"),
                )
                .with_label("a composite has components")
                .with_other(of_kind(), "tested and sized as this")
                .with_help("write `kind = \"composite\"`, or remove `components`"),
        ),
    }
}
