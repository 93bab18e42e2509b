"""Compares `abide decide` with gbstats and tea-tasting on the same units.

    tests/conformance/analysis/run

Prints a table of the largest disagreements and ends with 1 when one is larger than its limit, or when results that were
falsified on purpose are not told apart.
"""

import copy
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import pandas as pd
import tea_tasting as tt
from gbstats.gbstats import process_experiment_results
from scipy.stats import norm

UNITS = 20_000
SPEC = """edition = 1
[experiment]
id = "peers"
[design]
kind = "parallel"
unit = "user"
[arms.control]
[arms.treatment]
[metrics.converted]
role = "primary"
kind = "proportion"
direction = "increase"
baseline = { value = 0.10 }
mde = { absolute = 0.01 }
[metrics.revenue]
role = "secondary"
kind = "mean"
direction = "increase"
baseline = { value = 6, sd = 7 }
[metrics.revenue_adjusted]
role = "secondary"
kind = "mean"
direction = "increase"
baseline = { value = 6, sd = 7 }
variance_reduction = { covariate = "before", correlation = 0.7, source = "aa" }
[metrics.per_session]
role = "secondary"
kind = "ratio"
direction = "increase"
baseline = { value = 2, cv = 1 }
[statistics]
multiplicity = { metrics = "none" }
proportion_variance = "unpooled"
"""


def units():
    rng = np.random.default_rng(42)
    treated = rng.integers(0, 2, UNITS)
    before = rng.exponential(10, UNITS)
    return pd.DataFrame(
        {
            "variant": np.where(treated, "treatment", "control"),
            "before": before,
            "converted": rng.binomial(1, np.where(treated, 0.115, 0.10)),
            "revenue": 0.6 * before + 3 * rng.random(UNITS) + 0.2 * treated,
            "sessions": 1 + rng.integers(0, 5, UNITS),
        }
    )


def sums(y, x=None, c=None):
    out = {"n": len(y), "sum": float(y.sum()), "sum_squares": float((y**2).sum())}
    if x is not None:
        out |= {
            "denominator_sum": float(x.sum()),
            "denominator_sum_squares": float((x**2).sum()),
            "denominator_cross_sum": float((x * y).sum()),
        }
    if c is not None:
        out |= {
            "covariate_sum": float(c.sum()),
            "covariate_sum_squares": float((c**2).sum()),
            "covariate_cross_sum": float((c * y).sum()),
        }
    return out


def results_of(frame):
    parts = dict(list(frame.groupby("variant")))

    def arms(of):
        return {"arms": {arm: of(parts[arm]) for arm in ("control", "treatment")}}

    return {
        "schema": "abide.results/1",
        "experiment": "peers",
        "from": "2027-01-11",
        "to": "2027-01-31",
        "arms": {arm: {"assigned": len(parts[arm])} for arm in ("control", "treatment")},
        "metrics": {
            "converted": arms(lambda p: sums(p.converted)),
            "revenue": arms(lambda p: sums(p.revenue)),
            "revenue_adjusted": arms(lambda p: sums(p.revenue, c=p.before)),
            "per_session": arms(lambda p: sums(p.revenue, x=p.sessions)),
        },
    }


