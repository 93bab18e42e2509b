//! Error rates over several comparisons.

use super::error::{Result, StatsError, require};
use super::input::{Alpha, Level, Sides};
use super::normal;
use super::quadrature::legendre96;
use super::solve::{Crossing, Search};
use super::{chi, student};

/// Alpha of each of `comparisons` tests, α/k. Valid under any dependence.
pub fn bonferroni(alpha: Alpha, comparisons: usize) -> Result<f64> {
    Ok(alpha.get() / count(comparisons)?)
}

/// 1 − (1 − α)^(1/k) (Šidák 1967): exact for independent tests, valid for the correlated normal tests of arms.
pub fn sidak(alpha: Alpha, comparisons: usize) -> Result<f64> {
    Ok(-((-alpha.get()).ln_1p() / count(comparisons)?).exp_m1())
}

/// The p-value of one of `comparisons` tests adjusted by Šidák, 1 − (1 − p)^k: at most α exactly where `p` is at most [`sidak`].
///
/// ```
/// use abide::stats::sidak_adjusted;
/// assert!((sidak_adjusted(0.02, 3)? - 0.058_808).abs() < 1e-15);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
pub fn sidak_adjusted(p: f64, comparisons: usize) -> Result<f64> {
    require("p-value", p, "between 0 and 1", (0.0..=1.0).contains(&p))?;
    Ok(-((-p).ln_1p() * count(comparisons)?).exp_m1())
}

/// The `step`-th alpha of Holm 1979, α/(k − step + 1), with `step` from 1 (the smallest p-value) to k. Designs are
/// sized at the first.
pub fn holm(alpha: Alpha, comparisons: usize, step: usize) -> Result<f64> {
    let k = count(comparisons)?;
    require(
        "step of Holm's procedure",
        step as f64,
        "between 1 and the number of comparisons",
        step >= 1 && step <= comparisons,
    )?;
    Ok(alpha.get() / (k - step as f64 + 1.0))
}

fn count(comparisons: usize) -> Result<f64> {
    let k = comparisons as f64;
    require(
        "number of comparisons",
        k,
        "between 1 and 10000",
        (1..=10_000).contains(&comparisons),
    )
}

/// Dunnett's comparison of treatment arms with one control (Dunnett 1955, JASA 50).
///
/// The statistics share the control arm: they are b_i U + √(1 − b_i²) X_i with U and X_i independent standard normal
/// and b_i² = n_i/(n_i + n_0), divided by a common s if the variance is estimated.
///
/// ```
/// use abide::stats::{Dunnett, Level};
/// // Three treatment arms, each as large as control.
/// let dunnett = Dunnett::new(&[1.0, 1.0, 1.0])?;
/// let c = dunnett.critical_value(Level::two_sided(0.05)?)?;
/// assert!((c - 2.348_970_6).abs() < 1e-6);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Dunnett {
    /// Loading b_i of each arm, in the order given.
    loadings: Vec<f64>,
    /// The distinct loadings with their multiplicities: equal arms are integrated once.
    groups: Vec<(f64, f64)>,
    df: Option<f64>,
}

impl Dunnett {
    /// Known variance; `ratios` are the sizes of the treatment arms divided by that of control, one to 100 of them.
    pub fn new(ratios: &[f64]) -> Result<Self> {
        let arms = ratios.len() as f64;
        require(
            "number of treatment arms",
            arms,
            "between 1 and 100",
            (1..=100).contains(&ratios.len()),
        )?;
        let (mut loadings, mut groups): (Vec<f64>, Vec<(f64, f64)>) = (Vec::new(), Vec::new());
        for &ratio in ratios {
            require(
                "size of a treatment arm relative to control",
                ratio,
                "between 1e-6 and 1e6",
                (1e-6..=1e6).contains(&ratio),
            )?;
            let loading = (ratio / (1.0 + ratio)).sqrt();
            loadings.push(loading);
            match groups.iter_mut().find(|(b, _)| *b == loading) {
                Some((_, multiplicity)) => *multiplicity += 1.0,
                None => groups.push((loading, 1.0)),
            }
        }
        Ok(Self {
            loadings,
            groups,
            df: None,
        })
    }

    /// The same with a common variance estimated on `df` degrees of freedom, at least 1.
    pub fn with_degrees_of_freedom(self, df: f64) -> Result<Self> {
        let df = require(
            "degrees of freedom",
            df,
            "between 1 and 1e19",
            (1.0..=1e19).contains(&df),
        )?;
        Ok(Self { df: Some(df), ..self })
    }

