"""The flagd target: two OpenFeature SDKs assign 100,000 users as the specs say.

ABIDE_PUBLISHED_SCHEMAS may name a folder with `flags.json` and `targeting.json`, the schemas that flagd publishes; the line says
whether the flags were held against them.
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


def merged(files):
    """One definition with both flags, as one flagd would serve them."""
    return {"flags": {flag: definition for file in files.values() for flag, definition in file["flags"].items()}}


def in_javascript(config, populations):
    file = common.scratch("flagd-work") / "work.json"
    file.write_text(json.dumps({"config": config, "flags": assignment.EXPERIMENTS, "populations": populations}))
    run = subprocess.run(["node", common.HERE / "flagd.mjs", file], capture_output=True, text=True, check=False)
    common.check(run.returncode == 0, f"the SDK ended with {run.returncode}: {run.stderr[-500:]}")
    return json.loads(run.stdout)


class Log(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


def in_python(config, populations):
    from openfeature import api
    from openfeature.contrib.provider.flagd import FlagdProvider
    from openfeature.contrib.provider.flagd.config import ResolverType
    from openfeature.evaluation_context import EvaluationContext

    log = Log()
    logging.getLogger().addHandler(log)
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "flags.json"
        file.write_text(json.dumps(config))
        api.set_provider_and_wait(FlagdProvider(resolver_type=ResolverType.FILE, offline_flag_source_path=str(file), deadline_ms=3_600_000))
        client = api.get_client()
        done = []
        for population in populations:
            log.lines.clear()
            bots = set(population["members"])
            arms = []
            for number in range(population["count"]):
                attributes = population["attributes"] | ({"bots": True} if number in bots else {})
                context = EvaluationContext(f"u{number}" if population["known"] else None, attributes)
                found = [client.get_string_details(flag, "nothing", context) for flag in assignment.EXPERIMENTS]
                arms.append([{"TARGETING_MATCH": one.variant, "DEFAULT": "out"}.get(str(one.reason), str(one.reason)) for one in found])
            done.append({"arms": arms, "log": list(log.lines)})
        api.shutdown()
    logging.getLogger().removeHandler(log)
    return done


def published(files):
    """The flags against the schemas that flagd publishes."""
    folder = os.environ.get("ABIDE_PUBLISHED_SCHEMAS")
    if not folder:
        return "flags not held against the published schema (ABIDE_PUBLISHED_SCHEMAS is not set)"
    import jsonschema
    import referencing

    schemas = {name: json.loads((pathlib.Path(folder) / name).read_text()) for name in ("flags.json", "targeting.json")}
    resources = [(schema["$id"], referencing.Resource.from_contents(schema)) for schema in schemas.values()]
    whole = {"$ref": schemas["flags.json"]["$id"] + "#/definitions/providerConfig"}
    validator = jsonschema.Draft7Validator(whole, registry=referencing.Registry().with_resources(resources))

    def valid(flags):
        faults = [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(flags)]
        common.check(not faults, f"the flags: {faults[:3]}")

    for flags in files.values():
        valid(flags)
    broken = copy.deepcopy(files["basket"])
    broken["flags"]["basket"]["targeting"]["if"][0]["ands"] = broken["flags"]["basket"]["targeting"]["if"][0].pop("and")
    common.red("a misspelt operation", lambda: valid(broken))
    return "flags fit the published schema"


def rule(config, flag="checkout"):
    return config["flags"][flag]["targeting"]["if"]


def layer(config, flag):
    """The condition that asks for the part of the layer."""
    return next(one for one in rule(config, flag)[0]["and"] if "===" in one)


FAULTS = {
    "a split that is two points off": lambda c: rule(c)[1]["fractional"][1].__setitem__(1, 6),
    "a weight that is no whole number": lambda c: rule(c)[1]["fractional"][1].__setitem__(1, 5.5),
    "a misspelt arm": lambda c: rule(c)[1]["fractional"][2].__setitem__(0, "one_pag"),
    "a misspelt operation": lambda c: rule(c)[0]["and"].__setitem__(1, {"inn": rule(c)[0]["and"][1]["in"]}),
    "no conditions": lambda c: rule(c).__setitem__(0, True),
    "no part of the layer": lambda c: rule(c, "basket")[0]["and"].remove(layer(c, "basket")),
    "a layer of its own": lambda c: layer(c, "basket")["==="][0]["fractional"][0]["cat"].__setitem__(1, "basket"),
    "nobody left out": lambda c: rule(c)[0]["and"].remove({"!": [{"var": "bots"}]}),
    "no id needed": lambda c: rule(c)[0]["and"].pop(0),
}


def proof():
    from importlib.metadata import version

    try:
        subprocess.run(["node", "--version"], capture_output=True, check=True)
    except FileNotFoundError as error:
        raise common.Failed("node is not installed") from error
    files = assignment.built("flagd", "flags.json")
    stage = merged(assignment.built("flagd", "flags.json", "options = { stage = 1 }"))
    limited = merged(assignment.built("flagd", "flags.json", "", [assignment.CONDITIONS]))
    config = merged(files)
    planted = 0
    for evaluate in (in_javascript, in_python):
        full = assignment.assigned(evaluate, config)
        assignment.ramped(evaluate, stage, full)
        assignment.conditions(evaluate, limited)
        if evaluate is in_javascript:
            planted = assignment.planted(evaluate, config, FAULTS)
    found = published(files)
    package = json.loads((pathlib.Path(os.environ["ABIDE_NPM"]) / "node_modules/@openfeature/flagd-core/package.json").read_text())
    sdks = f"flagd-core {package['version']} for JavaScript, openfeature-provider-flagd {version('openfeature-provider-flagd')} for Python"
    return f"{sdks}: {assignment.USERS} users split as two specs of one layer say, nobody else, nothing logged; {found}; {planted} faults noticed"


if __name__ == "__main__":
    common.main(proof)
