//! Which arms an experiment sets against which.

use super::experiment::Arm;
use crate::language::{self, DesignKind, values::Scalar};

/// Two sets of arms that are compared: an arm and control, or in a factorial design all arms with one level of a factor and
/// all arms with the level that control has.
#[derive(Debug, Clone, PartialEq)]
pub struct Contrast {
    /// The id of the arm, or `factor=level`.
    pub id: String,
    /// Positions of the arms whose units are asked about.
    pub treated: Vec<usize>,
    /// Positions of the arms they are compared with.
    pub reference: Vec<usize>,
    /// Share of all units in the treated arms.
    pub treated_share: f64,
    /// Share of all units in the arms they are compared with.
    pub reference_share: f64,
}

impl Contrast {
    fn new(id: String, arms: &[Arm], treated: Vec<usize>, reference: Vec<usize>) -> Self {
        let share = |of: &[usize]| {
            of.iter()
                .filter_map(|arm| arms.get(*arm))
                .map(|arm| arm.share.to_f64())
                .sum()
        };
        Self {
            treated_share: share(&treated),
            reference_share: share(&reference),
            id,
            treated,
            reference,
        }
    }

    /// Whether it compares levels of a factor, over several arms.
    pub fn pools_arms(&self) -> bool {
        self.treated.len() + self.reference.len() > 2
    }
}

/// Every comparison that is tested, in the order of the spec; empty without a single control arm.
///
/// The main effect of a factor compares the arms with one of its levels, whatever their other levels, with the arms with
/// control's level. It is the effect averaged over the other factors as their arms are weighted.
pub(super) fn contrasts(design: Option<&language::Design>, arms: &[Arm]) -> Vec<Contrast> {
    let mut controls = arms.iter().enumerate().filter(|(_, arm)| arm.control);
    let (Some((control, usual)), None) = (controls.next(), controls.next()) else {
        return Vec::new();
    };
    match design.filter(|design| design.kind == Some(DesignKind::Factorial)) {
        Some(design) => design
            .factors
            .iter()
            .flat_map(|(factor, levels)| main_effects(arms, factor, levels, usual))
            .collect(),
        None => arms
            .iter()
            .enumerate()
            .filter(|(_, arm)| !arm.control)
            .map(|(position, arm)| Contrast::new(arm.id.clone(), arms, vec![position], vec![control]))
            .collect(),
    }
}

fn main_effects(arms: &[Arm], factor: &str, levels: &[Scalar], control: &Arm) -> Vec<Contrast> {
    let usual = control.declared.levels.get(factor);
    let with = |level: Option<&Scalar>| {
        let has = |arm: &Arm| arm.declared.levels.get(factor) == level;
        arms.iter()
            .enumerate()
            .filter(|(_, arm)| has(arm))
            .map(|(position, _)| position)
            .collect::<Vec<_>>()
    };
    levels
        .iter()
        .filter(|level| Some(*level) != usual)
        .map(|level| Contrast::new(format!("{factor}={level}"), arms, with(Some(level)), with(usual)))
        .filter(|contrast| !contrast.treated.is_empty())
        .collect()
}
