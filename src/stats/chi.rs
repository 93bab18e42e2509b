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
    // ln(1+h) = 2 atanh(r) with r = h/(2+h), so ln(1+h) − h = r (2 (y/3 + y²/5 + …) − h), y = r².
    let r = h / (2.0 + h);
    let y = r * r;
    let terms = if h.abs() < 0.06 { ATANH.get(10..) } else { ATANH.get(..) };
    let sum = terms
        .unwrap_or_default()
        .iter()
        .fold(0.0, |sum, coefficient| y * (sum + coefficient));
    r * (2.0 * sum - h)
}

/// 1/(2k + 1) for k = 16 down to 1: the last six suffice up to |h| = .06, all of them up to .66.
const ATANH: [f64; 16] = [
    1.0 / 33.0,
    1.0 / 31.0,
    1.0 / 29.0,
    1.0 / 27.0,
    1.0 / 25.0,
    1.0 / 23.0,
    1.0 / 21.0,
    1.0 / 19.0,
    1.0 / 17.0,
    1.0 / 15.0,
    1.0 / 13.0,
    1.0 / 11.0,
    1.0 / 9.0,
    1.0 / 7.0,
    1.0 / 5.0,
    1.0 / 3.0,
];

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

/// ∫ g(s) f(s) ds, accurate where g behaves like Φ(d − t s): the chi integral of every t tail and of Dunnett's t.
pub(crate) fn integrate(df: f64, t: f64, d: f64, g: impl Fn(f64) -> f64) -> f64 {
    let density = Density::new(df);
    let integrand = Integrand {
        df,
        t,
        d,
        few: df < FEW,
    };
    if df > MANY && t * t < df {
        return trapezoid(&density, &integrand, &g);
    }
    let (lo, hi) = integrand.support();
    // Φ(d − t s) steps from 1 to 0 around s = d/t over a width of 1/t. If that is narrow against the support, the
    // interval is cut there so that each panel is smooth.
    let step = d / t - integrand.origin();
    let width = 9.0 / t.abs();
    let mut cuts = [lo, hi, hi, hi];
    if width.is_finite() && hi - lo > 2.0 * width {
        cuts = [lo, (step - width).clamp(lo, hi), (step + width).clamp(lo, hi), hi];
    }
    panels(&density, integrand.few, &cuts, &g)
}

/// The same over s < `largest` only, for a `g` that steps over a width of 1/`t` around each of `steps`.
pub(crate) fn integrate_below(df: f64, largest: f64, steps: &[f64], t: f64, g: impl Fn(f64) -> f64) -> f64 {
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
    panels(&density, integrand.few, &cuts, &g)
}

/// Gauss–Legendre over each smooth piece between `cuts`.
fn panels(density: &Density, few: bool, cuts: &[f64], g: &impl Fn(f64) -> f64) -> f64 {
    let panel = |from: f64, to: f64| -> f64 {
        if to <= from {
            0.0
        } else if few {
            // s = u⁴, ds = 4 u³ du, and the density is kept as s · f(s).
            let value = |u: f64| 4.0 / u * density.times_s(u.powi(4)) * g(u.powi(4));
            legendre96().integrate(from.powf(0.25), to.powf(0.25), value)
        } else {
            legendre64().integrate(from, to, |h| density.times_s_near_one(h) / (1.0 + h) * g(1.0 + h))
        }
    };
    cuts.windows(2)
        .map(|pair| if let &[from, to] = pair { panel(from, to) } else { 0.0 })
        .sum()
}

/// Above this many degrees of freedom the integrand dies off smoothly at both ends, far from s = 0, and the trapezoidal
/// rule, summed outwards from the mode, converges faster than any other: its error is e^(−2π²/(step² · B²)) for an
/// integrand with bandwidth B, here √(2ν + t²).
const MANY: f64 = 60.0;

fn trapezoid(density: &Density, integrand: &Integrand, g: &impl Fn(f64) -> f64) -> f64 {
    let step = 0.64 / (2.0 * integrand.df + integrand.t * integrand.t).sqrt();
    let (mode, _) = integrand.mode();
    let mut sum = 0.0;
    for (sign, first) in [(1.0, 0.0), (-1.0, 1.0)] {
        let mut k = first;
        // INVARIANT: beyond 1e5 steps the density has underflowed, as the mode is within a few spreads of 1.
        while k < 1e5 {
            let h = mode + sign * k * step;
            let s = 1.0 + h;
            if s <= 0.0 {
                break;
            }
            let term = density.times_s_near_one(h) / s * g(s);
            sum += term;
            // Log-concave, so the terms after this one are smaller still.
            if term <= 1e-18 * sum {
                break;
            }
            k += 1.0;
        }
    }
    step * sum
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
            let mass = integrate(df, 0.0, 0.0, |_| 1.0);
            let square = integrate(df, 0.0, 0.0, |s| s * s);
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
