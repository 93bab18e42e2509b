//! Integrals over the scaled chi distribution, s = √(χ²/ν), the sampling distribution of (sample sd)/(true sd).
//!
//! Everything about Student's t is such an integral of a normal probability. The integrand is log-concave, so its
//! effective support is an interval; it is found first, so that no digit is lost in a far tail or at few degrees of
//! freedom.

use super::normal;
use super::quadrature::{legendre64, legendre96};

/// ln(1 + h) − h without cancellation.
pub(crate) fn ln_1p_minus(h: f64) -> f64 {
    if !(-0.4..=0.66).contains(&h) {
        return h.ln_1p() - h;
    }
    // ln(1+h) = 2 atanh(r) with r = h/(2+h), so ln(1+h) − h = r (2(1 + y/3 + y²/5 + …) − 2 − h), y = r².
    let r = h / (2.0 + h);
    let y = r * r;
    let (mut sum, mut term, mut k) = (0.0, y, 3.0);
    while term > 1e-19 * y {
        sum += term / k;
        term *= y;
        k += 2.0;
    }
    r * (2.0 * sum - h)
}

/// The density of s, f(s) = C s^(ν−1) e^(−ν (s² − 1)/2).
struct Density {
    df: f64,
    ln_constant: f64,
}

impl Density {
    fn new(df: f64) -> Self {
        let a = 0.5 * df;
        // ln of 2 a^a e^(−a) / Γ(a); by Stirling's series for large a, where the direct form cancels.
        let ln_constant = if a >= 10.0 {
            let (i, i2) = (1.0 / a, 1.0 / (a * a));
            let delta = i * (1.0 / 12.0 - i2 * (1.0 / 360.0 - i2 * (1.0 / 1260.0 - i2 * (1.0 / 1680.0 - i2 / 1188.0))));
            0.5 * (2.0 * a / std::f64::consts::PI).ln() - delta
        } else {
            std::f64::consts::LN_2 + a * a.ln() - a - libm::lgamma(a)
        };
        Self { df, ln_constant }
    }

    /// s · f(s).
    fn times_s(&self, s: f64) -> f64 {
        (self.ln_constant + self.df * (s.ln() - 0.5 * (s * s - 1.0))).exp()
    }

    /// (1 + h) · f(1 + h).
    fn times_s_near_one(&self, h: f64) -> f64 {
        (self.ln_constant + self.df * (ln_1p_minus(h) - 0.5 * h * h)).exp()
    }
}

/// Nodes s and weights w (density included) such that ∫ g(s) f(s) ds ≈ Σ w g(s), accurate where g behaves like
/// Φ(d − t s): the chi integral of every t tail, of Dunnett's t and of the equivalence tests.
pub(crate) fn nodes(df: f64, t: f64, d: f64, mut each: impl FnMut(f64, f64)) {
    let density = Density::new(df);
    let integrand = Integrand {
        df,
        t,
        d,
        few: df < FEW,
    };
    let (lo, hi) = integrand.support();
    // Φ(d − t s) steps from 1 to 0 around s = d/t over a width of 1/t. If that is narrow against the support, the
    // interval is cut there so that each panel is smooth.
    let step = d / t - integrand.origin();
    let width = 9.0 / t.abs();
    let mut cuts = [lo, hi, hi, hi];
    if width.is_finite() && hi - lo > 2.0 * width {
        cuts = [lo, (step - width).clamp(lo, hi), (step + width).clamp(lo, hi), hi];
    }
    for pair in cuts.windows(2) {
        let &[from, to] = pair else { continue };
        panel(&density, integrand.few, from, to, &mut each);
    }
}

/// The same over s < `largest` only, for integrands that step over a width of 1/`t` around each of `steps`.
pub(crate) fn nodes_below(df: f64, largest: f64, steps: &[f64], t: f64, mut each: impl FnMut(f64, f64)) {
    let density = Density::new(df);
    let integrand = Integrand {
        df,
        t: 0.0,
        d: 0.0,
        few: df < FEW,
    };
    let (lo, hi) = integrand.support();
    let hi = hi.min(largest - integrand.origin());
    let width = 9.0 / t.abs();
    let mut cuts = vec![lo, hi];
    if hi - lo > 2.0 * width {
        for step in steps {
            cuts.extend([step - integrand.origin() - width, step - integrand.origin() + width]);
        }
    }
    cuts.retain(|cut| (lo..=hi).contains(cut));
    cuts.sort_by(f64::total_cmp);
    for pair in cuts.windows(2) {
        if let &[from, to] = pair {
            panel(&density, integrand.few, from, to, &mut each);
        }
    }
}

