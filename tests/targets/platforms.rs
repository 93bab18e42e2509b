//! Targets of platforms that assign: what they write, and what they refuse.

use serde_json::{Value, json};

use super::{Place, code, said};

/// What a target wrote for an experiment of the proofs' workspace, which is changed first.
fn written(target: &str, experiment: &str, file: &str, changes: &[(&str, &str, &str)]) -> Value {
    let place = Place::of_the_proofs();
    for (file, old, new) in changes {
        place.replace(file, old, new);
    }
    let spec = format!("w/specs/{experiment}.toml");
    let built = place.abide(&["build", &spec, "-o", "out", "-t", target]);
    assert_eq!(code(&built), 0, "{}", said(&built));
    serde_json::from_str(&place.read(&format!("out/{experiment}/{target}/{file}"))).unwrap()
}

/// Why a target writes nothing once the workspace is changed.
fn refused(target: &str, changes: &[(&str, &str, &str)]) -> String {
    let place = Place::of_the_proofs();
    for (file, old, new) in changes {
        place.replace(file, old, new);
    }
    let built = place.build(&["-t", target]);
    assert_eq!(code(&built), 1, "{}", said(&built));
    said(&built)
}

const BASKET: &str = "w/specs/basket.toml";
/// A treatment more: equal thirds.
const THIRDS: (&str, &str, &str) = (BASKET, "[arms.open]", "[arms.open]\n[arms.third]");
/// The layer is shared, and only its holdout keeps units out.
const SHARED_LAYER: (&str, &str, &str) = ("w/abide.toml", "exclusive     = true", "exclusive     = false");
const OVER: [(&str, &str, &str); 2] = [
    (
        BASKET,
        "status = \"draft\"",
        "status = \"abandoned\"\ndecision_maker = \"shop\"\nanalyst = \"stats\"\nreviewers = [\"guild\"]",
    ),
    (
        BASKET,
        "use  = \"purchase_rate\"",
        "use  = \"purchase_rate\"\nowner = \"shop\"",
    ),
];

#[test]
fn launchdarkly_asks_for_the_layer_and_the_share_before_it_splits() {
    let flags = written("launchdarkly", "basket", "flags.json", &[SHARED_LAYER]);
    let weights = |flag: &str| -> Vec<u64> {
        let parts = flags["flags"][flag]["fallthrough"]["rollout"]["variations"]
            .as_array()
            .unwrap();
        parts.iter().map(|part| part["weight"].as_u64().unwrap()).collect()
    };
    assert_eq!(weights("basket.layer"), [0, 90_000, 10_000]);
    assert_eq!(weights("basket.traffic"), [0, 25_000, 75_000]);
    let experiment = &flags["flags"]["basket"];
    let asked: Vec<&Value> = experiment["prerequisites"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["key"])
        .collect();
    assert_eq!(asked, ["basket.layer", "basket.traffic"]);
    assert_eq!(
        experiment["rules"][0]["rollout"]["variations"][1],
        json!({ "variation": 1, "weight": 50_000 })
    );
    // Experiments of a layer divide the same numbers.
    let exclusive = |id: &str| written("launchdarkly", id, "flags.json", &[])["flags"][format!("{id}.layer")].clone();
    let seed = |flag: &Value| flag["fallthrough"]["rollout"]["seed"].clone();
    assert_eq!(seed(&exclusive("checkout")), seed(&exclusive("basket")));
}

#[test]
fn a_stage_of_the_ramp_is_the_beginning_of_the_part_of_an_exclusive_layer() {
    // Checkout has the first 45% of the layer for its share of a half; a stage of a tenth takes the first 9%.
    let staged = |target: &str| format!("[targets.{target}]\noptions = {{ stage = 1 }}\n[targets.sql]");
    let first = |target: &str, file: &str| {
        let stage = staged(target);
        written(
            target,
            "checkout",
            file,
            &[("w/abide.toml", "[targets.sql]", stage.as_str())],
        )
    };
    let flags = first("launchdarkly", "flags.json");
    let parts = &flags["flags"]["checkout.layer"]["fallthrough"]["rollout"]["variations"];
    assert_eq!(parts[1], json!({ "variation": 1, "weight": 9000 }));
    assert_eq!(flags["flags"]["checkout.traffic"], Value::Null);
    let specs = first("statsig", "sdk-specs.json");
    assert_eq!(specs["condition_map"]["checkout/1"]["targetValue"], 90);
    let configuration = first("eppo", "configuration.json");
    let split = &configuration["flags"]["checkout"]["allocations"][0]["splits"][0];
    assert_eq!(split["shards"][0]["ranges"], json!([{ "start": 0, "end": 900 }]));
}

