"""What the proofs of targets that assign share: the users, what the two specs of one layer say of them, and the checks."""

import collections
import copy
import shutil

import common

USERS = 100_000
# Of those who are not eligible, none may be assigned: fewer show it.
STRANGERS = 5_000
FEATURES = ("checkout", "basket")
BOTS = [f"u{number}" for number in range(0, 1000, 10)]
# Shares of all users of the layer: half and a quarter of the 90% that the holdout leaves, and the arms' part of that.
EXPECTED = {
    "checkout": {"control": 0.225, "one_page": 0.135, "two_pages": 0.09, "out": 0.55},
    "basket": {"control": 0.1125, "open": 0.1125, "out": 0.775},
}


def built(target, options, specs="specs"):
    """The folder of a target for each experiment, built with options written as in TOML."""
    made = common.scratch(f"{target}-workspace")
    shutil.copytree(common.WORKSPACE, made, dirs_exist_ok=True)
    with (made / "abide.toml").open("a") as config:
        config.write(f"\n[targets.{target}]\noptions = {{ {options} }}\n")
    folder = common.build(common.scratch(target) / "build", target, workspace=made, specs=specs)
    return {entry.name: entry / target for entry in sorted(folder.iterdir()) if entry.is_dir()}


def toml(value):
    """Names as a TOML list."""
    return "[" + ", ".join(f'"{one}"' for one in value) + "]"


def assigned(evaluate):
    """Holds what an SDK does against the specs; the arms of each user.

    `evaluate(attributes, users)` gives the arms of so many users in `FEATURES` (`out` for who is in none), and what the SDK wrote.
    """
    from scipy.stats import chi2

    germans, said = evaluate({"country": "DE"}, USERS)
    common.check(not said, f"the SDK wrote {said[:3]}")
    for attributes in ({"country": "US"}, {}):
        arms, said = evaluate(attributes, STRANGERS)
        common.check(not said, f"the SDK wrote {said[:3]}")
        inside = sum(arm != "out" for user in arms for arm in user)
        common.check(inside == 0, f"{inside} users who are not eligible were assigned")
    bots = set(BOTS)
    for number, (checkout, basket) in enumerate(germans):
        common.check(checkout == "out" or f"u{number}" not in bots, f"u{number} is of a group that is left out")
        common.check("out" in (checkout, basket), f"u{number} is in both experiments of the layer")
    for place, name in enumerate(FEATURES):
        shares = EXPECTED[name]
        users = [user[place] for number, user in enumerate(germans) if name != "checkout" or f"u{number}" not in bots]
        counts = collections.Counter(users)
        common.check(set(counts) <= set(shares), f"{name}: {set(counts) - set(shares)} is no arm")
        statistic = sum((counts[arm] - len(users) * share) ** 2 / (len(users) * share) for arm, share in shares.items())
        limit = chi2.isf(1e-6, len(shares) - 1)
        common.check(statistic < limit, f"{name}: chi-square {statistic:.1f} of {dict(counts)} is above {limit:.1f}")
    return germans


def keeps_arms(full, early):
    """The first stage of the ramp is a tenth of the eligible, and nobody changes arms afterwards."""
    inside = [number for number, user in enumerate(early) if user[0] != "out"]
    common.check(8_400 < len(inside) < 9_600, f"{len(inside)} users in the first stage, not a tenth of 90%")
    moved = sum(full[number][0] != early[number][0] for number in inside)
    common.check(moved == 0, f"{moved} users change arms after the ramp")


def mutants(config, faults, look):
    """Plants each fault into a copy of the config; every one must be noticed. How many there were."""
    for what, change in faults.items():
        broken = copy.deepcopy(config)
        change(broken)
        common.red(what, lambda broken=broken: look(broken))
    return len(faults)


def valid(body, schema, what):
    """A body of a REST API against the schema that the platform publishes."""
    import jsonschema

    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    faults = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(body)]
    common.check(not faults, f"{what}: {faults[:3]}")
