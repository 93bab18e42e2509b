//! Text of a user is text: whatever stands in a field, the structure of the document stays that of plain words.

use abide::emit::Templates;
use abide::emit::board::registration::Form;
use abide::emit::board::surroundings::{
    CalendarDays, Goal, Grid, GridAxis, GridPoint, Neighbour, Route, Studies, Surroundings, Swing, SwingEnd,
};
use abide::emit::board::{Document, render_html, render_markdown};
use proptest::prelude::*;
use std::collections::BTreeMap;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use super::fixtures::{self, Inputs};

/// Fields of a spec that hold free text, at any depth.
const FREE_TEXT: &[&str] = &[
    "title",
    "owner",
    "decision_maker",
    "analyst",
    "goal",
    "surface",
    "change",
    "because",
    "refuted_if",
    "description",
    "mde_reason",
    "margin_reason",
    "missing",
    "detection",
    "mitigation",
    "reason",
    "logged",
    "provider",
    "request",
    "salt",
    "layer",
    "flag",
    "follow_up",
    "from_text",
    "name",
    "reviewers",
    "evidence",
    "exclude",
    "data",
    "shared_with",
    "touches",
    "language",
    "fields",
    "counter_metrics",
];

const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='x' \" style=\"x",
    "</title></style></textarea><!-- --><![CDATA[",
    "[a](javascript:alert(1)) ![b](http://evil.example/x.png) <http://evil.example>",
    "[ref]: http://evil.example\n[ref]",
    "# heading\n\n- item\n\n1. one\n\n> quote\n\n    code\n\n***\n\nsetext\n===",
    "a | b\n|---|---|\n| c | d |",
    "**bold** _it_ ~~no~~ *a*b __c__ `code",
    "$x^2$ :smile: [^1] @octocat #12 GH-1 !5 %3 ~bug https://evil.example www.evil.example a@b.example",
    "```\nfence\n````\n~~~\n<details><summary>x</summary>",
    "{{ 7*7 }} {% for x in y %} {# c #} ${7*7} <%= 7 %>",
    "user\u{202e}nimda \u{200b}\u{feff}\u{2066} \u{0}\u{1b}[31m",
    "&lt;b&gt; &#60;b&#62; &copy;",
    "  leading and trailing  ",
    "\\ \\\\ \\* trailing \\",
    "- ",
    "+1",
    "1)",
    "*",
    "_",
    "`",
    "|",
    "=",
    "~",
    "<",
    "&",
    "@",
    "#",
];

/// The words of the same length in lines, without anything that means something anywhere.
fn plain(hostile: &str) -> String {
    format!("plain{}", "\nplain".repeat(hostile.matches('\n').count()))
}

fn put_into_spec(value: &mut toml::Value, key: &str, text: &str) {
    match value {
        toml::Value::String(old) if FREE_TEXT.contains(&key) => text.clone_into(old),
        toml::Value::Array(items) => items.iter_mut().for_each(|item| put_into_spec(item, key, text)),
        toml::Value::Table(entries) => {
            for (key, value) in entries.iter_mut() {
                put_into_spec(value, key, text);
            }
        }
        _ => {}
    }
}

