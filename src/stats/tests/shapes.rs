//! Boundaries that are shapes of critical values: Wang and Tsiatis, Haybittle and Peto.

use super::super::*;

fn solved(looks: &[f64], level: Level, boundary: Boundary, futility: Option<Futility>) -> SequentialDesign {
    let plan = SequentialPlan::new(Looks::at(looks).unwrap(), level, boundary).unwrap();
    let plan = match futility {
        Some(futility) => plan.with_futility(futility).unwrap(),
        None => plan,
    };
    plan.solve(Power::new(0.8).unwrap()).unwrap()
}

fn equal(count: usize) -> Vec<f64> {
    Looks::equal(count).unwrap().fractions().to_vec()
}

fn two_sided(alpha: f64) -> Level {
    Level::two_sided(alpha).unwrap()
}

fn near(found: &[f64], wanted: &[f64], within: f64) -> bool {
    let pairs = found.iter().zip(wanted);
    found.len() == wanted.len() && pairs.into_iter().all(|(a, b)| (a - b).abs() < within)
}

/// Jennison & Turnbull 2000: tables 2.1 (Pocock), 2.3 (O'Brien and Fleming) and, at alpha 5%, section 2.7 (Wang and Tsiatis).
#[test]
fn constants_of_wang_and_tsiatis_are_those_of_the_tables() {
    // Alpha, Δ, and a constant for each number of looks.
    let tables = [
        (
            0.05,
            0.5,
            vec![(2, 2.178), (3, 2.289), (4, 2.361), (5, 2.413), (10, 2.555)],
        ),
        (0.01, 0.5, vec![(2, 2.772), (3, 2.873), (4, 2.939), (5, 2.986)]),
        (
            0.05,
            0.0,
            vec![(2, 1.977), (3, 2.004), (4, 2.024), (5, 2.040), (10, 2.087)],
        ),
        (0.01, 0.0, vec![(2, 2.580), (3, 2.595), (4, 2.609), (5, 2.621)]),
        (0.05, 0.1, vec![(2, 1.994), (3, 2.026), (4, 2.050), (5, 2.068)]),
        (0.05, 0.25, vec![(2, 2.038), (3, 2.083), (4, 2.113), (5, 2.136)]),
    ];
    for (alpha, delta, rows) in tables {
        for (looks, constant) in rows {
            let design = solved(&equal(looks), two_sided(alpha), Boundary::WangTsiatis(delta), None);
            let last = design.efficacy.last().unwrap();
            assert!((last - constant).abs() < 6e-4, "{alpha} {delta} {looks}: {last}");
        }
    }
}

/// The last value after interim looks at z = 3, two-sided 5%: a recursion with Simpson's rule on 4,001 points, scipy's `norm`
/// and `brentq`.
#[test]
fn the_last_value_of_haybittle_and_peto_uses_up_what_is_left() {
    for (looks, last) in [(2, 1.967_294), (3, 1.975_098), (4, 1.982_751), (5, 1.990_046)] {
        let design = solved(&equal(looks), two_sided(0.05), Boundary::HaybittlePeto(INTERIM_Z), None);
        let (found, before) = design.efficacy.split_last().unwrap();
        assert!((found - last).abs() < 1e-6, "{looks}: {found}");
        assert!(before.iter().all(|&z| z == 3.0));
        assert!((design.under_null.power - 0.025).abs() < 1e-12);
    }
}

/// Unequal looks, the alpha used up by each, and the cost of looking: the same recursion, on 801 points.
#[test]
fn unequal_looks_agree_with_another_recursion() {
    let looks = [0.3, 0.65, 1.0];
    for (boundary, efficacy, alpha, inflation) in [
        (
            Boundary::HaybittlePeto(3.0),
            [3.0, 3.0, 1.976_578_5],
            [0.001_349_90, 0.002_491_88, 0.025],
            1.008_165_1,
        ),
        (
            Boundary::WangTsiatis(0.25),
            [2.807_429_5, 2.313_986_5, 2.077_730_3],
            [0.002_496_93, 0.011_852_67, 0.025],
            1.052_649_3,
        ),
    ] {
        let design = solved(&looks, two_sided(0.05), boundary, None);
        assert!(near(&design.efficacy, &efficacy, 1e-6), "{:?}", design.efficacy);
        assert!(
            near(&design.cumulative_alpha, &alpha, 1e-8),
            "{:?}",
            design.cumulative_alpha
        );
        assert!((design.inflation - inflation).abs() < 1e-6, "{}", design.inflation);
    }
}

