//! What the runs of a scenario are counted in.

use crate::analysis::Finding;
use crate::language::Action;

/// The runs of a scenario, counted. Two tallies of different runs add up to that of all of them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tally {
    pub(super) runs: u32,
    /// Runs with a superiority primary that was better in some arm, at some look before that arm ended.
    pub(super) any_better: u32,
    /// Runs that ship some arm.
    pub(super) any_ship: u32,
    /// Analysis units of all arms when the run ended.
    pub(super) units: Moments,
    pub(super) arms: Vec<ArmTally>,
    /// By metric (outer) and treatment (inner).
    pub(super) metrics: Vec<Vec<MetricTally>>,
    /// Why a decision could not be read, the first time that happened.
    pub(super) obstacle: Option<String>,
}

/// How a treatment ended.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct ArmTally {
    /// What was decided; `None` where nothing could be.
    pub(super) actions: Vec<(Option<Action>, u32)>,
    /// By look: runs in which it ended there, and those of them that shipped it.
    pub(super) looks: Vec<(u32, u32)>,
}

/// How a metric came out in a treatment, where that ended.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct MetricTally {
    pub(super) states: Vec<(&'static str, u32)>,
    /// Its test rejected at some look.
    pub(super) rejected: u32,
    /// Its test rejected at the look where the arm ended.
    pub(super) rejected_at_end: u32,
    /// Estimate minus truth.
    pub(super) error: Moments,
    /// The same in runs that ship.
    pub(super) error_shipped: Moments,
    /// Runs with an interval, and those whose interval holds the truth.
    pub(super) intervals: (u32, u32),
    pub(super) confidence: f64,
}

/// A number, its sum and its sum of squares over runs.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Moments {
    pub(super) n: u32,
    pub(super) sum: f64,
    pub(super) squares: f64,
}

impl Moments {
    pub(super) fn add(&mut self, x: f64) {
        self.n += 1;
        self.sum += x;
        self.squares += x * x;
    }

    fn join(&mut self, other: Self) {
        self.n += other.n;
        self.sum += other.sum;
        self.squares += other.squares;
    }
}

impl Tally {
    /// No runs yet of so many metrics, treatments and looks.
    pub(super) fn empty(metrics: usize, treatments: usize, looks: usize) -> Self {
        Self {
            runs: 0,
            any_better: 0,
            any_ship: 0,
            units: Moments::default(),
            arms: vec![
                ArmTally {
                    actions: Vec::new(),
                    looks: vec![(0, 0); looks],
                };
                treatments
            ],
            metrics: vec![vec![MetricTally::default(); treatments]; metrics],
            obstacle: None,
        }
    }

    /// Both together.
    pub(super) fn join(&mut self, other: Self) {
        self.runs += other.runs;
        self.any_better += other.any_better;
        self.any_ship += other.any_ship;
        self.units.join(other.units);
        for (arm, more) in self.arms.iter_mut().zip(other.arms) {
            for (action, times) in more.actions {
                count(&mut arm.actions, action, times);
            }
            for (look, (ended, shipped)) in arm.looks.iter_mut().zip(more.looks) {
                look.0 += ended;
                look.1 += shipped;
            }
        }
        let metrics = self.metrics.iter_mut().flatten();
        for (metric, more) in metrics.zip(other.metrics.into_iter().flatten()) {
            for (state, times) in more.states {
                count(&mut metric.states, state, times);
            }
            metric.rejected += more.rejected;
            metric.rejected_at_end += more.rejected_at_end;
            metric.error.join(more.error);
            metric.error_shipped.join(more.error_shipped);
            metric.intervals.0 += more.intervals.0;
            metric.intervals.1 += more.intervals.1;
            metric.confidence = metric.confidence.max(more.confidence);
        }
        self.obstacle = self.obstacle.take().or(other.obstacle);
    }
}

impl ArmTally {
    pub(super) fn end(&mut self, action: Option<Action>, look: usize) {
        count(&mut self.actions, action, 1);
        if let Some((ended, shipped)) = self.looks.get_mut(look) {
            *ended += 1;
            *shipped += u32::from(action == Some(Action::Ship));
        }
    }
}

impl MetricTally {
    /// What was found where the arm ended; `truth` is the true effect on the scale of the finding.
    pub(super) fn end(&mut self, finding: &Finding, truth: f64, shipped: bool) {
        if let Some(state) = finding.state {
            count(&mut self.states, state, 1);
        }
        self.rejected_at_end += u32::from(finding.rejects);
        if let Some(estimate) = finding.estimate.filter(|estimate| estimate.is_finite()) {
            self.error.add(estimate - truth);
            if shipped {
                self.error_shipped.add(estimate - truth);
            }
        }
        if let Some(interval) = finding.interval {
            self.intervals.0 += 1;
            self.intervals.1 += u32::from(interval.lower <= truth && truth <= interval.upper);
            self.confidence = finding.confidence;
        }
    }
}

fn count<T: PartialEq>(counts: &mut Vec<(T, u32)>, what: T, times: u32) {
    match counts.iter_mut().find(|(counted, _)| *counted == what) {
        Some((_, before)) => *before += times,
        None => counts.push((what, times)),
    }
}
