//! Chi-square tests of observed against designed shares: sample ratio mismatch.

use super::error::{Result, StatsError, require};
use super::input::{Alpha, LARGEST_N, Power};
use super::normal;
use super::solve::{Crossing, Search, probit};
use super::ztest::check_n;

/// P(χ² > x) with a whole number of degrees of freedom, by the finite sums for even and odd ones: only positive terms.
pub fn chi_square_sf(x: f64, df: u32) -> Result<f64> {
    let x = require("chi-square", x, "a finite number, 0 or more", x >= 0.0)?;
    require(
        "degrees of freedom",
        f64::from(df),
        "between 1 and 1000",
        (1..=1000).contains(&df),
    )?;
    Ok(Tail::new(x, df).value)
}

/// P(χ² > x), stepping through degrees of freedom by two: Q(ν + 2) = Q(ν) + (x/2)^(ν/2) e^(−x/2)/Γ(ν/2 + 1).
struct Tail {
    half: f64,
    nu: f64,
    value: f64,
    term: f64,
}

impl Tail {
    fn new(x: f64, df: u32) -> Self {
        let half = 0.5 * x;
        let odd = df % 2 == 1;
        // ν = 1: erfc(√(x/2)), next term √(x/2) e^(−x/2)/Γ(3/2). ν = 2: e^(−x/2), next term (x/2) e^(−x/2).
        let (nu, value, term) = if odd {
            (
                1.0,
                2.0 * normal::sf(x.sqrt()),
                half.sqrt() * (-half).exp() * std::f64::consts::FRAC_2_SQRT_PI,
            )
        } else {
            (2.0, (-half).exp(), half * (-half).exp())
        };
        let mut tail = Self { half, nu, value, term };
        while tail.nu < f64::from(df) {
            tail.step();
        }
        tail
    }

    fn step(&mut self) {
        self.value += self.term;
        self.nu += 2.0;
        self.term *= self.half / (0.5 * self.nu);
    }
}

/// x with P(χ² > x) = alpha.
pub fn chi_square_critical(alpha: Alpha, df: u32) -> Result<f64> {
    chi_square_sf(0.0, df)?;
    let nu = f64::from(df);
    // Wilson & Hilferty 1931.
    let start = nu * (1.0 - 2.0 / (9.0 * nu) + normal::upper_quantile(alpha.get()) * (2.0 / (9.0 * nu)).sqrt()).powi(3);
    let search = Search {
        wanted: "critical value of chi-square",
        start: start.max(0.1),
        floor: 1e-9,
        ceiling: 1e4,
        slope: nu.max(2.0),
    };
    match search.crossing(|x| Ok((alpha.get() / chi_square_sf(x, df)?).ln().clamp(-1e3, 1e3)))? {
        Crossing::At(x) => Ok(x),
        _ => Err(StatsError::no_solution(
            "critical value of chi-square",
            "it lies outside what is searched",
        )),
    }
}

/// P(χ²(λ) > x) of the noncentral distribution, λ in [0, 1e5]: closed form with the normal distribution for one degree
/// of freedom, otherwise the Poisson mixture of central tails.
pub fn noncentral_chi_square_sf(x: f64, df: u32, lambda: f64) -> Result<f64> {
    require(
        "noncentrality",
        lambda,
        "between 0 and 1e5",
        (0.0..=1e5).contains(&lambda),
    )?;
    chi_square_sf(x, df)?;
    if df == 1 {
        let (root, shift) = (x.sqrt(), lambda.sqrt());
        return Ok(normal::sf(root - shift) + normal::cdf(-root - shift));
    }
    let mean = 0.5 * lambda;
    let (mut tail, mut weight_ln, mut j, mut sum, mut weights) = (Tail::new(x, df), -mean, 0.0, 0.0, 0.0);
    // Beyond ten standard deviations of the Poisson distribution nothing is left.
    let last = mean + 10.0 * mean.sqrt() + 40.0;
    while j <= last {
        let weight = weight_ln.exp();
        sum += weight * tail.value.min(1.0);
        weights += weight;
        j += 1.0;
        weight_ln += (mean / j).ln();
        tail.step();
    }
    // The weights sum to 1 but for the rounding of their logarithms.
    Ok(if weights > 0.0 { (sum / weights).min(1.0) } else { 0.0 })
}

/// Designed and actual shares of the arms.
#[derive(Debug, Clone, PartialEq)]
pub struct ShareMismatch {
    effect: f64,
    df: u32,
}