    /// Number of treatment arms.
    pub fn arms(&self) -> f64 {
        self.loadings.len() as f64
    }

    /// The critical value c of each comparison: under the null hypothesis the probability that any statistic passes c
    /// (its absolute value, if two-sided) is alpha.
    pub fn critical_value(&self, level: Level) -> Result<f64> {
        const WANTED: &str = "critical value of Dunnett's test";
        let (alpha, sides) = (level.alpha.get(), level.sides);
        // Bonferroni is an upper bound, a single comparison a lower one.
        let bound = alpha / sides.count() / self.arms();
        let (lo, hi) = match self.df {
            None => (normal::upper_quantile(level.tail()), normal::upper_quantile(bound)),
            Some(df) => (
                student::upper_quantile(level.tail(), df)?,
                student::upper_quantile(bound, df)?,
            ),
        };
        let search = Search {
            wanted: WANTED,
            start: 0.2 * lo + 0.8 * hi,
            floor: (lo * (1.0 - 1e-9)).max(1e-9),
            ceiling: hi * (1.0 + 1e-9) + 1e-9,
            slope: hi * hi + 1.0,
        };
        match search.crossing(|c| Ok((alpha / self.familywise(c, sides)?).ln()))? {
            Crossing::At(c) => Ok(c),
            Crossing::BelowFloor => Ok(search.floor),
            Crossing::AboveCeiling => Err(StatsError::Residual {
                wanted: WANTED,
                target: alpha,
                reached: self.familywise(search.ceiling, sides)?,
            }),
        }
    }

    /// Total alpha (over the level's sides) of each comparison on its own at [`Self::critical_value`]: the level at
    /// which a single comparison of the design is to be sized.
    pub fn comparison_alpha(&self, level: Level) -> Result<f64> {
        let c = self.critical_value(level)?;
        let tail = match self.df {
            None => normal::sf(c),
            Some(df) => student::sf(c, df)?,
        };
        Ok(tail * level.sides.count())
    }

    /// Power of the procedure with known variance, given each comparison's noncentrality (effect divided by its
    /// standard error, positive in the beneficial direction), in the order of the arms.
    pub fn power(&self, level: Level, noncentralities: &[f64]) -> Result<ArmPowers> {
        let given = noncentralities.len() as f64;
        require(
            "number of noncentralities",
            given,
            "one per treatment arm",
            given == self.arms(),
        )?;
        for &ncp in noncentralities {
            require("noncentrality", ncp, "between -1e4 and 1e4", ncp.abs() <= 1e4)?;
        }
        let c = self.critical_value(level)?;
        let arms = || self.loadings.iter().zip(noncentralities);
        let reject = |b: f64, ncp: f64, u: f64| normal::cdf((ncp + b * u - c) / (1.0 - b * b).sqrt());
        let mut cuts = vec![-10.0, 10.0];
        for (&b, &ncp) in arms() {
            push_step(&mut cuts, (c - ncp) / b, b);
        }
        let any = |u: f64| {
            -arms()
                .map(|(&b, &ncp)| (-reject(b, ncp, u)).ln_1p())
                .sum::<f64>()
                .exp_m1()
                * normal::pdf(u)
        };
        let all = |u: f64| arms().map(|(&b, &ncp)| reject(b, ncp, u)).product::<f64>() * normal::pdf(u);
        Ok(ArmPowers {
            marginal: noncentralities.iter().map(|ncp| normal::sf(c - ncp)).collect(),
            any: over_panels(&mut cuts.clone(), any),
            all: over_panels(&mut cuts, all),
        })
    }

    /// Probability that any of the statistics passes `c` under the null hypothesis.
    pub fn familywise(&self, c: f64, sides: Sides) -> Result<f64> {
        let c = require("critical value", c, "between 0 and 1e6", (0.0..=1e6).contains(&c))?;
        let Some(df) = self.df else {
            return Ok(self.any_beyond(c, sides));
        };
        Ok(chi::integrate(df, c, 0.0, |s| self.any_beyond(c * s, sides)))
    }

