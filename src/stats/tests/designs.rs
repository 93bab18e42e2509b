//! Published numbers, laws and edges of the designs beyond two proportions and two means.

use super::super::*;
use Direction::{Decrease, Increase};
use proptest::prelude::*;

fn two_sided() -> Level {
    Level::two_sided(0.05).unwrap()
}

fn power(value: f64) -> Power {
    Power::new(value).unwrap()
}

/// Pairs for a 15% cut of a proportion at a correlation of the two outcomes.
fn pairs(baseline: f64, correlation: f64) -> f64 {
    let design = PairedProportions::from_correlation(baseline, 0.85 * baseline, correlation).unwrap();
    let test = design.test(Hypothesis::superiority(Decrease)).unwrap();
    test.sample_size(two_sided(), power(0.8)).unwrap().ceil()
}

#[test]
fn replaying_the_same_queries_saves_what_the_correlation_gives() {
    let table = [
        (0.10, [5_859.0, 4_108.0, 2_940.0, 1_773.0]),
        (0.20, [2_632.0, 1_846.0, 1_322.0, 797.0]),
        (0.30, [1_556.0, 1_092.0, 782.0, 472.0]),
    ];
    for (baseline, row) in table {
        for (correlation, want) in [0.0, 0.3, 0.5, 0.7].into_iter().zip(row) {
            let got = pairs(baseline, correlation);
            assert!(
                (got - want).abs() <= 1.0,
                "{baseline} {correlation}: {got}, published {want}"
            );
        }
    }
}

#[test]
fn a_judge_costs_sample() {
    let judge = Judge::new(0.85, 0.90).unwrap();
    for (baseline, want) in [(0.20, 5_635.0), (0.10, 17_449.0), (0.05, 57_821.0)] {
        let (a0, a1) = (
            judge.apparent(baseline).unwrap(),
            judge.apparent(0.85 * baseline).unwrap(),
        );
        let design = TwoProportions::new(a0, a1, Hypothesis::superiority(Decrease)).unwrap();
        assert_eq!(
            design.sample_size(two_sided(), power(0.8)).unwrap().ceil().control(),
            want,
            "{baseline}"
        );
    }
    assert!((judge.corrected(judge.apparent(0.2).unwrap()).unwrap() - 0.2).abs() < 1e-15);
    assert!(Judge::new(0.5, 0.5).is_err() && judge.corrected(0.05).is_err());
}

#[test]
fn interleaving_needs_few_queries() {
    for (wins, want) in [(0.51, 19_620.0), (0.52, 4_904.0), (0.55, 783.0)] {
        let n = SignTest::new(wins)
            .unwrap()
            .test()
            .unwrap()
            .sample_size(two_sided(), power(0.8))
            .unwrap();
        assert_eq!(n.ceil(), want, "{wins}");
    }
    let test = SignTest::new(0.6).unwrap();
    let (first, stable) = (
        test.exact_first(two_sided(), power(0.8)).unwrap(),
        test.exact_stable(two_sided(), power(0.8)).unwrap(),
    );
    assert!(stable.n >= first.n && stable.power >= 0.8);
    assert!(test.exact_power(two_sided(), first.n - 1.0).unwrap() < 0.8);
}

#[test]
fn looking_often_costs() {
    // Classical constants of Jennison & Turnbull 2000, tables 2.1 and 2.3, and what they add to n at power .8.
    for (delta, looks, c, inflation) in [
        (0.0, 2, 1.977, 1.008),
        (0.0, 5, 2.040, 1.028),
        (0.5, 2, 2.178, 1.110),
        (0.5, 5, 2.413, 1.229),
    ] {
        let plan =
            SequentialPlan::new(Looks::equal(looks).unwrap(), two_sided(), Boundary::WangTsiatis(delta)).unwrap();
        let design = plan.solve(power(0.8)).unwrap();
        assert!((design.efficacy.last().unwrap() - c).abs() < 6e-4);
        assert!((design.inflation - inflation).abs() < 6e-4);
    }
}

