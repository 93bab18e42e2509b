//! A bandit over yes-or-no rewards, run many times on a computer: no formula gives its regret or its chance to find the best.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Binomial, Distribution};
use rayon::prelude::*;

use super::super::error::{Result, StatsError, positive, require};
use super::super::input::Proportion;
use super::posterior::{Posterior, best_arm_chances};

/// How traffic moves at an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// By the chance of each arm to be the best (Thompson 1933).
    Thompson,
    /// Half by that chance, half to the best of the others drawn anew (top-two Thompson sampling with β = 1/2, Russo 2016).
    TopTwo,
    /// All to the largest upper bound, mean + √(2 ln t/n) (UCB1, Auer, Cesa-Bianchi & Fischer 2002).
    UpperBound,
}

/// A bandit with its true arms.
#[derive(Debug, Clone, PartialEq)]
pub struct BanditTrial {
    arms: Vec<f64>,
    policy: Policy,
    prior: (f64, f64),
    min_share: f64,
    explore: f64,
    batch: f64,
    updates: usize,
    delay: f64,
    stop: Option<f64>,
}

/// A mean over runs with its Monte Carlo standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MonteCarlo {
    /// The mean.
    pub mean: f64,
    /// Standard error of the mean.
    pub error: f64,
}

/// What became of the runs.
#[derive(Debug, Clone, PartialEq)]
pub struct BanditRuns {
    /// Share of runs whose choice at the end is a best arm.
    pub best_chosen: MonteCarlo,
    /// Share of runs that stopped before the horizon.
    pub stopped: MonteCarlo,
    /// Updates until the choice is made, the horizon's where it never is before.
    pub updates_to_choice: MonteCarlo,
    /// Rewards lost against the best arm from the start, expected over the units of each run.
    pub regret: MonteCarlo,
    /// Share of units that met a best arm.
    pub share_in_best: MonteCarlo,
    /// After each update, the share of runs in which a best arm leads.
    pub leading: Vec<f64>,
    /// Rewards lost when all units are split equally among the arms.
    pub regret_of_equal_split: f64,
}

impl BanditTrial {
    /// True shares of rewards of two arms or more, units that arrive between two updates, and the number of updates
    /// (between 1 and 100,000).
    pub fn new(arms: &[f64], batch: f64, updates: usize) -> Result<Self> {
        require("arms", arms.len() as f64, "2 or more", arms.len() >= 2)?;
        for arm in arms {
            Proportion::named("share of rewards", *arm)?;
        }
        require(
            "updates",
            updates as f64,
            "between 1 and 100,000",
            (1..=100_000).contains(&updates),
        )?;
        Ok(Self {
            arms: arms.to_vec(),
            policy: Policy::Thompson,
            prior: (1.0, 1.0),
            min_share: 0.0,
            explore: 0.0,
            batch: require(
                "units between updates",
                batch,
                "between 1 and 1e12",
                (1.0..=1e12).contains(&batch),
            )?,
            updates,
            delay: 0.0,
            stop: None,
        })
    }

    /// How traffic moves.
    #[must_use]
    pub fn with_policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Rewards and failures that are imagined of every arm before the first; both above 0.
    pub fn with_prior(mut self, rewards: f64, failures: f64) -> Result<Self> {
        self.prior = (
            positive("prior rewards", rewards)?,
            positive("prior failures", failures)?,
        );
        Ok(self)
    }

    /// The share that every arm keeps; all together at most 1.
    pub fn with_min_share(mut self, share: f64) -> Result<Self> {
        let most = 1.0 / self.arms.len() as f64;
        let allowed = "between 0 and 1 over the number of arms";
        self.min_share = require("smallest share", share, allowed, (0.0..=most).contains(&share))?;
        Ok(self)
    }

    /// Units that every arm gets before shares move.
    pub fn with_exploration(mut self, units_per_arm: f64) -> Result<Self> {
        self.explore = require(
            "units per arm to explore",
            units_per_arm,
            "0 or more",
            (0.0..=1e12).contains(&units_per_arm),
        )?;
        Ok(self)
    }

