//! Keys that a table does not have, and keys that it must have.

use super::keyword::Case;
use super::shape::{Homes, Shape};
use super::suggest::{Suggestion, suggestion};
use super::translate::Finding;
use super::words;
use super::{closest, elsewhere, suggest};
use crate::diagnostics::{Diagnostic, Edit, Fix, Place, Safety};
use crate::source::{Pointer, Span};
use crate::syntax::Node;

/// A table whose keys are at fault.
pub(super) struct Keys<'a> {
    pub(super) root: &'a Node,
    pub(super) homes: &'a Homes,
    pub(super) shape: Shape<'a>,
    pub(super) table: &'a Node,
    pub(super) pointer: Pointer,
}

/// How many unknown keys of one table are shown one by one.
const MAX_UNKNOWN: usize = 100;

impl Keys<'_> {
    /// One finding for each key that the table does not have; past [`MAX_UNKNOWN`] one for all the rest.
    pub(super) fn unknown(&self, names: &[String]) -> Vec<Finding> {
        let (listed, rest) = names.split_at(names.len().min(MAX_UNKNOWN));
        let mut found: Vec<Finding> = listed.iter().map(|name| self.unknown_key(name)).collect();
        if let Some(first) = rest.first() {
            let place = Place::new(
                self.table.get(first).map_or(self.table.span, Node::entry_span),
                self.pointer.join(first),
            );
            let message = format!("{} more unknown keys from here on, not shown", rest.len());
            let diagnostic = Diagnostic::error("unknown-key", place, message);
            let drops = rest.iter().map(|name| self.pointer.join(name)).collect();
            let mut finding = Finding::new(diagnostic, drops);
            finding.say(
                "the next one",
                format!("the first {MAX_UNKNOWN} are shown: correct those first"),
            );
            found.push(finding);
        }
        found
    }

    fn unknown_key(&self, name: &str) -> Finding {
        let pointer = self.pointer.join(name);
        let key_span = self.table.get(name).map_or(self.table.span, Node::entry_span);
        let table = words::table_name(self.root, &self.pointer);
        let allowed: Vec<&str> = self.shape.properties().into_iter().map(|(name, _)| name).collect();
        let place = Place::new(key_span, pointer.clone());
        let shown = short(name);
        let message = if self.pointer == Pointer::root() {
            format!("unknown key `{shown}` at the top of the file")
        } else {
            format!("unknown key `{shown}` in {table}")
        };
        let diagnostic = Diagnostic::error("unknown-key", place, message);
        let mut finding = Finding::new(diagnostic, vec![pointer]);
        let near = closest(name, allowed.iter().copied());
        let slip = near.is_some_and(|near| suggest::is_slip(name, near));
        if !slip && let Some(advice) = elsewhere::key(self.shape.document(), &self.pointer, name) {
            self.another_word(&mut finding, name, advice, key_span);
            return finding;
        }
        let homes = if slip { &[] } else { self.homes.of(name) };
        if let [home] = homes
            && format!("[{home}]") != table
        {
            let place = if home.is_empty() {
                "the top of the file, before the first table".to_owned()
            } else {
                format!("[{home}]")
            };
            finding.say("belongs somewhere else", format!("`{shown}` belongs in {place}"));
            return finding;
        }
        match near {
            Some(near) if self.table.get(near).is_some() => {
                finding.say(
                    format!("not a key of {table}"),
                    format!("`{near}`, which is near, is set already: delete one of the two"),
                );
            }
            Some(near) => {
                self.rename(&mut finding, name, near, key_span, &allowed);
                finding.explains.push(self.pointer.join(near));
            }
            None if homes.len() > 1 && homes.len() <= 3 => {
                let homes: Vec<String> = homes.iter().map(|home| format!("[{home}]")).collect();
                finding.say(
                    "belongs somewhere else",
                    format!("`{shown}` is a key of {}", words::join(&homes, "and")),
                );
            }
            None if allowed.is_empty() => finding.say(format!("{table} takes no keys"), "delete it"),
            None if allowed.len() <= 12 => {
                let listed: Vec<String> = allowed.iter().map(|name| format!("`{name}`")).collect();
                finding.say(
                    format!("not a key of {table}"),
                    format!("{table} takes {}", words::join(&listed, "and")),
                );
            }
            None => finding.say(
                format!("not a key of {table}"),
                "delete it, or write it as a comment with `#`: nothing in a spec is silently ignored",
            ),
        }
        finding
    }

    /// Says what the language writes instead of a word that people bring along.
    fn another_word(&self, finding: &mut Finding, name: &str, advice: &elsewhere::Advice, key_span: Span) {
        finding.explains.extend(advice.places());
        let free = advice.rename().filter(|key| self.table.get(key).is_none());
        match free {
            Some(key) => {
                finding.say(format!("`{}` here is `{key}`", short(name)), advice.write.as_str());
                finding.explains.push(self.pointer.join(key));
                finding.diagnostic.fix = Some(Fix {
                    title: format!("rename to `{key}`"),
                    safety: Safety::Unsafe,
                    edits: vec![Edit {
                        span: key_span,
                        replacement: key.to_owned(),
                    }],
                });
            }
            None => finding.say("said in another way here", advice.write.as_str()),
        }
    }

    /// Says which key was meant. Where another is near as well, a rename may change what the spec means; where two are
    /// equally near, a person chooses.
    fn rename(&self, finding: &mut Finding, name: &str, near: &str, key_span: Span, allowed: &[&str]) {
        let fix = |to: &str, safety| Fix {
            title: format!("rename to `{to}`"),
            safety,
            edits: vec![Edit {
                span: key_span,
                replacement: to.to_owned(),
            }],
        };
        match suggestion(name, allowed.iter().copied()) {
            Some(Suggestion::Tie(equal)) => {
                let listed: Vec<String> = equal.iter().map(|name| format!("`{name}`")).collect();
                let listed = words::join(&listed, "or");
                finding.say(format!("did you mean {listed}?"), format!("write {listed}"));
                let free = equal.into_iter().filter(|to| self.table.get(to).is_none());
                finding.diagnostic.alternatives = free.map(|to| fix(to, Safety::Unsafe)).collect();
            }
            found => {
                finding.say(format!("did you mean `{near}`?"), format!("write `{near}`"));
                let safety = match found {
                    Some(Suggestion::Clear(_)) => Safety::Safe,
                    _ => Safety::Unsafe,
                };
                finding.diagnostic.fix = Some(fix(near, safety));
            }
        }
    }

    /// One finding for a key that the table must have.
    pub(super) fn missing(&self, name: &str) -> Finding {
        let pointer = self.pointer.join(name);
        let table = words::table_name(self.root, &self.pointer);
        let shape = self.shape.follow(&Pointer::root().join(name));
        let diagnostic = Diagnostic::error(
            "missing-key",
            Place::new(self.table.entry_span(), pointer.clone()),
            format!("`{name}` is missing in {table}"),
        );
        let mut finding = Finding::new(diagnostic, Vec::new());
        let wanted = shape.map_or_else(String::new, |shape| format!(": {}", words::expected(shape)));
        finding.say(format!("must set `{name}`"), format!("add `{name}`{wanted}"));
        finding.explains.push(pointer);
        finding
    }

    /// One finding for each name in a table of ids that is not spelled as one.
    pub(super) fn misspelled(&self, case: Case) -> Vec<Finding> {
        let entries = self.table.as_table().into_iter().flatten();
        entries
            .filter(|(name, _)| !case.fits(name))
            .map(|(name, node)| {
                let place = Place::new(node.entry_span(), self.pointer.join(name));
                let style = case.style();
                let diagnostic = Diagnostic::error(
                    "invalid-value",
                    place,
                    format!("the id `{}` is not in {style}", short(name)),
                );
                let mut finding = Finding::new(diagnostic, Vec::new());
                let help = match case.respell(name) {
                    Some(better) => format!("write `{better}`, here and wherever it is referred to"),
                    None => "use lower-case letters a to z, digits and `_`, a letter first".to_owned(),
                };
                finding.say("ids become column names", help);
                finding
            })
            .collect()
    }
}

fn short(name: &str) -> String {
    if name.chars().count() <= 40 {
        return name.to_owned();
    }
    let mut cut: String = name.chars().take(39).collect();
    cut.push('…');
    cut
}
