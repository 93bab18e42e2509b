//! What a change of each field means for an approval: the one table of classes.
//!
//! Every field of a spec and of a catalogue file is in it once; a test walks the JSON Schemas and fails for one that is not.
//! Whoever adds a field decides here whether reviewers have to sign again when it changes.

use std::collections::HashMap;
use std::sync::OnceLock;

/// What a change of a field means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum FieldClass {
    /// Read by people: no decision and no number depends on it.
    Editorial,
    /// How and when the experiment is run, and who answers for it: what is inferred stays the same.
    Operational,
    /// What is inferred, from whom and how: part of what reviewers approve.
    Inferential,
}

impl FieldClass {
    /// The word that every output uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Editorial => "editorial",
            Self::Operational => "operational",
            Self::Inferential => "inferential",
        }
    }
}

/// Which spellings of a value mean the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The value as it is; numbers by their value, text by its characters.
    Plain,
    /// A sentence: line breaks and runs of spaces do not count.
    Words,
    /// SQL: spaces outside quotes do not count.
    Sql,
    /// A list whose order means nothing.
    Set,
    /// A time span: `"4w"` is `"28d"`.
    Span,
    /// An effect: `"2pp"` is `0.02`.
    Effect,
}

/// The class of some fields of one table.
#[derive(Debug, Clone, Copy)]
struct Row {
    /// The table, dotted, `*` for any id; empty for the root.
    table: &'static str,
    class: FieldClass,
    form: Form,
    /// Names of fields, separated by spaces.
    fields: &'static str,
}

const fn inferential(table: &'static str, form: Form, fields: &'static str) -> Row {
    Row {
        table,
        class: FieldClass::Inferential,
        form,
        fields,
    }
}

const fn operational(table: &'static str, fields: &'static str) -> Row {
    Row {
        table,
        class: FieldClass::Operational,
        form: Form::Plain,
        fields,
    }
}

const fn editorial(table: &'static str, fields: &'static str) -> Row {
    Row {
        table,
        class: FieldClass::Editorial,
        form: Form::Plain,
        fields,
    }
}

