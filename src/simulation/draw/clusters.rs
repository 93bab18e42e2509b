//! Units that come in clusters: how large these are, and clusters that are randomised as a whole.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Distribution, Gamma};

use super::counts;
use super::events::binomial;
use super::means::{Sums, normal};
use super::{Arm, Reading};
use crate::analysis::results::ArmStatistics;

/// Sizes of clusters: whole numbers from 1 with a given mean and coefficient of variation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sizes {
    pub(super) mean: f64,
    pub(super) cv: f64,
}

impl Sizes {
    /// One unit, and beside it a negative binomial number of others where sizes vary enough for one; else a gamma value,
    /// rounded up or down by chance so that its mean stays.
    pub(super) fn draw(self, rng: &mut ChaCha8Rng) -> u64 {
        let others = (self.mean - 1.0).max(0.0);
        let variance = (self.cv * self.mean).powi(2);
        if others <= 0.0 {
            return 1;
        }
        if variance > others {
            let dispersion = (variance - others) / (others * others);
            return 1 + counts::total(1.0, others, dispersion, rng) as u64;
        }
        // Rounding adds up to a quarter, a sixth on average.
        let left = variance - 1.0 / 6.0;
        let value = if left > 0.0 {
            Gamma::new(others * others / left, left / others).map_or(others, |gamma| gamma.sample(rng))
        } else {
            others
        };
        let up = binomial(1, value.fract(), rng);
        1 + value as u64 + up
    }
}

/// How the units of a randomised cluster come out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Inside {
    /// Yes or no, with a probability of its own for each cluster: beta-binomial.
    Events {
        share: f64,
        /// First parameter plus second of the beta distribution; `None` where clusters do not differ.
        strength: Option<f64>,
    },
    /// Values about a normal mean of the cluster: normal, or gamma where they are skewed.
    Values {
        mean: f64,
        between: f64,
        within: f64,
        /// Of one value about its cluster's mean; 0 is normal.
        skewness: f64,
    },
    /// Counts about a gamma mean of the cluster: dispersions between and within.
    Counts { mean: f64, between: f64, within: f64 },
}

impl Inside {
    /// Yes or no with this correlation within clusters.
    pub(super) fn events(share: f64, icc: f64) -> Self {
        Self::Events {
            share,
            strength: (icc > 0.0).then(|| (1.0 - icc) / icc),
        }
    }

    /// Values with this correlation within clusters.
    pub(super) fn values(mean: f64, sd: f64, skewness: f64, icc: f64) -> Self {
        let rest = (1.0 - icc).max(0.0).sqrt();
        Self::Values {
            mean,
            between: sd * icc.sqrt(),
            within: sd * rest,
            // The cluster's normal part dilutes the third moment.
            skewness: if rest > 0.0 { skewness / rest.powi(3) } else { 0.0 },
        }
    }

    /// Counts with variance μ + kμ² and this correlation within clusters; `None` where the dispersion leaves no room for it.
    pub(super) fn counts(mean: f64, dispersion: f64, icc: f64) -> Option<Self> {
        // Var = μ + k_w μ² (1 + k_b) + k_b μ², of which k_b μ² is between clusters.
        let between = icc * (mean + dispersion * mean * mean) / (mean * mean);
        let within = (dispersion - between) / (1.0 + between);
        (within >= -1e-12).then_some(Self::Counts {
            mean,
            between,
            within: within.max(0.0),
        })
    }

    /// The sum over a cluster of `size` units.
    fn total(self, size: u64, reading: Reading, rng: &mut ChaCha8Rng) -> f64 {
        let units = size as f64;
        match self {
            Self::Events { share, strength } => {
                let own = strength
                    .and_then(|s| Beta::new(share * s, (1.0 - share) * s).ok())
                    .map_or(share, |beta| beta.sample(rng));
                binomial(size, reading.seen(own), rng) as f64
            }
            Self::Values {
                mean,
                between,
                within,
                skewness,
            } => {
                let shape = 4.0 / (skewness * skewness);
                // A sum of gamma values is one of as many times their shape.
                let about = match Gamma::new(units * shape, 1.0) {
                    Ok(gamma) if shape < 1e12 => (gamma.sample(rng) - units * shape) / shape.sqrt() * skewness.signum(),
                    _ => units.sqrt() * normal(rng),
                };
                units * (mean + between * normal(rng)) + within * about
            }
            Self::Counts { mean, between, within } => {
                let own = if between > 0.0 {
                    Gamma::new(1.0 / between, mean * between).map_or(mean, |gamma| gamma.sample(rng))
                } else {
                    mean
                };
                counts::total(units, own, within, rng)
            }
        }
    }
}

/// Clusters of one arm, as an analysis reads them: their totals over their sizes.
#[derive(Debug, Clone)]
pub(super) struct Clusters {
    sizes: Sizes,
    inside: Inside,
    reading: Reading,
    x: Sums,
    y: Sums,
    cross: f64,
}

impl Clusters {
    pub(super) fn new(sizes: Sizes, inside: Inside) -> Self {
        Self {
            sizes,
            inside,
            reading: Reading::TRUE,
            x: Sums::default(),
            y: Sums::default(),
            cross: 0.0,
        }
    }
}

impl Arm for Clusters {
    fn begin(&mut self, reading: Reading) {
        self.reading = reading;
        (self.x, self.y, self.cross) = (Sums::default(), Sums::default(), 0.0);
    }

    /// Here a unit is a cluster.
    fn add(&mut self, units: u64, rng: &mut ChaCha8Rng) {
        for _ in 0..units {
            let size = self.sizes.draw(rng);
            let total = self.inside.total(size, self.reading, rng);
            self.x.add(size as f64);
            self.y.add(total);
            self.cross += size as f64 * total;
        }
    }

    fn statistics(&self) -> ArmStatistics {
        ArmStatistics {
            n: Some(self.y.n as f64),
            sum: Some(self.y.sum),
            sum_squares: Some(self.y.squares),
            denominator_sum: Some(self.x.sum),
            denominator_sum_squares: Some(self.x.squares),
            denominator_cross_sum: Some(self.cross),
            ..ArmStatistics::default()
        }
    }
}

/// The sizes of the clusters that hold exactly so many more units.
pub(super) fn cut(
    mut units: u64,
    sizes: Option<Sizes>,
    rng: &mut ChaCha8Rng,
    mut each: impl FnMut(u64, &mut ChaCha8Rng),
) {
    while units > 0 {
        let size = sizes.map_or(1, |sizes| sizes.draw(rng)).min(units);
        each(size, rng);
        units -= size;
    }
}
