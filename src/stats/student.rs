//! Student's t distribution, central and noncentral.
//!
//! P(T > t) = ∫ Φ(δ − t s) f(s) ds over the scaled chi distribution of s, by 64-point Gauss–Legendre panels placed on
//! the support of the integrand (Owen 1965, Biometrika 52, eq. 2.1, integrated directly). Degrees of freedom are real
//! numbers in `[1, 1e19]`.

use super::chi;
use super::error::{Result, StatsError, require};
use super::normal;

/// P(T > t) with `df` degrees of freedom.
pub fn sf(t: f64, df: f64) -> Result<f64> {
    noncentral_sf(t, df, 0.0)
}

/// P(T ≤ t) with `df` degrees of freedom.
///
/// ```
/// use abide::stats::student;
/// assert!((student::cdf(2.0, 10.0)? - 0.963_305_982_614_629_9).abs() < 1e-13);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
pub fn cdf(t: f64, df: f64) -> Result<f64> {
    noncentral_cdf(t, df, 0.0)
}

/// P(T > t) of the noncentral t with noncentrality `ncp`.
pub fn noncentral_sf(t: f64, df: f64, ncp: f64) -> Result<f64> {
    check(t, df, ncp)?;
    Ok(upper(t, df, ncp))
}

/// P(T ≤ t) of the noncentral t with noncentrality `ncp`; computed on its own, not as 1 − [`noncentral_sf`].
pub fn noncentral_cdf(t: f64, df: f64, ncp: f64) -> Result<f64> {
    check(t, df, ncp)?;
    Ok(upper(-t, df, -ncp))
}

fn check(t: f64, df: f64, ncp: f64) -> Result<()> {
    require("t", t, "finite", true)?;
    require(
        "degrees of freedom",
        df,
        "between 1 and 1e19",
        (1.0..=1e19).contains(&df),
    )?;
    require("noncentrality", ncp, "between -1e4 and 1e4", ncp.abs() <= 1e4)?;
    Ok(())
}

/// INVARIANT: arguments were checked.
pub(crate) fn upper(t: f64, df: f64, ncp: f64) -> f64 {
    chi::integrate(df, t, ncp, |s| normal::cdf(ncp - t * s))
}

/// Density of the central t.
fn ln_pdf(t: f64, df: f64) -> f64 {
    let a = 0.5 * df;
    // ln Γ(a + ½) − ln Γ(a) − ½ ln a, from the asymptotic series for large a.
    let ratio = if a > 50.0 {
        let i = 1.0 / a;
        -i * (1.0 / 8.0 - i * i * (1.0 / 192.0 - i * i / 640.0))
    } else {
        libm::lgamma(a + 0.5) - libm::lgamma(a) - 0.5 * a.ln()
    };
    normal::FRAC_1_SQRT_2PI.ln() + ratio - (a + 0.5) * (t * t / df).ln_1p()
}

/// t with P(T > t) = `q`, for `q` in `[1e-300, 1)`.
///
/// Newton's method on the logarithm of the tail from a Cornish–Fisher start, with a second-order last step.
///
/// ```
/// use abide::stats::student;
/// assert!((student::upper_quantile(0.025, 10.0)? - 2.228_138_851_986_275_3).abs() < 1e-12);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
pub fn upper_quantile(q: f64, df: f64) -> Result<f64> {
    require(
        "tail probability",
        q,
        "at least 1e-300 and below 1",
        (1e-300..1.0).contains(&q),
    )?;
    check(0.0, df, 0.0)?;
    if q > 0.5 {
        return upper_quantile(1.0 - q, df).map(|t| -t);
    }
    if q == 0.5 {
        return Ok(0.0);
    }
    let mut t = start(q, df);
    if next_term(t) <= 1e-17 * df.powi(5) {
        // The first guess is the answer: the first term that it leaves out is below its last digit.
        return Ok(t);
    }
    let (mut lo, mut hi) = (0.0_f64, f64::INFINITY);
    for _ in 0..100 {
        let tail = upper(t, df, 0.0);
        let density = ln_pdf(t, df).exp();
        if tail > q {
            lo = t;
        } else {
            hi = t;
        }
        // Close by: the second-order solution of tail − density δ − density' δ²/2 = q. Its error is of the order of
        // (t δ)³, so within this radius it is the answer, and the residual need not be computed again.
        let first = (tail - q) / density;
        let second = first + first * first * (df + 1.0) * t / (2.0 * (df + t * t));
        if first.abs() * (1.0 + t * df / (df + t * t)) < 2e-5 && first.abs() < 1e-4 * t {
            return Ok(t + second);
        }
        // Far off: Newton in ln t on ln P(T > t), which is near a line at both ends (normal-like for small t, a power
        // law for large t).
        let mut next = t * ((tail / q).ln() * tail / (t * density)).clamp(-1.0, 1.0).exp();
        if !(next >= lo && next <= hi) {
            next = if hi.is_finite() { 0.5 * (lo + hi) } else { 2.0 * t };
        }
        if (next - t).abs() <= 2.0 * f64::EPSILON * t {
            return Ok(t);
        }
        t = next;
    }
    Err(StatsError::Residual {
        wanted: "quantile of Student's t",
        target: q,
        reached: upper(t, df, 0.0),
    })
}

/// t with P(T ≤ t) = `p`.
pub fn quantile(p: f64, df: f64) -> Result<f64> {
    upper_quantile(p, df).map(|t| -t)
}

/// The term of the Cornish–Fisher expansion after those of [`start`], over the quantile itself, without its factor 1/ν⁵.
/// Taken at t instead of z, which is larger.
fn next_term(t: f64) -> f64 {
    let t2 = t * t;
    (((((27.0 * t2 + 339.0) * t2 + 930.0) * t2 + 1782.0) * t2 + 765.0) * t2 + 17955.0) / 368_640.0
}

/// First guess of the quantile: Cornish–Fisher (Abramowitz & Stegun 26.7.5) or, far out with few degrees of freedom,
/// the power law of the tail.
fn start(q: f64, df: f64) -> f64 {
    let z = normal::upper_quantile(q);
    let z2 = z * z;
    if z2 > df {
        // P(T > t) ≈ f(t) t / ν · … ~ C t^(−ν): solved at one reference point of the exact density.
        let reference = 1e3 * df.sqrt();
        let tail = ln_pdf(reference, df) + (reference / df).ln();
        return reference * ((tail - q.ln()) / df).exp();
    }
    let g1 = z * (z2 + 1.0) / 4.0;
    let g2 = z * ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
    let g3 = z * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
    let g4 = z * ((((79.0 * z2 + 776.0) * z2 + 1482.0) * z2 - 1920.0) * z2 - 945.0) / 92160.0;
    z + (g1 + (g2 + (g3 + g4 / df) / df) / df) / df
}
