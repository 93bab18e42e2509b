"""The Statsig target: its SDK assigns 100,000 users as the specs say, and the body for its Console API fits the API.

ABIDE_PUBLISHED_SCHEMAS may name a folder with `statsig.create-experiment.schema.json`, cut out of Statsig's API description; the line
says whether the bodies were held against it.
"""

import copy
import importlib.metadata
import json
import os
import pathlib

import platforms
import common
from statsig_python_core import (
    DataStore,
    DataStoreResponse,
    OutputLoggerProvider,
    Statsig,
    StatsigOptions,
    StatsigUser,
)


class Log(OutputLoggerProvider):
    """Keeps what the SDK writes from warnings on."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def warn(self, tag, msg):
        self.lines.append(f"{tag}: {msg}")

    def error(self, tag, msg):
        self.lines.append(f"{tag}: {msg}")


class Specs(DataStore):
    """Hands the SDK a spec as if it had been downloaded."""

    def __init__(self, text):
        super().__init__()
        self.text = text

    def initialize(self):
        pass

    def shutdown(self):
        pass

    def get(self, key):
        return DataStoreResponse(result=self.text, time=1)

    def set(self, key, value, time=None):
        pass

    def support_polling_updates_for(self, key):
        return False


def built(options="", specs="specs"):
    """The specs of all experiments together, as one project would hand them out, and the body of each."""
    groups = f"groups = {{ bots = {platforms.toml(platforms.BOTS)} }}"
    whole = {}
    bodies = {}
    for name, folder in platforms.built("statsig", groups + options, specs).items():
        one = json.loads((folder / "sdk-specs.json").read_text())
        if whole:
            for part in ("dynamic_configs", "condition_map"):
                common.check(not set(one[part]) & set(whole[part]), f"{name} shares a name with another experiment")
                whole[part].update(one[part])
        else:
            whole = one
        bodies[name] = json.loads((folder / "experiment.json").read_text())
    return whole, bodies


def arms(specs, look):
    """What a look at the arms says that the SDK gives; who is in no group of an experiment is out."""
    log = Log()
    options = StatsigOptions()
    options.data_store = Specs(json.dumps(specs))
    options.disable_network = True
    options.disable_all_logging = True
    options.disable_country_lookup = True
    options.output_logger_provider = log
    options.output_log_level = "warn"
    sdk = Statsig("secret-none", options)
    sdk.initialize().wait()
    # That a store of texts hands out no bytes is no fault.
    said = [line for line in log.lines if "Falling back to string read" not in line]
    common.check(not said, f"the SDK does not take the spec: {said[:3]}")

    def evaluate(attributes, users):
        log.lines.clear()
        found = []
        for number in range(users):
            user = StatsigUser(f"u{number}", **attributes)
            given = []
            for feature in platforms.FEATURES:
                if feature not in specs["dynamic_configs"]:
                    given.append("out")
                    continue
                experiment = sdk.get_experiment(user, feature)
                arm = experiment.value.get("variant", "no value")
                given.append(arm if experiment.group_name or arm != "control" else "out")
            found.append(given)
        return found, list(log.lines)

    try:
        return look(evaluate)
    finally:
        sdk.shutdown().wait()


def mutants(specs):
    def rules(broken, name="checkout"):
        return broken["dynamic_configs"][name]["rules"]

    def condition(broken, name):
        return broken["condition_map"][name]

    def unlayered(broken):
        for rule in rules(broken, "basket"):
            rule["conditions"] = [one for one in rule["conditions"] if one not in ("basket/1", "basket/2")]

    faults = {
        "a condition that is not there": lambda s: s["condition_map"].pop("checkout/one_page"),
        "an operator that does not exist": lambda s: condition(s, "checkout/0").update(operator="anyy"),
        "an operator of a part that does not exist": lambda s: condition(s, "checkout/control").update(operator="ltt"),
        "no rules": lambda s: s["dynamic_configs"]["checkout"].pop("rules"),
        "parts that end at 800": lambda s: rules(s).pop(),
        "a split that is two points off": lambda s: condition(s, "checkout/control").update(targetValue=480),
        "a part that is counted in percent": lambda s: condition(s, "checkout/control").update(targetValue=50),
        "no condition": lambda s: [rule["conditions"].remove("checkout/0") for rule in rules(s)],
        "no part of the layer": unlayered,
        "a layer with another salt": lambda s: [condition(s, one).update(additionalValues={"salt": "other"}) for one in ("basket/1", "basket/2")],
        "groups without members": lambda s: condition(s, "checkout/1").update(targetValue=[]),
        "another type of id": lambda s: condition(s, "checkout/control").update(idType="deviceID"),
    }
    return platforms.mutants(specs, faults, lambda broken: arms(broken, platforms.assigned))


def rest(bodies):
    """The bodies for the Console API against the schema that Statsig publishes."""
    for name, body in bodies.items():
        sizes = [group["size"] for group in body["groups"]]
        common.check(sizes == {"checkout": [50, 30, 20], "basket": [50, 50]}[name], f"{name}: groups of {sizes}")
        common.check(body["allocation"] == {"checkout": 50, "basket": 25}[name], f"{name}: allocation {body['allocation']}")
    published = os.environ.get("ABIDE_PUBLISHED_SCHEMAS")
    if not published:
        return "bodies not held against the published schema (ABIDE_PUBLISHED_SCHEMAS is not set)", 0
    schema = json.loads((pathlib.Path(published) / "statsig.create-experiment.schema.json").read_text())
    for name, body in bodies.items():
        platforms.valid(body, schema, name)
    broken = copy.deepcopy(bodies["checkout"])
    broken["groups"][0]["weight"] = broken["groups"][0].pop("size")
    common.red("a misspelt key of the body", lambda: platforms.valid(broken, schema, "the body"))
    unknown = set().union(*bodies.values()) - set(schema["$defs"]["ExperimentCreateDto"]["properties"])
    common.check(not unknown, f"the API does not know {unknown}")
    return "bodies fit the published schema", 1


def proof():
    specs, bodies = built()
    full = arms(specs, platforms.assigned)
    stage, _ = built(", stage = 1", "specs/checkout.toml")
    early, said = arms(stage, lambda evaluate: evaluate({"country": "DE"}, platforms.USERS))
    common.check(not said, f"the SDK wrote {said[:3]}")
    platforms.keeps_arms(full, early)
    planted = mutants(specs)
    published, misspelt = rest(bodies)
    version = importlib.metadata.version("statsig-python-core")
    return f"Statsig SDK {version}: {platforms.USERS} users split as two specs of one layer say, nobody else, nothing logged; {published}; {planted + misspelt} faults noticed"


if __name__ == "__main__":
    common.main(proof)
