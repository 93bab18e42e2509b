//! The review document, from hand-made plans to bytes.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_precision_loss)]

#[path = "board/fixtures.rs"]
mod fixtures;
#[path = "board/hostile.rs"]
mod hostile;

use std::collections::BTreeSet;

use abide::emit::board::{Document, State, render_html, render_markdown};
use abide::emit::{TemplateFile, Templates};
use abide::plan::model::{ChanceToShip, Shortfall};
use fixtures::Inputs;

fn documents() -> Vec<(&'static str, Inputs)> {
    vec![
        ("ready", fixtures::ready()),
        ("not-ready", fixtures::not_ready()),
        ("incomplete", fixtures::incomplete()),
        ("short", fixtures::short()),
    ]
}

fn html(document: &Document) -> String {
    render_html(document, &Templates::built_in()).unwrap_or_else(|fault| panic!("{fault:?}"))
}

fn markdown(document: &Document) -> String {
    render_markdown(document, &Templates::built_in()).unwrap_or_else(|fault| panic!("{fault:?}"))
}

/// What stands between two marks, for each time they occur.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    text.split(open)
        .skip(1)
        .filter_map(|rest| rest.split(close).next())
        .collect()
}

#[test]
fn every_document_renders_the_same_twice() {
    for (name, inputs) in documents() {
        let (first, second) = (inputs.document(), inputs.document());
        assert_eq!(html(&first), html(&second), "{name}");
        assert_eq!(markdown(&first), markdown(&second), "{name}");
        // For looking at documents in a browser: set the folder to write to.
        if let Ok(folder) = std::env::var("ABIDE_WRITE_DOCUMENTS") {
            std::fs::write(format!("{folder}/{name}.html"), html(&first)).unwrap();
            std::fs::write(format!("{folder}/{name}.md"), markdown(&first)).unwrap();
        }
    }
}

#[test]
fn the_verdict_says_what_stands_in_the_way() {
    let verdict = |inputs: &Inputs| {
        let verdict = inputs.document().verdict;
        (verdict.state, verdict.sentence.replace('\u{a0}', " "))
    };
    assert_eq!(
        verdict(&fixtures::ready()),
        (
            State::Ready,
            "Ready. 14,000 users give an 86% chance of shipping a change that works.".to_owned()
        )
    );
    assert_eq!(
        verdict(&fixtures::not_ready()),
        (
            State::NotReady,
            "Not ready. The planned 2,000 users leave a 2% chance of shipping a change that works; the decision needs 13,312."
                .to_owned()
        )
    );
    assert_eq!(
        verdict(&fixtures::incomplete()),
        (
            State::Incomplete,
            "Not ready. p95 latency cannot be sized yet, so there is no sample size.".to_owned()
        )
    );
    let mut short_of_traffic = fixtures::ready();
    short_of_traffic.plan.sizes.available = Some(9_000);
    assert_eq!(
        verdict(&short_of_traffic).1,
        "Not ready. Traffic gives 9,000 users in 28 days, the longest run allowed; the decision needs 13,312."
    );
    let mut faulty = fixtures::ready();
    faulty
        .findings
        .extend(fixtures::not_ready().findings.into_iter().take(1));
    assert_eq!(
        verdict(&faulty),
        (
            State::NotReady,
            "Not ready. The size suffices; one error must be resolved first.".to_owned()
        )
    );
}

