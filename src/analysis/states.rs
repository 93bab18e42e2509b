//! What can be said of a metric: win, null, unresolved, loss; pass, worse, unresolved, breach. Total functions.

use super::evidence::Interval;
use crate::language::{GuardrailState, Primaries, PrimaryState};

/// An effect as seen in the beneficial direction: above zero is good. Ends may be infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// Where the sign is judged.
    pub sign: Interval,
    /// On the scale of the MDE or margin; `None` where the data give no bounds on it.
    pub asked: Option<Interval>,
    /// How far the lower bound is beyond the margin that must be beaten, on the margin's scale; `None` without one.
    pub beyond_margin: Option<f64>,
    /// The estimate on the scale of what is worthwhile.
    pub estimate: Option<f64>,
}

/// A superiority primary. `mde` is a magnitude on the scale of [`Seen::asked`], `worthwhile` on that of [`Seen::estimate`].
///
/// `win`: the lower bound is above 0, and beyond the margin where there is one, and the estimate at least worthwhile. `loss`: the upper bound is below 0. `null`: no loss,
/// and the upper bound is below the MDE. Else `unresolved`.
pub fn superiority(seen: Seen, mde: Option<f64>, worthwhile: Option<f64>) -> PrimaryState {
    let reaches = worthwhile.is_none_or(|least| seen.estimate.is_some_and(|estimate| estimate >= least));
    let ruled_out = mde.zip(seen.asked).is_some_and(|(mde, interval)| interval.upper < mde);
    let beaten = seen.beyond_margin.is_none_or(|distance| distance > 0.0);
    if seen.sign.upper < 0.0 {
        PrimaryState::Loss
    } else if seen.sign.lower > 0.0 && beaten && reaches {
        PrimaryState::Win
    } else if ruled_out {
        PrimaryState::Null
    } else {
        PrimaryState::Unresolved
    }
}

/// A metric that must not be worse by its margin, a magnitude on the scale of [`Seen::asked`].
///
/// `pass`: the lower bound is above −margin. `worse`: so it is, yet the upper bound is below 0. `breach`: the lower bound is
/// not above −margin, and the upper bound is below 0. Else `unresolved`.
pub fn non_inferiority(seen: Seen, margin: f64) -> GuardrailState {
    guardrail(
        seen.asked.is_some_and(|interval| interval.lower > -margin),
        seen.sign.upper < 0.0,
    )
}

/// A metric that must stay within its margin on both sides (two one-sided tests): as [`non_inferiority`], with the upper bound
/// below the margin too.
pub fn equivalence(seen: Seen, margin: f64) -> GuardrailState {
    let within = seen
        .asked
        .is_some_and(|interval| interval.lower > -margin && interval.upper < margin);
    let harmed = seen.asked.is_none_or(|interval| interval.lower <= -margin);
    match (within, seen.sign.upper < 0.0) {
        // Too good is no harm, and no equivalence either.
        (false, true) if !harmed => GuardrailState::Unresolved,
        (within, worse) => guardrail(within, worse),
    }
}

fn guardrail(holds: bool, worse: bool) -> GuardrailState {
    match (holds, worse) {
        (true, false) => GuardrailState::Pass,
        (true, true) => GuardrailState::Worse,
        (false, false) => GuardrailState::Unresolved,
        (false, true) => GuardrailState::Breach,
    }
}

/// What a non-inferiority or equivalence test says of a primary: to hold the margin is what was asked, so it is a win, and a
/// loss within the margin was accepted beforehand. There is no null: such a test has no MDE.
pub fn held(state: GuardrailState) -> PrimaryState {
    match state {
        GuardrailState::Pass | GuardrailState::Worse => PrimaryState::Win,
        GuardrailState::Unresolved => PrimaryState::Unresolved,
        GuardrailState::Breach => PrimaryState::Loss,
    }
}

/// A guardrail that is asked to get better rather than not to get worse.
pub fn improved(state: PrimaryState) -> GuardrailState {
    match state {
        PrimaryState::Win => GuardrailState::Pass,
        PrimaryState::Null | PrimaryState::Unresolved => GuardrailState::Unresolved,
        PrimaryState::Loss => GuardrailState::Breach,
    }
}

