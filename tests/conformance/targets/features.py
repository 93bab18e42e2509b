"""The Python target on one spec for each way of analysing: looks, corrections in steps, judges, groups, pairs, blocks, prices.

Units are drawn with a planted effect; the script and `abide decide`, which reads the results that the script writes, must come to the
same numbers, states and decisions.
"""

import contextlib
import csv
import io
import json
import runpy
import sys
import tomllib

import numpy as np

import common
from python import gaps

FEATURES = common.HERE / "features"
# What an arm does: to the chance of good things, to amounts, to the chance of bad things, to times and costs.
TRUTHS = {
    "nothing": (1.0, 1.0, 1.0, 1.0),
    "better": (1.15, 1.12, 0.7, 0.97),
    "a little better": (1.02, 1.02, 0.95, 1.0),
    "worse": (0.93, 0.95, 1.35, 1.25),
}
LOGARITHMS = ("wait", "spent_by_ratio")


def one_value(metric, truth, rng, n, shared):
    """Values of units; `shared` is what a unit brings along whatever its arm."""
    good, amount, bad, slow = truth
    if metric == "bought":
        return (rng.random(n) < 0.2 * good).astype(float)
    if metric == "failed":
        return (rng.random(n) + 0.3 * shared < 0.1 * bad + 0.15).astype(float)
    if metric == "unsupported":
        true = rng.random(n) + 0.3 * shared < 0.2 * bad + 0.15
        return np.where(true, rng.random(n) < 0.9, rng.random(n) < 0.05).astype(float)
    if metric in ("spent", "spent_by_ratio"):
        return rng.gamma(0.6, 20 * amount, n).round(2)
    if metric == "visits":
        return rng.poisson(rng.gamma(2.5, 0.8 * good, n)).astype(float)
    if metric == "cost":
        return (0.5 * slow * rng.lognormal(0.3 * (shared - 0.5), 0.5, n)).round(4)
    if metric == "days_to_return":
        at = rng.exponential(20 / good, n) * 86_400
        return np.where(at < 7 * 86_400, at.round(), np.nan)
    return (slow * rng.lognormal(0.5 * (shared - 0.5), 0.5, n)).round(4)


def units(experiment, declared, truths, rng, n):
    """Columns of the file of units."""
    metrics = [m for m in declared if m != "worth"]
    adjusted = [m for m in metrics if "variance_reduction" in declared[m]]
    ratios = [m for m in metrics if declared[m].get("kind") == "ratio"]
    columns = {"unit": [], "arm": [], "is_exposed": []} | {m: [] for m in metrics}
    arms = list(truths)
    if experiment in ("replay", "pairs", "log-pairs", "rankers", "exact-pairs", "exact-rankers"):
        shared = rng.random(n)
        for arm, truth in truths.items():
            columns["unit"] += [f"q{i}" for i in range(n)]
            columns["arm"] += [arm] * n
            columns["is_exposed"] += [""] * n
            for m in metrics:
                values = rng.poisson(0.5 * truth[0], n).astype(float) if m.startswith("preferred") else read_as(m, one_value(m, truth, rng, n, shared))
                # A run that failed has no value: only units that have both count.
                columns[m] += list(np.where(rng.random(n) < 0.01, np.nan, values))
        return columns
    communities = experiment in ("communities", "log-communities")
    grouped = communities or experiment in ("requests", "log-requests")
    columns |= {f"{m}__denominator": [] for m in (metrics if grouped else ratios)} | {f"{m}__covariate": [] for m in adjusted}
    if grouped:
        n = n // 20 if communities else n // 3
    shares = {name: [0.5, 0.25, 0.25] for name in ("steps", "steps-dunnett", "steps-sidak")}.get(experiment, [1 / len(arms)] * len(arms))
    n = n // 10 if experiment == "blocks" else n
    drawn = rng.choice(len(arms), n, p=shares)
    for position, arm in enumerate(arms):
        mine = int((drawn == position).sum())
        columns["unit"] += [f"{arm}{i}" for i in range(mine)]
        columns["arm"] += [arm] * mine
        columns["is_exposed"] += [""] * mine
        if experiment == "strata":
            levels = {"country": rng.choice(["AT", "DE", "FR"], mine, p=[0.2, 0.5, 0.3]), "platform": rng.choice(["app", "web"], mine)}
            for name, values in levels.items():
                columns.setdefault(f"segment__{name}", []).extend(values)
            # What strata explain: a unit of one of them is worth more than a unit of another.
            level = np.where(levels["country"] == "DE", 1.3, 0.6) * np.where(levels["platform"] == "web", 1.4, 0.7)
        sizes = rng.integers(1, 60 if communities else 7, mine)
        for m in metrics:
            if not grouped:
                values = read_as(m, one_value(m, truths[arm], rng, mine, 0.5 * np.ones(mine)))
                if experiment == "strata":
                    values = values * level if m == "spent" else np.where(level > 1, values, values * (rng.random(mine) < 0.5))
                over = sizes.astype(float) if m in ratios else np.ones(mine)
                columns[m] += list(values * over)
                if m in ratios:
                    columns[f"{m}__denominator"] += list(over)
                if m in adjusted:
                    columns[f"{m}__covariate"] += list(values + rng.normal(0, 0.5, mine) + 0.1 * over)
                continue
            shared = rng.random(mine)
            columns[m] += [float(read_as(m, one_value(m, truths[arm], rng, size, s * np.ones(size))).sum()) for size, s in zip(sizes, shared)]
            columns[f"{m}__denominator"] += [float(size) for size in sizes]
            if m in adjusted:
                columns[f"{m}__covariate"] += [0.5 * float(y) + float(rng.normal(0, 0.3, size).sum()) + 0.2 * size for y, size in zip(columns[m][-mine:], sizes)]
    return columns


