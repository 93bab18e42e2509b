"""The Python target: on data with a known truth it decides what `abide decide` decides."""

import csv
import datetime as dt
import json
import math
import subprocess
import sys

import common
import data


def write(rows, path):
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)


def run(script, units, *more):
    found = subprocess.run([sys.executable, str(script), str(units), *map(str, more)], capture_output=True, text=True, check=False)
    common.check(found.returncode in (0, 1), f"{script.name} ended with {found.returncode}: {found.stderr}")
    return found


def gaps(mine, verdict):
    """The largest disagreement of estimates and bounds, in half widths, and of p-values."""
    largest = 0.0
    for metric in verdict["metrics"]:
        for comparison in metric["comparisons"]:
            have = mine["comparisons"][comparison["arm"]].get(metric["id"])
            common.check((have is None) == (comparison["missing"] is not None), f"{metric['id']} of {comparison['arm']} is missing on one side")
            if have is None:
                continue
            want = comparison[have["scale"]]
            largest = max(largest, abs(have["estimate"] - want["estimate"]) / abs(want["standard_error"]))
            # Where nothing may be concluded yet an end is infinite; the verdict leaves it out.
            ours = [x if x is not None and math.isfinite(x) else None for x in have["interval"] or (None, None)]
            for a, b in zip(ours, (want["lower"], want["upper"])):
                common.check((a is None) == (b is None), f"{metric['id']}: bounds {ours}, not {want}")
                if a is not None:
                    largest = max(largest, abs(a - b) / want["standard_error"])
            largest = max(largest, abs(have["alpha"] - comparison["alpha"]) / comparison["alpha"])
            if comparison["p"] is not None and have["p"] is not None and metric["role"] in ("primary", "guardrail"):
                largest = max(largest, abs(have["p"] - comparison["p"]))
            if comparison["state"]:
                held = {"pass": "win", "worse": "win, though worse within the margin", "breach": "loss"}
                state = held.get(have["state"], have["state"]) if metric["role"] == "primary" else have["state"]
                common.check(state == comparison["state"], f"{metric['id']}: {state}, not {comparison['state']}")
    return largest


def proof():
    import scipy

    folder = common.scratch("python")
    common.build(folder / "build", "python", specs="specs/checkout.toml")
    script = folder / "build/checkout/python/analysis.py"
    running = common.plan("checkout.toml")["duration"]["running_days"]
    last = data.START + dt.timedelta(days=running - 1)
    rows = data.units(data.draw(running_days=running), last.date(), (last + dt.timedelta(days=7)).date())
    write(rows, folder / "units.csv")
    mine = json.loads(run(script, folder / "units.csv", "--json", "-o", folder / "results.json").stdout)
    spec = common.WORKSPACE / "specs/checkout.toml"
    verdict = json.loads(common.abide("decide", "--format", "json", spec, folder / "results.json"))
    gap = gaps(mine, verdict)
    common.check(gap <= 1e-6, f"numbers differ by {gap:.1e}")
    common.check(mine["decisions"] == {arm["arm"]: arm["action"] for arm in verdict["arms"]}, f"decided {mine['decisions']}")
    for (name, p, _), check in zip(mine["checks"], verdict["quality"]["checks"]):
        common.check(abs(p - check["p"]) <= 1e-9, f"{name}: p {p}, not {check['p']}")
    text = run(script, folder / "units.csv").stdout
    for words in ("sample ratio", "Novelty", "Decision"):
        common.check(words in text, f"nothing is printed about {words!r}")
    # A third of one arm lost is a sample ratio mismatch: nothing may be decided.
    lost = [row for number, row in enumerate(rows) if row["arm"] != "one_page" or number % 3]
    write(lost, folder / "lost.csv")
    invalid = run(script, folder / "lost.csv", "--json")
    common.check(invalid.returncode == 1 and not any(json.loads(invalid.stdout)["decisions"].values()), "decided on a broken sample ratio")

    # Faults planted in the script must show against the verdict.
    source = script.read_text()
    mutants = {"alpha": ('"alpha": 0.0', '"alpha": 0.1'), "a margin": ('"margin": {"relative": True, "magnitude": 0.05}', '"margin": {"relative": True, "magnitude": 0.5}'), "CUPED": ("- slope * (z[1] - overall)", "")}
    for what, (old, new) in mutants.items():
        common.check(old in source, f"the fault cannot be planted: {what}")
        broken = folder / "broken.py"
        broken.write_text(source.replace(old, new))

        def compare():
            found = json.loads(run(broken, folder / "units.csv", "--json").stdout)
            common.check(gaps(found, verdict) <= 1e-6, "differs")
            common.check(found["decisions"] == mine["decisions"], "decides otherwise")

        common.red(what, compare)
    return f"Python script (scipy {scipy.__version__}): verdict as `abide decide` (largest gap {gap:.0e}), invalid data refused, {len(mutants)} faults noticed"


if __name__ == "__main__":
    common.main(proof)
