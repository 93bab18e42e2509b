//! What is known about a metric before the experiment, complete enough to be sized.

use super::super::log_scale::unfit_for_logarithms;
use super::super::support::Obstacle;
use super::composite::{Composite, composite};
use crate::language::{self, MetricKind, Test};
use crate::resolve::{Experiment, Metric};
use crate::stats::{self, QuantileMetric, RatioMetric, StatsError};

/// A metric's values.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Values {
    /// Expected value in control, on the true scale.
    pub(in crate::plan) baseline: f64,
    /// Which way is better.
    pub(in crate::plan) direction: stats::Direction,
    /// What gives the variance.
    pub(in crate::plan) spread: Spread,
    /// What a composite is made of.
    pub(in crate::plan) composite: Option<Composite>,
}

/// What gives the variance, and on which scale arms are compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::plan) enum Spread {
    /// The proportion itself.
    Proportion,
    /// The standard deviation of one unit.
    Mean {
        /// In the unit of the metric.
        sd: f64,
    },
    /// The standard deviation of the linearised value of one unit.
    Ratio {
        /// In the unit of the metric.
        sd: f64,
    },
    /// Probabilities of an event by the end of the window, compared as they are: a margin in points is one of probabilities, and
    /// no hazard ratio tells whether it holds.
    EventByWindow {
        /// Standard deviation of one unit's yes or no.
        sd: f64,
    },
    /// The standard deviation of the logarithm of one unit; means of logarithms are compared.
    LogMean {
        /// Natural logarithm.
        sd: f64,
    },
    /// Compared as logarithms of the quantile.
    Quantile {
        /// Which quantile.
        q: f64,
        /// Standard deviation of √n times the logarithm of the quantile.
        log_sd: f64,
    },
    /// Compared as logarithms of the rate.
    Rate {
        /// Exposure of one unit, in the rate's unit of time.
        exposure: f64,
        /// Negative-binomial dispersion.
        dispersion: f64,
    },
    /// Compared as logarithms of the hazard; the baseline is the probability of the event within the window.
    TimeToEvent,
    /// Wins among decided comparisons.
    Preference {
        /// Share of comparisons that neither side wins.
        ties: f64,
    },
}

/// What an event in time is compared by, as the verdict does it: hazards, unless a margin in points has to hold.
fn time_to_event(metric: &Metric, by_window: f64) -> Spread {
    let holds_points = metric.test() != Test::Superiority && metric.declared.margin.is_some_and(|m| !m.is_relative());
    if holds_points {
        Spread::EventByWindow {
            sd: (by_window * (1.0 - by_window)).sqrt(),
        }
    } else {
        Spread::TimeToEvent
    }
}

/// The values of a metric, or what it lacks.
pub(in crate::plan) fn values(experiment: &Experiment, metric: &Metric) -> Result<Values, Obstacle> {
    let lack = |field: &str, reason: &str| Obstacle::new(metric.field(field), reason);
    let kind = metric.kind().ok_or_else(|| lack("kind", "it has no kind"))?;
    let direction = match metric.direction() {
        Some(language::Direction::Increase) => stats::Direction::Increase,
        Some(language::Direction::Decrease) => stats::Direction::Decrease,
        None => return Err(lack("direction", "it does not say whether more or less is better")),
    };
    if let Some(unfit) = unfit_for_logarithms(experiment, metric) {
        return Err(Obstacle::new(unfit.pointer.clone(), &unfit.reason()));
    }
    let mut made_of = None;
    let (baseline, spread) = match kind {
        MetricKind::Proportion => (value(metric)?, Spread::Proportion),
        MetricKind::Mean if metric.is_logarithmic() => {
            let sd = metric
                .log_standard_deviation()
                .ok_or_else(|| lack("baseline", "its baseline has neither `log_sd` nor `cv`"))?;
            (value(metric)?, Spread::LogMean { sd })
        }
        MetricKind::Mean => {
            let sd = metric
                .standard_deviation()
                .ok_or_else(|| lack("baseline", "its baseline has neither `sd` nor `cv`"))?;
            (value(metric)?, Spread::Mean { sd })
        }
        MetricKind::Ratio => ratio(metric)?,
        MetricKind::Count | MetricKind::Rate => {
            let baseline = metric.declared.baseline.as_ref();
            let dispersion = baseline.and_then(|b| b.dispersion).ok_or_else(|| {
                lack(
                    "baseline",
                    "its baseline has no `dispersion` (0 says that events are Poisson)",
                )
            })?;
            let exposure = baseline
                .and_then(|b| b.moments.as_ref())
                .and_then(|moments| moments.denominator_mean)
                .unwrap_or(1.0);
            (value(metric)?, Spread::Rate { exposure, dispersion })
        }
        MetricKind::Quantile => quantile(metric)?,
        MetricKind::TimeToEvent => {
            let by_window = event_probability(metric)?;
            (by_window, time_to_event(metric, by_window))
        }
        MetricKind::Preference => {
            let ties = metric.declared.baseline.as_ref().and_then(|b| b.ties);
            (
                value(metric)?,
                Spread::Preference {
                    ties: ties.map_or(0.0, language::values::Fraction::get),
                },
            )
        }
        MetricKind::Composite => {
            let (baseline, composite) = composite(experiment, metric)?;
            let sd = composite.sd(0.0);
            made_of = Some(composite);
            (baseline, Spread::Mean { sd })
        }
    };
    Ok(Values {
        baseline,
        direction,
        spread,
        composite: made_of,
    })
}

