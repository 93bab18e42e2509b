//! One yes or no per unit, seen by a judge who may err.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Binomial, Distribution};

use super::{Arm, Reading};
use crate::analysis::results::ArmStatistics;

/// A judge's declared errors and the labels that they were measured on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Card {
    pub(super) sensitivity: f64,
    pub(super) specificity: f64,
    /// Labelled positives and negatives; without them the errors count as known.
    pub(super) labels: Option<(f64, f64)>,
    /// Share of the units that people label too.
    pub(super) label_share: Option<f64>,
}

impl Card {
    /// The declared errors.
    pub(super) fn reading_as_declared(self) -> Reading {
        Reading {
            sensitivity: self.sensitivity,
            specificity: self.specificity,
        }
    }

    /// The judge's true errors in a run. What is declared was measured on a number of labels, so the truth is somewhere
    /// near: a beta distribution with the declared mean and the spread that so many labels leave. The analysis knows the
    /// declared errors only.
    pub(super) fn reading(self, rng: &mut ChaCha8Rng) -> Reading {
        let Some((positives, negatives)) = self.labels else {
            return self.reading_as_declared();
        };
        let mut near = |share: f64, labels: f64| {
            Beta::new(share * labels, (1.0 - share) * labels).map_or(share, |beta| beta.sample(rng))
        };
        Reading {
            sensitivity: near(self.sensitivity, positives),
            specificity: near(self.specificity, negatives),
        }
    }
}

/// The judge of a metric: the errors it is declared to have on all answers, and those on the answers of some arms.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judges {
    shared: Option<Card>,
    /// By arm: errors of its own, where they were measured apart.
    own: Vec<Option<Card>>,
}

impl Judges {
    pub(super) fn new(shared: Option<Card>, own: Vec<Option<Card>>) -> Self {
        Self { shared, own }
    }

    /// The same, with control before the other arms.
    pub(super) fn control_first(&self, control: usize) -> Self {
        let mut own = self.own.clone();
        if control < own.len() {
            own[..=control].rotate_right(1);
        }
        Self { own, ..*self }
    }

    /// How each arm is read in a run. Arms without errors of their own are read alike.
    pub(super) fn readings(&self, rng: &mut ChaCha8Rng) -> Vec<Reading> {
        let shared = self.shared.map_or(Reading::TRUE, |card| card.reading(rng));
        let own = self.own.iter();
        own.map(|own| own.map_or(shared, |card| card.reading(rng))).collect()
    }
}

/// The reading of control, and those of the treatments after it.
pub(super) fn control_and_others(readings: &[Reading]) -> (Reading, &[Reading]) {
    match readings {
        [control, others @ ..] => (*control, others),
        [] => (Reading::TRUE, &[]),
    }
}

/// How many of `n` units have an event of this probability.
pub(super) fn binomial(n: u64, p: f64, rng: &mut ChaCha8Rng) -> u64 {
    Binomial::new(n, p.clamp(0.0, 1.0)).map_or(0, |binomial| binomial.sample(rng))
}

/// Units with a yes or no.
#[derive(Debug, Clone)]
pub(super) struct Events {
    share: f64,
    seen: f64,
    n: u64,
    with: u64,
}

impl Events {
    pub(super) fn new(share: f64) -> Self {
        Self {
            share,
            seen: share,
            n: 0,
            with: 0,
        }
    }
}

impl Arm for Events {
    fn begin(&mut self, reading: Reading) {
        // A unit that is misread is a yes or no as well, so what is seen is binomial again.
        self.seen = reading.seen(self.share);
        (self.n, self.with) = (0, 0);
    }

    fn add(&mut self, units: u64, rng: &mut ChaCha8Rng) {
        self.n += units;
        self.with += binomial(units, self.seen, rng);
    }

    fn statistics(&self) -> ArmStatistics {
        ArmStatistics {
            n: Some(self.n as f64),
            sum: Some(self.with as f64),
            ..ArmStatistics::default()
        }
    }
}

/// Units with a yes or no and a number from before that goes with it.
///
/// The number is what a covariate with the declared correlation needs to be, and no more: yes and no on two normal
/// values whose means differ so that their correlation with the event is the declared one.
#[derive(Debug, Clone)]
pub(super) struct EventsWithCovariate {
    share: f64,
    /// Means of the covariate among units without and with the event; control's, as it is from before.
    means: (f64, f64),
    sd: f64,
    inner: Events,
    none: super::means::Sums,
    some: super::means::Sums,
}

impl EventsWithCovariate {
    /// A covariate of mean 0 and variance 1.
    pub(super) fn new(share: f64, correlation: f64) -> Self {
        let spread = (share * (1.0 - share)).sqrt();
        let gap = correlation / spread;
        Self {
            share,
            means: (-gap * share, gap * (1.0 - share)),
            sd: (1.0 - correlation * correlation).max(0.0).sqrt(),
            inner: Events::new(share),
            none: super::means::Sums::default(),
            some: super::means::Sums::default(),
        }
    }
}

impl Arm for EventsWithCovariate {
    fn begin(&mut self, reading: Reading) {
        self.inner = Events::new(self.share);
        self.inner.begin(reading);
        self.none = super::means::Sums::default();
        self.some = super::means::Sums::default();
    }

    fn add(&mut self, units: u64, rng: &mut ChaCha8Rng) {
        let before = self.inner.with;
        self.inner.add(units, rng);
        let events = self.inner.with - before;
        self.some.add_normal(events, self.means.1, self.sd, rng);
        self.none.add_normal(units - events, self.means.0, self.sd, rng);
    }

    fn statistics(&self) -> ArmStatistics {
        ArmStatistics {
            covariate_sum: Some(self.none.sum + self.some.sum),
            covariate_sum_squares: Some(self.none.squares + self.some.squares),
            covariate_cross_sum: Some(self.some.sum),
            ..self.inner.statistics()
        }
    }
}