/// Every field, in the order of a spec, then of a catalogue file.
const ROWS: &[Row] = &[
    inferential("", Form::Plain, "edition"),
    operational(
        "experiment",
        "id class owner decision_maker analyst reviewers status risk goal surface touches data_seen",
    ),
    editorial("experiment", "title"),
    inferential("hypothesis", Form::Words, "population"),
    inferential(
        "hypothesis",
        Form::Plain,
        "metric direction effect_sd prior_success_rate",
    ),
    inferential("hypothesis", Form::Effect, "effect"),
    editorial("hypothesis", "change because evidence refuted_if"),
    inferential("population", Form::Set, "where exclude post_exposure"),
    inferential("population", Form::Plain, "include_holdout"),
    inferential("population.segments.*", Form::Set, "of"),
    inferential("population.segments.*", Form::Plain, "role"),
    inferential(
        "design",
        Form::Plain,
        "kind mode unit analysis_unit salt carryover planned_units repeats regions algorithm credit ties policy reward \
         min_share log_propensity share until",
    ),
    inferential("design", Form::Set, "factors interactions balance"),
    inferential(
        "design",
        Form::Span,
        "block washout effect_half_life update_every reward_delay horizon",
    ),
    inferential("design.cluster", Form::Plain, "unit mean_size size_cv count map"),
    inferential("design.log", Form::Plain, "source from to units sealed"),
    inferential("design.log", Form::Words, "frame dedup"),
    inferential("design.log", Form::Set, "stratified_by"),
    inferential("design.interference", Form::Plain, "kind estimand"),
    editorial("design.interference", "reason"),
    inferential("design.prior", Form::Plain, "alpha beta"),
    inferential("design.explore", Form::Plain, "units_per_arm"),
    inferential("design.stop", Form::Plain, "best_arm_probability"),
    inferential("arms.*", Form::Plain, "control weight levels cache parameters"),
    inferential(
        "arms.*.model",
        Form::Plain,
        "provider request response family system_fingerprint temperature top_p top_k max_tokens seed deterministic \
         knowledge_cutoff",
    ),
    inferential("arms.*.prompt", Form::Plain, "id sha256"),
    operational("arms.*", "variation"),
    editorial("arms.*", "title description"),
    inferential(
        "metrics.*",
        Form::Plain,
        "kind scale preset aggregation quantile unit direction method role test correlation discordant repeat_correlation",
    ),
    inferential("metrics.*", Form::Span, "window"),
    inferential("metrics.*", Form::Effect, "mde worthwhile margin"),
    inferential("metrics.*.source", Form::Plain, "from"),
    inferential("metrics.*.source", Form::Sql, "value numerator denominator where"),
    operational(
        "metrics.*",
        "owner facet tier heart indicator drives target warn critical refresh counter_metrics",
    ),
    editorial("metrics.*", "use title description mde_reason margin_reason"),
    inferential(
        "metrics.*.baseline",
        Form::Plain,
        "value scale sd cv skewness dispersion log_sd density ties response_rate icc autocorrelation",
    ),
    inferential("metrics.*.baseline", Form::Span, "median"),
    inferential("metrics.*.baseline.quantiles", Form::Plain, "p value"),
    inferential(
        "metrics.*.baseline.moments",
        Form::Plain,
        "numerator_mean numerator_sd denominator_mean denominator_sd correlation",
    ),
    inferential("metrics.*.baseline.correlations", Form::Set, "between"),
    inferential("metrics.*.baseline.correlations", Form::Plain, "value"),
    operational("metrics.*.baseline", "n from to source"),
    inferential(
        "metrics.*.judge",
        Form::Plain,
        "model family prompt_sha256 temperature sensitivity specificity positives negatives label_share blind swap length_control",
    ),
    inferential("metrics.*.judge", Form::Set, "labelled_arms"),
    inferential(
        "metrics.*.judge.by_arm.*",
        Form::Plain,
        "sensitivity specificity positives negatives",
    ),
    operational("metrics.*.judge", "kappa agreement validated"),
    inferential("metrics.*.human", Form::Plain, "raters overlap blind"),
    inferential("metrics.*.human", Form::Words, "scale rubric"),
    operational("metrics.*.human", "kappa"),
    inferential(
        "metrics.*.cost",
        Form::Plain,
        "prices_as_of input_per_mtok output_per_mtok cache_read_per_mtok cache_creation_per_mtok reasoning_per_mtok \
         gpu_hour_usd queries_per_gpu_hour",
    ),
    inferential("metrics.*.cost", Form::Set, "components"),
    inferential("metrics.*.components", Form::Plain, "metric weight scale"),
    inferential("metrics.*.cap", Form::Plain, "quantile from value"),
    inferential(
        "metrics.*.variance_reduction",
        Form::Plain,
        "covariate correlation measured",
    ),
    inferential("metrics.*.variance_reduction", Form::Span, "window"),
    operational("metrics.*.variance_reduction", "source"),
    inferential("metrics.*.stratification", Form::Set, "by"),
    inferential("metrics.*.stratification", Form::Plain, "strata explained"),
    operational("metrics.*.stratification", "source"),
    inferential("traffic", Form::Plain, "eligible analysis"),
    operational("traffic", "units_per_day cumulative allocation layer"),
    inferential("traffic.exposure", Form::Plain, "source point counterfactual"),
    operational("traffic.exposure", "logged"),
    inferential("schedule", Form::Plain, "max_days ramp_in_analysis"),
    operational("schedule", "start"),
    operational("schedule.ramp", "days allocation"),
    inferential(
        "statistics",
        Form::Plain,
        "alpha power sides primaries guardrail_alpha guardrail_power proportion_test proportion_variance noninferiority_variance",
    ),
    inferential("statistics", Form::Words, "missing"),
    editorial("statistics", "sides_reason"),
    inferential("statistics.multiplicity", Form::Plain, "arms metrics segments"),
    inferential(
        "statistics.sequential",
        Form::Plain,
        "method spending gamma rho delta interim_z looks tau",
    ),
    inferential(
        "statistics.sequential.futility",
        Form::Plain,
        "spending gamma rho binding",
    ),
    inferential("statistics.sequential.guardrails", Form::Plain, "spending gamma rho"),
    inferential("statistics.srm", Form::Plain, "method alpha"),
    inferential("statistics.harm_stop", Form::Set, "metrics"),
    inferential("statistics.harm_stop", Form::Plain, "method alpha tau"),
    inferential("statistics.harm_stop", Form::Span, "check_every"),
    inferential("statistics.twyman", Form::Plain, "multiple action"),
    inferential("decision", Form::Plain, "rule on_null on_inconclusive default select"),
    inferential("decision.rules.when", Form::Set, "primary guardrails"),
    inferential("decision.rules", Form::Plain, "then"),
    editorial("decision.rules", "reason"),
    inferential(
        "decision.net_value",
        Form::Plain,
        "success cost volume_per_day value_per_success one_off_cost probability",
    ),
    inferential("decision.net_value", Form::Span, "horizon"),
    operational("decision", "follow_up"),
    operational("threats", "name likelihood impact owner"),
    editorial("threats", "detection mitigation"),
    operational("privacy", "data classes retention consent dpia redaction shared_with"),
    operational("budget", "tokens_usd tokens_usd_per_unit human_labels engineer_days"),
    operational("rollback", "flag owner within"),
    operational("instrumentation", "verified aa"),
    operational("allow", "rule at reason by until"),
    operational("amendments", "number date fields reason after_data units_enrolled"),
    operational("conclusion", "date rule_says decision arm by reason results summary"),
    inferential("units.*", Form::Plain, "kind"),
    inferential("units.*", Form::Set, "contains"),
    editorial("units.*", "description"),
    inferential(
        "sources.*",
        Form::Plain,
        "kind table unit unit_column time_column instrument buckets event",
    ),
    inferential("sources.*", Form::Words, "boundary query"),
    operational("sources.*", "owner"),
    editorial("sources.*", "description"),
];

