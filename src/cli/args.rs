//! The command line as people see it. One spelling everywhere: `--format` for what comes out, `--output` for where.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::advise::AdviseArgs;
pub(super) use super::check_args::{CheckArgs, CheckFormat, Deny, FmtArgs};
use super::review_args::{ApproveArgs, DiffArgs, LockArgs, StatusArgs, VerifyArgs};
use super::size::SizeArgs;

/// Compile experiment specs: check them, size them, render the document a review board approves.
#[derive(Debug, Parser)]
#[command(
    name = "abide",
    version,
    about = "The compiler for experiments: check a spec, size it, render the document a review board approves",
    after_help = "Exit codes: 0 clean, 1 findings, 2 wrong usage or a file that cannot be read.\n\
                  Start with `abide new`, or look at a finding with `abide explain RULE`.",
    max_term_width = 100,
    disable_help_subcommand = true,
    arg_required_else_help = true
)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) verb: Verb,
}

/// What every verb takes.
#[derive(Debug, Args)]
pub(super) struct Global {
    /// Use this workspace file instead of the nearest `abide.toml` above each spec
    #[arg(long, value_name = "FILE", global = true, help_heading = "Global options")]
    pub(super) config: Option<PathBuf>,
    /// When to colour the output
    #[arg(
        long,
        value_name = "WHEN",
        value_enum,
        default_value_t = Color::Auto,
        global = true,
        help_heading = "Global options"
    )]
    pub(super) color: Color,
    /// The date to take for today, so that a run can be repeated (YYYY-MM-DD)
    #[arg(
        long,
        value_name = "DATE",
        value_parser = date,
        global = true,
        help_heading = "Global options"
    )]
    pub(super) as_of: Option<Date>,
    /// Say less: no summary, no notes on standard error
    #[arg(
        short,
        long,
        global = true,
        conflicts_with = "verbose",
        help_heading = "Global options"
    )]
    pub(super) quiet: bool,
    /// Say more: which files were read
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub(super) verbose: bool,
}

/// A day on the command line, written as in a spec.
fn date(text: &str) -> Result<Date, &'static str> {
    let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2) => {
            text.parse().map_err(|_| "the calendar has no such day")
        }
        _ => Err("a date is written as year-month-day, such as 2026-11-30"),
    }
}

/// A share on the command line: `10%` or `0.1`.
fn share(text: &str) -> Result<f64, &'static str> {
    let (number, scale) = text.strip_suffix('%').map_or((text, 1.0), |percent| (percent, 100.0));
    match number.trim().parse::<f64>() {
        Ok(share) if share.is_finite() => Ok(share / scale),
        _ => Err("a share is written as 10% or 0.1"),
    }
}

