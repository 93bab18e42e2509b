//! A bandit's plan: what its policy does over its horizon, simulated under a declared truth.
//!
//! No formula gives the regret of a policy in batches with late rewards and a floor, so it is run many times, and every
//! number comes with its Monte Carlo error.

use super::enrolment::Enrolment;
use super::model::{Choice, Duration, Estimate, IfNoneIsBetter};
use crate::language::{self, BanditPolicy, DesignKind, Direction, MetricKind, values::Effect};
use crate::resolve::{Experiment, Metric};
use crate::stats::{BanditRuns, BanditTrial, MonteCarlo, Policy, StatsError};

/// Enough for chances to be known to 2.5 percentage points, and soon over.
const RUNS: u32 = 400;
const SEED: u64 = 1;

/// What a bandit is simulated from.
struct Choosing<'a> {
    reward: &'a Metric,
    baseline: f64,
    better: f64,
    arms: usize,
    policy: BanditPolicy,
    /// Units between two updates.
    batch: f64,
    updates: usize,
    days_per_update: f64,
}

/// Simulates the bandit of an experiment; `None` for other designs.
///
/// # Errors
/// A clause that says what is missing or not supported.
pub(super) fn simulate(experiment: &Experiment) -> Option<Result<Choice, String>> {
    experiment.is_of(DesignKind::Bandit).then(|| {
        let choosing = Choosing::of(experiment)?;
        let design = experiment.spec.design.as_ref().ok_or("the design has no fields")?;
        let run = |best: f64| choosing.trial(design, best).and_then(|trial| trial.run(RUNS, SEED));
        let none_better = run(choosing.baseline).map_err(|error| error.to_string())?;
        let one_better = run(choosing.better).map_err(|error| error.to_string())?;
        Ok(choosing.record(experiment, &one_better, &none_better))
    })
}

/// How long a bandit runs: its horizon, with nothing to mature after it.
pub(super) fn duration(experiment: &Experiment, enrolment: Option<&Enrolment>) -> Option<Duration> {
    let horizon = experiment.spec.design.as_ref()?.horizon?.days();
    let enrolment = enrolment.filter(|_| experiment.is_of(DesignKind::Bandit))?;
    let ramp_days = enrolment.ramp_days() as u32;
    // A billion days is beyond any calendar; the cast must not wrap.
    let days = ramp_days.saturating_add(horizon.ceil().clamp(1.0, 1e9) as u32);
    let start = experiment.spec.schedule.as_ref().and_then(|s| s.start);
    Some(Duration {
        days,
        ramp_days,
        enrolment_days: horizon,
        running_days: days,
        maturity_days: 0,
        enrolled_per_day: enrolment.per_day(),
        by_curve: enrolment.is_curve(),
        max_days: experiment.limits.max_days,
        start: start.map(|date| date.to_string()),
        end: start
            .and_then(|date| date.plus_days(i64::from(days)))
            .map(|date| date.to_string()),
    })
}

/// Units that a bandit decides over.
pub(super) fn horizon_units(experiment: &Experiment, enrolment: Option<&Enrolment>) -> Option<u64> {
    let horizon = experiment.spec.design.as_ref()?.horizon?.days();
    let enrolment = enrolment.filter(|_| experiment.is_of(DesignKind::Bandit))?;
    Some((enrolment.per_day() * horizon).floor() as u64)
}

