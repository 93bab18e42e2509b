//! The binomial distribution with whole n, for exact tests.

use super::normal::FRAC_1_SQRT_2PI;

/// P(X = k), by Loader's saddle-point expansion (Loader 2000, "Fast and accurate computation of binomial
/// probabilities"): full relative accuracy for n up to 1e9.
pub(crate) fn pmf(k: f64, n: f64, p: f64) -> f64 {
    if k < 0.0 || k > n {
        return 0.0;
    }
    if p == 0.0 || p == 1.0 {
        return if k == n * p { 1.0 } else { 0.0 };
    }
    if k == 0.0 {
        return (n * (-p).ln_1p()).exp();
    }
    if k == n {
        return (n * p.ln()).exp();
    }
    let rest = n - k;
    let exponent = stirling_error(n)
        - stirling_error(k)
        - stirling_error(rest)
        - deviance(k, n * p)
        - deviance(rest, n * (1.0 - p));
    FRAC_1_SQRT_2PI * (n / (k * rest)).sqrt() * exponent.exp()
}

/// P(X ≥ k): summed away from the mode, so that it keeps its digits in the tail.
pub(crate) fn sf_inclusive(k: f64, n: f64, p: f64) -> f64 {
    if k <= 0.0 {
        return 1.0;
    }
    if k > n {
        return 0.0;
    }
    if k <= n * p {
        return 1.0 - cdf(k - 1.0, n, p);
    }
    let odds = p / (1.0 - p);
    let mut term = pmf(k, n, p);
    let (mut sum, mut i) = (term, k);
    while i < n && term > 1e-18 * sum {
        term *= (n - i) / (i + 1.0) * odds;
        sum += term;
        i += 1.0;
    }
    sum
}

/// P(X ≤ k).
pub(crate) fn cdf(k: f64, n: f64, p: f64) -> f64 {
    if k < 0.0 {
        return 0.0;
    }
    if k >= n {
        return 1.0;
    }
    if k >= n * p {
        return 1.0 - sf_inclusive(k + 1.0, n, p);
    }
    sf_inclusive(n - k, n, 1.0 - p)
}

/// ln n! − ln(√(2πn) (n/e)^n).
fn stirling_error(n: f64) -> f64 {
    if n < 16.0 {
        let factorial = libm::lgamma(n + 1.0);
        return factorial - (n + 0.5) * n.ln() + n - 0.5 * (2.0 * std::f64::consts::PI).ln();
    }
    let i2 = 1.0 / (n * n);
    (1.0 / 12.0 - i2 * (1.0 / 360.0 - i2 * (1.0 / 1260.0 - i2 * (1.0 / 1680.0 - i2 / 1188.0)))) / n
}

/// x ln(x/m) + m − x without cancellation.
fn deviance(x: f64, m: f64) -> f64 {
    -x * super::chi::ln_1p_minus((m - x) / x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_are_exact() {
        // 10 choose 3 times .3^3 .7^7; C(100, 50)/2^100.
        assert!((pmf(3.0, 10.0, 0.3) / 0.266_827_932 - 1.0).abs() < 1e-14);
        assert!((pmf(50.0, 100.0, 0.5) / 0.079_589_237_387_178_77 - 1.0).abs() < 1e-13);
        let total: f64 = (0..=200).map(|k| pmf(f64::from(k), 200.0, 0.013)).sum();
        assert!((total - 1.0).abs() < 1e-13);
    }

    #[test]
    fn tails_complement_each_other() {
        for (k, n, p) in [
            (5.0, 20.0, 0.3),
            (15.0, 20.0, 0.3),
            (0.0, 5.0, 0.9),
            (600.0, 1000.0, 0.5),
        ] {
            assert!((sf_inclusive(k, n, p) + cdf(k - 1.0, n, p) - 1.0).abs() < 1e-14);
            let direct: f64 = (k as u32..=n as u32).map(|i| pmf(f64::from(i), n, p)).sum();
            assert!((sf_inclusive(k, n, p) / direct - 1.0).abs() < 1e-12);
        }
    }
}
