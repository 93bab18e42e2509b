//! One file per kind of metric: from the fields of a request to a comparison that can be solved.

mod cluster;
mod count;
mod equivalence;
mod eval;
mod geometric_mean;
mod mean;
mod paired_equivalence;
mod paired_mean;
mod paired_proportion;
mod preference;
mod proportion;
mod quantile;
mod ratio;
mod time_to_event;

use super::design::Comparison;
use super::fault::{Fault, Result};
use super::kind::Kind;
use super::question::Question;
use super::request::Request;
use crate::stats::Direction;

/// Understands the fields of a kind, and fills in the defaults it used.
pub(super) fn comparison(request: &mut Request, question: &Question) -> Result<Comparison> {
    match request.kind {
        Kind::Proportion => proportion::comparison(request, question),
        Kind::Mean => mean::comparison(request, question),
        Kind::GeometricMean => geometric_mean::comparison(request, question),
        Kind::Ratio => ratio::comparison(request, question),
        Kind::Count => count::comparison(request, question),
        Kind::Quantile => quantile::comparison(request, question),
        Kind::TimeToEvent => time_to_event::comparison(request, question),
        Kind::Preference => preference::comparison(request, question),
        Kind::PairedProportion => paired_proportion::comparison(request, question),
        Kind::PairedMean => paired_mean::comparison(request, question),
        Kind::ClusterMean | Kind::ClusterProportion => cluster::comparison(request, question),
        Kind::Eval => eval::comparison(request, question),
    }
}

/// The relative margin of a margin on the log scale: 1 − e^(−m) of a fall, e^m − 1 of a rise.
fn relative_of_log(better: Direction, log_margin: f64) -> f64 {
    match better {
        Direction::Increase => -(-log_margin).exp_m1(),
        Direction::Decrease => log_margin.exp_m1(),
    }
}

/// The log of treatment's value over control's, which is a `what`; `None` where it is asked for.
fn log_truth(question: &Question, what: &str) -> Result<Option<f64>> {
    let Some(change) = question.change else { return Ok(None) };
    if change == 0.0 {
        return Ok(Some(0.0));
    }
    let control = question.control.filter(|value| *value > 0.0);
    let Some(control) = control else {
        return Err(Fault::of(
            "baseline",
            format!("an effect needs `baseline`, control's {what}, above 0"),
        ));
    };
    let ratio = 1.0 + change / control;
    if ratio > 0.0 {
        Ok(Some(ratio.ln()))
    } else {
        Err(Fault::of("treated", format!("treatment's {what} must be above 0")))
    }
}
