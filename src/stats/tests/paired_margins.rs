//! Margins between paired proportions: sizes and powers computed elsewhere.
//!
//! The references maximise the likelihood of the three kinds of pairs under the margin by root finding on its derivative (scipy
//! 1.17 `brentq`), not by the closed form, and sum the trinomial probabilities of all tables that the test rejects.

use super::super::*;
use Direction::Increase;

struct Reference {
    only_control: f64,
    only_treatment: f64,
    margin: f64,
    tail: f64,
    power: f64,
    pairs: f64,
    counted: f64,
}

impl Reference {
    fn of(truth: (f64, f64), (margin, tail, power): (f64, f64, f64), (pairs, counted): (f64, f64)) -> Self {
        Self {
            only_control: truth.0,
            only_treatment: truth.1,
            margin,
            tail,
            power,
            pairs,
            counted,
        }
    }

    fn truth(&self) -> PairedProportions {
        PairedProportions::from_discordant(self.only_control, self.only_treatment).unwrap()
    }

    fn power(&self) -> Power {
        Power::new(self.power).unwrap()
    }

    fn agree(&self, pairs: f64, counted: f64) {
        assert!((pairs / self.pairs - 1.0).abs() < 1e-9, "{pairs} for {}", self.pairs);
        assert!((counted - self.counted).abs() < 1e-9, "{counted} for {}", self.counted);
    }
}

fn held_against(hypothesis: impl Fn(f64) -> Hypothesis, references: &[Reference]) {
    for reference in references {
        let (level, hypothesis) = (Level::one_sided(reference.tail).unwrap(), hypothesis(reference.margin));
        let test = reference.truth().test(hypothesis).unwrap();
        let pairs = test.sample_size(level, reference.power()).unwrap();
        let counted = reference.truth().margin_rejection(level, hypothesis, pairs.ceil());
        reference.agree(pairs, counted.unwrap());
    }
}

#[test]
fn sizes_of_non_inferior_pairs_are_those_of_the_likelihood() {
    held_against(
        |margin| Hypothesis::non_inferiority(Increase, margin).unwrap(),
        &[
            Reference::of(
                (0.01, 0.01),
                (0.05, 0.025, 0.8),
                (139.728_937_894_050_6, 0.821_874_078_910_392_9),
            ),
            Reference::of(
                (0.01, 0.01),
                (0.1, 0.025, 0.9),
                (63.916_580_880_809_704, 0.916_429_870_961_750_7),
            ),
            Reference::of(
                (0.025, 0.025),
                (0.05, 0.025, 0.8),
                (214.927_806_239_358_52, 0.836_266_975_542_461_2),
            ),
            Reference::of(
                (0.05, 0.05),
                (0.1, 0.05, 0.9),
                (107.416_439_246_116_6, 0.922_684_083_766_071_5),
            ),
            Reference::of(
                (0.1, 0.1),
                (0.05, 0.025, 0.8),
                (643.342_736_897_900_3, 0.804_125_847_107_942),
            ),
            Reference::of(
                (0.15, 0.12),
                (0.1, 0.025, 0.9),
                (588.467_934_599_675_5, 0.902_668_481_431_271_4),
            ),
            Reference::of(
                (0.02, 0.06),
                (0.05, 0.025, 0.8),
                (98.650_935_520_134_74, 0.847_778_599_986_681_7),
            ),
        ],
    );
}

#[test]
fn sizes_of_pairs_that_must_beat_a_margin_are_those_of_the_likelihood() {
    held_against(
        |margin| Hypothesis::superiority_by(Increase, margin).unwrap(),
        &[
            Reference::of(
                (0.05, 0.15),
                (0.05, 0.025, 0.8),
                (589.122_013_263_787_2, 0.805_233_242_071_267_7),
            ),
            Reference::of(
                (0.01, 0.09),
                (0.02, 0.025, 0.9),
                (261.487_611_384_491_63, 0.932_268_487_555_666_9),
            ),
            Reference::of(
                (0.1, 0.3),
                (0.1, 0.025, 0.8),
                (289.948_493_116_617_04, 0.803_688_465_264_457_7),
            ),
        ],
    );
}

#[test]
fn sizes_of_equivalent_pairs_are_those_of_the_likelihood() {
    for reference in [
        Reference::of(
            (0.01, 0.01),
            (0.05, 0.025, 0.8),
            (170.694_497_686_325_32, 0.826_451_335_024_826_7),
        ),
        Reference::of(
            (0.05, 0.05),
            (0.1, 0.05, 0.9),
            (132.550_371_618_225_7, 0.918_029_013_576_547_2),
        ),
        Reference::of(
            (0.1, 0.08),
            (0.1, 0.025, 0.8),
            (245.225_844_977_299_66, 0.814_189_943_598_135_1),
        ),
    ] {
        let alpha = Alpha::new(reference.tail).unwrap();
        let (margins, sd) = reference.truth().equivalence(reference.margin).unwrap();
        let pairs = margins.sample_size_z(alpha, reference.power(), sd).unwrap();
        let counted = reference
            .truth()
            .equivalence_rejection(alpha, reference.margin, pairs.ceil());
        reference.agree(pairs, counted.unwrap());
    }
}

/// What is an increase of events is a decrease of non-events.
#[test]
fn both_directions_ask_for_the_same_pairs() {
    let (level, power) = (Level::one_sided(0.025).unwrap(), Power::new(0.8).unwrap());
    let size = |better, only_control, only_treatment| {
        let margin = Hypothesis::non_inferiority(better, 0.05).unwrap();
        let pairs = PairedProportions::from_discordant(only_control, only_treatment).unwrap();
        pairs.test(margin).unwrap().sample_size(level, power).unwrap()
    };
    let (up, down) = (size(Increase, 0.02, 0.06), size(Direction::Decrease, 0.06, 0.02));
    assert!((up / down - 1.0).abs() < 1e-12, "{up} {down}");
}
