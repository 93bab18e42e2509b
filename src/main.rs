//! The `abide` program.

fn main() -> std::process::ExitCode {
    abide::cli::run()
}
