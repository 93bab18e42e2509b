//! How long abide's solvers take beside those that people would use instead: `cargo bench --bench compare`.
//!
//! Starts the peers itself where they are installed and says which are not: statsmodels in the Python that
//! `tests/conformance/statistics/run` sets up (or `ABIDE_PYTHON`), rpact in R. Every program solves the same cases, warm, and
//! times itself; the answers are compared, so that a fast wrong one is seen.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

mod peers;

use std::hint::black_box;
use std::time::Instant;

use abide::stats::{
    Boundary, Direction, Hypothesis, Level, Looks, MeanTest, Power, SequentialPlan, Spending, Tails, TwoMeans,
};

/// Standardised effects of the t tests.
const EFFECTS: [f64; 8] = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.8];
/// One-sided alphas of the designs with five looks.
const ALPHAS: [f64; 4] = [0.005, 0.01, 0.025, 0.05];

/// Time of one solve, and the answers.
struct Timing {
    seconds: f64,
    answers: Vec<f64>,
}

fn main() {
    // `cargo test --benches` and clippy call this with `--test`; there is nothing to test.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    println!("| solve | abide | peer | ratio | largest difference |");
    println!("|---|--:|--:|--:|--:|");
    row(
        "Student t, n per arm",
        "statsmodels",
        &t_tests(),
        peers::statsmodels(&EFFECTS),
    );
    row(
        "five looks, O'Brien–Fleming spending",
        "rpact",
        &five_looks(),
        peers::rpact(&ALPHAS),
    );
    cold();
}

fn row(what: &str, peer: &str, own: &Timing, other: Result<Timing, String>) {
    match other {
        Ok(other) => {
            let apart = own
                .answers
                .iter()
                .zip(&other.answers)
                .map(|(a, b)| (a / b - 1.0).abs())
                .fold(0.0, f64::max);
            println!(
                "| {what} | {} | {} ({peer}) | {:.0} | {apart:.1e} |",
                span(own.seconds),
                span(other.seconds),
                other.seconds / own.seconds
            );
        }
        Err(reason) => println!("| {what} | {} | {peer}: {reason} | – | – |", span(own.seconds)),
    }
}

fn span(seconds: f64) -> String {
    if seconds < 1e-3 {
        format!("{:.1} µs", seconds * 1e6)
    } else {
        format!("{:.1} ms", seconds * 1e3)
    }
}

/// Calls `solve` with every case until half a second is over.
fn warm<T: Copy>(cases: &[T], solve: impl Fn(T) -> f64) -> Timing {
    let answers = cases.iter().map(|case| solve(*case)).collect();
    let (start, mut rounds) = (Instant::now(), 0_u32);
    while start.elapsed().as_secs_f64() < 0.5 {
        for case in cases {
            black_box(solve(black_box(*case)));
        }
        rounds += 1;
    }
    Timing {
        seconds: start.elapsed().as_secs_f64() / f64::from(rounds) / cases.len() as f64,
        answers,
    }
}

fn t_tests() -> Timing {
    let (level, power) = (Level::two_sided(0.05).unwrap(), Power::new(0.8).unwrap());
    warm(&EFFECTS, |effect| {
        let question = Hypothesis::superiority(Direction::Increase);
        let design = TwoMeans::new(0.0, effect, 1.0, question).unwrap();
        // As the peer does it: one variance, and power in both directions.
        let design = design.with_test(MeanTest::Student).with_tails(Tails::Both);
        design.sample_size(level, power).unwrap().control()
    })
}

/// The boundaries, and the maximum sample over that of one look.
fn five_looks() -> Timing {
    let power = Power::new(0.8).unwrap();
    warm(&ALPHAS, |alpha| {
        let level = Level::one_sided(alpha).unwrap();
        let boundary = Boundary::Spending(Spending::OBrienFleming);
        let plan = SequentialPlan::new(Looks::equal(5).unwrap(), level, boundary).unwrap();
        plan.solve(power).unwrap().inflation
    })
}

/// Whole processes that answer one question, from nothing.
fn cold() {
    let own = peers::process(
        peers::abide(),
        &["size", "mean", "--baseline", "0", "--sd", "1", "--mde-absolute", "0.1"],
    );
    let other = peers::python().map(|python| {
        let question = "from statsmodels.stats.power import TTestIndPower; print(TTestIndPower().solve_power(0.1, power=.8, alpha=.05))";
        peers::process(python, &["-c", question])
    });
    println!("\n| process, cold, wall time | seconds |");
    println!("|---|--:|");
    println!("| `abide size mean …` | {} |", shown(own));
    println!(
        "| a script that imports statsmodels | {} |",
        shown(other.and_then(|run| run))
    );
}

fn shown(seconds: Result<f64, String>) -> String {
    seconds.map_or_else(|reason| reason, |seconds| format!("{seconds:.3}"))
}
