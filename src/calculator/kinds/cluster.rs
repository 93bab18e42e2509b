//! Whole clusters randomised: means and proportions, by a t test of cluster means.

use super::super::adjust::{clusters, need};
use super::super::answer::{Adjustment, Effect};
use super::super::design::{Comparison, Design, Layout, Method, Smallest, probit, smallest_margin};
use super::super::fault::{Fault, Result};
use super::super::kind::Kind;
use super::super::question::{Margin, Question};
use super::super::request::Request;
use super::super::root;
use super::super::text::number;
use super::proportion::standard_deviation;
use crate::language::Test;
use crate::stats::{ClusteredMeans, Clusters, Direction, Level, Power, Proportion};

pub(super) fn comparison(request: &mut Request, question: &Question) -> Result<Comparison> {
    let kind = request.kind;
    question.refuse_equivalence(kind)?;
    if matches!(question.margin, Some(Margin::Relative(_))) {
        return Err(Fault::of(
            "margin_relative",
            format!("kind {} needs `margin_absolute`", kind.as_str()),
        ));
    }
    let clusters = need(
        clusters(request)?,
        kind.as_str(),
        "icc",
        "and `cluster_size`, of the clusters that are randomised",
    )?;
    let spread = if kind == Kind::ClusterMean {
        let sd = standard_deviation(request, question.control)?;
        Spread::Known(need(
            sd,
            kind.as_str(),
            "sd",
            "the standard deviation of one value (or `cv`)",
        )?)
    } else {
        let control = need(question.control, kind.as_str(), "baseline", "control's proportion")?;
        Proportion::named("baseline", control)?;
        Proportion::named("treatment's proportion", question.treated(control))?;
        Spread::Proportion(control)
    };
    Ok(Comparison {
        design: Box::new(Clustered {
            clusters,
            spread,
            question: *question,
        }),
        method: Method {
            test: "t test of cluster means, 2(k − 1) degrees of freedom",
            formula: "power = P(T(2(k − 1), δ) > t), δ = distance·√k/√(2·σ²·DE/m), DE = 1 + ((cv² + 1)·m − 1)·ICC, solved for k",
            source: "Donner & Klar 2000, section 5; Eldridge, Ashby & Kerry 2006, equation 2",
        },
        layout: Layout::Arms {
            unit: "cluster",
            ratio: 1.0,
        },
        shared_control: Some(1.0),
        adjustments: vec![Adjustment {
            name: "design-effect".to_owned(),
            change: format!("inside the formula: variance × {}", number(clusters.design_effect())),
            factor: None,
        }],
        effect: question
            .change
            .map(|change| Effect::difference(question.control, change)),
        margin: question.shown_margin(),
        events_per_n: None,
        notes: vec![format!(
            "each cluster has {} values on average",
            number(clusters.size())
        )],
        exact: None,
    })
}

#[derive(Clone, Copy)]
enum Spread {
    Known(f64),
    /// Of proportions, from control's.
    Proportion(f64),
}

struct Clustered {
    clusters: Clusters,
    spread: Spread,
    question: Question,
}

impl Clustered {
    /// The test at a true change and a margin (below 0 for superiority by one).
    fn at(&self, change: f64, margin: f64) -> Result<ClusteredMeans> {
        let sd = match self.spread {
            Spread::Known(sd) => sd,
            Spread::Proportion(p0) => {
                let p1 = p0 + change;
                (0.5 * (p0 * (1.0 - p0) + p1 * (1.0 - p1))).sqrt()
            }
        };
        Ok(ClusteredMeans::new(
            self.question.direction.sign() * change + margin,
            sd,
            self.clusters,
        )?)
    }

    fn given(&self) -> Result<ClusteredMeans> {
        let margin = match (self.question.test, self.question.margin) {
            (Test::Superiority, Some(Margin::Absolute(margin))) => -margin,
            (_, Some(Margin::Absolute(margin))) => margin,
            _ => 0.0,
        };
        self.at(self.question.change.unwrap_or(0.0), margin)
    }
}

impl Design for Clustered {
    fn sample_size(&self, level: Level, power: Power) -> Result<f64> {
        Ok(self.given()?.clusters_per_arm(level, power)?)
    }

    fn power(&self, level: Level, n: f64) -> Result<f64> {
        Ok(self.given()?.power(level, n)?)
    }

    fn smallest(&self, level: Level, power: Power, n: f64) -> Result<Smallest> {
        let sign = self.question.direction.sign();
        // Effects that many standard errors away are certain to be seen, whatever the number of clusters.
        let reach = 5e3 * (2.0 * self.clusters.design_effect() / (self.clusters.size() * n)).sqrt();
        if self.question.test != Test::Superiority {
            let change = self.question.change.unwrap_or(0.0);
            let top = match self.spread {
                Spread::Known(sd) => change.abs() + reach * sd,
                Spread::Proportion(_) => 1.0,
            };
            let margin = smallest_margin(power, (1e-12 * top, top), |margin| {
                Ok(self.at(change, margin)?.power(level, n)?)
            })?;
            return Ok(Smallest::Margin(Effect::margin(Some(margin), None)));
        }
        let margin = match self.question.margin {
            Some(Margin::Absolute(margin)) => margin,
            _ => 0.0,
        };
        let top = match (self.spread, self.question.direction) {
            (Spread::Known(sd), _) => margin + reach * sd,
            (Spread::Proportion(p0), Direction::Increase) => (1.0 - p0) * (1.0 - 1e-12),
            (Spread::Proportion(p0), Direction::Decrease) => p0 * (1.0 - 1e-12),
        };
        let found = root::increasing("detectable effect", (1e-12 * top).ln(), top.ln(), |log| {
            Ok(probit(self.at(sign * log.exp(), -margin)?.power(level, n)?) - power.z())
        })?;
        Ok(Smallest::Effect(Effect::difference(
            self.question.control,
            sign * found.exp(),
        )))
    }
}
