//! Means of logarithms (`scale = "log"`): what can be asked of them, and what cannot.
//!
//! Plan, analysis, simulation and rules ask here, so that what is not sized is not decided either.

use super::sizing::{reach, seen};
use crate::format;
use crate::language::metric::MetricScale;
use crate::language::values::Effect;
use crate::language::{DesignKind, MetricKind};
use crate::resolve::{Experiment, Metric};
use crate::source::Pointer;

/// Why a metric cannot be analysed as logarithms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// The address in the spec of what does not fit.
    pub pointer: Pointer,
    /// The fact: a clause without a full stop.
    pub fact: String,
    /// What to write instead: a clause without a full stop.
    pub instead: String,
}

impl Unfit {
    fn new(pointer: Pointer, fact: impl Into<String>, instead: impl Into<String>) -> Self {
        Self {
            pointer,
            fact: fact.into(),
            instead: instead.into(),
        }
    }

    /// Both in one clause.
    pub fn reason(&self) -> String {
        format!("{}: {}", self.fact, self.instead)
    }
}

/// What keeps a metric with `scale = "log"` from being one; `None` where nothing does, and for metrics without a scale.
pub fn unfit_for_logarithms(experiment: &Experiment, metric: &Metric) -> Option<Unfit> {
    metric.declared.scale.filter(|scale| *scale == MetricScale::Log)?;
    of_kind(metric)
        .or_else(|| of_baseline(metric))
        .or_else(|| of_effects(metric))
        .or_else(|| of_money(experiment, metric))
        .or_else(|| of_dilution(experiment, metric))
        .or_else(|| of_windows(experiment, metric))
}

fn of_kind(metric: &Metric) -> Option<Unfit> {
    let instead = match metric.kind()? {
        MetricKind::Mean => return None,
        MetricKind::Quantile | MetricKind::Count | MetricKind::Rate | MetricKind::TimeToEvent => {
            "leave `scale` out: its arms are compared by their logarithms as it is"
        }
        MetricKind::Proportion | MetricKind::Preference => "leave `scale` out: yes and no have no logarithm",
        MetricKind::Ratio | MetricKind::Composite => {
            "leave `scale` out; or write `kind = \"mean\"` where each unit has one value above 0"
        }
    };
    let kind = metric.kind()?;
    Some(Unfit::new(
        metric.field("scale"),
        format!("`scale = \"log\"` is one of means, and `{}` is a {kind}", metric.id),
        instead,
    ))
}

fn of_baseline(metric: &Metric) -> Option<Unfit> {
    let declared = metric.declared.baseline.as_ref()?;
    let at = |field: &str| metric.field("baseline").join(field);
    if let Some(value) = metric.baseline().filter(|value| *value <= 0.0) {
        return Some(Unfit::new(
            at("value"),
            format!(
                "a geometric mean is above 0, and the baseline is {}",
                format::at_most(value, 6)
            ),
            "write the geometric mean of the values, or leave `scale` out where values can be 0 or below",
        ));
    }
    let sd = declared.sd?;
    Some(Unfit::new(
        at("sd"),
        format!(
            "`sd` is how far values spread, here {}, and `{}` is analysed as logarithms",
            format::at_most(sd, 6),
            metric.id
        ),
        "write `log_sd`, the standard deviation of the logarithms of the values, or `cv`, their standard deviation over their \
         arithmetic mean",
    ))
}

/// Effects are ratios: an amount in the unit of the metric is another ratio for each value of control.
fn of_effects(metric: &Metric) -> Option<Unfit> {
    let declared = &metric.declared;
    let asked = [
        ("mde", declared.mde),
        ("margin", declared.margin),
        ("worthwhile", declared.worthwhile),
    ];
    asked.into_iter().find_map(|(field, effect)| {
        let Some(Effect::Absolute(amount)) = effect else {
            return None;
        };
        let share = metric
            .baseline()
            .filter(|value| *value > 0.0)
            .map(|value| format::at_most(amount.value() / value, 4));
        Some(Unfit::new(
            metric.field(field).join("absolute"),
            format!(
                "effects on `{}` are ratios of geometric means, and its `{field}` is an amount",
                metric.id
            ),
            match share {
                Some(share) => format!("write `{field} = {{ relative = {share} }}`, which is as much at the baseline"),
                None => format!("write `{field} = {{ relative = … }}`"),
            },
        ))
    })
}

/// Totals are arithmetic means times units; a geometric mean says nothing of them.
fn of_money(experiment: &Experiment, metric: &Metric) -> Option<Unfit> {
    let prices = experiment.spec.decision.as_ref()?.net_value.as_ref()?;
    let named = [("success", prices.success.as_ref()), ("cost", prices.cost.as_ref())];
    let (field, _) = named.into_iter().find(|(_, id)| *id == Some(&metric.id))?;
    Some(Unfit::new(
        Pointer::from_dotted("decision.net_value").join(field),
        format!(
            "money is counted in arithmetic means, and `{}` is a geometric one, which says nothing of totals",
            metric.id
        ),
        format!("name a metric without `scale` under `decision.net_value.{field}`"),
    ))
}

/// A share of units without the change takes a root of a ratio, not a share of a difference.
fn of_dilution(experiment: &Experiment, metric: &Metric) -> Option<Unfit> {
    if reach(experiment).is_some() {
        return Some(Unfit::new(
            Pointer::from_dotted("traffic.analysis"),
            format!(
                "`{}` is analysed as logarithms, and diluting its effect by units that never meet the change is not sized by this \
                 version of abide",
                metric.id
            ),
            "write `analysis = \"triggered\"`, or leave `scale` out",
        ));
    }
    let carries_over = experiment.is_of(DesignKind::Switchback) && seen(experiment).is_some();
    carries_over.then(|| {
        Unfit::new(
            Pointer::from_dotted("design.effect_half_life"),
            format!(
                "`{}` is analysed as logarithms, and what the arm before leaves of its effect is not sized by this version of abide",
                metric.id
            ),
            "choose a `washout` after which nothing is left and leave `effect_half_life` out, or leave `scale` out",
        )
    })
}

/// The average of a block's values and then its logarithm, or the average of their logarithms: two metrics.
fn of_windows(experiment: &Experiment, metric: &Metric) -> Option<Unfit> {
    let block = experiment.spec.design.as_ref()?.block?.seconds();
    let window = metric.declared.window.filter(|window| window.seconds() < block)?;
    experiment.is_of(DesignKind::Switchback).then(|| {
        Unfit::new(
            metric.field("window"),
            format!(
                "`{}` is analysed as logarithms, and is measured {} times a block",
                metric.id,
                format::at_most((block / window.seconds()).round(), 6)
            ),
            "write a `window` as long as the block: one value, and one logarithm, of each",
        )
    })
}
