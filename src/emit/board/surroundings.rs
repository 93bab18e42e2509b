//! What surrounds a plan: the calendar, other experiments, judges, prices, and what further compilations say of it. Plain
//! values that other stages fill in; each part may be absent.

use crate::plan::JudgeBias;

/// Facts around one experiment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Surroundings {
    /// Days of the workspace's calendar.
    pub calendar: Vec<CalendarDays>,
    /// Other experiments of the workspace that run at the same time and have something in common with this one.
    pub neighbours: Vec<Neighbour>,
    /// Whether other experiments were looked for at all.
    pub neighbours_known: bool,
    /// What judges make of true levels, for each metric that a judge with known errors reads.
    pub judges: Vec<JudgeReading>,
    /// What the change is worth, over what a success is worth.
    pub net_value: Option<NetValueLine>,
    /// When each planned look is reached.
    pub looks: Vec<LookDay>,
    /// The ISO code of the currency of the workspace.
    pub currency: Option<String>,
    /// The goal that the experiment serves.
    pub goal: Option<Goal>,
    /// Share of the layer that holdouts keep out, between 0 and 1.
    pub holdout: f64,
}

/// Days with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDays {
    /// What they are: `holiday freeze`.
    pub name: String,
    /// The first day, `2026-12-19`.
    pub from: String,
    /// The last day.
    pub to: String,
}

/// Another experiment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neighbour {
    /// Its id.
    pub id: String,
    /// The status it claims.
    pub status: String,
    /// Its first day.
    pub from: String,
    /// The day of its decision.
    pub to: String,
    /// Parameters that both set.
    pub parameters: Vec<String>,
    /// The surface that both change.
    pub surface: Option<String>,
    /// The layer that both take units from.
    pub layer: Option<Layer>,
}

/// A layer that two experiments have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// Its id.
    pub id: String,
    /// Whether a unit is in one experiment of it at most.
    pub exclusive: bool,
}

/// A goal of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    /// What people call it.
    pub title: String,
    /// The metric that it is about.
    pub north_star: Option<String>,
}

/// What a judge makes of one metric, at the baseline and after the effect that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgeReading {
    /// The metric.
    pub metric: String,
    /// Share of true events that it finds.
    pub sensitivity: Share,
    /// Share of true non-events that it leaves alone.
    pub specificity: Share,
    /// The part of a true difference that is left: Se + Sp − 1.
    pub attenuation: f64,
    /// True level in control.
    pub true_control: f64,
    /// True level in the arm, if the effect that is asked for is there.
    pub true_arm: f64,
    /// Level in control, as judged.
    pub judged_control: f64,
    /// Level in the arm, as judged.
    pub judged_arm: f64,
    /// Difference that a specificity lower by one point in one arm fakes.
    pub faked_by_one_point: f64,
    /// The difference that is shown without an effect, for each arm with errors of its own.
    pub biases: Vec<JudgeBias>,
}

/// A share with its 95% interval, where the number of labels is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// The share.
    pub value: f64,
    /// Its interval.
    pub interval: Option<(f64, f64)>,
}

/// Net value over the horizon against the value of one success: straight lines.
#[derive(Debug, Clone, PartialEq)]
pub struct NetValueLine {
    /// The metric whose gain is worth money.
    pub success: String,
    /// The metric whose rise costs money.
    pub cost: String,
    /// Gain in successes per unit that the lines take for true.
    pub gain: f64,
    /// What a success is worth, as the spec declares it.
    pub declared: f64,
    /// The horizon in days.
    pub horizon_days: f64,
    /// One line per rise of the cost.
    pub lines: Vec<ValueLine>,
}

/// Net value at one rise of the cost.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueLine {
    /// Rise of the cost per unit.
    pub cost_rise: f64,
    /// Value of a success, and net value over the horizon.
    pub points: Vec<(f64, f64)>,
    /// Net value at the declared value of a success.
    pub at_declared: f64,
    /// Value of a success at which the change pays for itself over the horizon.
    pub break_even: Option<f64>,
}

