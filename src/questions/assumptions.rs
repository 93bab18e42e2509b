//! What a spec assumes of the world, and over which interval each assumption is tried.

use super::answer::Setting;
use super::sensitivity::Basis;
use crate::format;
use crate::language::metric::RatioMoments;
use crate::language::values::{Duration, Fraction};
use crate::language::{DesignKind, MetricKind};
use crate::plan::{baseline_interval, correlation_interval, reach, spread_interval, wilson};
use crate::resolve::{Experiment, Metric};

/// An assumption with its interval.
pub(super) struct Open {
    pub(super) path: String,
    write: Write,
    pub(super) assumed: f64,
    pub(super) basis: Basis,
    pub(super) because: String,
    pub(super) interval: (f64, f64),
}

/// How a value is put in the place of what is assumed.
enum Write {
    /// As a number at the path.
    Number,
    /// As a span of time in seconds.
    Seconds,
    /// In a list that is written anew at a path of its own: before it and after it.
    Within {
        path: String,
        before: String,
        after: String,
    },
}

impl Open {
    /// The supposition that this assumption is `value`.
    pub(super) fn setting(&self, value: f64) -> Setting {
        let (path, value) = match &self.write {
            Write::Number => (&self.path, format!("{value:?}")),
            Write::Seconds => (&self.path, format!("\"{}s\"", value.round())),
            Write::Within { path, before, after } => (path, format!("{before}{value:?}{after}")),
        };
        Setting {
            path: path.clone(),
            value,
        }
    }

    fn a_fifth_either_way(path: String, assumed: f64) -> Self {
        Self::by_convention(path, assumed, "a fifth either way", (0.8 * assumed, 1.2 * assumed))
    }

    fn from_data(path: String, assumed: f64, n: f64, what: &str, interval: (f64, f64)) -> Self {
        Self {
            path,
            write: Write::Number,
            assumed,
            basis: Basis::Data,
            because: format!("95% of {} {what}", format::count(n)),
            interval,
        }
    }

    fn by_convention(path: String, assumed: f64, because: &str, interval: (f64, f64)) -> Self {
        Self {
            path,
            write: Write::Number,
            assumed,
            basis: Basis::Convention,
            because: format!("no data: {because}"),
            interval,
        }
    }

    /// Half and twice as much, of a share at most 1.
    fn half_to_twice(path: String, assumed: f64, most: f64) -> Self {
        Self::by_convention(
            path,
            assumed,
            "half to twice",
            (0.5 * assumed, (2.0 * assumed).min(most)),
        )
    }

    /// A tenth of the scale of correlations either way.
    fn tenth_either_way(path: String, assumed: f64) -> Self {
        let interval = ((assumed - 0.1).max(-0.99), (assumed + 0.1).min(0.99));
        Self::by_convention(path, assumed, "0.1 either way", interval)
    }
}

/// Everything that sizes assume and that has an interval, metric by metric, then what is about all units.
pub(super) fn assumptions(experiment: &Experiment) -> Vec<Open> {
    let mut all = Vec::new();
    for metric in experiment.gating_metrics() {
        all.extend(baseline(metric));
        all.extend(spread(metric));
        all.extend(moments(metric));
        all.extend(judge(metric));
        all.extend(likeness(metric));
        all.extend(parts(experiment, metric));
    }
    all.extend(of_units(experiment));
    // Two composites may have a component in common, and one may decide on its own.
    let mut seen = std::collections::HashSet::new();
    all.retain(|open| seen.insert(open.path.clone()));
    all
}

/// What sizes assume and nothing here tries: addresses in the spec.
pub(super) fn not_tried(experiment: &Experiment) -> Vec<String> {
    let mut missing = Vec::new();
    for metric in experiment.gating_metrics() {
        let Some(baseline) = &metric.declared.baseline else {
            continue;
        };
        if !baseline.quantiles.is_empty() {
            missing.push(path(metric, "baseline.quantiles"));
        }
        for (field, mean) in [
            (
                "numerator_mean",
                baseline.moments.as_ref().and_then(|m| m.numerator_mean),
            ),
            (
                "denominator_mean",
                baseline.moments.as_ref().and_then(|m| m.denominator_mean),
            ),
        ] {
            missing.extend(mean.map(|_| path(metric, &format!("baseline.moments.{field}"))));
        }
    }
    missing
}