/// When to colour the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR says otherwise
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What abide can do.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Check specs and report what a careful reviewer would stop at
    Check(CheckArgs),
    /// Format specs, catalogue and workspace files
    #[command(
        after_help = "Exit codes: 0 formatted, 1 something to format (--check, --diff) or a file that cannot be read as \
                            TOML, 2 wrong usage."
    )]
    Fmt(FmtArgs),
    /// Compute sample size, duration and power
    Plan(PlanArgs),
    /// Size one comparison without a spec: sample size, power or smallest effect
    Size(SizeArgs),
    /// Render the document a review board reads
    Render(RenderArgs),
    /// Approve what a spec says now: writes a file under `approvals/`
    #[command(
        after_help = "Exit codes: 0 approved, 1 refused (errors are open, or the policy does not let you), 2 wrong usage."
    )]
    Approve(ApproveArgs),
    /// Show where specs stand: who has approved, who is missing, what is void and why
    #[command(
        after_help = "Exit codes: 0 every spec stands where it says, 1 one does not, 2 wrong usage.
                      `abide schema status` describes the JSON."
    )]
    Status(StatusArgs),
    /// Keep the inputs of specs and fingerprints of what they give, so that it can be made again later
    Lock(LockArgs),
    /// Compile locked inputs again and compare
    #[command(
        after_help = "Exit codes: 0 the same content and the same plan come out, 1 they do not, 2 a lock cannot be read."
    )]
    Verify(VerifyArgs),
    /// Compare two versions of specs in the terms of the language: what changed, what class it is, what it costs
    #[command(
        after_help = "Exit codes: 0 nothing inferential changed, 1 something did (--deny moves the line), 2 wrong usage.\n\n\
                      Examples:\n  abide diff old.toml new.toml\n  abide diff main:specs/a.toml specs/a.toml\n  \
                      abide diff --rev origin/main specs/ --format md"
    )]
    Diff(DiffArgs),
    /// Render the KPI page of a catalogue: targets, metric tree, coverage, how each metric is measured
    Kpi(KpiArgs),
    /// Write the configs, queries and scripts of the systems that run, watch and analyse the experiment
    #[command(
        after_help = "Exit codes: 0 written, 1 findings, a loss that nobody accepted, or (--check) something out of date, \
                            2 wrong usage, or a file that somebody edited."
    )]
    Build(BuildArgs),
    /// List the targets of `abide build`, or show one
    Targets(TargetsArgs),
    /// Decide on results by the rule that the spec declares
    #[command(
        after_help = "Exit codes: 0 a decision was made, 1 it was not (results and spec contradict each other, data \
                            invalid or missing), 2 wrong input.\n`abide schema results` describes the file of results."
    )]
    Decide(DecideArgs),
    /// Run the experiment many times on drawn data: how often each decision comes out
    Simulate(SimulateArgs),
    /// Explain a rule: what it checks, why, and what to write instead
    Explain(ExplainArgs),
    /// List the rules
    Rules(RulesArgs),
    /// Print the JSON Schema of a file format
    Schema(SchemaArgs),
    /// Recommend a design: with reasons, what each would cost, and what would change the advice
    #[command(
        arg_required_else_help = false,
        after_help = "Examples:\n  abide advise --change prompt --log --baseline 20% --mde-relative 15% --direction decrease\n  \
                      abide advise --change ranking --baseline 2% --mde-relative 1% --units-per-day 400000\n  \
                      abide advise answers.json --format json\n\n\
                      Without answers it asks, when there is somebody at the terminal."
    )]
    Advise(Box<AdviseArgs>),
    /// Start a workspace or a spec
    #[command(
        disable_help_subcommand = true,
        after_help = "Examples:\n  abide new workspace shop\n  \
                      abide new spec shop/specs/checkout-button.toml --from ab-test\n  \
                      abide new --ask\n\n\
                      At a terminal, `abide new` alone asks for a spec from goal to metrics to experiment.\n\
                      Lines marked `# fill:` are blanks: replace them, then run `abide check`.\n\
                      Existing files are never overwritten."
    )]
    New(NewArgs),
}

/// Which specs.
#[derive(Debug, Args)]
pub(super) struct Inputs {
    /// Specs or folders with specs; `-` reads one spec from standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,
    /// The path that a spec from standard input is taken to have
    #[arg(long, value_name = "PATH")]
    pub(super) stdin_filename: Option<PathBuf>,
}

impl Inputs {
    /// Whether one spec was named by itself, rather than a folder or several paths.
    pub(super) fn is_single_spec(&self) -> bool {
        matches!(self.paths.as_slice(), [one] if !one.is_dir())
    }
}

/// How findings, plans and lists come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// For people, with all there is to say
    Full,
    /// One line each, for editors and scripts
    Concise,
    /// For programs: `abide schema` describes it
    Json,
}

/// How plans come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PlanFormat {
    /// For people, with all there is to say
    Full,
    /// One line each, for editors and scripts
    Concise,
    /// For programs: `abide schema` describes it
    Json,
    /// For spreadsheets, with `--sweep`: a row for each plan
    Csv,
}

