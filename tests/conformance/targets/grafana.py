"""The Grafana target: its own model reads the dashboard without losing a key, and every series it shows is one that the rules record."""

import copy
import json
import re

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
    return f"grafana-foundation-sdk {version('grafana-foundation-sdk')}: {len(dashboard['panels'])} panels without an unknown key, {len(shown)} series all recorded, misspelt keys noticed"


if __name__ == "__main__":
    common.main(proof)
