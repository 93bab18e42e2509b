//! Units of any kind whose values are alike: in clusters, over repeats, between arms, with a covariate.
//!
//! What is alike are normal scores behind the values, as much as it takes for the values to be as alike as is declared. The
//! score of a reading is that of its cluster, of its unit and of the reading itself added up.

mod apart;
mod margin;
mod row;
mod together;

use rand_chacha::ChaCha8Rng;

pub(super) use apart::{Before, Rows};
pub(super) use margin::Margin;
pub(super) use margin::scores_for;
pub(super) use row::{Form, Row};
pub(super) use together::{PairedRows, Partner};

use super::clusters::Sizes;
use super::means::normal;

/// How units come: in clusters or alone, and how often each is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grouping {
    pub(super) sizes: Option<Sizes>,
    pub(super) repeats: u32,
}

/// What the scores of the readings of an arm have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Alike {
    /// Correlation of two readings of units of a cluster.
    cluster: f64,
    /// Correlation of two readings of a unit.
    unit: f64,
}

impl Alike {
    /// For values that are correlated `icc` between the averages of two units of a cluster, and `repeat` between two readings
    /// of a unit.
    ///
    /// # Errors
    /// A clause that says why there are no such values.
    pub(super) fn of(row: &Row, grouping: Grouping, icc: f64, repeat: f64) -> Result<Self, String> {
        let cluster = match grouping.sizes {
            Some(_) => row.likeness(row, icc * averaging(grouping.repeats, repeat))?,
            None => 0.0,
        };
        let unit = if grouping.repeats > 1 {
            row.likeness(row, repeat)?
        } else {
            1.0
        };
        if unit < cluster {
            return Err(
                "its units are more alike than the repeats of one: see `icc` and `repeat_correlation`".to_owned(),
            );
        }
        Ok(Self { cluster, unit })
    }

    /// Parts of a score: of the cluster, of the unit, and of the reading.
    fn parts(self) -> [f64; 3] {
        [
            self.cluster.sqrt(),
            (self.unit - self.cluster).sqrt(),
            (1.0 - self.unit).max(0.0).sqrt(),
        ]
    }
}

/// Variance of an average over repeats, over that of one reading.
pub(super) fn averaging(repeats: u32, correlation: f64) -> f64 {
    let repeats = f64::from(repeats.max(1));
    (1.0 + (repeats - 1.0) * correlation) / repeats
}

/// Fills scores with the correlations that a row has within.
fn draw(row: &Row, room: &mut [f64], into: &mut [f64], rng: &mut ChaCha8Rng) {
    for slot in room.iter_mut() {
        *slot = normal(rng);
    }
    row.correlated(room, into);
}
