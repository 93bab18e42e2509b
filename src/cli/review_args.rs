//! Arguments of the verbs around a review: `approve`, `status`.

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
