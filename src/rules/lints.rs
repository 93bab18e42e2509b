//! `[lints]` of `abide.toml`: names and options of rules that exist.

use super::redirects::{redirect, renamed};
use super::rule::{Group, Rule};
use super::{find, instead_of};
use crate::diagnostics::{Diagnostic, Edit, Fix, Place, Safety, Sink};
use crate::source::Pointer;
use crate::syntax::Node;

/// Reports levels and options for what does not exist: a level that is set in vain looks like a decision.
pub fn check_lints(workspace: &Node, sink: &mut Sink) {
    let Some(lints) = workspace.get("lints").and_then(Node::as_table) else {
        return;
    };
    let pointer = Pointer::root().join("lints");
    for (name, node) in lints {
        match name.as_str() {
            "profile" => {}
            "options" => options(node, &pointer.join("options"), sink),
            // Both hold tables of the shape of `[lints]` itself, by class or risk.
            "class" | "risk" => {
                for (of, set) in node.as_table().into_iter().flatten() {
                    let pointer = pointer.join(name).join(of);
                    for (name, node) in set.as_table().into_iter().flatten() {
                        if name != "profile" {
                            level(name, node, &pointer, sink);
                        }
                    }
                }
            }
            _ => level(name, node, &pointer, sink),
        }
    }
}

fn level(name: &str, node: &Node, pointer: &Pointer, sink: &mut Sink) {
    if let Some(rule) = known(name, node, pointer, sink)
        && rule.group == Group::Language
    {
        sink.push(
            Diagnostic::error(
                "invalid-value",
                Place::new(node.span, pointer.join(name)),
                format!("`{name}` is an error of the language and keeps its level"),
            )
            .with_label("sets nothing")
            .with_help("remove this line"),
        );
    }
}

fn options(node: &Node, pointer: &Pointer, sink: &mut Sink) {
    for (name, options) in node.as_table().into_iter().flatten() {
        let Some(rule) = known(name, options, pointer, sink) else {
            continue;
        };
        for (option, value) in options.as_table().into_iter().flatten() {
            let names: Vec<&str> = rule.settings.iter().map(|setting| setting.name).collect();
            if names.contains(&option.as_str()) {
                continue;
            }
            let place = Place::new(value.key_span.unwrap_or(value.span), pointer.join(name).join(option));
            let diagnostic = Diagnostic::error("unknown-key", place, format!("`{name}` has no option `{option}`"))
                .with_label("not an option");
            sink.push(match names.as_slice() {
                [] => diagnostic.with_help(format!("`{name}` has no options: remove this line")),
                names => diagnostic.with_help(format!("its options are {}", super::text::names(names, "and"))),
            });
        }
    }
}

fn known(name: &str, node: &Node, pointer: &Pointer, sink: &mut Sink) -> Option<&'static Rule> {
    if let Some(redirect) = redirect(name) {
        let span = node.key_span.unwrap_or(node.span);
        let place = Place::new(span, pointer.join(name));
        sink.push(renamed(redirect, place, str::to_owned));
        return redirect.to.and_then(find);
    }
    let found = find(name);
    if found.is_none() {
        let span = node.key_span.unwrap_or(node.span);
        let place = Place::new(span, pointer.join(name));
        let diagnostic =
            Diagnostic::error("unknown-rule", place, format!("there is no rule `{name}`")).with_label("not a rule");
        let (help, replacement) = instead_of(name);
        let diagnostic = diagnostic.with_help(help);
        sink.push(match replacement {
            Some(replacement) => diagnostic.with_fix(Fix {
                title: format!("write `{replacement}`"),
                safety: Safety::Unsafe,
                edits: vec![Edit {
                    span,
                    replacement: replacement.to_owned(),
                }],
            }),
            None => diagnostic,
        });
    }
    found
}