#[test]
fn launchdarkly_leaves_out_by_value_and_limits() {
    let population = "where = { country = { not = [\"US\"] }, age = { at_least = 18 } }";
    let changes = [(BASKET, "where = { country = [\"DE\", \"FR\"] }", population)];
    let flags = written("launchdarkly", "basket", "flags.json", &changes);
    let rules = &flags["flags"]["basket"]["rules"];
    assert_eq!(rules[0]["clauses"][0]["values"], json!(["US"]));
    assert_eq!(rules[0]["variation"], 0);
    assert_eq!(rules[1]["clauses"][0]["op"], "greaterThanOrEqual");
    assert_eq!(rules[1]["clauses"].as_array().unwrap().len(), 1);
}

#[test]
fn launchdarkly_refuses_thirds_and_says_what_is_nearest() {
    let text = refused("launchdarkly", &[THIRDS]);
    assert!(
        text.contains("target-loss") && text.contains("1/3 : 1/3 : 1/3"),
        "{text}"
    );
    assert!(text.contains("33334 : 33333 : 33333 of 100000"), "{text}");
}

#[test]
fn launchdarkly_creates_what_the_experiment_needs_in_order() {
    let requests = written("launchdarkly", "checkout", "requests.json", &[]);
    let paths: Vec<&str> = requests
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["path"].as_str().unwrap())
        .collect();
    let metrics = paths.iter().filter(|path| path.starts_with("/api/v2/metrics/")).count();
    // A ratio has no body: LaunchDarkly's API does not create it.
    assert_eq!(metrics, 5);
    let rest: Vec<&str> = paths
        .iter()
        .skip(metrics)
        .map(|path| path.rsplit('/').next().unwrap())
        .collect();
    assert_eq!(
        rest,
        ["holdouts", "layers", "default", "checkout", "experiments", "checkout"]
    );
    let flag = &requests[metrics + 2]["body"];
    assert_eq!(flag["variations"][1]["value"], "one_page");
    let rules = &requests[metrics + 3]["body"]["instructions"];
    assert_eq!(rules[0]["clauses"][0]["values"], json!(["bots"]));
    assert_eq!(rules[1]["clauses"][0]["values"], json!(["DE", "FR"]));
    let iteration = &requests[metrics + 4]["body"]["iteration"];
    assert_eq!(iteration["canReshuffleTraffic"], false);
    assert_eq!(iteration["treatments"][1]["allocationPercent"], "15");
    // A stage of the ramp is a smaller share of every arm.
    let stage = (
        "w/abide.toml",
        "[targets.sql]",
        "[targets.launchdarkly]\noptions = { stage = 1 }\n[targets.sql]",
    );
    let ramped = (
        BASKET,
        "max_days = 28",
        "max_days = 28\nramp = [{ days = 2, allocation = 0.05 }]",
    );
    let early = written("launchdarkly", "checkout", "requests.json", &[stage, ramped]);
    assert_eq!(
        early[metrics + 4]["body"]["iteration"]["treatments"][1]["allocationPercent"],
        "3"
    );
}

#[test]
fn an_experiment_that_is_over_is_off_in_launchdarkly() {
    let flags = written("launchdarkly", "basket", "flags.json", &OVER);
    assert_eq!(flags["flags"]["basket"]["on"], false);
    assert_eq!(flags["flags"]["basket"]["offVariation"], 0);
    let requests = written("launchdarkly", "basket", "requests.json", &OVER);
    assert_eq!(requests, json!([]));
}

