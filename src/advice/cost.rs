//! What a design would cost in units and days, by the calculator that `abide size` uses.

use serde_json::{Map, Value, json};

use super::answers::Answers;
use super::choose::Design;
use super::report::Cost;
use crate::calculator::{self, Sizing};
use crate::format;
use crate::language::Direction;
use crate::language::values::Fraction;
use crate::stats::{BanditTrial, Traffic, whole_weeks};

/// Why there is no cost.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum NoCost {
    /// Answers that the cost depends on.
    Missing(Vec<&'static str>),
    /// The calculator's reason.
    Refused(String),
}

impl From<calculator::Fault> for NoCost {
    fn from(fault: calculator::Fault) -> Self {
        Self::Refused(fault.to_string())
    }
}

impl From<crate::stats::StatsError> for NoCost {
    fn from(error: crate::stats::StatsError) -> Self {
        Self::Refused(error.to_string())
    }
}

/// What a design would cost.
pub(super) fn cost(design: Design, answers: &Answers) -> Result<Cost, NoCost> {
    match design {
        Design::AbTest | Design::AbN => parallel(answers),
        Design::PairedReplay => replay(answers),
        Design::Interleaving => interleaving(answers),
        Design::Bandit => bandit(answers),
        Design::Switchback => switchback(answers),
        Design::Cluster => cluster(answers),
    }
}

