"""The target gbstats, and the Python script against the two engines that others use: gbstats and tea-tasting.

All three get the same units. They may differ where their definitions do: abide has a normal test and n in the variance of a proportion,
the others a t test and n − 1; both pool the slope of a covariate over the arms together, abide within them.
"""

import csv
import importlib.metadata
import json
import subprocess
import sys

import numpy as np
import pandas as pd
import tea_tasting as tt
from scipy.stats import norm

import common
from features import FEATURES

METRICS = ("bought", "spent", "spent_adjusted", "spent_per_visit")
# Estimates and bounds in half widths of the interval; p-values in standard errors.
LIMITS = {"bought": (2e-4, 2e-3), "spent": (1e-9, 1e-9), "spent_adjusted": (1e-4, 2e-4), "spent_per_visit": (1e-9, 1e-9)}
# Column of `statistics.sql` by what the results of the script call it.
SUMS = {
    "sum": "sum_y", "sum_squares": "sum_y_y", "denominator_sum": "sum_x", "denominator_sum_squares": "sum_x_x", "denominator_cross_sum": "sum_x_y",
    "covariate_sum": "sum_c", "covariate_sum_squares": "sum_c_c", "covariate_cross_sum": "sum_c_y",
}


def units(n=20_000, seed=20270113):
    rng = np.random.default_rng(seed)
    arm = rng.choice(["control", "new"], n)
    new = arm == "new"
    before = rng.exponential(10, n).round(2)
    visits = 1 + rng.poisson(1.5, n)
    spent = (0.6 * before + rng.exponential(8, n) + 0.3 * new).round(2)
    return pd.DataFrame({
        "unit": [f"u{i}" for i in range(n)], "arm": arm, "is_exposed": "", "bought": (rng.random(n) < np.where(new, 0.215, 0.2)).astype(int), "spent": spent,
        "spent_adjusted": spent, "spent_adjusted__covariate": before, "spent_per_visit": spent, "spent_per_visit__denominator": visits,
        "failed": (rng.random(n) < 0.1).astype(int),
    })


def statistics(results, path):
    """The sums of the script as rows of `statistics.sql`."""
    rows = []
    for metric, of in results["metrics"].items():
        for arm, sums in of["arms"].items():
            row = {"arm": arm, "assigned": results["arms"][arm]["assigned"], "metric": metric, "n": sums["n"]}
            rows.append(row | {column: repr(sums[name]) for name, column in SUMS.items() if name in sums})
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, ["arm", "assigned", "metric", "n", *SUMS.values()])
        writer.writeheader()
        writer.writerows(rows)


def gbstats(script, path):
    """What the target says of each metric; fails when gbstats refuses its settings."""
    run = subprocess.run([sys.executable, str(script), str(path)], capture_output=True, text=True, check=False)
    common.check(run.returncode == 0, f"gbstats: {run.stderr[-400:]}")
    found = json.loads(run.stdout)
    of = lambda a: (a["estimate"], a["lower"], a["upper"], a["p"])
    return {metric: of(found[metric]["new"]) for metric in METRICS} | {"sample ratio": found["sample ratio"]}


def tea_tasting(frame, alphas):
    found = {}
    for metric in METRICS:
        level = 1 - alphas[metric]
        measure = {
            "spent_adjusted": lambda: tt.Mean("spent", "spent_adjusted__covariate", confidence_level=level),
            "spent_per_visit": lambda: tt.RatioOfMeans("spent", "spent_per_visit__denominator", confidence_level=level),
        }.get(metric, lambda: tt.Mean(metric, confidence_level=level))
        experiment = tt.Experiment({"it": measure(), "ratio": tt.SampleRatio(method="norm", correction=False)}, variant="arm")
        result = experiment.analyze(frame, control="control")
        r = result["it"]
        found[metric] = (r.effect_size, r.effect_size_ci_lower, r.effect_size_ci_upper, r.pvalue)
        found["sample ratio"] = result["ratio"].pvalue
    return found