def read_as(metric, values):
    """Values as a script reads them: of some metrics their logarithms, where they have one."""
    return np.log(np.where(values > 0, values, np.nan)) if metric in LOGARITHMS else values


def under_names(columns):
    """Logarithms under the names of their own, with how many values of a unit have none."""
    for metric in [m for m in LOGARITHMS if m in columns]:
        logs = columns[metric + "__log"] = columns.pop(metric)
        # A wait that is missing was not measured; an amount that is, is 0.
        columns[metric + "__nonpositive"] = [float(metric != "wait" and np.isnan(log)) for log in logs]
    return columns


def write(columns, path):
    blank = lambda value: "" if isinstance(value, float) and np.isnan(value) else value
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([blank(value) for value in row] for row in zip(*columns.values()))


def looks_of(experiment):
    """The looks that are tried: arguments of the script."""
    if experiment in ("looks", "shaped-looks", "guarded-looks"):
        return [["--look", str(k)] for k in range(1, 5 if experiment == "guarded-looks" else 4)]
    return [["--information", "0.4"], ["--information", "1"]] if experiment == "any-time" else [[]]


def run(script, *arguments):
    """What a script prints, run in this process: its imports take longer than its work."""
    before, printed = sys.argv, io.StringIO()
    sys.argv = [str(script), *map(str, arguments)]
    try:
        with contextlib.redirect_stdout(printed):
            runpy.run_path(str(script), run_name="__main__")
    except SystemExit as end:
        common.check(end.code in (0, 1), f"{script} ended with {end.code}")
    except Exception as error:
        raise common.Failed(f"{script}: {error!r}") from error
    finally:
        sys.argv = before
    return printed.getvalue()


def compare(script, spec, folder, path, look):
    """The script's findings against the verdict; the largest gap, what was decided, and the verdict's comparisons of the last arm."""
    mine = json.loads(run(script, path, "--json", "-o", folder / "results.json", *look))
    verdict = json.loads(common.abide("decide", "--format", "json", spec, folder / "results.json", code=None))
    gap = gaps(mine, verdict)
    common.check(gap <= 1e-6, f"{spec.stem} {look}: numbers differ by {gap:.1e}")
    decided = {arm["arm"]: arm["action"] for arm in verdict["arms"]}
    common.check(mine["decisions"] == decided, f"{spec.stem} {look}: decided {mine['decisions']}, not {decided}")
    common.check(mine["selected"] == verdict["selected"], f"{spec.stem}: selected {mine['selected']}, not {verdict['selected']}")
    for arm in verdict["arms"]:
        want, have = arm["net_value"], mine["net_value"][arm["arm"]]
        common.check((want is None) == (have is None), f"{spec.stem}: a net value only on one side")
        if want:
            apart = max(abs(have[name] - want[name]) / max(1.0, abs(want[name])) for name in have)
            common.check(apart <= 1e-9, f"{spec.stem}: net values differ by {apart:.1e}")
    return gap, tuple(decided.values()), {metric["id"]: metric["comparisons"][-1] for metric in verdict["metrics"] if metric["comparisons"]}


