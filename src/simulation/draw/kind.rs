//! What a metric declares of its values: enough to draw them.

use super::events::Card;
use super::ratios::Moments;
use crate::language::MetricKind;
use crate::language::values::Fraction;
use crate::resolve::{Experiment, Metric};
use crate::stats::{StatsError, normal};

/// What is declared beside the value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Proportion,
    /// Of values that are analysed as logarithms, of these.
    Mean {
        sd: f64,
        skewness: f64,
    },
    Ratio(Moments),
    Count {
        dispersion: f64,
        exposure: Option<f64>,
    },
    Quantile {
        q: f64,
        log_sd: f64,
    },
    TimeToEvent,
    Preference {
        ties: f64,
    },
    Composite,
}

/// Spread of the denominators of a ratio over their mean, where only the `cv` of the ratio is declared.
const DENOMINATOR_CV: f64 = 0.5;

#[allow(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
pub(super) fn words(error: StatsError) -> String {
    error.to_string()
}

/// The judge of a metric, when it makes errors.
pub(super) fn judge(metric: &Metric) -> Result<Option<Card>, String> {
    let Some(declared) = &metric.declared.judge else {
        return Ok(None);
    };
    let share = |value: Option<Fraction>| value.map_or(1.0, Fraction::get);
    let card = Card {
        sensitivity: share(declared.sensitivity),
        specificity: share(declared.specificity),
        labels: declared
            .positives
            .zip(declared.negatives)
            .map(|(p, n)| (p as f64, n as f64)),
        label_share: declared.label_share.map(Fraction::get),
    };
    if card.sensitivity >= 1.0 && card.specificity >= 1.0 {
        return Ok(None);
    }
    if metric.kind() == Some(MetricKind::Proportion) {
        Ok(Some(card))
    } else {
        Err("sensitivity and specificity are those of a yes-or-no metric, and this one is not".to_owned())
    }
}

/// By arm, in the order of the spec: the errors of the judge on its answers, where they are declared apart.
pub(super) fn own_errors(experiment: &Experiment, metric: &Metric) -> Result<Vec<Option<Card>>, String> {
    let Some(declared) = &metric.declared.judge else {
        return Ok(vec![None; experiment.arms.len()]);
    };
    let share = |own: Option<Fraction>, shared: Option<Fraction>| own.or(shared).map_or(1.0, Fraction::get);
    let own = experiment.arms.iter().map(|arm| {
        let errors = declared.by_arm.get(&arm.id)?;
        Some(Card {
            sensitivity: share(errors.sensitivity, declared.sensitivity),
            specificity: share(errors.specificity, declared.specificity),
            labels: errors
                .positives
                .zip(errors.negatives)
                .map(|(p, n)| (p as f64, n as f64)),
            label_share: declared.label_share.map(Fraction::get),
        })
    });
    let own: Vec<_> = own.collect();
    if metric.kind() != Some(MetricKind::Proportion) && own.iter().any(Option::is_some) {
        return Err("errors of a judge by arm are those of a yes-or-no metric, and this one is not".to_owned());
    }
    Ok(own)
}

pub(super) fn kind(metric: &Metric) -> Result<Kind, String> {
    let baseline = metric.declared.baseline.as_ref();
    Ok(match metric.kind().ok_or("it has no kind")? {
        MetricKind::Proportion => Kind::Proportion,
        MetricKind::Mean if metric.is_logarithmic() => Kind::Mean {
            sd: metric
                .log_standard_deviation()
                .ok_or("its baseline has neither `log_sd` nor `cv`")?,
            skewness: 0.0,
        },
        MetricKind::Mean => Kind::Mean {
            sd: metric
                .standard_deviation()
                .ok_or("its baseline has neither `sd` nor `cv`")?,
            skewness: baseline
                .and_then(|b| b.skewness)
                .filter(|skewness| skewness.abs() > 1e-6)
                .unwrap_or(0.0),
        },
        MetricKind::Ratio => Kind::Ratio(moments(metric)?),
        kind @ (MetricKind::Count | MetricKind::Rate) => Kind::Count {
            dispersion: baseline
                .and_then(|b| b.dispersion)
                .ok_or("its baseline has no `dispersion`")?,
            exposure: (kind == MetricKind::Rate).then(|| {
                baseline
                    .and_then(|b| b.moments.as_ref()?.denominator_mean)
                    .unwrap_or(1.0)
            }),
        },
        MetricKind::Quantile => quantile(metric)?,
        MetricKind::TimeToEvent => Kind::TimeToEvent,
        MetricKind::Preference => Kind::Preference {
            ties: baseline.and_then(|b| b.ties).map_or(0.0, Fraction::get),
        },
        MetricKind::Composite => Kind::Composite,
    })
}

fn moments(metric: &Metric) -> Result<Moments, String> {
    let declared = metric.declared.baseline.as_ref().and_then(|b| b.moments.as_ref());
    let complete = declared.and_then(|m| {
        Some((
            (m.numerator_mean?, m.numerator_sd?),
            (m.denominator_mean?, m.denominator_sd?),
            m.correlation?,
        ))
    });
    if let Some(sd) = metric.standard_deviation() {
        let ratio = metric.baseline().ok_or("it has no baseline")?;
        return Ok(Moments {
            ratio,
            denominator: (1.0, DENOMINATOR_CV),
            slope: ratio,
            rest: sd,
        });
    }
    let ((y, sd_y), (x, sd_x), correlation) = complete.ok_or("its baseline has neither `cv` nor all five `moments`")?;
    Ok(Moments {
        ratio: y / x,
        denominator: (x, sd_x),
        slope: if sd_x > 0.0 { correlation * sd_y / sd_x } else { 0.0 },
        rest: sd_y * (1.0 - correlation * correlation).max(0.0).sqrt(),
    })
}

/// The spread of the logarithms of log-normal values that have the declared shape at the quantile.
fn quantile(metric: &Metric) -> Result<Kind, String> {
    let q = metric.declared.quantile.ok_or("it does not say which quantile")?.get();
    let at = metric.baseline().ok_or("it has no baseline")?;
    let z = normal::quantile(q);
    let baseline = metric.declared.baseline.as_ref();
    let pilot = || {
        baseline?
            .quantiles
            .iter()
            .filter(|point| (point.p.get() - q).abs() > f64::EPSILON)
            .min_by(|one, two| (one.p.get() - q).abs().total_cmp(&(two.p.get() - q).abs()))
            .map(|point| (point.value / at).ln() / (normal::quantile(point.p.get()) - z))
    };
    let from_density = |density: f64| (-0.5 * z * z).exp() / ((2.0 * std::f64::consts::PI).sqrt() * at * density);
    let log_sd = baseline
        .and_then(|b| b.log_sd)
        .or_else(|| baseline.and_then(|b| b.density).map(from_density))
        .or_else(pilot)
        .ok_or("its baseline has no shape: `log_sd`, pilot `quantiles` or `density`")?;
    Ok(Kind::Quantile { q, log_sd })
}

/// The share of units with the event within the window: as written, or from the median under a constant hazard.
pub(super) fn event_probability(metric: &Metric) -> Result<f64, String> {
    if let Some(written) = metric.baseline() {
        return Ok(written);
    }
    let median = metric.declared.baseline.as_ref().and_then(|b| b.median);
    match (median, metric.declared.window) {
        (Some(median), Some(window)) if median.days() > 0.0 => {
            Ok(-(-std::f64::consts::LN_2 * window.days() / median.days()).exp_m1())
        }
        _ => Err("its baseline has neither `value` nor a `median` with a `window`".to_owned()),
    }
}
