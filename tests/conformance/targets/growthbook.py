"""The GrowthBook target: its SDK assigns 100,000 users as the specs say, and the body for its REST API fits the API.

ABIDE_PUBLISHED_SCHEMAS may name a folder with `growthbook.post-experiment.schema.json`, cut out of GrowthBook's API description;
the line says whether the body was held against it.
"""

import collections
import copy
import json
import os
import pathlib
import shutil
import subprocess

import common

USERS = 100_000
BOTS = [f"u{number}" for number in range(0, 1000, 10)]
# Shares of all users of the layer: half and a quarter of the 90% that the holdout leaves, and the arms' part of that.
EXPECTED = {
    "checkout": {"control": 0.225, "one_page": 0.135, "two_pages": 0.09, "out:control": 0.55},
    "basket": {"control": 0.1125, "open": 0.1125, "out:control": 0.775},
}


def workspace(options):
    folder = common.scratch("growthbook-workspace")
    shutil.copytree(common.WORKSPACE, folder, dirs_exist_ok=True)
    with (folder / "abide.toml").open("a") as config:
        config.write(f"\n[targets.growthbook]\noptions = {{ {options} }}\n")
    return folder


def built(options="", specs="specs"):
    """One payload with both features, as one service would hand them out, and the bodies for the REST API."""
    bots = ", ".join(f'"{bot}"' for bot in BOTS)
    made = workspace(f"saved_groups = {{ bots = [{bots}] }}{options}")
    folder = common.build(common.scratch("growthbook") / "build", "growthbook", workspace=made, specs=specs)
    payload = {"status": 200, "features": {}, "savedGroups": {}}
    bodies = {}
    for name in sorted(entry.name for entry in folder.iterdir() if entry.is_dir()):
        one = json.loads((folder / name / "growthbook/sdk-payload.json").read_text())
        payload["features"].update(one["features"])
        payload["savedGroups"].update(one["savedGroups"])
        bodies[name] = json.loads((folder / name / "growthbook/experiment.json").read_text())
    return payload, bodies


def evaluate(work):
    file = common.scratch("growthbook-work") / "work.json"
    file.write_text(json.dumps(work))
    script = common.HERE / "growthbook.mjs"
    run = subprocess.run(["node", script, file], capture_output=True, text=True, check=False)
    common.check(run.returncode == 0, f"the SDK ended with {run.returncode}: {run.stderr}")
    return json.loads(run.stdout)


def assigned(payload):
    """Holds what the SDK does with a payload against the specs; the arms of each user."""
    from scipy.stats import chi2

    features = list(EXPECTED)
    germans, strangers, nobody = evaluate(
        [
            {"payload": payload, "features": features, "users": {"count": USERS, "attributes": attributes}}
            for attributes in ({"country": "DE"}, {"country": "US"}, {})
        ]
    )
    for run in (germans, strangers, nobody):
        common.check(not run["log"], f"the SDK wrote {run['log']}")
    for run in (strangers, nobody):
        inside = sum(not arm.startswith("out:") for user in run["arms"] for arm in user)
        common.check(inside == 0, f"{inside} users who are not eligible were assigned")
    bots = set(BOTS)
    for number, (checkout, basket) in enumerate(germans["arms"]):
        common.check(checkout.startswith("out:") or f"u{number}" not in bots, f"u{number} is of a group that is left out")
        common.check(checkout.startswith("out:") or basket.startswith("out:"), f"u{number} is in both experiments of the layer")
    for place, (name, shares) in enumerate(EXPECTED.items()):
        users = [user[place] for number, user in enumerate(germans["arms"]) if name != "checkout" or f"u{number}" not in bots]
        counts = collections.Counter(users)
        common.check(set(counts) <= set(shares), f"{name}: {set(counts) - set(shares)} is no arm")
        statistic = sum((counts[arm] - len(users) * share) ** 2 / (len(users) * share) for arm, share in shares.items())
        limit = chi2.isf(1e-6, len(shares) - 1)
        common.check(statistic < limit, f"{name}: chi-square {statistic:.1f} of {dict(counts)} is above {limit:.1f}")
    return germans["arms"]


def mutants(payload):
    def rule(broken, name="checkout"):
        return broken["features"][name]["rules"][0]

    def planted(what, change):
        broken = copy.deepcopy(payload)
        change(broken)
        common.red(what, lambda: assigned(broken))

    faults = {
        "weights that add up to 0.9": lambda p: rule(p).update(weights=[0.5, 0.2, 0.2]),
        "a split that is two points off": lambda p: rule(p).update(weights=[0.48, 0.32, 0.2]),
        "a hash version that does not exist": lambda p: rule(p).update(hashVersion=9),
        "an operator that does not exist": lambda p: rule(p)["condition"]["$and"][0].update(country={"$inn": ["DE"]}),
        "no condition": lambda p: rule(p).pop("condition"),
        "no part of the layer": lambda p: rule(p, "basket").pop("filters"),
        "groups without members": lambda p: p["savedGroups"].update(bots=[]),
    }
    for what, change in faults.items():
        planted(what, change)
    return len(faults)


def rest(bodies):
    """The body for the REST API against the schema that GrowthBook publishes."""
    published = os.environ.get("ABIDE_PUBLISHED_SCHEMAS")
    for body in bodies.values():
        phase = body["phases"][0]
        common.check(json.loads(phase["condition"]) == {"$and": [{"country": {"$in": ["DE", "FR"]}}]}, "the condition of the body")
        common.check(abs(sum(phase["variationWeights"]) - 1) < 1e-12, "the weights of the body")
    if not published:
        return "REST body not held against the published schema (ABIDE_PUBLISHED_SCHEMAS is not set)"
    import jsonschema

    schema = json.loads((pathlib.Path(published) / "growthbook.post-experiment.schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)

    def valid(body):
        faults = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(body)]
        common.check(not faults, f"the REST body: {faults[:3]}")

    for body in bodies.values():
        valid(body)
        broken = copy.deepcopy(body)
        broken["phases"][0]["weights"] = broken["phases"][0].pop("variationWeights")
        common.red("a misspelt key of the REST body", lambda: valid(broken))
    return "REST bodies fit the published schema"


def proof():
    try:
        subprocess.run(["node", "--version"], capture_output=True, check=True)
    except FileNotFoundError as error:
        raise common.Failed("node is not installed") from error
    payload, bodies = built()
    full = assigned(payload)
    # The first stage of the ramp is a tenth of the eligible, and nobody changes arms afterwards.
    stage, _ = built(", stage = 1", "specs/checkout.toml")
    early = evaluate([{"payload": stage, "features": ["checkout"], "users": {"count": USERS, "attributes": {"country": "DE"}}}])[0]
    inside = [number for number, (arm,) in enumerate(early["arms"]) if not arm.startswith("out:")]
    common.check(8_400 < len(inside) < 9_600, f"{len(inside)} users in the first stage, not a tenth of 90%")
    moved = sum(full[number][0] != early["arms"][number][0] for number in inside)
    common.check(moved == 0, f"{moved} users change arms after the ramp")
    planted = mutants(payload)
    published = rest(bodies)
    package = json.loads((pathlib.Path(os.environ["ABIDE_NPM"]) / "node_modules/@growthbook/growthbook/package.json").read_text())
    return f"GrowthBook SDK {package['version']}: {USERS} users split as two specs of one layer say, nobody else, nothing logged; {published}; {planted} faults noticed"


if __name__ == "__main__":
    common.main(proof)