#[test]
fn launchdarkly_says_what_it_cannot_express() {
    let place = Place::of_the_proofs();
    let text = said(&place.build(&["-t", "launchdarkly"]));
    for loss in [
        "holdout, traffic.layer: a holdout of 10%",
        "ramp, schedule.ramp",
        "exclusions, population.exclude: the groups bots left out",
        "margin, metrics.latency_p95.margin",
        "ratio, metrics.error_share.kind",
        "covariate, metrics.revenue.variance_reduction",
        "decision-rule, decision",
    ] {
        assert!(text.contains(loss), "{loss}: {text}");
    }
    assert_eq!(text.matches("margin, metrics").count(), 3, "{text}");
}

#[test]
fn statsig_counts_layer_share_and_arms_in_thousandths_under_three_salts() {
    let specs = written("statsig", "basket", "sdk-specs.json", &[SHARED_LAYER]);
    let rules = specs["dynamic_configs"]["basket"]["rules"].as_array().unwrap();
    let asked: Vec<(&str, &Value)> = rules[1]["conditions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| &specs["condition_map"][name.as_str().unwrap()])
        .filter(|condition| condition["type"] == "user_bucket")
        .map(|condition| {
            (
                condition["additionalValues"]["salt"].as_str().unwrap(),
                &condition["targetValue"],
            )
        })
        .collect();
    let (layer, share, arm) = (json!(900), json!(250), json!(1000));
    assert_eq!(
        asked,
        [
            ("layer/checkout", &layer),
            ("basket-1/traffic", &share),
            ("basket-1", &arm)
        ]
    );
}

#[test]
fn statsig_compares_texts() {
    let population = "where = { plan = [3], beta = [true], country = { not = [\"US\"] }, age = { at_most = 65 } }";
    let changes = [(BASKET, "where = { country = [\"DE\", \"FR\"] }", population)];
    let specs = written("statsig", "basket", "sdk-specs.json", &changes);
    let of = |field: &str| {
        let conditions = specs["condition_map"].as_object().unwrap().values();
        let found = { conditions }.find(|one| one["field"] == field).unwrap();
        (found["operator"].as_str().unwrap(), found["targetValue"].clone())
    };
    assert_eq!(of("plan"), ("any_case_sensitive", json!(["3"])));
    assert_eq!(of("beta"), ("any_case_sensitive", json!(["true"])));
    assert_eq!(of("country"), ("none_case_sensitive", json!(["US"])));
    assert_eq!(of("age"), ("lte", json!(65)));
}

#[test]
fn statsig_refuses_what_thousandths_do_not_hold() {
    let text = refused("statsig", &[THIRDS]);
    assert!(
        text.contains("target-loss") && text.contains("334 : 333 : 333 of 1000"),
        "{text}"
    );
    let fine = (BASKET, "allocation = 0.25", "allocation = 0.0333");
    let text = refused("statsig", &[fine]);
    assert!(text.contains("sdk-specs.json: does not satisfy its schema"), "{text}");
}

#[test]
fn statsig_gets_control_first_and_guardrails_as_secondary_metrics() {
    let body = written("statsig", "checkout", "experiment.json", &[]);
    assert_eq!(body["groups"][0]["name"], "control");
    assert_eq!(body["groups"][2]["size"], 20);
    assert_eq!(body["secondaryMetrics"].as_array().unwrap().len(), 3);
    assert_eq!(body["otherMetrics"][0]["name"], "orders_per_user");
    assert_eq!(body["defaultConfidenceInterval"], "95");
    assert_eq!(body["layerID"], "checkout");
    assert_eq!(body["targetingGateID"], "checkout_population");
    let everybody = [(BASKET, "where = { country = [\"DE\", \"FR\"] }", "")];
    let body = written("statsig", "basket", "experiment.json", &everybody);
    assert_eq!(body["targetingGateID"], Value::Null);
}

#[test]
fn an_experiment_that_is_over_has_no_groups_in_statsig() {
    let specs = written("statsig", "basket", "sdk-specs.json", &OVER);
    assert_eq!(specs["dynamic_configs"]["basket"]["rules"], json!([]));
    assert_eq!(specs["dynamic_configs"]["basket"]["isActive"], false);
    assert_eq!(
        specs["dynamic_configs"]["basket"]["defaultValue"],
        json!({ "variant": "control" })
    );
    assert_eq!(
        written("statsig", "basket", "experiment.json", &OVER)["status"],
        "abandoned"
    );
}

/// The allocations of a flag as `eppo` writes them, by their keys.
fn allocations(configuration: &Value) -> Vec<(&str, &Value)> {
    let all = configuration["flags"]["basket"]["allocations"].as_array().unwrap();
    all.iter().map(|one| (one["key"].as_str().unwrap(), one)).collect()
}

#[test]
fn eppo_logs_who_is_in_the_experiment_and_gives_control_to_the_others() {
    let population = "where = { country = { not = [\"US\"] }, plan = [3], age = { at_least = 18 } }";
    let people = (BASKET, "where = { country = [\"DE\", \"FR\"] }", population);
    let configuration = written("eppo", "basket", "configuration.json", &[SHARED_LAYER, people]);
    let found = allocations(&configuration);
    let logged: Vec<(&str, bool)> = found.iter().map(|(key, one)| (*key, one["doLog"] == true)).collect();
    assert_eq!(
        logged,
        [("basket-left-out", false), ("basket", true), ("basket-rest", false)]
    );
    let one_of =
        |attribute: &str, values: Value| json!({ "attribute": attribute, "operator": "ONE_OF", "value": values });
    let at_least = json!({ "attribute": "age", "operator": "GTE", "value": 18 });
    assert_eq!(
        found[0].1["rules"],
        json!([{ "conditions": [one_of("country", json!(["US"]))] }])
    );
    assert_eq!(
        found[1].1["rules"],
        json!([{ "conditions": [one_of("plan", json!(["3"])), at_least] }])
    );
    let part = |salt: &str, start: u64, end: u64| json!({ "salt": salt, "ranges": [{ "start": start, "end": end }] });
    let asked = [
        part("layer/checkout", 0, 9000),
        part("basket-1/traffic", 0, 2500),
        part("basket-1", 5000, 10_000),
    ];
    assert_eq!(found[1].1["splits"][1]["shards"], json!(asked));
    assert_eq!(
        found[2].1["splits"],
        json!([{ "variationKey": "control", "shards": [] }])
    );
}

#[test]
fn eppo_names_the_type_of_the_values() {
    let values = [
        ("true", "false", "BOOLEAN"),
        ("1", "2", "INTEGER"),
        ("0.5", "1", "NUMERIC"),
        ("\"a\"", "\"b\"", "STRING"),
    ];
    for (control, open, kind) in values {
        let control = format!("[arms.control]\nvariation = {control}");
        let open = format!("[arms.open]\nvariation = {open}");
        let changes = [
            (BASKET, "[arms.control]", control.as_str()),
            (BASKET, "[arms.open]", open.as_str()),
        ];
        let configuration = written("eppo", "basket", "configuration.json", &changes);
        assert_eq!(configuration["flags"]["basket"]["variationType"], kind);
    }
    let mixed = [
        (BASKET, "[arms.control]", "[arms.control]\nvariation = 1"),
        (BASKET, "[arms.open]", "[arms.open]\nvariation = \"b\""),
    ];
    let text = refused("eppo", &mixed);
    assert!(text.contains("/variations/open/value"), "{text}");
}

#[test]
fn eppo_refuses_thirds_and_gives_control_when_the_experiment_is_over() {
    let text = refused("eppo", &[THIRDS]);
    assert!(
        text.contains("target-loss") && text.contains("3334 : 3333 : 3333 of 10000"),
        "{text}"
    );
    let configuration = written("eppo", "basket", "configuration.json", &OVER);
    let left: Vec<&str> = allocations(&configuration).iter().map(|(key, _)| *key).collect();
    assert_eq!(left, ["basket-rest"]);
}
