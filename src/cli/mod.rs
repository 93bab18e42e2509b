//! The command line: one file per verb, each a thin layer over the library.

mod advise;
mod approve;
mod args;
mod ask;
mod build;
mod check;
mod check_args;
mod columns;
mod context;
mod decide;
mod diff;
mod explain;
mod failure;
mod fmt;
mod kpi;
mod lock;
mod misspelt;
mod new;
mod output;
mod plan;
mod render;
mod review_args;
mod rules;
mod schema;
mod score;
mod seal;
mod sign;
mod simulate;
mod size;
mod status;
mod targets;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Verb};
use failure::Failure;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Nothing to act on.
    Clean,
    /// Findings at or above the level that fails a run.
    Findings,
}

/// Runs the program with the arguments of the process. Exit code 0: clean; 1: findings; 2: wrong usage, or a file that
/// cannot be read or written.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            // Nothing can be said if even this cannot be printed.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    if let Verb::New(args) = &cli.verb
        && new::asks_for_nothing(args)
    {
        new::help();
        return ExitCode::from(2);
    }
    let result = match &cli.verb {
        Verb::Check(args) => check::run(&cli.global, args),
        Verb::Fmt(args) => fmt::run(&cli.global, args),
        Verb::Plan(args) => plan::run(&cli.global, args),
        Verb::Render(args) => render::run(&cli.global, args),
        Verb::Approve(args) => approve::run(&cli.global, args),
        Verb::Status(args) => status::run(&cli.global, args),
        Verb::Lock(args) => lock::lock(&cli.global, args),
        Verb::Verify(args) => lock::verify(&cli.global, args),
        Verb::Diff(args) => diff::run(&cli.global, args),
        Verb::Kpi(args) => kpi::run(&cli.global, args),
        Verb::Build(args) => build::run(&cli.global, args),
        Verb::Targets(args) => targets::run(&cli.global, args),
        Verb::Decide(args) => decide::run(&cli.global, args),
        Verb::Simulate(args) => simulate::run(&cli.global, args),
        Verb::Explain(args) => explain::run(&cli.global, args),
        Verb::Rules(args) => rules::run(&cli.global, args),
        Verb::Schema(args) => schema::run(&cli.global, args),
        Verb::Advise(args) => advise::run(&cli.global, args),
        Verb::New(args) => new::run(&cli.global, args),
        Verb::Size(args) => size::run(&cli.global, args),
    };
    match result {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(failure) => {
            report(&failure);
            ExitCode::from(2)
        }
    }
}

fn report(failure: &Failure) {
    use std::io::Write;
    // Standard error may be closed; there is nowhere left to say so.
    let _ = writeln!(std::io::stderr().lock(), "abide: {failure}");
}
