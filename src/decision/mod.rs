//! Decision rules as total functions: from what an analysis can say to what will be done.
//!
//! Every rule, preset or written by hand, is evaluated over the whole table of outcomes, so that the compiler can prove
//! that each outcome has an action and each rule can apply. The words (`win`, `breach`, `ship`, …) are the language's.

mod rule;
mod table;

pub(crate) use rule::Decided;
pub use rule::{Clause, DecisionRule, Fallbacks, passes_guardrails_by_absence_of_evidence};
pub use table::{Cell, Contradiction, DecisionTable};
