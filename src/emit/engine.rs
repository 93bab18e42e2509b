//! The template engine: one environment per output language, with every way around the escaping removed.

use std::io;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, filters, functions, tests};
use serde::Serialize;

use super::escape::OutputLanguage;
use super::fault::TemplateFault;
use super::filters as ours;
use super::templates::{BadName, Templates};

/// Instructions that one document may take; the largest shipped document takes well under a hundredth of it.
const FUEL: u64 = 20_000_000;
/// Depth of includes, macros and blocks, in the engine's own unit.
const RECURSION_LIMIT: usize = 200;
/// Bytes that one document may have.
const OUTPUT_LIMIT: usize = 64 << 20;

/// Renders templates into one output language.
#[derive(Debug)]
pub struct Engine {
    environment: Environment<'static>,
    templates: Templates,
}

impl Engine {
    /// An engine that writes `language` and finds its templates in `templates`.
    pub fn new(language: OutputLanguage, templates: &Templates) -> Self {
        // Built from nothing: a filter that could mark user text as safe (`safe`, `escape`, `tojson`, `format`) is not
        // merely unused, it does not exist.
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        environment.set_recursion_limit(RECURSION_LIMIT);
        // Errors carry byte ranges only in this mode; it costs nothing while there are none.
        environment.set_debug(true);
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.unwrap_or_default());
        // The output of macros, blocks and `{% set %}` is already escaped. A custom language marks it so, whatever an
        // `{% autoescape %}` in a template asks for; the formatter below never looks at that setting.
        environment.set_auto_escape_callback(|_| AutoEscape::Custom("abide".into()));
        environment.set_formatter(move |out, _, value| {
            // INVARIANT: a safe string is the output of this very formatter, or went through `raw_fragment`.
            let written = match value.as_str() {
                Some(text) if value.is_safe() => return out.write_str(text).map_err(Error::from),
                Some(text) => language.text(text),
                None => language.value(value)?,
            };
            out.write_str(&written).map_err(Error::from)
        });
        add_builtins(&mut environment);
        ours::add(&mut environment, language);
        let loader = templates.clone();
        environment.set_loader(move |name| match loader.find(name) {
            Ok(found) => Ok(found.map(|found| found.text)),
            Err(BadName::Absolute) => Err(refused(name, "is absolute")),
            Err(BadName::Upwards) => Err(refused(name, "leaves the templates folder")),
        });
        Self {
            environment,
            templates: templates.clone(),
        }
    }

    /// Renders the template of that name; `context` is what it can read.
    ///
    /// # Errors
    /// Syntax and runtime errors of the template or of one that it includes.
    pub fn render<T: Serialize>(&self, name: &str, context: &T) -> Result<String, TemplateFault> {
        let fault = |error: Error| TemplateFault::new(&error, name, &self.templates);
        let template = self.environment.get_template(name).map_err(fault)?;
        let mut out = Bounded::default();
        template
            .render_captured_to(Value::from(Serde(context)), &mut out)
            .map_err(fault)?;
        // Templates and values are UTF-8, so their mixture is; nothing is replaced here.
        Ok(String::from_utf8_lossy(&out.0).into_owned())
    }

    /// Reads the template of that name without rendering it.
    ///
    /// # Errors
    /// When there is none, or it cannot be parsed.
    pub fn check(&self, name: &str) -> Result<(), TemplateFault> {
        match self.environment.get_template(name) {
            Ok(_) => Ok(()),
            Err(error) => Err(TemplateFault::new(&error, name, &self.templates)),
        }
    }
}

fn refused(name: &str, why: &str) -> Error {
    Error::new(ErrorKind::TemplateNotFound, format!("the template name `{name}` {why}"))
}

/// A buffer that refuses to grow past [`OUTPUT_LIMIT`].
#[derive(Debug, Default)]
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > OUTPUT_LIMIT {
            return Err(io::Error::other("document too large"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The engine's own filters, tests and functions that cannot change how a value is escaped.
fn add_builtins(environment: &mut Environment<'static>) {
    environment.add_filter("length", filters::length);
    environment.add_filter("join", filters::join);
    environment.add_filter("first", filters::first);
    environment.add_filter("last", filters::last);
    environment.add_filter("list", filters::list);
    environment.add_filter("items", filters::items);
    environment.add_filter("default", filters::default);
    environment.add_filter("trim", filters::trim);
    environment.add_filter("lower", filters::lower);
    environment.add_filter("upper", filters::upper);
    environment.add_filter("capitalize", filters::capitalize);
    environment.add_filter("replace", filters::replace);
    environment.add_filter("sort", filters::sort);
    environment.add_filter("map", filters::map);
    environment.add_filter("select", filters::select);
    environment.add_filter("reject", filters::reject);
    environment.add_filter("selectattr", filters::selectattr);
    environment.add_filter("rejectattr", filters::rejectattr);
    environment.add_filter("unique", filters::unique);
    environment.add_filter("groupby", filters::groupby);
    environment.add_filter("batch", filters::batch);
    environment.add_filter("min", filters::min);
    environment.add_filter("max", filters::max);
    environment.add_filter("sum", filters::sum);
    environment.add_filter("abs", filters::abs);
    environment.add_filter("round", filters::round);
    environment.add_filter("int", filters::int);
    environment.add_filter("float", filters::float);
    environment.add_filter("string", filters::string);

    environment.add_test("defined", tests::is_defined);
    environment.add_test("undefined", tests::is_undefined);
    environment.add_test("none", tests::is_none);
    environment.add_test("true", tests::is_true);
    environment.add_test("false", tests::is_false);
    environment.add_test("string", tests::is_string);
    environment.add_test("number", tests::is_number);
    environment.add_test("sequence", tests::is_sequence);
    environment.add_test("mapping", tests::is_mapping);
    environment.add_test("in", tests::is_in);
    environment.add_test("eq", tests::is_eq);
    environment.add_test("ne", tests::is_ne);
    environment.add_test("lt", tests::is_lt);
    environment.add_test("le", tests::is_le);
    environment.add_test("gt", tests::is_gt);
    environment.add_test("ge", tests::is_ge);

    environment.add_function("range", functions::range);
    environment.add_function("dict", functions::dict);
    environment.add_function("namespace", functions::namespace);
}
