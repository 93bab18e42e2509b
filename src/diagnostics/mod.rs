//! What abide has to say about a spec: the [`Diagnostic`], the [`Sink`] that stages report to, and the renderers.
//!
//! Renderers are pure functions from sorted diagnostics and their sources to text. What a user wrote, file names included,
//! never reaches a terminal as it is: control characters, escape sequences and direction overrides are shown, not obeyed.

mod concise;
mod diagnostic;
mod excerpt;
mod full;
mod report;
mod sink;
mod style;
mod text;

pub use concise::{concise, summary};
pub use diagnostic::{Diagnostic, Edit, Fix, Label, Place, Safety, Severity};
pub use full::full;
pub use report::{EditReport, Finding, FixReport, LabelReport, Report, SCHEMA, json};
pub use sink::{Sink, sorted};
pub use style::{Charset, Color, ColorChoice, Output, Style, charset, color};
