//! Why a design fits the answers, or does not.

use schemars::JsonSchema;
use serde::Serialize;

use super::answers::{Answers, Change, Interference, Outcome, Purpose};
use super::choose::{BANDIT_ARMS, BANDIT_FEEDBACK_DAYS, Design, recommended};

/// How well a design fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub enum Fit {
    /// It is what is recommended, or a step of it.
    Recommended,
    /// It would give an answer, at a price or to a smaller question.
    Possible,
    /// Its answer would be wrong, or to another question.
    Unsuitable,
}

impl Fit {
    /// The word of the report.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recommended => "recommended",
            Self::Possible => "possible",
            Self::Unsuitable => "unsuitable",
        }
    }
}

/// How well a design fits, with the reasons.
pub(super) fn fit(design: Design, answers: &Answers) -> (Fit, Vec<String>) {
    let obstacles = obstacles(design, answers);
    if recommended(answers).contains(&design) {
        return (Fit::Recommended, strengths(design, answers));
    }
    if !obstacles.is_empty() {
        return (Fit::Unsuitable, obstacles);
    }
    (Fit::Possible, reservations(design, answers))
}

/// What speaks for a design that is recommended.
fn strengths(design: Design, answers: &Answers) -> Vec<String> {
    let reasons: &[&str] = match design {
        Design::AbTest => &[
            "units are assigned at random and nothing spills over: the difference between the arms is the effect, with an \
             interval",
        ],
        Design::AbN => &[
            "several treatments share one control, which costs less than a test for each",
            "the correction for several comparisons is part of the size",
        ],
        Design::PairedReplay => &[
            "every logged request goes through both versions, so that what differs between requests cancels out",
            "no user meets a version that is worse",
            "it says what the version can do, not whether people care: that is for the test with users",
        ],
        Design::Interleaving => &[
            "both rankings compete in one list for one person's click, which takes far fewer queries than two groups of users",
            "it shows which ranking is preferred, not by how much the business gains: the test after it does",
        ],
        Design::Bandit => &[
            "many arms with a quick outcome: traffic leaves the bad ones while it runs",
            "nobody needs to know how large the effect is; the intervals of a bandit are biased",
        ],
        Design::Switchback => &[
            "arms share what can run short, so that users of one arm change what happens to the others; whole regions switch \
             together, block by block",
        ],
        Design::Cluster => &[
            "people influence each other: whole groups get the same version, so that most of the influence stays inside an arm",
        ],
    };
    let mut reasons: Vec<String> = reasons.iter().map(|reason| (*reason).to_owned()).collect();
    if design == Design::AbTest && answers.purpose() == Purpose::Choose {
        reasons.push(format!(
            "with {} arms there is little for a bandit to save",
            answers.treatments() + 1
        ));
    }
    if design == Design::AbN && answers.purpose() == Purpose::Choose && answers.feedback.is_none() {
        reasons.push(
            "how soon the outcome is known decides whether a bandit could learn from it: say `feedback`".to_owned(),
        );
    }
    reasons
}

/// What makes the answer of a design wrong, or one to another question.
fn obstacles(design: Design, answers: &Answers) -> Vec<String> {
    let mut obstacles: Vec<String> = Vec::new();
    let mut when = |holds: bool, why: &str| {
        if holds {
            obstacles.push(why.to_owned());
        }
    };
    let (spills, treatments) = (answers.interference() != Interference::None, answers.treatments());
    match design {
        Design::AbTest | Design::AbN | Design::Bandit if spills => {
            when(
                true,
                "what happens in one arm changes the other: the difference between them is not the effect",
            );
        }
        _ => {}
    }
    match design {
        Design::AbTest => when(
            treatments > 1,
            "there are several treatments, and a pair at a time loses the shared control",
        ),
        Design::AbN => when(treatments == 1, "there is one treatment: that is an A/B test"),
        Design::PairedReplay => {
            when(
                !matches!(answers.change, Change::Prompt | Change::Model),
                "only what answers a request by itself, a prompt or a model, can be run again on a log",
            );
            when(!answers.log(), "there is no log of requests to run again");
        }
        Design::Interleaving => {
            when(
                answers.change != Change::Ranking,
                "only two rankings can be put into one list",
            );
            when(
                answers.outcome() != Outcome::Reaction,
                "it measures which ranking is clicked, not quality, latency or cost",
            );
            when(spills, "lists of both rankings would share what runs short");
        }
        Design::Bandit => {
            when(
                answers.purpose() == Purpose::Learn,
                "it finds a good arm and no effect: its means and intervals are biased",
            );
            when(
                treatments + 1 < BANDIT_ARMS,
                &format!("with fewer than {BANDIT_ARMS} arms an even split loses little and tells more"),
            );
            when(
                answers.feedback.is_none_or(|span| span.days() > BANDIT_FEEDBACK_DAYS),
                "it moves traffic by outcomes that are known within a day",
            );
            when(
                answers.outcome() != Outcome::Reaction,
                "it moves traffic by what users do, and nothing else is known soon enough for every unit",
            );
        }
        Design::Switchback => when(
            answers.interference() == Interference::Network,
            "what people pass on to each other does not end with a block",
        ),
        Design::Cluster => {}
    }
    obstacles
}

/// What a design costs that would give an answer all the same.
fn reservations(design: Design, answers: &Answers) -> Vec<String> {
    let reasons: &[&str] = match design {
        Design::PairedReplay => {
            &["as a gate before users meet it: it shows what the version can do, and no reaction of a user"]
        }
        Design::Interleaving => &["two rankings at a time: a tournament, before the best one meets users"],
        Design::Switchback => &["nothing is shared that could run short, so blocks of time only cost precision"],
        Design::Cluster if answers.interference() == Interference::None => {
            &["nothing spills over, so whole groups only cost precision"]
        }
        Design::Cluster => &["whole regions as clusters: unbiased too, and it takes more of them than a switchback"],
        Design::AbTest | Design::AbN => {
            &["it would show how much better each treatment is, and keep units in the worse arms until its end"]
        }
        Design::Bandit => &[],
    };
    reasons.iter().map(|reason| (*reason).to_owned()).collect()
}