#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    #[command(flatten)]
    pub(super) inputs: Inputs,
    /// How the plan comes out
    #[arg(long, value_name = "NAME", value_enum, default_value_t = PlanFormat::Full)]
    pub(super) format: PlanFormat,
    /// Write the plan to a file instead of standard output
    #[arg(short, long, value_name = "PATH")]
    pub(super) output: Option<PathBuf>,
    /// Plan as if the spec said so: `metrics.clicks.mde.relative=10%`, `design.planned_units=5000` (repeatable)
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Questions")]
    pub(super) what_if: Vec<String>,
    /// Plan as if the spec did not have this: `metrics.latency` (repeatable)
    #[arg(long, value_name = "KEY", help_heading = "Questions")]
    pub(super) without: Vec<String>,
    /// Plan once for each value: `statistics.power=0.8,0.9` or `metrics.clicks.baseline.value=0.1..0.5/5`; twice for a grid
    #[arg(
        long,
        value_name = "KEY=VALUES",
        help_heading = "Questions",
        conflicts_with_all = ["without", "relax"]
    )]
    pub(super) sweep: Vec<String>,
    /// Plan at both ends of each assumption's 95% interval, as far as the spec says what it was read from
    #[arg(long, help_heading = "Questions", conflicts_with_all = ["what_if", "without", "sweep", "relax"])]
    pub(super) sensitivity: bool,
    /// List what would make the experiment smaller or shorter, each with the flags that try it
    #[arg(long, help_heading = "Questions", conflicts_with_all = ["what_if", "without"])]
    pub(super) relax: bool,
}

#[derive(Debug, Args)]
pub(super) struct DecideArgs {
    /// The spec; `-` reads it from standard input
    #[arg(value_name = "SPEC")]
    pub(super) spec: PathBuf,
    /// The results, as JSON; `-` reads them from standard input
    #[arg(value_name = "RESULTS")]
    pub(super) results: PathBuf,
    /// How the verdict comes out
    #[arg(long, value_name = "NAME", value_enum, default_value_t = ReportFormat::Full)]
    pub(super) format: ReportFormat,
    /// Write the verdict to a file instead of standard output
    #[arg(short, long, value_name = "PATH")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct SimulateArgs {
    /// The spec; `-` reads it from standard input
    #[arg(value_name = "SPEC")]
    pub(super) spec: PathBuf,
    /// How many runs each scenario has
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub(super) runs: u32,
    /// Where the random numbers begin: the same seed, the same result
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
    /// One more scenario, in which this is true: `METRIC=-5%`, `METRIC=2pp` or `METRIC=0.02`; repeatable
    #[arg(long, value_name = "METRIC=AMOUNT", allow_hyphen_values = true)]
    pub(super) effect: Vec<crate::simulation::Stated>,
    /// Let the values of every arm move by this share from the first unit to the last, as in a season: `10%`
    #[arg(long, value_name = "SHARE", allow_hyphen_values = true, value_parser = share)]
    pub(super) drift: Option<f64>,
    /// Let effects fade evenly, so that this share of them is gone by the last unit: `50%`
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub(super) fade: Option<f64>,
    /// Let the standard deviation of means be this many times larger in treatments than in control
    #[arg(long, value_name = "FACTOR")]
    pub(super) spread: Option<f64>,
    /// How the result comes out
    #[arg(long, value_name = "NAME", value_enum, default_value_t = ReportFormat::Full)]
    pub(super) format: ReportFormat,
    /// Write the result to a file instead of standard output
    #[arg(short, long, value_name = "PATH")]
    pub(super) output: Option<PathBuf>,
}

/// How a document comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DocumentFormat {
    /// One self-contained page
    Html,
    /// Markdown that GitHub and GitLab render
    Md,
    /// The page on paper, printed by Chromium, Chrome or Edge
    Pdf,
    /// The plan as answers to the questions of AsPredicted
    Aspredicted,
    /// The plan as answers to the questions of the OSF template
    Osf,
    /// Both registrations for programs
    Json,
}

