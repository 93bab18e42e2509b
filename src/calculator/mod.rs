//! The calculator without a spec: one question about one comparison in, one checked number out.
//!
//! A [`Request`] leaves exactly one of sample size, power and effect (or margin) open; [`answer`] solves for it with the
//! designs of [`crate::stats`]. What cannot be combined is refused with a reason, never ignored.
//!
//! ```
//! let request: abide::calculator::Request =
//!     serde_json::from_str(r#"{ "kind": "proportion", "baseline": 0.2, "mde_relative": -0.15 }"#)?;
//! let sizing = abide::calculator::answer(request)?;
//! assert_eq!(sizing.answer.n.control, 2629);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod adjust;
mod answer;
mod design;
mod errors;
mod fault;
mod kind;
mod kinds;
mod lines;
mod quantity;
mod question;
mod read;
mod request;
mod root;
mod schema;
mod solve;
mod text;

pub use answer::{Adjustment, Answer, Effect, Size, Sizing, Solved, TestLevel, Version};
pub use fault::Fault;
pub use kind::Kind;
pub use lines::{Line, answer_line};
pub use quantity::Quantity;
pub use read::{read, read_value};
pub use request::{Correction, Events, NullVariance, Request, Statistic, Variance};
pub use schema::{Field, FieldType, all_fields, fields_of, schema};

/// Answers a question.
///
/// # Errors
/// When the request contradicts itself, lacks something, combines what cannot be combined, or has no finite answer.
pub fn answer(mut request: Request) -> Result<Sizing, Fault> {
    read::refuse_foreign_fields(&request)?;
    let question = question::Question::of(&request)?;
    errors::fill(&mut request, &question)?;
    request.test.get_or_insert(question.test);
    let comparison = kinds::comparison(&mut request, &question)?;
    let errors = errors::Errors::of(&request, &question, comparison.shared_control)?;
    solve::solve(request, &question, &errors, comparison)
}
