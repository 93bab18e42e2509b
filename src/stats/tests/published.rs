//! Numbers that teams quote, and that any sizing tool must reproduce.

use super::super::*;
use Direction::{Decrease, Increase};

fn two_sided(alpha: f64) -> Level {
    Level::two_sided(alpha).unwrap()
}

fn one_sided(alpha: f64) -> Level {
    Level::one_sided(alpha).unwrap()
}

/// Units per arm, rounded up, for a relative change of a proportion.
fn proportion(baseline: f64, relative: f64, level: Level, power: f64) -> f64 {
    let better = if relative < 0.0 { Decrease } else { Increase };
    let design = TwoProportions::new(baseline, baseline * (1.0 + relative), Hypothesis::superiority(better)).unwrap();
    design
        .sample_size(level, Power::new(power).unwrap())
        .unwrap()
        .ceil()
        .control()
}

#[test]
fn a_hallucination_rate_cut_by_15_percent() {
    // Columns: baseline, power at 1,000 per arm, n for 80% (two-sided), 80% (one-sided), 90% (two-sided), and the
    // effect that 1,000 per arm can detect.
    let table = [
        (0.03, 0.09, 20_914.0, 16_474.0, 27_997.0, -0.60),
        (0.05, 0.12, 12_309.0, 9_696.0, 16_478.0, -0.48),
        (0.10, 0.21, 5_856.0, 4_613.0, 7_839.0, -0.345),
        (0.15, 0.31, 3_705.0, 2_918.0, 4_959.0, -0.28),
        (0.20, 0.41, 2_629.0, 2_071.0, 3_519.0, -0.24),
        (0.30, 0.61, 1_554.0, 1_224.0, 2_079.0, -0.186),
        (0.40, 0.79, 1_016.0, 800.0, 1_359.0, -0.151),
    ];
    for (p, power, n80, n80_one, n90, mde) in table {
        assert_eq!(proportion(p, -0.15, two_sided(0.05), 0.8), n80, "{p}");
        assert_eq!(proportion(p, -0.15, one_sided(0.05), 0.8), n80_one, "{p}");
        assert_eq!(proportion(p, -0.15, two_sided(0.05), 0.9), n90, "{p}");
        let design = TwoProportions::new(p, 0.85 * p, Hypothesis::superiority(Decrease)).unwrap();
        let n = SampleSize::equal(1000.0).unwrap();
        assert!((design.power(two_sided(0.05), n).unwrap() - power).abs() < 0.005, "{p}");
        let found = design.detectable(two_sided(0.05), Power::new(0.8).unwrap(), n).unwrap();
        assert!((found.relative - mde).abs() < 0.006, "{p}: {}", found.relative);
    }
}

#[test]
fn conversion_and_click_through() {
    assert_eq!(proportion(0.05, 0.05, two_sided(0.05), 0.8), 122_124.0);
    assert_eq!(proportion(0.30, 0.02, two_sided(0.05), 0.8), 92_089.0);
    assert_eq!(proportion(0.30, 0.03, two_sided(0.05), 0.8), 41_042.0);
    assert_eq!(proportion(0.30, 0.03, two_sided(0.05), 0.95), 67_949.0);
}

/// Units per arm for a mean of 1 with coefficient of variation `cv`.
fn mean(cv: f64, treatment: f64, hypothesis: Hypothesis, test: MeanTest, level: Level, power: f64) -> f64 {
    let design = TwoMeans::new(1.0, treatment, cv, hypothesis).unwrap().with_test(test);
    design
        .sample_size(level, Power::new(power).unwrap())
        .unwrap()
        .ceil()
        .control()
}

#[test]
fn several_success_metrics_and_guardrails() {
    // Two success metrics and four guardrails: alpha .05/2, beta .2/5 (Spotify's rule).
    let up = Hypothesis::superiority(Increase);
    assert_eq!(mean(1.2, 1.01, up, MeanTest::Z, two_sided(0.025), 0.96), 458_980.0);
    let by_t = mean(1.2, 1.01, up, MeanTest::Student, two_sided(0.025), 0.96);
    assert!((458_980.0..=458_982.0).contains(&by_t), "{by_t}");

    let fixed = |margin| Hypothesis::non_inferiority(Increase, margin).unwrap();
    assert_eq!(
        mean(0.9, 1.0, fixed(0.005), MeanTest::Z, one_sided(0.05), 0.96),
        747_124.0
    );
    assert_eq!(
        mean(0.9, 1.0, fixed(0.005), MeanTest::Z, one_sided(0.025), 0.96),
        892_227.0
    );
}

#[test]
fn a_cost_guardrail() {
    // cv .8, margin 5%, three guardrails: power 1 − .2/3.
    let power = 1.0 - 0.2 / 3.0;
    let fixed = Hypothesis::non_inferiority(Decrease, 0.05).unwrap();
    let relative = Hypothesis::non_inferiority_relative(Decrease, 0.05).unwrap();
    assert_eq!(mean(0.8, 1.0, fixed, MeanTest::Z, one_sided(0.05), power), 5_068.0);
    assert_eq!(mean(0.8, 1.0, fixed, MeanTest::Z, one_sided(0.025), power), 6_134.0);
    assert_eq!(mean(0.8, 1.0, relative, MeanTest::Z, one_sided(0.05), power), 5_327.0);
}

#[test]
fn dunnett_against_its_tables() {
    // Dunnett 1964, two-sided 5%, infinite degrees of freedom, 2 to 5 treatments.
    for (k, c) in [(2, 2.212), (3, 2.349), (4, 2.442), (5, 2.511)] {
        let found = Dunnett::new(&vec![1.0; k])
            .unwrap()
            .critical_value(two_sided(0.05))
            .unwrap();
        assert!((found - c).abs() < 5e-4, "{k}: {found}");
    }
}
