//! The flags of `abide advise`: one for each answer.

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};

use crate::advice::{Answers, Change, Interference, Outcome, Purpose};
use crate::cli::Failure;
use crate::language::Direction;

/// How advice comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum AdviceFormat {
    /// For people
    #[value(alias = "full")]
    Text,
    /// For programs: `abide schema advice` describes it
    Json,
}

/// Lets the words of the library be values of flags.
macro_rules! words_of_flags {
    ($($name:ident),+) => { $(
        impl ValueEnum for $name {
            fn value_variants<'a>() -> &'a [Self] {
                Self::ALL
            }

            fn to_possible_value(&self) -> Option<PossibleValue> {
                Some(PossibleValue::new(self.as_str()).help(self.explained().trim_end_matches('.')))
            }
        }
    )+ };
}

words_of_flags!(Change, Outcome, Purpose, Interference);

#[derive(Debug, Args)]
// A negative number is a value that is refused in words, not a flag that does not exist.
#[command(allow_negative_numbers = true)]
pub(in crate::cli) struct AdviseArgs {
    /// Answers as a JSON file; `-` reads standard input. Without it the flags are the answers
    #[arg(value_name = "FILE", conflicts_with_all = ["change", "ask"])]
    pub(super) answers: Option<PathBuf>,
    /// Ask, also when standard input is no terminal
    #[arg(long, conflicts_with = "change")]
    pub(super) ask: bool,
    /// How the advice comes out
    #[arg(long, value_name = "NAME", value_enum, default_value_t = AdviceFormat::Text)]
    pub(super) format: AdviceFormat,
    /// Write the advice to a file instead of standard output
    #[arg(short, long, value_name = "PATH")]
    pub(super) output: Option<PathBuf>,
    /// What changes
    #[arg(long, value_enum, value_name = "WORD", help_heading = "The question")]
    pub(super) change: Option<Change>,
    /// What tells whether it worked; by default quality for prompts and models, system for infrastructure, else reaction
    #[arg(
        long,
        value_enum,
        value_name = "WORD",
        requires = "change",
        help_heading = "The question"
    )]
    outcome: Option<Outcome>,
    /// What the result is for; by default learn
    #[arg(
        long,
        value_enum,
        value_name = "WORD",
        requires = "change",
        help_heading = "The question"
    )]
    purpose: Option<Purpose>,
    /// Whether one unit's arm changes what happens to another; by default none
    #[arg(
        long,
        value_enum,
        value_name = "WORD",
        requires = "change",
        help_heading = "The question"
    )]
    interference: Option<Interference>,
    /// How many new versions are compared with today's; by default 1
    #[arg(long, value_name = "N", requires = "change", help_heading = "The question",
          value_parser = clap::value_parser!(u16).range(1..=1000))]
    treatments: Option<u16>,
    /// There are logged requests that can be run again
    #[arg(long, requires = "change", help_heading = "The question")]
    log: bool,
    /// How long it takes until the outcome of a unit is known: 10m, 7d
    #[arg(long, value_name = "SPAN", requires = "change", help_heading = "The question")]
    feedback: Option<String>,
    /// How long what is compared will be in use: 3d
    #[arg(long, value_name = "SPAN", requires = "change", help_heading = "The question")]
    lifetime: Option<String>,
    /// Today's value: a share, or a mean with --cv
    #[arg(long, value_name = "NUMBER", requires = "change", help_heading = "Numbers")]
    baseline: Option<String>,
    /// Coefficient of variation, where the outcome is a mean
    #[arg(long, value_name = "NUMBER", requires = "change", help_heading = "Numbers")]
    cv: Option<String>,
    /// The smallest effect that must not be missed, as a share of the baseline: 15%
    #[arg(long, value_name = "NUMBER", requires = "change", help_heading = "Numbers")]
    mde_relative: Option<String>,
    /// Which way is better; by default increase
    #[arg(long, value_name = "WORD", requires = "change", help_heading = "Numbers", value_parser = ["increase", "decrease"])]
    direction: Option<String>,
    /// New units a day that can be in the experiment
    #[arg(long, value_name = "NUMBER", requires = "change", help_heading = "Numbers")]
    units_per_day: Option<f64>,
    /// The longest run that is acceptable, in days; by default 28
    #[arg(long, value_name = "N", requires = "change", help_heading = "Numbers")]
    max_days: Option<u16>,
    /// Replays: correlation of the outcomes of one request under both versions
    #[arg(long, value_name = "NUMBER", requires = "change", help_heading = "Numbers")]
    correlation: Option<String>,
    /// Interleaving: share of decided comparisons that the better ranking wins
    #[arg(long, value_name = "NUMBER", requires = "change", help_heading = "Numbers")]
    win_rate: Option<String>,
    /// Interleaving: share of comparisons without a winner
    #[arg(long, value_name = "NUMBER", requires = "change", help_heading = "Numbers")]
    ties: Option<String>,
    /// Interleaving: comparisons a day
    #[arg(long, value_name = "NUMBER", requires = "change", help_heading = "Numbers")]
    comparisons_per_day: Option<f64>,
    /// Clusters: how many units belong together
    #[arg(long, value_name = "NUMBER", requires = "change", help_heading = "Numbers")]
    cluster_size: Option<f64>,
    /// Clusters: intraclass correlation of the outcome
    #[arg(long, value_name = "NUMBER", requires = "change", help_heading = "Numbers")]
    icc: Option<String>,
    /// Switchbacks: how many regions are switched on their own
    #[arg(long, value_name = "N", requires = "change", help_heading = "Numbers")]
    regions: Option<u16>,
    /// Switchbacks: how long a block is: 2h
    #[arg(long, value_name = "SPAN", requires = "change", help_heading = "Numbers")]
    block: Option<String>,
    /// Switchbacks: coefficient of variation of the outcome between blocks
    #[arg(long, value_name = "NUMBER", requires = "change", help_heading = "Numbers")]
    block_cv: Option<String>,
}

