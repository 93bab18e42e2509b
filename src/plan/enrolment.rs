//! How many units an online experiment gets by which day.
//!
//! Enrolled per day = units per day · analysed · allocation · (1 − holdout), where `analysed` is the eligible share, or 1 where
//! all assigned units are analysed. A ramp stage replaces the allocation while it lasts; its units count for the analysis only
//! when the schedule says so.

/// New distinct units a day, before eligibility.
#[derive(Debug, Clone, PartialEq)]
pub enum Supply {
    /// The same number every day.
    PerDay(f64),
    /// Distinct units seen by the end of a day, as `(day, units)` with both increasing. The curve starts at (0, 0), is
    /// straight between its points, and ends at its last one: what was not measured is not promised.
    Cumulative(Vec<(f64, f64)>),
}

impl Supply {
    /// Distinct units by `day` (fractional, from the start).
    fn by(&self, day: f64) -> f64 {
        match self {
            Self::PerDay(units) => units * day,
            Self::Cumulative(points) => {
                let mut from = (0.0, 0.0);
                for &to in points {
                    if day <= to.0 {
                        return from.1 + (to.1 - from.1) * (day - from.0) / (to.0 - from.0);
                    }
                    from = to;
                }
                from.1
            }
        }
    }

    /// Days at which the slope changes.
    fn bends(&self) -> Vec<f64> {
        match self {
            Self::PerDay(_) => Vec::new(),
            Self::Cumulative(points) => points.iter().map(|point| point.0).collect(),
        }
    }
}

/// One stage of a ramp.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RampStage {
    /// How long it lasts, in days.
    pub days: f64,
    /// Share of eligible units in the experiment meanwhile, between 0 and 1.
    pub allocation: f64,
}

/// Whether units enrolled during the ramp are analysed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RampUnits {
    /// They are left out.
    Excluded,
    /// They are analysed with the others.
    Analysed,
}

/// The flow of units into an experiment.
#[derive(Debug, Clone, PartialEq)]
pub struct Enrolment {
    /// New distinct units before eligibility.
    pub supply: Supply,
    /// Share of them that is analysed, in (0, 1]: those who reach the change, or all.
    pub analysed: f64,
    /// Share of eligible units in the experiment after the ramp, in (0, 1].
    pub allocation: f64,
    /// Share of the layer that is held out, in [0, 1).
    pub holdout: f64,
    /// The stages before full allocation.
    pub ramp: Vec<RampStage>,
    /// Whether their units are analysed.
    pub ramp_units: RampUnits,
}

impl Enrolment {
    /// Days of all ramp stages.
    pub fn ramp_days(&self) -> f64 {
        self.ramp.iter().map(|stage| stage.days).sum()
    }

    /// Whether new units follow a declared curve: then a number a day is that of its first day only.
    pub fn is_curve(&self) -> bool {
        matches!(self.supply, Supply::Cumulative(_))
    }

    /// All analysed units that ever come: those of a declared curve, which ends. `None` where units go on coming.
    pub fn ever(&self) -> Option<f64> {
        let Supply::Cumulative(points) = &self.supply else {
            return None;
        };
        let (last, _) = points.last()?;
        Some(self.analysed_by(self.ramp_days() + last))
    }

    /// Units enrolled per day at full allocation; for a curve, on its first day.
    pub fn per_day(&self) -> f64 {
        self.supply.by(1.0) * self.analysed * self.allocation * (1.0 - self.holdout)
    }

    /// Analysed units enrolled by `day` (fractional, counted from the first exposure, ramp included).
    ///
    /// A curve of distinct units is taken to look the same from whichever day it is counted, so units of the ramp come back
    /// after it: left out of the analysis they are missing there, and analysed they count once.
    pub fn analysed_by(&self, day: f64) -> f64 {
        let reach = self.analysed * (1.0 - self.holdout);
        let after = (day - self.ramp_days()).max(0.0);
        reach * (self.allocation * self.supply.by(after) + self.of_ramp(day, after))
    }

    /// What the ramp adds to the units seen since its end, or takes from them, over all that are analysed at all.
    fn of_ramp(&self, day: f64, after: f64) -> f64 {
        if let Supply::PerDay(per_day) = self.supply {
            // Each unit is there on one day only, so none comes back.
            let mut start = 0.0;
            let units = self.ramp.iter().map(|stage| {
                let days = (day - start).clamp(0.0, stage.days);
                start += stage.days;
                per_day * days * stage.allocation
            });
            return match self.ramp_units {
                RampUnits::Analysed => units.sum(),
                RampUnits::Excluded => 0.0,
            };
        }
        let (mut start, mut so_far, mut units) = (0.0, 0.0_f64, 0.0);
        for stage in &self.ramp {
            // A stage brings in a band of units that those before it left out; who is in stays in.
            let upto = stage.allocation.min(self.allocation).max(so_far);
            let (band, since) = (upto - so_far, (day - start).max(0.0));
            let before = since - after;
            units += band
                * match self.ramp_units {
                    RampUnits::Analysed => self.supply.by(since) - self.supply.by(after),
                    RampUnits::Excluded => self.supply.by(since) - self.supply.by(before) - self.supply.by(after),
                };
            so_far = upto;
            start += stage.days;
        }
        units
    }

