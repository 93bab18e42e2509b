//! KPI pages, from catalogues in memory to bytes.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use abide::compilation::{KpiCatalogue, Session};
use abide::emit::Templates;
use abide::emit::kpi::{
    HeldAgainst, Page, StandingState, Status, render_csv, render_html, render_markdown, render_xlsx,
};
use abide::world::{Disk, Memory, World};

const DAY: jiff::civil::Date = jiff::civil::date(2026, 11, 20);

const WORKSPACE: &str = r#"edition = 1
[workspace]
metrics = ["metrics/*.toml"]
[goals.trust]
title = "Answers people can trust"
north_star = "resolved"
[goals.sales]
north_star = "orders"
"#;

const CATALOGUE: &str = r#"edition = 1
[sources.evals]
kind = "table"
table = "warehouse.evals"
[metrics.resolved]
title = "Resolved questions"
kind = "mean"
direction = "increase"
tier = "business"
heart = "task_success"
indicator = "lagging"
[metrics.orders]
title = "Orders"
kind = "mean"
direction = "increase"
tier = "business"
indicator = "lagging"
[metrics.false_claims]
title = "False claims"
description = "Answers with a claim that nothing supports"
kind = "proportion"
direction = "decrease"
source = { from = "evals", value = "hallucinated" }
owner = "quality"
method = "judge"
tier = "model"
heart = "task_success"
indicator = "leading"
drives = ["resolved"]
target = "5%"
warn = 0.10
critical = 0.12
refresh = "1d"
baseline = { value = 0.08, n = 4000, from = 2026-10-01, to = 2026-10-28, source = "evals" }
[metrics.false_claims.judge]
model = "othervendor-2026-05"
sensitivity = 0.9
specificity = 0.95
[metrics.slow]
kind = "quantile"
quantile = 0.99
unit = "s"
direction = "decrease"
method = "event"
tier = "platform"
warn = 2.0
baseline = { value = 2.0 }
"#;

fn world(catalogue: &str) -> Memory {
    Memory::new(DAY)
        .with_file("/w/abide.toml", WORKSPACE)
        .with_file("/w/metrics/m.toml", catalogue)
}

fn read(world: &dyn World, path: &str) -> KpiCatalogue {
    let mut session = Session::new(world, None);
    let catalogue = KpiCatalogue::read(&mut session, Path::new(path)).unwrap();
    assert!(catalogue.findings.is_empty(), "{:?}", catalogue.findings);
    catalogue
}

fn page(catalogue: &str) -> Page {
    Page::build(read(&world(catalogue), "/w").inputs())
}

fn html(page: &Page) -> String {
    render_html(page, &Templates::built_in()).unwrap_or_else(|fault| panic!("{fault:?}"))
}

fn markdown(page: &Page) -> String {
    render_markdown(page, &Templates::built_in()).unwrap_or_else(|fault| panic!("{fault:?}"))
}

fn gaps(page: &Page) -> String {
    let text = markdown(page);
    text[text.find("## 5 Gaps").unwrap()..].to_owned()
}

/// The four KPIs of the search launch, in the workspace of the shipped specs.
fn launch() -> KpiCatalogue {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/llm-search-launch.toml");
    read(&Disk { as_of: Some(DAY) }, spec.to_str().unwrap())
}

#[test]
fn the_launch_of_llm_search_has_its_four_kpis() {
    let catalogue = launch();
    let page = Page::build(catalogue.inputs());
    let aimed: Vec<(&str, Status, &str)> = page
        .kpis
        .iter()
        .filter(|kpi| kpi.held_against == HeldAgainst::Target)
        .map(|kpi| (kpi.id.as_str(), kpi.status, kpi.value.as_deref().unwrap()))
        .collect();
    assert_eq!(
        aimed,
        [
            ("answer_ctr", Status::OffTarget, "30%"),
            ("answer_relevance", Status::OffTarget, "3.6"),
            ("answer_hallucination_rate", Status::OffTarget, "8%"),
            ("ttft_p99", Status::OnTarget, "1.8\u{a0}s"),
        ]
    );
    assert_eq!(page.verdict.sentence, "1 of 4 KPIs is where it should be.");
    insta::assert_snapshot!("llm_search_md", markdown(&page));
}