/// How much a document shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DepthArg {
    /// One page, for those who decide and do not review
    Brief,
    /// What low risk asks for
    Short,
    /// Everything
    Full,
}

impl From<DepthArg> for crate::emit::board::Depth {
    fn from(depth: DepthArg) -> Self {
        match depth {
            DepthArg::Brief => Self::Brief,
            DepthArg::Short => Self::Short,
            DepthArg::Full => Self::Full,
        }
    }
}

/// The paper of a PDF.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Paper {
    /// 210 × 297 mm
    #[default]
    A4,
    /// 8.5 × 11 in
    Letter,
}

impl Paper {
    /// As a style sheet names it.
    pub(super) fn css(self) -> &'static str {
        match self {
            Self::A4 => "A4",
            Self::Letter => "Letter",
        }
    }
}

impl DocumentFormat {
    /// What the names of its files end in. Both registrations of one spec fit into one folder.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Html => ".html",
            Self::Md => ".md",
            Self::Pdf => ".pdf",
            Self::Aspredicted => ".aspredicted.txt",
            Self::Osf => ".osf.txt",
            Self::Json => ".registration.json",
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct RenderArgs {
    #[command(flatten)]
    pub(super) inputs: Inputs,
    /// How the document comes out; by default what the output's name ends in, else html
    #[arg(long, value_name = "NAME", value_enum)]
    pub(super) format: Option<DocumentFormat>,
    /// A file, or for several specs a folder; standard output when left out
    #[arg(short, long, value_name = "PATH")]
    pub(super) output: Option<PathBuf>,
    /// How much the document shows; by default short for low risk, else full
    #[arg(long, value_name = "NAME", value_enum)]
    pub(super) depth: Option<DepthArg>,
    /// The paper of a PDF; a4 when left out
    #[arg(long, value_name = "NAME", value_enum)]
    pub(super) paper: Option<Paper>,
    /// Overwrite a file that was edited since abide wrote it, or that abide did not write
    #[arg(long)]
    pub(super) force: bool,
    /// Write nothing: exit with 1 when a document is missing, edited, or not what its spec says
    #[arg(long, requires = "output", conflicts_with = "force")]
    pub(super) check: bool,
}

/// How a KPI page comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum KpiFormat {
    /// One self-contained page
    Html,
    /// Markdown that GitHub and GitLab render
    #[value(alias = "markdown")]
    Md,
    /// The KPI table as comma-separated values
    Csv,
    /// A spreadsheet whose status follows its values
    Xlsx,
}

#[derive(Debug, Args)]
pub(super) struct KpiArgs {
    /// A workspace folder, a catalogue file, or a spec; the page is about the metrics found there
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) path: PathBuf,
    /// Only the metrics that lead to the north star of this goal
    #[arg(long, value_name = "NAME")]
    pub(super) goal: Option<String>,
    /// The heading; by default that of the goal or the spec
    #[arg(long, value_name = "TEXT")]
    pub(super) title: Option<String>,
    /// How the page comes out; by default what the output's name ends in, else html
    #[arg(long, value_name = "NAME", value_enum)]
    pub(super) format: Option<KpiFormat>,
    /// A file; standard output when left out
    #[arg(short, long, value_name = "PATH")]
    pub(super) output: Option<PathBuf>,
    /// Overwrite a file that was edited since abide wrote it, or that abide did not write
    #[arg(long)]
    pub(super) force: bool,
    /// Write nothing: exit with 1 when the file is not what the catalogue says, and show what has changed
    #[arg(long, conflicts_with = "force")]
    pub(super) check: bool,
}