#[test]
fn exact_tests_keep_their_level() {
    let level = two_sided();
    for pairs in [5.0, 30.0, 200.0] {
        let null = PairedProportions::from_discordant(0.1, 0.1).unwrap();
        assert!(null.exact_power(level, pairs, ExactPValue::Conservative).unwrap() <= 0.05);
        let exact = PairedProportions::from_discordant(0.15, 0.05).unwrap();
        let (cautious, middle) = (
            exact.exact_power(level, pairs, ExactPValue::Conservative),
            exact.exact_power(level, pairs, ExactPValue::MidP),
        );
        assert!(cautious.unwrap() <= middle.unwrap());
    }
}

#[test]
fn impossible_correlations_are_named() {
    let error = PairedProportions::from_correlation(0.1, 0.5, 0.9).unwrap_err();
    assert!(error.to_string().contains("between -0.3333 and 0.3333"), "{error}");
    let relative = Hypothesis::non_inferiority_relative(Increase, 0.1).unwrap();
    assert!(
        PairedProportions::from_discordant(0.1, 0.1)
            .unwrap()
            .test(relative)
            .is_err()
    );
}

#[test]
fn a_relative_margin_between_pairs_uses_the_contrast() {
    // With the arms independent within pairs, the paired contrast has the unpaired variance.
    let relative = Hypothesis::non_inferiority_relative(Increase, 0.1).unwrap();
    let paired = PairedProportions::from_correlation(0.6, 0.6, 0.0)
        .unwrap()
        .test(relative)
        .unwrap();
    let unpaired = TwoProportions::new(0.6, 0.6, relative).unwrap();
    let (a, b) = (
        paired.sample_size(two_sided(), power(0.9)).unwrap(),
        unpaired.sample_size(two_sided(), power(0.9)).unwrap(),
    );
    assert!((a / b.control() - 1.0).abs() < 1e-12);
    let means = PairedMeans::new((10.0, 2.0), (10.0, 3.0), 0.0, relative).unwrap();
    let apart = TwoMeans::new(10.0, 10.0, 2.0, relative)
        .unwrap()
        .with_sds(2.0, 3.0)
        .unwrap();
    let (a, b) = (means.with_test(MeanTest::Z), apart.with_test(MeanTest::Z));
    let b = b.sample_size(two_sided(), power(0.9)).unwrap();
    assert!((a.sample_size(two_sided(), power(0.9)).unwrap() / b.control() - 1.0).abs() < 1e-12);
}

#[test]
fn sequential_designs_reach_the_ends_of_their_range() {
    for looks in [1, 50] {
        for alpha in [1e-9, 0.05] {
            for boundary in [
                Boundary::Spending(Spending::OBrienFleming),
                Boundary::Spending(Spending::Power(1.0)),
                Boundary::WangTsiatis(0.0),
                Boundary::HaybittlePeto(7.0),
            ] {
                let level = Level::two_sided(alpha).unwrap();
                let plan = SequentialPlan::new(Looks::equal(looks).unwrap(), level, boundary.clone()).unwrap();
                let design = plan.solve(power(0.9999)).unwrap();
                assert!(
                    (design.under_null.power / (0.5 * alpha) - 1.0).abs() < 1e-10,
                    "{boundary:?} {looks} {alpha:e}"
                );
                assert!((design.under_truth.power - 0.9999).abs() < 1e-11);
                assert!((0.999..1.5).contains(&design.inflation));
            }
        }
    }
}

#[test]
fn a_single_look_is_the_fixed_design() {
    let plan = SequentialPlan::new(
        Looks::equal(1).unwrap(),
        two_sided(),
        Boundary::Spending(Spending::Pocock),
    )
    .unwrap();
    let design = plan.solve(power(0.8)).unwrap();
    assert!((design.inflation - 1.0).abs() < 1e-10 && (design.efficacy[0] - two_sided().z()).abs() < 1e-10);
}

