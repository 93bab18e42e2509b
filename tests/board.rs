//! The review document, from hand-made plans to bytes.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_precision_loss)]

#[path = "board/fixtures.rs"]
mod fixtures;

use abide::emit::Templates;
use abide::emit::board::{render_html, render_markdown};

fn main_documents() -> Vec<(&'static str, fixtures::Inputs)> {
    vec![
        ("ready", fixtures::ready()),
        ("not-ready", fixtures::not_ready()),
        ("incomplete", fixtures::incomplete()),
        ("short", fixtures::short()),
    ]
}

#[test]
fn documents_render() {
    for (name, inputs) in main_documents() {
        let document = inputs.document();
        let html = render_html(&document, &Templates::built_in()).unwrap_or_else(|f| panic!("{name}: {f:?}"));
        let markdown = render_markdown(&document, &Templates::built_in()).unwrap_or_else(|f| panic!("{name}: {f:?}"));
        if let Ok(folder) = std::env::var("ABIDE_WRITE_DOCUMENTS") {
            std::fs::write(format!("{folder}/{name}.html"), &html).unwrap();
            std::fs::write(format!("{folder}/{name}.md"), &markdown).unwrap();
        }
        assert!(html.ends_with("</html>"));
    }
}
