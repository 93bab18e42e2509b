//! The other programs: found where they are installed, started, and asked to time themselves.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use super::Timing;

/// Runs of a whole process; the median is taken.
const STARTS: usize = 11;

/// A Python with statsmodels.
pub(super) fn python() -> Result<PathBuf, String> {
    let own = std::env::var_os("ABIDE_PYTHON").map(PathBuf::from);
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
    let prepared = cache.map(|cache| cache.join("abide-conformance/statistics/venv/bin/python"));
    own.into_iter()
        .chain(prepared)
        .find(|path| path.exists())
        .ok_or_else(|| "not installed (run tests/conformance/statistics/run once)".to_owned())
}

/// The program of this build.
pub(super) fn abide() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_abide"))
}

/// `TTestIndPower.solve_power` for each effect.
pub(super) fn statsmodels(effects: &[f64]) -> Result<Timing, String> {
    let script = format!(
        "import time\nfrom statsmodels.stats.power import TTestIndPower\nsolver = TTestIndPower()\neffects = {effects:?}\n\
         solve = lambda d: solver.solve_power(d, power=.8, alpha=.05)\n\
         answers = [float(solve(d)) for d in effects]\nstart, rounds = time.perf_counter(), 0\n\
         while time.perf_counter() - start < 1:\n    for d in effects: solve(d)\n    rounds += 1\n\
         print((time.perf_counter() - start) / rounds / len(effects))\nprint(*answers)"
    );
    ask(python()?.as_path(), &["-c", &script])
}

/// `getDesignGroupSequential` with five looks for each alpha; the inflation of the sample is asked for outside the timing.
pub(super) fn rpact(alphas: &[f64]) -> Result<Timing, String> {
    let listed: Vec<String> = alphas.iter().map(ToString::to_string).collect();
    let script = format!(
        "suppressMessages(library(rpact)); alphas <- c({})\n\
         solve <- function(a) getDesignGroupSequential(kMax = 5, alpha = a, beta = 0.2, sided = 1, typeOfDesign = 'asOF')\n\
         answers <- sapply(alphas, function(a) getDesignCharacteristics(solve(a))$inflationFactor)\nstart <- proc.time()[['elapsed']]; rounds <- 0\n\
         while (proc.time()[['elapsed']] - start < 1) {{ for (a in alphas) solve(a); rounds <- rounds + 1 }}\n\
         cat((proc.time()[['elapsed']] - start) / rounds / length(alphas), '\\n', sep = '')\ncat(format(answers, digits = 15), '\\n')",
        listed.join(", ")
    );
    ask(Path::new("Rscript"), &["-e", &script])
}

fn ask(program: &Path, arguments: &[&str]) -> Result<Timing, String> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .map_err(|_| "not installed".to_owned())?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(said.lines().last().unwrap_or("it failed").to_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let mut lines = text.lines();
    let numbers = |line: Option<&str>| -> Vec<f64> {
        line.unwrap_or("")
            .split_whitespace()
            .filter_map(|word| word.parse().ok())
            .collect()
    };
    let (time, answers) = (numbers(lines.next()), numbers(lines.next()));
    match time.as_slice() {
        [seconds] => Ok(Timing {
            seconds: *seconds,
            answers,
        }),
        _ => Err("it did not say how long it took".to_owned()),
    }
}

/// Median wall time of a process, in seconds.
pub(super) fn process(program: impl AsRef<Path>, arguments: &[&str]) -> Result<f64, String> {
    let mut times = Vec::with_capacity(STARTS);
    for _ in 0..STARTS {
        let start = Instant::now();
        let output = Command::new(program.as_ref())
            .args(arguments)
            .output()
            .map_err(|_| "not installed".to_owned())?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        times.push(start.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    Ok(times[STARTS / 2])
}
