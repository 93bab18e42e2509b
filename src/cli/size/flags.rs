//! The flags of `abide size`, made from the fields of a request: one place says what each means.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, value_parser};
use serde_json::{Map, Number, Value};

use super::super::args::ReportFormat;
use crate::calculator::{Field, FieldType, Kind, all_fields, fields_of};

/// What was asked on the command line.
#[derive(Debug, Clone)]
pub(in crate::cli) struct SizeArgs {
    matches: ArgMatches,
}

/// The two ways to ask.
pub(super) enum Asked {
    One {
        request: Value,
        format: ReportFormat,
        output: Option<PathBuf>,
    },
    Batch(PathBuf),
}

impl SizeArgs {
    pub(super) fn asked(&self) -> Asked {
        let Some((kind, given)) = self.matches.subcommand() else {
            let file = self
                .matches
                .get_one::<PathBuf>(BATCH)
                .cloned()
                .unwrap_or_else(|| PathBuf::from("-"));
            return Asked::Batch(file);
        };
        let mut request = Map::new();
        request.insert("kind".to_owned(), Value::from(kind));
        for field in all_fields() {
            let value = match field.written {
                FieldType::Number => given.get_one::<Value>(&field.name).cloned(),
                FieldType::Whole => given.get_one::<u16>(&field.name).map(|number| Value::from(*number)),
                FieldType::Word(_) => given.get_one::<String>(&field.name).cloned().map(Value::from),
            };
            if let Some(value) = value {
                request.insert(field.name, value);
            }
        }
        Asked::One {
            request: Value::Object(request),
            format: given
                .get_one::<ReportFormat>(FORMAT)
                .copied()
                .unwrap_or(ReportFormat::Full),
            output: given.get_one::<PathBuf>(OUTPUT).cloned(),
        }
    }
}

const BATCH: &str = "batch";
const FORMAT: &str = "format";
const OUTPUT: &str = "output";

impl FromArgMatches for SizeArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Self {
            matches: matches.clone(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.matches = matches.clone();
        Ok(())
    }
}