#[test]
fn a_page_renders_the_same_twice_in_every_format() {
    let catalogue = launch();
    let (first, second) = (Page::build(catalogue.inputs()), Page::build(catalogue.inputs()));
    assert_eq!(html(&first), html(&second));
    assert_eq!(markdown(&first), markdown(&second));
    assert_eq!(render_csv(catalogue.inputs()), render_csv(catalogue.inputs()));
    assert_eq!(render_xlsx(catalogue.inputs()), render_xlsx(catalogue.inputs()));
}

#[test]
fn what_has_a_target_is_a_kpi_and_what_has_levels_only_is_watched() {
    let page = page(CATALOGUE);
    let kpis: Vec<(&str, HeldAgainst, Status)> = page
        .kpis
        .iter()
        .map(|kpi| (kpi.id.as_str(), kpi.held_against, kpi.status))
        .collect();
    assert_eq!(
        kpis,
        [
            ("false_claims", HeldAgainst::Target, Status::OffTarget),
            ("slow", HeldAgainst::Limits, Status::Warning),
        ]
    );
    assert_eq!(page.verdict.state, StandingState::Watch);
    assert_eq!(
        page.verdict.sentence,
        "The one KPI is not where it should be; 1 is at the warning level."
    );
}

#[test]
fn a_critical_metric_decides_the_verdict() {
    let page = page(&CATALOGUE.replace("value = 0.08", "value = 0.12"));
    assert_eq!(page.verdict.state, StandingState::Act);
    assert!(
        page.verdict.sentence.contains("1 is critical"),
        "{}",
        page.verdict.sentence
    );
    let good = self::page(
        &CATALOGUE
            .replace("value = 0.08", "value = 0.05")
            .replace("value = 2.0 }", "value = 1.9 }"),
    );
    assert_eq!(good.verdict.state, StandingState::Ready);
    assert_eq!(good.verdict.sentence, "The one KPI is where it should be.");
}

#[test]
fn a_catalogue_without_levels_says_how_a_metric_becomes_a_kpi() {
    let text = "edition = 1\n[metrics.resolved]\ntitle = \"A\"\nkind = \"mean\"\n[metrics.orders]\nkind = \"mean\"\n";
    let page = page(text);
    assert!(page.kpis.is_empty());
    assert!(html(&page).contains("make a metric a KPI"));
    assert!(markdown(&page).contains("make a metric a KPI"));
}

#[test]
fn gaps_name_what_a_dashboard_would_hide() {
    let page = page(CATALOGUE);
    let gaps = gaps(&page).replace('\u{a0}', " ");
    for expected in [
        // slow drives nothing; resolved is driven by something early, orders is not.
        "slow: the way to a north star is not declared",
        "Orders | no leading metric drives it directly",
        "Business tier, retention: nothing says whether people stay",
        "the catalogue does not say <code>source</code>, <code>owner</code>, <code>refresh</code> and <code>indicator</code>",
    ] {
        let plain = gaps.replace("[slow](#kpi-slow)", "slow");
        assert!(plain.contains(expected), "{expected}\n{gaps}");
    }
    assert!(!gaps.contains("Model tier, task success"), "{gaps}");
    assert!(!gaps.contains("Resolved questions |"), "{gaps}");
}

#[test]
fn coverage_names_north_stars_and_says_in_words_what_is_missing() {
    let text = markdown(&page(&CATALOGUE.replace("tier = \"platform\"\n", "")));
    let coverage = &text[text.find("## 3 Coverage").unwrap()..text.find("## 4 ").unwrap()];
    for expected in [
        "| Task success | Resolved questions (lagging, North Star) |",
        "4 of 6 cells in which a metric is expected are empty",
        "Business tier, adoption: nothing says whether people start to use it",
        "the catalogue does not say their <code>tier</code>: [slow](#kpi-slow).",
    ] {
        assert!(coverage.contains(expected), "{expected}\n{coverage}");
    }
}

