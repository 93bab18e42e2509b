//! Targets that people read in other tools: messages, an issue in Jira.

use serde_json::Value;

use super::{Place, code, said};

fn read(place: &Place, name: &str) -> Value {
    serde_json::from_str(&place.read(&format!("out/checkout/{name}"))).unwrap()
}

#[test]
fn messages_name_the_digest_and_what_is_left_out() {
    let place = Place::of_the_proofs();
    place.append(
        "w/abide.toml",
        "\n[targets.message]\nenabled = true\noptions = { most_lines = 2 }\n",
    );
    let built = place.build(&["-t", "message"]);
    assert_eq!(code(&built), 0, "{}", said(&built));
    let record: Value = serde_json::from_str(&place.read("out/abide-build.json")).unwrap();
    let digest = record["experiments"]["checkout"]["digest"].as_str().unwrap().to_owned();
    for name in ["message/slack.json", "message/teams.json"] {
        let text = read(&place, name).to_string();
        assert!(text.contains(&digest[..12]), "{name} does not name the digest");
        assert!(
            text.contains("and 1 more") && text.contains("and 4 more"),
            "{name}: {text}"
        );
    }
}

#[test]
fn characters_that_are_not_seen_are_named_and_long_texts_are_cut() {
    let place = Place::of_the_proofs();
    let long = format!("title  = \"\\u202e{}\"", "a".repeat(400));
    let title = r#"title  = "It's a \"new\" checkout -- <b>really</b>; {{ 7*7 }}""#;
    place.replace("w/specs/checkout.toml", title, &long);
    place.append("w/abide.toml", "\n[targets.jira]\noptions = { project = \"EXP\" }\n");
    let built = place.build(&["-t", "message", "-t", "jira"]);
    assert_eq!(code(&built), 0, "{}", said(&built));
    let header = &read(&place, "message/slack.json")["blocks"][0]["text"]["text"];
    let header = header.as_str().unwrap();
    assert!(
        header.starts_with("Review: ⟨U+202E⟩aaa") && header.ends_with('…'),
        "{header}"
    );
    assert_eq!(header.chars().count(), 150);
    let summary = &read(&place, "jira/issue.json")["fields"]["summary"];
    assert_eq!(summary.as_str().unwrap().chars().count(), 255);
}

#[test]
fn an_issue_needs_a_project() {
    let place = Place::of_the_proofs();
    let refused = place.build(&["-t", "jira"]);
    assert_eq!(code(&refused), 1, "{}", said(&refused));
    assert!(
        said(&refused).contains("options = { project = \"EXP\" }"),
        "{}",
        said(&refused)
    );
}