/// The names of what is not given.
fn require(fields: &[(&'static str, bool)]) -> Result<(), NoCost> {
    let missing: Vec<&'static str> = fields
        .iter()
        .filter(|(_, given)| !given)
        .map(|(name, _)| *name)
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(NoCost::Missing(missing))
    }
}

/// What every comparison needs: a baseline, an effect, and a spread where the outcome is a mean.
fn comparison(answers: &Answers, share: &str, mean: &str) -> Result<Map<String, Value>, NoCost> {
    require(&[
        ("baseline", answers.baseline.is_some()),
        ("mde_relative", answers.mde_relative.is_some()),
        // What is not below one is no share: it is a mean, and a mean has a spread.
        (
            "cv",
            answers.cv.is_some() || answers.baseline.is_none_or(|baseline| baseline.get() < 1.0),
        ),
    ])?;
    let mut request = Map::new();
    let mut put = |name: &str, value: Option<Fraction>| {
        if let Some(value) = value {
            request.insert(name.to_owned(), json!(value.get()));
        }
    };
    let sign = if answers.direction == Some(Direction::Decrease) {
        -1.0
    } else {
        1.0
    };
    let effect = answers.mde_relative.map_or(0.0, |effect| effect.get().abs() * sign);
    put("baseline", answers.baseline);
    put("cv", answers.cv);
    request.insert("mde_relative".to_owned(), json!(effect));
    let kind = if answers.cv.is_some() { mean } else { share };
    request.insert("kind".to_owned(), json!(kind));
    Ok(request)
}

fn ask(request: Map<String, Value>) -> Result<Sizing, NoCost> {
    Ok(calculator::answer(calculator::read_value(Value::Object(request))?)?)
}

/// The command that gives the same number.
fn command(request: &Map<String, Value>) -> String {
    let mut words = vec!["abide size".to_owned()];
    words.extend(request.get("kind").and_then(Value::as_str).map(str::to_owned));
    for (name, value) in request.iter().filter(|(name, _)| *name != "kind") {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        words.push(format!("--{} {value}", name.replace('_', "-")));
    }
    words.join(" ")
}

/// Days until so many units have come, in whole weeks; `None` where nobody says how many come a day.
fn days(units: f64, per_day: Option<f64>) -> Result<Option<f64>, NoCost> {
    match per_day {
        Some(per_day) => Ok(Some(whole_weeks(Traffic::new(per_day, 1.0)?.days(units)?))),
        None => Ok(None),
    }
}

fn parallel(answers: &Answers) -> Result<Cost, NoCost> {
    let mut request = comparison(answers, "proportion", "mean")?;
    if answers.treatments() > 1 {
        request.insert("arms".to_owned(), json!(answers.treatments()));
    }
    let sizing = ask(request.clone())?;
    let units = sizing.answer.n.total as f64;
    let days = days(units, answers.units_per_day)?;
    Ok(Cost {
        units,
        unit: "unit".to_owned(),
        days,
        notes: too_long(answers, &request, days)?.into_iter().collect(),
        command: Some(command(&request)),
    })
}

/// What could be found within the longest run, where the effect asked for takes longer.
fn too_long(answers: &Answers, request: &Map<String, Value>, days: Option<f64>) -> Result<Option<String>, NoCost> {
    let limit = f64::from(answers.max_days());
    let (Some(days), Some(per_day)) = (days, answers.units_per_day) else {
        return Ok(None);
    };
    if days <= limit {
        return Ok(None);
    }
    let mut request = request.clone();
    request.remove("mde_relative");
    request.insert(
        "n".to_owned(),
        json!((per_day * limit / f64::from(answers.treatments() + 1)).floor()),
    );
    if let Some(direction) = answers.direction {
        request.insert("direction".to_owned(), json!(direction.as_str()));
    }
    let found = ask(request)?.answer.effect.and_then(|effect| effect.relative);
    Ok(Some(match found {
        Some(effect) => format!(
            "longer than {}; in that time an effect of {} can be found",
            format::days(limit),
            format::estimate_percent(effect.abs())
        ),
        None => format!("longer than {}", format::days(limit)),
    }))
}

fn replay(answers: &Answers) -> Result<Cost, NoCost> {
    let pairs = |correlation: f64| {
        let mut request = comparison(answers, "paired-proportion", "paired-mean")?;
        request.insert("correlation".to_owned(), json!(correlation));
        Ok::<_, NoCost>((ask(request.clone())?.answer.n.total as f64, request))
    };
    let (units, request) = pairs(answers.correlation.map_or(0.0, Fraction::get))?;
    let mut notes = vec!["no users and no days: the log must hold them".to_owned()];
    if answers.correlation.is_none() {
        let (fewer, _) = pairs(0.5)?;
        notes.push(format!(
            "without `correlation`, as if pairing saved nothing; at 0.5 it takes {}",
            format::counted(fewer, "pair")
        ));
    }
    Ok(Cost {
        units,
        unit: "pair".to_owned(),
        days: None,
        notes,
        command: Some(command(&request)),
    })
}

/// The share of wins that is supposed where none is given: a small, typical difference between two good rankings.
const SUPPOSED_WIN_RATE: f64 = 0.51;

fn interleaving(answers: &Answers) -> Result<Cost, NoCost> {
    let mut request = Map::new();
    request.insert("kind".to_owned(), json!("preference"));
    let wins = answers.win_rate.map_or(SUPPOSED_WIN_RATE, Fraction::get);
    request.insert("win_rate".to_owned(), json!(wins));
    if let Some(ties) = answers.ties {
        request.insert("ties".to_owned(), json!(ties.get()));
    }
    let units = ask(request.clone())?.answer.n.total as f64;
    let supposed = answers.win_rate.is_none().then(|| {
        format!(
            "without `win_rate`, as if the better ranking won {} of the decided comparisons",
            format::percent(wins)
        )
    });
    Ok(Cost {
        units,
        unit: "comparison".to_owned(),
        days: days(units, answers.comparisons_per_day)?,
        notes: supposed.into_iter().collect(),
        command: Some(command(&request)),
    })
}

fn cluster(answers: &Answers) -> Result<Cost, NoCost> {
    require(&[
        ("baseline", answers.baseline.is_some()),
        ("mde_relative", answers.mde_relative.is_some()),
        ("icc", answers.icc.is_some()),
        ("cluster_size", answers.cluster_size.is_some()),
    ])?;
    let mut request = comparison(answers, "cluster-proportion", "cluster-mean")?;
    let size = answers.cluster_size.unwrap_or_default();
    request.insert("icc".to_owned(), json!(answers.icc.map(Fraction::get)));
    request.insert("cluster_size".to_owned(), json!(size));
    if answers.treatments() > 1 {
        request.insert("arms".to_owned(), json!(answers.treatments()));
    }
    let clusters = ask(request.clone())?.answer.n.total as f64;
    let units = clusters * size;
    Ok(Cost {
        units: clusters,
        unit: "cluster".to_owned(),
        days: days(units, answers.units_per_day)?,
        notes: vec![format!("{} in them", format::counted(units, "unit"))],
        command: Some(command(&request)),
    })
}

fn switchback(answers: &Answers) -> Result<Cost, NoCost> {
    require(&[
        ("baseline", answers.baseline.is_some()),
        ("mde_relative", answers.mde_relative.is_some()),
        ("regions", answers.regions.is_some()),
        ("block", answers.block.is_some()),
        ("block_cv", answers.block_cv.is_some()),
    ])?;
    // A block is one observation, whatever was measured in it.
    let mut blocks = answers.clone();
    blocks.cv = answers.block_cv;
    let request = comparison(&blocks, "mean", "mean")?;
    let units = ask(request.clone())?.answer.n.total as f64;
    let per_day = match (
        answers.regions,
        answers.block.map(crate::language::values::Duration::days),
    ) {
        (Some(regions), Some(block)) if block > 0.0 => Some(f64::from(regions) / block),
        _ => None,
    };
    Ok(Cost {
        units,
        unit: "block".to_owned(),
        days: days(units, per_day)?,
        notes: vec!["blocks assigned on their own, with nothing carried over from one to the next; a washout makes them shorter".to_owned()],
        command: Some(command(&request)),
    })
}

/// Updates of a bandit a day, runs of its simulation, and where their random numbers begin.
const UPDATES_PER_DAY: f64 = 24.0;
const RUNS: u32 = 200;
const SEED: u64 = 1;

fn bandit(answers: &Answers) -> Result<Cost, NoCost> {
    require(&[
        ("baseline", answers.baseline.is_some()),
        ("mde_relative", answers.mde_relative.is_some()),
        ("units_per_day", answers.units_per_day.is_some()),
        ("lifetime", answers.lifetime.is_some()),
    ])?;
    if answers.cv.is_some() {
        return Err(NoCost::Refused(
            "a bandit is simulated for shares, such as clicks, not for means".to_owned(),
        ));
    }
    let baseline = answers.baseline.map_or(0.0, Fraction::get);
    let effect = answers.mde_relative.map_or(0.0, |effect| effect.get().abs());
    let lifetime = answers.lifetime.map_or(0.0, crate::language::values::Duration::days);
    let per_day = answers.units_per_day.unwrap_or_default();
    let mut arms = vec![baseline; usize::from(answers.treatments())];
    arms.push(baseline * (1.0 + effect));
    let updates = (lifetime * UPDATES_PER_DAY).round().max(1.0) as usize;
    let mut trial = BanditTrial::new(&arms, per_day / UPDATES_PER_DAY, updates)?;
    if let Some(delay) = answers.feedback {
        trial = trial.with_delay(delay.days() * UPDATES_PER_DAY)?;
    }
    let runs = trial.run(RUNS, SEED)?;
    Ok(Cost {
        units: per_day * lifetime,
        unit: "unit".to_owned(),
        days: Some(lifetime),
        notes: vec![format!(
            "no size to reach: the best of {} arms, {} better than the others, led at the end of {} out of {RUNS} simulated runs",
            arms.len(),
            format::percent(effect),
            format::count((runs.best_chosen.mean * f64::from(RUNS)).round())
        )],
        command: None,
    })
}