impl Args for SizeArgs {
    fn augment_args(command: Command) -> Command {
        // Other verbs must not pay for these flags.
        command.defer(with_kinds)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn with_kinds(command: Command) -> Command {
    command
        .arg(
            Arg::new(BATCH)
                .long(BATCH)
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help("Answer one question per line of JSON, in the same order; `-` reads standard input"),
        )
        .override_usage("abide size <KIND> [OPTIONS]\n       abide size --batch <FILE>")
        .subcommand_value_name("KIND")
        .subcommand_help_heading("Kinds")
        .args_conflicts_with_subcommands(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .after_help(EXAMPLES)
        .subcommands(Kind::ALL.map(subcommand))
}

const EXAMPLES: &str = "\
Examples:
  abide size proportion --baseline 20% --mde-relative -15%
  abide size proportion --baseline 5% --n 10000
  abide size mean --sd 12 --mde-absolute 1.5 --n 800
  echo '{\"kind\":\"proportion\",\"baseline\":0.2,\"mde_relative\":0.1}' | abide size --batch -

Leave out n for the sample size, the effect for the smallest one that n can show, and give both for
the power. The keys of a line of JSON are the flags of its kind, with underscores.";

fn subcommand(kind: Kind) -> Command {
    let mut command = Command::new(kind.as_str())
        .about(about(kind))
        .arg_required_else_help(true)
        .after_help(format!("Examples:\n{}", examples(kind)));
    let fields = fields_of(kind);
    // Flags of other kinds are read too, so that the answer can say why they mean nothing here.
    let foreign: Vec<Field> = all_fields()
        .into_iter()
        .filter(|field| !fields.contains(field))
        .collect();
    // Help lists the groups in this order.
    let ordered = GROUPS
        .iter()
        .flat_map(|group| fields.iter().filter(|field| heading(&field.name) == *group));
    for field in ordered {
        command = command.arg(argument(field).help_heading(heading(&field.name)));
    }
    command = command.args(foreign.iter().map(|field| argument(field).hide(true)));
    command
        .arg(
            Arg::new(FORMAT)
                .long(FORMAT)
                .value_name("NAME")
                .value_parser(clap::builder::EnumValueParser::<ReportFormat>::new())
                .default_value("full")
                .hide_possible_values(true)
                .help("How the answer comes out: full, concise or json (`abide schema size` describes it)")
                .help_heading("Output"),
        )
        .arg(
            Arg::new(OUTPUT)
                .short('o')
                .long(OUTPUT)
                .value_name("PATH")
                .value_parser(value_parser!(PathBuf))
                .help("Write the answer to a file instead of standard output")
                .help_heading("Output"),
        )
}

fn argument(field: &Field) -> Arg {
    let arg = Arg::new(field.name.clone())
        .long(field.name.replace('_', "-"))
        .help(in_flags(&field.description))
        .allow_hyphen_values(true);
    match &field.written {
        FieldType::Number => arg.value_name("NUMBER").value_parser(number),
        FieldType::Whole => arg.value_name("COUNT").value_parser(value_parser!(u16)),
        FieldType::Word(words) => arg
            .value_name("WORD")
            .value_parser(PossibleValuesParser::new(words.clone())),
    }
}

fn about(kind: Kind) -> &'static str {
    match kind {
        Kind::Proportion => "Two independent proportions, such as conversion rates",
        Kind::Mean => "Two independent means",
        Kind::Ratio => "A ratio of two means per unit, such as clicks per view (delta method)",
        Kind::Count => "Counts or rates of events, Poisson or negative binomial",
        Kind::GeometricMean => "Two independent geometric means: means of logarithms, compared by their ratio",
        Kind::Quantile => "A quantile, such as p95 latency, on the log scale",
        Kind::TimeToEvent => "Time to an event, by the hazard ratio (log-rank)",
        Kind::Preference => "Which of two is better, with ties (sign test)",
        Kind::PairedProportion => "Two proportions of the same units (McNemar)",
        Kind::PairedMean => "Two means of the same units (paired t)",
        Kind::ClusterMean => "Means with whole clusters randomised",
        Kind::ClusterProportion => "Proportions with whole clusters randomised",
        Kind::Eval => "Two models on the same questions, with repeated answers",
    }
}

fn examples(kind: Kind) -> &'static str {
    match kind {
        Kind::Proportion => {
            "  abide size proportion --baseline 20% --mde-relative -15%\n  \
             abide size proportion --baseline 95% --margin-absolute 1pp --direction increase\n  \
             abide size proportion --baseline 5% --mde-relative 5% --arms 3 --looks 4 --spending pocock"
        }
        Kind::Mean => {
            "  abide size mean --sd 12 --mde-absolute 1.5\n  \
             abide size mean --baseline 40 --cv 1.8 --mde-relative 2% --covariate-correlation 0.6"
        }
        Kind::Ratio => {
            "  abide size ratio --numerator-mean 2 --numerator-sd 3 --denominator-mean 20 --denominator-sd 15 \\\n    \
             --correlation 0.7 --mde-relative 2%"
        }
        Kind::Count => "  abide size count --baseline 0.5 --mde-relative 10% --dispersion 0.8",
        Kind::GeometricMean => "  abide size geometric-mean --log-sd 0.5 --baseline 1.2 --mde-relative -5%",
        Kind::Quantile => "  abide size quantile --quantile 0.95 --baseline 800 --log-sd 0.9 --mde-relative -3%",
        Kind::TimeToEvent => {
            "  abide size time-to-event --hazard-ratio 0.8\n  \
             abide size time-to-event --hazard-ratio 0.8 --hazard 0.02 --accrual 30 --follow-up 60"
        }
        Kind::Preference => "  abide size preference --win-rate 55% --ties 20%",
        Kind::PairedProportion => {
            "  abide size paired-proportion --baseline 20% --mde-absolute -3pp --correlation 0.5\n  \
             abide size paired-proportion --only-control 0.2 --only-treated 0.1"
        }
        Kind::PairedMean => "  abide size paired-mean --sd-difference 2.5 --mde-absolute 0.5",
        Kind::ClusterMean => "  abide size cluster-mean --sd 10 --mde-absolute 2 --icc 0.05 --cluster-size 20",
        Kind::ClusterProportion => {
            "  abide size cluster-proportion --baseline 30% --mde-absolute 5pp --icc 0.02 --cluster-size 50 --size-cv 0.6"
        }
        Kind::Eval => {
            "  abide size eval --between-variance 0.11 --mde-absolute 0.03\n  \
             abide size eval --between-variance 0.11 --within-variance 0.15 --repeats 4 --n 1000"
        }
    }
}

/// The groups of flags.
const GROUPS: [Option<&str>; 3] = [None, Some(QUESTION), Some(ADJUSTMENTS)];
const QUESTION: &str = "Question";
const ADJUSTMENTS: &str = "Adjustments";

fn heading(field: &str) -> Option<&'static str> {
    match field {
        "test" | "direction" | "n" | "alpha" | "sides" | "power" => Some(QUESTION),
        "arms"
        | "correction"
        | "looks"
        | "spending"
        | "gamma"
        | "rho"
        | "delta"
        | "interim_z"
        | "guardrails"
        | "covariate_correlation"
        | "icc"
        | "cluster_size"
        | "size_cv"
        | "sensitivity"
        | "specificity" => Some(ADJUSTMENTS),
        _ => None,
    }
}

/// A number, as JSON; a percentage or percentage points stay text, which the request reads.
fn number(text: &str) -> Result<Value, String> {
    if let Some(number) = text.parse::<f64>().ok().and_then(Number::from_f64) {
        return Ok(Value::Number(number));
    }
    let unit = ["%", "pp"].iter().find_map(|unit| text.strip_suffix(unit));
    match unit
        .and_then(|digits| digits.trim_end().parse::<f64>().ok())
        .filter(|number| number.is_finite())
    {
        Some(_) => Ok(Value::from(text)),
        None => {
            Err("write a number such as 0.15, a percentage such as 15%, or percentage points such as 3pp".to_owned())
        }
    }
}

/// Whether a word is a field of some kind.
pub(super) fn is_field(word: &str) -> bool {
    Kind::ALL.iter().any(|kind| kind.fields().contains(&word)) && word != "kind"
}

/// The flag of a field.
pub(super) fn flag(field: &str) -> String {
    format!("--{}", field.replace('_', "-"))
}

/// A description whose fields are written as flags.
fn in_flags(description: &str) -> String {
    // One sentence needs no full stop in a list.
    let parts = description.trim_end_matches('.').split('`').enumerate();
    parts
        .map(|(at, part)| {
            if at % 2 == 1 && is_field(part) {
                flag(part)
            } else {
                part.to_owned()
            }
        })
        .collect()
}