/// Every field that can hold words of a user, a catalogue or a message that quotes them.
fn filled_with(mut inputs: Inputs, text: &str) -> Inputs {
    let mut spec: toml::Value = toml::from_str(fixtures::SPEC).unwrap();
    put_into_spec(&mut spec, "", text);
    inputs.spec = toml::from_str(&toml::to_string(&spec).unwrap()).unwrap();
    // Messages mark code with backticks; that is their own syntax, not hostile.
    let message = match text.replace('`', "") {
        empty if empty.is_empty() => "plain".to_owned(),
        message => message,
    };
    for finding in &mut inputs.findings {
        finding.message.clone_from(&message);
        finding.help = Some(message.clone());
        finding.notes = vec![message.clone()];
        text.clone_into(&mut finding.rule);
        text.clone_into(&mut finding.file);
        if let Some(waived) = &mut finding.waived {
            waived.by = Some(text.to_owned());
            waived.reason = Some(text.to_owned());
            waived.until = Some(text.to_owned());
        }
    }
    let plan = &mut inputs.plan;
    plan.experiment.title = Some(text.to_owned());
    text.clone_into(&mut plan.experiment.id);
    plan.experiment.digest = Some(text.to_owned());
    plan.experiment.unit = Some(text.to_owned());
    if let Some(size) = &mut plan.sample_size {
        text.clone_into(&mut size.unit);
    }
    for blocked in &mut plan.unsized_metrics {
        blocked.reason.clone_from(&message);
        text.clone_into(&mut blocked.pointer);
    }
    for remark in &mut plan.notes {
        remark.text.clone_from(&message);
    }
    for metric in &mut plan.metrics {
        metric.title = Some(text.to_owned());
        metric.unit = metric.unit.as_ref().map(|_| text.to_owned());
        for comparison in &mut metric.comparisons {
            for field in [&mut comparison.test, &mut comparison.formula, &mut comparison.source] {
                text.clone_into(field);
            }
            for step in &mut comparison.waterfall {
                text.clone_into(&mut step.title);
                text.clone_into(&mut step.change);
            }
        }
    }
    for assumption in &mut plan.assumptions {
        text.clone_into(&mut assumption.path);
        assumption.value = text.into();
        assumption.origin.rule = assumption.origin.rule.as_ref().map(|_| text.to_owned());
    }
    if let Some(table) = &mut inputs.decision {
        text.clone_into(&mut table.rule);
        table.conditions = vec![message];
        for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells) {
            text.clone_into(&mut cell.1.sentence);
        }
    }
    text.clone_into(&mut inputs.source.text);
    inputs.surroundings = surroundings(text);
    inputs.studies = studies(text);
    inputs
}

/// Everything around an experiment that other files name.
fn surroundings(text: &str) -> Surroundings {
    let text = text.to_owned();
    Surroundings {
        calendar: vec![CalendarDays {
            name: text.clone(),
            from: "2027-01-06".to_owned(),
            to: "2027-01-08".to_owned(),
        }],
        neighbours: vec![Neighbour {
            id: text.clone(),
            status: text.clone(),
            from: "2027-01-04".to_owned(),
            to: "2027-02-01".to_owned(),
            parameters: vec![text.clone()],
            surface: Some(text.clone()),
            layer: None,
        }],
        neighbours_known: true,
        goal: Some(Goal {
            title: text.clone(),
            north_star: Some(text),
        }),
        ..Surroundings::default()
    }
}

/// Compilations around the plan, with words of a user wherever there are words.
fn studies(text: &str) -> Studies {
    let end = |value: f64, total| SwingEnd {
        value,
        total: Some(total),
    };
    let point = GridPoint {
        total: Some(13_312),
        days: Some(21),
        binding: Some("hallucination_rate".to_owned()),
    };
    Studies {
        swings: vec![Swing {
            path: "metrics.hallucination_rate.baseline.value".to_owned(),
            assumed: 0.2,
            because: text.to_owned(),
            low: end(0.19, 12_000),
            high: end(0.21, 15_000),
        }],
        by_convention: vec![text.to_owned()],
        routes: vec![Route {
            what: text.replace('`', "x"),
            flags: Vec::new(),
            total: Some(9_000),
            days: Some(14),
            fits: Some(true),
        }],
        grid: Some(Grid {
            metric: "hallucination_rate".to_owned(),
            axes: vec![
                GridAxis {
                    path: text.to_owned(),
                    values: vec![0.1, 0.15],
                    declared: 1,
                },
                GridAxis {
                    path: "statistics.power".to_owned(),
                    values: vec![0.8, 0.9],
                    declared: 0,
                },
            ],
            points: vec![point; 4],
        }),
    }
}

