//! Quantiles, such as p95 latency, by the asymptotic normal distribution of the sample quantile.

use super::error::{Result, finite, positive, require};
use super::normal;
use super::quadrature::legendre_for;

/// A quantile of independent values and the density there. n · Var = q (1 − q)/f² (Serfling 1980, §2.3.3; Liu et al.
/// 2019). Values that share a user, a machine or a minute need a design effect on top.
///
/// On the log scale it is sized as a mean with control 0 and standard deviation [`Self::log_sd`], the effect being
/// ln(1 + r); raw, with control [`Self::value`] and [`Self::sd`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuantileMetric {
    q: f64,
    value: f64,
    density: f64,
}

impl QuantileMetric {
    /// A quantile `q` in (0, 1) whose value and density (per unit of the value) are known.
    pub fn new(q: f64, value: f64, density: f64) -> Result<Self> {
        Ok(Self {
            q: order(q)?,
            value: positive("value of the quantile", value)?,
            density: positive("density", density)?,
        })
    }

    /// Quantile `q` of a log-normal distribution with log mean `mu` and log standard deviation `sigma`.
    pub fn log_normal(q: f64, mu: f64, sigma: f64) -> Result<Self> {
        let (mu, sigma) = (
            finite("mean of the logarithm", mu)?,
            positive("standard deviation of the logarithm", sigma)?,
        );
        let z = normal::quantile(order(q)?);
        let value = (mu + sigma * z).exp();
        Self::new(q, value, normal::pdf(z) / (sigma * value))
    }

    /// Log-normal, from two quantiles of a pilot: `q` with its value, and another.
    pub fn log_normal_from_pilot((q, value): (f64, f64), (other_q, other_value): (f64, f64)) -> Result<Self> {
        let z = normal::quantile(order(q)?) - normal::quantile(order(other_q)?);
        let (value, other) = (
            positive("value of the quantile", value)?,
            positive("value of the other quantile", other_value)?,
        );
        let sigma = (value / other).ln() / z;
        let sigma = require(
            "standard deviation of the logarithm",
            sigma,
            "above 0: the higher quantile has the higher value",
            sigma > 0.0,
        )?;
        Self::new(q, value, normal::pdf(normal::quantile(q)) / (sigma * value))
    }

    /// The quantile's value.
    pub fn value(self) -> f64 {
        self.value
    }

    /// Density at the quantile.
    pub fn density(self) -> f64 {
        self.density
    }

    /// Standard deviation of √n times the sample quantile.
    pub fn sd(self) -> f64 {
        (self.q * (1.0 - self.q)).sqrt() / self.density
    }

    /// The same for its logarithm.
    pub fn log_sd(self) -> f64 {
        self.sd() / self.value
    }
}

/// Correlation of the sample quantiles `q` of two values of the same units, when `correlation` is that of the values (of
/// their logarithms, or whatever makes them normal): that of being below the quantile, (P(both below) − q²)/(q (1 − q)).
/// Far less than that of the values where q is far from one half.
///
/// P(both below) − q² = ∫₀^asin ρ exp(−z²/(1 + sin θ)) dθ/(2π) (Sheppard 1899; Drezner & Wesolowsky 1990).
///
/// ```
/// use abide::stats::quantile_correlation;
/// // At the median, Sheppard's 2/π asin ρ.
/// assert!((quantile_correlation(0.5, 0.4)? - 2.0 / std::f64::consts::PI * 0.4_f64.asin()).abs() < 1e-14);
/// assert!((quantile_correlation(0.95, 0.4)? - 0.145_837).abs() < 1e-6);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
pub fn quantile_correlation(q: f64, correlation: f64) -> Result<f64> {
    let z = normal::quantile(order(q)?);
    let rho = require(
        "correlation",
        correlation,
        "between -1 and 1",
        (-1.0..=1.0).contains(&correlation),
    )?;
    let together = legendre_for(64.0).integrate(0.0, rho.asin(), |angle| (-z * z / (1.0 + angle.sin())).exp());
    Ok(together / (2.0 * std::f64::consts::PI * q * (1.0 - q)))
}

/// Variance of the logarithm of a sample quantile of `n` log-normal values (the ⌈nq⌉-th smallest), over the asymptotic
/// q (1 − q)/(n φ²) that sizes rest on. Below 1 far out in the tail, where the asymptotic one is on the safe side; the standard
/// deviation of the logarithms cancels.
///
/// E and Var of Z₍ₖ₎, whose density is n!/((k − 1)! (n − k)!) Φᵏ⁻¹ (1 − Φ)ⁿ⁻ᵏ φ (David & Nagaraja 2003, §2.1).
///
/// ```
/// use abide::stats::sample_quantile_variance_ratio;
/// // Five values beyond p99: the formula says 9% more than there is.
/// assert!((sample_quantile_variance_ratio(0.99, 500.0)? - 0.916_036).abs() < 1e-5);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
pub fn sample_quantile_variance_ratio(q: f64, n: f64) -> Result<f64> {
    let z = normal::quantile(order(q)?);
    let n = require("n", n, "from 2 to 1e9", (2.0..=1e9).contains(&n))?.round();
    let k = (n * q - 1e-9).ceil().clamp(1.0, n);
    let asymptotic = q * (1.0 - q) / (n * normal::pdf(z).powi(2));
    let constant = libm::lgamma(n + 1.0) - libm::lgamma(k) - libm::lgamma(n - k + 1.0);
    let density = |x: f64| {
        let log = constant + (k - 1.0) * normal::cdf(x).ln() + (n - k) * normal::sf(x).ln() + normal::pdf(x).ln();
        log.exp()
    };
    let reach = 12.0 * asymptotic.sqrt();
    let rule = legendre_for(512.0);
    let (mut mass, mut first, mut second) = (0.0, 0.0, 0.0);
    for (x, weight) in rule.on((z - reach).max(-30.0), (z + reach).min(30.0)) {
        let at = weight * density(x);
        if at > 0.0 {
            mass += at;
            first += at * (x - z);
            second += at * (x - z) * (x - z);
        }
    }
    let mean = first / mass;
    Ok((second / mass - mean * mean) / asymptotic)
}

fn order(q: f64) -> Result<f64> {
    require("quantile", q, "strictly between 0 and 1", q > 0.0 && q < 1.0)
}

/// Units per arm from which the mean of values with this skewness is near enough to normal for a 95% interval:
/// 355 s² (Boos & Hughes-Oliver 2000; Kohavi et al. 2014, rule 7).
pub fn skewness_floor(skewness: f64) -> Result<f64> {
    finite("skewness", skewness).map(|s| 355.0 * s * s)
}

/// Skewness of a log-normal distribution with log standard deviation `sigma`, (e^σ² + 2) √(e^σ² − 1).
pub fn log_normal_skewness(sigma: f64) -> Result<f64> {
    let s2 = positive("standard deviation of the logarithm", sigma)?.powi(2);
    require(
        "skewness",
        (s2.exp() + 2.0) * s2.exp_m1().sqrt(),
        "finite (sigma below 18)",
        sigma < 18.0,
    )
}

/// Log standard deviation of a log-normal distribution with coefficient of variation `cv`, √ln(1 + cv²) (Julious 2004):
/// geometric means are compared as means of logarithms with it.
pub fn log_sd_from_cv(cv: f64) -> Result<f64> {
    positive("coefficient of variation", cv).map(|cv| (cv * cv).ln_1p().sqrt())
}
