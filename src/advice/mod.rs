//! Which design fits a question: answers in, a recommendation with reasons and costs out.
//!
//! [`advise`] is a pure function. What it recommends follows from a handful of answers by rules that are written in one place
//! (`choose.rs`); what a design costs is asked of the [`calculator`](crate::calculator) and of [`crate::stats`], and what would
//! change the advice is found by asking again with one answer changed.

mod answers;
mod choose;
mod cost;
mod fit;
mod report;

pub use answers::{Answers, Change, Interference, Outcome, Purpose};
pub use choose::Design;
pub use fit::Fit;
pub use report::{Advice, Cost, Turn, Version, Weighed, advise};
