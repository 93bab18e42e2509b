//! Which of two is preferred, comparison by comparison.

use rand_chacha::ChaCha8Rng;

use super::events::binomial;
use super::{Sample, compare};
use crate::analysis::results::{ComparisonStatistics, MetricResults, Preferences};

/// Wins, losses and ties of each treatment against control.
#[derive(Debug, Clone)]
pub(super) struct Wins {
    ties: f64,
    /// Of each treatment, in the order of the spec: its share of the decided comparisons, and what came out.
    treatments: Vec<(f64, Preferences)>,
    made: u64,
}

const NONE: Preferences = Preferences {
    wins: 0,
    losses: 0,
    ties: 0,
};

impl Wins {
    pub(super) fn new(ties: f64, shares: Vec<f64>) -> Self {
        Self {
            ties,
            treatments: shares.into_iter().map(|share| (share, NONE)).collect(),
            made: 0,
        }
    }
}

impl Sample for Wins {
    fn begin(&mut self, _: &mut ChaCha8Rng) {
        self.made = 0;
        for (_, counts) in &mut self.treatments {
            *counts = NONE;
        }
    }

    fn grow(&mut self, units: &[u64], rng: &mut ChaCha8Rng) {
        // Each unit meets both sides.
        let want = units.first().copied().unwrap_or(0);
        let more = want.saturating_sub(self.made);
        for (share, counts) in &mut self.treatments {
            let decided = more - binomial(more, self.ties, rng);
            let wins = binomial(decided, *share, rng);
            counts.wins += wins;
            counts.losses += decided - wins;
            counts.ties += more - decided;
        }
        self.made += more;
    }

    fn write(&self, into: &mut MetricResults) {
        let counts = self.treatments.iter().map(|(_, counts)| ComparisonStatistics {
            preference: Some(*counts),
            ..ComparisonStatistics::default()
        });
        compare(into, counts);
    }
}