/// The answers that flags give, read as those of a file are.
pub(super) fn answers(args: &AdviseArgs) -> Result<Answers, Failure> {
    let mut given = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        given.extend(value.map(|value| (name.to_owned(), value)));
    };
    let number = |text: &Option<String>| text.as_deref().map(number);
    let word = |text: &Option<String>| text.as_deref().map(Value::from);
    put("change", args.change.map(|change| json!(change)));
    put("outcome", args.outcome.map(|outcome| json!(outcome)));
    put("purpose", args.purpose.map(|purpose| json!(purpose)));
    put(
        "interference",
        args.interference.map(|interference| json!(interference)),
    );
    put("treatments", args.treatments.map(Value::from));
    put("log", args.log.then_some(Value::Bool(true)));
    put("feedback", word(&args.feedback));
    put("lifetime", word(&args.lifetime));
    put("baseline", number(&args.baseline));
    put("cv", number(&args.cv));
    put("mde_relative", number(&args.mde_relative));
    put("direction", word(&args.direction));
    put("units_per_day", args.units_per_day.map(Value::from));
    put("max_days", args.max_days.map(Value::from));
    put("correlation", number(&args.correlation));
    put("win_rate", number(&args.win_rate));
    put("ties", number(&args.ties));
    put("comparisons_per_day", args.comparisons_per_day.map(Value::from));
    put("cluster_size", args.cluster_size.map(Value::from));
    put("icc", number(&args.icc));
    put("regions", args.regions.map(Value::from));
    put("block", word(&args.block));
    put("block_cv", number(&args.block_cv));
    serde_path_to_error::deserialize(Value::Object(given)).map_err(|error| {
        let flag = error.path().to_string().replace('_', "-");
        Failure::new(format!("--{flag}: {}", error.inner()))
    })
}

/// A number, or the text that says it: `15%`.
pub(super) fn number(text: &str) -> Value {
    text.parse::<f64>().map_or_else(|_| Value::from(text), Value::from)
}

/// The direction by its word; the parser of the flag lets no other through.
pub(super) fn direction(word: &str) -> Option<Direction> {
    Direction::ALL
        .iter()
        .copied()
        .find(|direction| direction.as_str() == word)
}