/// The nodes of one smooth piece.
fn panel(density: &Density, few: bool, from: f64, to: f64, each: &mut impl FnMut(f64, f64)) {
    if to <= from {
        return;
    }
    if few {
        // s = u⁴, ds = 4 u³ du, and the density is kept as s · f(s).
        for (u, w) in legendre96().on(from.powf(0.25), to.powf(0.25)) {
            each(u.powi(4), 4.0 * w / u * density.times_s(u.powi(4)));
        }
    } else {
        for (h, w) in legendre64().on(from, to) {
            let s = 1.0 + h;
            each(s, w * density.times_s_near_one(h) / s);
        }
    }
}

/// Below this many degrees of freedom s^(ν−1) has a singular derivative at 0 that matters; s = u⁴ smooths it.
const FEW: f64 = 8.0;

/// How far, in log density, the support reaches below the mode: e^−42 is 6e-19.
const DEPTH: f64 = 42.0;

/// Φ(d − t s) f(s), as a function of s if the degrees of freedom are few, else of h = s − 1 (which keeps its digits
/// when the distribution is narrow).
struct Integrand {
    df: f64,
    t: f64,
    d: f64,
    few: bool,
}

impl Integrand {
    fn origin(&self) -> f64 {
        if self.few { 0.0 } else { 1.0 }
    }

    /// Exponent of s beyond the chi density's own ν: −1, or −1/4 with the Jacobian of s = u⁴.
    fn exponent(&self) -> f64 {
        if self.few { -0.25 } else { -1.0 }
    }

    /// ln of the integrand up to a constant.
    fn ln(&self, h: f64) -> f64 {
        let (df, s) = (self.df, self.origin() + h);
        let chi = if self.few {
            df * (s.ln() - 0.5 * s * s)
        } else {
            df * (ln_1p_minus(h) - 0.5 * h * h)
        };
        normal::ln_cdf(self.d - self.t * s) + chi + self.exponent() * s.ln()
    }

    /// The interval that carries the integrand down to [`DEPTH`].
    fn support(&self) -> (f64, f64) {
        let (mode, spread) = self.mode();
        let peak = self.ln(mode);
        let floor = -self.origin();
        let reach = |sign: f64| {
            let mut step = spread * (2.0 * DEPTH).sqrt();
            for _ in 0..80 {
                let h = mode + sign * step;
                if h <= floor {
                    // The support begins at s = 0 unless the integrand is negligible well before.
                    let room = mode - floor;
                    if peak - self.ln(mode - 0.99 * room) < DEPTH {
                        return floor;
                    }
                    step = 0.99 * room;
                    continue;
                }
                let drop = peak - self.ln(h);
                if drop < DEPTH {
                    step *= 1.25;
                } else if drop > 1.8 * DEPTH {
                    step *= 0.85;
                } else {
                    return h;
                }
            }
            (mode + sign * step).max(floor)
        };
        (reach(-1.0), reach(1.0))
    }

    /// The mode by safeguarded Newton, and 1/√(−curvature) there.
    fn mode(&self) -> (f64, f64) {
        let (df, t, e) = (self.df, self.t, self.exponent());
        let (mut lo, mut hi) = (-self.origin(), f64::INFINITY);
        let mut h = if self.few {
            1.0 / (1.0 + t.abs() / df.sqrt())
        } else {
            0.0
        };
        let mut spread = 1.0;
        for _ in 0..200 {
            let s = self.origin() + h;
            let x = self.d - t * s;
            let m = normal::hazard(x);
            let chi = if self.few {
                df * (1.0 / s - s)
            } else {
                -df * h * (2.0 + h) / s
            };
            let slope = chi + e / s - t * m;
            let curvature = df * (1.0 + 1.0 / (s * s)) + e / (s * s) + t * t * m * (m + x).max(0.0);
            spread = 1.0 / curvature.sqrt();
            if slope > 0.0 {
                lo = h;
            } else {
                hi = h;
            }
            let mut next = h + slope / curvature;
            if !(next > lo && next < hi) {
                next = if hi.is_finite() { 0.5 * (lo + hi) } else { 2.0 * h + 1.0 };
            }
            let close = (next - h).abs() < 0.1 * spread;
            h = next;
            if close {
                break; // The mode only places the nodes: a tenth of the width is plenty.
            }
        }
        (h, spread)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn the_density_has_mass_one_and_mean_square_one() {
        for df in [1.0, 1.3, 2.0, 4.5, 19.9, 20.0, 133.7, 1e4, 1e8, 1e12] {
            let (mut mass, mut square) = (0.0, 0.0);
            nodes(df, 0.0, 0.0, |s, w| {
                mass += w;
                square += w * s * s;
            });
            assert!((mass - 1.0).abs() < 3e-13, "df {df}: mass {mass}");
            assert!((square - 1.0).abs() < 3e-13, "df {df}: mean square {square}");
        }
    }

    #[test]
    fn the_logarithm_keeps_its_digits() {
        assert!((ln_1p_minus(1e-8) / -4.999_999_966_666_667e-17 - 1.0).abs() < 1e-15);
        assert!((ln_1p_minus(0.65) - (1.65_f64.ln() - 0.65)).abs() < 1e-16);
    }
}
