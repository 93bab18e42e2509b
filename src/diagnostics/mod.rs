//! What abide has to say about a spec: the [`Diagnostic`], the [`Sink`] that stages report to, and the renderers.
//!
//! Renderers are pure functions from sorted diagnostics and their sources to text. What a user wrote, file names included,
//! never reaches a terminal as it is: control characters, escape sequences and direction overrides are shown, not obeyed.

mod baseline;
mod concise;
mod diagnostic;
mod diff;
mod excerpt;
mod fingerprint;
mod full;
mod github;
mod gitlab;
mod junit;
mod located;
mod rdjson;
mod report;
mod sarif;
mod sink;
mod style;
mod text;

pub use baseline::{BASELINE, Baseline, Known, Sifted};
pub use concise::{concise, summary};
pub use diagnostic::{Diagnostic, Edit, Fix, Label, Place, Safety, Severity};
pub use diff::unified_diff;
pub use fingerprint::{fingerprints, fingerprints_from};
pub use full::full;
pub use github::github;
pub use gitlab::gitlab;
pub use junit::junit;
pub use rdjson::rdjson;
pub use report::{EditReport, Finding, FixReport, LabelReport, Report, SCHEMA, json, json_lines};
pub use sarif::{Ending, RuleInfo, sarif};
pub use sink::{Sink, sorted};
pub use style::{Charset, Color, ColorChoice, Output, Style, charset, color};
pub use text::visible_text;