/// What a page runs is not text of a user: its one script is taken out before elements are counted.
fn without_own_script(html: &str) -> String {
    let Some((before, rest)) = html.split_once("<script>") else {
        return html.to_owned();
    };
    let (_, after) = rest.split_once("</script>").unwrap_or_default();
    format!("{before}{after}")
}

/// Elements and attribute names in order; the lines of a name in a chart are one element, as a longer name has more of them. Panics on a `<` that opens no element: text must not contain one.
fn html_structure(html: &str) -> Vec<String> {
    let html = &without_own_script(html);
    let mut out = Vec::new();
    for part in html.split('<').skip(1) {
        let (tag, _) = part
            .split_once('>')
            .unwrap_or_else(|| panic!("an element is not closed: {part}"));
        assert!(
            tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!'),
            "stray <: {part}"
        );
        // Values go; what is left are names. Quotes are balanced because values hold none.
        let names: String = tag.split('"').step_by(2).collect();
        assert_eq!(tag.matches('"').count() % 2, 0, "a quote is open: {tag}");
        out.push(names);
        let further_line = matches!(out.as_slice(), [.., first, end, second, close]
            if first == "text class= x= y=" && end == "/text" && second == first && close == end);
        if further_line {
            out.truncate(out.len() - 2);
        }
    }
    out
}

/// Everything but text, and but the `<span>` that escaping itself uses.
fn markdown_structure(markdown: &str) -> Vec<String> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM;
    Parser::new_ext(markdown, options)
        .filter_map(|event| match event {
            Event::Text(_) | Event::SoftBreak => None,
            Event::InlineHtml(tag) if &*tag == "<span>" || &*tag == "</span>" => None,
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => Some(format!("fence {info}")),
            event => Some(format!("{event:?}")),
        })
        .collect()
}

/// Renders a document full of each hostile text and one full of plain words; both must have the same structure.
fn compare(inputs: fn() -> Inputs, render: fn(&Document) -> String, structure: fn(&str) -> Vec<String>) {
    let structure_of = |text: &str| structure(&render(&filled_with(inputs(), text).document()));
    let mut expected: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for hostile in HOSTILE {
        let plain = plain(hostile);
        let expected = expected.entry(plain).or_insert_with_key(|plain| structure_of(plain));
        let attacked = structure_of(hostile);
        for (at, (left, right)) in expected.iter().zip(&attacked).enumerate() {
            assert_eq!(
                left,
                right,
                "{hostile:?}, item {at} after {:?}",
                &attacked[at.saturating_sub(5)..at]
            );
        }
        assert_eq!(expected.len(), attacked.len(), "{hostile:?}");
    }
}

fn html(document: &Document) -> String {
    render_html(document, &Templates::built_in()).unwrap()
}

fn markdown(document: &Document) -> String {
    render_markdown(document, &Templates::built_in()).unwrap()
}

#[test]
fn html_keeps_its_structure() {
    compare(fixtures::not_ready, html, html_structure);
}

#[test]
fn html_of_an_incomplete_plan_keeps_its_structure() {
    compare(fixtures::incomplete, html, html_structure);
}

#[test]
fn markdown_keeps_its_structure() {
    compare(fixtures::not_ready, markdown, markdown_structure);
}

#[test]
fn markdown_of_an_incomplete_plan_keeps_its_structure() {
    compare(fixtures::incomplete, markdown, markdown_structure);
}

#[test]
fn what_cannot_be_seen_is_nowhere() {
    let document = filled_with(fixtures::ready(), "a\u{202e}b\u{200b}c\u{1b}d").document();
    for text in [html(&document), markdown(&document)] {
        assert!(!text.contains(['\u{202e}', '\u{200b}', '\u{1b}']));
        assert!(text.contains("a⟨U+202E⟩b⟨U+200B⟩c⟨U+001B⟩d"));
    }
}