    /// How long a reward takes to arrive, in updates (may be a fraction).
    pub fn with_delay(mut self, updates: f64) -> Result<Self> {
        self.delay = require("delay of rewards", updates, "0 or more", (0.0..=1e6).contains(&updates))?;
        Ok(self)
    }

    /// The chance to be the best at which an arm is chosen before the horizon, between 0 and 1.
    pub fn with_stop(mut self, chance: f64) -> Result<Self> {
        let inside = chance > 0.0 && chance < 1.0;
        self.stop = Some(require(
            "chance to stop at",
            chance,
            "strictly between 0 and 1",
            inside,
        )?);
        Ok(self)
    }

    /// Runs the bandit `runs` times. Every run has its own stream of one generator (ChaCha8), so the same seed gives the
    /// same numbers on any number of cores.
    ///
    /// # Errors
    /// For less than two runs, which have no Monte Carlo error.
    pub fn run(&self, runs: u32, seed: u64) -> Result<BanditRuns> {
        require("runs", f64::from(runs), "2 or more", runs >= 2)?;
        let all: Vec<Run> = (0..runs)
            .into_par_iter()
            .map(|run| {
                let mut rng = ChaCha8Rng::seed_from_u64(seed);
                rng.set_stream(u64::from(run));
                self.once(&mut rng)
            })
            .collect::<Result<_>>()?;
        let over = |value: fn(&Run) -> f64| monte_carlo(all.iter().map(value));
        let best = self.best();
        let units = self.batch * self.updates as f64;
        let average = self.arms.iter().sum::<f64>() / self.arms.len() as f64;
        Ok(BanditRuns {
            best_chosen: share(&all, |run| run.chose_best),
            stopped: share(&all, |run| run.stopped),
            updates_to_choice: over(|run| run.updates as f64),
            regret: over(|run| run.regret),
            share_in_best: over(|run| run.share_in_best),
            leading: (0..self.updates)
                .map(|update| all.iter().filter(|run| run.leads(update)).count() as f64 / f64::from(runs))
                .collect(),
            regret_of_equal_split: units * (best - average),
        })
    }

