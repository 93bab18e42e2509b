//! Proportions on the arcsine scale, where their variance is nearly constant (Cohen 1988, ch. 6).

use super::error::Result;
use super::input::{Proportion, Ratio};
use super::ztest::ZTest;

/// Cohen's h, 2 asin √p1 − 2 asin √p0.
pub fn cohen_h(p0: f64, p1: f64) -> Result<f64> {
    let p0 = Proportion::new(p0)?.get();
    let p1 = Proportion::new(p1)?.get();
    Ok(2.0 * (p1.sqrt().asin() - p0.sqrt().asin()))
}

/// The z test of two proportions `h` apart; its n counts control units.
///
/// ```
/// use abide::stats::{Level, Power, Ratio, arcsine_test, cohen_h};
/// let n = arcsine_test(cohen_h(0.5, 0.55)?, Ratio::EQUAL)?.sample_size(Level::two_sided(0.05)?, Power::new(0.8)?)?;
/// assert_eq!(n.ceil(), 1565.0);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
pub fn arcsine_test(h: f64, ratio: Ratio) -> Result<ZTest> {
    ZTest::new(h.abs(), (1.0 + 1.0 / ratio.get()).sqrt())
}

/// The same for one proportion against a known value; its n counts units.
pub fn one_proportion_test(h: f64) -> Result<ZTest> {
    ZTest::new(h.abs(), 1.0)
}
