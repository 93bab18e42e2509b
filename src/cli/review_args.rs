//! Arguments of the verbs around a review: `approve`, `status`, `diff`, `lock`, `verify`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::Inputs;

#[derive(Debug, Args)]
pub(super) struct ApproveArgs {
    /// The spec
    #[arg(value_name = "SPEC")]
    pub(super) spec: PathBuf,
    /// Who approves: the name that `policy.groups` of the workspace knows
    #[arg(long = "as", value_name = "WHO")]
    pub(super) who: String,
    /// For which group; by default the groups that are asked for and have WHO as a member (repeatable)
    #[arg(long, value_name = "GROUP")]
    pub(super) role: Vec<String>,
    /// Sign the approval with this SSH key; needs `ssh-keygen`
    #[arg(long, value_name = "KEY")]
    pub(super) sign: Option<PathBuf>,
}

/// How the status comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum StatusFormat {
    /// For people
    #[value(alias = "text")]
    Full,
    /// For programs: `abide schema status` describes it
    Json,
    /// A CODEOWNERS file from the policy: each approval file belongs to who approved
    Codeowners,
}

#[derive(Debug, Args)]
pub(super) struct StatusArgs {
    #[command(flatten)]
    pub(super) inputs: Inputs,
    /// How the status comes out
    #[arg(long, value_name = "NAME", value_enum, default_value_t = StatusFormat::Full)]
    pub(super) format: StatusFormat,
    /// Write the status to a file instead of standard output
    #[arg(short, long, value_name = "PATH")]
    pub(super) output: Option<PathBuf>,
    /// Exit with 1 unless every spec is approved
    #[arg(long)]
    pub(super) approved: bool,
}

/// How a difference comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DiffFormat {
    /// For people
    #[value(alias = "text")]
    Full,
    /// Markdown, for a pull request
    #[value(alias = "markdown")]
    Md,
    /// For programs: `abide schema diff` describes it
    Json,
}

/// The lowest class of change that fails a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DenyClass {
    /// Any change of what a spec says
    Editorial,
    /// Operational and inferential changes
    Operational,
    /// Inferential changes only
    Inferential,
    /// None: the exit code is 0 whatever changed
    Never,
}

#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// Before and after: a spec, a folder with specs, or either at a revision of git, as REV:PATH
    #[arg(value_name = "PATH", required = true, num_args = 1..)]
    pub(super) paths: Vec<PathBuf>,
    /// Compare each PATH with itself at this revision, catalogue and workspace file included
    #[arg(long, value_name = "REV")]
    pub(super) rev: Option<String>,
    /// How the difference comes out
    #[arg(long, value_name = "NAME", value_enum, default_value_t = DiffFormat::Full)]
    pub(super) format: DiffFormat,
    /// Write the difference to a file instead of standard output
    #[arg(short, long, value_name = "PATH")]
    pub(super) output: Option<PathBuf>,
    /// Exit with 1 when something of this class or a graver one changed
    #[arg(long, value_name = "CLASS", value_enum, default_value_t = DenyClass::Inferential)]
    pub(super) deny: DenyClass,
}

#[derive(Debug, Args)]
pub(super) struct LockArgs {
    #[command(flatten)]
    pub(super) inputs: Inputs,
}

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// Locks, or specs or folders whose locks are meant
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,
}
