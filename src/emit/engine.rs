//! The template engine: one environment per output language, with every way around the escaping removed.

use std::io;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, filters, functions, tests as checks};
use serde::Serialize;

use super::escape::OutputLanguage;
use super::fault::TemplateFault;
use super::filters as ours;
use super::templates::{BadName, Templates};

/// Instructions that one document may take: a document of four metrics takes about 50,000, most of them for its tables.
const FUEL: u64 = 2_000_000;
/// Depth of includes, macros and blocks, in the engine's own unit.
const RECURSION_LIMIT: usize = 200;
/// Bytes that one document may have.
const OUTPUT_LIMIT: usize = 32 << 20;

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
                Some(text) => language.text(text)?,
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
    // Not `TemplateNotFound`: an `{% include %}` of several names would pass it over in silence.
    Error::new(ErrorKind::InvalidOperation, format!("the template name `{name}` {why}"))
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

    environment.add_test("defined", checks::is_defined);
    environment.add_test("undefined", checks::is_undefined);
    environment.add_test("none", checks::is_none);
    environment.add_test("true", checks::is_true);
    environment.add_test("false", checks::is_false);
    environment.add_test("string", checks::is_string);
    environment.add_test("number", checks::is_number);
    environment.add_test("sequence", checks::is_sequence);
    environment.add_test("mapping", checks::is_mapping);
    environment.add_test("in", checks::is_in);
    environment.add_test("eq", checks::is_eq);
    environment.add_test("ne", checks::is_ne);
    environment.add_test("lt", checks::is_lt);
    environment.add_test("le", checks::is_le);
    environment.add_test("gt", checks::is_gt);
    environment.add_test("ge", checks::is_ge);

    environment.add_function("range", functions::range);
    environment.add_function("dict", functions::dict);
    environment.add_function("namespace", functions::namespace);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeMap;

    use super::*;
    use crate::emit::fragment::Fragment;
    use crate::emit::templates::TemplateFile;
    use crate::source::SourceMap;

    const HOSTILE: &str = "<b>*x*</b>";

    fn render_in(language: OutputLanguage, text: &str) -> Result<String, TemplateFault> {
        let file = TemplateFile {
            name: "t.j2".to_owned(),
            path: "templates/t.j2".to_owned(),
            text: text.to_owned(),
        };
        let templates = Templates::built_in().with_overrides([file]);
        let fragment = Value::from_object(Fragment::new(OutputLanguage::Html, "<i>made</i>".to_owned()));
        let context = BTreeMap::from([
            ("user", Value::from(HOSTILE)),
            ("nothing", Value::from(())),
            ("list", Value::from(vec![1, 2])),
            ("fragment", fragment),
        ]);
        Engine::new(language, &templates).render("t.j2", &context)
    }

    fn html(text: &str) -> Result<String, TemplateFault> {
        render_in(OutputLanguage::Html, text)
    }

    const ESCAPED: &str = "&lt;b&gt;*x*&lt;/b&gt;";

    #[test]
    fn the_language_decides_how_a_value_is_written() {
        assert_eq!(html("{{ user }}").unwrap(), ESCAPED);
        assert_eq!(
            render_in(OutputLanguage::Markdown, "{{ user }}").unwrap(),
            r"&lt;b&gt;\*x\*&lt;/b&gt;"
        );
        assert_eq!(
            render_in(OutputLanguage::Json, "{{ user }}{{ list }}").unwrap(),
            "\"<b>*x*</b>\"[1,2]"
        );
        assert_eq!(
            render_in(OutputLanguage::Toml, "a = {{ user }}").unwrap(),
            "a = \"<b>*x*</b>\""
        );
    }

    #[test]
    fn nothing_in_a_template_turns_escaping_off() {
        assert_eq!(
            html("{% autoescape false %}{{ user }}{% endautoescape %}").unwrap(),
            ESCAPED
        );
        for filter in ["safe", "escape", "e", "tojson", "format"] {
            let fault = html(&format!("{{{{ user|{filter} }}}}")).unwrap_err();
            assert!(fault.message().contains(filter), "{filter}: {}", fault.message());
        }
        assert!(
            html("{{ user|raw_fragment }}")
                .unwrap_err()
                .message()
                .contains("never text")
        );
    }

    #[test]
    fn what_was_written_once_is_not_escaped_twice() {
        let text = "{% macro m(x) %}[{{ x }}]{% endmacro %}{% set y %}{{ user }}{% endset %}{{ m(user) }}{{ y }}";
        assert_eq!(html(text).unwrap(), format!("[{ESCAPED}]{ESCAPED}"));
    }

    #[test]
    fn only_fragments_of_the_same_language_are_raw() {
        assert_eq!(html("{{ fragment|raw_fragment }}").unwrap(), "<i>made</i>");
        assert!(html("{{ fragment }}").unwrap_err().message().contains("raw_fragment"));
        let other = render_in(OutputLanguage::Markdown, "{{ fragment|raw_fragment }}").unwrap_err();
        assert!(other.message().contains("is HTML, the output is Markdown"));
    }

    #[test]
    fn values_without_a_written_form_are_refused() {
        for text in ["{{ nothing }}", "{{ list }}", "{{ missing }}", "{{ user.missing }}"] {
            assert!(html(text).is_err(), "{text}");
        }
        assert_eq!(html("{{ user if false }}").unwrap(), "");
    }

    #[test]
    fn a_fault_points_at_its_bytes() {
        let text = "one\n  {{ plan.missing.deeper }}\n";
        let fault = html(text).unwrap_err();
        assert!(text[fault.range()].contains("plan"), "{:?}", fault.range());
        let mut sources = SourceMap::new();
        let diagnostic = fault.into_diagnostic(&mut sources);
        let file = sources.file(diagnostic.place.span.file);
        assert_eq!(diagnostic.rule, "template-error");
        assert_eq!(file.path(), "templates/t.j2");
        assert_eq!(file.position(diagnostic.place.span.start as usize).line, 2);
        assert!(diagnostic.help.is_some());
    }

    #[test]
    fn a_syntax_error_points_at_its_line() {
        let text = "one\n{% if %}\n{% endif %}";
        let fault = html(text).unwrap_err();
        assert_eq!(text[..fault.range().start].matches('\n').count(), 1);
        assert!(fault.message().starts_with("the template cannot be read"));
    }

    #[test]
    fn an_error_in_an_included_template_is_reported_there() {
        let file = |name: &str, text: &str| TemplateFile {
            name: name.to_owned(),
            path: format!("templates/{name}"),
            text: text.to_owned(),
        };
        let files = [file("a.j2", "{% include 'b.j2' %}"), file("b.j2", "\n{{ missing }}")];
        let templates = Templates::built_in().with_overrides(files);
        let fault = Engine::new(OutputLanguage::Html, &templates)
            .render("a.j2", &())
            .unwrap_err();
        assert_eq!(fault.path(), "templates/b.j2");
    }

    #[test]
    fn templates_have_limits() {
        let endless = "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}";
        assert!(html(endless).is_err());
        let slow = "{% for a in range(9000) %}{% for b in range(9000) %}{% set c = a * b %}{% endfor %}{% endfor %}";
        assert!(html(slow).unwrap_err().message().contains("more work"));
        let large = "{% set x = 'a' * 1000000 %}{% for a in range(200) %}{{ x }}{% endfor %}";
        assert!(html(large).unwrap_err().message().contains("size"));
        let own_child = html("{% extends 't.j2' %}").unwrap_err();
        assert!(
            own_child
                .into_diagnostic(&mut SourceMap::new())
                .help
                .unwrap()
                .contains("built-in/t.j2")
        );
    }

    #[test]
    fn names_outside_the_folder_are_refused() {
        for name in ["/etc/passwd", "../secret", "a/../../secret"] {
            let fault = html(&format!("{{% include '{name}' %}}")).unwrap_err();
            assert!(fault.message().contains("the template name"), "{}", fault.message());
        }
    }
}
