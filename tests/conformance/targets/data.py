"""Events of the experiment `checkout` with a known truth, and what its queries must find in them.

Everything is drawn from one seed. The events hold what real tables hold: units of other experiments, units in two arms, units of the
ramp, exposures without an assignment, events before the exposure and after the window, cancelled orders, users without events.
"""

import datetime as dt
import math
import random

EXPERIMENT = "checkout"
ARMS = {"control": 0.5, "one_page": 0.3, "two_pages": 0.2}
START = dt.datetime(2027, 1, 11)
RAMP_DAYS = 2
WINDOW = dt.timedelta(days=7)
# The truth: probability to buy, and multiplier of latency.
BUYS = {"control": 0.20, "one_page": 0.24, "two_pages": 0.20}
SLOWER = {"control": 1.0, "one_page": 1.0, "two_pages": 1.2}


def draw(users=12_000, running_days=14, seed=20270111):
    """Tables by name: column names and rows. Times are datetimes on whole seconds."""
    rng = random.Random(seed)
    assignments, exposures, orders, requests, people = [], [], [], [], []
    for number in range(users):
        user = f"u{number}"
        people.append((user, rng.choice(["phone", "desktop", "tablet"]), rng.choice(["DE", "FR"])))
        at = START + dt.timedelta(seconds=rng.randrange(running_days * 86_400))
        arm = rng.choices(list(ARMS), list(ARMS.values()))[0]
        experiment = EXPERIMENT if rng.random() < 0.95 else "basket"
        assignments.append((experiment, user, arm, at))
        if rng.random() < 0.01:
            other = rng.choice([name for name in ARMS if name != arm])
            assignments.append((experiment, user, other, at + dt.timedelta(hours=1)))
        if rng.random() < 0.02:
            assignments.append((experiment, user, arm, at + dt.timedelta(hours=2)))
        exposed = rng.random() < 0.9
        seen = at + dt.timedelta(seconds=rng.randrange(3 * 86_400))
        if exposed:
            exposures.append((experiment, user, seen))
            if rng.random() < 0.3:
                exposures.append((experiment, user, seen + dt.timedelta(hours=5)))
        if rng.random() < 0.01:
            exposures.append((experiment, user, at - dt.timedelta(hours=3)))
        before = round(rng.expovariate(1 / 20), 2)
        for _ in range(rng.randrange(3) if rng.random() < 2 * BUYS[arm] else 0):
            when = seen + dt.timedelta(seconds=rng.randrange(-2 * 86_400, 9 * 86_400))
            amount = round(rng.lognormvariate(3 + before / 100, 0.8), 2)
            state = rng.choice(["paid", "paid", "paid", "cancelled"])
            orders.append((user, when, amount, state, rng.choice(["web", "app", "shop"]), before))
        for _ in range(rng.randrange(5)):
            when = seen + dt.timedelta(seconds=rng.randrange(-86_400, 8 * 86_400))
            duration = round(rng.lognormvariate(0, 0.6) * SLOWER[arm], 3)
            requests.append((user, when, duration, int(rng.random() < 0.02)))
    return {
        "assignments": (["experiment_id", "unit_id", "arm", "assigned_at"], assignments),
        "exposures": (["experiment_id", "unit_id", "exposed_at"], exposures),
        "orders": (["user_id", "ordered_at", "amount", "state", "channel", "spent_before"], orders),
        "requests": (["user_id", "started_at", "duration_s", "failed"], requests),
        "users": (["user_id", "device", "country"], people),
    }


def units(tables, last_entry_day, last_day):
    """What one analysed unit comes to, by hand: the reading of the spec that the queries must share."""
    first_day = (START + dt.timedelta(days=RAMP_DAYS)).date()
    arms = {}
    for experiment, user, arm, at in tables["assignments"][1]:
        if experiment == EXPERIMENT and first_day <= at.date() <= last_entry_day:
            arms.setdefault(user, []).append((at, arm))
    assigned = {
        user: (min(rows)[0], rows[0][1]) for user, rows in arms.items() if len({arm for _, arm in rows}) == 1
    }
    seen = {}
    for experiment, user, at in tables["exposures"][1]:
        if experiment == EXPERIMENT and user in assigned and at >= assigned[user][0] and at.date() <= last_day:
            seen[user] = min(at, seen.get(user, at))
    of_user = {name: {} for name in ("orders", "requests")}
    for name, found in of_user.items():
        for row in tables[name][1]:
            if row[0] in seen and seen[row[0]] <= row[1] < seen[row[0]] + WINDOW:
                found.setdefault(row[0], []).append(row)
    rows = []
    for user, (at, arm) in assigned.items():
        row = {"unit": user, "arm": arm, "assigned_at": at, "is_exposed": int(user in seen)}
        if user in seen:
            orders = of_user["orders"].get(user, [])
            valid = [order for order in orders if order[3] != "cancelled"]
            requests = of_user["requests"].get(user, [])
            durations = [request[2] for request in requests]
            mean = sum(durations) / len(durations) if durations else None
            row |= {
                "purchase_rate": float(any(o[2] > 0 and o[4] in ("web", "app") for o in valid)),
                "revenue": min(sum(o[2] for o in valid), 200.0),
                "revenue__covariate": sum(o[5] for o in valid) / len(valid) if valid else 0.0,
                "orders_per_user": float(len(orders)),
                "error_share": float(sum(r[3] for r in requests)),
                "error_share__denominator": float(len(requests)),
                "latency_mean": mean,
                "latency_p95": mean,
            }
        rows.append(row)
    return rows


def statistics(rows):
    """Rows of units → (arm, metric) → sufficient statistics, by name of the column of `statistics.sql`."""
    found = {}
    for arm in ARMS:
        mine = [row for row in rows if row["arm"] == arm]
        exposed = [row for row in mine if row["is_exposed"]]
        counts = {"assigned": len(mine), "exposed": len(exposed), "analysed": len(exposed)}
        for metric in ("purchase_rate", "revenue", "orders_per_user", "error_share", "latency_mean", "latency_p95"):
            held = [row for row in exposed if row[metric] is not None]
            y = [row[metric] for row in held]
            out = dict(counts, n=len(y))
            if metric == "latency_p95":
                y.sort()
                n, q = len(y), 0.95
                spread = 1.959963984540054 * math.sqrt(n * q * (1 - q))
                out["quantile_value"] = y[min(max(math.ceil(n * q), 1), n) - 1]
                out["quantile_lower"] = y[max(math.floor(n * q - spread), 1) - 1]
                out["quantile_upper"] = y[min(math.ceil(n * q + spread), n) - 1]
            else:
                out |= {"sum_y": math.fsum(y), "sum_y_y": math.fsum(v * v for v in y)}
            for suffix, name in (("__denominator", "x"), ("__covariate", "c")):
                if metric + suffix in (exposed[0] if exposed else {}):
                    other = [row[metric + suffix] for row in held]
                    cross = "sum_x_y" if name == "x" else "sum_c_y"
                    out |= {
                        f"sum_{name}": math.fsum(other),
                        f"sum_{name}_{name}": math.fsum(v * v for v in other),
                        cross: math.fsum(a * b for a, b in zip(other, y)),
                    }
            found[arm, metric] = out
    return found