#[test]
fn a_judge_without_its_card_is_a_gap() {
    let without = CATALOGUE.replace("[metrics.false_claims.judge]", "[metrics.false_claims.human]");
    let without = without.replace(
        "model = \"othervendor-2026-05\"\nsensitivity = 0.9\nspecificity = 0.95\n",
        "",
    );
    assert!(gaps(&page(&without)).contains("the card of whoever judges"));
    assert!(!gaps(&page(CATALOGUE)).contains("the card of whoever judges"));
}

#[test]
fn circles_are_shown_and_do_not_hang_the_page() {
    let circle = CATALOGUE.replace(
        "indicator = \"lagging\"\n[metrics.orders]",
        "indicator = \"lagging\"\ndrives = [\"false_claims\"]\n[metrics.orders]",
    );
    let page = page(&circle);
    assert!(gaps(&page).contains("a circle leads to no goal"), "{}", gaps(&page));
    assert!(html(&page).contains("see above"));
}

/// A catalogue of metrics with what they drive, each with a value. `orders`, a north star of the workspace, is always one.
fn tree(metrics: &[(&str, &str)]) -> Page {
    let mut catalogue = String::from("edition = 1\n");
    for (id, drives) in metrics.iter().chain(&[("orders", "")]) {
        let metric = format!("[metrics.{id}]\nkind = \"mean\"\ndirection = \"increase\"\ndrives = [{drives}]\n");
        catalogue.push_str(&metric);
        catalogue.push_str("baseline = { value = 3 }\n");
    }
    page(&catalogue)
}