#[test]
fn futility_saves_when_there_is_nothing_to_find() {
    let level = Level::one_sided(0.025).unwrap();
    let plain = SequentialPlan::new(
        Looks::equal(4).unwrap(),
        level,
        Boundary::Spending(Spending::OBrienFleming),
    )
    .unwrap();
    let futility = |binding| Futility {
        spending: Spending::HwangShihDeCani(-4.0),
        binding,
    };
    let without = plain.clone().solve(power(0.8)).unwrap();
    let free = plain
        .clone()
        .with_futility(futility(false))
        .unwrap()
        .solve(power(0.8))
        .unwrap();
    let bound = plain.with_futility(futility(true)).unwrap().solve(power(0.8)).unwrap();
    let expected = |design: &SequentialDesign| design.under_null.expected_information * design.inflation;
    assert!(expected(&free) < 0.8 * expected(&without));
    assert!(free.under_null.power < 0.025 && (bound.under_null.power - 0.025).abs() < 1e-12);
    assert!(without.inflation < bound.inflation && bound.inflation < free.inflation);
    for design in [&without, &free, &bound] {
        let harm = design.operating(-3.0).unwrap();
        assert!(harm.power < 1e-6);
        let ends: f64 = harm.efficacy.iter().chain(&harm.other).sum();
        assert!((ends - 1.0).abs() < 1e-9, "{ends}");
    }
    let two = SequentialPlan::new(Looks::equal(4).unwrap(), two_sided(), Boundary::WangTsiatis(0.0)).unwrap();
    assert!(two.with_futility(futility(true)).is_err());
}

#[test]
fn equivalence_by_t_tends_to_equivalence_by_z() {
    let design = Equivalence::new(0.01, -0.1, 0.1).unwrap();
    let alpha = Alpha::new(0.05).unwrap();
    let (z, t) = (
        design.power_z(alpha, 0.03).unwrap(),
        design.power_t(alpha, 0.03, 1e9).unwrap(),
    );
    assert!((z - t).abs() < 1e-8, "{z} {t}");
    let n = design
        .sample_size_t(alpha, power(0.9), 1.0, 2.0, |n| 2.0 * n - 2.0)
        .unwrap();
    let reached = design.power_t(alpha, 1.0 / n.sqrt(), 2.0 * n - 2.0).unwrap();
    assert!((reached - 0.9).abs() < 1e-9);
    assert!(
        Equivalence::new(0.2, -0.1, 0.1)
            .unwrap()
            .sample_size_z(alpha, power(0.8), 1.0)
            .is_err()
    );
}

