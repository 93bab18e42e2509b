"""The Unleash target: its SDK assigns 100,000 users as the specs say, from features it never fetches."""

import json
import logging
import pathlib
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

# A share that whole percent do not hold, and one that does.
UNEVEN = [("specs/basket.toml", 'layer      = "checkout"\n', ""), ("specs/basket.toml", "allocation = 0.25", "units_per_day = 40000\nallocation = 0.125")]
THIRDS = [("specs/checkout.toml", f"weight = {weight}", "weight = 1") for weight in ("0.5", "0.3", "0.2")]


def proof():
    from importlib.metadata import version

    config = merged(assignment.built("unleash", "features.json"))
    full = assignment.assigned(evaluate, config)
    assignment.ramped(evaluate, merged(assignment.built("unleash", "features.json", "options = { stage = 1 }")), full)
    assignment.conditions(evaluate, merged(assignment.built("unleash", "features.json", "", [assignment.CONDITIONS])))
    assignment.refused("unleash", THIRDS, "334 : 333 : 333 of 1000")
    assignment.refused("unleash", UNEVEN, "a share of 12.5%", "13 are nearest")
    planted = assignment.planted(evaluate, config, FAULTS)
    return f"UnleashClient {version('UnleashClient')}: {assignment.USERS} users split as two specs of one layer say, nobody else, nothing logged; thirds and a share of 12.5% refused; {planted} faults noticed"


if __name__ == "__main__":
    common.main(proof)
