//! How an error rate is spent over the information.

use super::super::error::{Result, require};
use super::super::normal;

/// A spending function: the part of an error rate used up to an information fraction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spending {
    /// 2 − 2 Φ(z_{a/2}/√t) (Lan & DeMets 1983): close to O'Brien–Fleming, almost nothing early.
    OBrienFleming,
    /// a ln(1 + (e − 1) t) (Lan & DeMets 1983): close to Pocock.
    Pocock,
    /// a (1 − e^(−γt))/(1 − e^(−γ)) (Hwang, Shih & DeCani 1990): −4 is near O'Brien–Fleming, 1 near Pocock, 0 linear.
    HwangShihDeCani(f64),
    /// a t^ρ (Kim & DeMets 1987), ρ above 0.
    Power(f64),
}

impl Spending {
    /// The parameter must be usable.
    pub(crate) fn check(self) -> Result<Self> {
        match self {
            Self::OBrienFleming | Self::Pocock => {}
            Self::HwangShihDeCani(gamma) => {
                require(
                    "gamma of the Hwang-Shih-DeCani spending",
                    gamma,
                    "between -40 and 40",
                    gamma.abs() <= 40.0,
                )?;
            }
            Self::Power(rho) => {
                require(
                    "rho of the power-family spending",
                    rho,
                    "above 0, at most 50",
                    rho > 0.0 && rho <= 50.0,
                )?;
            }
        }
        Ok(self)
    }

    /// The part of `error` (a one-sided alpha, or beta) spent at information fraction `t` in `[0, 1]`.
    pub fn spent(self, error: f64, t: f64) -> f64 {
        if t >= 1.0 {
            return error;
        }
        if t <= 0.0 {
            return 0.0;
        }
        match self {
            Self::OBrienFleming => 2.0 * normal::sf(normal::upper_quantile(0.5 * error) / t.sqrt()),
            Self::Pocock => error * ((std::f64::consts::E - 1.0) * t).ln_1p(),
            Self::HwangShihDeCani(0.0) => error * t,
            Self::HwangShihDeCani(gamma) => error * (-gamma * t).exp_m1() / (-gamma).exp_m1(),
            Self::Power(rho) => error * t.powf(rho),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spending_is_increasing_and_complete() {
        for spending in [
            Spending::OBrienFleming,
            Spending::Pocock,
            Spending::HwangShihDeCani(-4.0),
            Spending::HwangShihDeCani(0.0),
            Spending::HwangShihDeCani(2.0),
            Spending::Power(3.0),
        ] {
            let path: Vec<f64> = (0..=20).map(|i| spending.spent(0.025, f64::from(i) / 20.0)).collect();
            assert!(path.windows(2).all(|step| step[1] > step[0]), "{spending:?}");
            assert!(
                (spending.spent(0.025, 1.0 - 1e-12) - 0.025).abs() < 1e-11,
                "{spending:?}"
            );
        }
    }
}
