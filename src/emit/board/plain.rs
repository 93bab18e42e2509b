//! The technical sentences in plain words: what a test promises, and what each of its outcomes would mean.
//!
//! A function of test, direction, kind and outcome, so that a snapshot can hold all of them for people to read.

use super::text::capital;
use super::view::{estimated_level, level};
use crate::format;
use crate::plan::model::{MetricPlan, Question};

/// What can come out for one metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// It shows what was hoped for, or that no harm is done.
    Good,
    /// The effect, or the harm, is smaller than what was asked about.
    Small,
    /// The data fit either answer.
    Open,
    /// It got worse, or worse by more than was accepted.
    Bad,
}

impl Reading {
    /// All readings, from good to bad.
    pub const ALL: [Self; 4] = [Self::Good, Self::Small, Self::Open, Self::Bad];

    /// The word that the decision table has for it.
    pub fn word(self, test: &str) -> &'static str {
        match (self, test == "superiority") {
            (Self::Good, true) => "Win",
            (Self::Small, true) => "Null",
            (Self::Bad, true) => "Loss",
            (Self::Good, false) => "Pass",
            (Self::Small, false) => "Worse",
            (Self::Open, _) => "Unresolved",
            (Self::Bad, false) => "Breach",
        }
    }
}

/// A metric with what is asked of it.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// Its plan.
    pub metric: &'a MetricPlan,
    /// Its question.
    pub question: &'a Question,
    /// Its name inside a sentence.
    pub name: String,
    /// What is asked: `15%`, `2 pp`.
    pub amount: String,
    /// Of superiority by a margin: what the effect must be larger than.
    pub beyond: Option<String>,
    /// The noun that sizes count.
    pub unit: &'a str,
}

impl Asked<'_> {
    /// The better direction: `a rise`, `rose`.
    fn better(&self) -> (&'static str, &'static str) {
        match self.metric.direction.as_deref() {
            Some("decrease") => ("a fall", "fell"),
            _ => ("a rise", "rose"),
        }
    }

    /// The worse direction.
    fn worse(&self) -> (&'static str, &'static str) {
        match self.metric.direction.as_deref() {
            Some("decrease") => ("a rise", "rose"),
            _ => ("a fall", "fell"),
        }
    }

    /// What the test promises, if its assumptions hold: `If there really is a fall of 15% in hallucination rate, we will see it
    /// 19 times out of 20.` Names of metrics may be singular or plural, so no verb depends on them.
    pub fn promise(&self, power: f64) -> String {
        let Self { name, amount, .. } = self;
        let often = times(power);
        match self.question.test.as_str() {
            "superiority" if self.beyond.is_some() => format!(
                "If there really is {} of {amount} in {name}, we will show that it is more than {} {often}.",
                self.better().0,
                self.beyond.as_deref().unwrap_or_default()
            ),
            "superiority" => format!(
                "If there really is {} of {amount} in {name}, we will see it {often}.",
                self.better().0
            ),
            "equivalence" => format!(
                "If nothing really changes in {name}, we will be able to rule out a change of {amount} or more either way {often}."
            ),
            _ => format!(
                "If nothing really changes in {name}, we will be able to rule out {} of {amount} or more {often}.",
                self.worse().0
            ),
        }
    }

    /// The number itself in plain words, now and after the effect that is asked about. `None` without a baseline.
    pub fn gloss(&self) -> Option<String> {
        let now = self.metric.baseline?;
        let toward_better = self.question.test == "superiority";
        let up = (self.metric.direction.as_deref() == Some("decrease")) != toward_better;
        let then = if up {
            now + self.question.absolute
        } else {
            now - self.question.absolute
        };
        let limit = if toward_better {
            "with the effect"
        } else {
            "at the margin"
        };
        let (old, new) = (level(self.metric, now), estimated_level(self.metric, then));
        let unit = format::plural(self.unit);
        Some(match self.metric.kind.as_deref() {
            Some("proportion") => {
                let out_of = whole_of(now, then);
                let of = |share: f64| format::at_most((share * out_of).max(0.0), 3);
                format!(
                    "Of {} {unit}, about {} have it now; {limit} about {}.",
                    format::count(out_of),
                    of(now),
                    of(then)
                )
            }
            Some("preference") => {
                let of = |share: f64| format::at_most(share * 100.0, 3);
                format!(
                    "Of 100 comparisons that one side wins, {} favour the new one if both are alike; {limit} {}.",
                    of(now),
                    of(then)
                )
            }
            Some("quantile") => format!("The largest values of the {unit} now begin at {old}; {limit} at {new}."),
            Some("time_to_event") => return None,
            Some("count" | "rate") => format!("There are now {old} events for each of the {unit}; {limit} {new}."),
            Some("ratio") => format!("Over all {unit} together it is now {old}; {limit} {new}."),
            Some("composite") => format!("The score is now {old}; {limit} {new}."),
            _ if self.metric.scale.is_some() => {
                format!("Its geometric mean is now {old}; {limit} {new}.")
            }
            _ => format!("On average it is now {old}; {limit} {new}."),
        })
    }

    /// What an outcome would mean.
    pub fn outcome(&self, reading: Reading) -> String {
        let Self { name, amount, .. } = self;
        let upper = capital(name);
        if let Some(margin) = &self.beyond
            && let Some(words) = self.beyond_margin(reading, margin)
        {
            return words;
        }
        match (self.question.test.as_str(), reading) {
            ("superiority", Reading::Good) => format!("{upper} {} by more than chance explains.", self.better().1),
            ("superiority", Reading::Small) => format!(
                "{} of {amount} or more in {name} is ruled out. That is knowledge, not a failed test.",
                capital(self.better().0)
            ),
            ("superiority", Reading::Open) => format!(
                "{} of {amount} in {name} is as possible as none: the question stays open.",
                capital(self.better().0)
            ),
            ("superiority", Reading::Bad) => format!("{upper} {}: the change made it worse.", self.worse().1),
            ("equivalence", Reading::Good) => {
                format!("A change of {amount} or more in {name}, either way, is ruled out.")
            }
            (_, Reading::Good) => format!(
                "{} of {amount} or more in {name} is ruled out.",
                capital(self.worse().0)
            ),
            (_, Reading::Small) => format!(
                "{upper} {}, but by less than {amount}: a price that was accepted beforehand.",
                self.worse().1
            ),
            (_, Reading::Open) => format!(
                "{} of {amount} or more in {name} can be neither shown nor ruled out.",
                capital(self.worse().0)
            ),
            (_, Reading::Bad) => format!(
                "{upper} {}, perhaps by {amount} or more: more than was accepted.",
                self.worse().1
            ),
        }
    }
}

