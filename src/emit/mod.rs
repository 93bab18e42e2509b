//! Documents and configs from a plan: the template engine, escaping by output language, number formats, charts, and the
//! content model of each target.
//!
//! Nothing here computes statistics. A number is formatted in [`mod@crate::format`], a value is escaped in [`escape`], and both
//! happen in one place only.

pub mod board;
pub mod chart;
pub(crate) mod csv;
mod engine;
pub mod escape;
mod fault;
mod filters;
mod fragment;
pub mod kpi;
pub mod sql;
pub mod target;
mod templates;

pub use engine::Engine;
pub use escape::OutputLanguage;
pub use fault::TemplateFault;
pub use fragment::Fragment;
pub use templates::{TemplateFile, Templates, read_overrides};
