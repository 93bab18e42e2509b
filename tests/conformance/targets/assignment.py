"""What every target that assigns is held to: shares, who is left out, layers, the ramp, and silence.

A target brings `evaluate(config, users)`: what its SDK does with a configuration, offline. `users` is a list of populations, each a
dictionary: `count`, `attributes`, `members` (numbers of the users that are in the group `bots`) and `known` (whether they have an id).
User 7 is `u7`. It returns for each population the arms of each user, one for each experiment, or "out", and what was logged.
"""

import collections
import copy
import json
import shutil

import common

USERS = 100_000
# Enough to notice two points of a split at 1e-6.
PLANTED = 60_000
BOTS = list(range(0, 1000, 10))
EXPERIMENTS = ["checkout", "basket"]
# Shares of all users of the layer: half and a quarter of the 90% that the holdout leaves, and the arms' part of that.
SHARES = {
    "checkout": {"control": 0.225, "one_page": 0.135, "two_pages": 0.09, "out": 0.55},
    "basket": {"control": 0.1125, "open": 0.1125, "out": 0.775},
}


def workspace(target, settings, changes=()):
    """The test workspace with settings of the target, and changes: (file, old text, new text)."""
    folder = common.scratch(f"{target}-workspace")
    shutil.copytree(common.WORKSPACE, folder, dirs_exist_ok=True)
    for file, old, new in changes:
        text = (folder / file).read_text()
        common.check(old in text, f"{file} does not hold {old}")
        (folder / file).write_text(text.replace(old, new))
    with (folder / "abide.toml").open("a") as config:
        config.write(f"\n[targets.{target}]\n{settings}\n")
    return folder


def built(target, file, settings="", changes=()):
    """A file of a target for each experiment of the test workspace."""
    made = workspace(target, settings, changes)
    folder = common.build(common.scratch(f"{target}-build") / "build", target, workspace=made)
    return {name: json.loads((folder / name / target / file).read_text()) for name in EXPERIMENTS}


def refused(target, changes, *words, settings=""):
    """A spec that the target cannot express is not built, and the message has these words."""
    import os
    import subprocess

    made = workspace(target, settings, changes)
    command = [os.environ["ABIDE"], "build", made / "specs", "--output", common.scratch(f"{target}-refused") / "build", "--target", target]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    common.check(run.returncode == 1, f"what {target} cannot express was built: {run.stdout}")
    for word in words:
        common.check(word in run.stderr + run.stdout, f"the refusal does not say {word}: {run.stderr}")


def users(count=USERS, members=(), known=True, **attributes):
    return {"count": count, "attributes": attributes, "members": list(members), "known": known}


def fits(name, arms, shares):
    """Counts of arms against shares, by chi-square at 1e-6."""
    from scipy.stats import chi2

    counts = collections.Counter(arms)
    common.check(set(counts) <= set(shares), f"{name}: {set(counts) - set(shares)} is no arm")
    statistic = sum((counts[arm] - len(arms) * share) ** 2 / (len(arms) * share) for arm, share in shares.items())
    limit = chi2.isf(1e-6, len(shares) - 1)
    common.check(statistic < limit, f"{name}: chi-square {statistic:.1f} of {dict(counts)} is above {limit:.1f}")


def silent(runs):
    for run in runs:
        common.check(not run["log"], f"the SDK wrote {run['log'][:3]}")


def outside(runs, who):
    for run in runs:
        inside = sum(arm != "out" for user in run["arms"] for arm in user)
        common.check(inside == 0, f"{inside} users {who} were assigned")


def assigned(evaluate, config, shares=None, count=USERS, layered=True):
    """Holds what an SDK does with two experiments against their specs; the arms of each user.

    Without `layered` they are not in one layer, and the SDK is never called without an id: such systems hash every text.
    """
    shares = shares or SHARES
    populations = [users(count, members=BOTS, country="DE"), users(10_000, country="US"), users(10_000)]
    runs = evaluate(config, populations + ([users(10, known=False, country="DE")] if layered else []))
    silent(runs)
    outside(runs[1:3], "who are not eligible")
    outside(runs[3:], "without an id")
    bots = set(BOTS)
    for number, (checkout, basket) in enumerate(runs[0]["arms"]):
        common.check(checkout == "out" or number not in bots, f"u{number} is of a group that is left out")
        common.check(not layered or "out" in (checkout, basket), f"u{number} is in both experiments of the layer")
    for place, name in enumerate(EXPERIMENTS):
        fits(name, [user[place] for number, user in enumerate(runs[0]["arms"]) if name != "checkout" or number not in bots], shares[name])
    return runs[0]["arms"]


def ramped(evaluate, stage, full, share=0.09):
    """The first stage of the ramp has its share, and nobody changes arms afterwards."""
    early = evaluate(stage, [users(country="DE")])[0]
    silent([early])
    inside = [number for number, (arm, _) in enumerate(early["arms"]) if arm != "out" and number not in set(BOTS)]
    common.check(abs(len(inside) / USERS - share) < 0.006, f"{len(inside)} users in the first stage, not {share:.0%}")
    moved = sum(full[number][0] != early["arms"][number][0] for number in inside)
    common.check(moved == 0, f"{moved} users change arms after the ramp")


# Every way to say who is eligible, on the second experiment.
CONDITIONS = ("specs/basket.toml", 'where = { country = ["DE", "FR"] }', 'where = { country = { not = ["US"] }, plan = ["pro", "team"], age = { at_least = 18, at_most = 65 } }')


def conditions(evaluate, config):
    """Each condition lets in whom it should, at its very limits, and nobody else."""
    inside = [users(1000, country="DE", plan="pro", age=age) for age in (18, 40, 65)]
    beyond = [
        users(1000, country="US", plan="pro", age=40),
        users(1000, country="DE", plan="free", age=40),
        users(1000, country="DE", plan="pro", age=17),
        users(1000, country="DE", plan="pro", age=66),
        users(1000, country="DE", plan="pro"),
        users(1000, country="DE", age=40),
    ]
    runs = evaluate(config, inside + beyond)
    silent(runs)
    for run in runs[: len(inside)]:
        common.check(any(basket != "out" for _, basket in run["arms"]), "an eligible user is never assigned")
    for run in runs[len(inside) :]:
        common.check(all(basket == "out" for _, basket in run["arms"]), "a user who is not eligible was assigned")


def planted(evaluate, config, faults, shares=None, layered=True):
    """Plants each fault in a copy of a configuration: each must be noticed. How many there were."""
    for what, change in faults.items():
        broken = copy.deepcopy(config)
        change(broken)
        common.red(what, lambda: assigned(evaluate, broken, shares, PLANTED, layered))
    return len(faults)
