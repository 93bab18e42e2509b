//! What to say about a value that is not what its place takes.

use super::elsewhere;
use super::keyword::{Bounds, Case};
use super::sample;
use super::shape::Shape;
use super::suggest::{Suggestion, suggestion};
use super::words;
use crate::diagnostics::{Diagnostic, Edit, Fix, Place, Safety};
use crate::source::Pointer;
use crate::syntax::{Kind, Node};

/// A value, and the schema that refuses it.
pub(super) struct Faulty<'a> {
    pub(super) shape: Shape<'a>,
    pub(super) node: &'a Node,
    pub(super) pointer: &'a Pointer,
}

impl Faulty<'_> {
    pub(super) fn error(&self, rule: &'static str, message: impl Into<String>) -> Diagnostic {
        // An array or table may be long: its key stands for it.
        let span = match self.node.kind {
            Kind::Array(_) | Kind::Table(_) => self.node.entry_span(),
            _ => self.node.span,
        };
        Diagnostic::error(rule, Place::new(span, self.pointer.clone()), message)
    }

    /// The key that holds the value, for a message: elements of an array are named after the array.
    pub(super) fn name(&self) -> String {
        let names: Vec<String> = self
            .pointer
            .names()
            .filter(|name| name.parse::<usize>().is_err())
            .collect();
        names.last().cloned().unwrap_or_else(|| "the file".to_owned())
    }

    /// "`alpha` takes a fraction", "an element of `reviewers` is a string".
    pub(super) fn takes(&self) -> String {
        let expected = words::expected_short(self.shape);
        let element = self.pointer.last().is_some_and(|name| name.parse::<usize>().is_ok());
        if element {
            format!("an element of `{}` is {expected}", self.name())
        } else {
            format!("`{}` takes {expected}", self.name())
        }
    }

    pub(super) fn replace(&self, title: impl Into<String>, safety: Safety, replacement: impl Into<String>) -> Fix {
        Fix {
            title: title.into(),
            safety,
            edits: vec![Edit {
                span: self.node.span,
                replacement: replacement.into(),
            }],
        }
    }

    fn accepts(&self, name: &str) -> bool {
        let listed = |shape: Shape<'_>| match shape.keyword("type") {
            Some(serde_json::Value::Array(names)) => names.iter().any(|known| known == name),
            Some(known) => known == name,
            None => false,
        };
        listed(self.shape) || self.shape.branches().into_iter().any(listed)
    }

    /// A value of the wrong type.
    pub(super) fn wrong_type(&self) -> Diagnostic {
        let number_wanted = self.accepts("number") || self.accepts("integer");
        if number_wanted && let Some(diagnostic) = self.not_a_usable_number() {
            return diagnostic;
        }
        let expected = words::expected(self.shape);
        let found = self.node.kind.describe();
        let diagnostic = self
            .error("wrong-type", format!("expected {expected}, found {found}"))
            .with_label(self.takes());
        self.remedy(diagnostic)
    }

    /// What to write instead, where the value shows what was meant.
    fn remedy(&self, diagnostic: Diagnostic) -> Diagnostic {
        if let Some(help) = self.as_tables() {
            return diagnostic.with_help(help);
        }
        let written = words::written(self.node);
        match (&self.node.kind, written) {
            (Kind::String(text), _) if let Some(number) = self.meant_number(text) => {
                let fix = self.replace(format!("write {number}"), Safety::Unsafe, number.clone());
                diagnostic
                    .with_help(format!("write {number}, without quotes"))
                    .with_fix(fix)
            }
            (Kind::Integer(_) | Kind::Float(_), Some(number)) if self.shape.idea() == Some("duration") => diagnostic
                .with_help(format!(
                    "write the unit: \"{number}m\" for minutes, \"{number}h\" hours, \"{number}d\" days"
                )),
            (Kind::Float(x), _) if self.accepts("integer") => {
                if x.fract() == 0.0 && x.abs() < 1e15 {
                    let whole = format!("{x:.0}");
                    let fix = self.replace(format!("write `{whole}`"), Safety::Safe, whole.clone());
                    diagnostic
                        .with_help(format!("write `{whole}`, without the point"))
                        .with_fix(fix)
                } else {
                    diagnostic.with_help("write a whole number")
                }
            }
            (Kind::String(text), _) if self.reads_as_wanted(text) => {
                let plain = text.trim().to_owned();
                let fix = self.replace("remove the quotes", Safety::Safe, plain.clone());
                diagnostic
                    .with_help(format!("write {plain} without quotes"))
                    .with_fix(fix)
            }
            (Kind::Boolean(_) | Kind::Integer(_) | Kind::Float(_) | Kind::Datetime(_), Some(value))
                if self.accepts("string") && !self.accepts("number") && self.shape.idea().is_none() =>
            {
                let quoted = format!("\"{value}\"");
                if let Some(choices) = words::choices(self.shape)
                    && !choices.contains(&quoted)
                {
                    return diagnostic.with_help(format!("write {}", words::join(&choices, "or")));
                }
                let fix = self.replace("put it in quotes", Safety::Safe, quoted.clone());
                diagnostic.with_help(format!("write {quoted}")).with_fix(fix)
            }
            (Kind::Table(_), _) if self.accepts("array") => {
                let name = self.name();
                diagnostic.with_help(format!(
                    "write a list of tables: `[[{name}]]` before each, or `{name} = [{{ … }}]`"
                ))
            }
            (Kind::Table(_) | Kind::Array(_), _) | (_, None) => diagnostic,
            (_, Some(value)) if self.accepts("array") && !matches!(self.node.kind, Kind::Datetime(_)) => {
                let list = format!("[{value}]");
                let fix = self.replace("make it a list", Safety::Safe, list.clone());
                diagnostic.with_help(format!("write {list}")).with_fix(fix)
            }
            _ if self.accepts("object") => {
                let keys: Vec<String> = self
                    .shape
                    .properties()
                    .iter()
                    .take(12)
                    .map(|(name, _)| format!("`{name}`"))
                    .collect();
                let name = self.name();
                let form = if self.pointer.names().count() == 1 {
                    format!("write a table: `[{name}]` on a line of its own")
                } else {
                    format!("write a table: `{name} = {{ key = value }}`")
                };
                diagnostic.with_help(if keys.is_empty() {
                    form
                } else {
                    format!("{form}, with {}", words::join(&keys, "or"))
                })
            }
            _ => diagnostic,
        }
    }

    /// How tables are written in whose place a plain value or a list stands.
    fn as_tables(&self) -> Option<String> {
        if matches!(self.node.kind, Kind::Table(_)) {
            return None;
        }
        if let Some(parent) = self.pointer.parent()
            && self
                .shape
                .document()
                .follow(&parent)
                .and_then(Shape::any_entry)
                .is_some()
            && let Some(advice) = elsewhere::key(self.shape.document(), &parent, &self.name())
        {
            return Some(advice.write.clone());
        }
        if self.shape.any_entry().is_some()
            && let Kind::Array(elements) = &self.node.kind
        {
            return Some(self.named_tables(elements));
        }
        let takes_tables =
            |shape: Shape<'_>| shape.keyword("type").and_then(serde_json::Value::as_str) == Some("object");
        let tables = self.accepts("object") || self.shape.element().is_some_and(takes_tables);
        if tables {
            sample::instead(self.shape, self.pointer, self.node)
        } else {
            None
        }
    }

    /// `arms = ["control", "treatment"]` or `[[arms]]`: a table for each, named after it.
    fn named_tables(&self, elements: &[Node]) -> String {
        let case = Case::of(self.shape.keyword("x-abide-keys").and_then(serde_json::Value::as_str));
        let called = |element: &Node| {
            let name = match element.as_str() {
                Some(text) => text,
                None => ["id", "name", "key", "title"]
                    .iter()
                    .find_map(|key| element.get(key)?.as_str())?,
            };
            let case = if case == Case::Any { Case::Snake } else { case };
            if case.fits(name) {
                Some(name.to_owned())
            } else {
                case.respell(name)
            }
        };
        let path: Vec<String> = self.pointer.names().collect();
        let path = path.join(".");
        let tables: Vec<String> = elements
            .iter()
            .filter_map(called)
            .take(4)
            .map(|name| format!("`[{path}.{name}]`"))
            .collect();
        if tables.is_empty() {
            format!("write a table for each, with its name: `[{path}.name]`")
        } else {
            format!("write a table for each, with its name: {}", words::join(&tables, "and"))
        }
    }

    /// The number that a text stands for: `"10k"`, `"20,000"`, `"2 weeks"` where days are counted, a word for a listed one.
    fn meant_number(&self, text: &str) -> Option<String> {
        if let Some(choice) = elsewhere::choice(&self.name(), text, &words::choices(self.shape).unwrap_or_default()) {
            return (!choice.starts_with('"')).then(|| choice.to_owned());
        }
        if !self.accepts("number") && !self.accepts("integer") {
            return None;
        }
        let text = text.trim().to_lowercase();
        let end = text
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '_')))
            .unwrap_or(text.len());
        let (digits, unit) = text.split_at(end);
        let grouped = digits.split([',', '_']).skip(1).all(|group| group.len() == 3);
        let number: f64 = digits.replace([',', '_'], "").parse().ok().filter(|_| grouped)?;
        let factor = match unit.trim() {
            "" if digits.contains([',', '_']) => 1.0,
            "k" => 1e3,
            "m" | "mio" | "million" => 1e6,
            "d" | "day" | "days" if self.counts_days() => 1.0,
            "w" | "week" | "weeks" if self.counts_days() => 7.0,
            _ => return None,
        };
        let number = number * factor;
        (number.fract() == 0.0 && number < 1e15).then(|| format!("{number:.0}"))
    }

    fn counts_days(&self) -> bool {
        self.name().ends_with("days")
    }

    /// Whether text would be right without its quotes.
    fn reads_as_wanted(&self, text: &str) -> bool {
        let text = text.trim();
        (self.accepts("integer") && text.parse::<i64>().is_ok())
            || (self.accepts("number")
                && text.parse::<f64>().is_ok_and(f64::is_finite)
                && !text.ends_with('.')
                && !text.starts_with('.'))
            || (self.accepts("boolean") && matches!(text, "true" | "false"))
    }

    /// `nan`, `inf`, `1e400`, 2^63: numbers, but not ones to compute with.
    fn not_a_usable_number(&self) -> Option<Diagnostic> {
        let (message, label) = match &self.node.kind {
            Kind::Float(x) if x.is_nan() => (
                format!("`{}` is nan, which is not a number", self.name()),
                "not a number",
            ),
            Kind::Float(x) if x.is_infinite() => (format!("`{}` is infinite", self.name()), "not a finite number"),
            Kind::HugeFloat(text) => (
                format!("{text} is too large for a number of 64 bits (at most 1.8e308)"),
                "too large to compute with",
            ),
            Kind::HugeInteger(text) => (
                format!(
                    "{text} is too large for a whole number of 64 bits (at most {})",
                    i64::MAX
                ),
                "too large to compute with",
            ),
            _ => return None,
        };
        let wanted = match self.shape.map().map(Bounds::of).and_then(Bounds::words) {
            Some(bounds) => format!("write a finite number, {bounds}"),
            None => "write a finite number".to_owned(),
        };
        Some(self.error("out-of-range", message).with_label(label).with_help(wanted))
    }

    /// A number outside its bounds; `bound` reads "at least 0".
    pub(super) fn out_of_range(&self, bound: &str) -> Diagnostic {
        let value = words::shown(self.node);
        let bounds = self.shape.map().map(Bounds::of).and_then(Bounds::words);
        let diagnostic = self
            .error(
                "out-of-range",
                format!("`{}` is {value}, and must be {bound}", self.name()),
            )
            .with_label(format!("must be {}", bounds.as_deref().unwrap_or(bound)));
        let below_one = bound == "below 1" || bound == "at most 1";
        let percent = self.node.as_f64().filter(|x| below_one && *x > 1.0 && *x <= 100.0);
        match percent {
            Some(x) if self.shape.idea() == Some("fraction") => {
                let written = format!("\"{x}%\"");
                let fix = self.replace(format!("write {written}"), Safety::Unsafe, written.clone());
                diagnostic
                    .with_help(format!("for {x} percent write {written} or {}", x / 100.0))
                    .with_fix(fix)
            }
            _ => diagnostic.with_help(format!("write a value {}", bounds.as_deref().unwrap_or(bound))),
        }
    }

    /// A value that is none of those listed.
    pub(super) fn choice(&self) -> Diagnostic {
        let choices: Vec<String> = self
            .shape
            .branches()
            .into_iter()
            .filter_map(words::choices)
            .flatten()
            .collect();
        let text = matches!(self.node.kind, Kind::String(_));
        if choices.iter().all(|choice| choice.starts_with('"') != text) {
            return self.wrong_type();
        }
        choice_of(self.node, self.pointer, &choices)
    }

    /// Too few or too many of something.
    pub(super) fn count(&self, limit: u64, bound: &str, unit: &str) -> Diagnostic {
        let found = match &self.node.kind {
            Kind::Array(elements) => elements.len(),
            Kind::Table(entries) => entries.len(),
            Kind::String(text) => text.chars().count(),
            _ => 0,
        };
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        let has = if found == 0 {
            "is empty".to_owned()
        } else {
            format!("has {found} {unit}{}", plural(found))
        };
        let needs = format!("{bound} {limit} {unit}{}", plural(usize::try_from(limit).unwrap_or(2)));
        self.error("invalid-value", format!("`{}` {has}, and needs {needs}", self.name()))
            .with_label(format!("must have {needs}"))
    }

    /// An array with the same element twice.
    pub(super) fn repeated(&self) -> Diagnostic {
        let elements = self.node.as_array().unwrap_or_default();
        let twice = elements.iter().enumerate().find_map(|(at, element)| {
            let earlier = elements.get(..at)?.iter().find(|other| other.kind == element.kind)?;
            Some((earlier, element))
        });
        let message = format!("`{}` lists the same value twice", self.name());
        match twice {
            Some((first, again)) => {
                Diagnostic::error("invalid-value", Place::new(again.span, self.pointer.clone()), message)
                    .with_label("listed again here")
                    .with_other(Place::new(first.span, self.pointer.clone()), "listed here")
                    .with_help("delete one of the two")
            }
            None => self.error("invalid-value", message),
        }
    }
}

