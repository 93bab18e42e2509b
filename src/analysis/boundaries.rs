//! What the planned looks ask of each metric, for a script that analyses without abide.

use super::assess::Setting;
use super::evidence::Critical;
use super::results::Look;
use crate::resolve::Experiment;

/// What one planned look asks of one metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Boundary {
    /// Probability beyond one end of the interval; 0 where nothing may be concluded yet.
    pub tail: f64,
    /// The z, in the beneficial direction, below which a win has become unlikely; `None` without such a rule and at the last look.
    pub futility: Option<f64>,
}

/// The boundaries of a group sequential design, by metric in the order of the spec and by planned look: those that a decision at
/// that look is read with. Empty for every other way of looking.
///
/// # Errors
/// A clause that says why alpha cannot be shared out over the looks.
pub fn boundaries(experiment: &Experiment) -> Result<Vec<Vec<Boundary>>, String> {
    let mut by_metric: Vec<Vec<Boundary>> = vec![Vec::new(); experiment.metrics.len()];
    for number in 1.. {
        let look = Look {
            number: Some(number),
            information: None,
        };
        let setting = Setting::of(experiment, Some(look))?;
        let Some(count) = setting.monitoring.looks() else {
            return Ok(Vec::new());
        };
        for (metric, boundaries) in experiment.metrics.iter().zip(&mut by_metric) {
            let (critical, futility) = setting
                .boundary(experiment, metric)
                .map_err(|error| error.to_string())?;
            // INVARIANT: a planned look asks for a tail; mixtures belong to looks at any time.
            let tail = match critical {
                Critical::Tail { tail } => tail,
                Critical::Mixture { .. } => 0.0,
            };
            boundaries.push(Boundary { tail, futility });
        }
        if number as usize >= count {
            break;
        }
    }
    Ok(by_metric)
}
