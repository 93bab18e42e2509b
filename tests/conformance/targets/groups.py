"""Events for the specs of `features/` whose units come in groups, pairs, blocks or times, and what their queries must find in them.

Each spec has units of its own in the tables that all share. The events hold rows before and after the windows, rows of arms that are not
compared, runs that failed, and members without events.
"""

import datetime as dt
import math
import random

START = dt.datetime(2027, 1, 11)
WINDOW = dt.timedelta(days=7)
COLUMNS = ["unit_id", "happened_at", "arm", "amount", "failed", "seconds", "cost", "unsupported", "clicks", "long_clicks"]
# Metric → the value of one event, and what several of one unit come to.
VALUES = {
    "bought": (lambda e: float(e["amount"] > 0), max), "spent": (lambda e: e["amount"], sum), "visits": (lambda e: 1.0, sum),
    "failed": (lambda e: float(e["failed"]), max), "seconds": (lambda e: e["seconds"], None), "cost": (lambda e: e["cost"], sum),
    "unsupported": (lambda e: float(e["unsupported"]), max), "preferred": (lambda e: float(e["clicks"]), sum),
    "preferred_long": (lambda e: float(e["long_clicks"]), sum), "days_to_return": (None, None),
    "wait": (lambda e: e["seconds"], None), "spent_by_ratio": (lambda e: e["amount"], sum),
}
# Analysed as logarithms; of the second some values are 0, and it cannot be.
LOGARITHMS = ["wait", "spent_by_ratio"]
# What their covariate is: a column of the events, averaged over those of a unit.
COVARIATES = {("communities", "bought"): "cost", ("requests", "seconds"): "cost", ("one-number", "spent_per_visit"): "cost", ("logarithms", "wait"): "cost", ("log-requests", "wait"): "cost"}
METRICS = {
    "strata": ["spent", "bought", "failed"],
    "communities": ["visits", "bought"], "requests": ["seconds", "failed"], "pairs": ["failed", "seconds"], "rankers": ["preferred", "preferred_long"],
    "blocks": ["seconds", "cost"], "return": ["days_to_return", "failed"], "one-number": ["worth", "spent", "failed", "spent_per_visit"], "capped": ["spent", "cost"],
    "logarithms": ["wait", "failed", "spent_by_ratio"], "log-communities": ["wait"], "log-requests": ["wait"], "log-pairs": ["wait"],
}
# How the units of a spec come, where another one has the same.
COME_AS = {"log-communities": "communities", "log-requests": "requests", "log-pairs": "pairs"}


def event(rng, unit, at, arm=None):
    return {
        "unit_id": unit, "happened_at": at, "arm": arm, "amount": round(rng.choice([0.0, rng.expovariate(1 / 15)]), 2), "failed": int(rng.random() < 0.15),
        "seconds": round(rng.lognormvariate(0, 0.5) * (1.2 if arm == "new" else 1), 3), "cost": round(rng.lognormvariate(-1, 0.4), 4),
        "unsupported": int(rng.random() < 0.2), "clicks": rng.randrange(3) if arm != "new" else rng.randrange(4), "long_clicks": rng.randrange(2),
    }


