//! Laws that hold for any legal input.

use super::super::*;
use proptest::prelude::*;

fn directions() -> impl Strategy<Value = Direction> {
    prop_oneof![Just(Direction::Increase), Just(Direction::Decrease)]
}

fn levels() -> impl Strategy<Value = Level> {
    (1e-6..0.2_f64, any::<bool>()).prop_map(|(alpha, two)| {
        if two {
            Level::two_sided(alpha)
        } else {
            Level::one_sided(alpha)
        }
        .unwrap()
    })
}

fn powers() -> impl Strategy<Value = Power> {
    (0.5..0.999_f64).prop_map(|power| Power::new(power).unwrap())
}

fn ratios() -> impl Strategy<Value = Ratio> {
    (-3.0..3.0_f64).prop_map(|exponent| Ratio::new(10_f64.powf(exponent)).unwrap())
}

/// Superiority of a proportion: baseline on a logarithmic scale, effect as a share of the room there is.
fn proportions() -> impl Strategy<Value = TwoProportions> {
    let variance = prop_oneof![Just(NullVariance::Restricted), Just(NullVariance::Unpooled)];
    let margin = prop_oneof![Just(None), (0.02..0.9_f64).prop_map(Some)];
    (-6.0..-0.05_f64, 0.02..0.9_f64, margin, directions(), ratios(), variance).prop_map(
        |(exponent, share, margin, better, ratio, variance)| {
            let p0 = 10_f64.powf(exponent);
            let room = match better {
                Direction::Increase => (1.0 - p0).min(p0),
                Direction::Decrease => p0,
            };
            let hypothesis = match margin {
                None => Hypothesis::superiority(better),
                Some(m) => Hypothesis::non_inferiority(better, m * p0.min(1.0 - p0)).unwrap(),
            };
            let p1 = p0 + better.sign() * share * room;
            TwoProportions::new(p0, p1, hypothesis)
                .unwrap()
                .with_ratio(ratio)
                .with_variance(variance)
        },
    )
}

