"""The LaunchDarkly target: its SDK assigns 100,000 users as the specs say, and the bodies for its REST API fit the API.

ABIDE_PUBLISHED_SCHEMAS may name a folder with `launchdarkly.*.schema.json`, cut out of LaunchDarkly's API description; the line
says whether the bodies were held against them.
"""

import copy
import importlib.metadata
import json
import logging
import os
import pathlib

import platforms
import common

PUBLISHED = {
    "/metrics/": "launchdarkly.post-metric.schema.json",
    "/holdouts": "launchdarkly.HoldoutPostRequest.schema.json",
    "/layers": "launchdarkly.LayerPost.schema.json",
    "/experiments": "launchdarkly.post-experiment.schema.json",
}


class Lines(logging.Handler):
    """Keeps what the SDK logs from warnings on."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


def built(options="", specs="specs"):
    """The flags of all experiments together, and the requests of each."""
    groups = f"groups = {{ bots = {platforms.toml(platforms.BOTS)} }}"
    flags = {"flags": {}, "segments": {}}
    requests = {}
    for name, folder in platforms.built("launchdarkly", groups + options, specs).items():
        one = json.loads((folder / "flags.json").read_text())
        common.check(not set(one["flags"]) & set(flags["flags"]), f"{name} shares a flag with another experiment")
        flags["flags"].update(one["flags"])
        requests[name] = json.loads((folder / "requests.json").read_text())
    return flags, requests


def evaluation(flags):
    """The arms that the SDK gives with a file of flags; who is not in the experiment of a flag is out."""
    import ldclient
    from ldclient.config import Config
    from ldclient.integrations import Files

    file = common.scratch("launchdarkly-flags") / "flags.json"
    file.write_text(json.dumps(flags))
    log = Lines()
    logging.getLogger("ldclient").addHandler(log)
    config = Config("sdk-none", update_processor_class=Files.new_data_source(paths=[str(file)]), send_events=False)
    client = ldclient.LDClient(config=config, start_wait=5)
    common.check(client.is_initialized(), f"the SDK does not take the file: {log.lines[:3]}")
    # That no events are sent is said once, when it starts.
    log.lines.clear()

    def evaluate(attributes, users):
        log.lines.clear()
        arms = []
        for number in range(users):
            context = ldclient.Context.builder(f"u{number}")
            for name, value in attributes.items():
                context.set(name, value)
            context = context.build()
            user = []
            for feature in platforms.FEATURES:
                found = client.variation_detail(feature, context, "no flag") if feature in flags["flags"] else None
                if found is None:
                    user.append("out")
                elif found.reason.get("inExperiment"):
                    user.append(found.value)
                else:
                    user.append("out" if found.value == "control" else f"{found.value}: {found.reason}")
            arms.append(user)
        return arms, list(log.lines)

    return client, evaluate


def arms(flags, look):
    client, evaluate = evaluation(flags)
    try:
        return look(evaluate)
    finally:
        client.close()


def mutants(flags):
    def rule(broken, name="checkout"):
        return broken["flags"][name]["rules"][-1]

    def weights(broken, parts):
        for variation, weight in zip(rule(broken)["rollout"]["variations"], parts, strict=True):
            variation["weight"] = weight

    faults = {
        "weights that add up to 90000": lambda f: weights(f, [50_000, 20_000, 20_000]),
        "a split that is two points off": lambda f: weights(f, [48_000, 32_000, 20_000]),
        "a variation that does not exist": lambda f: rule(f)["rollout"]["variations"][0].update(variation=7),
        "no variations": lambda f: f["flags"]["checkout"].pop("variations"),
        "an operator that does not exist": lambda f: rule(f)["clauses"][0].update(op="innn"),
        "no condition": lambda f: rule(f).update(clauses=[]),
        "no part of the layer": lambda f: f["flags"]["basket"].pop("prerequisites"),
        "a layer with another seed": lambda f: f["flags"]["basket.layer"]["fallthrough"]["rollout"].update(seed=1),
        "a rollout that is no experiment": lambda f: rule(f)["rollout"].update(kind="rollout"),
        "groups without members": lambda f: f["flags"]["checkout"]["rules"].pop(0),
        "a flag that is off": lambda f: f["flags"]["checkout"].update(on=False),
    }
    return platforms.mutants(flags, faults, lambda broken: arms(broken, platforms.assigned))


def rest(requests, flags):
    """The bodies for the REST API against the schemas that LaunchDarkly publishes, and against the flags that were evaluated."""
    for name, sent in requests.items():
        flag = next(one["body"] for one in sent if one["path"].endswith("/flags/default"))
        common.check(flag["variations"][0]["value"] == flags["flags"][name]["variations"][0], f"{name}: the variations of the flag")
        rules = next(one["body"] for one in sent if "/flags/default/" in one["path"])["instructions"]
        common.check(rules[-1]["clauses"] == flags["flags"][name]["rules"][-1]["clauses"], f"{name}: the rule for the population")
        experiment = next(one["body"] for one in sent if one["path"].endswith("/experiments"))
        shares = [float(arm["allocationPercent"]) for arm in experiment["iteration"]["treatments"]]
        expected = {"checkout": [25.0, 15.0, 10.0], "basket": [12.5, 12.5]}[name]
        common.check(shares == expected, f"{name}: the body allocates {shares}")
        reserved = sent[-1]["body"]["instructions"][0]["reservationPercent"]
        common.check(reserved == sum(expected), f"{name}: {reserved}% of the layer are reserved")
    published = os.environ.get("ABIDE_PUBLISHED_SCHEMAS")
    if not published:
        return "REST bodies not held against the published schemas (ABIDE_PUBLISHED_SCHEMAS is not set)", 0
    seen = {}
    for one in (one for sent in requests.values() for one in sent if one["method"] == "POST"):
        name = next((name for path, name in PUBLISHED.items() if path in one["path"]), None)
        if name is None:
            common.check("/flags/" in one["path"], f"{one['path']}: no schema")
            continue
        schema = json.loads((pathlib.Path(published) / name).read_text())
        platforms.valid(one["body"], schema, one["path"])
        seen[name] = (one["body"], schema)
    common.check(len(seen) == len(PUBLISHED), f"no body for {set(PUBLISHED.values()) - set(seen)}")
    body, schema = seen[PUBLISHED["/experiments"]]
    broken = copy.deepcopy(body)
    broken["iteration"]["variations"] = broken["iteration"].pop("treatments")
    common.red("a misspelt key of the REST body", lambda: platforms.valid(broken, schema, "the body"))
    return "REST bodies fit the published schemas", 1


def proof():
    flags, requests = built()
    full = arms(flags, platforms.assigned)
    stage, _ = built(", stage = 1", "specs/checkout.toml")
    early, said = arms(stage, lambda evaluate: evaluate({"country": "DE"}, platforms.USERS))
    common.check(not said, f"the SDK wrote {said[:3]}")
    platforms.keeps_arms(full, early)
    planted = mutants(flags)
    published, misspelt = rest(requests, flags)
    version = importlib.metadata.version("launchdarkly-server-sdk")
    return f"LaunchDarkly SDK {version}: {platforms.USERS} users split as two specs of one layer say, nobody else, nothing logged; {published}; {planted + misspelt} faults noticed"


if __name__ == "__main__":
    common.main(proof)