def draw(seed=20270112):
    """Rows of assignments, events and members of communities."""
    rng = random.Random(seed)
    assignments, events, members, profiles = [], [], [], []
    moment = lambda days=14: START + dt.timedelta(seconds=rng.randrange(days * 86_400))
    around = lambda at: at + dt.timedelta(seconds=rng.randrange(-6 * 86_400, 10 * 86_400))
    for experiment in METRICS:
        design = COME_AS.get(experiment, experiment)
        for number in range(300):
            unit, arm, at = f"{experiment}-{number}", rng.choice(["control", "new"]), moment()
            if design == "communities":
                assignments.append((experiment, unit, arm, at))
                for position in range(rng.randrange(1, 8)):
                    member = f"{unit}-{position}"
                    members.append((unit, member))
                    events += [event(rng, member, around(at)) for _ in range(rng.randrange(4))]
            elif design == "blocks":
                if number < 20:
                    on = START - dt.timedelta(hours=6)
                    for _ in range(60):
                        assignments.append((experiment, unit, rng.choice(["control", "new"]), on))
                        events += [event(rng, unit, on + dt.timedelta(seconds=rng.randrange(7200))) for _ in range(rng.randrange(3))]
                        on += dt.timedelta(hours=2)
            elif design == "pairs":
                for arm in ("control", "new", "an old one"):
                    assignments.append((experiment, unit, arm, moment()))
                    events += [event(rng, unit, moment(), arm) for _ in range(0 if rng.random() < 0.05 else 1)]
            elif design == "rankers":
                assignments.append((experiment, unit, rng.choice(["control", "new"]), at))
                close = lambda: at + dt.timedelta(seconds=rng.randrange(-40_000, 130_000))
                events += [event(rng, unit, close(), arm) for arm in ("control", "new") for _ in range(rng.randrange(3))]
            else:
                assignments.append((experiment, unit, arm, at))
                # Nothing is known of the country of some.
                country = rng.choice(["AT", "DE", "DE", None])
                profiles.append((unit, country, rng.choice(["app", "web"])))
                events += [event(rng, unit, around(at)) for _ in range(rng.randrange(5) + (country == "DE"))]
    rows = [tuple(e[name] for name in COLUMNS) for e in events]
    return {
        "assignments": (["experiment_id", "unit_id", "arm", "assigned_at"], assignments),
        "events": (COLUMNS, rows), "communities": (["cluster_id", "unit_id"], members), "profiles": (["unit_id", "country", "platform"], profiles),
    }


def combined(metric, rows, average=False):
    """What the rows of one unit come to; `None` where nothing is no value."""
    value, combine = VALUES[metric]
    values = [value(e) for e in rows]
    if average or combine is None:
        return math.fsum(values) / len(values) if values else None
    return combine(values) if values else 0.0


