//! Targets that assign: flags of the systems that have no experiments of their own.

use serde_json::{Value, json};

use super::{Place, code, said};

fn flags(place: &Place, experiment: &str, file: &str) -> Value {
    serde_json::from_str(&place.read(&format!("out/{experiment}/{file}"))).unwrap()
}

/// Ends the second experiment of the proofs.
fn end_basket(place: &Place) {
    let over = "status = \"abandoned\"\ndecision_maker = \"shop\"\nanalyst = \"stats\"\nreviewers = [\"guild\"]";
    place.replace("w/specs/basket.toml", "status = \"draft\"", over);
    let owned = "use  = \"purchase_rate\"\nowner = \"shop\"";
    place.replace("w/specs/basket.toml", "use  = \"purchase_rate\"", owned);
}

#[test]
fn flagd_holds_any_ratio_of_arms_in_the_smallest_whole_numbers() {
    let place = Place::of_the_proofs();
    for weight in ["weight = 0.5", "weight = 0.3", "weight = 0.2"] {
        place.replace("w/specs/checkout.toml", weight, "weight = 1");
    }
    let built = place.build(&["-t", "flagd"]);
    assert_eq!(code(&built), 0, "{}", said(&built));
    let file = flags(&place, "checkout", "flagd/flags.json");
    let targeting = &file["flags"]["checkout"]["targeting"]["if"];
    let arms = targeting[1]["fractional"].as_array().unwrap();
    assert_eq!(
        arms[1..],
        [json!(["control", 1]), json!(["one_page", 1]), json!(["two_pages", 1])]
    );
    let text = said(&built);
    for loss in [
        "ramp, schedule.ramp",
        "exclusions, population.exclude",
        "decision-rule, decision",
    ] {
        assert!(text.contains(loss), "{loss}: {text}");
    }
}

