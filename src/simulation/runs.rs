//! Runs of one scenario: data grow from look to look, each look is analysed, and a treatment ends where the rule says so.

use indexmap::IndexMap;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::prelude::*;

use super::draw::{Drawn, Ends, Sample};
use super::schedule::Stop;
use super::tally::Tally;
use super::truth::{Change, World};
use crate::analysis::evidence::Scale;
use crate::analysis::results::{ArmStatistics, ComparisonStatistics, MetricResults, Results};
use crate::language::{Action, Role, Test};
use crate::resolve::Experiment;

/// Runs that are drawn and counted together. Fixed, so that sums come out the same on any number of cores.
const CHUNK: u32 = 128;

/// What the runs of all scenarios share.
pub(super) struct Bench<'a> {
    pub(super) experiment: &'a Experiment,
    pub(super) metrics: &'a [Drawn<'a>],
    pub(super) stops: &'a [Stop<'a>],
    /// Analysis units in a unit that is drawn.
    pub(super) rows_per_unit: f64,
    pub(super) ends: Ends,
    pub(super) runs: u32,
    pub(super) seed: u64,
    /// Scenarios in all, and which this is.
    pub(super) scenario: (u64, u64),
}

/// A metric in a scenario.
struct Watched {
    sample: Box<dyn Sample>,
    /// The true effect on both scales, by comparison.
    absolute: Vec<f64>,
    relative: Vec<f64>,
    is_primary: bool,
}

impl Bench<'_> {
    /// All runs, counted. `done` is told how many have come since it was last told.
    ///
    /// # Errors
    /// A clause that names what cannot be drawn in this world.
    pub(super) fn run(&self, world: &World, done: &(dyn Fn(u32) + Sync)) -> Result<Tally, String> {
        // Once before the runs, so that what cannot be drawn is said before any is.
        self.watched(world)?;
        let chunks = self.runs.div_ceil(CHUNK);
        let tallies: Vec<Tally> = (0..chunks)
            .into_par_iter()
            .map(|chunk| {
                let first = chunk * CHUNK;
                let last = (first + CHUNK).min(self.runs);
                let tally = self.chunk(world, first..last);
                done(last - first);
                tally
            })
            .collect::<Result<_, _>>()?;
        let mut all = self.empty();
        for tally in tallies {
            all.join(tally);
        }
        Ok(all)
    }

    fn empty(&self) -> Tally {
        Tally::empty(self.metrics.len(), self.experiment.contrasts.len(), self.stops.len())
    }

    fn watched(&self, world: &World) -> Result<Vec<Watched>, String> {
        self.metrics
            .iter()
            .map(|drawn| {
                let metric = drawn.metric();
                let change: Change = world.change(metric);
                let effects = |scale| {
                    let contrasts = 0..self.experiment.contrasts.len();
                    contrasts
                        .map(|contrast| drawn.effect(change, scale, contrast))
                        .collect()
                };
                Ok(Watched {
                    sample: drawn
                        .sample(change)
                        .map_err(|reason| format!("{}: {reason}", metric.id))?,
                    absolute: effects(Scale::Absolute),
                    relative: effects(Scale::Relative),
                    is_primary: metric.role == Role::Primary && metric.test() == Test::Superiority,
                })
            })
            .collect()
    }

    fn chunk(&self, world: &World, runs: std::ops::Range<u32>) -> Result<Tally, String> {
        let mut watched = self.watched(world)?;
        let mut results = self.results();
        let mut tally = self.empty();
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        let (scenarios, scenario) = self.scenario;
        for run in runs {
            rng.set_stream(u64::from(run) * scenarios + scenario);
            rng.set_word_pos(0);
            self.one(&mut watched, &mut results, &mut rng, &mut tally);
        }
        Ok(tally)
    }

    /// Results with a place for everything that will be written into them.
    fn results(&self) -> Results {
        let arms = || {
            let arms = self.experiment.arms.iter();
            arms.map(|arm| (arm.id.clone(), ArmStatistics::default())).collect()
        };
        let comparisons = || {
            let contrasts = self.experiment.contrasts.iter();
            contrasts
                .map(|contrast| (contrast.id.clone(), ComparisonStatistics::default()))
                .collect()
        };
        let metrics = self.metrics.iter().map(|drawn| {
            let results = MetricResults {
                arms: arms(),
                comparisons: comparisons(),
                ..MetricResults::default()
            };
            (drawn.metric().id.clone(), results)
        });
        Results {
            metrics: metrics.collect::<IndexMap<_, _>>(),
            ..super::schedule::nothing(self.experiment)
        }
    }

    fn one(&self, watched: &mut [Watched], results: &mut Results, rng: &mut ChaCha8Rng, tally: &mut Tally) {
        for metric in watched.iter_mut() {
            metric.sample.begin(rng);
        }
        let mut going = vec![true; tally.arms.len()];
        // Each test counts once, however often it rejects.
        let mut rejected = vec![false; watched.len() * going.len()];
        let (mut better, mut shipped, mut units) = (false, false, 0);
        for (look, stop) in self.stops.iter().enumerate() {
            for (metric, slot) in watched.iter_mut().zip(results.metrics.values_mut()) {
                metric.sample.grow(&stop.units, rng);
                metric.sample.write(slot);
            }
            let reading = stop.analysis.read(results, &stop.quality);
            let is_last = look + 1 == self.stops.len();
            let places = going.iter_mut().zip(&reading.actions).zip(&mut tally.arms);
            for (arm, ((going, action), arm_tally)) in places.enumerate() {
                if !*going {
                    continue;
                }
                let ends = is_last || !matches!(action, None | Some(Action::Extend));
                if ends {
                    *going = false;
                    arm_tally.end(*action, look);
                    shipped |= *action == Some(Action::Ship);
                    units += match self.ends {
                        Ends::ArmByArm => stop.treated_units(arm),
                        Ends::AllArms | Ends::SharedUnits => 0,
                    };
                    if action.is_none() && tally.obstacle.is_none() {
                        tally.obstacle = stop.analysis.first_obstacle(results);
                    }
                }
                let columns = watched.iter().zip(&reading.findings).zip(&mut tally.metrics);
                for (place, ((metric, findings), tallies)) in columns.enumerate() {
                    let (Some(Some(finding)), Some(counts)) = (findings.get(arm), tallies.get_mut(arm)) else {
                        continue;
                    };
                    if finding.rejects
                        && let Some(before) = rejected.get_mut(place * reading.actions.len() + arm)
                    {
                        counts.rejected += u32::from(!std::mem::replace(before, true));
                        better |= metric.is_primary;
                    }
                    if ends {
                        let truths = match finding.scale {
                            Scale::Absolute => &metric.absolute,
                            Scale::Relative => &metric.relative,
                        };
                        let truth = truths.get(arm).copied().unwrap_or(f64::NAN);
                        counts.end(finding, truth, *action == Some(Action::Ship));
                    }
                }
            }
            if !going.contains(&true) {
                units += match self.ends {
                    Ends::ArmByArm | Ends::SharedUnits => stop.control_units(),
                    Ends::AllArms => stop.units.iter().sum(),
                };
                break;
            }
        }
        tally.runs += 1;
        tally.any_better += u32::from(better);
        tally.any_ship += u32::from(shipped);
        tally.units.add(units as f64 * self.rows_per_unit);
    }
}
