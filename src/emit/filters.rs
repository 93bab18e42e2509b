//! The filters of ours: number formats, and the one door for unescaped text.

use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind};

use super::escape::{OutputLanguage, css_string, fenced, one_line};
use super::fragment::Fragment;
use super::sql::{self, Dialect, Expression};
use crate::format;

/// Adds them to an environment that writes `language`.
pub(super) fn add(environment: &mut Environment<'static>, language: OutputLanguage) {
    environment.add_filter("count", |x: f64| format::count(x));
    environment.add_filter("number", |x: f64, digits: Option<usize>| match digits {
        Some(digits) => format::significant(x, digits),
        None => format::exact(x),
    });
    environment.add_filter("percent", |x: f64| format::percent(x));
    environment.add_filter("estimate_percent", |x: f64| format::estimate_percent(x));
    environment.add_filter("level", |x: f64| format::level(x));
    environment.add_filter("span", |written: &str| format::span(written));
    environment.add_filter("share", |x: f64| format::share(x));
    environment.add_filter("chance", |x: f64| format::chance(x));
    environment.add_filter("statistic", |x: f64| format::statistic(x));
    environment.add_filter("points", |x: f64| format::points(x));
    environment.add_filter("factor", |x: f64| format::factor(x));
    environment.add_filter("money", |x: f64, currency: &str| format::money(x, currency));
    environment.add_filter("quantity", |x: f64, unit: &str| format::quantity(x, unit));
    environment.add_filter("days", |x: f64| format::days(x));
    environment.add_filter("date", |iso: &str| format::date(iso));
    environment.add_filter("plural", |word: &str, n: Option<f64>| match n {
        Some(n) => format::counted(n, word),
        None => format::plural(word),
    });

    // A text of PromQL, itself to be written in whatever language holds the query.
    environment.add_filter("promql", |text: &str| serde_json::Value::from(text).to_string());

    // A text that is shown as it is, in places that have room for one line.
    environment.add_filter("line", |text: &str, longest: Option<usize>| {
        shortened(&one_line(text), longest)
    });

    // A value as JSON that is itself a text: for systems that want JSON inside JSON.
    environment.add_filter("json_text", |value: &Value| {
        serde_json::to_string(value).map_err(|reason| refused(&format!("this value has no form in JSON: {reason}")))
    });

    environment.add_filter("raw_fragment", move |value: &Value| raw_fragment(value, language));
    if matches!(
        language,
        OutputLanguage::Sql | OutputLanguage::Python | OutputLanguage::Toml
    ) {
        environment.add_filter("comment", |text: &str| {
            // A comment opens no statement of a template: tools such as dbt read queries as templates.
            Value::from_safe_string(one_line(text).replace("{%", "{ %"))
        });
    }
    // In a query SQL stands as it is; in a config it is a text, which is written as one.
    if matches!(
        language,
        OutputLanguage::Sql | OutputLanguage::Json | OutputLanguage::Toml
    ) {
        let stands = move |written: String| match language {
            OutputLanguage::Sql => Value::from_safe_string(written),
            _ => Value::from(written),
        };
        environment.add_filter("name", move |text: &str, dialect: &str| {
            let written = sql::name(text, known(dialect)?).map_err(|reason| refused(&reason))?;
            Ok::<_, Error>(stands(written))
        });
        environment.add_filter("column", move |text: &str, alias: &str, dialect: &str| {
            let written = |text: &str| sql::name(text, known(dialect)?).map_err(|reason| refused(&reason));
            Ok::<_, Error>(stands(format!("{}.{}", written(alias)?, written(text)?)))
        });
        environment.add_filter("expression", move |text: &str, dialect: &str, alias: &str| {
            let read = Expression::parse(text).map_err(|fault| refused(&format!("{text:?}: {fault}")))?;
            let alias = sql::name(alias, known(dialect)?).map_err(|reason| refused(&reason))?;
            Ok::<_, Error>(stands(read.write(known(dialect)?, &alias)))
        });
    }
    if language == OutputLanguage::Html {
        environment.add_filter("css_string", |text: &str| {
            Value::from_object(Fragment::new(OutputLanguage::Html, css_string(text)))
        });
    }
    if language == OutputLanguage::Markdown {
        environment.add_filter("fence", |text: &str, info: Option<&str>| {
            let fragment = Fragment::new(OutputLanguage::Markdown, fenced(text, info.unwrap_or_default()));
            Value::from_object(fragment)
        });
    }
}

/// A text of so many characters at most, with an ellipsis where it was cut.
fn shortened(text: &str, longest: Option<usize>) -> String {
    match longest {
        Some(longest) if text.chars().count() > longest => {
            let kept: String = text.chars().take(longest.saturating_sub(1)).collect();
            kept.trim_end().to_owned() + "…"
        }
        _ => text.to_owned(),
    }
}

fn known(dialect: &str) -> Result<Dialect, Error> {
    Dialect::parse(dialect).ok_or_else(|| {
        let names: Vec<&str> = Dialect::ALL.iter().map(|dialect| dialect.as_str()).collect();
        refused(&format!(
            "there is no dialect `{dialect}`; there are {}",
            names.join(", ")
        ))
    })
}

/// Writes what the compiler made, and nothing else.
fn raw_fragment(value: &Value, language: OutputLanguage) -> Result<Value, Error> {
    match value.downcast_object_ref::<Fragment>() {
        Some(fragment) if fragment.language() == language => Ok(Value::from_safe_string(fragment.as_str().to_owned())),
        Some(fragment) => Err(refused(&format!(
            "this fragment is {}, the output is {}",
            fragment.language().name(),
            language.name()
        ))),
        None => Err(refused(
            "`raw_fragment` writes fragments that the compiler made, never text or other values",
        )),
    }
}

fn refused(detail: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, detail.to_owned())
}
