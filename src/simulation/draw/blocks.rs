//! Switchbacks: the course of each region over time, cut into blocks, each with an arm drawn for it.
//!
//! Nothing of the planning formula is in here: values of a region follow one AR(1) process through all of its blocks, and what
//! an arm does builds up and wears off with the declared half-life, over the borders of blocks.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Uniform};

use super::Sample;
use super::latent::{Margin, Row};
use super::means::{PairSums, normal};
use crate::analysis::results::MetricResults;
use crate::language::Design;
use crate::language::values::Duration;

/// Blocks of time in regions, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Course {
    regions: usize,
    block: f64,
    washout: f64,
    half_life: Option<f64>,
    /// Values of a block, those of the washout included.
    periods: u32,
    /// Values that the washout drops.
    dropped: u32,
}

impl Course {
    /// As a design declares it; a block has one value until it is said how long a value is measured.
    pub(super) fn of(design: &Design) -> Self {
        let block = design.block.map_or(1.0, Duration::seconds);
        let washout = design.washout.map_or(0.0, Duration::seconds);
        Self {
            regions: usize::try_from(design.regions.unwrap_or(1)).unwrap_or(1).max(1),
            block,
            washout: if washout < block { washout } else { 0.0 },
            half_life: design
                .effect_half_life
                .map(Duration::seconds)
                .filter(|half_life| *half_life > 0.0),
            periods: 1,
            dropped: 0,
        }
    }

    /// The same where a value is measured over `window` seconds; over the whole block, when that is no shorter.
    pub(super) fn measured(self, window: Option<f64>) -> Self {
        match window.filter(|window| *window > 0.0 && *window < self.block) {
            Some(window) => Self {
                periods: (self.block / window).round() as u32,
                dropped: (self.washout / window).round() as u32,
                ..self
            },
            None => self,
        }
    }

    /// What is left after `seconds` of the distance between the state of a region and its arm.
    fn left(self, seconds: f64) -> f64 {
        self.half_life.map_or(0.0, |half_life| (-seconds / half_life).exp2())
    }

    /// The average of that from now on, over `seconds`.
    fn left_over(self, seconds: f64) -> f64 {
        self.half_life.map_or(0.0, |half_life| {
            half_life / std::f64::consts::LN_2 * (1.0 - self.left(seconds)) / seconds
        })
    }
}

/// What the values of a metric are like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Values {
    pub(super) control: f64,
    pub(super) treatment: f64,
    pub(super) sd: f64,
    pub(super) skewness: f64,
    /// Correlation of neighbouring values of a region.
    pub(super) autocorrelation: f64,
    /// Correlation of the average over a block with a covariate.
    pub(super) covariate: Option<f64>,
}

/// Where a region stands.
#[derive(Debug, Clone, Copy)]
struct Region {
    /// The last value of its process, with a variance of 1.
    noise: f64,
    /// How far an effect has built up, between 0 and 1.
    effect: f64,
}

/// The blocks of all regions.
#[derive(Debug)]
pub(super) struct Blocks {
    course: Course,
    values: Values,
    /// What is added to the value of an arm at a score.
    noise: Margin,
    /// Correlation of neighbouring scores.
    lasting: f64,
    /// Standard deviation of what is added to the average over a block.
    of_average: f64,
    control: usize,
    /// Covariates (x) and averages (y).
    arms: Vec<PairSums>,
    regions: Vec<Region>,
    /// Blocks so far; they come by time first, so that the next one is in the next region.
    count: usize,
}

