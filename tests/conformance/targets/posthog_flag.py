"""The PostHog target: its SDK assigns 100,000 users as the specs say, by local evaluation.

PostHog has no layers: a spec in an exclusive one is refused, and the two experiments are tried without it.
"""

import json
import logging

import assignment
import common

COHORT = 12
# The group `bots` as a cohort, as the SDK gets it from a server.
COHORTS = {str(COHORT): {"type": "AND", "values": [{"key": "bots", "type": "person", "operator": "exact", "value": ["true"]}]}}
ALONE = [(f"specs/{name}.toml", 'layer      = "checkout"', "units_per_day = 40000") for name in assignment.EXPERIMENTS]
SHARES = {
    "checkout": {"control": 0.25, "one_page": 0.15, "two_pages": 0.1, "out": 0.5},
    "basket": {"control": 0.125, "open": 0.125, "out": 0.75},
}


class Log(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


def evaluate(config, populations):
    import warnings

    from posthog import Posthog

    warnings.simplefilter("ignore", DeprecationWarning)
    log = Log()
    logging.getLogger("posthog").addHandler(log)
    client = Posthog("phc_proof", host="http://127.0.0.1:9", enable_local_evaluation=False, send=False)
    client.personal_api_key = "phx_proof"
    client.feature_flags = [flag | {"id": number} for number, flag in enumerate(config.values(), start=1)]
    client.group_type_mapping, client.cohorts = {}, COHORTS
    done = []
    for population in populations:
        log.lines.clear()
        bots = set(population["members"])
        arms = []
        for number in range(population["count"]):
            properties = population["attributes"] | {"bots": "true" if number in bots else "false"}
            found = [
                client.get_feature_flag(flag, f"u{number}", person_properties=properties, only_evaluate_locally=True, send_feature_flag_events=False)
                for flag in assignment.EXPERIMENTS
            ]
            # No answer is given for a user whose property is not known: nobody is assigned then either.
            arms.append(["out" if one in (False, None) else str(one) for one in found])
        done.append({"arms": arms, "log": list(log.lines)})
    client.shutdown()
    logging.getLogger("posthog").removeHandler(log)
    return done


def group(config, name="checkout"):
    return config[name]["filters"]["groups"][0]


def variants(config, name="checkout"):
    return config[name]["filters"]["multivariate"]["variants"]


FAULTS = {
    "percentages that add up to 80": lambda c: variants(c).pop(),
    "percentages that add up to 130": lambda c: variants(c)[0].update(rollout_percentage=80),
    "a split that is two points off": lambda c: [one.update(rollout_percentage=percent) for one, percent in zip(variants(c), (48, 32, 20), strict=True)],
    "a share of 48%": lambda c: group(c).update(rollout_percentage=48),
    "an operator that does not exist": lambda c: group(c)["properties"][0].update(operator="exaact"),
    "no conditions": lambda c: group(c)["properties"].clear(),
    "nobody left out": lambda c: group(c)["properties"].pop(),
    "a flag that is not active": lambda c: c["basket"].update(active=False),
}
THIRDS = [("specs/checkout.toml", f"weight = {weight}", "weight = 1") for weight in ("0.5", "0.3", "0.2")]


def built(options="", changes=()):
    return assignment.built("posthog", "flag.json", f"options = {{ cohort_ids = {{ bots = {COHORT} }}{options} }}", [*ALONE, *changes])


def proof():
    from importlib.metadata import version

    config = built()
    sdk = {"evaluate": evaluate, "config": config, "shares": SHARES, "layered": False}
    full = assignment.assigned(**sdk)
    assignment.ramped(evaluate, built(", stage = 1"), full, share=0.1)
    assignment.conditions(evaluate, built(changes=[assignment.CONDITIONS]))
    payloads = {arm: json.loads(value) for arm, value in config["checkout"]["filters"]["payloads"].items()}
    common.check(payloads == {arm: arm for arm in ("control", "one_page", "two_pages")}, f"the payloads are {payloads}")
    assignment.refused("posthog", [], "the layer `checkout`", "a holdout of 10%")
    assignment.refused("posthog", [*ALONE, *THIRDS], "34 : 33 : 33 of 100")
    assignment.refused("posthog", ALONE, "cohort_ids has no id for the group bots")
    planted = assignment.planted(faults=FAULTS, **sdk)
    return f"posthog {version('posthog')}: {assignment.USERS} users split as two specs say, nobody else, nothing logged; layers, thirds and a group without a cohort refused; {planted} faults noticed"


if __name__ == "__main__":
    common.main(proof)