impl<'a> Choosing<'a> {
    fn of(experiment: &'a Experiment) -> Result<Self, String> {
        let lack = |what: &str| format!("{what} is missing, without which nothing can be simulated");
        let design = experiment.spec.design.as_ref().ok_or_else(|| lack("`design`"))?;
        let id = design.reward.as_ref().ok_or_else(|| lack("`design.reward`"))?;
        let reward = experiment
            .metric(id)
            .ok_or_else(|| lack("the metric of `design.reward`"))?;
        if reward.kind() != Some(MetricKind::Proportion) {
            return Err(format!(
                "bandits are simulated for rewards of yes or no, and {id} is none"
            ));
        }
        let baseline = reward.baseline().ok_or_else(|| lack("the baseline of the reward"))?;
        let amount = match reward.effect().ok_or_else(|| lack("the `mde` of the reward"))? {
            Effect::Relative(share) => share.get() * baseline,
            Effect::Absolute(amount) => amount.value(),
        };
        if reward.direction() == Some(Direction::Decrease) {
            return Err(format!(
                "a bandit looks for more of its reward, and {id} should decrease"
            ));
        }
        let span = |value: Option<language::values::Duration>, name: &str| {
            value
                .map(language::values::Duration::days)
                .filter(|days| *days > 0.0)
                .ok_or_else(|| lack(name))
        };
        let horizon = span(design.horizon, "`design.horizon`")?;
        let update = span(design.update_every, "`design.update_every`")?;
        let per_day = Enrolment::of(experiment)
            .ok_or_else(|| lack("the traffic a day"))?
            .per_day();
        Ok(Self {
            reward,
            baseline,
            better: baseline + amount,
            arms: experiment.arms.len(),
            policy: design.policy.ok_or_else(|| lack("`design.policy`"))?,
            batch: per_day * update,
            updates: (horizon / update).round().clamp(1.0, 1e9) as usize,
            days_per_update: update,
        })
    }

    /// One arm is better than all others, which are as good as today.
    fn trial(&self, design: &language::Design, best: f64) -> Result<BanditTrial, StatsError> {
        let mut arms = vec![self.baseline; self.arms];
        if let Some(last) = arms.last_mut() {
            *last = best;
        }
        let policy = match self.policy {
            BanditPolicy::Thompson => Policy::Thompson,
            BanditPolicy::TopTwo => Policy::TopTwo,
            BanditPolicy::Ucb => Policy::UpperBound,
        };
        let mut trial = BanditTrial::new(&arms, self.batch, self.updates)?.with_policy(policy);
        if let Some((alpha, beta)) = design.prior.as_ref().and_then(|prior| prior.alpha.zip(prior.beta)) {
            trial = trial.with_prior(alpha, beta)?;
        }
        if let Some(share) = design.min_share {
            trial = trial.with_min_share(share.get())?;
        }
        if let Some(units) = design.explore.as_ref().and_then(|explore| explore.units_per_arm) {
            trial = trial.with_exploration(units as f64)?;
        }
        if let Some(delay) = design.reward_delay {
            trial = trial.with_delay(delay.days() / self.days_per_update)?;
        }
        if let Some(chance) = design.stop.as_ref().and_then(|stop| stop.best_arm_probability) {
            trial = trial.with_stop(chance.get())?;
        }
        Ok(trial)
    }

    fn record(&self, experiment: &Experiment, one: &BanditRuns, none: &BanditRuns) -> Choice {
        let days = |found: MonteCarlo| Estimate {
            value: found.mean * self.days_per_update,
            monte_carlo_error: found.error * self.days_per_update,
        };
        let target = experiment.statistics.power;
        // From this update on the best arm leads often enough, and does not fall back.
        let late = one
            .leading
            .iter()
            .rposition(|share| *share < target)
            .map_or(0, |last| last + 1);
        Choice {
            reward: self.reward.id.clone(),
            policy: self.policy.as_str().to_owned(),
            arms: self.arms,
            units: (self.batch * self.updates as f64) as u64,
            updates: self.updates as u64,
            difference: self.better - self.baseline,
            best_chosen: estimate(one.best_chosen),
            decided_early: estimate(one.stopped),
            days_to_choice: days(one.updates_to_choice),
            regret: estimate(one.regret),
            regret_of_equal_split: one.regret_of_equal_split,
            share_in_best: estimate(one.share_in_best),
            target,
            days_to_target: (late < one.leading.len()).then(|| (late + 1) as f64 * self.days_per_update),
            if_none_is_better: IfNoneIsBetter {
                decided_early: estimate(none.stopped),
                days_to_choice: days(none.updates_to_choice),
            },
            runs: RUNS,
            seed: SEED,
        }
    }
}

fn estimate(found: MonteCarlo) -> Estimate {
    Estimate {
        value: found.mean,
        monte_carlo_error: found.error,
    }
}