#[derive(Debug, Args)]
pub(super) struct BuildArgs {
    #[command(flatten)]
    pub(super) inputs: Inputs,
    /// Build this target (repeatable); by default those that abide.toml enables
    #[arg(short, long, value_name = "NAME")]
    pub(super) target: Vec<String>,
    /// The folder to write to; by default `output` of abide.toml, else `build`
    #[arg(short, long, value_name = "FOLDER")]
    pub(super) output: Option<PathBuf>,
    /// Overwrite and remove files that were edited since abide wrote them, or that abide did not write
    #[arg(long)]
    pub(super) force: bool,
    /// Write nothing: print what is not as the specs say, and exit with 1 when there is something
    #[arg(long, conflicts_with = "force")]
    pub(super) check: bool,
}

#[derive(Debug, Args)]
pub(super) struct TargetsArgs {
    #[command(subcommand)]
    pub(super) what: Option<TargetsWhat>,
    /// How the list comes out
    #[arg(long, value_name = "NAME", value_enum, default_value_t = ReportFormat::Full, global = true)]
    pub(super) format: ReportFormat,
}

/// What is asked of the targets.
#[derive(Debug, Subcommand)]
pub(super) enum TargetsWhat {
    /// What one target writes, and what it cannot express
    Show {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The rule's name, as findings print it in brackets
    #[arg(value_name = "RULE")]
    pub(super) rule: String,
}

#[derive(Debug, Args)]
pub(super) struct RulesArgs {
    /// How the list comes out
    #[arg(long, value_name = "NAME", value_enum, default_value_t = ReportFormat::Full)]
    pub(super) format: ReportFormat,
    /// Write the list to a file instead of standard output
    #[arg(short, long, value_name = "PATH")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// Which format: spec, catalogue, workspace, plan, results, verdict, simulation, report, score, status, diff, size, advice, build, target or target-context
    #[arg(value_name = "NAME", default_value = "spec")]
    pub(super) name: String,
    /// Write the schema to a file instead of standard output
    #[arg(short, long, value_name = "PATH")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct NewArgs {
    /// Ask for a spec, also when standard input is no terminal
    #[arg(long)]
    pub(super) ask: bool,
    #[command(subcommand)]
    pub(super) what: Option<NewWhat>,
}

/// What to start.
#[derive(Debug, Subcommand)]
pub(super) enum NewWhat {
    /// A workspace: `abide.toml`, a metric catalogue and a first spec
    Workspace {
        /// The folder; made if it does not exist
        #[arg(value_name = "FOLDER", default_value = ".")]
        folder: PathBuf,
    },
    /// A spec, full of comments that explain each choice; for a ranking also the A/B test after it
    Spec {
        /// Where to write it; the file's name becomes the experiment's id
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// What kind of experiment it starts from
        #[arg(long, value_name = "NAME", value_enum, default_value_t = StartingPoint::AbTest)]
        from: StartingPoint,
        /// Who is accountable; a blank of the spec when left out
        #[arg(long, value_name = "WHO")]
        owner: Option<String>,
        /// Title for people; made from the file's name when left out
        #[arg(long, value_name = "TEXT")]
        title: Option<String>,
        /// What changes, in a sentence; a blank when left out
        #[arg(long, value_name = "TEXT")]
        change: Option<String>,
        /// The goal of the workspace that it serves; a blank when left out
        #[arg(long, value_name = "NAME")]
        goal: Option<String>,
        /// The catalogue metric that must improve, in place of the starting point's own
        #[arg(long, value_name = "NAME")]
        metric: Option<String>,
    },
}

/// Starting points for a spec.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum StartingPoint {
    /// A change that people see or feel, as an online A/B test
    #[value(alias = "ui-change")]
    AbTest,
    /// A prompt change replayed on logged requests, before any user sees it
    PromptReplay,
    /// A cheaper or faster model that must not be worse
    ModelSwap,
    /// Two rankings interleaved, and the A/B test that confirms the better one
    Ranking,
    /// Another price for some
    PriceTest,
    /// A change to a support assistant: conversations of people who come back
    SupportChatbot,
    /// New servers or pipelines that nobody should notice
    InfrastructureRollout,
    /// People kept out of everything that ships, to see what all changes did together
    Holdout,
}
