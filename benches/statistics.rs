//! How long single solves take: `cargo bench --bench statistics`.
#![allow(clippy::unwrap_used, missing_docs)]

use abide::stats::{Direction, Dunnett, Hypothesis, Level, Power, SampleSize, TwoMeans, TwoProportions};
use divan::black_box;

fn main() {
    divan::main();
}

fn level() -> Level {
    Level::two_sided(black_box(0.05)).unwrap()
}

fn power() -> Power {
    Power::new(black_box(0.8)).unwrap()
}

fn increase() -> Hypothesis {
    Hypothesis::superiority(Direction::Increase)
}

#[divan::bench]
fn two_proportions_n() -> SampleSize {
    let design = TwoProportions::new(black_box(0.05), black_box(0.0525), increase()).unwrap();
    design.sample_size(level(), power()).unwrap()
}

/// One event in a million.
#[divan::bench]
fn rare_proportion_n() -> SampleSize {
    let design = TwoProportions::new(black_box(1e-6), black_box(1.1e-6), increase()).unwrap();
    design.sample_size(level(), power()).unwrap()
}

/// Against a margin: the restricted estimate of Farrington and Manning.
#[divan::bench]
fn non_inferior_proportion_n() -> SampleSize {
    let hypothesis = Hypothesis::non_inferiority(Direction::Increase, black_box(0.01)).unwrap();
    let design = TwoProportions::new(black_box(0.62), black_box(0.62), hypothesis).unwrap();
    design.sample_size(level(), power()).unwrap()
}

/// Welch's test by the noncentral t.
#[divan::bench]
fn welch_n() -> SampleSize {
    let design = TwoMeans::new(black_box(3.75), black_box(3.9375), black_box(30.0), increase()).unwrap();
    design.sample_size(level(), power()).unwrap()
}

/// The same where few units are enough and the t distribution is far from normal.
#[divan::bench]
fn welch_small_n() -> SampleSize {
    let design = TwoMeans::new(black_box(0.0), black_box(2.0), black_box(1.0), increase()).unwrap();
    design.sample_size(level(), power()).unwrap()
}

#[divan::bench]
fn dunnett_three_arms() -> f64 {
    Dunnett::new(black_box(&[1.0, 1.0, 1.0]))
        .unwrap()
        .critical_value(level())
        .unwrap()
}

/// Unequal arms, and a variance estimated on 30 degrees of freedom.
#[divan::bench]
fn dunnett_unequal_arms_estimated_variance() -> f64 {
    let design = Dunnett::new(black_box(&[0.5, 0.75, 1.0])).unwrap();
    design
        .with_degrees_of_freedom(30.0)
        .unwrap()
        .critical_value(level())
        .unwrap()
}
