//! From draft to conclusion in a real repository, by the built program.

use serde_json::Value;

use crate::repository::{Clone, SPEC};

/// Before the start of the experiment.
const PLANNED: &str = "2026-12-14";
/// While it runs.
const RUNNING: &str = "2027-01-25";
/// After its end.
const ENDED: &str = "2027-03-01";

fn approve(clone: &Clone, who: &str) {
    clone.abide(PLANNED, &["approve", SPEC, "--as", who]).expect(0, &[]);
}

/// A spec that both groups have approved, committed.
fn approved() -> Clone {
    let clone = Clone::new("ann");
    approve(&clone, "mira");
    approve(&clone, "tom");
    clone.edit(SPEC, "status         = \"review\"", "status = \"approved\"");
    clone.commit("approved");
    clone
}

fn running() -> Clone {
    let clone = approved();
    clone.edit(SPEC, "status = \"approved\"", "status = \"running\"");
    clone.commit("launched");
    clone
}

fn state(clone: &Clone, day: &str) -> Value {
    let ran = clone.abide(day, &["status", SPEC, "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    report["specs"][0].clone()
}

#[test]
fn a_draft_is_not_approved_and_neither_is_ones_own_spec() {
    let clone = Clone::new("ann");
    clone.edit(SPEC, "status         = \"review\"", "status = \"draft\"");
    clone
        .abide(PLANNED, &["approve", SPEC, "--as", "mira"])
        .expect(1, &["not approved: the spec is a draft"]);
    clone.edit(SPEC, "status = \"draft\"", "status         = \"review\"");
    // ann is of the group that owns the experiment, and of the one that reviews it.
    clone
        .abide(PLANNED, &["approve", SPEC, "--as", "ann"])
        .expect(1, &["`ann` owns the experiment", "two persons"]);
    clone
        .abide(PLANNED, &["approve", SPEC, "--as", "tom", "--role", "stats-guild"])
        .expect(1, &["`tom` is not a member of `stats-guild`"]);
    clone
        .abide(PLANNED, &["approve", SPEC, "--as", "mira", "--role", "stats-gild"])
        .expect(1, &["nobody asks for `stats-gild` here", "did you mean `stats-guild`?"]);
    clone
        .abide(PLANNED, &["approve", SPEC, "--as", "zoe"])
        .expect(1, &["`zoe` is a member of none of the groups"]);
    assert!(!clone.exists("approvals"));
}

/// A group that is misspelt would be open to anyone.
#[test]
fn groups_that_review_are_groups_that_are_listed() {
    let clone = Clone::new("ann");
    clone.edit("abide.toml", "low = [\"stats-guild\"]", "low = [\"stats-gild\"]");
    clone.abide(PLANNED, &["check", SPEC]).expect(
        1,
        &[
            "undefined-reference",
            "there is no group `stats-gild` in policy.groups",
            "stats-guild",
        ],
    );
}

#[test]
fn an_error_stands_in_the_way_until_it_is_mended() {
    let clone = Clone::new("ann");
    clone.edit(SPEC, "owner          = \"shop-checkout\"\n", "");
    clone
        .abide(PLANNED, &["approve", SPEC, "--as", "mira"])
        .expect(1, &["owner-missing", "not approved: 1 error open"]);
    assert!(!clone.exists("approvals"));
}

#[test]
fn the_risk_says_who_approves_and_status_says_who_is_missing() {
    let clone = Clone::new("ann");
    clone
        .abide(PLANNED, &["approve", SPEC, "--as", "mira"])
        .expect(0, &["`stats-guild`: mira on 14 December 2026", "`legal`: missing"]);
    clone.abide(PLANNED, &["status", "--approved"]).expect(1, &[]);
    clone.edit(SPEC, "status         = \"review\"", "status = \"approved\"");
    clone
        .abide(PLANNED, &["check", SPEC])
        .expect(1, &["approval-missing", "`legal` has not approved it"]);
    approve(&clone, "tom");
    clone.abide(PLANNED, &["check", SPEC]).expect(0, &[]);
    clone.abide(PLANNED, &["status", "--approved"]).expect(0, &[]);
    // Approving again is no second approval.
    approve(&clone, "tom");
    assert_eq!(clone.files("approvals/checkout-button").len(), 2);
}

#[test]
fn a_change_of_the_catalogue_elsewhere_voids_an_approval() {
    let clone = approved();
    let from = clone
        .read("catalogue.toml")
        .lines()
        .skip_while(|line| *line != "[sources.orders]")
        .find(|line| line.starts_with("table"))
        .unwrap()
        .to_owned();
    clone.edit("catalogue.toml", &from, "table = \"warehouse.orders_v2\"");
    clone.abide(PLANNED, &["check", SPEC]).expect(
        1,
        &[
            "approval-void",
            "table of source `orders`",
            "`mira` approved for `stats-guild`",
            "`tom` approved for `legal`",
        ],
    );
    clone
        .abide(PLANNED, &["diff", "--rev", "HEAD", SPEC])
        .expect(1, &["table of source `orders`", "voids 2 approvals"]);
    // Approved again, nothing is left to say of the old approvals.
    approve(&clone, "mira");
    approve(&clone, "tom");
    let status = clone.abide(PLANNED, &["status", SPEC]).expect(0, &[]);
    assert!(!status.stdout.contains("void"), "{}", status.stdout);
    clone.git(&["checkout", "-q", "."]);
    clone.git(&["clean", "-qfd"]);
    clone.abide(PLANNED, &["check", SPEC]).expect(0, &[]);
    clone
        .abide(PLANNED, &["diff", "--rev", "HEAD", SPEC])
        .expect(0, &["nothing that a spec says has changed"]);
}

#[test]
fn prose_and_layout_leave_an_approval_alone() {
    let clone = approved();
    clone.edit(SPEC, "# A valid", "# Another");
    clone.edit(SPEC, "because    = \"Four in ten", "because = \"About four in ten");
    clone.edit(SPEC, "retention = \"90d\"", "retention = \"60d\"");
    clone.abide(PLANNED, &["check", SPEC]).expect(0, &[]);
    clone
        .abide(PLANNED, &["diff", "--rev", "HEAD", "."])
        .expect(0, &["editorial", "operational `privacy.retention` 90d → 60d"]);
    clone
        .abide(PLANNED, &["diff", "--rev", "HEAD", ".", "--deny", "operational"])
        .expect(1, &[]);
}

#[test]
fn a_change_after_launch_takes_an_amendment() {
    let clone = running();
    clone.abide(RUNNING, &["check", SPEC]).expect(0, &[]);
    clone.edit(SPEC, "max_days = 28", "max_days = 35");
    clone
        .abide(RUNNING, &["check", SPEC])
        .expect(1, &["amendment-unlogged", "`schedule.max_days` 28 → 35", "number = 1"]);
    clone
        .abide(RUNNING, &["status", SPEC])
        .expect(1, &["no approval stands behind it"]);
    clone.append(
        SPEC,
        "\n[[amendments]]\nnumber = 1\ndate = 2027-01-25\nfields = [\"schedule.max_days\"]\n\
         reason = \"traffic 20% below forecast\"\nafter_data = false\nunits_enrolled = 11200\n",
    );
    clone.abide(RUNNING, &["check", SPEC]).expect(0, &[]);
    clone
        .abide(RUNNING, &["status", SPEC])
        .expect(0, &["amended since", "`schedule.max_days` 28 → 35: amendment 1"]);
    assert_eq!(state(&clone, RUNNING)["state"], "amended");
    // What the amendment does not name is still not covered.
    clone.edit(SPEC, "alpha     = 0.05", "alpha     = 0.10");
    clone.abide(RUNNING, &["check", SPEC]).expect(
        1,
        &["amendment-unlogged", "`statistics.alpha` 0.05 → 0.1", "number = 2"],
    );
}

#[test]
fn it_ends_with_a_record_and_an_override_says_why() {
    let clone = running();
    clone.edit(SPEC, "max_days = 28", "max_days = 35");
    clone.append(
        SPEC,
        "\n[[amendments]]\nnumber = 1\ndate = 2027-01-25\nfields = [\"schedule.max_days\"]\n\
         reason = \"traffic 20% below forecast\"\nafter_data = false\n",
    );
    clone.edit(SPEC, "status = \"running\"", "status = \"concluded\"");
    clone.abide(ENDED, &["check", SPEC]).expect(1, &["conclusion-missing"]);
    let record = "\n[conclusion]\ndate = 2027-02-22\nrule_says = \"abandon\"\ndecision = \"ship\"\narm = \"sticky\"\n\
                  by = \"head-of-shop\"\n";
    clone.append(SPEC, record);
    clone
        .abide(ENDED, &["check", SPEC])
        .expect(1, &["override-unexplained"]);
    clone.append(SPEC, "reason = \"the old basket cannot be kept accessible\"\n");
    clone.abide(ENDED, &["check", SPEC]).expect(0, &[]);
    clone.abide(ENDED, &["status", SPEC]).expect(0, &["concluded"]);
    clone.abide(ENDED, &["render", SPEC, "--format", "md"]).expect(
        0,
        &[
            "it was overruled",
            "the old basket cannot be kept accessible",
            "What is not as approved",
            "before the amendments",
            "traffic 20% below forecast",
        ],
    );
}

#[test]
fn two_branches_that_are_each_fine_can_void_an_approval_together() {
    let clone = Clone::new("ann");
    clone.git(&["checkout", "-q", "-b", "catalogue"]);
    let from = clone
        .read("catalogue.toml")
        .lines()
        .skip_while(|line| *line != "[sources.orders]")
        .find(|line| line.starts_with("table"))
        .unwrap()
        .to_owned();
    clone.edit("catalogue.toml", &from, "table = \"warehouse.orders_v2\"");
    clone.commit("orders have moved");
    clone.abide(PLANNED, &["check"]).expect(0, &[]);
    clone.git(&["checkout", "-q", "main"]);
    approve(&clone, "mira");
    approve(&clone, "tom");
    clone.edit(SPEC, "status         = \"review\"", "status = \"approved\"");
    clone.commit("approved");
    clone.abide(PLANNED, &["check"]).expect(0, &[]);
    clone.git(&["merge", "-q", "-m", "both", "catalogue"]);
    clone
        .abide(PLANNED, &["check"])
        .expect(1, &["approval-void", "table of source `orders`"]);
    assert_eq!(state(&clone, PLANNED)["state"], "void");
}

#[test]
fn approvals_from_two_clones_merge_without_loss() {
    let origin = Clone::new("ann");
    let (mira, tom) = (origin.clone_for("mira"), origin.clone_for("tom"));
    approve(&mira, "mira");
    mira.commit("approved by mira");
    approve(&tom, "tom");
    tom.commit("approved by tom");
    let from = mira.path("").to_string_lossy().into_owned();
    tom.git(&["pull", "-q", "--no-rebase", &from, "main"]);
    tom.abide(PLANNED, &["status", "--approved"]).expect(
        0,
        &[
            "`stats-guild`: mira on 14 December 2026",
            "`legal`: tom on 14 December 2026",
        ],
    );
}

#[test]
fn an_approval_that_was_edited_counts_for_nothing() {
    let clone = approved();
    let file = clone.files("approvals/checkout-button").remove(0);
    let name = format!(
        "approvals/checkout-button/{}",
        file.file_name().unwrap().to_string_lossy()
    );
    clone.edit(&name, "\"statistics.power\" = 0.8", "\"statistics.power\" = 0.7");
    clone
        .abide(PLANNED, &["check", SPEC])
        .expect(1, &["invalid-approval", "the file was edited", "approval-missing"]);
    // Of another form it cannot be compared, and says so.
    clone.git(&["checkout", "-q", "."]);
    clone.edit(&name, "abide-digest-1", "abide-digest-0");
    clone.abide(PLANNED, &["check", SPEC]).expect(
        1,
        &[
            "approval-missing",
            "under the form `abide-digest-0`, which cannot be compared",
        ],
    );
    clone.edit(&name, "edition    = 1", "edition    = 9");
    clone
        .abide(PLANNED, &["check", SPEC])
        .expect(1, &["invalid-approval", "an edition that this version does not know"]);
}

/// Whatever lies in the folder, it is said and counts for nothing.
#[test]
fn other_files_among_the_approvals_are_no_approvals() {
    let clone = approved();
    clone.write("approvals/checkout-button/notes.toml", "who = \"mira\"\n");
    clone
        .abide(PLANNED, &["check", SPEC])
        .expect(1, &["invalid-approval", "the file is not an approval: missing field"]);
    clone.abide(PLANNED, &["status", SPEC]).expect(1, &["invalid-approval"]);
    clone.git(&["clean", "-qfd"]);
    // An approval in the folder of another experiment.
    let file = clone.files("approvals/checkout-button").remove(0);
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let text = clone.read(&format!("approvals/checkout-button/{name}"));
    clone.write(&format!("approvals/second-button/{name}"), &text);
    clone
        .abide(PLANNED, &["check", SPEC])
        .expect(1, &["lies in the folder of `second-button`"]);
    // A name that would command a terminal.
    clone.git(&["clean", "-qfd"]);
    clone
        .abide(
            PLANNED,
            &["approve", SPEC, "--as", "mira\u{1b}[2J", "--role", "stats-guild"],
        )
        .expect(1, &["`--as` names nobody"]);
}

#[test]
fn a_signed_approval_is_verified() {
    let clone = Clone::new("ann");
    let key = clone.path("key");
    let made = std::process::Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-C", "mira", "-f"])
        .arg(&key)
        .status();
    // Signing is for machines that have OpenSSH.
    let Ok(true) = made.map(|status| status.success()) else {
        return;
    };
    clone.edit(
        "abide.toml",
        "two_person = true\n",
        "two_person = true\nsigned = true\n",
    );
    clone
        .abide(PLANNED, &["approve", SPEC, "--as", "mira"])
        .expect(1, &["only signed approvals count"]);
    let sign = |who: &str| {
        let key = key.to_string_lossy().into_owned();
        clone.abide(PLANNED, &["approve", SPEC, "--as", who, "--sign", &key])
    };
    // Nobody is named who may sign yet.
    sign("mira").expect(0, &["`stats-guild`: missing", "not signed"]);
    let public = clone.read("key.pub");
    clone.write("approvals/allowed_signers", &format!("mira {public}"));
    clone
        .abide(PLANNED, &["status", SPEC])
        .expect(0, &["`stats-guild`: mira"]);
    // With her key tom signs nothing.
    sign("tom").expect(0, &["`legal`: missing"]);
    clone
        .abide(PLANNED, &["check", SPEC])
        .expect(1, &["invalid-approval", "not signed by `tom`"]);
}

#[test]
fn a_lock_brings_back_what_was_approved() {
    let clone = approved();
    clone
        .abide(PLANNED, &["lock", SPEC])
        .expect(0, &["wrote approvals/checkout-button/"]);
    clone.abide(ENDED, &["verify", SPEC]).expect(
        0,
        &[
            "holds",
            "plan: the same, byte for byte",
            "document: the same, byte for byte",
        ],
    );
    // The catalogue moves on; what was locked does not.
    clone.edit("catalogue.toml", "[sources.orders]", "# moved\n[sources.orders]");
    clone
        .abide(ENDED, &["verify", SPEC])
        .expect(0, &["holds", "changed in the workspace since: catalogue.toml"]);
    let lock = clone
        .files("approvals/checkout-button")
        .into_iter()
        .find(|path| path.extension().is_some_and(|ending| ending == "lock"))
        .unwrap();
    let name = lock
        .strip_prefix(clone.path(""))
        .unwrap()
        .to_string_lossy()
        .into_owned();
    let text = clone.read(&name);
    // Another version of abide draws the document in its own way, and is named.
    let tool = text.lines().find(|line| line.starts_with("tool")).unwrap().to_owned();
    clone.edit(&name, &tool, "tool = \"abide 0.0.1\"");
    clone
        .abide(ENDED, &["verify", &name])
        .expect(0, &["made by abide 0.0.1, verified by abide"]);
    // A plan that does not come out again is said, with the version that gave it.
    let plan = text
        .lines()
        .find(|line| line.starts_with("plan_sha256"))
        .unwrap()
        .to_owned();
    clone.edit(&name, &plan, &format!("plan_sha256 = \"{}\"", "0".repeat(64)));
    clone
        .abide(ENDED, &["verify", &name])
        .expect(1, &["does not hold", "abide 0.0.1 gives those that were approved"]);
    // What was locked was edited afterwards.
    clone.write(&name, &text.replace("alpha     = 0.05", "alpha     = 0.01"));
    clone
        .abide(ENDED, &["verify", &name])
        .expect(1, &["does not hold", "digest:", "was locked", "comes out"]);
}

#[test]
fn differences_are_said_for_people_pull_requests_and_programs() {
    let clone = approved();
    clone.edit(SPEC, "mde         = { relative = 0.05 }", "mde = { relative = 0.08 }");
    clone.edit(
        SPEC,
        "The checkout button stays in view\"",
        "The button | stays <b>in view</b>\"",
    );
    let arguments = ["diff", "--rev", "HEAD", "specs", "--format"];
    let with = |format: &str| clone.abide(PLANNED, &[&arguments[..], &[format]].concat());
    with("full").expect(
        1,
        &[
            "mde of `purchase_rate` 5% → 8%: n per arm",
            "voids 2 approvals: mira for stats-guild",
        ],
    );
    let text = with("md").expect(
        1,
        &[
            "reviewers must approve it again",
            "| mde of purchase_rate | 5% | 8% | inferential |",
        ],
    );
    // What users write is text, in a table too.
    assert!(!text.stdout.contains("<b>"), "{}", text.stdout);
    let json: Value = serde_json::from_str(&with("json").stdout).unwrap();
    assert_eq!(json["class"], "inferential");
    assert_eq!(json["experiments"][0]["voids"].as_array().unwrap().len(), 2);
    // A spec that is new has nothing to be compared with.
    let copy = clone
        .read(SPEC)
        .replace("\"checkout-button\"", "\"second-button\"")
        .replace("checkout-button-1", "second-button-1");
    clone.write("specs/second.toml", &copy);
    clone
        .abide(PLANNED, &["diff", "--rev", "HEAD", "specs/second.toml"])
        .expect(1, &["second-button", "a new spec"]);
}

#[test]
fn what_git_cannot_give_is_said() {
    let clone = Clone::new("ann");
    clone
        .abide(PLANNED, &["diff", "--rev", "nowhere", SPEC])
        .expect(2, &["there is no revision `nowhere` here"]);
    clone
        .abide(PLANNED, &["diff", "--rev=--upload-pack=x", SPEC])
        .expect(2, &["there is no revision"]);
    clone
        .abide(PLANNED, &["diff", "HEAD:specs/none.toml", SPEC])
        .expect(2, &["HEAD:specs/none.toml: no such file"]);
    clone
        .abide(PLANNED, &["diff", SPEC])
        .expect(2, &["a difference has two sides"]);
    let outside = tempfile::TempDir::with_prefix("abide-outside-").unwrap();
    let path = outside.path().join("a.toml");
    std::fs::write(&path, clone.read(SPEC)).unwrap();
    clone
        .abide(PLANNED, &["diff", "--rev", "HEAD", &path.to_string_lossy()])
        .expect(2, &["not in a git repository"]);
}
