//! Gauss–Legendre quadrature: nodes are roots of the Legendre polynomial, found by Newton's method on first use.

use std::sync::OnceLock;

/// Nodes and weights on [−1, 1].
pub(crate) struct Rule {
    points: Vec<(f64, f64)>,
}

impl Rule {
    /// The rule of an even number of points, exact for polynomials of degree 2n − 1.
    fn new(n: usize) -> Self {
        let (size, mut points) = (n as f64, Vec::with_capacity(n));
        // The roots are symmetric about 0; Tricomi's approximation leaves Newton two or three steps to do.
        for i in 0..n / 2 {
            let angle = std::f64::consts::PI * (i as f64 + 0.75) / (size + 0.5);
            let (node, slope) = polish(n, (1.0 - (size - 1.0) / (8.0 * size.powi(3))) * angle.cos());
            let weight = 2.0 / ((1.0 - node * node) * slope * slope);
            points.extend([(node, weight), (-node, weight)]);
        }
        Self { points }
    }

    /// ∫ `f` over [`lo`, `hi`].
    pub(crate) fn integrate(&self, lo: f64, hi: f64, mut f: impl FnMut(f64) -> f64) -> f64 {
        let (half, middle) = (0.5 * (hi - lo), 0.5 * (hi + lo));
        half * self.points.iter().map(|&(x, w)| w * f(middle + half * x)).sum::<f64>()
    }

    /// The nodes and weights moved to [`lo`, `hi`].
    pub(crate) fn on(&self, lo: f64, hi: f64) -> impl Iterator<Item = (f64, f64)> + '_ {
        let (half, middle) = (0.5 * (hi - lo), 0.5 * (hi + lo));
        self.points.iter().map(move |&(x, w)| (middle + half * x, half * w))
    }
}

/// The root of the Legendre polynomial of degree `n` near `x`, and the derivative there (Abramowitz & Stegun 22.7.10).
fn polish(n: usize, mut x: f64) -> (f64, f64) {
    let mut slope = 1.0;
    for _ in 0..8 {
        let (mut before, mut value) = (1.0, x);
        for k in 2..=n {
            let k = k as f64;
            let next = ((2.0 * k - 1.0) * x * value - (k - 1.0) * before) / k;
            before = value;
            value = next;
        }
        slope = n as f64 * (x * value - before) / (x * x - 1.0);
        let step = value / slope;
        x -= step;
        if step.abs() < 1e-16 {
            break;
        }
    }
    (x, slope)
}

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $n:literal;)*) => {$(
        $(#[$doc])*
        pub(crate) fn $name() -> &'static Rule {
            static RULE: OnceLock<Rule> = OnceLock::new();
            RULE.get_or_init(|| Rule::new($n))
        }
    )*};
}

rules! {
    /// 64 points: noncentral t.
    legendre64 = 64;
    /// 96 points: maxima of correlated normals.
    legendre96 = 96;
    legendre128 = 128;
    legendre192 = 192;
    legendre256 = 256;
    legendre384 = 384;
    legendre512 = 512;
    legendre1024 = 1024;
}

/// The smallest rule with at least `points` nodes, or the largest there is.
pub(crate) fn legendre_for(points: f64) -> &'static Rule {
    let rules = [
        (64.0, legendre64 as fn() -> &'static Rule),
        (96.0, legendre96),
        (128.0, legendre128),
        (192.0, legendre192),
        (256.0, legendre256),
        (384.0, legendre384),
        (512.0, legendre512),
    ];
    rules
        .iter()
        .find(|(size, _)| *size >= points)
        .map_or_else(legendre1024, |(_, rule)| rule())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_and_the_normal_density_integrate() {
        for rule in [legendre64(), legendre96()] {
            assert!((rule.integrate(0.0, 2.0, |x| x.powi(9)) - 102.4).abs() < 1e-11);
            let mass = rule.integrate(-10.0, 10.0, super::super::normal::pdf);
            assert!((mass - 1.0).abs() < 1e-13, "{mass}");
            let sum: f64 = rule.on(3.0, 5.0).map(|(_, w)| w).sum();
            assert!((sum - 2.0).abs() < 1e-13);
        }
    }
}
