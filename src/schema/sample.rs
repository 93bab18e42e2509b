//! How tables are written that people write as a plain value: `srm = true`, `baseline = 0.12`, `cluster = "company"`.

use super::shape::Shape;
use super::words;
use crate::source::Pointer;
use crate::syntax::{Kind, Node};

/// A table in use.
struct Sample {
    /// Its place; `<id>` stands for the name of an arm or a metric.
    place: &'static str,
    /// The key that a plain value most likely was meant for.
    chief: Chief,
    /// The table, or the list of tables, as TOML writes it on one line.
    text: &'static str,
}

/// What a plain value in the place of a table says.
enum Chief {
    /// A text is the value of the first of these keys that takes it.
    Text(&'static [&'static str]),
    /// A number is the value of this key.
    Number(&'static str),
    /// Nothing that one key could take.
    None,
}

/// What to write in the place of a plain value or a list.
pub(super) fn instead(shape: Shape<'_>, pointer: &Pointer, node: &Node) -> Option<String> {
    let names: Vec<String> = pointer.names().filter(|name| name.parse::<usize>().is_err()).collect();
    let sample = SAMPLES.iter().find(|sample| fits(sample.place, &names))?;
    let name = names.last()?;
    let chief = match (&sample.chief, &node.kind) {
        (Chief::Text(keys), Kind::String(text)) => keys.iter().copied().find(|key| takes(shape, key, text)),
        (Chief::Number(key), Kind::Integer(_) | Kind::Float(_)) => Some(*key),
        _ => None,
    };
    let top = names.len() == 1;
    let chief = chief.filter(|_| !sample.text.starts_with('['));
    Some(match (chief, words::written(node)) {
        (Some(key), Some(value)) if top => format!("write `{key} = {value}` under `[{name}]`, if that is what it says"),
        (Some(key), Some(value)) => {
            format!(
                "write `{name} = {{ {key} = {value} }}`, if that is what it says; in full: `{name} = {}`",
                sample.text
            )
        }
        _ if top && sample.text.starts_with('[') => {
            format!("write `[[{name}]]` on a line of its own, or `{name} = {}`", sample.text)
        }
        _ if top => format!(
            "write `[{name}]` on a line of its own, and under it keys such as {}",
            keys(sample.text)
        ),
        _ => format!("write, for example, `{name} = {}`", sample.text),
    })
}

/// Whether a key of a table takes a text: any, or one of those listed.
fn takes(table: Shape<'_>, key: &str, text: &str) -> bool {
    let Some(entry) = table.follow(&Pointer::root().join(key)) else {
        return false;
    };
    let listed: Vec<String> = entry
        .branches()
        .into_iter()
        .filter_map(words::choices)
        .flatten()
        .collect();
    listed.is_empty() || listed.iter().any(|choice| choice.trim_matches('"') == text)
}

/// The entries of a table on one line, each in backticks.
fn keys(text: &str) -> String {
    let entries: Vec<String> = text
        .trim_matches(['{', '}', ' '])
        .split("; ")
        .map(|entry| format!("`{entry}`"))
        .collect();
    words::join(&entries, "and")
}

fn fits(place: &str, names: &[String]) -> bool {
    let parts: Vec<&str> = place.split('.').collect();
    parts.len() == names.len()
        && parts
            .iter()
            .zip(names)
            .all(|(part, name)| *part == "<id>" || part == name)
}

