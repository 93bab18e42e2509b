//! What only those need who print a plan: the assumption ledger, and simulations.

use super::model::{Plan, Unsized};
use super::{choice, ledger};
use crate::resolve::Experiment;
use crate::source::{Pointer, SourceMap};

/// A plan with everything that it can say of itself. Findings do without, and are quicker.
pub fn in_full(mut plan: Plan, experiment: &Experiment, sources: &SourceMap) -> Plan {
    plan.assumptions = ledger::assumptions(experiment, sources);
    match choice::simulate(experiment) {
        Some(Ok(choice)) => plan.choice = Some(choice),
        Some(Err(reason)) => {
            plan.complete = false;
            plan.unsized_metrics.push(Unsized {
                metric: String::new(),
                reason,
                pointer: Pointer::from_dotted("design").as_str().to_owned(),
            });
        }
        None => {}
    }
    plan
}