#[test]
fn hostile_text_is_shown() {
    let shown = |text: &str| {
        let document = filled_with(fixtures::ready(), text).document();
        let html = render_html(&document, &Templates::built_in()).unwrap();
        let heading = html
            .split("<h1>")
            .nth(1)
            .and_then(|rest| rest.split("</h1>").next())
            .unwrap_or_default();
        heading
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&#96;", "`")
            .replace("&amp;", "&")
    };
    for hostile in HOSTILE.iter().filter(|text| !text.contains('\u{202e}')) {
        assert_eq!(shown(hostile), *hostile);
    }
    assert_eq!(shown("user\u{202e}nimda"), "user⟨U+202E⟩nimda");
    assert_eq!(shown("{{ 7*7 }}"), "{{ 7*7 }}");
}

#[test]
fn addresses_and_names_do_not_become_links_on_the_platforms() {
    let text = "https://evil.example www.evil.example @octocat a@b.example mailto:x :smile: #12";
    let document = filled_with(fixtures::ready(), text).document();
    let markdown = render_markdown(&document, &Templates::built_in()).unwrap();
    // Code blocks show text as it is; platforms link nothing in them.
    let outside: String = markdown.split("```").step_by(2).collect();
    for trigger in ["https:", "www.", "@o", "@b", "mailto:", ":smile", "#12"] {
        assert!(!outside.contains(trigger), "{trigger} is left");
    }
}

#[test]
fn a_word_of_ten_thousand_characters_is_no_matter() {
    let text = "a".repeat(10_000);
    let document = filled_with(fixtures::ready(), &text).document();
    let html = render_html(&document, &Templates::built_in()).unwrap();
    assert_eq!(html_structure(&html), {
        let plain = filled_with(fixtures::ready(), "plain").document();
        html_structure(&render_html(&plain, &Templates::built_in()).unwrap())
    });
    if let Ok(folder) = std::env::var("ABIDE_WRITE_DOCUMENTS") {
        let words = filled_with(fixtures::ready(), &"word".repeat(60)).document();
        std::fs::write(
            format!("{folder}/long.html"),
            render_html(&words, &Templates::built_in()).unwrap(),
        )
        .unwrap();
    }
}

/// Pieces that mean something in HTML, Markdown, JSON, templates or to a reader's eyes, in any order.
fn hostile_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(HOSTILE).prop_map(|text| text.replace('\n', " ")),
        proptest::sample::select(
            &[
                "</script>",
                "<!--",
                "]]>",
                "\u{2028}",
                "\u{200f}",
                "&#0;",
                "\\u003c",
                "%}",
                "{%",
                "|",
                "](",
                "***"
            ][..]
        )
        .prop_map(str::to_owned),
        "[ -~]{0,12}",
        "\\PC{0,6}",
    ];
    // A word at each end: what is only spaces is no text.
    proptest::collection::vec(piece, 1..8).prop_map(|pieces| format!("x{}x", pieces.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_text_in_any_field_stays_text(text in hostile_text()) {
        let hostile = filled_with(fixtures::not_ready(), &text).document();
        let plain = filled_with(fixtures::not_ready(), "plain").document();
        prop_assert_eq!(html_structure(&html(&hostile)), html_structure(&html(&plain)));
        prop_assert_eq!(markdown_structure(&markdown(&hostile)), markdown_structure(&markdown(&plain)));
        let registered = hostile.registration.to_text(Form::Osf);
        let hidden = registered.contains(['\u{200f}', '\u{2028}', '\u{202e}']);
        prop_assert!(!hidden);
    }
}

#[test]
fn the_only_scripts_are_the_lookup_and_its_data() {
    let document = filled_with(fixtures::ready(), "</script><script>alert(1)</script>").document();
    let page = html(&document);
    assert_eq!(page.matches("<script").count(), 2);
    assert_eq!(page.matches("</script>").count(), 2);
    let allowed = page
        .split("script-src '")
        .nth(1)
        .and_then(|rest| rest.split('\'').next());
    assert!(allowed.is_some_and(|hash| hash.starts_with("sha256-")), "{allowed:?}");
    // A page without a grid runs nothing, and its policy says so.
    let still = html(&fixtures::ready().document());
    assert!(!still.contains("<script") && !still.contains("script-src"));
}
