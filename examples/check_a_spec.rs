//! What does abide have to say about a spec that is not in a file?
//!
//! A service or an editor hands over text; a [`Memory`] world takes the place of the disk, so nothing is read from it.
//!
//! ```text
//! cargo run --example check_a_spec
//! ```

use std::io::{self, Write};
use std::path::Path;

use abide::compilation::{Session, compile};
use abide::diagnostics::sorted;
use abide::world::Memory;

/// A spec with the mistakes of a first draft: a misspelt key, an effect without a scale, a metric that nothing declares, and a date in
/// quotes.
const SPEC: &str = r#"edition = 1

[experiment]
id    = "sticky-checkout"
tilte = "Checkout button that stays in view"
class = "ui"

[hypothesis]
change     = "The checkout button stays in view"
population = "Signed-in visitors"
metric     = "purchase_rat"
direction  = "increase"
effect     = 0.05
because    = "Four in ten visitors scroll the button out of view"

[design]
kind = "parallel"
unit = "user"

[arms.control]
[arms.treatment]

[metrics.purchase_rate]
role      = "primary"
kind      = "proportion"
direction = "increase"
window    = "7d"
baseline  = { value = 0.05, n = 820000 }
mde       = { relative = 0.05 }

[schedule]
start = "2027-01-11"
"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // "Today" is part of the input: the same text gives the same findings on any day.
    let world = Memory::new(jiff::civil::date(2026, 12, 14));
    let mut session = Session::new(&world, None);
    session.add_text(Path::new("sticky-checkout.toml"), SPEC.into())?;

    let findings = compile(&session).into_iter().flat_map(|compiled| compiled.findings);
    let findings = sorted(findings.collect(), &session.sources);

    let mut out = io::stdout().lock();
    for finding in &findings {
        let file = session.sources.file(finding.place.span.file);
        let at = file.position(finding.place.span.start as usize);
        let level = finding.severity.as_str();
        writeln!(
            out,
            "{}:{}:{}: {level}[{}]",
            file.path(),
            at.line,
            at.column,
            finding.rule
        )?;
        writeln!(out, "  {}", finding.message)?;
        if let Some(help) = &finding.help {
            writeln!(out, "  help: {help}")?;
        }
    }
    writeln!(out, "\n{} findings", findings.len())?;
    Ok(())
}
