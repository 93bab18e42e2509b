//! Which arms an experiment sets against which.

use super::experiment::{Arm, Experiment};
use crate::language::DesignKind;

/// Two sets of arms that are compared: an arm and control, or in a factorial design all arms with one level of a factor and
/// all arms with the level that control has.
#[derive(Debug, Clone)]
pub struct Contrast<'a> {
    /// The id of the arm, or `factor=level`.
    pub id: String,
    /// The arms whose units are asked about.
    pub treated: Vec<&'a Arm>,
    /// The arms they are compared with.
    pub reference: Vec<&'a Arm>,
}

impl Contrast<'_> {
    /// Share of all units in the treated arms.
    pub fn treated_share(&self) -> f64 {
        self.treated.iter().map(|arm| arm.share.to_f64()).sum()
    }

    /// Share of all units in the arms they are compared with.
    pub fn reference_share(&self) -> f64 {
        self.reference.iter().map(|arm| arm.share.to_f64()).sum()
    }
}

impl Experiment {
    /// Every comparison that is tested, in the order of the spec; empty without a control arm.
    ///
    /// The main effect of a factor compares the arms with one of its levels, whatever their other levels, with the arms
    /// with control's level. It is the effect averaged over the other factors as their arms are weighted.
    pub fn contrasts(&self) -> Vec<Contrast<'_>> {
        let Some(control) = self.control() else {
            return Vec::new();
        };
        let design = self.spec.design.as_ref();
        match design.filter(|_| self.is_of(DesignKind::Factorial)) {
            Some(design) => design
                .factors
                .keys()
                .flat_map(|factor| self.main_effects(factor, control))
                .collect(),
            None => self
                .treatments()
                .map(|arm| Contrast {
                    id: arm.id.clone(),
                    treated: vec![arm],
                    reference: vec![control],
                })
                .collect(),
        }
    }

    fn main_effects<'a>(&'a self, factor: &'a str, control: &'a Arm) -> impl Iterator<Item = Contrast<'a>> {
        let at = move |arm: &Arm| arm.declared.levels.get(factor).cloned();
        let usual = at(control);
        let with = move |level: &Option<_>| self.arms.iter().filter(|arm| at(arm) == *level).collect::<Vec<_>>();
        let levels = self.spec.design.as_ref().and_then(|design| design.factors.get(factor));
        levels.into_iter().flatten().filter_map(move |level| {
            let level = Some(level.clone());
            let contrast = Contrast {
                id: format!("{factor}={}", level.as_ref()?),
                treated: with(&level),
                reference: with(&usual),
            };
            (level != usual && !contrast.treated.is_empty()).then_some(contrast)
        })
    }
}