/// What is assumed of units whatever is measured of them.
fn of_units(experiment: &Experiment) -> Vec<Open> {
    let mut open = Vec::new();
    let Some(design) = experiment.spec.design.as_ref() else {
        return open;
    };
    if let Some(cluster) = &design.cluster
        && let Some(size) = cluster.mean_size.filter(|size| *size > 1.0)
    {
        let mut of_size = Open::a_fifth_either_way("design.cluster.mean_size".to_owned(), size);
        // A cluster has a member.
        of_size.interval.0 = of_size.interval.0.max(1.0);
        open.push(of_size);
        let at = "design.cluster.size_cv".to_owned();
        open.push(match cluster.size_cv.filter(|cv| *cv > 0.0) {
            Some(cv) => Open::half_to_twice(at, cv, f64::MAX),
            None => Open::by_convention(at, 0.0, "0 to a half", (0.0, 0.5)),
        });
    }
    let half_life = design
        .effect_half_life
        .filter(|_| design.kind == Some(DesignKind::Switchback));
    if let Some(seconds) = half_life.map(Duration::seconds).filter(|seconds| *seconds >= 1.0) {
        open.push(Open {
            write: Write::Seconds,
            because: "no data: half to twice, in seconds".to_owned(),
            ..Open::half_to_twice("design.effect_half_life".to_owned(), seconds, f64::MAX)
        });
    }
    if let Some(share) = reach(experiment) {
        let interval = (0.9 * share, (1.1 * share).min(1.0));
        open.push(Open::by_convention(
            "traffic.eligible".to_owned(),
            share,
            "a tenth either way",
            interval,
        ));
    }
    open
}

/// What a composite is made of: values and spread of its components, and how they go together.
fn parts(experiment: &Experiment, metric: &Metric) -> Vec<Open> {
    let of_component = metric.declared.components.iter().filter_map(|component| {
        let component = experiment.metric(&component.metric)?;
        Some(
            baseline(component)
                .into_iter()
                .chain(spread(component))
                .chain(moments(component)),
        )
    });
    let mut open: Vec<Open> = of_component.flatten().collect();
    let pairs = metric
        .declared
        .baseline
        .as_ref()
        .map_or(&[][..], |b| b.correlations.as_slice());
    // An array is replaced whole, so the other pairs are written as they are.
    let written = |place: usize, value: Option<f64>| {
        let pair = pairs.get(place)?;
        let [one, other] = &pair.between;
        let start = format!("{{ between = [\"{one}\", \"{other}\"], value = ");
        Some(value.map_or(start.clone(), |value| format!("{start}{value:?} }}")))
    };
    let between = |places: std::ops::Range<usize>| -> Vec<String> {
        places
            .filter_map(|place| written(place, Some(pairs.get(place)?.value)))
            .collect()
    };
    for (place, pair) in pairs.iter().enumerate() {
        let (mut before, after) = (between(0..place), between(place + 1..pairs.len()));
        before.extend(written(place, None));
        let after: String = after.iter().flat_map(|pair| [", ", pair.as_str()]).collect();
        open.push(Open {
            write: Write::Within {
                path: path(metric, "baseline.correlations"),
                before: format!("[{}", before.join(", ")),
                after: format!(" }}{after}]"),
            },
            ..Open::tenth_either_way(
                path(
                    metric,
                    &format!("baseline.correlations ({}, {})", pair.between[0], pair.between[1]),
                ),
                pair.value,
            )
        });
    }
    open
}

/// Spread and likeness of what a ratio is made of, where no `cv` says it in one number.
fn moments(metric: &Metric) -> Vec<Open> {
    let Some(moments) = metric
        .declared
        .baseline
        .as_ref()
        .filter(|baseline| baseline.cv.is_none() && baseline.sd.is_none())
        .and_then(|baseline| baseline.moments.as_ref())
    else {
        return Vec::new();
    };
    let RatioMoments {
        numerator_sd,
        denominator_sd,
        correlation,
        ..
    } = moments;
    let n = units(metric);
    let spreads = [("numerator_sd", numerator_sd), ("denominator_sd", denominator_sd)];
    let mut open: Vec<Open> = spreads
        .into_iter()
        .filter_map(|(field, sd)| {
            let (sd, at) = ((*sd)?, path(metric, &format!("baseline.moments.{field}")));
            Some(match n {
                Some(n) => Open::from_data(at, sd, n, "units", spread_interval(sd, n)),
                None => Open::a_fifth_either_way(at, sd),
            })
        })
        .collect();
    if let Some(correlation) = *correlation {
        let at = path(metric, "baseline.moments.correlation");
        open.push(match n {
            Some(n) => Open::from_data(at, correlation, n, "units", correlation_interval(correlation, n)),
            None => Open::tenth_either_way(at, correlation),
        });
    }
    open
}

fn path(metric: &Metric, field: &str) -> String {
    format!("metrics.{}.{field}", metric.id)
}

/// Units that a baseline was read from.
fn units(metric: &Metric) -> Option<f64> {
    Some(metric.declared.baseline.as_ref()?.n.filter(|n| *n > 3)? as f64)
}