def by_hand(experiment, columns, results, seen):
    """What the results and the verdict hold of what only this kind of metric has, against another way to compute it. `seen` are the
    comparisons of the last arm, by metric."""
    metrics = results["metrics"]
    values = lambda metric, arm: np.array(columns[metric], dtype=float)[np.array(columns["arm"]) == arm]
    near = lambda have, want, within, what: common.check(abs(have - want) <= within * abs(want), f"{experiment}: {what} {have}, not {want}")
    if experiment == "return":
        from statsmodels.duration.survfunc import survdiff

        times = np.concatenate([values("days_to_return", arm) for arm in ("control", "new")])
        arm = np.repeat([0, 1], [len(values("days_to_return", a)) for a in ("control", "new")])
        chi_square, _ = survdiff(np.where(np.isnan(times), 8 * 86_400, times), ~np.isnan(times), arm)
        hazard = metrics["days_to_return"]["comparisons"]["new"]["hazard"]
        near((hazard["log_ratio"] / hazard["standard_error"]) ** 2, chi_square, 1e-9, "log-rank chi-square")
    if experiment == "one-number":
        for arm in ("control", "new"):
            y = 0.7 * values("spent", arm) - 30 * values("failed", arm)
            near(metrics["worth"]["arms"][arm]["estimate"], y.mean(), 1e-9, "composite")
            near(metrics["worth"]["arms"][arm]["standard_error"], y.std(ddof=1) / np.sqrt(len(y)), 1e-9, "standard error of the composite")
    if experiment == "strata":
        # The same by least squares: an effect in each stratum, weighed by the share of the stratum (Lin 2013 gives its variance).
        of_unit = np.array([" ".join(parts) for parts in zip(columns["segment__country"], columns["segment__platform"])])
        arms, y = np.array(columns["arm"]), np.array(columns["spent"], dtype=float)
        effect = variance = 0.0
        for name in np.unique(of_unit):
            c, a = (y[(of_unit == name) & (arms == arm)] for arm in ("control", "new"))
            share = (of_unit == name).mean()
            effect += share * (a.mean() - c.mean())
            variance += share**2 * (a.var(ddof=1) / len(a) + c.var(ddof=1) / len(c))
        strata = results["metrics"]["spent"]["strata"]
        units = {name: sum(arm["n"] for arm in of.values()) for name, of in strata.items()}
        mean = lambda arm: sum(units[name] / len(y) * of[arm]["sum"] / of[arm]["n"] for name, of in strata.items())
        near(mean("new") - mean("control"), effect, 1e-9, "effect over strata")
        near(seen["spent"]["absolute"]["standard_error"], np.sqrt(variance), 1e-9, "standard error over strata")
    if experiment == "logarithms":
        from scipy import stats

        logs = [values("wait__log", arm) for arm in ("control", "new")]
        for arm, y in zip(("control", "new"), logs):
            found = metrics["wait"]["arms"][arm]
            near(np.exp(found["log_sum"] / found["n"]), stats.gmean(np.exp(y)), 1e-9, "geometric mean")
        common.check(metrics["spent_by_ratio"]["arms"]["new"]["nonpositive"] > 0, "amounts of 0 are not counted")
    if experiment == "replay":
        c, a = values("seconds_p95", "control"), values("seconds_p95", "new")
        both = ~(np.isnan(c) | np.isnan(a))
        rng, pairs = np.random.default_rng(1), np.column_stack([c[both], a[both]])
        drawn = [np.log(np.quantile(pairs[rng.integers(0, len(pairs), len(pairs))], 0.95, axis=0)) for _ in range(300)]
        effect = metrics["seconds_p95"]["comparisons"]["new"]["effect"]
        # 1 + ((1 + 0.6²) · 1.4 − 1) · 0.1 is the declared design effect; a bootstrap of 300 is good to 4%, the order statistics to as much.
        near(effect["standard_error"], np.std([b - a for a, b in drawn]) * np.sqrt(1 + (1.36 * 1.4 - 1) * 0.1), 0.2, "standard error of the log quantile")


