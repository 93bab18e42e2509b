//! How many users does an A/B test need, and what can it show with the users there are?
//!
//! Only the statistics are used: no spec, no files.
//!
//! ```text
//! cargo run --example size_an_ab_test
//! ```

use std::io::{self, Write};

use abide::stats::{Direction, Hypothesis, Level, Power, SampleSize, StatsError, TwoProportions};

/// Visitors who buy, today.
const BASELINE: f64 = 0.05;
/// New visitors a day, both arms together.
const VISITORS_PER_DAY: f64 = 40_000.0;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = io::stdout().lock();
    let percent = BASELINE * 100.0;
    writeln!(out, "{percent}% of visitors buy. Two-sided alpha 0.05, power 80%.\n")?;
    writeln!(out, "increase   visitors per arm   days")?;
    for relative in [0.20, 0.10, 0.05, 0.02] {
        let needed = needed(relative)?;
        let days = (needed.total() / VISITORS_PER_DAY).ceil();
        writeln!(out, "{:>7.0}%   {:>16}   {days:>4}", relative * 100.0, needed.control())?;
    }
    writeln!(out)?;
    for per_arm in [10_000.0, 100_000.0, 1_000_000.0] {
        let smallest = smallest_increase(per_arm)? * 100.0;
        writeln!(
            out,
            "{per_arm:>9} visitors per arm show an increase of {smallest:.1}% or more"
        )?;
    }
    Ok(())
}

/// The sizes that find a relative increase with 80% power, rounded up.
fn needed(relative: f64) -> Result<SampleSize, StatsError> {
    let treatment = BASELINE * (1.0 + relative);
    let test = TwoProportions::new(BASELINE, treatment, Hypothesis::superiority(Direction::Increase))?;
    Ok(test.sample_size(Level::two_sided(0.05)?, Power::new(0.80)?)?.ceil())
}

/// The smallest relative increase that so many visitors per arm show with 80% power.
fn smallest_increase(per_arm: f64) -> Result<f64, StatsError> {
    // The design needs some effect to start from; `detectable` looks for the one in question.
    let test = TwoProportions::new(BASELINE, BASELINE * 1.1, Hypothesis::superiority(Direction::Increase))?;
    let found = test.detectable(Level::two_sided(0.05)?, Power::new(0.80)?, SampleSize::equal(per_arm)?)?;
    Ok(found.relative)
}