const SAMPLES: &[Sample] = &[
    Sample {
        place: "hypothesis",
        chief: Chief::Text(&["change"]),
        text: "change = \"…\"; metric = \"purchase_rate\"; direction = \"increase\"; because = \"…\"",
    },
    Sample {
        place: "population",
        chief: Chief::None,
        text: "where = { country = [\"DE\"] }; exclude = [\"bots\"]",
    },
    Sample {
        place: "population.where",
        chief: Chief::None,
        text: "{ country = [\"DE\", \"AT\"], signed_in = [true] }",
    },
    Sample {
        place: "population.segments",
        chief: Chief::None,
        text: "{ device = { of = [\"phone\", \"desktop\"], role = \"exploratory\" } }",
    },
    Sample {
        place: "design",
        chief: Chief::None,
        text: "kind = \"parallel\"; unit = \"user\"; salt = \"checkout-button-1\"",
    },
    Sample {
        place: "design.cluster",
        chief: Chief::Text(&["unit"]),
        text: "{ unit = \"account\", mean_size = 12, size_cv = 0.8 }",
    },
    Sample {
        place: "design.log",
        chief: Chief::Text(&["source"]),
        text: "{ source = \"queries\", from = 2026-10-01, to = 2026-10-28 }",
    },
    Sample {
        place: "design.interference",
        chief: Chief::Text(&["kind"]),
        text: "{ kind = \"network\", reason = \"…\" }",
    },
    Sample {
        place: "design.stop",
        chief: Chief::Number("best_arm_probability"),
        text: "{ best_arm_probability = 0.95 }",
    },
    Sample {
        place: "design.explore",
        chief: Chief::Number("units_per_arm"),
        text: "{ units_per_arm = 500 }",
    },
    Sample {
        place: "arms.<id>.model",
        chief: Chief::Text(&["request"]),
        text: "{ provider = \"…\", request = \"…\", temperature = 0.2 }",
    },
    Sample {
        place: "arms.<id>.prompt",
        chief: Chief::Text(&["id"]),
        text: "{ id = \"answers/v12\" }",
    },
    Sample {
        place: "arms.<id>.parameters",
        chief: Chief::None,
        text: "{ button = \"stays in view\" }",
    },
    Sample {
        place: "metrics.<id>.baseline",
        chief: Chief::Number("value"),
        text: "{ value = 0.12, n = 40000, source = \"orders, October\" }",
    },
    Sample {
        place: "metrics.<id>.source",
        chief: Chief::Text(&["from"]),
        text: "{ from = \"orders\", value = \"is_paid\" }",
    },
    Sample {
        place: "metrics.<id>.judge",
        chief: Chief::Text(&["model"]),
        text: "{ model = \"…\", sensitivity = 0.9, specificity = 0.85, positives = 200, negatives = 200 }",
    },
    Sample {
        place: "metrics.<id>.human",
        chief: Chief::Number("raters"),
        text: "{ raters = 3, kappa = 0.7 }",
    },
    Sample {
        place: "metrics.<id>.cap",
        chief: Chief::None,
        text: "{ quantile = 0.99, from = \"pre-period\" }",
    },
    Sample {
        place: "metrics.<id>.variance_reduction",
        chief: Chief::None,
        text: "{ covariate = \"orders_28d_before\", correlation = 0.6 }",
    },
    Sample {
        place: "traffic",
        chief: Chief::Number("units_per_day"),
        text: "units_per_day = 20000; allocation = 1.0",
    },
    Sample {
        place: "traffic.exposure",
        chief: Chief::Text(&["source"]),
        text: "{ source = \"exposures\", logged = \"server, at assignment\" }",
    },
    Sample {
        place: "schedule",
        chief: Chief::None,
        text: "start = 2027-01-11; max_days = 28",
    },
    Sample {
        place: "schedule.ramp",
        chief: Chief::None,
        text: "[{ days = 1, allocation = 0.01 }, { days = 2, allocation = 0.1 }]",
    },
    Sample {
        place: "statistics",
        chief: Chief::None,
        text: "alpha = 0.05; power = 0.80; sides = 2",
    },
    Sample {
        place: "statistics.multiplicity",
        chief: Chief::Text(&["arms"]),
        text: "{ arms = \"dunnett\", metrics = \"holm\" }",
    },
    Sample {
        place: "statistics.sequential",
        chief: Chief::Text(&["method", "spending"]),
        text: "{ method = \"group\", spending = \"obrien-fleming\", looks = 3 }",
    },
    Sample {
        place: "statistics.srm",
        chief: Chief::Number("alpha"),
        text: "{ alpha = 0.001 }",
    },
    Sample {
        place: "statistics.harm_stop",
        chief: Chief::None,
        text: "{ metrics = [\"error_rate\"], method = \"always-valid\", alpha = 0.01, check_every = \"1h\" }",
    },
    Sample {
        place: "statistics.twyman",
        chief: Chief::Number("multiple"),
        text: "{ multiple = 5, action = \"audit\" }",
    },
    Sample {
        place: "decision",
        chief: Chief::Text(&["rule"]),
        text: "rule = \"spotify\"; on_null = \"abandon\"; on_inconclusive = \"discuss\"",
    },
    Sample {
        place: "decision.net_value",
        chief: Chief::Number("value_per_success"),
        text: "{ success = \"purchase_rate\", value_per_success = 4.0, one_off_cost = 12000, horizon = \"365d\" }",
    },
    Sample {
        place: "budget",
        chief: Chief::None,
        text: "tokens_usd = 2000; human_labels = 400; engineer_days = 2",
    },
    Sample {
        place: "rollback",
        chief: Chief::Text(&["flag"]),
        text: "flag = \"shop.sticky_checkout\"; owner = \"oncall-shop\"; within = \"15m\"",
    },
    Sample {
        place: "privacy",
        chief: Chief::None,
        text: "data = [\"pseudonymous visits\"]; retention = \"90d\"",
    },
    Sample {
        place: "instrumentation",
        chief: Chief::None,
        text: "verified = 2026-11-16; aa = \"aa-2026-10\"",
    },
    Sample {
        place: "threats",
        chief: Chief::Text(&["name"]),
        text: "[{ name = \"novelty\", likelihood = \"medium\", impact = \"low\", mitigation = \"…\" }]",
    },
    Sample {
        place: "allow",
        chief: Chief::Text(&["rule"]),
        text: "[{ rule = \"no-harm-stop\", reason = \"…\", by = \"…\", until = 2027-06-30 }]",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::elsewhere::tests::faults;

    #[test]
    fn what_is_to_be_written_is_valid() {
        for sample in SAMPLES {
            let place = sample.place.replace("<id>", "purchase_rate");
            let entries = sample.text.replace("\"…\"", "\"text\"");
            let text = match place.rsplit_once('.') {
                Some((table, name)) => format!("edition = 1\n[{table}]\n{name} = {entries}\n"),
                None if entries.starts_with('[') => format!("edition = 1\n{place} = {entries}\n"),
                None => format!("edition = 1\n[{place}]\n{}\n", entries.replace("; ", "\n")),
            };
            let faults = faults(&text);
            assert!(faults.is_empty(), "{text}\n{faults:?}");
        }
    }
}
