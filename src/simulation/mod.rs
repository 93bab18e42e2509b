//! The experiment run many times on a computer: units are drawn under a declared truth, and each run is analysed and decided
//! as a real one will be.
//!
//! The planning formulas take no part: what comes out is the rejections and decisions of [`crate::analysis`]. Every run has
//! its own stream of one generator (`ChaCha8`, seeded), and runs are counted, so the same seed gives the same numbers on any
//! number of cores.

mod draw;
mod report;

use indexmap::IndexMap;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::prelude::*;

use self::draw::Source;
pub use self::report::{ArmActions, MetricStates, SIMULATION_SCHEMA, Scenario, Share, Simulation, Truth};
use crate::analysis::results::{ArmCounts, MetricResults, RESULTS_SCHEMA, Results};
use crate::analysis::{Outcome, outcomes};
use crate::governance;
use crate::language::DesignKind;
use crate::plan::Plan;
use crate::resolve::{Experiment, Metric};

/// How often, and from which seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Runs per scenario, 1 or more.
    pub runs: u32,
    /// Seed of the generator.
    pub seed: u64,
}

/// Runs an experiment under the truth that nothing has an effect, and under the truth that every superiority primary moves
/// by its MDE in every arm and nothing else moves.
///
/// Metrics are drawn independently of each other, and arms have exactly their planned units. Proportions are binomial. Means
/// without a declared skewness come from normal values (their sums are drawn from their exact distributions); with
/// one, unit by unit from a shifted gamma distribution that has it.
///
/// # Errors
/// A clause that says what keeps the experiment from being simulated.
pub fn simulate(experiment: &Experiment, plan: &Plan, settings: Settings) -> Result<Simulation, String> {
    let units = units(experiment, plan)?;
    let sources: Vec<(&Metric, Source)> = experiment
        .metrics
        .iter()
        .filter_map(|metric| match Source::of(metric) {
            Ok(source) => Some(Ok((metric, source))),
            Err(reason) if metric.is_gating() => Some(Err(format!("{}: {reason}", metric.id))),
            // What gates nothing may be missing.
            Err(_) => None,
        })
        .collect::<Result<_, _>>()?;
    let model = Model {
        experiment,
        units: &units,
        sources: &sources,
        settings,
    };
    Ok(Simulation {
        schema: SIMULATION_SCHEMA.to_owned(),
        experiment: experiment.id.clone(),
        digest: governance::digest(experiment),
        runs: settings.runs,
        seed: settings.seed,
        units: units.clone(),
        scenarios: truths(experiment)
            .into_iter()
            .map(|truth| report::scenario(truth, experiment, plan, settings.runs, &model.run(truth)))
            .collect(),
    })
}

/// Without a primary that is asked to get better, no effect is the only truth there is.
fn truths(experiment: &Experiment) -> Vec<Truth> {
    if experiment.superiority_primaries().next().is_some() {
        vec![Truth::NoEffect, Truth::Mde]
    } else {
        vec![Truth::NoEffect]
    }
}

/// Units per arm: as planned where that is declared, else as required.
fn units(experiment: &Experiment, plan: &Plan) -> Result<IndexMap<String, u64>, String> {
    let design = experiment.spec.design.as_ref().and_then(|design| design.kind);
    if design != Some(DesignKind::Parallel) {
        return Err("only parallel designs are simulated by this version of abide".to_owned());
    }
    if experiment.statistics.sequential.is_some() {
        return Err("interim looks are not simulated by this version of abide".to_owned());
    }
    let Some(size) = plan.sample_size.as_ref() else {
        return Err("the plan is incomplete, so there is no size to simulate".to_owned());
    };
    Ok(size
        .per_arm
        .iter()
        .map(|(arm, size)| {
            let planned = plan
                .sizes
                .planned
                .map(|units| (size.share * units as f64).round() as u64);
            (arm.clone(), planned.unwrap_or(size.n))
        })
        .collect())
}

/// What runs are drawn from.
struct Model<'a> {
    experiment: &'a Experiment,
    units: &'a IndexMap<String, u64>,
    sources: &'a [(&'a Metric, Source)],
    settings: Settings,
}

impl Model<'_> {
    /// All runs under a truth, counted.
    fn run(&self, truth: Truth) -> IndexMap<Outcome, u32> {
        let counted = (0..self.settings.runs)
            .into_par_iter()
            .fold(Counts::default, |mut counts, run| {
                for outcome in outcomes(self.experiment, &self.results(truth, run)) {
                    counts.add(outcome, 1);
                }
                counts
            })
            .reduce(Counts::default, Counts::merged);
        counted.sorted()
    }

    fn results(&self, truth: Truth, run: u32) -> Results {
        let mut rng = ChaCha8Rng::seed_from_u64(self.settings.seed);
        rng.set_stream(2 * u64::from(run) + u64::from(truth == Truth::Mde));
        let control = self.experiment.control().map(|arm| arm.id.as_str());
        let metrics = self
            .sources
            .iter()
            .map(|(metric, source)| {
                let arms = self
                    .units
                    .iter()
                    .map(|(arm, n)| {
                        let moved = truth == Truth::Mde && Some(arm.as_str()) != control;
                        (arm.clone(), source.draw(*n, moved, &mut rng))
                    })
                    .collect();
                let results = MetricResults {
                    arms,
                    comparisons: IndexMap::new(),
                };
                (metric.id.clone(), results)
            })
            .collect();
        let counts = |n: u64| ArmCounts {
            assigned: n,
            exposed: None,
            analysed: None,
        };
        Results {
            schema: RESULTS_SCHEMA.to_owned(),
            experiment: self.experiment.id.clone(),
            digest: String::new(),
            from: String::new(),
            to: String::new(),
            look: None,
            computed_by: None,
            arms: self.units.iter().map(|(arm, n)| (arm.clone(), counts(*n))).collect(),
            metrics,
            quality: None,
        }
    }
}

/// How often each outcome came out.
#[derive(Debug, Default)]
struct Counts(IndexMap<Outcome, u32>);

impl Counts {
    fn add(&mut self, outcome: Outcome, times: u32) {
        *self.0.entry(outcome).or_insert(0) += times;
    }

    fn merged(mut self, other: Self) -> Self {
        for (outcome, times) in other.0 {
            self.add(outcome, times);
        }
        self
    }

    /// In an order that does not depend on which thread came first.
    fn sorted(self) -> IndexMap<Outcome, u32> {
        let mut counts = self.0;
        counts.sort_keys();
        counts
    }
}