# What is planted in a script of each kind, and must show.
MUTANTS = {
    "looks": ('"boundaries": [(0.0', '"boundaries": [(0.5'),
    "shaped-looks": ("[look[\"number\"] - 1][0]", "[-1][0]"),
    "guarded-looks": ("GUARDRAILS_SPEND = \"group\", None, True", "GUARDRAILS_SPEND = \"group\", None, False"),
    "any-time": ("* information)", ")"),
    "steps": ("still_open = count - rank - 1", "still_open = count"),
    "steps-dunnett": ("(b * u - c)", "(b * u - 1.1 * c)"),
    "steps-sidak": ("np.log1p(-alpha) / k", "np.log1p(-alpha)"),
    "priced": ("* PRICES[\"horizon_days\"] - PRICES[\"one_off_cost\"]", "* PRICES[\"horizon_days\"]"),
    "judged": ("difference**2 * of_j", "0"),
    "communities": ("along = before if SUMMED", "along = 2 * before if SUMMED"),
    "requests": ("- r * with_x", "- 2 * r * with_x"),
    "replay": ("inflated(truth or seen, inflation or 1.0)", "truth or seen"),
    "pairs": ("b = 2 * n, -self.only_arm - self.only_control", "b = 2 * n, -1.5 * self.only_arm - self.only_control"),
    "rankers": ("q * q / (2 * n)", "q * q / n"),
    "exact": ("EXACT = True", "EXACT = False"),
    "exact-pairs": ("sf(wins - 1, apart", "sf(wins, apart"),
    "exact-rankers": ("sf(wins - 1, self.n", "sf(wins, self.n"),
    "blocks": ("LEFT = 0.", "LEFT = 1.0 or 0."),
    "return": ('side="left") for t, h', 'side="right") for t, h'),
    "strata": ("share * share * v / n", "share * v / n"),
    "logarithms": ("means.spread(1.0), values, means.degrees(1.0)", "1.1 * means.spread(1.0), values, means.degrees(1.0)"),
    "log-pairs": ('(inflation or 1.0) * d["sd"] ** 2 / d["n"]', '(inflation or 1.0) * d["sd"] ** 2 / (d["n"] - 1)'),
    "log-communities": ("means.spread(1.0), values, means.degrees(1.0)", "means.spread(1.0), values"),
    "log-requests": ("- r * with_x", "- 2 * r * with_x"),
    "one-number": ('part["weight"] *', "abs(part[\"weight\"]) *"),
}


def proof():
    folder = common.scratch("features")
    common.build(folder / "build", "python", workspace=FEATURES)
    rng = np.random.default_rng(20270111)
    largest, seen, runs, noticed = 0.0, {}, 0, 0
    for experiment in MUTANTS:
        spec = FEATURES / "specs" / f"{experiment}.toml"
        script = folder / "build" / experiment / "python/analysis.py"
        declared = tomllib.loads(spec.read_text())
        arms = list(declared["arms"])
        files = []
        for name, truth in TRUTHS.items():
            # A third arm has a truth of its own, so that steps have something to stop at; when all is better, they go on.
            last = truth if len(arms) == 2 or name == "better" else TRUTHS["a little better"]
            truths = {arms[0]: TRUTHS["nothing"], arms[1]: truth, arms[-1]: last}
            path = folder / f"{experiment}-{name}.csv"
            columns = under_names(units(experiment, declared["metrics"], truths, rng, 12_000))
            write(columns, path)
            files.append(path)
            for look in looks_of(experiment):
                gap, decided, last_arm = compare(script, spec, folder, path, look)
                largest, runs = max(largest, gap), runs + 1
                seen.setdefault(experiment, set()).update(decided)
            by_hand(experiment, columns, json.loads((folder / "results.json").read_text()), last_arm)
        old, new = MUTANTS[experiment]
        source = script.read_text()
        common.check(old in source, f"the fault cannot be planted: {experiment}")
        broken = folder / "broken.py"
        broken.write_text(source.replace(old, new))

        def against_all(broken=broken, spec=spec, files=files, experiment=experiment, columns=columns, last_arm=last_arm):
            for path in files:
                for look in looks_of(experiment):
                    compare(broken, spec, folder, path, look)
            by_hand(experiment, columns, json.loads((folder / "results.json").read_text()), last_arm)

        common.red(f"{experiment}: {new}", against_all)
        noticed += 1
    common.check(all(len(found) > 1 for found in seen.values()), f"a spec always decides the same: {seen}")
    return f"Python script: {len(seen)} ways of analysing, {runs} data sets decided as `abide decide` (largest gap {largest:.0e}), {noticed} faults noticed"


if __name__ == "__main__":
    common.main(proof)