fn means() -> impl Strategy<Value = TwoMeans> {
    let test = prop_oneof![Just(MeanTest::Z), Just(MeanTest::Student), Just(MeanTest::Welch)];
    let tails = prop_oneof![Just(Tails::Beneficial), Just(Tails::Both)];
    (0.01..0.5_f64, 0.2..5.0_f64, directions(), ratios(), test, tails).prop_map(
        |(effect, sd1, better, ratio, test, tails)| {
            TwoMeans::new(1.0, 1.0 + better.sign() * effect, 1.0, Hypothesis::superiority(better))
                .and_then(|design| design.with_sds(1.0, sd1))
                .unwrap()
                .with_ratio(ratio)
                .with_test(test)
                .with_tails(tails)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_size_of_proportions_gives_the_power_back(design in proportions(), level in levels(), power in powers()) {
        let n = design.sample_size(level, power).unwrap();
        prop_assert!((design.power(level, n).unwrap() - power.get()).abs() < 1e-9);
        let more = n.scaled(1.01).unwrap();
        prop_assert!(design.power(level, more).unwrap() > power.get());
    }

    #[test]
    fn the_detectable_proportion_is_the_effect_that_was_sized(design in proportions(), level in levels(), power in powers()) {
        let n = design.sample_size(level, power).unwrap();
        let found = design.detectable(level, power, n).unwrap();
        let again = design.with_effect(found).unwrap();
        prop_assert!((again.power(level, n).unwrap() - power.get()).abs() < 1e-8);
    }

    #[test]
    fn a_larger_effect_needs_fewer_units(
        p0 in 0.01..0.5_f64, share in 0.05..0.8_f64, better in directions(), level in levels(), power in powers()
    ) {
        let size = |share: f64| {
            let p1 = p0 * (1.0 + better.sign() * share);
            TwoProportions::new(p0, p1, Hypothesis::superiority(better)).unwrap().sample_size(level, power).unwrap().control()
        };
        prop_assert!(size(share * 1.05) < size(share));
    }

    #[test]
    fn the_size_of_means_gives_the_power_back(design in means(), level in levels(), power in powers()) {
        let n = design.sample_size(level, power).unwrap();
        let reached = design.power(level, n).unwrap();
        prop_assert!(reached >= power.get() - 1e-9);
        // Below its floor a t test has no variance estimate, so the floor may overshoot; otherwise the power is exact.
        if n.control().min(n.treatment()) > 2.0 + 1e-9 {
            prop_assert!((reached - power.get()).abs() < 1e-9, "{reached}");
        }
        prop_assert!(design.power(level, n.scaled(1.05).unwrap()).unwrap() >= reached);
    }

    #[test]
    fn the_detectable_mean_is_the_effect_that_was_sized(design in means(), level in levels(), power in powers()) {
        let n = SampleSize::new(50.0, 120.0).unwrap();
        let found = design.detectable(level, power, n).unwrap();
        prop_assert!((design.with_effect(found).unwrap().power(level, n).unwrap() - power.get()).abs() < 1e-9);
    }

    #[test]
    fn naming_the_arms_the_other_way_round_changes_nothing(
        p0 in 0.05..0.9_f64, p1 in 0.05..0.9_f64, ratio in 0.1..10.0_f64, level in levels()
    ) {
        prop_assume!((p0 - p1).abs() > 0.01);
        let towards = |effect: f64| Hypothesis::superiority(if effect > 0.0 { Direction::Increase } else { Direction::Decrease });
        let n = SampleSize::new(500.0, 500.0 * ratio).unwrap();
        let swapped = SampleSize::new(500.0 * ratio, 500.0).unwrap();
        let a = TwoProportions::new(p0, p1, towards(p1 - p0)).unwrap().power(level, n).unwrap();
        let b = TwoProportions::new(p1, p0, towards(p0 - p1)).unwrap().power(level, swapped).unwrap();
        prop_assert!((a - b).abs() < 1e-12);
    }

    #[test]
    fn units_of_measurement_do_not_matter(scale in -6.0..6.0_f64, level in levels(), power in powers()) {
        let k = 10_f64.powf(scale);
        let better = Hypothesis::superiority(Direction::Increase);
        let a = TwoMeans::new(10.0, 11.0, 4.0, better).unwrap().sample_size(level, power).unwrap();
        let b = TwoMeans::new(10.0 * k, 11.0 * k, 4.0 * k, better).unwrap().sample_size(level, power).unwrap();
        prop_assert!((a.control() / b.control() - 1.0).abs() < 1e-10);
    }

    #[test]
    fn the_smallest_margin_is_just_provable(
        p0 in 0.01..0.9_f64, better in directions(), relative in any::<bool>(), level in levels(), power in powers()
    ) {
        let hypothesis = |m| if relative {
            Hypothesis::non_inferiority_relative(better, m)
        } else {
            Hypothesis::non_inferiority(better, m)
        }.unwrap();
        let n = SampleSize::equal(1e6).unwrap();
        let design = |m| TwoProportions::new(p0, p0, hypothesis(m)).unwrap();
        let margin = design(0.01).smallest_margin(level, power, n).unwrap();
        prop_assert!((design(margin).power(level, n).unwrap() - power.get()).abs() < 1e-9);
        let design = |m| TwoMeans::new(3.0, 3.0, 1.0, hypothesis(m)).unwrap();
        let margin = design(0.01).smallest_margin(level, power, n).unwrap();
        prop_assert!((design(margin).power(level, n).unwrap() - power.get()).abs() < 1e-9);
    }

    #[test]
    fn quantiles_of_t_invert_its_tail(exponent in -12.0..-0.302_f64, df in 0.0..9.0_f64) {
        let (q, df) = (10_f64.powf(exponent), 10_f64.powf(df));
        let t = student::upper_quantile(q, df).unwrap();
        prop_assert!((student::sf(t, df).unwrap() / q - 1.0).abs() < 1e-10);
        prop_assert!((student::sf(t, df).unwrap() + student::cdf(t, df).unwrap() - 1.0).abs() < 1e-12);
    }
}
