//! The catalogue as text: `abide explain`, and the page of all rules.

use super::rule::{Group, Rule};
use super::{find, registry};

/// The explanation of a rule as Markdown; `None` when there is no such rule.
pub fn explain(name: &str) -> Option<String> {
    find(name).map(|rule| {
        format!(
            "# {}\n\n{}. Group: {}. Level: {}.\n\n{}",
            rule.name,
            sentence(rule.summary),
            rule.group.as_str(),
            rule.level_in_words(),
            rule.text()
        )
    })
}

/// The page of all rules, `docs/rules.md`.
pub fn reference() -> String {
    let mut page = String::from(INTRODUCTION);
    for group in Group::ALL {
        let rules: Vec<&Rule> = registry().filter(|rule| rule.group == group).collect();
        if rules.is_empty() {
            continue;
        }
        let rows: Vec<String> = rules
            .iter()
            .map(|rule| {
                let (name, level) = (rule.name, rule.severity.as_str());
                format!(
                    "| [`{name}`](#{name}) | {level} | {} |\n",
                    rule.summary.replace('|', "\\|")
                )
            })
            .collect();
        page.push_str(
            &[
                "\n## ",
                group.title(),
                "\n\n| rule | level | what it finds |\n|---|---|---|\n",
            ]
            .concat(),
        );
        page.push_str(&rows.concat());
        for rule in rules {
            page.push_str(&entry(rule));
        }
    }
    page
}

const INTRODUCTION: &str = "# Rules

What `abide check` finds in a spec. `abide explain RULE` prints one entry; `abide rules` lists the names.

- **error**: the spec contradicts itself, is undefined, or cannot support the decision it declares.
- **warning**: a senior reviewer would stop and ask.
- **advice**: teaches; never fails a run.

Levels and options are policy: `[lints]` of `abide.toml` sets `RULE = \"off\" | \"advice\" | \"warning\" | \"error\"`, and
`[lints.options]` the thresholds. A spec waives a rule with `[[allow]]`, a reason, a person and a date. Errors of the
language can be neither turned off nor waived.

Examples are patches on a valid spec; `# no key` stands for a key that is not there. This page is generated from the
rules.
";

fn entry(rule: &Rule) -> String {
    let mut text = format!(
        "\n### `{}`\n\n{}. Level: {}.\n",
        rule.name,
        sentence(rule.summary),
        rule.level_in_words()
    );
    for line in rule.text().lines() {
        if let Some(title) = line.strip_prefix("## ") {
            text.push_str(&["**", title, "**\n"].concat());
        } else {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

fn sentence(summary: &str) -> String {
    let mut letters = summary.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
