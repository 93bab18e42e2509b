"""The Unleash target: its SDK assigns 100,000 users as the specs say, from features it never fetches, and a server's own schemas accept
what is imported and what is fetched.
"""

import copy
import json
import logging
import os
import pathlib
import subprocess
import tempfile

import assignment
import common


class Log(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


def merged(files):
    """One answer of a server with the features of both experiments."""
    return {"version": 2, "features": [feature for file in files.values() for feature in file["features"]], "segments": []}


def evaluate(config, populations):
    from UnleashClient import UnleashClient
    from UnleashClient.cache import FileCache
    from UnleashClient.utils import LOGGER, InstanceAllowType

    log = Log()
    LOGGER.addHandler(log)
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "features.json"
        file.write_text(json.dumps(config))
        cache = FileCache("proof", directory=folder)
        cache.bootstrap_from_file(file)
        client = UnleashClient(
            url="http://127.0.0.1:9",
            app_name="proof",
            disable_metrics=True,
            disable_registration=True,
            cache=cache,
            multiple_instance_mode=InstanceAllowType.SILENTLY_ALLOW,
        )
        client.initialize_client(fetch_toggles=False)
        done = []
        for population in populations:
            log.lines.clear()
            bots = set(population["members"])
            properties = {name: str(value) for name, value in population["attributes"].items()}
            arms = []
            for number in range(population["count"]):
                context = {"properties": properties | ({"bots": "true"} if number in bots else {})}
                if population["known"]:
                    context["userId"] = f"u{number}"
                found = [client.get_variant(flag, context) for flag in assignment.EXPERIMENTS]
                # An arm is what the payload says: that is what a service reads.
                arms.append([one["payload"]["value"] if one["enabled"] else "out" for one in found])
            done.append({"arms": arms, "log": list(log.lines)})
        client.destroy()
    LOGGER.removeHandler(log)
    return done


def feature(config, name="checkout"):
    return next(one for one in config["features"] if one["name"] == name)


def strategy(config, name="checkout"):
    return feature(config, name)["strategies"][0]


FAULTS = {
    "weights that add up to 800": lambda c: strategy(c)["variants"].pop(),
    "a split that is two points off": lambda c: [one.update(weight=weight) for one, weight in zip(strategy(c)["variants"], (480, 320, 200), strict=True)],
    "a share of 95%": lambda c: strategy(c)["parameters"].update(rollout="95"),
    "an operator that does not exist": lambda c: strategy(c)["constraints"][0].update(operator="INN"),
    "a strategy that does not exist": lambda c: strategy(c).update(name="flexRollout"),
    "no conditions": lambda c: strategy(c)["constraints"].clear(),
    "no part of the layer": lambda c: feature(c, "basket").pop("dependencies"),
    "a layer of its own": lambda c: strategy(c, "abide-layer-basket")["parameters"].update(groupId="layer/basket"),
    "nobody left out": lambda c: strategy(c)["constraints"].pop(),
    "a random arm for those without an id": lambda c: [strategy(c, name)["parameters"].update(stickiness="default") for name in ("checkout", "abide-layer-checkout")],
}

def plain(schema):
    """A schema of a server, which repeats its parts within each other, with these once and by plain references."""
    parts = dict(schema.get("components", {}).get("schemas", {}))

    def bare(value):
        if isinstance(value, dict):
            return {key: bare(one) for key, one in value.items() if key not in ("$id", "components")}
        return [bare(one) for one in value] if isinstance(value, list) else value

    return bare(schema) | {"components": {"schemas": bare(parts)}}


def server(files, imports):
    """The import and the features against the schemas of a server."""
    import jsonschema

    run = subprocess.run(["node", common.HERE / "unleash.mjs"], capture_output=True, text=True, check=False)
    common.check(run.returncode == 0, f"the schemas of the server: {run.stderr[-500:]}")
    schemas = {name: jsonschema.Draft7Validator(plain(schema)) for name, schema in json.loads(run.stdout).items()}

    def valid(name, value):
        faults = [f"{error.json_path}: {error.message[:200]}" for error in schemas[name].iter_errors(value)]
        common.check(not faults, f"{name}: {faults[:3]}")

    for file in files.values():
        valid("clientFeaturesSchema", file)
    for body in imports.values():
        valid("importTogglesSchema", body)
        fetched = [one for file in files.values() for one in file["features"]]
        for strategy in body["data"]["featureStrategies"]:
            twin = next(one for one in fetched if one["name"] == strategy["featureName"])["strategies"][0]
            common.check(all(strategy[key] == value for key, value in twin.items()), "what is imported is not what is tried")
    faults = {
        "a misspelt key": lambda b: b["data"]["featureStrategies"][1].update(variant=b["data"]["featureStrategies"][1].pop("variants")),
        "an operator that does not exist": lambda b: b["data"]["featureStrategies"][1]["constraints"][0].update(operator="INN"),
        "a weight with a fraction": lambda b: b["data"]["featureStrategies"][1]["variants"][0].update(weight=333.3),
        "no environment": lambda b: b.pop("environment"),
    }
    for what, change in faults.items():
        broken = copy.deepcopy(imports["checkout"])
        change(broken)
        common.red(what, lambda: valid("importTogglesSchema", broken))
    return len(faults)


# A share that whole percent do not hold, and one that does.
UNEVEN = [("specs/basket.toml", 'layer      = "checkout"\n', ""), ("specs/basket.toml", "allocation = 0.25", "units_per_day = 40000\nallocation = 0.125")]
THIRDS = [("specs/checkout.toml", f"weight = {weight}", "weight = 1") for weight in ("0.5", "0.3", "0.2")]


def proof():
    from importlib.metadata import version

    files = assignment.built("unleash", "features.json")
    config = merged(files)
    of_server = server(files, assignment.built("unleash", "import.json"))
    full = assignment.assigned(evaluate, config)
    assignment.ramped(evaluate, merged(assignment.built("unleash", "features.json", "options = { stage = 1 }")), full)
    assignment.conditions(evaluate, merged(assignment.built("unleash", "features.json", "", [assignment.CONDITIONS])))
    assignment.refused("unleash", THIRDS, "334 : 333 : 333 of 1000")
    assignment.refused("unleash", UNEVEN, "a share of 12.5%", "13 are nearest")
    planted = assignment.planted(evaluate, config, FAULTS)
    package = json.loads((pathlib.Path(os.environ["ABIDE_NPM"]) / "node_modules/unleash-server/package.json").read_text())
    return (
        f"UnleashClient {version('UnleashClient')}: {assignment.USERS} users split as two specs of one layer say, nobody else, nothing logged; "
        f"features and imports fit the schemas of unleash-server {package['version']}; thirds and a share of 12.5% refused; {planted + of_server} faults noticed"
    )


if __name__ == "__main__":
    common.main(proof)
