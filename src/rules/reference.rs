//! The catalogue as text: `abide explain`, and the page of all rules.

use super::rule::{Group, Rule};
use super::{REDIRECTS, find, redirect, registry};

/// The explanation of a rule as Markdown; of a name that leads to a rule, why it does and then that rule. `None` when there
/// is no such name.
pub fn explain(name: &str) -> Option<String> {
    if let Some(rule) = find(name) {
        return Some(format!(
            "# {}\n\n{}. Group: {}. Level: {}. Profiles: {}.\n\n{}",
            rule.name,
            sentence(rule.summary),
            rule.group.as_str(),
            rule.level_in_words(),
            rule.profiles_in_words(),
            rule.text()
        ));
    }
    let redirect = redirect(name)?;
    let because = sentence(redirect.because);
    match redirect.to {
        Some(to) => Some(format!(
            "`{name}` is checked by `{to}`. {because}.\n\n{}",
            explain(to).unwrap_or_default()
        )),
        None => Some(format!("There is no rule `{name}`, and none is needed. {because}.\n")),
    }
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
                let (name, level, profiles) = (rule.name, rule.severity.as_str(), rule.profiles_in_words());
                format!(
                    "| [`{name}`](#{name}) | {level} | {profiles} | {} |\n",
                    rule.summary.replace('|', "\\|")
                )
            })
            .collect();
        page.push_str(
            &[
                "\n## ",
                group.title(),
                "\n\n| rule | level | profiles | what it finds |\n|---|---|---|---|\n",
            ]
            .concat(),
        );
        page.push_str(&rows.concat());
        for rule in rules {
            page.push_str(&entry(rule));
        }
    }
    page.push_str(OTHER_NAMES);
    for redirect in REDIRECTS {
        let (name, because) = (redirect.name, redirect.because);
        let to = match redirect.to {
            Some(to) => format!("[`{to}`](#{to})"),
            None => "no rule".to_owned(),
        };
        page.push_str(&["| `", name, "` | ", &to, " | ", because, " |\n"].concat());
    }
    page
}

const OTHER_NAMES: &str = "
## Other names

Checks that are known under another name, and those that the language leaves nothing to check of. `abide explain` finds these
names too.

| name | checked by | why |
|---|---|---|
";

const INTRODUCTION: &str = "# Rules

What `abide check` finds in a spec. `abide explain RULE` prints one entry; `abide rules` lists the names.

- **error**: the spec contradicts itself, is undefined, or cannot support the decision it declares.
- **warning**: a senior reviewer would stop and ask.
- **advice**: teaches; never fails a run.

Levels and options are policy: `[lints]` of `abide.toml` sets `RULE = \"off\" | \"advice\" | \"warning\" | \"error\"`, and
`[lints.options]` the thresholds. `[lints.class.ai]` and `[lints.risk.high]` set levels for some experiments only; what is
written for a risk has the last word. A spec waives a rule with `[[allow]]`, a reason, a person and a date. Errors of the
language can be neither turned off nor waived.

A profile says which rules are applied: `abide check --profile NAME`, or `profile = \"NAME\"` under `[lints]`, `[lints.class.…]`
or `[lints.risk.…]`.

- `draft`: contradictions only, for a spec that is being written.
- `default`: what a careful reviewer would stop at; next to no false alarms.
- `strict`: all rules, those that teach included, for a review board.

Each profile has the rules of those before it. A level in `abide.toml` also turns on a rule that the profile leaves out; only
`draft` stays with its contradictions. Rules between specs (a layer that is given away twice, a salt that is used again) look at
the specs that are checked together: check the folder.

Examples are patches on a valid spec; `# no key` stands for a key that is not there. This page is generated from the
rules.
";

fn entry(rule: &Rule) -> String {
    let mut text = format!(
        "\n### `{}`\n\n{}. Level: {}. Profiles: {}.\n",
        rule.name,
        sentence(rule.summary),
        rule.level_in_words(),
        rule.profiles_in_words()
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
