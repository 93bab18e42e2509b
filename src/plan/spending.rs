//! The spending that a spec declares, as the statistics take it.

use crate::language::{self, EfficacySpending, Sequential};
use crate::stats::{Boundary, INTERIM_Z, Spending};

/// The boundary of efficacy.
///
/// # Errors
/// A clause that says what the spec leaves open.
pub fn efficacy_boundary(declared: &Sequential) -> Result<Boundary, String> {
    let by_function = |of: language::Spending| spending(of, declared.gamma, declared.rho).map(Boundary::Spending);
    match declared.spending {
        None => Err("the spec does not say how alpha is spent over looks".to_owned()),
        Some(EfficacySpending::ObrienFleming) => by_function(language::Spending::ObrienFleming),
        Some(EfficacySpending::Pocock) => by_function(language::Spending::Pocock),
        Some(EfficacySpending::HwangShihDecani) => by_function(language::Spending::HwangShihDecani),
        Some(EfficacySpending::KimDemets) => by_function(language::Spending::KimDemets),
        Some(EfficacySpending::WangTsiatis) => declared
            .delta
            .map(Boundary::WangTsiatis)
            .ok_or_else(|| "`wang-tsiatis` spending needs its `delta`".to_owned()),
        Some(EfficacySpending::HaybittlePeto) => Ok(Boundary::HaybittlePeto(declared.interim_z.unwrap_or(INTERIM_Z))),
    }
}

/// A spending function with its parameter.
///
/// # Errors
/// A clause that says which parameter it needs.
pub fn spending(of: language::Spending, gamma: Option<f64>, rho: Option<f64>) -> Result<Spending, String> {
    match of {
        language::Spending::ObrienFleming => Ok(Spending::OBrienFleming),
        language::Spending::Pocock => Ok(Spending::Pocock),
        language::Spending::HwangShihDecani => gamma
            .map(Spending::HwangShihDeCani)
            .ok_or_else(|| "`hwang-shih-decani` spending needs its `gamma`".to_owned()),
        language::Spending::KimDemets => rho
            .map(Spending::Power)
            .ok_or_else(|| "`kim-demets` spending needs its `rho`".to_owned()),
    }
}
