//! What `abide check` and `abide fmt` take.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::Inputs;
use crate::language::Profile;

/// How the findings of `abide check` come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    /// For people, with all there is to say
    Full,
    /// One line each, for editors and scripts
    Concise,
    /// For programs: `abide schema report` describes it
    Json,
    /// The findings of `json`, one on each line
    JsonLines,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands: annotations on a GitHub pull request
    Github,
    /// A Code Quality report for GitLab merge requests
    Gitlab,
    /// JUnit XML, for build servers
    Junit,
    /// Reviewdog's format, with suggested changes
    Rdjson,
}

/// The lowest level that fails a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Deny {
    /// Any finding
    Advice,
    /// Warnings and errors
    Warning,
    /// Errors only
    Error,
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub(super) inputs: Inputs,
    /// How the findings come out
    #[arg(long, value_name = "NAME", value_enum, default_value_t = CheckFormat::Full)]
    pub(super) format: CheckFormat,
    /// Write the findings to a file instead of standard output
    #[arg(short, long, value_name = "PATH")]
    pub(super) output: Option<PathBuf>,
    /// Exit with 1 when there is a finding at or above this level
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t = Deny::Error)]
    pub(super) deny: Deny,
    /// Which rules are applied; by default what the workspace says, else `default`
    #[arg(long, value_name = "NAME", value_enum)]
    pub(super) profile: Option<ProfileArg>,
    /// Print what each spec scores and what each finding costs, instead of the findings
    #[arg(long)]
    pub(super) score: bool,
    #[command(flatten)]
    pub(super) fixing: Fixing,
    #[command(flatten)]
    pub(super) known: KnownFindings,
    /// Check again whenever a file is saved
    #[arg(long, conflicts_with_all = ["fixing", "write_baseline"])]
    pub(super) watch: bool,
}

/// Findings that an old repository has when it adopts abide.
#[derive(Debug, Args)]
#[command(next_help_heading = "Known findings")]
pub(super) struct KnownFindings {
    /// Keep quiet what this file lists, until somebody touches it
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Write what is found now into the file of --baseline, instead of reporting it
    #[arg(long, requires = "baseline", conflicts_with = "fixing")]
    pub(super) write_baseline: bool,
}

/// Which rules are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ProfileArg {
    /// Contradictions only, for a spec that is being written
    Draft,
    /// What a careful reviewer would stop at
    Default,
    /// All rules, for a review board
    Strict,
}

impl From<ProfileArg> for Profile {
    fn from(profile: ProfileArg) -> Self {
        match profile {
            ProfileArg::Draft => Self::Draft,
            ProfileArg::Default => Self::Default,
            ProfileArg::Strict => Self::Strict,
        }
    }
}

/// What is done about findings that can be fixed mechanically.
#[derive(Debug, Args)]
#[command(next_help_heading = "Fixing")]
pub(super) struct Fixing {
    /// Write safe fixes into the files that are named, or lie in folders that are named
    #[arg(long, group = "fixing")]
    pub(super) fix: bool,
    /// With --fix or --diff: also fixes that may change what a spec means
    #[arg(long, requires = "fixing")]
    pub(super) unsafe_fixes: bool,
    /// Print what --fix would change instead of writing it; exit with 1 when there is something to change
    #[arg(long, group = "fixing", conflicts_with = "format")]
    pub(super) diff: bool,
}

#[derive(Debug, Args)]
pub(super) struct FmtArgs {
    /// Files, or folders with specs, catalogue or workspace files; `-` formats standard input to standard output
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,
    /// Write nothing: list the files that are not formatted, and exit with 1 when there is one
    #[arg(long)]
    pub(super) check: bool,
    /// Write nothing: print what would change, and exit with 1 when something would
    #[arg(long)]
    pub(super) diff: bool,
}