def expected(experiment, tables, first_day, last_entry_day):
    """(arm, metric) → the columns of `statistics.sql` that it must have, by hand."""
    design = COME_AS.get(experiment, experiment)
    of_unit = {}
    for row in tables["events"][1]:
        e = dict(zip(COLUMNS, row))
        of_unit.setdefault(e["unit_id"], []).append(e)
    assigned = {}
    for name, unit, arm, at in tables["assignments"][1]:
        if name == experiment and (design == "pairs" or first_day <= at.date() <= last_entry_day):
            assigned[unit, at, arm] = arm
    within = lambda unit, at, length=WINDOW: [e for e in of_unit.get(unit, []) if at <= e["happened_at"] < at + length]
    if design in ("pairs", "rankers"):
        return of_pairs(experiment, assigned, of_unit, within)
    caps = {}
    if experiment == "capped":
        order = lambda values, q: sorted(values)[min(max(math.ceil(len(values) * q), 1), len(values)) - 1]
        before = [[e for e in of_unit.get(unit, []) if at - WINDOW <= e["happened_at"] < at] for unit, at, _ in assigned]
        caps = {
            "spent": order([combined("spent", rows) for rows in before], 0.9),
            "cost": order([combined("cost", within(unit, at)) for unit, at, _ in assigned], 0.95),
        }
    found = {}
    for arm in ("control", "new"):
        mine = [(unit, at) for unit, at, of in assigned if of == arm]
        counts = {"assigned": len(mine), "analysed": len(mine)}
        for metric in METRICS[experiment]:
            y, x, c = [], None, None
            covariate = COVARIATES.get((experiment, metric))
            before = lambda rows: math.fsum(e[covariate] for e in rows) / len(rows) if rows else 0.0
            nonpositive = 0
            if metric in LOGARITHMS:
                y, x, c, nonpositive = of_logarithms(design, metric, covariate, mine, within, tables)
            elif design == "communities":
                members = {}
                for cluster, member in tables["communities"][1]:
                    members.setdefault(cluster, []).append(member)
                y = [math.fsum(combined(metric, within(m, at)) for m in members[unit]) for unit, at in mine]
                x = [float(len(members[unit])) for unit, _ in mine]
                if covariate:
                    c = [math.fsum(before(within(m, at)) for m in members[unit]) for unit, at in mine]
            elif design == "requests":
                rows = [within(unit, at) for unit, at in mine]
                y = [math.fsum(VALUES[metric][0](e) for e in of) for of in rows if of]
                x = [float(len(of)) for of in rows if of]
                if covariate:
                    c = [math.fsum(e[covariate] for e in of) for of in rows if of]
            elif design == "blocks":
                washout, block = dt.timedelta(minutes=30), dt.timedelta(minutes=90)
                y = [combined(metric, within(unit, at + washout, block), average=True) for unit, at in mine]
                y = [value for value in y if value is not None]
            elif metric == "worth":
                part = lambda unit, at: (combined("spent", within(unit, at)), combined("failed", within(unit, at)))
                y = [0.7 * spent - 30 * failed for spent, failed in (part(unit, at) for unit, at in mine)]
            elif metric == "days_to_return":
                y = times(mine, within)
            elif metric == "spent_per_visit":
                rows = [within(unit, at) for unit, at in mine]
                y, x, c = [combined("spent", of) for of in rows], [float(len(of)) for of in rows], [before(of) for of in rows]
            else:
                y = [min(combined(metric, within(unit, at)), caps.get(metric, math.inf)) for unit, at in mine]
            out = dict(counts, n=len(y))
            if metric == "days_to_return":
                out["n"], out["sum_y"] = len(mine), float(len(y))
                other = times([(unit, at) for unit, at, of in assigned if of == "control"], within)
                if arm == "new":
                    out |= log_rank(other, len([1 for of in assigned.values() if of == "control"]), y, len(mine))
            else:
                out |= {"sum_y": math.fsum(y), "sum_y_y": math.fsum(v * v for v in y)}
            if x is not None:
                out |= {"sum_x": math.fsum(x), "sum_x_x": math.fsum(v * v for v in x), "sum_x_y": math.fsum(a * b for a, b in zip(x, y))}
            if c is not None:
                out |= {"sum_c": math.fsum(c), "sum_c_c": math.fsum(v * v for v in c), "sum_c_y": math.fsum(a * b for a, b in zip(c, y))}
                if x is not None:
                    out["sum_c_x"] = math.fsum(a * b for a, b in zip(c, x))
            found[arm, metric] = named(out, nonpositive) if metric in LOGARITHMS else out
    return found


def over_strata(tables, metric, attributes, first_day, last_entry_day):
    """arm → (mean over strata, its standard error), each stratum weighed by its share of the units of both arms."""
    of_unit, profile = {}, {row[0]: dict(zip(["country", "platform"], row[1:])) for row in tables["profiles"][1]}
    for row in tables["events"][1]:
        e = dict(zip(COLUMNS, row))
        of_unit.setdefault(e["unit_id"], []).append(e)
    strata = {}
    for name, unit, arm, at in tables["assignments"][1]:
        if name == "strata" and first_day <= at.date() <= last_entry_day:
            rows = [e for e in of_unit.get(unit, []) if at <= e["happened_at"] < at + WINDOW]
            stratum = tuple(profile[unit][a] for a in attributes)
            strata.setdefault(stratum, {}).setdefault(arm, []).append(combined(metric, rows))
    total = sum(len(y) for arms in strata.values() for y in arms.values())
    found = {}
    for arm in ("control", "new"):
        mean = variance = 0.0
        for arms in strata.values():
            y, share = arms[arm], sum(map(len, arms.values())) / total
            middle = math.fsum(y) / len(y)
            mean += share * middle
            variance += share**2 * math.fsum((v - middle) ** 2 for v in y) / (len(y) - 1) / len(y)
        found[arm] = (mean, math.sqrt(variance))
    return found


