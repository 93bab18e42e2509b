//! What a change is worth: successes gained times their value, less what it costs, per day and over the horizon.

use crate::stats::normal;

/// A difference and its standard error, in the unit of the metric per analysis unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gain {
    /// Arm minus control.
    pub difference: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// The prices of `[decision.net_value]`, in the currency of the workspace.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prices {
    /// Analysis units a day once shipped.
    pub volume_per_day: f64,
    /// What one more success is worth.
    pub value_per_success: f64,
    /// What shipping costs once, 0 or more.
    pub one_off_cost: f64,
    /// Days over which it must pay.
    pub horizon_days: f64,
}

/// The net value of a change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NetValue {
    /// Per day, before what shipping costs once.
    pub per_day: f64,
    /// Standard error of the value per day.
    pub standard_error: f64,
    /// Over the horizon, after what shipping costs once.
    pub over_horizon: f64,
    /// Probability that the value over the horizon is above 0.
    pub probability: f64,
    /// Value of one success at which the change breaks even per day; `None` when there are no successes gained.
    pub break_even: Option<f64>,
}

/// The net value of more successes at a higher cost, both per analysis unit.
///
/// Both estimates count as normal and independent, with a flat prior: the probability is Φ(value/standard error). `success` is
/// turned so that a gain is positive; a rise of `cost` is positive.
///
/// ```
/// use abide::analysis::money::{Gain, Prices, net_value};
/// // A click rate of 30% rises by 2% and a cost of 0.012 by 5%, a million queries a day.
/// let clicks = Gain { difference: 0.006, standard_error: 0.30 * 0.006 };
/// let cost = Gain { difference: 0.0006, standard_error: 0.012 * 0.004 };
/// let prices = Prices { volume_per_day: 1e6, value_per_success: 0.15, one_off_cost: 0.0, horizon_days: 90.0 };
/// let value = net_value(clicks, cost, prices);
/// assert_eq!(value.per_day.round(), 300.0);
/// assert_eq!((100.0 * value.probability).round(), 86.0);
/// ```
pub fn net_value(success: Gain, cost: Gain, prices: Prices) -> NetValue {
    let Prices {
        volume_per_day: volume,
        value_per_success: worth,
        ..
    } = prices;
    let per_day = volume * (success.difference * worth - cost.difference);
    let standard_error = volume * (success.standard_error * worth).hypot(cost.standard_error);
    let over_horizon = per_day * prices.horizon_days - prices.one_off_cost;
    let over = standard_error * prices.horizon_days;
    let probability = if over > 0.0 {
        normal::cdf(over_horizon / over)
    } else if over_horizon > 0.0 {
        1.0
    } else {
        0.0
    };
    NetValue {
        per_day,
        standard_error,
        over_horizon,
        probability,
        break_even: (success.difference > 0.0).then(|| cost.difference / success.difference),
    }
}

/// Value of one success from which the change pays for itself over the horizon, what shipping costs once included; `None`
/// when no successes are gained, or nothing is ever counted.
pub fn pays_from(success: Gain, cost: Gain, prices: Prices) -> Option<f64> {
    let units = prices.volume_per_day * prices.horizon_days;
    (success.difference > 0.0 && units > 0.0)
        .then(|| (prices.one_off_cost / units + cost.difference) / success.difference)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Click rate 30% plus 2% (standard error .6%), cost 0.012 plus 5% (.4%), a million queries a day.
    fn at(value_per_success: f64) -> NetValue {
        net_value(
            Gain {
                difference: 0.30 * 0.02,
                standard_error: 0.30 * 0.006,
            },
            Gain {
                difference: 0.012 * 0.05,
                standard_error: 0.012 * 0.004,
            },
            Prices {
                volume_per_day: 1e6,
                value_per_success,
                one_off_cost: 0.0,
                horizon_days: 90.0,
            },
        )
    }

    #[test]
    fn a_click_must_be_worth_ten_cents() {
        assert!((at(0.15).break_even.unwrap() - 0.10).abs() < 1e-12);
    }

    #[test]
    fn value_interval_and_probability_are_the_worked_example() {
        for (worth, per_day, lower, upper, percent) in [
            (0.04, -360.0, -529.0, -191.0, 0.0),
            (0.12, 120.0, -313.0, 553.0, 71.0),
            (0.15, 300.0, -237.0, 837.0, 86.0),
            (0.20, 600.0, -112.0, 1312.0, 95.0),
        ] {
            let value = at(worth);
            let half = 1.959_964 * value.standard_error;
            assert!((value.per_day - per_day).abs() < 1e-9, "{worth}");
            assert!(
                (value.per_day - half - lower).abs() < 1.0,
                "{worth}: {}",
                value.per_day - half
            );
            assert!(
                (value.per_day + half - upper).abs() < 1.0,
                "{worth}: {}",
                value.per_day + half
            );
            assert!((100.0 * value.probability - percent).abs() < 0.5, "{worth}");
        }
    }

    #[test]
    fn what_shipping_costs_once_counts_over_the_horizon() {
        let free = at(0.15);
        let prices = Prices {
            volume_per_day: 1e6,
            value_per_success: 0.15,
            one_off_cost: 27_000.0,
            horizon_days: 90.0,
        };
        let success = Gain {
            difference: 0.006,
            standard_error: 0.0018,
        };
        let cost = Gain {
            difference: 0.0006,
            standard_error: 0.000_048,
        };
        let paid = net_value(success, cost, prices);
        assert!((paid.per_day - free.per_day).abs() < 1e-9);
        assert!(paid.over_horizon.abs() < 1e-6 && (paid.probability - 0.5).abs() < 1e-6);
    }

    #[test]
    fn at_the_price_from_which_it_pays_nothing_is_gained_or_lost() {
        let gain = |difference: f64| Gain {
            difference,
            standard_error: 0.0,
        };
        let prices = |value_per_success: f64| Prices {
            volume_per_day: 1e6,
            value_per_success,
            one_off_cost: 20_000.0,
            horizon_days: 90.0,
        };
        let from = pays_from(gain(0.006), gain(0.0006), prices(0.0)).unwrap();
        let value = net_value(gain(0.006), gain(0.0006), prices(from));
        assert!(value.over_horizon.abs() < 1e-6, "{}", value.over_horizon);
        assert_eq!(pays_from(gain(0.0), gain(0.0006), prices(0.0)), None);
    }
}
