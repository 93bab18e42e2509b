//! What abide has to say about a spec: the [`Diagnostic`], the [`Sink`] that stages report to, and the renderers.

mod diagnostic;
mod sink;

pub use diagnostic::{Diagnostic, Edit, Fix, Label, Place, Safety, Severity};
pub use sink::{Sink, sorted};