def abide(program, results):
    with tempfile.TemporaryDirectory() as folder:
        spec = pathlib.Path(folder, "peers.toml")
        spec.write_text(SPEC)
        plan = subprocess.run([program, "plan", "--format", "json", spec], capture_output=True, text=True)
        given = results | {"digest": json.loads(plan.stdout)["experiment"]["digest"]}
        path = pathlib.Path(folder, "results.json")
        path.write_text(json.dumps(given))
        run = subprocess.run([program, "decide", "--format", "json", spec, path], capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        verdict = json.loads(run.stdout)
    found = {}
    for metric in verdict["metrics"]:
        comparison = metric["comparisons"][0]
        effect = comparison["absolute"]
        found[metric["id"]] = (effect["estimate"], effect["lower"], effect["upper"], comparison["p"])
    found["srm"] = verdict["quality"]["checks"][0]["p"]
    return found


def growthbook(results):
    kinds = {
        "converted": {"statistic_type": "mean", "main_metric_type": "binomial"},
        "revenue": {"statistic_type": "mean", "main_metric_type": "count"},
        "revenue_adjusted": {
            "statistic_type": "mean_ra",
            "main_metric_type": "count",
            "covariate_metric_type": "count",
        },
        "per_session": {
            "statistic_type": "ratio",
            "main_metric_type": "count",
            "denominator_metric_type": "count",
        },
    }
    names = {
        "sum": "main_sum",
        "sum_squares": "main_sum_squares",
        "denominator_sum": "denominator_sum",
        "denominator_sum_squares": "denominator_sum_squares",
        "denominator_cross_sum": "main_denominator_sum_product",
        "covariate_sum": "covariate_sum",
        "covariate_sum_squares": "covariate_sum_squares",
        "covariate_cross_sum": "main_covariate_sum_product",
    }
    found = {}
    for metric, kind in kinds.items():
        rows = []
        for arm in ("control", "treatment"):
            given = results["metrics"][metric]["arms"][arm]
            row = {"variation": arm, "dimension": "", "users": given["n"], "count": given["n"]}
            row |= {"m0_id": metric, "m0_users": given["n"], "m0_count": given["n"]}
            rows.append(row | {f"m0_{names[k]}": v for k, v in given.items() if k in names})
        job = {
            "metrics": {metric: {"id": metric, "name": metric} | kind},
            "analyses": [
                {
                    "var_names": ["control", "treatment"],
                    "var_ids": ["control", "treatment"],
                    "weights": [0.5, 0.5],
                    "baseline_index": 0,
                    "dimension": "",
                    "stats_engine": "frequentist",
                    "sequential_testing_enabled": False,
                    "difference_type": "absolute",
                    "alpha": 0.05,
                }
            ],
            "query_results": [{"rows": rows, "metrics": [metric], "sql": ""}],
        }
        dimension = process_experiment_results(job)[0]["analyses"][0]["dimensions"][0]
        variation = dimension["variations"][1]
        found[metric] = (variation["expected"], *variation["ci"], variation.get("p_value", variation.get("pValue")))
        found["srm"] = dimension["srm"]
    return found


def teatasting(frame):
    experiment = tt.Experiment(
        {
            "srm": tt.SampleRatio(method="norm", correction=False),
            "converted": tt.Mean("converted"),
            "revenue": tt.Mean("revenue"),
            "revenue_adjusted": tt.Mean("revenue", "before"),
            "per_session": tt.RatioOfMeans("revenue", "sessions"),
        },
        variant="variant",
    )
    result = experiment.analyze(frame, control="control")
    found = {}
    for metric in ("converted", "revenue", "revenue_adjusted", "per_session"):
        r = result[metric]
        found[metric] = (r.effect_size, r.effect_size_ci_lower, r.effect_size_ci_upper, r.pvalue)
    found["srm"] = result["srm"].pvalue
    return found


# How far apart two tools may be: estimates and bounds relative to the interval's half width, p-values in standard errors.
# They differ where their definitions do: abide has a normal test and n in the variance of a proportion, the peers a t test
# and n - 1; both peers pool the covariate's slope over the arms together, abide within them.
LIMITS = {"converted": 2e-4, "revenue": 1e-9, "revenue_adjusted": 1e-4, "per_session": 1e-9, "srm": 1e-9}
Z_LIMITS = {"converted": 2e-3, "revenue": 1e-9, "revenue_adjusted": 1e-4, "per_session": 1e-9}


def in_standard_errors(p):
    """The two-sided normal quantile of a p-value; below 1e-15 some tools print 0."""
    return norm.isf(max(p, 1e-15) / 2)


def disagreements(ours, theirs):
    for metric, mine in ours.items():
        if metric == "srm":
            yield metric, "p", abs(mine - theirs[metric]) / mine, LIMITS[metric]
            continue
        half = (mine[2] - mine[1]) / 2
        gap = max(abs(a - b) for a, b in zip(mine[:3], theirs[metric][:3])) / half
        yield metric, "interval", gap, LIMITS[metric]
        apart = abs(in_standard_errors(mine[3]) - in_standard_errors(theirs[metric][3]))
        yield metric, "p", apart, Z_LIMITS[metric]


def main(program):
    frame = units()
    results = results_of(frame)
    ours = abide(program, results)
    peers = {"gbstats": growthbook(results), "tea-tasting": teatasting(frame)}
    failed = False
    print(f"{'peer':<12} {'metric':<18} {'what':<9} {'gap':>9} {'limit':>9}")
    for peer, theirs in peers.items():
        for metric, what, gap, limit in disagreements(ours, theirs):
            mark = "" if gap <= limit else "  too far apart"
            failed |= gap > limit
            print(f"{peer:<12} {metric:<18} {what:<9} {gap:9.1e} {limit:9.0e}{mark}")
    # A tenth of a percent more in one sum of squares must show.
    broken = copy.deepcopy(results)
    broken["metrics"]["revenue"]["arms"]["treatment"]["sum_squares"] *= 1.001
    noticed = any(gap > limit for _, _, gap, limit in disagreements(abide(program, broken), peers["gbstats"]))
    print("falsified results:", "told apart" if noticed else "NOT told apart")
    return int(failed or not noticed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