    /// The day (fractional) by which `units` analysed units are enrolled; `None` when they never are.
    pub fn day_of(&self, units: f64) -> Option<f64> {
        let mut stage_end = 0.0;
        let mut starts = vec![0.0];
        for stage in &self.ramp {
            stage_end += stage.days;
            starts.push(stage_end);
        }
        // Each stage, and what follows on the ramp, sees the curve from its own first day.
        let curve = self.supply.bends();
        let mut bends: Vec<f64> = starts
            .iter()
            .flat_map(|start| curve.iter().map(move |day| start + day))
            .collect();
        bends.extend(&starts);
        bends.retain(|day| *day > 0.0);
        bends.sort_by(f64::total_cmp);
        let mut from = 0.0;
        // Between two bends enrolment is a straight line, so the day follows by proportion, without a search.
        for to in bends {
            if self.analysed_by(to) >= units {
                return Some(self.on_line(from, to, units));
            }
            from = to;
        }
        let next = from + 1.0;
        let slope = self.analysed_by(next) - self.analysed_by(from);
        (slope > 0.0).then(|| from + (units - self.analysed_by(from)).max(0.0) / slope)
    }

    fn on_line(&self, from: f64, to: f64, units: f64) -> f64 {
        let (low, high) = (self.analysed_by(from), self.analysed_by(to));
        if high > low {
            from + (to - from) * (units - low).max(0.0) / (high - low)
        } else {
            from
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn flat(per_day: f64) -> Enrolment {
        Enrolment {
            supply: Supply::PerDay(per_day),
            analysed: 1.0,
            allocation: 1.0,
            holdout: 0.0,
            ramp: Vec::new(),
            ramp_units: RampUnits::Excluded,
        }
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn constant_traffic_divides() {
        assert!(near(flat(20_000.0).day_of(135_898.0).unwrap(), 6.7949));
    }

    #[test]
    fn a_curve_ends_and_steady_traffic_does_not() {
        assert_eq!(flat(20_000.0).ever(), None);
        let curve = Enrolment {
            supply: Supply::Cumulative(vec![(1.0, 20_000.0), (28.0, 200_000.0)]),
            allocation: 0.5,
            ..flat(0.0)
        };
        assert!(near(curve.ever().unwrap(), 100_000.0));
        assert_eq!(curve.day_of(100_001.0), None);
    }

    #[test]
    fn shares_multiply() {
        let flow = Enrolment {
            analysed: 0.9,
            allocation: 0.5,
            holdout: 0.05,
            ..flat(20_000.0)
        };
        assert!(near(flow.per_day(), 8_550.0));
        assert!(near(flow.analysed_by(2.0), 17_100.0));
    }

    #[test]
    fn a_ramp_delays_and_its_units_count_only_when_asked() {
        let ramp = vec![
            RampStage {
                days: 1.0,
                allocation: 0.01,
            },
            RampStage {
                days: 2.0,
                allocation: 0.1,
            },
        ];
        let excluded = Enrolment {
            ramp: ramp.clone(),
            ..flat(1_000.0)
        };
        assert!(near(excluded.day_of(500.0).unwrap(), 3.5));
        let analysed = Enrolment {
            ramp,
            ramp_units: RampUnits::Analysed,
            ..flat(1_000.0)
        };
        assert!(near(analysed.analysed_by(3.0), 210.0));
        assert!(near(analysed.day_of(110.0).unwrap(), 2.0));
        assert!(near(analysed.day_of(710.0).unwrap(), 3.5));
    }

    #[test]
    fn a_curve_bends_and_ends() {
        let curve = Enrolment {
            supply: Supply::Cumulative(vec![(1.0, 20_000.0), (7.0, 95_000.0), (14.0, 150_000.0)]),
            ..flat(0.0)
        };
        assert!(near(curve.day_of(20_000.0).unwrap(), 1.0));
        assert!(near(curve.day_of(57_500.0).unwrap(), 4.0));
        assert!(near(curve.day_of(150_000.0).unwrap(), 14.0));
        assert_eq!(curve.day_of(150_001.0), None);
    }

    /// 95,000 of the 200,000 that come in four weeks have been seen in the week before. Of them 40% were in the ramp, and of
    /// all 50% are in the experiment.
    #[test]
    fn who_was_in_the_ramp_of_a_curve_is_counted_once_or_not_at_all() {
        let points = vec![(1.0, 20_000.0), (7.0, 95_000.0), (14.0, 150_000.0), (28.0, 200_000.0)];
        let excluded = Enrolment {
            supply: Supply::Cumulative(points),
            analysed: 0.8,
            allocation: 0.5,
            ramp: vec![RampStage {
                days: 7.0,
                allocation: 0.4,
            }],
            ..flat(0.0)
        };
        assert!(near(
            excluded.analysed_by(35.0),
            0.8 * (0.5 * 200_000.0 - 0.4 * 95_000.0)
        ));
        assert!(near(excluded.analysed_by(7.0), 0.0));
        let analysed = Enrolment {
            ramp_units: RampUnits::Analysed,
            ..excluded.clone()
        };
        assert!(near(analysed.analysed_by(7.0), 0.8 * 0.4 * 95_000.0));
        assert!(near(
            analysed.analysed_by(14.0),
            0.8 * (0.4 * 150_000.0 + 0.1 * 95_000.0)
        ));
        for flow in [excluded, analysed] {
            for units in [1_000.0, 20_000.0, 49_000.0] {
                assert!((flow.analysed_by(flow.day_of(units).unwrap()) - units).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn the_day_of_a_size_enrols_that_size() {
        let flow = Enrolment {
            supply: Supply::Cumulative(vec![(1.0, 9_000.0), (3.0, 11_000.0), (30.0, 90_000.0)]),
            ramp: vec![RampStage {
                days: 2.0,
                allocation: 0.2,
            }],
            ..flat(0.0)
        };
        // 9,000 on the first day after the ramp, less a fifth of those who come back: 10,000 + 9,000 − 11,000.
        assert!(near(flow.analysed_by(3.0), 9_000.0 - 0.2 * 8_000.0));
        for units in [1.0, 1_500.0, 3_000.0, 40_000.0] {
            assert!((flow.analysed_by(flow.day_of(units).unwrap()) - units).abs() < 1e-6);
        }
    }
}