/// Lists of tables whose order means nothing.
const UNORDERED: &[&str] = &[
    "metrics.*.baseline.quantiles",
    "metrics.*.baseline.correlations",
    "metrics.*.components",
    "threats",
    "allow",
];

/// What is known of an address of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// A field with its class, and which of its spellings mean the same.
    Field(FieldClass, Form),
    /// A table or a list of tables, with fields inside.
    Table,
}

/// What is known of a dotted address, with `*` for any id; `None` for one that the language does not have.
pub fn known(pattern: &str) -> Option<Known> {
    /// By table and last name: every run of the program makes it, so no text is copied.
    static INDEX: OnceLock<HashMap<(&str, &str), Known>> = OnceLock::new();
    let index: &HashMap<(&str, &str), Known> = INDEX.get_or_init(|| {
        let mut index = HashMap::with_capacity(512);
        for row in ROWS {
            let mut above = row.table;
            while !above.is_empty() {
                let (table, name) = in_table(above);
                index.insert((table, name), Known::Table);
                above = table;
            }
            for field in row.fields.split_whitespace() {
                index.insert((row.table, field), Known::Field(row.class, row.form));
            }
        }
        index
    });
    index.get(&in_table(pattern)).copied()
}

/// An address as the table it stands in, and its last name.
fn in_table(address: &str) -> (&str, &str) {
    address.rsplit_once('.').unwrap_or(("", address))
}

/// Whether the order of a list of tables means nothing.
pub fn is_unordered(pattern: &str) -> bool {
    UNORDERED.contains(&pattern)
}

