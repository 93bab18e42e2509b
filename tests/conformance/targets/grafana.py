"""The Grafana target: its own model reads the dashboard without losing a key, and every series it shows is one that the rules record."""

import copy
import json
import os
import pathlib
import re
import subprocess

import common
import yaml


def lost(before, after, at=""):
    """Keys that are gone after the model has read and written the dashboard: those it does not know."""
    if isinstance(before, dict):
        for name, value in before.items():
            if not isinstance(after, dict) or name not in after:
                yield f"{at}/{name}"
            else:
                yield from lost(value, after[name], f"{at}/{name}")
    elif isinstance(before, list):
        for number, value in enumerate(before):
            there = isinstance(after, list) and number < len(after)
            yield from lost(value, after[number] if there else None, f"{at}[{number}]")


def unknown(dashboard):
    from grafana_foundation_sdk.cog.encoder import JSONEncoder
    from grafana_foundation_sdk.models import dashboard as model

    read = model.Dashboard.from_json(copy.deepcopy(dashboard))
    return list(lost(dashboard, json.loads(JSONEncoder().encode(read))))


# The types have enumerations where JSON has their texts: `${T}` of one is the union of its texts.
TYPED = """import type { Dashboard } from "@grafana/schema";
type Plain<T> = T extends string ? `${T}` : T extends (infer U)[] ? Plain<U>[] : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
export const dashboard: Plain<Partial<Dashboard>> = %s;
"""


def misfits(folder, dashboard):
    """What the TypeScript compiler says of the dashboard as a value of Grafana's own type."""
    npm = pathlib.Path(os.environ["ABIDE_NPM"])
    folder.mkdir(exist_ok=True)
    modules = folder / "node_modules"
    if not modules.exists():
        modules.symlink_to(npm / "node_modules")
    (folder / "dashboard.ts").write_text(TYPED % json.dumps(dashboard))
    flags = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--moduleResolution", "nodenext"]
    done = subprocess.run(["node", npm / "node_modules/typescript/bin/tsc", *flags, "dashboard.ts"], cwd=folder, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout or done.stderr


def proof():
    from importlib.metadata import version

    from grafana_foundation_sdk.cog.plugins import register_default_plugins

    register_default_plugins()
    folder = common.scratch("grafana") / "build"
    common.build(folder, "grafana", "prometheus", specs="specs/checkout.toml")
    dashboard = json.loads((folder / "checkout/grafana/dashboard.json").read_text())
    # A threshold's first step has no lower end: null is its value, which the model leaves out when it writes.
    gone = [key for key in unknown(dashboard) if not key.endswith("steps[0]/value")]
    common.check(not gone, f"the model does not know {gone}")
    rules = yaml.safe_load((folder / "checkout/prometheus/rules.yml").read_text())
    recorded = {rule["record"] for group in rules["groups"] for rule in group["rules"] if "record" in rule}
    shown = {name for panel in dashboard["panels"] for target in panel["targets"] for name in re.findall(r"abide:[\w:]+", target["expr"])}
    common.check(shown and shown <= recorded, f"shown and not recorded: {shown - recorded}")
    broken = copy.deepcopy(dashboard)
    broken["panels"][0]["fieldConfg"] = broken["panels"][0].pop("fieldConfig")
    broken["titel"] = broken.pop("title")
    common.check({"/titel", "/panels[0]/fieldConfg"} <= set(unknown(broken)), "misspelt keys were not noticed")
    typed = common.scratch("grafana-typed")
    said = misfits(typed, dashboard)
    common.check(not said, f"@grafana/schema: {said}")
    word = json.loads(json.dumps(dashboard).replace('"absolute"', '"absolut"'))
    common.check("TS2820" in misfits(typed, word), "a misspelt word was not noticed by the types")
    common.check("TS2353" in misfits(typed, broken), "a misspelt key was not noticed by the types")
    schema = json.loads((pathlib.Path(os.environ["ABIDE_NPM"]) / "node_modules/@grafana/schema/package.json").read_text())["version"]
    return f"@grafana/schema {schema}: typed, a misspelt key and a misspelt word noticed; grafana-foundation-sdk {version('grafana-foundation-sdk')}: {len(dashboard['panels'])} panels without an unknown key, {len(shown)} series all recorded, misspelt keys noticed"


if __name__ == "__main__":
    common.main(proof)