def compare(ours, theirs, who):
    """The largest gap in half widths that is not one of definitions."""
    apart = abs(ours["sample ratio"] - theirs["sample ratio"])
    common.check(apart <= 1e-9, f"{who}: sample ratio p differs by {apart:.1e}")
    largest = 0.0
    for metric in METRICS:
        within, within_p = LIMITS[metric]
        mine, other = ours[metric], theirs[metric]
        gap = max(abs(a - b) for a, b in zip(mine[:3], other[:3])) / ((mine[2] - mine[1]) / 2)
        z = lambda p: norm.isf(max(p, 1e-15) / 2)
        gap_p = abs(z(mine[3]) - z(other[3]))
        common.check(gap <= within and gap_p <= within_p, f"{who}: {metric} differs by {gap:.1e} of its half width, {gap_p:.1e} standard errors")
        if within <= 1e-9:
            largest = max(largest, gap)
    return largest


def proof():
    folder = common.scratch("gbstats")
    common.build(folder / "build", "gbstats", "python", workspace=FEATURES, specs="specs/peers.toml")
    script, target = (folder / "build/peers" / name for name in ("python/analysis.py", "gbstats/run.py"))
    frame = units()
    frame.to_csv(folder / "units.csv", index=False)
    run = subprocess.run([sys.executable, str(script), str(folder / "units.csv"), "--json", "-o", str(folder / "results.json")], capture_output=True, text=True, check=False)
    common.check(run.returncode == 0, f"the script ended with {run.returncode}: {run.stderr}")
    mine, results = json.loads(run.stdout), json.loads((folder / "results.json").read_text())
    of_script = mine["comparisons"]["new"]
    statistics(results, folder / "statistics.csv")
    theirs = gbstats(target, folder / "statistics.csv")

    # `abide decide` shows both scales; the engines are asked for the absolute one.
    verdict = json.loads(common.abide("decide", "--format", "json", FEATURES / "specs/peers.toml", folder / "results.json"))
    decided = {"sample ratio": verdict["quality"]["checks"][0]["p"]}
    for metric in verdict["metrics"]:
        comparison, effect = metric["comparisons"][0], metric["comparisons"][0]["absolute"]
        decided[metric["id"]] = (effect["estimate"], effect["lower"], effect["upper"], comparison["p"])
    # The script prints the scale that is asked about: an MDE of the spec is relative, so the absolute one is computed from its own classes.
    names = {"__name__": "analysis"}
    exec(compile(script.read_text(), str(script), "exec"), names)
    own = {"sample ratio": mine["checks"][0][1]}
    for metric in METRICS:
        sums = results["metrics"][metric]["arms"]
        found = names["evidence"](metric, sums["control"], sums["new"], {})
        interval = found.interval("absolute", names["Tail"](of_script[metric]["alpha"] / 2))
        own[metric] = (found.estimate("absolute"), *interval, of_script[metric]["p"])
    for metric in METRICS:
        apart = max(abs(a - b) for a, b in zip(own[metric], decided[metric]))
        common.check(apart <= 1e-9, f"{metric}: the script and `abide decide` differ by {apart:.1e}")

    alphas = {metric: of_script[metric]["alpha"] for metric in METRICS}
    gap = max(compare(of, theirs, "gbstats") for of in (decided, own))
    gap = max(gap, *(compare(of, tea_tasting(frame, alphas), "tea-tasting") for of in (decided, own)))

    # Planted faults: settings that gbstats refuses, an alpha and a sum of squares that it takes.
    settings = target.with_name("settings.json")
    whole = settings.read_text()
    for what, old, new in [("an unknown type of statistic", '"statistic_type": "ratio"', '"statistic_type": "ratoi"'), ("another alpha", '"alpha": 0.025', '"alpha": 0.05')]:
        common.check(old in whole, f"the fault cannot be planted: {what}")
        settings.write_text(whole.replace(old, new))
        common.red(what, lambda: compare(decided, gbstats(target, folder / "statistics.csv"), "gbstats"))
    settings.write_text(whole)
    results["metrics"]["spent"]["arms"]["new"]["sum_squares"] *= 1.001
    statistics(results, folder / "falsified.csv")
    common.red("a falsified sum of squares", lambda: compare(decided, gbstats(target, folder / "falsified.csv"), "gbstats"))
    version = importlib.metadata.version
    return f"gbstats {version('gbstats')} and tea-tasting {version('tea-tasting')}: {len(METRICS)} metrics as `abide decide` and as the script (largest gap {gap:.0e} where definitions agree), 3 faults noticed"


if __name__ == "__main__":
    common.main(proof)