    /// P(any statistic beyond c), as ∫ (1 − ∏ (1 − q_i(u))) φ(u) du: only positive terms, so small alphas keep digits.
    fn any_beyond(&self, c: f64, sides: Sides) -> f64 {
        let beyond = |u: f64| {
            let mut log_none = 0.0;
            for &(b, multiplicity) in &self.groups {
                let scale = (1.0 - b * b).sqrt();
                let mut q = normal::cdf((b * u - c) / scale);
                if sides == Sides::Two {
                    q += normal::cdf((-b * u - c) / scale);
                }
                log_none += multiplicity * (-q.min(1.0)).ln_1p();
            }
            -log_none.exp_m1() * normal::pdf(u)
        };
        let mut cuts = vec![-10.0, 10.0];
        for &(b, _) in &self.groups {
            push_step(&mut cuts, c / b, b);
            if sides == Sides::Two {
                push_step(&mut cuts, -c / b, b);
            }
        }
        over_panels(&mut cuts, beyond)
    }
}

/// Power over several treatment arms, each probability that of a decision in the beneficial direction.
#[derive(Debug, Clone, PartialEq)]
pub struct ArmPowers {
    /// Of each comparison, in the order of the arms.
    pub marginal: Vec<f64>,
    /// That at least one comparison is significant.
    pub any: f64,
    /// That all comparisons are significant.
    pub all: f64,
}

/// Cuts that let 96 points a panel resolve an arm of loading `b`, whose integrand changes around `middle` over
/// √(1 − b²)/b: none while that is wide, quarters of the range as it narrows, and a panel of its own for a step.
pub(super) fn push_step(cuts: &mut Vec<f64>, middle: f64, b: f64) {
    let width = 9.0 * (1.0 - b * b).sqrt() / b;
    if width < 4.0 {
        cuts.extend([middle - width, middle + width]);
    } else if width < 10.0 {
        cuts.extend([-5.0, 0.0, 5.0]);
    }
}

/// ∫ f over [−10, 10], panel by panel.
pub(super) fn over_panels(cuts: &mut [f64], f: impl Fn(f64) -> f64) -> f64 {
    for cut in cuts.iter_mut() {
        *cut = cut.clamp(-10.0, 10.0);
    }
    cuts.sort_by(f64::total_cmp);
    let panel = |edge: &[f64]| match *edge {
        [lo, hi] if hi > lo => legendre96().integrate(lo, hi, &f),
        _ => 0.0,
    };
    cuts.windows(2).map(panel).sum()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn one_arm_needs_no_correction() {
        let level = Level::two_sided(0.05).unwrap();
        for ratio in [1e-3, 1.0, 999.0, 1e6] {
            let dunnett = Dunnett::new(&[ratio]).unwrap();
            assert!(
                (dunnett.critical_value(level).unwrap() - level.z()).abs() < 1e-10,
                "{ratio}"
            );
            let t = dunnett.with_degrees_of_freedom(7.0).unwrap();
            assert!((t.comparison_alpha(level).unwrap() - 0.05).abs() < 1e-11, "{ratio}");
        }
    }

    #[test]
    fn the_correction_lies_between_none_and_bonferroni() {
        for alpha in [1e-9, 0.05] {
            for sides in [Sides::One, Sides::Two] {
                let level = Level::new(Alpha::new(alpha).unwrap(), sides);
                for ratio in [1e-3, 1.0, 999.0] {
                    let each = Dunnett::new(&[ratio; 20]).unwrap().comparison_alpha(level).unwrap();
                    assert!(
                        each < alpha && each >= alpha / 20.0 * (1.0 - 1e-9),
                        "{alpha:e} {ratio}: {each:e}"
                    );
                }
            }
        }
    }

    #[test]
    fn arms_permute() {
        let level = Level::one_sided(0.025).unwrap();
        let a = Dunnett::new(&[0.5, 2.0, 1.0]).unwrap().critical_value(level).unwrap();
        let b = Dunnett::new(&[2.0, 1.0, 0.5]).unwrap().critical_value(level).unwrap();
        assert!((a - b).abs() < 1e-12);
    }

    #[test]
    fn the_simple_rules() {
        let alpha = Alpha::new(0.05).unwrap();
        assert_eq!(bonferroni(alpha, 5).unwrap(), 0.01);
        assert!((sidak(alpha, 2).unwrap() - 0.025_320_565_519_103_61).abs() < 1e-16);
        assert_eq!(holm(alpha, 4, 1).unwrap(), 0.0125);
        assert_eq!(holm(alpha, 4, 4).unwrap(), 0.05);
        assert!(bonferroni(alpha, 0).is_err() && holm(alpha, 4, 5).is_err());
    }
}
