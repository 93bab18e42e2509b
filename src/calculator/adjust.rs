//! Factors on the variance, and so on n, that do not depend on the kind.

use super::answer::Adjustment;
use super::fault::{Fault, Result};
use super::quantity::Quantity;
use super::request::Request;
use super::text::number;
use crate::language::values::Fraction;
use crate::stats::{Clusters, cuped_factor, quantile_correlation};

/// The factors of a covariate and of values that belong together, in that order.
pub(super) fn factors(request: &Request) -> Result<Vec<Adjustment>> {
    let mut found = Vec::new();
    if let Some(correlation) = request.covariate_correlation {
        let factor = cuped_factor(correlation.get())?;
        found.push(Adjustment {
            name: "covariate".to_owned(),
            change: format!("covariate of correlation {} (CUPED): 1 − ρ²", number(correlation.get())),
            factor: Some(factor),
        });
    }
    if let Some(clusters) = clusters(request)? {
        let likeness = likeness(request)?
            .zip(request.icc)
            .filter(|_| request.quantile.is_some());
        found.push(Adjustment {
            name: "design-effect".to_owned(),
            change: match likeness {
                None => "values that belong together: 1 + ((cv² + 1) m − 1) ICC".to_owned(),
                Some((beyond, of_values)) => format!(
                    "values that belong together: 1 + ((cv² + 1) m − 1) ICC, with the ICC of being beyond the quantile, {} where that of the values is {}",
                    number(beyond),
                    number(of_values.get())
                ),
            },
            factor: Some(clusters.design_effect()),
        });
    }
    Ok(found)
}

/// The clusters of a request, if it has any.
pub(super) fn clusters(request: &Request) -> Result<Option<Clusters>> {
    match (request.icc, request.cluster_size) {
        (None, None) if request.size_cv.is_some() => {
            Err(Fault::of("size_cv", "`size_cv` needs `icc` and `cluster_size`"))
        }
        (None, None) => Ok(None),
        (Some(_), Some(size)) => {
            let cv = request.size_cv.map_or(0.0, Fraction::get);
            let icc = likeness(request)?.unwrap_or(0.0);
            Ok(Some(Clusters::new(size.get(), cv, icc)?))
        }
        (Some(_), None) => Err(Fault::of(
            "cluster_size",
            "`icc` needs `cluster_size`, the mean number of values that belong together",
        )),
        (None, Some(_)) => Err(Fault::of(
            "icc",
            "`cluster_size` needs `icc`, the intraclass correlation",
        )),
    }
}

/// How alike what the test rests on is: values, or of a quantile who is beyond it, which is less.
fn likeness(request: &Request) -> Result<Option<f64>> {
    let Some(icc) = request.icc else { return Ok(None) };
    Ok(Some(match request.quantile {
        Some(q) => quantile_correlation(q.get(), icc.get())?,
        None => icc.get(),
    }))
}

/// The allocation: treatment units per control unit, filled in.
pub(super) fn ratio(request: &mut Request) -> Result<crate::stats::Ratio> {
    Ok(crate::stats::Ratio::new(
        request.ratio.get_or_insert(Quantity::new(1.0)).get(),
    )?)
}

/// A field without which the kind cannot be sized.
pub(super) fn need<T: Copy>(value: Option<T>, kind: &str, field: &str, what: &str) -> Result<T> {
    value.ok_or_else(|| Fault::of(field, format!("kind {kind} needs `{field}`, {what}")))
}
