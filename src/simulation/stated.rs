//! Effects that somebody wants to take for true: `METRIC=0.03`, `METRIC=-5%`, `METRIC=2pp`.

use std::str::FromStr;

use super::truth::{Change, World};
use crate::resolve::Experiment;

/// An effect on one metric, with its sign: above 0 the treatments have more.
#[derive(Debug, Clone, PartialEq)]
pub struct Stated {
    /// The metric's id.
    pub metric: String,
    amount: Amount,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Amount {
    /// A share of control's value.
    Share(f64),
    /// In the metric's unit; of a share, 0.02 is two percentage points.
    Units(f64),
}

impl FromStr for Stated {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let how = "write METRIC=-5% for a share of control's value, METRIC=2pp or METRIC=0.02 for an amount";
        let (metric, amount) = text.split_once('=').ok_or_else(|| how.to_owned())?;
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|x| x.is_finite());
        let amount = amount.trim();
        let found = if let Some(points) = amount.strip_suffix("pp") {
            number(points).map(|points| Amount::Units(points / 100.0))
        } else if let Some(percent) = amount.strip_suffix('%') {
            number(percent).map(|percent| Amount::Share(percent / 100.0))
        } else {
            number(amount).map(Amount::Units)
        };
        Ok(Self {
            metric: metric.trim().to_owned(),
            amount: found.ok_or_else(|| format!("`{amount}` is no amount; {how}"))?,
        })
    }
}

/// The world in which what was stated is true, and nothing else has an effect.
///
/// # Errors
/// When a metric is not one that can move, or is stated twice.
pub(super) fn world(experiment: &Experiment, stated: &[Stated]) -> Result<World, String> {
    let mut changes: Vec<(String, Change)> = Vec::new();
    for Stated { metric, amount } in stated {
        if experiment.metric(metric).is_none() {
            let known: Vec<&str> = experiment.metrics.iter().map(|metric| metric.id.as_str()).collect();
            return Err(format!(
                "there is no metric `{metric}`; the spec has {}",
                known.join(", ")
            ));
        }
        if changes.iter().any(|(id, _)| id == metric) {
            return Err(format!("the effect on {metric} is stated twice"));
        }
        let change = match amount {
            Amount::Share(share) => Change::Relative(*share),
            Amount::Units(units) => Change::Absolute(*units),
        };
        changes.push((metric.clone(), change));
    }
    Ok(World::Stated(changes))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn effects_are_read_with_sign_and_scale() {
        let read = |text: &str| text.parse::<Stated>().map(|stated| stated.amount);
        assert_eq!(read("m=-5%").unwrap(), Amount::Share(-0.05));
        assert_eq!(read("m = 2pp").unwrap(), Amount::Units(0.02));
        assert_eq!(read("m=0.5").unwrap(), Amount::Units(0.5));
        assert!(read("m").unwrap_err().starts_with("write METRIC"));
        assert!(read("m=much").unwrap_err().contains("`much` is no amount"));
        assert!(read("m=inf").is_err());
    }
}