/// The boxes of a drawing, each with its words; `|` between parts.
fn boxes(page: &Page, drawing: usize) -> Vec<String> {
    let parts = &page.drawings[drawing].parts;
    let boxes = parts.iter().flat_map(|part| &part.boxes);
    boxes
        .map(|b| {
            b.lines
                .iter()
                .map(|line| line.text.as_str())
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect()
}

#[test]
fn each_north_star_has_a_drawing_of_what_leads_to_it() {
    let page = tree(&[
        ("resolved", ""),
        ("clicks", r#""resolved", "orders""#),
        ("relevance", r#""clicks", "resolved""#),
    ]);
    assert!(page.everything_drawn);
    let findings: Vec<&str> = page.drawings.iter().map(|chart| chart.finding.as_str()).collect();
    assert_eq!(
        findings,
        [
            "2\u{a0}metrics lead to resolved, 1 of them directly",
            "1 metric drives orders"
        ]
    );
    assert_eq!(
        boxes(&page, 0),
        [
            "resolved North Star 3",
            "clicks 3 also drives orders",
            "relevance 3 also drives resolved"
        ]
    );
    assert_eq!(boxes(&page, 1), ["orders North Star 3", "clicks see resolved"]);
    let part = &page.drawings[0].parts[0];
    assert_eq!((part.links.len(), part.also.len()), (2, 1));
    assert_eq!(
        page.drawings[0].description,
        "resolved is driven by clicks, relevance. clicks is driven by relevance."
    );
}

#[test]
fn a_drawing_shows_status_indicator_and_missing_values_without_colour() {
    let page = page(CATALOGUE);
    let [resolved] = page.drawings.as_slice() else {
        panic!("one north star is driven by something");
    };
    let claims = &resolved.parts[0].boxes[1];
    let lines: Vec<(Option<&str>, &str)> = claims
        .lines
        .iter()
        .map(|line| (line.icon, line.text.as_str()))
        .collect();
    assert_eq!(
        lines,
        [
            (None, "False claims"),
            (None, "8%\u{a0}→\u{a0}5%\u{a0}· leading"),
            (Some("info"), "above target")
        ]
    );
    assert!(claims.radius > 0.0, "a leading metric has round corners");
    let top = &resolved.parts[0].boxes[0];
    assert!(top.radius <= 0.0, "a lagging one has square ones");
    assert_eq!(
        boxes(&page, 0)[0],
        "Resolved questions North Star\u{a0}· lagging no value"
    );
}

#[test]
fn what_a_drawing_has_no_room_for_is_counted_and_left_to_the_list() {
    let page = tree(&[
        ("resolved", ""),
        ("a", r#""resolved""#),
        ("b", r#""a""#),
        ("c", r#""b""#),
        ("d", r#""c""#),
        ("e", r#""c""#),
    ]);
    assert_eq!(boxes(&page, 0).last().unwrap(), "c 3 and 2 more, in the list");
    assert!(!page.everything_drawn);
    assert_eq!(page.tree.len(), 7, "six, and orders");
    assert!(html(&page).contains("class=\"tree instead on-paper\""));
}

#[test]
fn sixty_metrics_are_drawn_in_parts_and_hundreds_are_a_list() {
    let many = |count: usize| {
        let ids: Vec<String> = (0..count).map(|n| format!("m{n}")).collect();
        let mut metrics = vec![("resolved", "")];
        metrics.extend(ids.iter().map(|id| (id.as_str(), r#""resolved""#)));
        tree(&metrics)
    };
    let sixty = many(60);
    assert!(sixty.everything_drawn);
    assert!(sixty.drawings[0].parts.len() > 1);
    assert_eq!(sixty.drawings[0].finding, "60\u{a0}metrics drive resolved");
    assert!(html(&sixty).contains("part 2 of "));
    assert_eq!(sixty.undriven.plain(), "Nothing drives orders.");
    let hundreds = many(300);
    assert!(hundreds.drawings.is_empty() && !hundreds.everything_drawn);
    assert!(!html(&hundreds).contains("tree-plot\""));
    assert_eq!(hundreds.tree.len(), 302);
}

#[test]
fn a_goal_leaves_what_leads_to_it() {
    let world = world(CATALOGUE);
    let mut catalogue = read(&world, "/w");
    catalogue.keep_goal("trust").unwrap();
    let page = Page::build(catalogue.inputs());
    assert_eq!(page.title, "Answers people can trust");
    let ids: Vec<&str> = page.kpis.iter().map(|kpi| kpi.id.as_str()).collect();
    assert_eq!(ids, ["false_claims"]);
    let missing = read(&world, "/w").keep_goal("trusty").unwrap_err().to_string();
    assert_eq!(missing, "abide.toml has no goal `trusty`; did you mean `trust`?");
}

#[test]
fn a_path_means_the_metrics_found_there() {
    let world = world(CATALOGUE)
        .with_file("/w/metrics/n.toml", "edition = 1\n[metrics.clicks]\ntarget = 3\n")
        .with_file("/alone/k.toml", "edition = 1\n[metrics.clicks]\ntarget = 3\n")
        .with_file("/alone/other.toml", "edition = 1\n")
        .with_file("/w/deep/x.toml", "edition = 1\n");
    let ids = |path: &str| -> Vec<String> {
        let catalogue = read(&world, path);
        Page::build(catalogue.inputs())
            .kpis
            .iter()
            .map(|kpi| kpi.id.clone())
            .collect()
    };
    assert_eq!(ids("/w"), ["false_claims", "clicks", "slow"]);
    assert_eq!(ids("/w/abide.toml"), ["false_claims", "clicks", "slow"]);
    assert_eq!(ids("/w/metrics"), ["false_claims", "clicks", "slow"]);
    assert_eq!(ids("/w/metrics/n.toml"), ["clicks"]);
    assert_eq!(ids("/alone/k.toml"), ["clicks"]);
    assert!(ids("/w/deep").is_empty());
    for (path, said) in [
        ("/alone", "there is no abide.toml here or above"),
        ("/alone/other.toml", "neither a catalogue file"),
        ("/w/gone.toml", "no such file"),
    ] {
        let mut session = Session::new(&world, None);
        let error = KpiCatalogue::read(&mut session, Path::new(path))
            .unwrap_err()
            .to_string();
        assert!(error.contains(said), "{path}: {error}");
    }
}

/// Texts that mean something in HTML, Markdown, CSV, a spreadsheet or a template.
const HOSTILE: [&str; 12] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "[link](javascript:alert(1))",
    "![picture](http://x/y.png)",
    "| cell | `code` | **bold**",
    "=HYPERLINK(\"http://x\",\"y\")",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "{{ doc.title }} {% raw %}",
    "user\u{202e}nimda\u{200b}",
    "</style><style>*{display:none}",
];

/// The elements of a page in their order: what markup there is. How many lines a name takes in a drawing is no markup.
fn tags(html: &str) -> Vec<&str> {
    html.split('<')
        .skip(1)
        .filter_map(|rest| {
            rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '/' && c != '!')
                .next()
        })
        .filter(|tag| !matches!(*tag, "text" | "/text"))
        .collect()
}

#[test]
fn text_of_a_catalogue_is_data_in_every_format() {
    let plain = {
        let page = page(CATALOGUE);
        tags(&html(&page)).join(" ")
    };
    for text in HOSTILE {
        let quoted = toml::Value::String(text.to_owned()).to_string();
        let catalogue = CATALOGUE
            .replace("title = \"False claims\"", &format!("title = {quoted}"))
            .replace("\"Answers with a claim that nothing supports\"", &quoted)
            .replace("owner = \"quality\"", &format!("owner = {quoted}"))
            .replace("value = \"hallucinated\"", &format!("value = {quoted}"))
            .replace("\"warehouse.evals\"", &quoted);
        let world = world(&catalogue);
        let mut session = Session::new(&world, None);
        let mut catalogue = KpiCatalogue::read(&mut session, Path::new("/w")).unwrap();
        catalogue.set_title(text);
        let page = Page::build(catalogue.inputs());
        assert_eq!(tags(&html(&page)).join(" "), plain, "{text}");
        assert!(!html(&page).contains('\u{202e}'), "{text}");
        let markdown = markdown(&page);
        let kinds: Vec<_> = pulldown_cmark::Parser::new_ext(&markdown, pulldown_cmark::Options::ENABLE_TABLES)
            .filter_map(|event| match event {
                pulldown_cmark::Event::Start(pulldown_cmark::Tag::Image { .. }) => Some("an image".to_owned()),
                pulldown_cmark::Event::Start(pulldown_cmark::Tag::Link { dest_url, .. })
                    if !dest_url.starts_with('#') =>
                {
                    Some(format!("a link to {dest_url}"))
                }
                pulldown_cmark::Event::Html(tag) | pulldown_cmark::Event::InlineHtml(tag)
                    if tag.contains("script") || tag.contains("img") =>
                {
                    Some(tag.to_string())
                }
                _ => None,
            })
            .collect();
        assert!(kinds.is_empty(), "{text}: {kinds:?}");
        let csv = render_csv(catalogue.inputs());
        for field in csv.split(',').map(|field| field.trim_start_matches('"')) {
            assert!(!field.starts_with(['=', '+', '@']), "{text}: {field}");
        }
        assert!(render_xlsx(catalogue.inputs()).is_ok(), "{text}");
    }
}

#[test]
fn the_spreadsheet_is_a_zip_and_the_csv_has_one_row_for_each_kpi() {
    let world = world(CATALOGUE);
    let catalogue = read(&world, "/w");
    assert!(render_xlsx(catalogue.inputs()).unwrap().starts_with(b"PK"));
    let csv = render_csv(catalogue.inputs());
    assert_eq!(csv.matches("\r\n").count(), 3);
    assert!(csv.starts_with("KPI,Id,Tier,"), "{csv}");
    assert!(
        csv.contains("\r\nslow,slow,platform,,,decrease,s,2,,2,,warning,"),
        "{csv}"
    );
}

#[test]
fn anchors_lead_somewhere() {
    for catalogue in [launch(), read(&world(CATALOGUE), "/w")] {
        let html = html(&Page::build(catalogue.inputs()));
        for target in html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(html.contains(&format!("id=\"{target}\"")), "{target}");
        }
    }
}
