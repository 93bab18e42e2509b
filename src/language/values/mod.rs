//! The kinds of values a spec writes: fractions, effects, amounts, time spans, dates.

mod amount;
mod date;
mod decimal;
mod duration;
mod effect;
mod fraction;
mod scalar;

pub use amount::{Amount, AmountUnit};
pub use date::Date;
pub use decimal::{Decimal, Ratio};
pub use duration::{Duration, TimeUnit};
pub use effect::Effect;
pub use fraction::Fraction;
pub use scalar::{Condition, Limits, OneOrMany, Scalar};