impl Blocks {
    /// No blocks yet of `(arms, position of control)`.
    ///
    /// # Errors
    /// When the autocorrelation leaves nothing to chance.
    pub(super) fn new(course: Course, values: Values, (arms, control): (usize, usize)) -> Result<Self, String> {
        if values.autocorrelation.abs() >= 1.0 {
            return Err(format!(
                "an `autocorrelation` of {} leaves nothing to chance",
                values.autocorrelation
            ));
        }
        if course.dropped >= course.periods {
            return Err("the washout leaves no value of a block".to_owned());
        }
        let noise = Margin::skewed(0.0, values.sd, values.skewness);
        let row = Row::single(noise.clone(), 1.0);
        // Neighbouring values are as alike as is declared; those further apart by as much as that leaves.
        let lasting = row.likeness(&row, values.autocorrelation)?;
        let counted = course.periods.saturating_sub(course.dropped).max(1);
        let further = (1..counted).map(|apart| {
            let likeness = lasting.powi(i32::try_from(apart).unwrap_or(i32::MAX));
            2.0 * f64::from(counted - apart) * noise.covariance(&noise, likeness)
        });
        let variance = f64::from(counted) * noise.variance() + further.sum::<f64>();
        Ok(Self {
            course,
            values,
            of_average: variance.sqrt() / f64::from(counted),
            noise,
            lasting,
            control,
            arms: vec![PairSums::default(); arms],
            regions: Vec::new(),
            count: 0,
        })
    }

    /// The covariate and the value of the next block, in an arm.
    fn next(&mut self, arm: usize, rng: &mut ChaCha8Rng) -> (f64, f64) {
        let (course, values) = (self.course, self.values);
        let target = if arm == self.control { 0.0 } else { 1.0 };
        let place = self.count % course.regions;
        self.count += 1;
        let Some(region) = self.regions.get_mut(place) else {
            return (f64::NAN, f64::NAN);
        };
        let rho = self.lasting;
        let lasting = (1.0 - rho * rho).sqrt();
        let (mut sum, mut noise) = (0.0, 0.0);
        // One value covers the block after its washout; several cut the block evenly.
        let single = course.periods == 1;
        let length = course.block / f64::from(course.periods);
        for period in 0..course.periods {
            region.noise = rho * region.noise + lasting * normal(rng);
            let unseen = if single { course.washout } else { 0.0 };
            let start = target + (region.effect - target) * course.left(unseen);
            let average = target + (start - target) * course.left_over(length - unseen);
            region.effect = target + (region.effect - target) * course.left(length);
            if period >= course.dropped {
                let effect = average * (values.treatment - values.control);
                sum += values.control + effect;
                noise += self.noise.value(region.noise);
            }
        }
        let counted = f64::from(course.periods - course.dropped);
        let noise = noise / counted;
        let before = values.covariate.map_or(0.0, |correlation| {
            let rest = (1.0 - correlation * correlation).max(0.0).sqrt();
            correlation * noise / self.of_average + rest * normal(rng)
        });
        (before, sum / counted + noise)
    }
}

impl Sample for Blocks {
    fn begin(&mut self, rng: &mut ChaCha8Rng) {
        self.arms.fill(PairSums::default());
        self.count = 0;
        self.regions.clear();
        self.regions.extend((0..self.course.regions).map(|_| Region {
            noise: normal(rng),
            effect: 0.0,
        }));
    }

    fn grow(&mut self, units: &[u64], rng: &mut ChaCha8Rng) {
        let mut order: Vec<usize> = Vec::new();
        for (arm, (sums, want)) in self.arms.iter().zip(units).enumerate() {
            let more = want.saturating_sub(sums.y.n);
            order.extend(std::iter::repeat_n(arm, usize::try_from(more).unwrap_or(usize::MAX)));
        }
        for arm in shuffled(order, rng) {
            let (before, value) = self.next(arm, rng);
            if let Some(sums) = self.arms.get_mut(arm) {
                sums.add_one(before, value);
            }
        }
    }

    fn write(&self, into: &mut MetricResults) {
        for (slot, sums) in into.arms.values_mut().zip(&self.arms) {
            *slot = match self.values.covariate {
                Some(_) => sums.with_covariate(),
                None => sums.y.statistics(),
            };
        }
    }
}

/// Fisher and Yates's shuffle.
fn shuffled(mut order: Vec<usize>, rng: &mut ChaCha8Rng) -> Vec<usize> {
    for last in (1..order.len()).rev() {
        if let Ok(places) = Uniform::new_inclusive(0, last) {
            order.swap(last, places.sample(rng));
        }
    }
    order
}
