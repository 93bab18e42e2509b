//! Exact shares in whole numbers.

use crate::language::values::{Decimal, Ratio};

/// Shares as whole numbers that add up to a total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Whole {
    /// One number for each share, in their order; the last is what no share takes.
    pub(super) parts: Vec<u64>,
    /// Whether they are the shares exactly.
    pub(super) exact: bool,
}

/// The whole numbers nearest to `shares · of` of a total (largest remainders first, ties in order). What the shares leave of the
/// total is a last part.
///
/// `None` when a number is too large to be computed exactly.
pub(super) fn whole(shares: &[Ratio], of: Decimal, total: u64) -> Option<Whole> {
    // The remainder (1 − of) is a share like the others.
    let scale = fraction(of)?;
    let mut parts = Vec::with_capacity(shares.len() + 1);
    for share in shares {
        let numerator = share.numerator.checked_mul(scale.0)?.checked_mul(u128::from(total))?;
        parts.push((numerator, share.denominator.checked_mul(scale.1)?));
    }
    let rest = scale.1.checked_sub(scale.0)?;
    parts.push((rest.checked_mul(u128::from(total))?, scale.1));
    let mut floors: Vec<u64> = Vec::with_capacity(parts.len());
    for (numerator, denominator) in &parts {
        floors.push(u64::try_from(numerator.checked_div(*denominator)?).ok()?);
    }
    let exact = parts
        .iter()
        .all(|(numerator, denominator)| numerator % denominator == 0);
    let mut missing = total.checked_sub(floors.iter().sum())?;
    let mut order: Vec<usize> = (0..parts.len()).collect();
    let remainder = |at: usize| parts.get(at).map_or(0.0, |(n, d)| (n % d) as f64 / *d as f64);
    order.sort_by(|a, b| remainder(*b).total_cmp(&remainder(*a)).then(a.cmp(b)));
    for at in order {
        if missing == 0 {
            break;
        }
        if let Some(part) = floors.get_mut(at).filter(|_| remainder(at) > 0.0) {
            *part += 1;
            missing -= 1;
        }
    }
    Some(Whole { parts: floors, exact })
}

/// The smallest whole numbers in the ratio of the shares, and what they add up to; no unit is left. `None` when that is more than
/// `most`.
pub(super) fn ratio(shares: &[Ratio], most: u64) -> Option<(Whole, u64)> {
    let total = shares.iter().try_fold(1_u128, |sum, share| {
        let step = share.denominator / common(sum, share.denominator);
        sum.checked_mul(step).filter(|sum| *sum <= u128::from(most))
    })?;
    let total = u64::try_from(total).ok()?;
    Some((whole(shares, Decimal::ONE, total)?, total))
}

/// The greatest common divisor of two numbers, the second of them not zero.
fn common(a: u128, b: u128) -> u128 {
    if a == 0 { b } else { common(b % a, a) }
}

/// A decimal of [0, 1] as numerator and denominator.
fn fraction(decimal: Decimal) -> Option<(u128, u128)> {
    let shares = Decimal::shares(&[decimal, decimal.complement()?])?;
    shares.first().map(|share| (share.numerator, share.denominator))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn shares(weights: &[u32]) -> Vec<Ratio> {
        let weights: Vec<Decimal> = weights.iter().map(|w| Decimal::new(i128::from(*w), 0)).collect();
        Decimal::shares(&weights).unwrap()
    }

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn what_fits_is_exact() {
        let found = whole(&shares(&[5, 3, 2]), decimal("0.8"), 100_000).unwrap();
        assert_eq!(found.parts, [40_000, 24_000, 16_000, 20_000]);
        assert!(found.exact);
    }

    #[test]
    fn thirds_do_not_fit_and_the_nearest_are_offered() {
        let found = whole(&shares(&[1, 1, 1]), Decimal::ONE, 1000).unwrap();
        assert_eq!(found.parts, [334, 333, 333, 0]);
        assert!(!found.exact);
    }

    #[test]
    fn ratios_are_the_smallest_numbers_that_hold_them() {
        let of = |weights: &[u32], most| ratio(&shares(weights), most).map(|(found, total)| (found.parts, total));
        assert_eq!(of(&[1, 1, 1], 100), Some((vec![1, 1, 1, 0], 3)));
        assert_eq!(of(&[50, 30, 20], 100), Some((vec![5, 3, 2, 0], 10)));
        assert_eq!(of(&[333, 667], 1000), Some((vec![333, 667, 0], 1000)));
        assert_eq!(of(&[333, 667], 999), None);
    }

    #[test]
    fn parts_always_add_up() {
        for (weights, of) in [(vec![1, 1], "0.333"), (vec![7, 11, 13], "0.1"), (vec![1, 99], "1")] {
            let found = whole(&shares(&weights), decimal(of), 997).unwrap();
            assert_eq!(found.parts.iter().sum::<u64>(), 997);
        }
    }
}
