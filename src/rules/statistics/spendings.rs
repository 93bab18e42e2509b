//! Every spending that a sequential design declares, with the numbers written beside it.

use crate::language::{EfficacySpending, Sequential, Spending, SpendingParameter};

/// A spending, of efficacy, futility or guardrails.
pub(super) struct Declared {
    /// The table it is in, below `statistics.sequential`: empty or with a point behind it.
    pub(super) table: &'static str,
    /// Its word; `None` where the table does not say.
    pub(super) spending: Option<&'static str>,
    /// The number that it reads.
    pub(super) reads: Option<SpendingParameter>,
    /// The numbers that are written.
    pub(super) written: Vec<SpendingParameter>,
}

/// The spendings of a design, in the order of the language.
pub(super) fn declared(sequential: &Sequential) -> Vec<Declared> {
    let written = |numbers: &[(SpendingParameter, Option<f64>)]| {
        let given = numbers.iter().filter(|(_, number)| number.is_some());
        given.map(|(parameter, _)| *parameter).collect()
    };
    let function = |table, spending: Option<Spending>, gamma, rho| Declared {
        table,
        spending: spending.map(Spending::as_str),
        reads: spending.and_then(Spending::parameter),
        written: written(&[(SpendingParameter::Gamma, gamma), (SpendingParameter::Rho, rho)]),
    };
    let mut found = vec![Declared {
        table: "",
        spending: sequential.spending.map(EfficacySpending::as_str),
        reads: sequential.spending.and_then(EfficacySpending::parameter),
        written: written(&[
            (SpendingParameter::Gamma, sequential.gamma),
            (SpendingParameter::Rho, sequential.rho),
            (SpendingParameter::Delta, sequential.delta),
            (SpendingParameter::InterimZ, sequential.interim_z),
        ]),
    }];
    if let Some(futility) = &sequential.futility {
        found.push(function("futility.", futility.spending, futility.gamma, futility.rho));
    }
    if let Some(own) = &sequential.guardrails {
        found.push(function("guardrails.", own.spending, own.gamma, own.rho));
    }
    found
}