/// A baseline: over what its units leave open, else a tenth either way.
fn baseline(metric: &Metric) -> Option<Open> {
    let value = metric.baseline()?;
    let at = path(metric, "baseline.value");
    // Half of the comparisons won is what no effect means, not something that was read.
    if metric.kind() == Some(MetricKind::Preference) {
        return ties(metric);
    }
    Some(match (baseline_interval(metric), units(metric)) {
        (Some(interval), Some(n)) => Open::from_data(at, value, n, "units", interval),
        _ => Open::by_convention(at, value, "a tenth either way", (0.9 * value, 1.1 * value)),
    })
}

/// The share of comparisons that end in a tie, where some do.
fn ties(metric: &Metric) -> Option<Open> {
    let ties = metric.declared.baseline.as_ref()?.ties?.get();
    let at = path(metric, "baseline.ties");
    (ties > 0.0).then(|| match units(metric) {
        Some(n) => Open::from_data(at, ties, n, "comparisons", wilson(ties, n)),
        None => Open::half_to_twice(at, ties, 0.95),
    })
}

/// What says how far values spread: the standard deviation in one of its forms.
fn spread(metric: &Metric) -> Vec<Open> {
    let Some(baseline) = metric.declared.baseline.as_ref() else {
        return Vec::new();
    };
    let measured = [
        ("baseline.sd", baseline.sd),
        ("baseline.cv", baseline.cv),
        ("baseline.log_sd", baseline.log_sd),
    ];
    let mut open: Vec<Open> = measured
        .into_iter()
        .filter_map(|(field, spread)| {
            let (spread, at) = (spread?, path(metric, field));
            Some(match units(metric) {
                Some(n) => Open::from_data(at, spread, n, "units", spread_interval(spread, n)),
                None => Open::a_fifth_either_way(at, spread),
            })
        })
        .collect();
    open.extend(
        baseline
            .density
            .map(|density| Open::a_fifth_either_way(path(metric, "baseline.density"), density)),
    );
    open.extend(
        baseline
            .dispersion
            .filter(|dispersion| *dispersion > 0.0)
            .map(|dispersion| Open::half_to_twice(path(metric, "baseline.dispersion"), dispersion, f64::MAX)),
    );
    open
}

/// The errors of a judge, by the labels they were measured on.
fn judge(metric: &Metric) -> Vec<Open> {
    let Some(judge) = &metric.declared.judge else {
        return Vec::new();
    };
    let errors = [
        ("judge.sensitivity", judge.sensitivity, judge.positives),
        ("judge.specificity", judge.specificity, judge.negatives),
    ];
    let found = errors.into_iter().filter_map(|(field, share, labels)| {
        let (share, at) = (share?.get(), path(metric, field));
        Some(match labels.filter(|labels| *labels > 0) {
            Some(labels) => Open::from_data(at, share, labels as f64, "labels", wilson(share, labels as f64)),
            None => Open::by_convention(at, share, "0.05 either way", (share - 0.05, (share + 0.05).min(1.0))),
        })
    });
    found.collect()
}

/// How alike units, repeats, arms and covariates are.
fn likeness(metric: &Metric) -> Vec<Open> {
    let declared = &metric.declared;
    let mut open: Vec<Open> = [
        ("correlation", declared.correlation),
        ("repeat_correlation", declared.repeat_correlation),
        (
            "baseline.autocorrelation",
            declared.baseline.as_ref().and_then(|b| b.autocorrelation),
        ),
    ]
    .into_iter()
    .filter_map(|(field, correlation)| Some(Open::tenth_either_way(path(metric, field), correlation?)))
    .collect();
    if let Some(discordant) = declared.discordant.map(Fraction::get) {
        open.push(Open::half_to_twice(path(metric, "discordant"), discordant, 1.0));
    }
    let icc = declared.baseline.as_ref().and_then(|b| b.icc).map(Fraction::get);
    if let Some(icc) = icc.filter(|icc| *icc > 0.0) {
        open.push(Open::half_to_twice(path(metric, "baseline.icc"), icc, 1.0));
    }
    let covariate = declared
        .variance_reduction
        .as_ref()
        .and_then(|reduction| reduction.correlation);
    if let Some(correlation) = covariate {
        let at = path(metric, "variance_reduction.correlation");
        open.push(match units(metric) {
            Some(n) => Open::from_data(at, correlation, n, "units", correlation_interval(correlation, n)),
            None => Open::tenth_either_way(at, correlation),
        });
    }
    let explained = declared.stratification.as_ref().and_then(|strata| strata.explained);
    if let Some(explained) = explained.map(Fraction::get).filter(|share| *share > 0.0) {
        let at = path(metric, "stratification.explained");
        open.push(Open::half_to_twice(at, explained, 1.0));
    }
    open
}