fn value(metric: &Metric) -> Result<f64, Obstacle> {
    metric
        .baseline()
        .ok_or_else(|| Obstacle::new(metric.field("baseline"), "it has no baseline"))
}

fn numeric(metric: &Metric, error: &StatsError) -> Obstacle {
    Obstacle::new(metric.field("baseline"), &error.to_string())
}

fn ratio(metric: &Metric) -> Result<(f64, Spread), Obstacle> {
    if let Some(sd) = metric.standard_deviation() {
        return Ok((value(metric)?, Spread::Ratio { sd }));
    }
    let moments = metric.declared.baseline.as_ref().and_then(|b| b.moments.as_ref());
    let complete = moments.and_then(|m| {
        Some((
            (m.numerator_mean?, m.numerator_sd?),
            (m.denominator_mean?, m.denominator_sd?),
            m.correlation?,
        ))
    });
    let Some(((x, sx), (y, sy), correlation)) = complete else {
        return Err(Obstacle::new(
            metric.field("baseline"),
            "its baseline has neither `cv` nor all five `moments`",
        ));
    };
    let found =
        RatioMetric::new((x, sx * sx), (y, sy * sy), correlation * sx * sy).map_err(|error| numeric(metric, &error))?;
    // A written value is what the ratio of the means was read as; it stays the baseline.
    Ok((
        metric.baseline().unwrap_or_else(|| found.value()),
        Spread::Ratio { sd: found.sd() },
    ))
}

/// Standard deviation of √n times the logarithm of a sample quantile; `None` where the baseline has no shape.
pub(in crate::plan) fn quantile_log_sd(metric: &Metric) -> Option<f64> {
    match quantile(metric).ok()?.1 {
        Spread::Quantile { log_sd, .. } => Some(log_sd),
        _ => None,
    }
}

fn quantile(metric: &Metric) -> Result<(f64, Spread), Obstacle> {
    let q = metric
        .declared
        .quantile
        .ok_or_else(|| Obstacle::new(metric.field("quantile"), "it does not say which quantile"))?
        .get();
    let at = value(metric)?;
    let baseline = metric.declared.baseline.as_ref();
    let found = if let Some(sigma) = baseline.and_then(|b| b.log_sd) {
        QuantileMetric::log_normal(q, at.ln() - stats::normal::quantile(q) * sigma, sigma)
    } else if let Some(density) = baseline.and_then(|b| b.density) {
        QuantileMetric::new(q, at, density)
    } else if let Some(other) = baseline.and_then(|b| {
        // The pilot's quantile next to the one that is tested tells most about the density there.
        b.quantiles
            .iter()
            .filter(|point| (point.p.get() - q).abs() > f64::EPSILON)
            .min_by(|one, two| (one.p.get() - q).abs().total_cmp(&(two.p.get() - q).abs()))
    }) {
        QuantileMetric::log_normal_from_pilot((q, at), (other.p.get(), other.value))
    } else {
        return Err(Obstacle::new(
            metric.field("baseline"),
            "its baseline has no shape: write `log_sd`, pilot `quantiles` or `density`",
        ));
    };
    let found = found.map_err(|error| numeric(metric, &error))?;
    Ok((
        at,
        Spread::Quantile {
            q,
            log_sd: found.log_sd(),
        },
    ))
}

/// The share of units with the event within the window: as written, or from the median under a constant hazard.
fn event_probability(metric: &Metric) -> Result<f64, Obstacle> {
    if let Some(written) = metric.baseline() {
        return Ok(written);
    }
    let median = metric.declared.baseline.as_ref().and_then(|b| b.median);
    match (median, metric.declared.window) {
        (Some(median), Some(window)) if median.days() > 0.0 => {
            Ok(-(-std::f64::consts::LN_2 * window.days() / median.days()).exp_m1())
        }
        (Some(_), _) => Err(Obstacle::new(
            metric.field("window"),
            "with a median it needs a `window` to know how many units have the event",
        )),
        (None, _) => Err(Obstacle::new(
            metric.field("baseline"),
            "its baseline has neither `value` nor `median`",
        )),
    }
}
