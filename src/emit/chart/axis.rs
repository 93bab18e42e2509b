//! Round numbers for axes.

/// Round numbers from zero up to `max`, about `wanted` of them: steps of 1, 2 or 5 times a power of ten.
pub(super) fn round_steps(max: f64, wanted: usize) -> Vec<f64> {
    if !(max.is_finite() && max > 0.0) || wanted == 0 {
        return vec![0.0];
    }
    let rough = max / wanted as f64;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= rough)
        .unwrap_or(10.0 * power);
    let count = (max / step + 1e-9).floor() as usize;
    (0..=count).map(|at| at as f64 * step).collect()
}

#[cfg(test)]
mod tests {
    use super::round_steps;

    #[test]
    fn steps_are_round_and_reach_the_end() {
        assert_eq!(round_steps(30.0, 6), [0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0]);
        assert_eq!(round_steps(30.0, 3), [0.0, 10.0, 20.0, 30.0]);
        assert_eq!(round_steps(0.7, 4).len(), 4);
        assert_eq!(round_steps(f64::NAN, 4), [0.0]);
    }
}