impl ShareMismatch {
    /// Two lists of the same 2 to 100 arms, each summing to 1, designed shares above 0.
    pub fn new(designed: &[f64], actual: &[f64]) -> Result<Self> {
        let arms = designed.len();
        require(
            "number of arms",
            arms as f64,
            "between 2 and 100",
            (2..=100).contains(&arms),
        )?;
        require(
            "number of actual shares",
            actual.len() as f64,
            "that of the designed shares",
            actual.len() == arms,
        )?;
        for (input, shares) in [
            ("sum of the designed shares", designed),
            ("sum of the actual shares", actual),
        ] {
            let sum: f64 = shares.iter().sum();
            require(input, sum, "1", (sum - 1.0).abs() < 1e-6)?;
        }
        let mut effect = 0.0;
        for (&p0, &p) in designed.iter().zip(actual) {
            require("designed share", p0, "above 0", p0 > 0.0)?;
            require("actual share", p, "0 or more", p >= 0.0)?;
            effect += (p - p0).powi(2) / p0;
        }
        Ok(Self {
            effect,
            df: arms as u32 - 1,
        })
    }

    /// w² = Σ (p − p0)²/p0; times n it is the noncentrality of the chi-square test.
    pub fn effect(&self) -> f64 {
        self.effect
    }

    /// Probability that the check fires with `n` units in all.
    pub fn power(&self, alpha: Alpha, n: f64) -> Result<f64> {
        let lambda = check_n(n)? * self.effect;
        if lambda > 1e5 {
            return Ok(1.0); // 300 standard deviations beyond any critical value there is
        }
        noncentral_chi_square_sf(chi_square_critical(alpha, self.df)?, self.df, lambda)
    }

    /// Real-valued total n at which the check fires with `power`.
    ///
    /// ```
    /// use abide::stats::{Alpha, Power, ShareMismatch};
    /// let mismatch = ShareMismatch::new(&[0.5, 0.5], &[0.501, 0.499])?;
    /// let n = mismatch.sample_size(Alpha::new(0.001)?, Power::new(0.9)?)?;
    /// assert_eq!(n.ceil(), 5_225_975.0);
    /// # Ok::<(), abide::stats::StatsError>(())
    /// ```
    pub fn sample_size(&self, alpha: Alpha, power: Power) -> Result<f64> {
        if self.effect == 0.0 {
            return Err(StatsError::no_solution(
                "sample size",
                "the actual shares are the designed ones",
            ));
        }
        let lambda = required_noncentrality(alpha, power, self.df)?;
        let n = lambda / self.effect;
        if n <= LARGEST_N {
            Ok(n)
        } else {
            Err(StatsError::no_solution(
                "sample size",
                "more than 1e18 units would be needed",
            ))
        }
    }
}

/// λ at which a chi-square test has the given power.
pub fn required_noncentrality(alpha: Alpha, power: Power, df: u32) -> Result<f64> {
    let critical = chi_square_critical(alpha, df)?;
    let z = normal::upper_quantile(alpha.get() / 2.0) + power.z();
    let search = Search {
        wanted: "noncentrality",
        start: z.max(0.3).powi(2) * f64::from(df).sqrt(),
        floor: 1e-12,
        ceiling: 9e4,
        slope: 0.5 * z.max(0.5),
    };
    let found = search.crossing(|lambda| {
        let reached = noncentral_chi_square_sf(critical, df, lambda)?;
        Ok(probit(reached, 1.0 - reached) - power.z())
    })?;
    match found {
        Crossing::At(lambda) => Ok(lambda),
        Crossing::BelowFloor => Err(StatsError::no_solution(
            "sample size",
            "any sample size reaches this power",
        )),
        Crossing::AboveCeiling => Err(StatsError::no_solution("sample size", "the power is not reached")),
    }
}

/// Pearson's statistic and p-value of observed counts against designed shares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareTest {
    /// Σ (observed − expected)²/expected.
    pub chi_square: f64,
    /// Its tail probability.
    pub p_value: f64,
}

/// The sample-ratio-mismatch check (Fabijan et al. 2019).
pub fn share_test(observed: &[f64], designed: &[f64]) -> Result<ShareTest> {
    let total: f64 = observed.iter().sum();
    require("number of units", total, "above 0", total > 0.0)?;
    for &count in observed {
        require("observed count", count, "0 or more", count >= 0.0)?;
    }
    let actual: Vec<f64> = observed.iter().map(|count| count / total).collect();
    let mismatch = ShareMismatch::new(designed, &actual)?;
    let chi_square = total * mismatch.effect;
    Ok(ShareTest {
        chi_square,
        p_value: chi_square_sf(chi_square, mismatch.df)?,
    })
}
