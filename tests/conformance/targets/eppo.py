"""The Eppo target: its SDK assigns 100,000 users as the specs say, and logs those and nobody else."""

import contextlib
import importlib.metadata
import json
import logging
import os
import sys
import tempfile

import common
import platforms
from eppo_client import init
from eppo_client._eppo_client import AssignmentLogger, ClientConfig, Configuration


class Assignments(AssignmentLogger):
    """Keeps the last assignment that the SDK logged."""

    def __init__(self):
        super().__init__()
        self.last = None

    def log_assignment(self, event):
        self.last = event


class Lines(logging.Handler):
    def __init__(self, lines):
        super().__init__(logging.WARNING)
        self.lines = lines

    def emit(self, record):
        self.lines.append(record.getMessage())


@contextlib.contextmanager
def heard():
    """What is logged from warnings on, and what is written to stderr, where the SDK's core writes its errors."""
    lines = []
    handler = Lines(lines)
    logging.getLogger().addHandler(handler)
    sys.stderr.flush()
    before = os.dup(2)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 2)
        try:
            yield lines
        finally:
            os.dup2(before, 2)
            os.close(before)
            logging.getLogger().removeHandler(handler)
            file.seek(0)
            lines.extend(file.read(10_000).decode(errors="replace").splitlines())


def built(options="", specs="specs"):
    """The flags of all experiments in one configuration, as one service would hand them out."""
    groups = f"groups = {{ bots = {platforms.toml(platforms.BOTS)} }}"
    whole = {}
    for name, folder in platforms.built("eppo", groups + options, specs).items():
        one = json.loads((folder / "configuration.json").read_text())
        common.check(not whole or not set(one["flags"]) & set(whole["flags"]), f"{name} shares a flag with another experiment")
        whole = whole or one
        whole["flags"].update(one["flags"])
    return whole


def arms(configuration, look):
    """What a look at the arms says that the SDK gives. Who is in an experiment is logged with its arm; the others get control."""
    events = Assignments()
    text = json.dumps(configuration).encode()

    def evaluate(attributes, users):
        found = []
        with heard() as lines:
            client = init(
                ClientConfig(
                    api_key="none",
                    base_url="http://127.0.0.1:9",
                    assignment_logger=events,
                    poll_interval_seconds=None,
                    initial_configuration=Configuration(flags_configuration=text),
                )
            )
            for number in range(users):
                given = []
                for feature in platforms.FEATURES:
                    if feature not in configuration["flags"]:
                        given.append("out")
                        continue
                    events.last = None
                    arm = client.get_string_assignment(feature, f"u{number}", attributes, "no flag")
                    logged = events.last
                    if logged is None:
                        given.append("out" if arm == "control" else f"{arm}, not logged")
                    else:
                        same = (logged["allocation"], logged["variation"]) == (feature, arm)
                        given.append(arm if same else f"{arm}, logged as {logged['variation']}")
                found.append(given)
        return found, lines

    return look(evaluate)


def mutants(configuration):
    def flag(broken, name="checkout"):
        return broken["flags"][name]

    def inside(broken, name="checkout"):
        return next(one for one in flag(broken, name)["allocations"] if one["key"] == name)

    def shards(broken, place, start, end):
        inside(broken)["splits"][place]["shards"][-1]["ranges"][0].update(start=start, end=end)

    def two_points(broken):
        shards(broken, 0, 0, 4_800)
        shards(broken, 1, 4_800, 8_000)

    faults = {
        "a gap in the parts": lambda c: inside(c)["splits"].pop(),
        "a split that is two points off": two_points,
        "parts that overlap": lambda c: shards(c, 0, 0, 6_000),
        "a variation that does not exist": lambda c: inside(c)["splits"][0].update(variationKey="other"),
        "an operator that does not exist": lambda c: inside(c)["rules"][0]["conditions"][0].update(operator="ONEOF"),
        "no number of parts": lambda c: flag(c).pop("totalShards"),
        "another number of parts": lambda c: flag(c).update(totalShards=100_000),
        "an allocation that has ended": lambda c: inside(c).update(endAt="2020-01-01T00:00:00.000Z"),
        "another type of value": lambda c: flag(c).update(variationType="INTEGER"),
        "no condition": lambda c: inside(c).pop("rules"),
        "no part of the layer": lambda c: [split["shards"].pop(0) for split in inside(c, "basket")["splits"]],
        "a layer with another salt": lambda c: [split["shards"][0].update(salt="other") for split in inside(c, "basket")["splits"]],
        "groups without members": lambda c: flag(c)["allocations"].pop(0),
        "assignments that are not logged": lambda c: inside(c).update(doLog=False),
        "a flag that is off": lambda c: flag(c).update(enabled=False),
    }
    return platforms.mutants(configuration, faults, lambda broken: arms(broken, platforms.assigned))


def proof():
    configuration = built()
    full = arms(configuration, platforms.assigned)
    stage = built(", stage = 1", "specs/checkout.toml")
    early, said = arms(stage, lambda evaluate: evaluate({"country": "DE"}, platforms.USERS))
    common.check(not said, f"the SDK wrote {said[:3]}")
    platforms.keeps_arms(full, early)
    planted = mutants(configuration)
    version = importlib.metadata.version("eppo-server-sdk")
    return f"Eppo SDK {version}: {platforms.USERS} users split as two specs of one layer say, they are logged and nobody else, no warning; {planted} faults noticed"


if __name__ == "__main__":
    common.main(proof)
