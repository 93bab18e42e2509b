//! The sizes of an experiment as a table for a spreadsheet: one line per metric and compared arm.
//!
//! ```text
//! cargo run --example plan_to_csv -- specs/subject-line-abn.toml
//! ```

use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use abide::compilation::{Session, compile};
use abide::plan::Plan;
use abide::world::Disk;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let spec = env::args_os().nth(1).map_or_else(shipped, PathBuf::from);
    let world = Disk::default();
    let mut session = Session::new(&world, None);
    session.add_path(&spec)?;
    let mut out = io::stdout().lock();
    for compiled in compile(&session) {
        match compiled.plan {
            Some(plan) => out.write_all(csv(&plan).as_bytes())?,
            None => return Err(format!("{} holds no experiment; `abide check` says why", spec.display()).into()),
        }
    }
    Ok(())
}

/// A spec that comes with abide.
fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/checkout-button.toml")
}

/// One line per comparison. A metric that is not sized has a line without numbers, so that nobody takes the table for
/// complete when it is not.
fn csv(plan: &Plan) -> String {
    let mut lines = vec![
        [
            "experiment",
            "metric",
            "role",
            "arm",
            "test",
            "alpha",
            "power",
            "units",
            "smallest_relative_effect",
        ]
        .map(str::to_owned)
        .join(","),
    ];
    for metric in &plan.metrics {
        let subject = [&plan.experiment.id, &metric.id, &metric.role]
            .map(|text| field(text))
            .join(",");
        if metric.comparisons.is_empty() {
            lines.push(format!("{subject},,,,,,"));
        }
        for comparison in &metric.comparisons {
            let smallest = comparison.mde_at_plan.map(|effect| effect.relative.to_string());
            let numbers = [
                field(&comparison.arm),
                field(&comparison.test),
                comparison.alpha.to_string(),
                comparison.power_target.to_string(),
                comparison.n.total.to_string(),
                smallest.unwrap_or_default(),
            ];
            lines.push(format!("{subject},{}", numbers.join(",")));
        }
    }
    lines.into_iter().map(|line| line + "\r\n").collect()
}

/// A text as RFC 4180 writes it: in quotes where it has a comma, a quote or a line end.
fn field(text: &str) -> String {
    if text.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