    fn best(&self) -> f64 {
        self.arms.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    fn is_best(&self, arm: usize) -> bool {
        self.arms.get(arm).is_some_and(|share| *share >= self.best())
    }

    fn once(&self, rng: &mut ChaCha8Rng) -> Result<Run> {
        let mut known = vec![Counts::default(); self.arms.len()];
        // Rewards on their way, by the update at which they are in.
        let mut coming: std::collections::VecDeque<Vec<Counts>> = std::collections::VecDeque::new();
        let whole_updates = self.delay.floor() as usize;
        let arrives_late = self.delay - self.delay.floor();
        let mut state = Run::default();
        let mut assigned = vec![0.0; self.arms.len()];
        let mut shares = vec![1.0 / self.arms.len() as f64; self.arms.len()];
        for update in 0..self.updates {
            let (early, late) = self.draw(&shares, arrives_late, &mut assigned, rng)?;
            for (position, counts) in [(whole_updates, early), (whole_updates + 1, late)] {
                while coming.len() <= position {
                    coming.push_back(vec![Counts::default(); self.arms.len()]);
                }
                add(&mut coming[position], &counts);
            }
            if let Some(arrived) = coming.pop_front() {
                add(&mut known, &arrived);
            }
            let chances = best_arm_chances(&self.posteriors(&known)?);
            let leader = largest(&chances);
            state.leading.push(self.is_best(leader));
            let explored = known.iter().all(|arm| arm.rewards + arm.failures >= self.explore);
            if explored && self.stop.is_some_and(|stop| chances[leader] >= stop) {
                state.stopped = true;
                state.updates = update + 1;
                let rest = (self.updates - update - 1) as f64 * self.batch;
                assigned[leader] += rest;
                break;
            }
            if explored {
                shares = self.shares(&chances, &known, &assigned);
            }
        }
        if !state.stopped {
            state.updates = self.updates;
        }
        state.chose_best = state.leading.last().copied().unwrap_or(false);
        let best = self.best();
        let units: f64 = assigned.iter().sum();
        let lost = |(arm, units): (&f64, &f64)| units * (best - arm);
        state.regret = self.arms.iter().zip(&assigned).map(lost).sum();
        let in_best = assigned.iter().enumerate().filter(|(arm, _)| self.is_best(*arm));
        state.share_in_best = in_best.map(|(_, units)| units).sum::<f64>() / units;
        Ok(state)
    }

    fn posteriors(&self, known: &[Counts]) -> Result<Vec<Posterior>> {
        let (a, b) = self.prior;
        known
            .iter()
            .map(|arm| Posterior::new(a + arm.rewards, b + arm.failures))
            .collect()
    }

    /// The units between two updates: those whose rewards are in early, and late.
    fn draw(
        &self,
        shares: &[f64],
        late: f64,
        assigned: &mut [f64],
        rng: &mut ChaCha8Rng,
    ) -> Result<(Vec<Counts>, Vec<Counts>)> {
        let units = self.batch.round();
        let late_units = (units * late).round();
        let mut halves = Vec::with_capacity(2);
        for part in [units - late_units, late_units] {
            let (mut left, mut share_left) = (part, 1.0);
            let mut counts = Vec::with_capacity(shares.len());
            for ((share, p), total) in shares.iter().zip(&self.arms).zip(assigned.iter_mut()) {
                // A multinomial draw, arm by arm from what is left.
                let n = binomial(
                    left,
                    (share / f64::max(share_left, f64::MIN_POSITIVE)).clamp(0.0, 1.0),
                    rng,
                )?;
                left -= n;
                share_left -= share;
                let rewards = binomial(n, *p, rng)?;
                *total += n;
                counts.push(Counts {
                    rewards,
                    failures: n - rewards,
                });
            }
            halves.push(counts);
        }
        let late = halves.pop().unwrap_or_default();
        Ok((halves.pop().unwrap_or_default(), late))
    }

    fn shares(&self, chances: &[f64], known: &[Counts], assigned: &[f64]) -> Vec<f64> {
        let wanted: Vec<f64> = match self.policy {
            Policy::Thompson => chances.to_vec(),
            Policy::TopTwo => top_two(chances),
            Policy::UpperBound => {
                let time: f64 = assigned.iter().sum();
                let bounds: Vec<f64> = known
                    .iter()
                    .map(|arm| {
                        let n = arm.rewards + arm.failures;
                        if n > 0.0 {
                            arm.rewards / n + (2.0 * time.ln() / n).sqrt()
                        } else {
                            f64::INFINITY
                        }
                    })
                    .collect();
                let first = largest(&bounds);
                (0..bounds.len()).map(|arm| f64::from(u8::from(arm == first))).collect()
            }
        };
        let free = 1.0 - self.min_share * self.arms.len() as f64;
        wanted.into_iter().map(|share| self.min_share + free * share).collect()
    }
}

/// Half to the best of a draw, half to the best of a second draw that must differ: ψₖ = ½ αₖ (1 + Σⱼ≠ₖ αⱼ/(1 − αⱼ)).
fn top_two(chances: &[f64]) -> Vec<f64> {
    let odds: Vec<f64> = chances
        .iter()
        .map(|chance| chance / (1.0 - chance).max(1e-12))
        .collect();
    let all: f64 = odds.iter().sum();
    let mut shares: Vec<f64> = chances
        .iter()
        .zip(&odds)
        .map(|(chance, odds)| 0.5 * chance * (1.0 + all - odds))
        .collect();
    let sum: f64 = shares.iter().sum();
    for share in &mut shares {
        *share /= sum;
    }
    shares
}

fn largest(values: &[f64]) -> usize {
    let mut best = 0;
    for (position, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = position;
        }
    }
    best
}

fn binomial(n: f64, p: f64, rng: &mut ChaCha8Rng) -> Result<f64> {
    if n < 1.0 || p <= 0.0 {
        return Ok(0.0);
    }
    if p >= 1.0 {
        return Ok(n);
    }
    let draws =
        Binomial::new(n as u64, p).map_err(|_| StatsError::no_solution("draw", "the share is no probability"))?;
    Ok(draws.sample(rng) as f64)
}