impl Asked<'_> {
    /// The outcomes that mean something else where a margin must be beaten.
    fn beyond_margin(&self, reading: Reading, margin: &str) -> Option<String> {
        let Self { name, amount, .. } = self;
        match reading {
            Reading::Good => Some(format!(
                "{} {}: that it is by more than {margin} is beyond what chance explains.",
                capital(name),
                self.better().1
            )),
            Reading::Open => Some(format!(
                "{} of {amount} in {name} is as possible as one of no more than {margin}: the question stays open.",
                capital(self.better().0)
            )),
            Reading::Small | Reading::Bad => None,
        }
    }
}

/// A chance as a frequency with a small whole: `8 times out of 10`, `19 times out of 20`, `93 times out of 100`.
pub fn times(chance: f64) -> String {
    if chance >= 0.995 {
        return "more than 99 times out of 100".to_owned();
    }
    if chance < 0.005 {
        return "less than once in 100 times".to_owned();
    }
    let whole = [10.0, 20.0, 100.0]
        .into_iter()
        .find(|whole| ((chance * whole).round() / whole - chance).abs() < 0.002)
        .unwrap_or(100.0);
    let often = (chance * whole).round();
    let noun = if often < 1.5 { "time" } else { "times" };
    format!("{often} {noun} out of {whole}")
}

