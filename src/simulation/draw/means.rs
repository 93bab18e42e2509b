//! One number per unit: normal, skewed, or with a covariate from before.

use rand_chacha::ChaCha8Rng;
use rand_distr::{ChiSquared, Distribution, Gamma, StandardNormal};

use super::{Arm, Reading};
use crate::analysis::results::ArmStatistics;

/// Σ y and Σ y² of values.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Sums {
    pub(super) n: u64,
    pub(super) sum: f64,
    pub(super) squares: f64,
}

impl Sums {
    pub(super) fn add(&mut self, y: f64) {
        self.n += 1;
        self.sum += y;
        self.squares += y * y;
    }

    /// Adds `n` normal values: their mean is normal and, independently, the sum of squares about it is σ² χ²(n − 1).
    pub(super) fn add_normal(&mut self, n: u64, mean: f64, sd: f64, rng: &mut ChaCha8Rng) {
        if n == 0 {
            return;
        }
        let units = n as f64;
        let observed = mean + sd * normal(rng) / units.sqrt();
        self.n += n;
        self.sum += units * observed;
        self.squares += sd * sd * chi_squared(n - 1, rng) + units * observed * observed;
    }

    pub(super) fn statistics(self) -> ArmStatistics {
        ArmStatistics {
            n: Some(self.n as f64),
            sum: Some(self.sum),
            sum_squares: Some(self.squares),
            ..ArmStatistics::default()
        }
    }
}

pub(super) fn normal(rng: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(rng)
}

/// A sum of `degrees` squared standard normal values.
pub(super) fn chi_squared(degrees: u64, rng: &mut ChaCha8Rng) -> f64 {
    // None of them sum to nothing.
    ChiSquared::new(degrees as f64).map_or(0.0, |chi_squared| chi_squared.sample(rng))
}

/// Normal values.
#[derive(Debug, Clone)]
pub(super) struct Normals {
    pub(super) mean: f64,
    pub(super) sd: f64,
    sums: Sums,
}

impl Normals {
    pub(super) fn new(mean: f64, sd: f64) -> Self {
        Self {
            mean,
            sd,
            sums: Sums::default(),
        }
    }
}

impl Arm for Normals {
    fn begin(&mut self, _: Reading) {
        self.sums = Sums::default();
    }

    fn add(&mut self, units: u64, rng: &mut ChaCha8Rng) {
        self.sums.add_normal(units, self.mean, self.sd, rng);
    }

    fn statistics(&self) -> ArmStatistics {
        self.sums.statistics()
    }
}

/// Values of a given skewness: a gamma distribution, shifted, and mirrored for negative skewness.
#[derive(Debug, Clone)]
pub(super) struct Skewed {
    mean: f64,
    /// Of the gamma distribution.
    shape: f64,
    /// What one unit of it is worth, with sign.
    unit: f64,
    gamma: Gamma<f64>,
    sums: Sums,
}

impl Skewed {
    /// `None` where the skewness is too small to tell from none.
    pub(super) fn new(mean: f64, sd: f64, skewness: f64) -> Option<Self> {
        let shape = 4.0 / (skewness * skewness);
        Some(Self {
            mean,
            shape,
            unit: sd / shape.sqrt() * skewness.signum(),
            gamma: Gamma::new(shape, 1.0)
                .ok()
                .filter(|_| shape.is_finite() && shape < 1e12)?,
            sums: Sums::default(),
        })
    }
}

impl Arm for Skewed {
    fn begin(&mut self, _: Reading) {
        self.sums = Sums::default();
    }

    fn add(&mut self, units: u64, rng: &mut ChaCha8Rng) {
        for _ in 0..units {
            self.sums
                .add(self.mean + self.unit * (self.gamma.sample(rng) - self.shape));
        }
    }

    fn statistics(&self) -> ArmStatistics {
        self.sums.statistics()
    }
}

/// Sums of two normal values per unit, x and y.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct PairSums {
    pub(super) x: Sums,
    pub(super) y: Sums,
    /// Σ x y.
    pub(super) cross: f64,
}

