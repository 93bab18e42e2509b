//! The ends of the promised ranges: baselines of 1e-9, n of 1e12, power .9999, alpha 1e-9, allocation 1:999, 20 arms,
//! alone and in pairs; beyond them a typed error.

use super::super::*;

const ALPHAS: [f64; 3] = [1e-9, 0.05, 0.5];
const POWERS: [f64; 3] = [0.6, 0.8, 0.9999];
const RATIOS: [f64; 3] = [1.0 / 999.0, 1.0, 999.0];

fn each(mut check: impl FnMut(Level, Power, Ratio)) {
    for alpha in ALPHAS {
        for power in POWERS {
            for ratio in RATIOS {
                let power = Power::new(power).unwrap();
                for level in [Level::one_sided(alpha).unwrap(), Level::two_sided(alpha).unwrap()] {
                    check(level, power, Ratio::new(ratio).unwrap());
                }
            }
        }
    }
}

#[test]
fn proportions_from_one_in_a_billion() {
    each(|level, power, ratio| {
        for p0 in [1e-9_f64, 1e-4, 0.3, 1.0 - 1e-9] {
            let small = p0.min(1.0 - p0);
            for better in [Direction::Increase, Direction::Decrease] {
                let superior =
                    TwoProportions::new(p0, p0 + better.sign() * 0.1 * small, Hypothesis::superiority(better));
                let margin = Hypothesis::non_inferiority(better, 0.1 * small).unwrap();
                for design in [superior.unwrap(), TwoProportions::new(p0, p0, margin).unwrap()] {
                    let design = design.with_ratio(ratio);
                    let n = design.sample_size(level, power).unwrap();
                    let reached = design.power(level, n).unwrap();
                    assert!((reached - power.get()).abs() < 1e-9, "{design:?} {level:?}: {reached}");
                }
            }
        }
    });
}

#[test]
fn means_up_to_a_trillion_units() {
    each(|level, power, ratio| {
        for effect in [1e-5, 0.1, 3.0] {
            for test in [MeanTest::Z, MeanTest::Student, MeanTest::Welch] {
                let design = TwoMeans::new(0.0, effect, 1.0, Hypothesis::superiority(Direction::Increase)).unwrap();
                let design = design.with_test(test).with_ratio(ratio);
                let n = design.sample_size(level, power).unwrap();
                let reached = design.power(level, n).unwrap();
                assert!(reached >= power.get() - 1e-9, "{design:?} {level:?}: {reached}");
                if n.control().min(n.treatment()) > 2.0 + 1e-9 {
                    assert!((reached - power.get()).abs() < 1e-9, "{design:?} {level:?}: {reached}");
                }
            }
        }
    });
    let n = SampleSize::equal(1e12).unwrap();
    let design = TwoMeans::new(0.0, 1.0, 1.0, Hypothesis::superiority(Direction::Increase)).unwrap();
    let found = design
        .detectable(Level::two_sided(0.05).unwrap(), Power::new(0.8).unwrap(), n)
        .unwrap();
    // z formula: (1.95996 + 0.84162) √(2/n).
    assert!(
        (found.difference / (2.801_585_218_112_9e-6 * 2.0_f64.sqrt()) - 1.0).abs() < 1e-9,
        "{found:?}"
    );
}

#[test]
fn beyond_the_ranges_there_are_errors() {
    let up = Hypothesis::superiority(Direction::Increase);
    let (level, power) = (Level::two_sided(0.05).unwrap(), Power::new(0.8).unwrap());
    let too_many = TwoMeans::new(0.0, 1e-10, 1.0, up).unwrap();
    for test in [MeanTest::Z, MeanTest::Student, MeanTest::Welch] {
        let error = too_many.with_test(test).sample_size(level, power).unwrap_err();
        assert!(matches!(error, StatsError::NoSolution { .. }), "{error}");
    }
    let harm = TwoProportions::new(0.2, 0.17, up).unwrap();
    let error = harm.sample_size(level, power).unwrap_err();
    assert!(error.to_string().contains("not above"), "{error}");
    let few = SampleSize::equal(20.0).unwrap();
    let error = TwoProportions::new(0.9, 0.95, up)
        .unwrap()
        .detectable(level, power, few)
        .unwrap_err();
    assert!(matches!(error, StatsError::NoSolution { .. }), "{error}");
    assert!(TwoProportions::new(12.0, 0.2, up).is_err());
    assert!(TwoMeans::new(0.0, f64::NAN, 1.0, up).is_err());
    assert!(
        TwoMeans::new(
            -1.0,
            1.0,
            1.0,
            Hypothesis::non_inferiority_relative(Direction::Decrease, 0.1).unwrap()
        )
        .is_err()
    );
    assert!(Dunnett::new(&[1.0; 101]).is_err());
}

#[test]
fn an_effect_out_of_reach_names_the_end_it_ran_into() {
    let few = SampleSize::equal(20.0).unwrap();
    let (level, power) = (Level::two_sided(1e-9).unwrap(), Power::new(0.8).unwrap());
    for (p0, better, end) in [
        (0.9, Direction::Increase, "of 1 "),
        (0.1, Direction::Decrease, "of 0 "),
        (0.6, Direction::Decrease, "of 0 "),
    ] {
        let design = TwoProportions::new(p0, p0, Hypothesis::superiority(better)).unwrap();
        let error = design.detectable(level, power, few).unwrap_err();
        assert!(error.to_string().contains(end), "{error}");
    }
}

/// The smallest total of Student's test is 3 at every allocation, not the float below it.
#[test]
fn the_floor_of_a_t_test_keeps_its_degree_of_freedom() {
    let (level, power) = (Level::two_sided(0.05).unwrap(), Power::new(0.8).unwrap());
    for step in 1..2000 {
        let ratio = Ratio::new(f64::from(step) * 0.013_7).unwrap();
        let design = TwoMeans::new(0.0, 1e4, 1.0, Hypothesis::superiority(Direction::Increase))
            .unwrap()
            .with_test(MeanTest::Student)
            .with_ratio(ratio);
        let n = design.sample_size(level, power).unwrap();
        assert!(
            (n.total() - 3.0).abs() < 1e-12 && design.degrees_of_freedom(n) >= 1.0,
            "{n:?}"
        );
    }
}

/// 1 − power of many looks is a sum of its own, not a difference from 1 that has lost its digits.
#[test]
fn many_looks_reach_powers_close_to_one() {
    let plan = SequentialPlan::new(
        Looks::equal(50).unwrap(),
        Level::two_sided(0.05).unwrap(),
        Boundary::Spending(Spending::OBrienFleming),
    )
    .unwrap();
    let mut before = f64::INFINITY;
    for power in [0.8, 0.99, 0.9999, 1.0 - 1e-7, 1.0 - 1e-9] {
        let inflation = plan.solve(Power::new(power).unwrap()).unwrap().inflation;
        // O'Brien–Fleming costs less and less as the power rises.
        assert!(inflation > 1.0 && inflation < before, "{power}: {inflation}");
        before = inflation;
    }
}