def of_logarithms(design, metric, covariate, mine, within, tables):
    """Logarithms of values by unit, or their totals over units in groups, with sizes and covariates; and how many have none."""
    members = {}
    for cluster, member in tables["communities"][1]:
        members.setdefault(cluster, []).append(member)
    y, x, c, nonpositive = [], [], [], 0
    for unit, at in mine:
        rows = within(unit, at)
        if design == "communities":
            values = [combined(metric, within(member, at)) for member in members[unit]]
        else:
            values = [VALUES[metric][0](e) for e in rows] if design == "requests" else [combined(metric, rows)]
        values = [value for value in values if value is not None]
        nonpositive += sum(value <= 0 for value in values)
        if any(value > 0 for value in values):
            y.append(math.fsum(math.log(value) for value in values if value > 0))
            x.append(float(len(values)))
            before = [e[covariate] for e in rows] if covariate else []
            c.append(math.fsum(before) if design == "requests" else math.fsum(before) / max(len(before), 1))
    return y, x if design in ("communities", "requests") else None, c if covariate else None, nonpositive


def named(sums, nonpositive):
    """Sums of logarithms under their names."""
    names = {
        "sum_y": "sum_log_y", "sum_y_y": "sum_log_y_y", "sum_x_y": "sum_x_log_y", "sum_c_y": "sum_c_log_y", "sum_z": "sum_log_z",
        "sum_z_z": "sum_log_z_z", "sum_y_z": "sum_log_y_z",
    }
    return {names.get(name, name): value for name, value in sums.items()} | {"nonpositive": float(nonpositive)}


def times(units, within):
    """Seconds to the first purchase of those who bought."""
    firsts = [min(((e["happened_at"] - at).total_seconds() for e in within(unit, at) if e["amount"] > 0), default=None) for unit, at in units]
    return [first for first in firsts if first is not None]


def log_rank(control, n_control, arm, n_arm):
    more = spread = 0.0
    for t in sorted(set(control) | set(arm)):
        r0, r1 = n_control - sum(u < t for u in control), n_arm - sum(u < t for u in arm)
        d0, d1 = control.count(t), arm.count(t)
        n, d = r0 + r1, d0 + d1
        more += d1 - d * r1 / n
        spread += d * (r1 / n) * (r0 / n) * (n - d) / (n - 1) if n > 1 else 0
    return {"events": float(len(control) + len(arm)), "log_hazard": more / spread, "hazard_se": 1 / math.sqrt(spread)}


def of_pairs(experiment, assigned, of_unit, within):
    """Units that have a value under both arms."""
    design = COME_AS.get(experiment, experiment)
    found = {}
    units = {unit: at for unit, at, _ in assigned}
    for metric in METRICS[experiment]:
        values = {}
        for unit, at in units.items():
            rows = of_unit.get(unit, []) if design == "pairs" else within(unit, at, dt.timedelta(days=1))
            both = [combined(metric, [e for e in rows if e["arm"] == arm], average=design == "pairs") for arm in ("control", "new")]
            if metric in LOGARITHMS:
                both = [value if value is None else math.log(value) for value in both]
            if None not in both:
                values[unit] = both
            for arm, value in zip(("control", "new"), both):
                if value is not None:
                    values.setdefault((arm,), []).append(value)
        for arm in ("control", "new"):
            # Control against itself: every unit that has a value under it.
            own = values.pop(("control",)) if arm == "control" else None
            pairs = [(v, v) for v in own] if own is not None else [v for unit, v in values.items() if not isinstance(unit, tuple)]
            z, y = zip(*pairs)
            sums = lambda a, b: math.fsum(p * q for p, q in zip(a, b))
            out = {
                "assigned": len(units), "analysed": len(units), "n": len(y), "sum_y": math.fsum(y), "sum_y_y": sums(y, y),
                "sum_z": math.fsum(z), "sum_z_z": sums(z, z), "sum_y_z": sums(y, z),
            }
            if experiment == "rankers":
                out |= {"wins": float(sum(b > a for a, b in pairs)), "losses": float(sum(b < a for a, b in pairs)), "ties": float(sum(a == b for a, b in pairs))}
            found[arm, metric] = named(out, 0) if metric in LOGARITHMS else out
    return found