/// Every metric has what it asks for, and the decision as a whole has not.
#[test]
fn a_size_that_misses_its_target_is_not_ticked_off() {
    let mut short = fixtures::ready();
    short.plan.decision.as_mut().unwrap().shortfall = Some(Shortfall {
        units: 14_000,
        chance: ChanceToShip {
            lower_bound: 0.68,
            if_independent: 0.73,
        },
        ceiling: 0.74,
        because: vec![
            "each of 12 guardrails is seen as worse by chance in 2.5% of runs, which does not ship".to_owned(),
        ],
        instead: vec!["let fewer guardrails gate the decision".to_owned()],
    });
    let document = short.document();
    assert_eq!(document.verdict.state, State::NotReady);
    let text = markdown(&document).replace('\u{a0}', " ");
    for said in [
        "Not ready. 14,000 users give a 73% chance of shipping a change that works, and 80% is asked for: each of 12 guardrails is seen as worse",
        "More units hardly help: with any number of them the chance is 74%.",
        "Instead: let fewer guardrails gate the decision.",
        "The size suffices for the decision: 14,000 users give 73%, and 80% is asked for",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    let ticked = "✅ **met** The size suffices";
    assert!(
        !text.contains(ticked) && !text.contains("The size suffices; "),
        "{text}"
    );
}

#[test]
fn a_price_that_the_chance_leaves_out_is_named_beside_it() {
    let mut priced = fixtures::ready();
    priced.plan.decision.as_mut().unwrap().leaves_out = Some("that it pays with a probability of 90%".to_owned());
    let text = markdown(&priced.document());
    assert!(text.contains("Chance of a win if it works"), "{text}");
    assert!(
        !text.contains("Chance to ship if it works") && !text.contains("of shipping"),
        "{text}"
    );
    assert!(
        text.contains("To ship takes more, which this leaves out: that it pays"),
        "{text}"
    );
}

#[test]
fn an_incomplete_plan_shows_no_total_anywhere() {
    let document = fixtures::incomplete().document();
    // What the ledger and the spec themselves say stays: a declared size is no total.
    let (html, markdown) = (html(&document), markdown(&document));
    let before_ledger = |text: &str, at: &str| text.split(at).next().unwrap_or_default().to_owned();
    for text in [
        before_ledger(&html, "id=\"assumptions\""),
        before_ledger(&markdown, "<a id=\"assumptions\""),
    ] {
        assert!(text.contains("p95 latency"));
        assert!(!text.contains("6,656"), "an arm has a size");
        assert!(!text.contains("22 days"), "the run has a length");
        assert!(!text.contains("All arms"), "arms are totalled");
        assert!(text.contains("None of these is the size of the experiment."));
    }
}

#[test]
fn a_section_without_data_says_what_is_missing() {
    let mut inputs = fixtures::ready();
    inputs.spec = abide::language::Spec::default();
    inputs.decision = None;
    inputs.curves.clear();
    inputs.plan.metrics.clear();
    inputs.plan.assumptions.clear();
    let document = inputs.document();
    let text = html(&document);
    for name in [
        "decision",
        "hypothesis",
        "arms",
        "metrics",
        "threats",
        "safety",
        "assumptions",
    ] {
        let section = text
            .split(&format!("<section class=\"section\" id=\"{name}\""))
            .nth(1)
            .unwrap_or_default();
        let section = section.split("</section>").next().unwrap_or_default();
        assert!(section.contains("<strong>Missing.</strong>"), "{name} vanishes");
    }
    assert!(!markdown(&document).is_empty());
}

#[test]
fn the_short_document_has_fewer_sections_with_the_same_numbers() {
    let (short, full) = (fixtures::short().document(), fixtures::ready().document());
    let numbers = |document: &Document| {
        document
            .sections
            .values()
            .map(|section| section.number)
            .collect::<Vec<_>>()
    };
    assert_eq!(numbers(&short), ["1", "2", "3", "4", "5", "8", "15", "17", "A"]);
    assert_eq!(
        numbers(&full),
        [
            "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "A", "B", "C"
        ]
    );
}

#[test]
fn the_short_document_prints_what_nobody_wrote_and_where_the_rest_stands() {
    let inputs = fixtures::short();
    let text = html(&inputs.document());
    let running = between(&text, "on-paper\">", "</dl>").concat();
    for assumption in &inputs.plan.assumptions {
        if let (Some(file), Some(line)) = (&assumption.origin.file, assumption.origin.line) {
            assert!(running.contains(file), "{file} is not on paper");
            assert!(running.contains(&line.to_string()), "{file}:{line} is not on paper");
        } else {
            let key = assumption.path.rsplit('.').next().unwrap_or_default();
            assert!(running.contains(key), "{} is not on paper", assumption.path);
        }
    }
    assert!(!html(&fixtures::ready().document()).contains("class=\"facts on-paper\""));
}

#[test]
fn the_short_document_names_what_only_the_full_one_has() {
    let short = fixtures::short().document();
    let full = fixtures::ready().document();
    let text = html(&short);
    for (name, section) in &full.sections {
        let named = format!("{}\u{a0}{}", section.number, section.title);
        assert_eq!(text.contains(&named), !short.sections.contains_key(name), "{named}");
    }
    assert!(!html(&full).contains("This is the short document"));
}

#[test]
fn the_page_is_self_contained_and_its_links_lead_somewhere() {
    for (name, inputs) in documents() {
        let text = html(&inputs.document());
        for forbidden in ["<script", "http://", "https://", "src=", "@import", "url("] {
            // Patterns of charts are parts of the same page.
            let text = text.replace("url(#", "");
            assert!(!text.contains(forbidden), "{name} contains {forbidden}");
        }
        let ids = between(&text, " id=\"", "\"");
        let unique: BTreeSet<_> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{name} uses an id twice");
        for target in between(&text, "href=\"", "\"") {
            let target = target
                .strip_prefix('#')
                .unwrap_or_else(|| panic!("{name} links out to {target}"));
            assert!(
                unique.contains(target),
                "{name} links to #{target}, which does not exist"
            );
        }
    }
}

#[test]
fn tables_can_be_read_aloud() {
    let text = html(&fixtures::not_ready().document());
    let tables = between(&text, "<table", "</table>");
    assert!(tables.len() > 10);
    for table in tables {
        assert!(table.contains("<caption>") && table.contains("scope=\"col\"") && table.contains("scope=\"row\""));
    }
    for drawing in between(&text, "<svg class=\"plot", "</svg>") {
        assert!(drawing.contains("role=\"img\"") && drawing.contains("<title") && drawing.contains("<desc"));
    }
    // Power, sizes by metric, ramp and timeline, each drawn for both widths.
    assert_eq!(between(&text, "<svg class=\"plot", "</svg>").len(), 8);
}

#[test]
fn numbers_in_the_text_lead_to_the_ledger() {
    let text = html(&fixtures::ready().document());
    for row in 1..=18 {
        assert!(text.contains(&format!("id=\"ledger-{row}\"")));
    }
    // The alpha in the statistical plan, the planned size, the margin of cost.
    for row in [13, 3, 12] {
        assert!(
            text.contains(&format!("href=\"#ledger-{row}\"")),
            "nothing leads to row {row}"
        );
    }
    assert!(text.contains("<strong>edition default</strong>"));
    assert!(text.contains("href=\"#line-60\">specs/grounded-prompt-online.toml:60"));
}

#[test]
fn a_workspace_overrides_one_block() {
    let file = |name: &str, text: &str| TemplateFile {
        name: name.to_owned(),
        path: format!("templates/{name}"),
        text: text.to_owned(),
    };
    let document = fixtures::ready().document();
    let own = "{% extends \"built-in/board/document.html.j2\" %}\n{% block people %}<p>Ours: {{ doc.title }}, {{ doc.plan.sizes.required|count }}</p>{% endblock %}";
    let templates = Templates::built_in().with_overrides([file("board/document.html.j2", own)]);
    let text = render_html(&document, &templates).unwrap();
    assert!(text.contains("<p>Ours: Grounded prompt for product descriptions, 13,312</p>"));
    assert!(!text.contains("Accountable"));
    assert!(text.contains("Assumption ledger"));

    let own = "{% extends \"built-in/board/document.md.j2\" %}{% block after %}\nInternal use only.\n{% endblock %}";
    let templates = Templates::built_in().with_overrides([file("board/document.md.j2", own)]);
    assert!(
        render_markdown(&document, &templates)
            .unwrap()
            .contains("Internal use only.")
    );
}

#[test]
fn the_markdown_reads_well() {
    insta::assert_snapshot!("not_ready_md", markdown(&fixtures::not_ready().document()));
    insta::assert_snapshot!("incomplete_md", markdown(&fixtures::incomplete().document()));
}
