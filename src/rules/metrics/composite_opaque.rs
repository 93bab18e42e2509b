//! A composite without a price list.

use crate::language::MetricKind;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A composite that decides has weights that add up to 1, and each component says how large a difference counts as one: its
    /// `scale`.
    ///
    /// ## Why
    ///
    /// A composite is a price list: so much of this is worth so much of that. Without scales, a second of load time and a purchase are
    /// added as if one were worth the other, and nobody has agreed to that.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.quality]
    /// role = "primary"
    /// kind = "composite"
    /// direction = "increase"
    /// window = "7d"
    /// owner = "shop-analytics"
    /// method = "event"
    /// facet = "other"
    /// source = { from = "orders" }
    /// components = [{ metric = "purchase_rate", weight = 0.7, scale = 0.01 }, { metric = "page_load", weight = 0.3 }]
    /// baseline = { correlations = [{ between = ["purchase_rate", "page_load"], value = -0.1 }], n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// mde = { absolute = 0.2 }
    /// mde_reason = "a tenth of a point was the last win"
    /// worthwhile = { absolute = 0.1 }
    /// [metrics.purchase_rate]
    /// role = "secondary"
    /// # no mde, mde_reason, worthwhile
    /// [hypothesis]
    /// metric = "quality"
    /// effect = { absolute = 0.2 }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.quality]
    /// role = "primary"
    /// kind = "composite"
    /// direction = "increase"
    /// window = "7d"
    /// owner = "shop-analytics"
    /// method = "event"
    /// facet = "other"
    /// source = { from = "orders" }
    /// components = [{ metric = "purchase_rate", weight = 0.7, scale = 0.01 }, { metric = "page_load", weight = 0.3, scale = 0.1 }]
    /// baseline = { correlations = [{ between = ["purchase_rate", "page_load"], value = -0.1 }], n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// mde = { absolute = 0.2 }
    /// mde_reason = "a tenth of a point was the last win"
    /// worthwhile = { absolute = 0.1 }
    /// [metrics.purchase_rate]
    /// role = "secondary"
    /// # no mde, mde_reason, worthwhile
    /// [hypothesis]
    /// metric = "quality"
    /// effect = { absolute = 0.2 }
    /// ```
    RULE = "composite-opaque" {
        group: Metrics, level: Warning, from: Draft,
        summary: "a composite whose parts cannot be weighed against each other",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context
        .gates()
        .filter(|metric| metric.kind() == Some(MetricKind::Composite))
    {
        let components = &metric.declared.components;
        // That there are none is said by another rule.
        if components.is_empty() {
            continue;
        }
        let unscaled: Vec<&str> = components
            .iter()
            .filter(|component| component.scale.is_none())
            .map(|component| component.metric.as_str())
            .collect();
        let total: f64 = components.iter().map(|component| component.weight.get()).sum();
        let (message, label, help) = if !unscaled.is_empty() {
            (
                format!(
                    "`{}` does not say what a difference of one is in {}",
                    metric.id,
                    text::names(&unscaled, "and")
                ),
                "no `scale`",
                "write `scale = …` for each component: the difference, in its own unit, that counts as one",
            )
        } else if (total - 1.0).abs() > 1e-9 {
            (
                format!("the weights of `{}` add up to {}", metric.id, text::number(total)),
                "not 1",
                "write weights that add up to 1: then a composite of 0.1 is a tenth of everything together",
            )
        } else {
            continue;
        };
        findings.push(
            findings
                .at(context.place_of(&metric.field("components")), message)
                .with_label(label)
                .with_help(help),
        );
    }
}