/// One-sided 2.5%, power 80%, beta spent by Hwang, Shih and DeCani's function with γ = −4, binding: the shape is kept and what
/// futility leaves of alpha is used. The same recursion, with nested `brentq` for constant and drift.
#[test]
fn binding_futility_lowers_a_shape() {
    let futility = |binding| {
        Some(Futility {
            spending: Spending::HwangShihDeCani(-4.0),
            binding,
        })
    };
    let level = Level::one_sided(0.025).unwrap();
    for (looks, boundary, efficacy, other, noncentrality) in [
        (
            vec![0.3, 0.65, 1.0],
            Boundary::HaybittlePeto(3.0),
            [3.0, 3.0, 1.966_433_3],
            [-0.833_469_3, 0.556_440_8],
            2.823_477_8,
        ),
        (
            equal(3),
            Boundary::WangTsiatis(0.25),
            [2.732_614_4, 2.297_845_7, 2.076_337_9],
            [-0.642_565_5, 0.671_994_8],
            2.889_307_6,
        ),
    ] {
        let bound = solved(&looks, level, boundary.clone(), futility(true));
        assert!(near(&bound.efficacy, &efficacy, 1e-6), "{:?}", bound.efficacy);
        let given_up = bound.futility.as_ref().unwrap();
        assert!(near(&given_up[..2], &other, 1e-6), "{given_up:?}");
        assert!(
            (bound.noncentrality - noncentrality).abs() < 1e-6,
            "{}",
            bound.noncentrality
        );
        assert!(
            (bound.under_null.power - 0.025).abs() < 1e-10,
            "{}",
            bound.under_null.power
        );

        // Not binding: the boundary of a win is the one without futility, and giving up costs power, not error.
        let free = solved(&looks, level, boundary.clone(), futility(false));
        let plain = solved(&looks, level, boundary, None);
        assert_eq!(free.efficacy, plain.efficacy);
        assert!(free.under_null.power < 0.025 && free.inflation > bound.inflation);
    }
}

/// What a shape has used up by each look, spent by itself: the same critical values.
#[test]
fn used_up_alpha_gives_the_shape_back() {
    let futility = Futility {
        spending: Spending::Power(2.0),
        binding: true,
    };
    let one_sided = Level::one_sided(0.01).unwrap();
    let looks = [0.2, 0.55, 0.8, 1.0];
    for boundary in [Boundary::WangTsiatis(0.4), Boundary::HaybittlePeto(3.0)] {
        for (level, futility) in [(two_sided(0.05), None), (one_sided, None), (one_sided, Some(futility))] {
            let shape = solved(&looks, level, boundary.clone(), futility);
            let spent = Boundary::Cumulative(shape.cumulative_alpha.clone());
            let again = solved(&looks, level, spent, futility);
            assert!(
                near(&again.efficacy, &shape.efficacy, 1e-9),
                "{boundary:?} {level:?} {:?} {:?}",
                again.efficacy,
                shape.efficacy
            );
            assert!((again.inflation - shape.inflation).abs() < 1e-9);
        }
    }
}

#[test]
fn shapes_that_spend_too_much_are_refused() {
    let plan = |boundary| SequentialPlan::new(Looks::equal(3).unwrap(), two_sided(0.05), boundary);
    let greedy = plan(Boundary::HaybittlePeto(2.0))
        .unwrap()
        .solve(Power::new(0.8).unwrap());
    let message = greedy.unwrap_err().to_string();
    assert!(message.contains("z = 2 before the end spend all"), "{message}");
    for spent in [vec![0.01, 0.025], vec![0.02, 0.01, 0.025], vec![0.01, 0.02, 0.03]] {
        assert!(plan(Boundary::Cumulative(spent.clone())).is_err(), "{spent:?}");
    }
}
