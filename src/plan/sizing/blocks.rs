//! Switchbacks: what one block of time tells, and how much of an effect the change of arms leaves in it.
//!
//! Rows are blocks of a region, each with an arm drawn on its own. Values of neighbouring blocks may be as alike as they
//! like: independent draws of the arm make their covariances cancel in the difference between arms (Bojinov, Simchi-Levi &
//! Zhao 2023). What counts is how alike the values *within* a block are.

use super::adjustments::reach;
use crate::language::{self, DesignKind, MetricKind};
use crate::plan::support::Obstacle;
use crate::resolve::{Experiment, Metric};
use crate::source::Pointer;
use crate::stats;

/// A block as the average of the values measured in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct BlockMean {
    /// Values of a block that are counted, after the washout: 1 or more.
    pub(super) counted: f64,
    /// Correlation of neighbouring values.
    pub(super) autocorrelation: f64,
    /// Variance of the average over that of one value, in (0, 1].
    pub(super) factor: f64,
}

/// The averages of a switchback's blocks; `None` where a block has one value, and for other designs.
///
/// The metric's window says how long a value is measured. A value that is measured over the whole block is the row of the
/// analysis as it stands, washout left out, and nothing is averaged.
pub(super) fn block_mean(design: &language::Design, metric: &Metric) -> Result<Option<BlockMean>, Obstacle> {
    if design.kind != Some(DesignKind::Switchback) {
        return Ok(None);
    }
    if metric.kind() != Some(MetricKind::Mean) {
        return Err(Obstacle::new(
            metric.field("kind"),
            "a switchback is analysed by block: measure one value a block (a share, a mean, a quantile) and declare it as a `mean`",
        ));
    }
    let Some(block) = design.block else {
        return Err(Obstacle::new(
            Pointer::from_dotted("design.block"),
            "the switchback does not say how long a block is",
        ));
    };
    let Some(window) = metric
        .declared
        .window
        .filter(|window| window.seconds() < block.seconds())
    else {
        return Ok(None);
    };
    let whole = |span: f64| (span / window.seconds()).round();
    let fits = |span: f64| (whole(span) * window.seconds() - span).abs() <= 1e-9 * span;
    let washout = design.washout.map_or(0.0, language::values::Duration::seconds);
    if !fits(block.seconds()) || !fits(washout) {
        return Err(Obstacle::new(
            metric.field("window"),
            "block and washout are not whole numbers of the metric's window, so no average over a block can be formed",
        ));
    }
    let Some(autocorrelation) = metric.declared.baseline.as_ref().and_then(|b| b.autocorrelation) else {
        return Err(Obstacle::new(
            metric.field("baseline"),
            "its baseline has no `autocorrelation`, which says how alike neighbouring values of a block are (0 must be written)",
        ));
    };
    let (periods, dropped) = (whole(block.seconds()), whole(washout));
    // Four blocks are the least that the model takes; the variance of one does not depend on their number.
    let model = stats::Switchback::new(4.0 * periods, periods, dropped, autocorrelation, 1.0)
        .map_err(|error| Obstacle::new(Pointer::from_dotted("design.washout"), &error.to_string()))?;
    Ok(Some(BlockMean {
        counted: periods - dropped,
        autocorrelation,
        factor: model.block_variance(),
    }))
}

/// The share of an effect that is seen in a block when arms wear off with the declared half-life; `None` where no half-life is
/// declared, and for other designs.
///
/// With half-life h, the state of a region moves towards its arm as 2^(−t/h). Averaged over the counted part of a block,
/// from the washout w to the end b, c = h/ln 2 · (2^(−w/h) − 2^(−b/h))/(b − w) of it still belongs to the arm before. That
/// arm was drawn independently, so the difference between arms is 1 − c of the effect.
pub fn seen(experiment: &Experiment) -> Option<f64> {
    of_design(experiment.spec.design.as_ref()?)
}

/// What there is to see of an effect among the units that are analysed: the share of them that meets the change, times what a
/// block shows of it.
pub fn left_of_effects(experiment: &Experiment) -> f64 {
    reach(experiment).unwrap_or(1.0) * seen(experiment).unwrap_or(1.0)
}

fn of_design(design: &language::Design) -> Option<f64> {
    let (block, half_life) = (design.block?.seconds(), design.effect_half_life?.seconds());
    let washout = design.washout.map_or(0.0, language::values::Duration::seconds);
    if design.kind != Some(DesignKind::Switchback) || half_life <= 0.0 || washout >= block {
        return None;
    }
    let left = |time: f64| (-time / half_life).exp2();
    let carried = half_life / std::f64::consts::LN_2 * (left(washout) - left(block)) / (block - washout);
    Some(1.0 - carried)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::language::values::Duration;

    fn switchback(washout: &str, half_life: &str) -> language::Design {
        language::Design {
            kind: Some(DesignKind::Switchback),
            block: Some(Duration::parse("2h").unwrap()),
            washout: Some(Duration::parse(washout).unwrap()),
            effect_half_life: Some(Duration::parse(half_life).unwrap()),
            ..language::Design::default()
        }
    }

    /// A simulation of 40 regions over 84 blocks, AR(1) of 0.6 between blocks, gave 0.0872/0.0967 = 0.90 of the effect with a
    /// standard error of 0.006; without carry-over the standard deviation of the difference was that of independent blocks.
    #[test]
    fn a_short_washout_leaves_part_of_the_arm_before() {
        assert!((of_design(&switchback("30m", "20m")).unwrap() - 0.891_660_530).abs() < 1e-9);
    }

    #[test]
    fn a_long_washout_leaves_the_whole_effect() {
        assert!(of_design(&switchback("110m", "5m")).unwrap() > 0.999_999);
    }
}
