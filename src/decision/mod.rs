//! Decision rules as total functions: from what an analysis can say to what will be done.
//!
//! Every rule, preset or written by hand, is evaluated over the whole table of outcomes, so that the compiler can prove
//! that each outcome has an action and each rule can apply.

mod outcome;
mod rule;
mod table;

pub use outcome::{Action, GuardrailState, PrimaryState};
pub use rule::{Clause, DecisionRule, Fallbacks, Preset};
pub use table::{Cell, Contradiction, DecisionTable};
