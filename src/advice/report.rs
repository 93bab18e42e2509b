//! The advice: what is recommended, every design with its reasons and its cost, and what would change it.

use schemars::JsonSchema;
use serde::Serialize;

use super::answers::{Answers, Interference, Outcome, Purpose};
use super::choose::{Design, recommended};
use super::cost::{NoCost, cost};
use super::fit::{Fit, fit};
use crate::language::values::Duration;

/// The version of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
#[schemars(inline)]
pub enum Version {
    /// The first.
    #[default]
    #[serde(rename = "abide.advice/1")]
    One,
}

/// Advice on a design.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Advice {
    /// Which version of this format it is.
    pub schema: Version,
    /// The answers it rests on.
    pub answers: Answers,
    /// The designs that are recommended, in the order in which they are run.
    pub recommended: Vec<Design>,
    /// Every design that was weighed, with its reasons and its cost.
    pub designs: Vec<Weighed>,
    /// Answers that would change what is recommended, each with what it would be then.
    pub turns: Vec<Turn>,
}

/// One design that was weighed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Weighed {
    /// The design.
    pub design: Design,
    /// The name people know it by.
    pub name: String,
    /// How well it fits.
    pub fit: Fit,
    /// Why.
    pub reasons: Vec<String>,
    /// What it would cost; null where it is unsuitable or the answers do not say.
    pub cost: Option<Cost>,
    /// The answers that its cost depends on and that are not given.
    pub missing: Vec<String>,
    /// Why it has no cost although all is given; null otherwise.
    pub refused: Option<String>,
}

/// What a design would cost.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Cost {
    /// How many units, over all arms.
    pub units: f64,
    /// What is counted: `unit`, `pair`, `comparison`, `cluster` or `block`.
    pub unit: String,
    /// Days until they have come, in whole weeks; null where nobody says how many come a day, or none have to come.
    pub days: Option<f64>,
    /// What to know about the two numbers.
    pub notes: Vec<String>,
    /// The command that gives the same size; null for a bandit, which is simulated.
    pub command: Option<String>,
}

/// An answer that would change the advice.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Turn {
    /// The answer, as flags of `abide advise`.
    pub answer: String,
    /// What would be recommended then.
    pub recommended: Vec<Design>,
}

/// Gives advice.
pub fn advise(answers: &Answers) -> Advice {
    Advice {
        schema: Version::One,
        answers: answers.clone(),
        recommended: recommended(answers),
        designs: Design::ALL.into_iter().map(|design| weighed(design, answers)).collect(),
        turns: turns(answers),
    }
}

fn weighed(design: Design, answers: &Answers) -> Weighed {
    let (fit, reasons) = fit(design, answers);
    let mut weighed = Weighed {
        design,
        name: design.name().to_owned(),
        fit,
        reasons,
        cost: None,
        missing: Vec::new(),
        refused: None,
    };
    if fit != Fit::Unsuitable {
        match cost(design, answers) {
            Ok(cost) => weighed.cost = Some(cost),
            Err(NoCost::Missing(fields)) => weighed.missing = fields.into_iter().map(str::to_owned).collect(),
            Err(NoCost::Refused(why)) => weighed.refused = Some(why),
        }
    }
    weighed
}

/// Asks again with one thing changed, and keeps what comes out differently.
fn turns(answers: &Answers) -> Vec<Turn> {
    let mut turns = Vec::new();
    let now = recommended(answers);
    let mut with = |flags: String, change: &dyn Fn(&mut Answers)| {
        let mut other = answers.clone();
        change(&mut other);
        let then = recommended(&other);
        if other != *answers && then != now && turns.iter().all(|turn: &Turn| turn.recommended != then) {
            turns.push(Turn {
                answer: flags,
                recommended: then,
            });
        }
    };
    for interference in Interference::ALL {
        with(format!("--interference {}", interference.as_str()), &|other| {
            other.interference = Some(*interference);
        });
    }
    if answers.log() {
        with("without --log".to_owned(), &|other| other.log = None);
    } else {
        with("--log".to_owned(), &|other| other.log = Some(true));
    }
    for outcome in Outcome::ALL {
        with(format!("--outcome {}", outcome.as_str()), &|other| {
            other.outcome = Some(*outcome);
        });
    }
    for treatments in [1, 3] {
        with(format!("--treatments {treatments}"), &|other| {
            other.treatments = Some(treatments);
        });
    }
    with(
        "--purpose choose --treatments 5 --feedback 1h --outcome reaction".to_owned(),
        &|other| {
            other.purpose = Some(Purpose::Choose);
            other.treatments = Some(5);
            other.feedback = Duration::parse("1h").ok();
            other.outcome = Some(Outcome::Reaction);
        },
    );
    if answers.purpose() == Purpose::Choose {
        with("--purpose learn".to_owned(), &|other| {
            other.purpose = Some(Purpose::Learn);
        });
    }
    turns
}