impl PairSums {
    /// Adds `n` pairs: their means are normal, and independently their sums of squares and products about the means have
    /// Wishart's distribution (Bartlett 1933). Means and standard deviations of x and y.
    pub(super) fn add(
        &mut self,
        n: u64,
        (mean_x, sd_x): (f64, f64),
        (mean_y, sd_y): (f64, f64),
        correlation: f64,
        rng: &mut ChaCha8Rng,
    ) {
        let x = Drawn::draw(n, mean_x, sd_x, rng);
        let y = x.partner(mean_y, sd_y, correlation, rng);
        self.push(x, y);
    }

    /// Adds one pair.
    pub(super) fn add_one(&mut self, x: f64, y: f64) {
        self.x.add(x);
        self.y.add(y);
        self.cross += x * y;
    }

    /// Of values y with a covariate x from before.
    pub(super) fn with_covariate(&self) -> ArmStatistics {
        ArmStatistics {
            covariate_sum: Some(self.x.sum),
            covariate_sum_squares: Some(self.x.squares),
            covariate_cross_sum: Some(self.cross),
            ..self.y.statistics()
        }
    }

    /// Adds what was drawn.
    pub(super) fn push(&mut self, x: Drawn, y: Partner) {
        x.add_to(&mut self.x);
        let units = x.n as f64;
        self.y.n += x.n;
        self.y.sum += units * y.mean;
        self.y.squares += y.about + units * y.mean * y.mean;
        self.cross += y.products + units * x.mean * y.mean;
    }
}

/// Normal values by their standardised mean and their sum of squares.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drawn {
    n: u64,
    /// The mean's distance from its expectation, in standard errors.
    z: f64,
    mean: f64,
    sd: f64,
    about: f64,
}

/// Values that go with others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Partner {
    mean: f64,
    about: f64,
    products: f64,
}

impl Drawn {
    pub(super) fn draw(n: u64, mean: f64, sd: f64, rng: &mut ChaCha8Rng) -> Self {
        let z = normal(rng);
        Self {
            n,
            z,
            mean: mean + sd * z / (n as f64).max(1.0).sqrt(),
            sd,
            about: sd * sd * chi_squared(n.saturating_sub(1), rng),
        }
    }

    pub(super) fn add_to(self, sums: &mut Sums) {
        let units = self.n as f64;
        sums.n += self.n;
        sums.sum += units * self.mean;
        sums.squares += self.about + units * self.mean * self.mean;
    }

    /// Values of the same units with a correlation, given these: regression on them and a remainder.
    pub(super) fn partner(&self, mean: f64, sd: f64, correlation: f64, rng: &mut ChaCha8Rng) -> Partner {
        let rest = (1.0 - correlation * correlation).max(0.0).sqrt();
        let z = correlation * self.z + rest * normal(rng);
        // In units of the standard deviations: the length of x about its mean, and y along and across it.
        let length = if self.sd > 0.0 {
            (self.about / (self.sd * self.sd)).sqrt()
        } else {
            0.0
        };
        let along = correlation * length + rest * if self.n > 1 { normal(rng) } else { 0.0 };
        let across = rest * rest * chi_squared(self.n.saturating_sub(2), rng);
        Partner {
            mean: mean + sd * z / (self.n as f64).max(1.0).sqrt(),
            about: sd * sd * (along * along + across),
            products: sd * self.sd * along * length,
        }
    }
}

/// Normal values with a covariate of mean 0 and variance 1 from before.
#[derive(Debug, Clone)]
pub(super) struct WithCovariate {
    mean: f64,
    sd: f64,
    correlation: f64,
    sums: PairSums,
}

impl WithCovariate {
    pub(super) fn new(mean: f64, sd: f64, correlation: f64) -> Self {
        Self {
            mean,
            sd,
            correlation,
            sums: PairSums::default(),
        }
    }
}

impl Arm for WithCovariate {
    fn begin(&mut self, _: Reading) {
        self.sums = PairSums::default();
    }

    fn add(&mut self, units: u64, rng: &mut ChaCha8Rng) {
        self.sums
            .add(units, (0.0, 1.0), (self.mean, self.sd), self.correlation, rng);
    }

    fn statistics(&self) -> ArmStatistics {
        self.sums.with_covariate()
    }
}