/// When a look is reached.
#[derive(Debug, Clone, PartialEq)]
pub struct LookDay {
    /// Units over all arms.
    pub units: u64,
    /// Days from the first exposure.
    pub day: f64,
    /// The date, when the spec has a start.
    pub date: Option<String>,
}

/// What further compilations of the spec say of its plan.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Studies {
    /// Assumptions over the interval that their own data leave open, the largest swing first.
    pub swings: Vec<Swing>,
    /// Assumptions whose data do not say how sure they are, tried over conventional intervals.
    pub by_convention: Vec<String>,
    /// What would make a plan that does not fit smaller or shorter.
    pub routes: Vec<Route>,
    /// The plan over a range of effects, powers and traffic.
    pub grid: Option<Grid>,
}

/// One assumption at both ends of its interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Swing {
    /// Dotted address in the spec.
    pub path: String,
    /// What the spec assumes.
    pub assumed: f64,
    /// Where the interval comes from.
    pub because: String,
    /// The lower end.
    pub low: SwingEnd,
    /// The upper end.
    pub high: SwingEnd,
}

/// One end of an interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SwingEnd {
    /// The value.
    pub value: f64,
    /// Units over all arms there; absent where the experiment cannot have that value.
    pub total: Option<u64>,
}

/// One thing that would make a plan smaller, compiled in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// What is done.
    pub what: String,
    /// The flags of `abide plan` that reproduce it.
    pub flags: Vec<String>,
    /// Units over all arms.
    pub total: Option<u64>,
    /// Days to the decision.
    pub days: Option<u32>,
    /// Whether it fits what is planned and available then.
    pub fits: Option<bool>,
}

/// The plan over combinations of values, each a full compilation.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// The metric whose effect varies.
    pub metric: String,
    /// The axes, slowest first: the effect, the power and, where traffic is a number a day, traffic.
    pub axes: Vec<GridAxis>,
    /// One entry per combination, the last axis running fastest.
    pub points: Vec<GridPoint>,
}

/// One axis of a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct GridAxis {
    /// Dotted address in the spec.
    pub path: String,
    /// Its values by rising size.
    pub values: Vec<f64>,
    /// Which of them the spec declares.
    pub declared: usize,
}

/// The plan at one combination.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GridPoint {
    /// Units over all arms; absent where the plan is incomplete.
    pub total: Option<u64>,
    /// Days to the decision; absent for replays, and where traffic never gives as many.
    pub days: Option<u32>,
    /// The metric that asks for the most.
    pub binding: Option<String>,
}

impl Grid {
    /// The plan at one position of each axis.
    pub fn at(&self, position: &[usize]) -> Option<&GridPoint> {
        let mut index = 0;
        for (axis, at) in self.axes.iter().zip(position) {
            if *at >= axis.values.len() {
                return None;
            }
            index = index * axis.values.len() + at;
        }
        self.points.get(index)
    }

    /// The position of what the spec declares.
    pub fn declared(&self) -> Vec<usize> {
        self.axes.iter().map(|axis| axis.declared).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_axis_runs_fastest() {
        let axis = |count: u32, declared| GridAxis {
            path: String::new(),
            values: (0..count).map(f64::from).collect(),
            declared,
        };
        let grid = Grid {
            metric: "m".to_owned(),
            axes: vec![axis(2, 1), axis(3, 0)],
            points: (0..6)
                .map(|n| GridPoint {
                    total: Some(n),
                    ..GridPoint::default()
                })
                .collect(),
        };
        let total = |position: &[usize]| grid.at(position).and_then(|point| point.total);
        assert_eq!(total(&[0, 2]), Some(2));
        assert_eq!(total(&[1, 0]), Some(3));
        assert_eq!(total(&grid.declared()), Some(3));
        assert_eq!(total(&[2, 0]), None);
    }
}
