//! Names across files, and values that are given twice.

use crate::rules::{Check, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// Every name that a spec uses is declared: its metrics, arms and factors in the spec; units, sources, goals and
    /// layers in the workspace. A spec that no workspace governs may use units and sources of its own.
    ///
    /// ## Why
    ///
    /// A hypothesis about a metric that does not exist cannot be refuted.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [hypothesis]
    /// metric = "purchase_rat"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [hypothesis]
    /// metric = "purchase_rate"
    /// ```
    UNDEFINED_REFERENCE = "undefined-reference" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "a name that nothing declares",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// Units, sources and metrics of the catalogue have one definition each, and every spec has an id of its own. Ids of
    /// the catalogue that differ only in case or separators count as the same.
    ///
    /// ## Why
    ///
    /// Two definitions under one name give two results that look comparable. Warehouses fold case, so `ctr` and `CTR`
    /// become one column.
    ///
    /// ## Example
    ///
    /// ```text
    /// metrics/search.toml    [metrics.ctr]
    /// metrics/ads.toml       [metrics.CTR]
    /// ```
    ///
    /// ## Instead
    ///
    /// ```text
    /// metrics/search.toml    [metrics.search_ctr]
    /// metrics/ads.toml       [metrics.ad_ctr]
    /// ```
    DUPLICATE_ID = "duplicate-id" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "an id that is declared twice",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// A metric of a spec that has the id of a catalogue metric inherits from it by `use`.
    ///
    /// ## Why
    ///
    /// Without `use` it is another metric under a known name. A reader compares its result with the dashboard and sees
    /// a difference that is only one of definitions.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.active_rate]
    /// role      = "diagnostic"
    /// kind      = "proportion"
    /// direction = "increase"
    /// window    = "1d"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.active_rate]
    /// use  = "active_rate"
    /// role = "diagnostic"
    /// ```
    METRIC_SHADOWS_CATALOGUE = "metric-shadows-catalogue" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "a metric with the id of a catalogue metric that does not inherit from it",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// A spec does not change what a catalogue metric *is*: kind, direction, source, unit, window, quantile and method.
    ///
    /// ## Why
    ///
    /// The catalogue exists so that one name has one meaning over all experiments. Baseline, MDE and margin may be
    /// refined: they are what is known or asked, not what is measured.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.active_rate]
    /// use    = "active_rate"
    /// role   = "diagnostic"
    /// window = "14d"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.active_rate_14d]
    /// role      = "diagnostic"
    /// kind      = "proportion"
    /// direction = "increase"
    /// window    = "14d"
    /// ```
    IDENTITY_OVERRIDDEN = "identity-overridden" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "a spec that changes what a catalogue metric is",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// A value is given in one place: units per day in the layer or in the spec, not in both.
    ///
    /// ## Why
    ///
    /// When one of the two is updated, the other one is wrong, and nothing tells which.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [traffic]
    /// layer         = "shop"
    /// units_per_day = 38000
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [traffic]
    /// layer = "shop"
    /// ```
    CONFLICTING_KEYS = "conflicting-keys" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "a value that is given in two places",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// An experiment is not its own follow-up.
    ///
    /// ## Why
    ///
    /// `decision.follow_up` names what comes next. One that names itself promises nothing.
    ///
    /// ## Example
    ///
    /// ```text
    /// [experiment]
    /// id = "grounded-prompt"
    /// [decision]
    /// follow_up = "grounded-prompt"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```text
    /// [decision]
    /// follow_up = "grounded-prompt-online"
    /// ```
    SELF_REFERENCE = "self-reference" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "an experiment that names itself where another one is meant",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// The templates of a workspace can be read and rendered.
    ///
    /// ## Why
    ///
    /// A document that was rendered without a part of itself would be signed without it.
    ///
    /// ## Example
    ///
    /// ```text
    /// {% if plan.complete %} … (never closed)
    /// ```
    ///
    /// ## Instead
    ///
    /// ```text
    /// {% if plan.complete %} … {% endif %}
    /// ```
    ///
    /// ## Source
    ///
    /// The template language is MiniJinja's, <https://docs.rs/minijinja>
    TEMPLATE_ERROR = "template-error" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "a template that cannot be rendered",
        check: Check::Compiler,
    }
}