/// All primaries together. `superior` are those that are asked to win, `holding` those that must hold a margin.
///
/// One loss is a loss. With `any`, one of the superior ones must win, and all that must hold must hold; with `all`, all must win.
/// `null`: no win can come any more. `None` without primaries.
pub fn together(superior: &[PrimaryState], holding: &[PrimaryState], primaries: Primaries) -> Option<PrimaryState> {
    let all = || superior.iter().chain(holding).copied();
    all().next()?;
    if all().any(|state| state == PrimaryState::Loss) {
        return Some(PrimaryState::Loss);
    }
    let won = |states: &[PrimaryState]| states.iter().all(|state| *state == PrimaryState::Win);
    let (wins, nulls) = match primaries {
        Primaries::Any if superior.is_empty() => (true, false),
        Primaries::Any => (
            superior.contains(&PrimaryState::Win),
            superior.iter().all(|state| *state == PrimaryState::Null),
        ),
        Primaries::All => (won(superior), superior.contains(&PrimaryState::Null)),
    };
    Some(if wins && won(holding) {
        PrimaryState::Win
    } else if nulls {
        PrimaryState::Null
    } else {
        PrimaryState::Unresolved
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seen(lower: f64, upper: f64) -> Seen {
        let interval = Interval { lower, upper };
        Seen {
            sign: interval,
            asked: Some(interval),
            beyond_margin: None,
            estimate: Some(0.5 * (lower + upper)),
        }
    }

    #[test]
    fn a_margin_that_must_be_beaten_makes_a_win_of_less() {
        let of = |lower: f64, upper: f64| {
            let beyond_margin = Some(lower - 0.02);
            superiority(
                Seen {
                    beyond_margin,
                    ..seen(lower, upper)
                },
                Some(0.05),
                None,
            )
        };
        assert_eq!(of(0.03, 0.09), PrimaryState::Win);
        // Better than control beyond doubt, and not by enough.
        assert_eq!(of(0.01, 0.09), PrimaryState::Unresolved);
        assert_eq!(of(0.01, 0.04), PrimaryState::Null);
        assert_eq!(of(-0.09, -0.01), PrimaryState::Loss);
    }

    #[test]
    fn primaries_are_as_the_language_says() {
        let of = |lower, upper| superiority(seen(lower, upper), Some(0.05), Some(0.02));
        assert_eq!(of(0.01, 0.06), PrimaryState::Win);
        // Significant, and too small to be worth it.
        assert_eq!(of(0.001, 0.02), PrimaryState::Null);
        assert_eq!(of(-0.01, 0.04), PrimaryState::Null);
        assert_eq!(of(-0.01, 0.06), PrimaryState::Unresolved);
        assert_eq!(of(-0.04, -0.01), PrimaryState::Loss);
        assert_eq!(of(0.0, 0.06), PrimaryState::Unresolved);
    }

    #[test]
    fn guardrails_are_as_the_language_says() {
        let of = |lower, upper| non_inferiority(seen(lower, upper), 0.02);
        assert_eq!(of(-0.01, 0.01), GuardrailState::Pass);
        assert_eq!(of(-0.01, -0.001), GuardrailState::Worse);
        assert_eq!(of(-0.03, 0.01), GuardrailState::Unresolved);
        assert_eq!(of(-0.03, -0.001), GuardrailState::Breach);
        assert_eq!(of(-0.02, -0.001), GuardrailState::Breach);
        let twice = |lower, upper| equivalence(seen(lower, upper), 0.02);
        assert_eq!(twice(-0.01, 0.01), GuardrailState::Pass);
        assert_eq!(twice(-0.01, 0.03), GuardrailState::Unresolved);
        assert_eq!(twice(-0.03, -0.01), GuardrailState::Breach);
    }

    #[test]
    fn several_primaries_read_as_one() {
        use PrimaryState::{Loss, Null, Unresolved, Win};
        let any = |superior: &[_], holding: &[_]| together(superior, holding, Primaries::Any);
        let all = |superior: &[_], holding: &[_]| together(superior, holding, Primaries::All);
        assert_eq!(any(&[Win, Null], &[]), Some(Win));
        assert_eq!(all(&[Win, Null], &[]), Some(Null));
        assert_eq!(any(&[Win, Loss], &[]), Some(Loss));
        assert_eq!(any(&[Win], &[Unresolved]), Some(Unresolved));
        assert_eq!(any(&[], &[Win, Win]), Some(Win));
        assert_eq!(any(&[Null, Unresolved], &[]), Some(Unresolved));
        assert_eq!(any(&[], &[]), None);
    }

    /// Any float at all, infinities and NaN included.
    fn anything() -> impl Strategy<Value = f64> {
        prop_oneof![
            proptest::num::f64::ANY,
            Just(f64::INFINITY),
            Just(f64::NEG_INFINITY),
            Just(f64::NAN),
            -1.0..1.0
        ]
    }

    proptest! {
        /// Whatever the data say, there is a state, and it never claims what the bounds do not show.
        #[test]
        fn states_are_total_and_claim_nothing_without_bounds(
            ends in [anything(), anything(), anything(), anything()],
            estimate in proptest::option::of(anything()),
            beyond in proptest::option::of(anything()),
            known in any::<bool>(),
            mde in proptest::option::of(0.001..1.0),
            least in proptest::option::of(0.001..1.0),
            margin in 0.001..1.0,
        ) {
            let seen = Seen {
                sign: Interval { lower: ends[0], upper: ends[1] },
                asked: known.then_some(Interval { lower: ends[2], upper: ends[3] }),
                beyond_margin: beyond,
                estimate,
            };
            let primary = superiority(seen, mde, least);
            prop_assert!(primary != PrimaryState::Win || seen.sign.lower > 0.0 && beyond.is_none_or(|beyond| beyond > 0.0));
            prop_assert!(primary != PrimaryState::Loss || seen.sign.upper < 0.0);
            let guardrail = non_inferiority(seen, margin);
            prop_assert!(!matches!(guardrail, GuardrailState::Pass | GuardrailState::Worse) || (known && ends[2] > -margin));
            prop_assert!(equivalence(seen, margin) != GuardrailState::Pass || known && ends[3] < margin);
        }
    }
}