/// Every field with its class, in the order of the language: what the documentation lists.
pub fn classes() -> impl Iterator<Item = (String, FieldClass)> {
    ROWS.iter().flat_map(|row| {
        row.fields
            .split_whitespace()
            .map(|field| (address(row.table, field), row.class))
    })
}

fn address(table: &str, field: &str) -> String {
    if table.is_empty() {
        field.to_owned()
    } else {
        format!("{table}.{field}")
    }
}

/// The table of classes as Markdown, one row for each table of the language.
pub fn class_table() -> String {
    use std::fmt::Write;
    let mut tables: Vec<&str> = Vec::new();
    for row in ROWS {
        if !tables.contains(&row.table) {
            tables.push(row.table);
        }
    }
    let mut text = String::from("| table | inferential | operational | editorial |\n|---|---|---|---|\n");
    for table in tables {
        let of = |class: FieldClass| {
            let fields: Vec<String> = ROWS
                .iter()
                .filter(|row| row.table == table && row.class == class)
                .flat_map(|row| row.fields.split_whitespace())
                .map(|field| format!("`{field}`"))
                .collect();
            fields.join(" ")
        };
        let name = if table.is_empty() {
            "the first line".to_owned()
        } else {
            format!("`{table}`")
        };
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} |",
            of(FieldClass::Inferential),
            of(FieldClass::Operational),
            of(FieldClass::Editorial)
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::language::schemas;

    /// Every field of a schema: its address, and the kind of value it takes.
    fn fields(root: &Value, schema: &Value, path: &str, out: &mut Vec<(String, String)>) {
        if let Some(name) = schema["$ref"].as_str() {
            fields(root, &root["$defs"][name.trim_start_matches("#/$defs/")], path, out);
            return;
        }
        let kind = schema["x-abide-type"].as_str().unwrap_or_default();
        if kind != "effect"
            && let Some(properties) = schema["properties"].as_object()
        {
            for (name, inner) in properties {
                fields(root, inner, &address(path, name), out);
            }
        } else if schema["items"]["$ref"].is_string() {
            fields(root, &schema["items"], path, out);
        } else if schema["additionalProperties"]["$ref"].is_string() {
            fields(root, &schema["additionalProperties"], &format!("{path}.*"), out);
        } else {
            out.push((path.to_owned(), kind.to_owned()));
        }
    }

    fn language() -> Vec<(String, String)> {
        let mut all = Vec::new();
        for schema in [schemas::spec(), schemas::catalogue()] {
            fields(&schema, &schema, "", &mut all);
        }
        all
    }

    #[test]
    fn every_field_of_the_language_has_a_class() {
        let missing: BTreeSet<_> = language()
            .into_iter()
            .map(|(path, _)| path)
            .filter(|path| !matches!(known(path), Some(Known::Field(..))))
            .collect();
        assert!(missing.is_empty(), "classify in src/language/classes.rs: {missing:?}");
    }

    #[test]
    fn every_class_is_of_a_field_and_given_once() {
        let all: BTreeSet<String> = language().into_iter().map(|(path, _)| path).collect();
        let mut seen = BTreeSet::new();
        for (path, _) in classes() {
            assert!(all.contains(&path), "{path} is no field");
            assert!(seen.insert(path.clone()), "{path} has two classes");
        }
        for list in UNORDERED {
            assert_eq!(known(list), Some(Known::Table), "{list}");
        }
    }

    /// Spellings that the language calls the same must not be told apart.
    #[test]
    fn spans_and_effects_are_read_as_such() {
        for (path, kind) in language() {
            let Some(Known::Field(FieldClass::Inferential, form)) = known(&path) else {
                continue;
            };
            match kind.as_str() {
                "duration" => assert_eq!(form, Form::Span, "{path}"),
                "effect" => assert_eq!(form, Form::Effect, "{path}"),
                _ => assert!(!matches!(form, Form::Span | Form::Effect), "{path}"),
            }
        }
    }
}