/// The smallest of 100, 1,000, 10,000, … in which two shares differ by a whole one.
fn whole_of(one: f64, other: f64) -> f64 {
    let mut whole = 100.0;
    while whole < 1e7 && ((one - other) * whole).abs() < 1.0 {
        whole *= 10.0;
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_are_frequencies_with_a_small_whole() {
        for (chance, words) in [
            (0.8, "8 times out of 10"),
            (0.95, "19 times out of 20"),
            (0.9333, "93 times out of 100"),
            (0.05, "1 time out of 20"),
            (0.999, "more than 99 times out of 100"),
            (0.0, "less than once in 100 times"),
        ] {
            assert_eq!(times(chance), words);
        }
    }

    #[test]
    fn shares_are_counted_in_a_whole_that_shows_the_difference() {
        let wholes = [whole_of(0.20, 0.17), whole_of(0.008, 0.0072)].map(format::count);
        assert_eq!(wholes, ["100", "10,000"]);
    }

    #[test]
    fn a_geometric_mean_is_no_average() {
        let question = Question {
            test: "superiority".to_owned(),
            scale: "relative".to_owned(),
            absolute: 0.12,
            relative: 0.1,
            margin: None,
        };
        let metric = MetricPlan {
            id: "m".to_owned(),
            title: None,
            role: "primary".to_owned(),
            kind: Some("mean".to_owned()),
            scale: Some("log".to_owned()),
            direction: Some("decrease".to_owned()),
            unit: Some("s".to_owned()),
            baseline: Some(1.2),
            question: Some(question.clone()),
            comparisons: Vec::new(),
            detectable: Vec::new(),
            unsized_because: None,
        };
        let asked = Asked {
            metric: &metric,
            question: &question,
            name: "load time".to_owned(),
            amount: "10%".to_owned(),
            beyond: None,
            unit: "user",
        };
        let words = asked.gloss().unwrap_or_default();
        assert!(words.starts_with("Its geometric mean is now 1.2"), "{words}");
    }

    /// Every test, direction, kind and outcome, one line each, for people to read.
    #[test]
    fn all_sentences() {
        use std::fmt::Write as _;
        const KINDS: [(&str, &str, f64, Option<&str>); 9] = [
            ("proportion", "share of answers with an error", 0.20, None),
            ("mean", "time per answer", 1.8, Some("s")),
            ("ratio", "clicks per answer", 0.42, None),
            ("count", "posts per user", 2.1, None),
            ("rate", "crashes per hour", 0.3, None),
            ("quantile", "p95 latency", 1.8, Some("s")),
            ("time_to_event", "chance to stay for 28 days", 0.31, None),
            ("preference", "preference for the new ranking", 0.5, None),
            ("composite", "quality score", 61.0, None),
        ];
        let mut out = String::new();
        let asked_of = [
            ("superiority", None),
            ("superiority", Some("5%")),
            ("non-inferiority", None),
            ("equivalence", None),
        ];
        for (test, beyond) in asked_of {
            for direction in ["increase", "decrease"] {
                // Only two sentences say the margin, and the kind is in none of them.
                let kinds = if beyond.is_some() { 1 } else { KINDS.len() };
                for (kind, name, baseline, unit) in KINDS.into_iter().take(kinds) {
                    let question = Question {
                        test: test.to_owned(),
                        scale: "relative".to_owned(),
                        absolute: baseline * 0.15,
                        relative: 0.15,
                        margin: None,
                    };
                    let metric = MetricPlan {
                        id: "m".to_owned(),
                        title: None,
                        role: "primary".to_owned(),
                        kind: Some(kind.to_owned()),
                        scale: None,
                        direction: Some(direction.to_owned()),
                        unit: unit.map(str::to_owned),
                        baseline: Some(baseline),
                        question: Some(question.clone()),
                        comparisons: Vec::new(),
                        detectable: Vec::new(),
                        unsized_because: None,
                    };
                    let asked = Asked {
                        metric: &metric,
                        question: &question,
                        name: name.to_owned(),
                        amount: "15%".to_owned(),
                        beyond: beyond.map(str::to_owned),
                        unit: "answer",
                    };
                    let by = beyond.map_or_else(String::new, |margin| format!(" beyond {margin}"));
                    let _ = writeln!(out, "{test}{by}, {direction}, {kind}");
                    let _ = writeln!(out, "  {}", asked.promise(0.8));
                    if let Some(gloss) = asked.gloss() {
                        let _ = writeln!(out, "  {gloss}");
                    }
                    for reading in Reading::ALL {
                        let _ = writeln!(out, "  {}: {}", reading.word(test), asked.outcome(reading));
                    }
                }
            }
        }
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots");
        insta::with_settings!({ snapshot_path => folder, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("board__plain_sentences", out);
        });
    }
}
