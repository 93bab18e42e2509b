//! Metrics.

mod aggregate_source_loses_unit;
mod baseline_already_breaches_threshold;
mod baseline_missing;
mod baseline_provenance_missing;
mod baseline_stale;
mod baseline_too_uncertain;
mod composite_opaque;
mod correlation_missing;
mod data_source_missing;
mod denominator_moves;
mod direction_missing;
mod effect_not_tested;
mod feedback_selection;
mod given_twice;
mod goodhart_no_counter_metric;
mod guardrail_threshold_only;
mod guardrail_without_margin;
mod heavy_tail_no_plan;
mod human_label_plan_thin;
mod kpi_levels_out_of_order;
mod log_scale_unfit;
mod margin_without_reason;
mod mde_missing;
mod mde_not_tied_to_value;
mod mde_within_margin;
mod metric_kind_missing;
mod metric_kind_unit_contradiction;
mod metric_not_in_taxonomy;
mod metric_not_sized;
mod metric_tree_cycle;
mod metric_unreferenced;
mod multiple_primaries_no_correction;
mod no_guardrails;
mod north_star_orphan;
mod otel_name_unknown;
mod percent_vs_fraction;
mod primary_lagging;
mod primary_missing;
mod quantile_from_coarse_histogram;
mod quantile_naive_variance;
mod ratio_unit_mismatch;
mod required_guardrail_missing;
mod too_many_primaries;
mod window_exceeds_duration;
mod window_missing;

use super::rule::Rule;

pub(super) static RULES: &[&Rule] = &[
    &primary_missing::RULE,
    &multiple_primaries_no_correction::RULE,
    &too_many_primaries::RULE,
    &no_guardrails::RULE,
    &required_guardrail_missing::RULE,
    &guardrail_without_margin::RULE,
    &margin_without_reason::RULE,
    &mde_missing::RULE,
    &mde_not_tied_to_value::RULE,
    &mde_within_margin::RULE,
    &metric_not_sized::RULE,
    &baseline_already_breaches_threshold::RULE,
    &metric_unreferenced::RULE,
    &metric_kind_missing::RULE,
    &metric_kind_unit_contradiction::RULE,
    &log_scale_unfit::RULE,
    &percent_vs_fraction::RULE,
    &direction_missing::RULE,
    &baseline_missing::RULE,
    &baseline_provenance_missing::RULE,
    &correlation_missing::RULE,
    &window_missing::RULE,
    &window_exceeds_duration::RULE,
    &data_source_missing::RULE,
    &aggregate_source_loses_unit::RULE,
    &heavy_tail_no_plan::RULE,
    &given_twice::RULE,
    &goodhart_no_counter_metric::RULE,
    &baseline_stale::RULE,
    &human_label_plan_thin::RULE,
    &guardrail_threshold_only::RULE,
    &otel_name_unknown::RULE,
    &quantile_from_coarse_histogram::RULE,
    &ratio_unit_mismatch::RULE,
    &quantile_naive_variance::RULE,
    &baseline_too_uncertain::RULE,
    &denominator_moves::RULE,
    &composite_opaque::RULE,
    &primary_lagging::RULE,
    &metric_not_in_taxonomy::RULE,
    &north_star_orphan::RULE,
    &metric_tree_cycle::RULE,
    &kpi_levels_out_of_order::RULE,
    &effect_not_tested::RULE,
    &feedback_selection::RULE,
];