#[test]
fn flagd_writes_the_part_of_the_layer_and_the_stage_of_the_ramp() {
    let place = Place::of_the_proofs();
    place.append(
        "w/abide.toml",
        "\n[targets.flagd]\nenabled = true\noptions = { stage = 1 }\n",
    );
    let built = place.build(&["-t", "flagd"]);
    assert_eq!(code(&built), 0, "{}", said(&built));
    // A tenth of the eligible is a fifth of the half that the experiment has.
    let checkout = flags(&place, "checkout", "flagd/flags.json").to_string();
    assert!(checkout.contains(r#"["in",200000000],["out",800000000]"#), "{checkout}");
    // Without a ramp there is only the full share.
    let basket = flags(&place, "basket", "flagd/flags.json").to_string();
    assert!(!basket.contains("/traffic/"), "{basket}");
    assert!(
        basket.contains(r#"["before",450000000],["in",225000000],["after",325000000]"#),
        "{basket}"
    );
}

#[test]
fn an_experiment_that_is_over_assigns_nobody() {
    let place = Place::of_the_proofs();
    end_basket(&place);
    let built = place.abide(&[
        "build",
        "w/specs/basket.toml",
        "-o",
        "out",
        "-t",
        "flagd",
        "-t",
        "unleash",
    ]);
    assert_eq!(code(&built), 0, "{}", said(&built));
    let features = &flags(&place, "basket", "unleash/features.json")["features"];
    assert_eq!(features.as_array().unwrap().len(), 1);
    assert_eq!(features[0]["enabled"], false);
    assert_eq!(features[0]["strategies"], json!([]));
    let flag = &flags(&place, "basket", "flagd/flags.json")["flags"]["basket"];
    assert_eq!(flag["targeting"], Value::Null);
    assert_eq!(flag["defaultVariant"], "control");
}

#[test]
fn an_experiment_without_room_in_its_layer_is_refused() {
    let place = Place::of_the_proofs();
    place.replace("w/specs/basket.toml", "allocation = 0.25", "allocation = 0.6");
    let refused = place.abide(&["build", "w/specs", "-o", "out", "-t", "flagd"]);
    let text = said(&refused);
    assert_eq!(code(&refused), 1, "{text}");
    assert!(
        text.contains("`flagd` cannot express a part of the layer `checkout`"),
        "{text}"
    );
}

#[test]
fn unleash_keeps_experiments_of_a_layer_apart_by_a_parent() {
    let place = Place::of_the_proofs();
    let built = place.build(&["-t", "unleash"]);
    assert_eq!(code(&built), 0, "{}", said(&built));
    assert!(said(&built).contains("layer, traffic.layer"), "{}", said(&built));
    let features = &flags(&place, "basket", "unleash/features.json")["features"];
    let weights: Vec<&Value> = features[0]["strategies"][0]["variants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|variant| &variant["weight"])
        .collect();
    assert_eq!(weights, [450, 225, 325]);
    assert_eq!(features[1]["dependencies"][0]["feature"], "abide-layer-basket");
}

#[test]
fn a_share_that_the_target_cannot_hold_is_refused_with_the_nearest_one() {
    let place = Place::of_the_proofs();
    place.replace("w/specs/basket.toml", "layer      = \"checkout\"\n", "");
    let share = "units_per_day = 40000\nallocation = 0.125";
    place.replace("w/specs/basket.toml", "allocation = 0.25", share);
    let refused = place.build(&["-t", "unleash"]);
    assert_eq!(code(&refused), 1, "{}", said(&refused));
    let text = said(&refused).replace('\n', " ");
    assert!(text.contains("`unleash` cannot express a share of 12.5%"), "{text}");
    assert!(
        text.contains("it counts in 100 parts, and 13 are nearest: 13%"),
        "{text}"
    );
    let accepted = "accept = [{ loss = \"share\", because = \"a little more\", by = \"stats-guild\" }]";
    place.append("w/abide.toml", &format!("\n[targets.unleash]\n{accepted}\n"));
    let built = place.build(&["-t", "unleash"]);
    assert_eq!(code(&built), 0, "{}", said(&built));
    let features = &flags(&place, "basket", "unleash/features.json")["features"];
    assert_eq!(features[0]["strategies"][0]["parameters"]["rollout"], "13");
}

/// Takes both experiments of the proofs out of their layer.
fn without_layers(place: &Place) {
    for name in ["checkout", "basket"] {
        let file = format!("w/specs/{name}.toml");
        place.replace(&file, "layer      = \"checkout\"", "units_per_day = 40000");
    }
}

#[test]
fn posthog_refuses_what_a_flag_cannot_hold() {
    let place = Place::of_the_proofs();
    let refused = place.build(&["-t", "posthog"]);
    let text = said(&refused);
    assert_eq!(code(&refused), 1, "{text}");
    assert!(text.contains("`posthog` cannot express the layer `checkout`"), "{text}");
    assert!(text.contains("`posthog` cannot express a holdout of 10%"), "{text}");
    without_layers(&place);
    // Messages are wrapped, with a bar before each line.
    let text = said(&place.build(&["-t", "posthog"]));
    let text = text
        .split_whitespace()
        .filter(|word| *word != "│")
        .collect::<Vec<_>>()
        .join(" ");
    assert!(
        text.contains("the option cohort_ids has no id for the group bots"),
        "{text}"
    );
}

#[test]
fn posthog_writes_whole_percent_and_cohorts() {
    let place = Place::of_the_proofs();
    without_layers(&place);
    place.append(
        "w/abide.toml",
        "\n[targets.posthog]\nenabled = true\noptions = { cohort_ids = { bots = 12 }, stage = 1 }\n",
    );
    let built = place.build(&["-t", "posthog"]);
    assert_eq!(code(&built), 0, "{}", said(&built));
    let group = &flags(&place, "checkout", "posthog/flag.json")["filters"]["groups"][0];
    assert_eq!(group["rollout_percentage"], 10);
    assert_eq!(group["properties"][1]["value"], 12);
    let other = flags(&place, "basket", "posthog/flag.json");
    assert_eq!(other["filters"]["groups"][0]["rollout_percentage"], 25);
    assert_eq!(other["filters"]["payloads"]["open"], "\"open\"");
}

const NIMBUS: &str = "\n[targets.nimbus]\noptions = { app_name = \"fenix\", app_id = \"org.mozilla.fenix\" }\n";

#[test]
fn nimbus_writes_the_part_of_the_layer_as_buckets() {
    let place = Place::of_the_proofs();
    let unset = said(&place.build(&["-t", "nimbus"]));
    assert!(unset.contains("options = { app_name = \"fenix\""), "{unset}");
    place.append("w/abide.toml", NIMBUS);
    let built = place.build(&["-t", "nimbus"]);
    assert_eq!(code(&built), 0, "{}", said(&built));
    let recipe = flags(&place, "basket", "nimbus/recipe.json");
    assert_eq!(recipe["bucketConfig"]["start"], 4500);
    assert_eq!(recipe["bucketConfig"]["count"], 2250);
    assert_eq!(recipe["referenceBranch"], "control");
    assert_eq!(recipe["targeting"], "(country in [\"DE\", \"FR\"])");
    end_basket(&place);
    let built = place.abide(&["build", "w/specs/basket.toml", "-o", "out", "-t", "nimbus"]);
    assert_eq!(code(&built), 0, "{}", said(&built));
    let recipe = flags(&place, "basket", "nimbus/recipe.json");
    assert_eq!(recipe["isEnrollmentPaused"], true);
    assert_eq!(recipe["bucketConfig"]["count"], 0);
}

#[test]
fn a_text_that_would_be_code_in_nimbus_is_refused() {
    for hostile in ["DE\\\"] || true || country in [\\\"FR", "back\\\\slash"] {
        let place = Place::of_the_proofs();
        place.append("w/abide.toml", NIMBUS);
        place.replace("w/specs/basket.toml", "\"FR\"", &format!("\"{hostile}\""));
        let refused = place.build(&["-t", "nimbus"]);
        assert_eq!(code(&refused), 1, "{hostile}: {}", said(&refused));
        assert!(
            said(&refused).contains("recipe.json: does not satisfy"),
            "{}",
            said(&refused)
        );
    }
}

#[test]
fn values_of_arms_and_conditions_keep_their_type_or_its_usual_spelling() {
    let place = Place::of_the_proofs();
    for (arm, value) in [("control", "false"), ("open", "true")] {
        let header = format!("[arms.{arm}]");
        place.replace(
            "w/specs/basket.toml",
            &header,
            &format!("{header}\nvariation = {value}"),
        );
    }
    place.replace(
        "w/specs/basket.toml",
        "country = [\"DE\", \"FR\"]",
        "beta = true, level = [1, 2.5]",
    );
    let built = place.build(&["-t", "flagd", "-t", "unleash"]);
    assert_eq!(code(&built), 0, "{}", said(&built));
    let flag = &flags(&place, "basket", "flagd/flags.json")["flags"]["basket"];
    assert_eq!(flag["variants"], json!({ "control": false, "open": true }));
    let strategy = &flags(&place, "basket", "unleash/features.json")["features"][1]["strategies"][0];
    assert_eq!(strategy["constraints"][0]["values"], json!(["true"]));
    assert_eq!(strategy["constraints"][1]["values"], json!(["1", "2.5"]));
    assert_eq!(strategy["variants"][1]["payload"]["value"], "true");
}

#[test]
fn an_attribute_without_a_name_is_refused() {
    let place = Place::of_the_proofs();
    place.append(
        "w/abide.toml",
        "\n[targets.flagd]\noptions = { unit_attribute = \"\" }\n",
    );
    let refused = place.build(&["-t", "flagd"]);
    assert_eq!(code(&refused), 1, "{}", said(&refused));
    assert!(said(&refused).contains("template-error"), "{}", said(&refused));
}

#[test]
fn in_a_layer_that_is_not_exclusive_only_the_holdout_is_kept_out() {
    let place = Place::of_the_proofs();
    place.append("w/abide.toml", NIMBUS);
    place.replace("w/abide.toml", "exclusive     = true", "exclusive     = false");
    let built = place.build(&["-t", "flagd", "-t", "nimbus"]);
    assert_eq!(code(&built), 0, "{}", said(&built));
    assert!(!said(&built).contains("layer, traffic.layer"), "{}", said(&built));
    let basket = flags(&place, "basket", "flagd/flags.json").to_string();
    assert!(
        basket.contains(r#"["before",0],["in",900000000],["after",100000000]"#),
        "{basket}"
    );
    assert!(basket.contains(r#"["in",250000000],["out",750000000]"#), "{basket}");
    // Nimbus has one range of buckets: the share is a part of the part.
    let buckets = &flags(&place, "basket", "nimbus/recipe.json")["bucketConfig"];
    assert_eq!((&buckets["start"], &buckets["count"]), (&json!(0), &json!(2250)));
    assert_eq!(buckets["namespace"], "layer-checkout");
}

#[test]
fn a_stage_that_is_larger_than_the_part_of_the_layer_is_refused() {
    let place = Place::of_the_proofs();
    place.replace(
        "w/specs/checkout.toml",
        "{ days = 2, allocation = 0.1 }",
        "{ days = 2, allocation = 0.6 }",
    );
    place.append("w/abide.toml", "\n[targets.flagd]\noptions = { stage = 1 }\n");
    let refused = place.build(&["-t", "flagd"]);
    let text = said(&refused);
    assert_eq!(code(&refused), 1, "{text}");
    assert!(text.contains("a stage of 60% in a part of 50%"), "{text}");
}

#[test]
fn a_target_shows_what_its_numbers_can_hold() {
    let place = Place::of_the_proofs();
    let shown = |name: &str| said(&place.abide(&["targets", "show", name]));
    let flagd = shown("flagd");
    assert!(
        flagd.contains("Splits arms in the smallest whole numbers of their ratio"),
        "{flagd}"
    );
    let unleash = shown("unleash");
    for line in [
        "Splits arms in whole numbers that add up to 1000",
        "Counts a share of the units in 100 parts",
        "Counts a layer in 1000 parts",
    ] {
        assert!(unleash.contains(line), "{unleash}");
    }
}

#[test]
fn where_a_layer_is_given_up_the_share_is_one_of_all_eligible_units() {
    let place = Place::of_the_proofs();
    let by = "because = \"one experiment at a time\", by = \"stats-guild\"";
    place.append(
        "w/abide.toml",
        &format!("\n[targets.posthog]\naccept = [{{ loss = \"layer\", {by} }}, {{ loss = \"holdout\", {by} }}]\n"),
    );
    let built = place.abide(&["build", "w/specs/basket.toml", "-o", "out", "-t", "posthog"]);
    assert_eq!(code(&built), 0, "{}", said(&built));
    let group = &flags(&place, "basket", "posthog/flag.json")["filters"]["groups"][0];
    assert_eq!(group["rollout_percentage"], 25);
}

#[test]
fn a_share_that_nimbus_has_no_buckets_for_is_refused() {
    let place = Place::of_the_proofs();
    place.append("w/abide.toml", NIMBUS);
    without_layers(&place);
    place.replace("w/specs/basket.toml", "allocation = 0.25", "allocation = 0.33333");
    let refused = place.build(&["-t", "nimbus"]);
    let text = said(&refused);
    assert_eq!(code(&refused), 1, "{text}");
    assert!(text.contains("`nimbus` cannot express a share of 33.333%"), "{text}");
    assert!(text.contains("3333 are nearest: 33.33%"), "{text}");
}
