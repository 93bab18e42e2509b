"""The Nimbus target: Mozilla's model of a recipe accepts it, and its buckets hold 100,000 users as the specs say.

No package registry has a Nimbus SDK. So buckets and branches are recomputed from the documented hash (components/nimbus/src/sampling.rs and
evaluator.rs of mozilla/application-services), which is first held against the values that project publishes; targeting is evaluated by
pyjexl, and what the model accepts wrongly is checked here.
"""

import hashlib
import json

import assignment
import common

OPTIONS = 'app_name = "fenix", app_id = "org.mozilla.fenix"'
TOTAL = 10_000
# From components/nimbus/src/tests/test_sampling.rs: what is hashed and the first six bytes; a bucket of a client; a ratio of a client.
HASHES = {'[1234,"test_namespace"]': "2a6e18a86edc", "null": "74234e98afe7", '""': "12ae32cb1ec0"}
PULL = "bug-1637316-message-aboutwelcome-pull-factor-reinforcement-76-rel-release-76-77"
BUCKETS = [("299eed1e-be6d-457d-9e53-da7b1a03f10d", 0, 2000), ("c590d3f5-fe9d-4820-97c9-f403535dd306", 2000, 3000)]
RATIOS = {"299eed1e-be6d-457d-9e53-da7b1a03f10d": 1, "542213c0-9aef-47eb-bc6b-3b8529736ba2": 0}


def hashed(value):
    """The first 48 bits of the SHA-256 of a value as JSON."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")


def key(share):
    return int(share * (2**48 - 1))


def in_bucket(unit, namespace, start, count, total=TOTAL):
    return key(start / total) <= hashed([unit, namespace]) < key((start + count) / total)


def branch_of(text, ratios):
    at, found = 0, hashed(text)
    for index, ratio in enumerate(ratios):
        at += ratio
        if found <= key(at / sum(ratios)):
            return index
    return len(ratios) - 1


def documented():
    """The hash here is the published one."""
    for text, expected in HASHES.items():
        common.check(f"{hashed(json.loads(text)):012x}" == expected, f"the hash of {text}")
    for unit, start, count in BUCKETS:
        common.check(in_bucket(unit, PULL, start, count), f"the bucket of {unit}")
    for unit, index in RATIOS.items():
        common.check(branch_of(f"experiment-manager-{unit}-TEST_EXP1-branch", [1, 1]) == index, f"the ratio of {unit}")


def sound(recipe):
    """What Mozilla's model accepts, and what it accepts wrongly."""
    from mozilla_nimbus_schemas import SdkNimbusExperiment
    from pydantic import ValidationError

    try:
        SdkNimbusExperiment.model_validate(recipe)
    except ValidationError as error:
        raise common.Failed(f"the model refuses the recipe: {error}") from error
    unknown = set(recipe) - set(SdkNimbusExperiment.model_fields)
    common.check(not unknown, f"no field of the model: {unknown}")
    buckets, branches = recipe["bucketConfig"], recipe["branches"]
    common.check(buckets["total"] == TOTAL, f"{buckets['total']} buckets")
    common.check(0 <= buckets["start"] and buckets["count"] > 0 and buckets["start"] + buckets["count"] <= TOTAL, f"the buckets are {buckets}")
    slugs = [branch["slug"] for branch in branches]
    common.check(len(set(slugs)) == len(slugs) > 1, f"the branches are {slugs}")
    common.check(recipe["referenceBranch"] in slugs, f"the reference branch {recipe['referenceBranch']} is none of {slugs}")
    common.check(all(isinstance(branch["ratio"], int) and branch["ratio"] > 0 for branch in branches), "the ratios")
    for branch in branches:
        configured = [feature["featureId"] for feature in branch["features"]]
        common.check(configured == recipe["featureIds"], f"{branch['slug']} configures {configured}")


def targeted(recipe, context):
    """Nimbus enrolls nobody for whom an expression cannot be evaluated; pyjexl compares no limit with what is not there."""
    import pyjexl

    try:
        return pyjexl.JEXL().evaluate(recipe["targeting"], context) is True
    except TypeError:
        return False


def evaluate(config, populations):
    done = []
    for recipe in config.values():
        sound(recipe)
    for population in populations:
        bots = set(population["members"])
        fits = {
            (name, bot): targeted(recipe, population["attributes"] | {"bots": bot})
            for name, recipe in config.items()
            for bot in (True, False)
        }
        arms = []
        for number in range(population["count"]):
            unit, user = f"u{number}", []
            for name, recipe in config.items():
                buckets, branches = recipe["bucketConfig"], recipe["branches"]
                inside = population["known"] and fits[name, number in bots]
                if inside and in_bucket(unit, buckets["namespace"], buckets["start"], buckets["count"], buckets["total"]):
                    index = branch_of(f"experimentmanager-{unit}-{recipe['slug']}-branch", [branch["ratio"] for branch in branches])
                    user.append(branches[index]["features"][0]["value"]["arm"])
                else:
                    user.append("out")
            arms.append(user)
        done.append({"arms": arms, "log": []})
    return done


FAULTS = {
    "a start beyond the last bucket": lambda c: c["checkout"]["bucketConfig"].update(start=99_999),
    "a reference branch that does not exist": lambda c: c["checkout"].update(referenceBranch="nope"),
    "a ratio with a fraction": lambda c: c["checkout"]["branches"][0].update(ratio=33.3),
    "no buckets": lambda c: c["checkout"].pop("bucketConfig"),
    "an id that does not exist": lambda c: c["checkout"]["bucketConfig"].update(randomizationUnit="userid"),
    "a misspelt field": lambda c: c["checkout"].update(targetting=c["checkout"].pop("targeting")),
    "a split that is two points off": lambda c: [branch.update(ratio=ratio) for branch, ratio in zip(c["checkout"]["branches"], (48, 32, 20), strict=True)],
    "no targeting": lambda c: c["checkout"].update(targeting="true"),
    "nobody left out": lambda c: c["checkout"].update(targeting=c["checkout"]["targeting"].replace(" && (!bots)", "")),
    "a layer of its own": lambda c: c["basket"]["bucketConfig"].update(namespace="layer-basket"),
    "buckets of the neighbour": lambda c: c["basket"]["bucketConfig"].update(start=4000),
}
# A text that would be code, and a share that no 10,000 buckets hold.
CODE = [("specs/basket.toml", '"DE", "FR"', '"DE\\"] || true || country in [\\"FR"')]
UNEVEN = [("specs/basket.toml", "allocation = 0.25", "allocation = 0.11111")]


def built(more="", changes=()):
    return assignment.built("nimbus", "recipe.json", f"options = {{ {OPTIONS}{more} }}", changes)


def proof():
    from importlib.metadata import version

    documented()
    config = built()
    full = assignment.assigned(evaluate, config)
    assignment.ramped(evaluate, built(", stage = 1"), full)
    assignment.conditions(evaluate, built(changes=[assignment.CONDITIONS]))
    assignment.refused("nimbus", CODE, "recipe.json", settings=f"options = {{ {OPTIONS} }}")
    assignment.refused("nimbus", UNEVEN, "it counts in 10000 parts", settings=f"options = {{ {OPTIONS} }}")
    planted = assignment.planted(evaluate, config, FAULTS)
    return (
        f"mozilla-nimbus-schemas {version('mozilla-nimbus-schemas')} accepts the recipes; {assignment.USERS} users by the documented hash (no SDK) "
        f"and pyjexl {version('pyjexl')} split as two specs of one layer say, nobody else; code in a value and a share that no bucket holds refused; {planted} faults noticed"
    )


if __name__ == "__main__":
    common.main(proof)