#[test]
fn beta_posteriors_are_compared_at_any_size() {
    for scale in [1.0, 1e3, 1e8] {
        let a = Beta::new(scale, 9.0 * scale).unwrap();
        assert!((a.compare(a).probability_b_better - 0.5).abs() < 1e-10, "{scale}");
    }
    // P(B > A) = 1/3 for A ~ Beta(2, 1), B ~ Beta(1, 1).
    let (triangle, uniform) = (Beta::new(2.0, 1.0).unwrap(), Beta::new(1.0, 1.0).unwrap());
    assert!((triangle.compare(uniform).probability_b_better - 1.0 / 3.0).abs() < 1e-9);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn z_tests_invert(distance in 1e-4..1.0_f64, null in 0.1..3.0_f64, p in 0.5..0.9999_f64, alpha in 1e-6..0.2_f64) {
        let test = ZTest::new(distance, 1.0).unwrap().with_null_sd(null).unwrap();
        let (level, p) = (Level::two_sided(alpha).unwrap(), power(p));
        let n = test.sample_size(level, p).unwrap();
        prop_assert!((test.power(level, n).unwrap() - p.get()).abs() < 1e-10);
        prop_assert!((test.detectable(level, p, n).unwrap() / distance - 1.0).abs() < 1e-10);
    }

    #[test]
    fn paired_means_invert(distance in 0.02..2.0_f64, rho in -0.9..0.99_f64, p in 0.5..0.99_f64) {
        let design = PairedMeans::new((0.0, 1.0), (distance, 1.3), rho, Hypothesis::superiority(Increase)).unwrap();
        let p = power(p);
        let n = design.sample_size(two_sided(), p).unwrap();
        prop_assert!(design.power(two_sided(), n).unwrap() >= p.get() - 1e-9);
        if n > 2.0 {
            let found = design.detectable(two_sided(), p, n).unwrap();
            prop_assert!((found.difference / distance - 1.0).abs() < 1e-8);
        }
    }

    #[test]
    fn detectable_paired_proportions_and_rates_invert(
        p0 in 0.05..0.5_f64, rho in 0.0..0.6_f64, better in prop_oneof![Just(Increase), Just(Decrease)], p in 0.5..0.99_f64
    ) {
        let (hypothesis, n, p) = (Hypothesis::superiority(better), 20_000.0, power(p));
        let found = PairedProportions::detectable(p0, rho, hypothesis, two_sided(), p, n).unwrap();
        let again = PairedProportions::from_correlation(p0, p0 + found.difference, rho).unwrap().test(hypothesis).unwrap();
        prop_assert!((again.power(two_sided(), n).unwrap() - p.get()).abs() < 1e-9);
        let rates = |ratio: f64| RateRatio::new(p0, p0 * ratio).unwrap().with_dispersion(0.3).unwrap();
        let ratio = rates(1.0).detectable(hypothesis, two_sided(), p, n).unwrap();
        prop_assert!((ratio > 1.0) == (better == Increase));
        let reached = rates(ratio).test(hypothesis).unwrap().power(two_sided(), n).unwrap();
        prop_assert!((reached - p.get()).abs() < 1e-9);
    }

    #[test]
    fn splits_are_caught_as_sized(p0 in 0.05..0.95_f64, shift in 0.001..0.04_f64, arms in 2_usize..6) {
        let designed = vec![1.0 / arms as f64; arms];
        let mut actual = designed.clone();
        actual[0] += shift;
        actual[1] -= shift;
        let alpha = Alpha::new(0.001).unwrap();
        let mismatch = ShareMismatch::new(&designed, &actual).unwrap();
        let p = power(p0.max(0.1));
        let n = mismatch.sample_size(alpha, p).unwrap();
        prop_assert!((mismatch.power(alpha, n).unwrap() - p.get()).abs() < 1e-9);
    }

    #[test]
    fn more_looks_cost_more_and_all_powers_hold(count in 2_usize..12, p in 0.6..0.99_f64, gamma in -8.0..2.0_f64) {
        let solve = |count| {
            let boundary = Boundary::Spending(Spending::HwangShihDeCani(gamma));
            SequentialPlan::new(Looks::equal(count).unwrap(), two_sided(), boundary).unwrap().solve(power(p)).unwrap()
        };
        let (fewer, more) = (solve(count), solve(2 * count));
        prop_assert!(more.inflation > fewer.inflation);
        prop_assert!((more.under_truth.power - p).abs() < 1e-9);
        let again = more.operating(more.noncentrality).unwrap();
        prop_assert!((again.power - p).abs() < 1e-9);
    }

    #[test]
    fn adjusted_p_values_keep_the_order(mut p in proptest::collection::vec(0.0..1.0_f64, 1..12)) {
        p.sort_by(f64::total_cmp);
        for adjustment in [Adjustment::Bonferroni, Adjustment::Sidak, Adjustment::Holm, Adjustment::HolmSidak,
            Adjustment::Hochberg, Adjustment::BenjaminiHochberg, Adjustment::BenjaminiYekutieli] {
            let adjusted = adjust(&p, adjustment).unwrap();
            prop_assert!(adjusted.windows(2).all(|pair| pair[0] <= pair[1]));
            prop_assert!(adjusted.iter().zip(&p).all(|(a, p)| a >= p && *a <= 1.0));
        }
    }
}
