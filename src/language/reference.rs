//! The language reference, generated from the schemas: `docs/language.md`.

mod tables;
mod types;

use std::fmt::Write as _;

use super::edition;
use super::experiment::Risk;
use super::required::{REQUIREMENTS, RiskScope, Stage};
use super::schemas;
use tables::Book;
use types::cell;

/// Everything that a person needs to read before the tables.
const INTRODUCTION: &str = include_str!("reference/introduction.md");

/// The reference of edition 1 as Markdown.
pub fn reference() -> String {
    let mut book = Book::default();
    let spec = book.chapter("A spec", "spec", &schemas::spec(), "");
    let catalogue = book.chapter("A catalogue file", "catalogue", &schemas::catalogue(), "");
    let workspace = book.chapter("A workspace file", "workspace", &schemas::workspace(), "");
    let mut text = String::from(INTRODUCTION);
    text.push_str("\n## Contents\n\n");
    for (level, title) in [(2, "Kinds of values".to_owned())]
        .into_iter()
        .chain(book.headings)
        .chain([(2, "Required when".to_owned()), (2, "Edition defaults".to_owned())])
    {
        let indent = "  ".repeat(level - 2);
        let _ = writeln!(text, "{indent}- [{title}](#{})", types::anchor(&title));
    }
    text.push_str(include_str!("reference/values.md"));
    text.push_str(&spec);
    text.push_str(&catalogue);
    text.push_str(&workspace);
    text.push_str(&required());
    text.push_str(&defaults());
    text
}

/// What must be written, from when on, at which risk.
fn required() -> String {
    let mut text = String::from(
        "\n## Required when\n\nWhat must be written, and when. *Structure*: without it the file is not a spec. *Inference*: without it nothing \
         can be concluded; it never has a default. *Governance*: without it no one answers for it; in a draft its absence \
         is advice.\n\n| field | in which specs | from | risk | why |\n|---|---|---|---|---|\n",
    );
    for requirement in REQUIREMENTS {
        let field = requirement
            .alternatives()
            .map(|field| format!("`{field}`"))
            .collect::<Vec<_>>()
            .join(" or ");
        let when = if requirement.when.is_empty() {
            "all"
        } else {
            requirement.when
        };
        let from = match requirement.from {
            Stage::Draft => "draft",
            Stage::Review => "review",
        };
        let risk = match requirement.risk {
            RiskScope::Any => "any".to_owned(),
            RiskScope::AtLeast(Risk::High) => Risk::High.to_string(),
            RiskScope::AtLeast(risk) => format!("{risk} and above"),
        };
        let _ = writeln!(
            text,
            "| {field} | {} | {from} | {risk} | {} |",
            cell(when),
            requirement.need.as_str()
        );
    }
    text
}

/// What is meant by what is left out.
fn defaults() -> String {
    let mut text = String::from(
        "\n## Edition defaults\n\nWhat edition 1 means by what is left out. A spec wins over the catalogue, the catalogue over `abide.toml`, \
         and all over this.\n\n```toml\n",
    );
    text.push_str(edition::DEFAULTS.trim_end());
    text.push_str("\n```\n\nSome defaults follow from other values:\n\n| field | left out, it is |\n|---|---|\n");
    for derived in edition::DERIVED {
        let _ = writeln!(text, "| `{}` | {} |", derived.field, cell(derived.value));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_link_leads_to_a_heading() {
        let text = reference();
        let headings: Vec<_> = text
            .lines()
            .filter(|line| line.starts_with("##"))
            .map(|line| types::anchor(line.trim_start_matches(['#', ' '])))
            .collect();
        let links: Vec<_> = text
            .split("](#")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
            .collect();
        assert!(links.len() > 50);
        for link in links {
            assert!(headings.iter().any(|heading| heading == link), "#{link}");
        }
    }

    #[test]
    fn no_two_headings_share_an_anchor() {
        let text = reference();
        let headings = text.lines().filter(|line| line.starts_with("##"));
        let mut anchors: Vec<_> = headings.map(types::anchor).collect();
        let all = anchors.len();
        anchors.sort_unstable();
        anchors.dedup();
        assert_eq!(anchors.len(), all);
    }
}
