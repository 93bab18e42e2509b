//! Time to event under proportional hazards: the number of events, and the units that produce them.

use super::error::{Result, StatsError, positive, require};
use super::hypothesis::Hypothesis;
use super::input::{Level, Power, Ratio};
use super::normal;
use super::quadrature::legendre_for;
use super::quantile::quantile_correlation;
use super::ztest::{ZTest, check_n};

/// Two arms whose hazards have a constant ratio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogRank {
    hazard_ratio: f64,
    ratio: Ratio,
}

impl LogRank {
    /// Hazard of treatment over that of control, above 0; equal allocation.
    pub fn new(hazard_ratio: f64) -> Result<Self> {
        Ok(Self {
            hazard_ratio: positive("hazard ratio", hazard_ratio)?,
            ratio: Ratio::EQUAL,
        })
    }

    /// The same with another allocation.
    #[must_use]
    pub fn with_ratio(self, ratio: Ratio) -> Self {
        Self { ratio, ..self }
    }

    /// The z test of the log hazard ratio (Schoenfeld 1981, Biometrika 68); its n counts events in both arms:
    /// (A + B)² (1 + r)²/(r ln² HR). A margin is one of the logarithm, see [`Hypothesis::non_inferiority_log`].
    ///
    /// ```
    /// use abide::stats::{Direction, Hypothesis, Level, LogRank, Power};
    /// let test = LogRank::new(0.8)?.test(Hypothesis::superiority(Direction::Decrease))?;
    /// assert_eq!(test.sample_size(Level::two_sided(0.05)?, Power::new(0.8)?)?.ceil(), 631.0);
    /// # Ok::<(), abide::stats::StatsError>(())
    /// ```
    pub fn test(self, hypothesis: Hypothesis) -> Result<ZTest> {
        let r = self.ratio.get();
        ZTest::new(hypothesis.distance(0.0, self.hazard_ratio.ln()), (1.0 + r) / r.sqrt())
    }

    /// Events for superiority by Freedman 1982 (Statistics in Medicine 1): (A + B)² (1 + r HR)²/(r (1 − HR)²).
    pub fn freedman_events(self, level: Level, power: Power) -> Result<f64> {
        let (r, h) = (self.ratio.get(), self.hazard_ratio);
        if h == 1.0 {
            return Err(StatsError::no_solution("number of events", "the hazards do not differ"));
        }
        check_n(((level.z() + power.z()) * (1.0 + r * h) / (1.0 - h)).powi(2) / r)
    }
}

/// How alike two units of a cluster are in their log-rank scores δ − Λ(min(T, C)), when `icc` says how alike they are in having
/// the event by the end, which a share `event` of units has: more, as scores know when the event came. What goes together is
/// taken to be normal (a Gaussian copula), as for quantiles.
///
/// With g(z) the score at the normal score z of the time, E g(X) g(Y) = Σ aₙ² ρⁿ (Mehler 1866), aₙ = E g(Z) hₙ(Z); the variance
/// of a score is the share of events.
///
/// ```
/// use abide::stats::log_rank_likeness;
/// // Simulated with four million pairs: .1163 and .02331.
/// assert!((log_rank_likeness(0.5, 0.1)? - 0.1165).abs() < 5e-4);
/// assert!((log_rank_likeness(0.5, 0.02)? - 0.0234).abs() < 2e-4);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
pub fn log_rank_likeness(event: f64, icc: f64) -> Result<f64> {
    const TERMS: usize = 64;
    let p = require(
        "probability of the event",
        event,
        "strictly between 0 and 1",
        event > 0.0 && event < 1.0,
    )?;
    let icc = require("intraclass correlation", icc, "from 0 to 1", (0.0..=1.0).contains(&icc))?;
    let rho = behind(p, icc)?;
    let end = normal::quantile(p);
    // By parts: the score jumps by −1 at the end, and falls by the hazard of the normal score before it.
    let mut coefficients = [0.0; TERMS];
    let mut add = |z: f64, weight: f64| {
        let (mut before, mut now) = (0.0, weight * normal::pdf(z));
        for (index, coefficient) in coefficients.iter_mut().enumerate() {
            let order = index as f64;
            *coefficient += now / (order + 1.0).sqrt();
            // Orthonormal Hermite polynomials.
            (before, now) = (now, (z * now - order.sqrt() * before) / (order + 1.0).sqrt());
        }
    };
    add(end, 1.0);
    for (z, weight) in legendre_for(512.0).on((-12.0_f64).min(end - 1.0), end) {
        add(z, weight * normal::pdf(z) / normal::sf(z));
    }
    let (mut shared, mut left, mut power) = (0.0, p, 1.0);
    for coefficient in coefficients {
        power *= rho;
        shared += coefficient * coefficient * power;
        left -= coefficient * coefficient;
    }
    // What is beyond the last term shares at most as much of itself as the last one did.
    Ok((shared + left.max(0.0) * power) / p)
}

/// The correlation of normal scores with which having the event is as alike as `icc`.
fn behind(event: f64, icc: f64) -> Result<f64> {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if quantile_correlation(event, middle)? < icc {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(0.5 * (low + high))
}

/// Events for one coefficient of a Cox model: (A + B)²/(θ² p (1 − p)), where the share `p` of units has the attribute
/// and θ is its log hazard ratio (Chow, Shao & Wang 2008, §7.3.4). Divide by the event probability to get units.
pub fn cox_events(log_hazard_ratio: f64, share: f64, level: Level, power: Power) -> Result<f64> {
    let p = require("share", share, "strictly between 0 and 1", share > 0.0 && share < 1.0)?;
    require(
        "log hazard ratio",
        log_hazard_ratio,
        "a finite number other than 0",
        log_hazard_ratio != 0.0,
    )?;
    ZTest::new(log_hazard_ratio.abs(), (1.0 / (p * (1.0 - p))).sqrt())?.sample_size(level, power)
}

/// Probability that a unit has its event in the study, with a constant `hazard`, uniform entry over `accrual` and a
/// further `follow_up`, all in the same unit of time.
pub fn event_probability(hazard: f64, accrual: f64, follow_up: f64) -> Result<f64> {
    let hazard = positive("hazard", hazard)?;
    let a = require("accrual", accrual, "a finite time, 0 or more", accrual >= 0.0)?;
    let f = require("follow-up", follow_up, "a finite time, 0 or more", follow_up >= 0.0)?;
    require("duration of the study", a + f, "above 0", a + f > 0.0)?;
    // 1 − e^(−λf) (1 − e^(−λa))/(λa), whose last factor is 1 for everyone entering at once.
    let entry = if a == 0.0 {
        1.0
    } else {
        -(-hazard * a).exp_m1() / (hazard * a)
    };
    Ok(if hazard * (a + f) < 1e-4 {
        // The difference from 1 cancels: −e^(−λf) (1 − …) − (e^(−λf) − 1) in two exact parts.
        let x = hazard * a;
        let missing = x / 2.0 * (1.0 - x / 3.0 * (1.0 - x / 4.0));
        -(-hazard * f).exp_m1() + (-hazard * f).exp() * missing
    } else {
        1.0 - (-hazard * f).exp() * entry
    })
}