/// A value, or the tag of a table, that is none of those listed.
pub(super) fn choice_of(node: &Node, pointer: &Pointer, choices: &[String]) -> Diagnostic {
    let name = pointer.last().unwrap_or_default();
    let place = Place::new(node.span, pointer.clone());
    let message = format!("`{name}` cannot be {}", words::shown(node));
    let diagnostic = Diagnostic::error("invalid-value", place, message);
    let list = words::join(choices, "or");
    if let Some(why) = node.as_str().and_then(|text| elsewhere::refused(&name, text)) {
        return diagnostic
            .with_label("not a value that it takes here")
            .with_help(format!("{why}: write {list}"));
    }
    let synonym = node.as_str().and_then(|text| elsewhere::choice(&name, text, choices));
    let near = synonym
        .map(|word| Suggestion::Likely(word.trim_matches('"')))
        .or_else(|| {
            node.as_str()
                .and_then(|text| suggestion(text, choices.iter().map(|choice| choice.trim_matches('"'))))
        });
    let fix = |to: &str, safety| Fix {
        title: format!("write \"{to}\""),
        safety,
        edits: vec![Edit {
            span: node.span,
            replacement: format!("\"{to}\""),
        }],
    };
    let meant = |to: &str, safety| {
        diagnostic
            .clone()
            .with_label(format!("did you mean \"{to}\"?"))
            .with_help(format!("`{name}` is {list}"))
            .with_fix(fix(to, safety))
    };
    match near {
        Some(Suggestion::Clear(to)) => meant(to, Safety::Safe),
        Some(Suggestion::Likely(to)) => meant(to, Safety::Unsafe),
        Some(Suggestion::Tie(equal)) => {
            let quoted: Vec<String> = equal.iter().map(|to| format!("\"{to}\"")).collect();
            diagnostic
                .with_label(format!("did you mean {}?", words::join(&quoted, "or")))
                .with_help(format!("`{name}` is {list}"))
                .with_alternatives(equal.into_iter().map(|to| fix(to, Safety::Unsafe)).collect())
        }
        None => diagnostic
            .with_label("not one of the values it can have")
            .with_help(format!("write {list}")),
    }
}

/// A table that must have exactly one of several keys, and has none.
pub(super) fn exactly_one(node: &Node, pointer: &Pointer, names: &[String]) -> Diagnostic {
    let listed: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let listed = words::join(&listed, "or");
    Diagnostic::error(
        "invalid-value",
        Place::new(node.entry_span(), pointer.clone()),
        format!("expected exactly one of {listed}"),
    )
    .with_label("none of them is here")
    .with_help(format!("write one of {listed}"))
}

/// A fault of a kind that has no words of its own.
pub(super) fn other(node: &Node, pointer: &Pointer, text: &str) -> Diagnostic {
    let place = Place::new(node.entry_span(), pointer.clone());
    Diagnostic::error("invalid-value", place, format!("not valid here: {text}"))
}
