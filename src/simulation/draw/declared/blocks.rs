//! Blocks of a switchback.

use super::super::Sample;
use super::super::blocks::{Blocks, Course, Values};
use super::super::kind::Kind;
use super::Drawn;
use crate::language::values::Duration;
use crate::simulation::truth::Change;

impl Drawn<'_> {
    pub(super) fn blocks(&self, course: Course, change: Change) -> Result<Box<dyn Sample>, String> {
        let (Kind::Mean { sd, skewness }, 1) = (self.kind, self.setup.repeats) else {
            return Err("a switchback is simulated of means without repeats".to_owned());
        };
        let values = Values {
            control: self.baseline,
            treatment: self.value(change),
            sd,
            skewness,
            covariate: self.covariate,
            autocorrelation: self
                .metric
                .declared
                .baseline
                .as_ref()
                .and_then(|b| b.autocorrelation)
                .unwrap_or(0.0),
        };
        let window = self.metric.declared.window.map(Duration::seconds);
        let arms = (self.setup.arms, self.setup.control);
        Ok(Box::new(Blocks::new(course.measured(window), values, arms)?))
    }
}