fn add(to: &mut [Counts], counts: &[Counts]) {
    for (to, new) in to.iter_mut().zip(counts) {
        to.rewards += new.rewards;
        to.failures += new.failures;
    }
}

/// The share of runs with a property. Its error is that of Agresti & Coull 1998, which is not 0 where all runs or none have it.
fn share(runs: &[Run], has: fn(&Run) -> bool) -> MonteCarlo {
    let n = runs.len() as f64;
    let found = runs.iter().filter(|run| has(run)).count() as f64;
    let p = (found + 2.0) / (n + 4.0);
    MonteCarlo {
        mean: found / n,
        error: (p * (1.0 - p) / (n + 4.0)).sqrt(),
    }
}

fn monte_carlo(values: impl ExactSizeIterator<Item = f64> + Clone) -> MonteCarlo {
    let n = values.len() as f64;
    let mean = values.clone().sum::<f64>() / n;
    let squares: f64 = values.map(|value| (value - mean).powi(2)).sum();
    MonteCarlo {
        mean,
        error: (squares / (n - 1.0) / n).sqrt(),
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    rewards: f64,
    failures: f64,
}

#[derive(Debug, Default)]
struct Run {
    chose_best: bool,
    stopped: bool,
    updates: usize,
    regret: f64,
    share_in_best: f64,
    leading: Vec<bool>,
}

impl Run {
    /// Whether a best arm leads after an update; after the choice, whether it was chosen.
    fn leads(&self, update: usize) -> bool {
        self.leading
            .get(update)
            .or(self.leading.last())
            .copied()
            .unwrap_or(false)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn six_arms(best: f64) -> BanditTrial {
        BanditTrial::new(&[0.03, best, 0.03, 0.03, 0.03, 0.03], 2_000.0, 60)
            .unwrap()
            .with_exploration(100.0)
            .unwrap()
            .with_min_share(0.02)
            .unwrap()
    }

    #[test]
    fn the_same_seed_gives_the_same_runs() {
        let trial = six_arms(0.036);
        assert_eq!(trial.run(20, 7).unwrap(), trial.run(20, 7).unwrap());
        assert_ne!(trial.run(20, 7).unwrap(), trial.run(20, 8).unwrap());
    }

    #[test]
    fn a_better_arm_is_found_more_often_the_better_it_is() {
        let found = |best| six_arms(best).run(60, 1).unwrap().best_chosen.mean;
        assert!(found(0.032) < found(0.036));
        assert!(found(0.045) > 0.98);
    }

    #[test]
    fn a_bandit_loses_less_than_an_equal_split_and_more_than_the_floor() {
        let runs = six_arms(0.036).run(60, 1).unwrap();
        assert!(runs.regret.mean < runs.regret_of_equal_split);
        // Five inferior arms keep 2% each of 120,000 units, and each unit there loses 0.006.
        let floor = 0.1 * 120_000.0 * 0.006;
        assert!(runs.regret.mean > floor, "{} against {floor}", runs.regret.mean);
    }

    /// A program of its own (numpy, the chance to be best from 2,000 draws of the posteriors at each update) lost 215.0 rewards with
    /// a standard error of 1.8 in 1,000 runs.
    #[test]
    fn regret_agrees_with_another_program() {
        let runs = six_arms(0.036).run(300, 1).unwrap();
        let error = runs.regret.error.hypot(1.8);
        assert!((runs.regret.mean - 215.0).abs() < 4.0 * error, "{:?}", runs.regret);
    }

    #[test]
    fn equal_arms_lose_nothing() {
        let runs = six_arms(0.03).run(10, 1).unwrap();
        assert_eq!((runs.regret.mean, runs.best_chosen.mean), (0.0, 1.0));
    }

    #[test]
    fn top_two_gives_the_leader_half_and_its_rivals_the_rest() {
        let shares = top_two(&[0.98, 0.015, 0.005]);
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((shares[0] - 0.5).abs() < 0.01 && shares[1] > 2.5 * shares[2]);
    }

    #[test]
    fn late_rewards_find_the_best_arm_later() {
        let runs = |delay| six_arms(0.036).with_delay(delay).unwrap().run(200, 3).unwrap().leading[4];
        assert!(runs(3.0) < runs(0.0));
    }
}
