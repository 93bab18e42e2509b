"""What is compared: how each design draws inputs, what the peer says, and what is right."""

import csv
import io
import math
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

import mpmath as mp
import numpy as np
from scipy import optimize, stats

import exact
from exact import ab, tail

HERE = Path(__file__).parent


@dataclass
class Design:
    """One line of the table."""

    name: str
    peer: str
    draw: Callable  # Draw -> case: a dict with "request" and what the peer needs
    reference: Callable  # cases -> the peer's values, NaN where it has none
    error: Callable | None = None  # (case, value) -> relative error of a value, by the arbiter
    answer: Callable = lambda answer: answer["n"]["control_real"]
    share: float = 1.0  # of the cases that are asked for: slow peers get fewer
    arbitrated: int = 500  # how many cases the arbiter looks at
    bound: float = 1e-9  # the largest disagreement that the remark explains
    tight: float = 1e-9  # the largest error of abide's own
    remark: str = ""
    needs: str | None = field(default=None)  # an R package


def r_values(peer, rows):
    """Values of an R peer, in order."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows({key: repr(float(value)) for key, value in row.items()} for row in rows)
    ran = subprocess.run(
        ["Rscript", "--vanilla", str(HERE / "peers.R"), peer], input=text.getvalue(), capture_output=True, text=True, check=True
    )
    return [float("nan") if line.strip() == "NA" else float(line) for line in ran.stdout.split("\n") if line.strip()]


def has_r(package):
    if shutil.which("Rscript") is None:
        return False
    return subprocess.run(["Rscript", "-e", f"library({package})"], capture_output=True).returncode == 0


def of_value(right):
    """The error of a value against the right one."""
    return lambda case, value: float(mp.mpf(value) / right(case) - 1)


def of_power(power_at):
    """The error of n that an error of power amounts to: n moves with the square of A + B."""

    def error(case, value):
        a, b = ab(case)
        reached = power_at(case, value)
        if reached <= 0 or reached >= 1:
            return float("inf") if reached >= 1 else -1.0
        return float(2 * (exact.z_upper(1 - reached) - b) / (a + b))

    return error


def case(errors, request, **more):
    return {**errors, **more, "request": {**errors, **request}}


# --- proportions ---------------------------------------------------------------------------------------------------


def draw_proportions(d, lowest=1e-9, extreme=True, variance="pooled"):
    p0, p1 = d.proportions(lowest)
    ratio = d.ratio()
    request = {"kind": "proportion", "baseline": p0, "treated": p1, "ratio": ratio, "variance": variance}
    return case(d.errors(extreme), request, p0=p0, p1=p1, ratio=ratio)


def right_pooled(c):
    return exact.pooled(c["p0"], c["p1"], c["ratio"], *ab(c))


def right_unpooled(c):
    return exact.unpooled(c["p0"], c["p1"], c["ratio"], *ab(c))


def statsmodels_pooled(cases):
    from statsmodels.stats.proportion import samplesize_proportions_2indep_onetail as size

    return [
        size(c["p0"] - c["p1"], c["p1"], c["power"], ratio=c["ratio"], alpha=float(tail(c)), alternative="larger")
        for c in cases
    ]


def statsmodels_unpooled(cases):
    from statsmodels.stats.power import normal_sample_size_one_tail as size

    def one(c):
        sd = math.sqrt(c["p0"] * (1 - c["p0"]) + c["p1"] * (1 - c["p1"]) / c["ratio"])
        return size(abs(c["p1"] - c["p0"]), c["power"], float(tail(c)), std_null=sd, std_alternative=sd)

    return [one(c) for c in cases]


def rpact_rates(cases):
    def row(c):
        # One-sided upwards: a fall of events is a rise of non-events.
        falls = c["p1"] < c["p0"] and "margin" not in c
        p0, p1 = (1 - c["p0"], 1 - c["p1"]) if falls else (c["p0"], c["p1"])
        return {"p0": p0, "p1": p1, "ratio": c["ratio"], "tail": tail(c), "power": c["power"], "null": -c.get("margin", 0.0)}

    return r_values("rpact-rates", [row(c) for c in cases])


def draw_margin(d, lowest=1e-6, extreme=True):
    p0 = d.log(lowest, 0.5)
    if d.rng.random() < 0.5:
        p0 = 1 - p0
    margin = p0 * d.log(1e-3, 0.9)
    p1 = min(p0 + margin * d.rng.uniform(-0.5, 0.5), 1 - (1 - p0) * 0.01)
    ratio = d.ratio()
    errors = {**d.errors(extreme), "sides": 1}
    request = {
        "kind": "proportion", "baseline": p0, "treated": p1, "ratio": ratio, "margin_absolute": margin,
        "direction": "increase", "test": "non-inferiority",
    }  # fmt: skip
    return case(errors, request, p0=p0, p1=p1, ratio=ratio, margin=margin)


def right_farrington_manning(c):
    return exact.farrington_manning(c["p0"], c["p1"], c["ratio"], c["margin"], *ab(c))


def draw_relative_margin(d):
    c = draw_margin(d)
    share = c["margin"] / c["p0"]
    del c["request"]["margin_absolute"]
    c["request"]["margin_relative"] = share
    return {**c, "share": share}


def right_relative_margin(c):
    a, b = ab(c)
    p0, p1, r, w = mp.mpf(c["p0"]), mp.mpf(c["p1"]), mp.mpf(c["ratio"]), 1 - mp.mpf(c["share"])
    return (a + b) ** 2 * (w * w * p0 * (1 - p0) + p1 * (1 - p1) / r) / (p1 - w * p0) ** 2


def draw_smallest(d):
    c = draw_proportions(d, 1e-6)
    right = right_pooled(c)
    request = {key: value for key, value in c["request"].items() if key != "treated"}
    request["n"] = float(right)
    request["direction"] = "increase" if c["p1"] > c["p0"] else "decrease"
    return {**c, "request": request, "change": abs(c["p1"] - c["p0"])}


# --- means ---------------------------------------------------------------------------------------------------------


def draw_means(d, statistic="student", extreme=True, equal=False):
    effect = d.log(1e-3, 1.5)
    ratio = 1.0 if equal else d.log(0.05, 20)
    sd1 = d.log(0.2, 5) if statistic == "welch" else 1.0
    request = {
        "kind": "mean", "sd": 1, "sd_treated": sd1, "mde_absolute": effect, "ratio": ratio, "statistic": statistic,
    }  # fmt: skip
    return case(d.errors(extreme), request, effect=effect, ratio=ratio, sd1=sd1)


def above_floor(draw, least):
    """Draws again while the z formula asks for hardly more than the test needs to exist, where sizes are no longer solved."""

    def drawn(d):
        while True:
            c = draw(d)
            a, b = (float(x) for x in ab(c))
            if ((a + b) / c["effect"]) ** 2 * c.get("unit", 1 + 1 / c.get("ratio", 1)) > least:
                return c

    return drawn


def student(c, n):
    r = mp.mpf(c["ratio"])
    return n * (1 + r) - 2, mp.mpf(c["effect"]) * mp.sqrt(n * r / (1 + r))


def welch(c, n):
    r, v1 = mp.mpf(c["ratio"]), mp.mpf(c["sd1"]) ** 2
    a, b = 1 / n, v1 / (r * n)
    df = (a + b) ** 2 / (a * a / (n - 1) + b * b / (r * n - 1))
    return df, mp.mpf(c["effect"]) / mp.sqrt(a + b)


def power_at(shape):
    def power(c, n):
        df, ncp = shape(c, mp.mpf(n))
        if df < 1:
            return mp.mpf(0)
        return exact.t_power(tail(c), df, ncp)

    return power


def scipy_t(shape, smallest=2.0):
    """n by Brent's method on scipy's noncentral t."""

    def solve(c):
        def gap(log_n):
            df, ncp = (float(x) for x in shape(c, mp.mpf(math.exp(log_n))))
            return stats.nct.sf(stats.t.isf(float(tail(c)), df), df, ncp) - c["power"]

        a, b = (float(x) for x in ab(c))
        guess = math.log(max(smallest * 1.01, ((a + b) / c["effect"]) ** 2 * c.get("unit", 2)))
        low, high = guess - 2, guess + 4
        try:
            while gap(low) > 0 and low > math.log(smallest):
                low -= 1
            return math.exp(optimize.brentq(gap, max(low, math.log(smallest)), high, xtol=1e-13, rtol=1e-15))
        except (ValueError, RuntimeError):
            return float("nan")

    return lambda cases: [solve(c) for c in cases]


def statsmodels_t(alternative):
    def values(cases):
        import warnings

        from statsmodels.stats.power import TTestIndPower

        def one(c):
            alpha = c["alpha"] if alternative == "two-sided" else float(tail(c))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = TTestIndPower().solve_power(
                    c["effect"], None, alpha, c["power"], ratio=c["ratio"], alternative=alternative
                )
            return float(np.squeeze(found))

        return [one(c) for c in cases]

    return values


def pwr_t(peer):
    return lambda cases: r_values(peer, [{"d": c["effect"], "tail": tail(c), "power": c["power"]} for c in cases])


def two_sided(draw):
    def drawn(d):
        c = draw(d)
        c["sides"] = c["request"]["sides"] = 2
        return c

    return drawn


def draw_margin_mean(d):
    sd, margin = d.log(0.1, 10), 1.0
    truth = d.rng.uniform(-0.5, 0.5)
    ratio = d.log(0.1, 10)
    request = {
        "kind": "mean", "baseline": 5, "treated": 5 + truth, "sd": sd, "margin_absolute": margin, "ratio": ratio,
        "direction": "increase", "test": "non-inferiority", "statistic": "student",
    }  # fmt: skip
    # The difference that the program sees, after rounding of the sum.
    truth = request["treated"] - 5
    return case({**d.errors(False), "sides": 1}, request, effect=(truth + margin) / sd, truth=truth, sd=sd, ratio=ratio)


def rpact_means(cases):
    return r_values(
        "rpact-means",
        [
            {"null": -1, "difference": c["truth"], "sd": c["sd"], "ratio": c["ratio"], "tail": tail(c), "power": c["power"]}
            for c in cases
        ],
    )


def draw_pairs(d, extreme=True):
    effect = d.log(1e-3, 1.5)
    return case(d.errors(extreme), {"kind": "paired-mean", "sd_difference": 1, "mde_absolute": effect}, effect=effect, unit=1)


def paired(c, n):
    return n - 1, mp.mpf(c["effect"]) * mp.sqrt(n)


def draw_noncentral(d):
    """Power of a paired t anywhere: 1.1 to 1e9 degrees of freedom, noncentralities to 38, alpha to 1e-9."""
    n = 1 + d.log(1.1, 1e9)
    alpha = d.log(1e-9, 0.3)
    critical = stats.t.isf(alpha, n - 1)
    ncp = min(38.0, max(0.05, critical * d.log(0.2, 3)))
    effect = ncp / math.sqrt(n)
    errors = {"alpha": alpha, "sides": 1}
    return case(errors, {"kind": "paired-mean", "sd_difference": 1, "mde_absolute": effect, "n": n}, effect=effect, n=n)


def scipy_noncentral(cases):
    def one(c):
        df = c["n"] - 1
        return stats.nct.sf(stats.t.isf(c["alpha"], df), df, c["effect"] * math.sqrt(c["n"]))

    return [one(c) for c in cases]


def right_noncentral(c):
    return exact.t_power(c["alpha"], mp.mpf(c["n"]) - 1, mp.mpf(c["effect"]) * mp.sqrt(mp.mpf(c["n"])))


def draw_equivalence(d):
    margin = d.log(0.05, 2)
    truth = margin * d.rng.uniform(-0.8, 0.8)
    errors = {"alpha": d.log(1e-6, 0.2), "sides": 1}
    # From hardly any power to nearly all of it.
    n = 2 * ((stats.norm.isf(errors["alpha"]) + d.rng.uniform(-0.5, 3)) / (margin - abs(truth))) ** 2
    n = max(3.0, n)
    request = {
        "kind": "mean", "baseline": 0, "treated": truth, "sd": 1, "margin_absolute": margin, "test": "equivalence",
        "statistic": "student", "n": n,
    }  # fmt: skip
    return case(errors, request, truth=truth, margin=margin, n=n)


def scipy_equivalence(cases):
    return [
        exact.tost_power(c["truth"], c["margin"], math.sqrt(2 / c["n"]), 2 * c["n"] - 2, c["alpha"]) for c in cases
    ]


def draw_clusters(d):
    effect, icc, m, cv = d.log(0.02, 1), d.log(1e-4, 0.5), d.log(2, 1000), d.rng.uniform(0, 1)
    request = {
        "kind": "cluster-mean", "sd": 1, "mde_absolute": effect, "icc": icc, "cluster_size": m, "size_cv": cv,
    }  # fmt: skip
    effect_per_cluster = effect / math.sqrt((1 + ((cv * cv + 1) * m - 1) * icc) / m)
    return case(d.errors(), request, effect=effect_per_cluster)


def clusters(c, k):
    return 2 * (k - 1), mp.mpf(c["effect"]) * mp.sqrt(k / 2)


# --- pairs, ratios, rates, events, quantiles, preferences ----------------------------------------------------------


def draw_mcnemar(d):
    psi = d.log(1e-6, 0.9)
    difference = psi * d.log(1e-3, 0.9)
    only = ((psi - difference) / 2, (psi + difference) / 2)
    request = {"kind": "paired-proportion", "only_control": only[0], "only_treated": only[1]}
    return case(d.errors(), request, only=only)


def right_mcnemar(c):
    a, b = ab(c)
    first, second = (mp.mpf(x) for x in c["only"])
    psi, diff = first + second, second - first
    return (a * mp.sqrt(psi) + b * mp.sqrt(psi - diff**2)) ** 2 / diff**2


def draw_ratio_metric(d):
    mx, my = d.log(0.01, 100), d.log(0.01, 100)
    sx, sy = mx * d.log(0.1, 10), my * d.log(0.1, 10)
    rho, lift, ratio = d.rng.uniform(-0.95, 0.95), d.log(1e-3, 1), d.ratio()
    request = {
        "kind": "ratio", "numerator_mean": mx, "numerator_sd": sx, "denominator_mean": my, "denominator_sd": sy,
        "correlation": rho, "mde_relative": lift, "ratio": ratio,
    }  # fmt: skip
    return case(d.errors(), request, parts=(mx, sx, my, sy, rho), lift=lift, ratio=ratio)


def right_ratio_metric(c):
    a, b = ab(c)
    mx, sx, my, sy, rho = (mp.mpf(x) for x in c["parts"])
    value = mx / my
    variance = (sx**2 - 2 * value * rho * sx * sy + value**2 * sy**2) / my**2
    return (a + b) ** 2 * variance * (1 + 1 / mp.mpf(c["ratio"])) / (value * mp.mpf(c["lift"])) ** 2


def draw_rates(d):
    rate, lift = d.log(1e-4, 100), d.one_of(-0.9, 2.0) * d.log(1e-3, 1)
    exposure, k, ratio = d.log(0.1, 100), d.one_of(0.0, d.log(0.01, 10)), d.ratio()
    treated = rate * (1 + lift)
    request = {
        "kind": "count", "baseline": rate, "treated": treated, "exposure": exposure, "dispersion": k, "ratio": ratio,
        "null_variance": d.one_of("truth", "pooled"),
    }  # fmt: skip
    return case(d.errors(), request, rates=(rate, treated), exposure=exposure, k=k, ratio=ratio)


def right_rates(c):
    a, b = ab(c)
    l0, l1 = (mp.mpf(x) for x in c["rates"])
    t, k, r = mp.mpf(c["exposure"]), mp.mpf(c["k"]), mp.mpf(c["ratio"])
    variance = lambda x, y: 1 / (t * x) + k + (1 / (t * y) + k) / r
    null = variance(l0, l1)
    if c["request"]["null_variance"] == "pooled":
        pooled = (l0 + r * l1) / (1 + r)
        null = variance(pooled, pooled)
    return (a * mp.sqrt(null) + b * mp.sqrt(variance(l0, l1))) ** 2 / mp.log(l1 / l0) ** 2


def draw_rates_power(d):
    c = draw_rates(d)
    c["request"]["n"] = c["n"] = float(right_rates(c)) * d.log(0.5, 2)
    del c["request"]["power"]
    return c


def statsmodels_rates(cases):
    from statsmodels.stats.rates import power_negbin_ratio_2indep as power

    def one(c):
        # Its first sample is treatment here; larger or smaller by the sign of the effect.
        l0, l1 = c["rates"]
        method = "alt" if c["request"]["null_variance"] == "truth" else "ftotal"
        return power(
            l1, l0, nobs1=c["n"] * c["ratio"], nobs_ratio=1 / c["ratio"], exposure=c["exposure"], alpha=float(tail(c)),
            dispersion=c["k"], alternative="larger" if l1 > l0 else "smaller", method_var=method, return_results=False,
        )  # fmt: skip

    return [one(c) for c in cases]


def right_rates_power(c):
    a, _ = exact.z_upper(tail(c)), None
    full = {**c, "power": 0.5}
    l0, l1 = (mp.mpf(x) for x in c["rates"])
    t, k, r, n = mp.mpf(c["exposure"]), mp.mpf(c["k"]), mp.mpf(c["ratio"]), mp.mpf(c["n"])
    variance = lambda x, y: 1 / (t * x) + k + (1 / (t * y) + k) / r
    null = variance(l0, l1)
    if full["request"]["null_variance"] == "pooled":
        pooled = (l0 + r * l1) / (1 + r)
        null = variance(pooled, pooled)
    return mp.ncdf((abs(mp.log(l1 / l0)) * mp.sqrt(n) - a * mp.sqrt(null)) / mp.sqrt(variance(l0, l1)))


def draw_events(d):
    hazard_ratio, ratio = 1 - d.log(1e-3, 0.9), d.log(0.05, 20)
    formula = d.one_of("schoenfeld", "freedman")
    request = {"kind": "time-to-event", "hazard_ratio": hazard_ratio, "ratio": ratio, "events_formula": formula}
    return case(d.errors(False), request, hazard_ratio=hazard_ratio, ratio=ratio, formula=formula)


def right_events(c):
    a, b = ab(c)
    h, r = mp.mpf(c["hazard_ratio"]), mp.mpf(c["ratio"])
    if c["formula"] == "freedman":
        return (a + b) ** 2 * (1 + r * h) ** 2 / (r * (1 - h) ** 2)
    return (a + b) ** 2 * (1 + r) ** 2 / (r * mp.log(h) ** 2)


def rpact_events(cases):
    # Its hazards are those of group 1 over group 2 and a benefit of group 1 is a ratio above or below 1 alike.
    rows = [
        {
            "hazard_ratio": c["hazard_ratio"], "ratio": c["ratio"], "tail": tail(c), "power": c["power"],
            "freedman": float(c["formula"] == "freedman"),
        }
        for c in cases
    ]  # fmt: skip
    return r_values("rpact-events", rows)


def draw_quantile(d):
    q, sigma, lift, ratio = d.one_of(0.5, 0.9, 0.95, 0.99, 0.999), d.log(0.05, 3), d.log(1e-3, 1), d.ratio()
    request = {
        "kind": "quantile", "quantile": q, "baseline": 1, "log_sd": sigma, "mde_relative": lift, "ratio": ratio,
    }  # fmt: skip
    return case(d.errors(), request, q=q, sigma=sigma, lift=lift, ratio=ratio)


def scipy_quantile(cases):
    def one(c):
        a, b = (float(x) for x in ab(c))
        values = stats.lognorm(c["sigma"])
        x = values.ppf(c["q"])
        variance = c["q"] * (1 - c["q"]) / (values.pdf(x) * x) ** 2
        return (a + b) ** 2 * variance * (1 + 1 / c["ratio"]) / math.log1p(c["lift"]) ** 2

    return [one(c) for c in cases]


def draw_exact_sign(d):
    wins, n = d.rng.uniform(0.51, 0.95), d.whole(5, 5000)
    errors = {"alpha": d.log(1e-5, 0.2), "sides": d.one_of(1, 2)}
    return case(errors, {"kind": "preference", "win_rate": wins, "statistic": "exact", "n": n}, wins=wins, n=n)


def scipy_sign(cases):
    def one(c):
        critical = stats.binom.isf(float(tail(c)), c["n"], 0.5) + 1
        power = stats.binom.sf(critical - 1, c["n"], c["wins"])
        if c["sides"] == 2:
            power += stats.binom.sf(critical - 1, c["n"], 1 - c["wins"])
        return power

    return [one(c) for c in cases]


def draw_eval(d):
    between, within, k, effect = d.log(1e-3, 1), d.log(1e-4, 1), d.whole(1, 20), d.log(1e-3, 0.5)
    request = {
        "kind": "eval", "between_variance": between, "within_variance": within, "repeats": k, "mde_absolute": effect,
    }  # fmt: skip
    return case(d.errors(), request, parts=(between, within, k, effect))


def right_eval(c):
    a, b = ab(c)
    between, within, k, effect = (mp.mpf(x) for x in c["parts"])
    return (a + b) ** 2 * (between + 2 * within / k) / effect**2


# --- several arms, several looks -----------------------------------------------------------------------------------


def draw_dunnett(d, realistic=False):
    arms = d.whole(2, 4) if realistic else d.whole(2, 20)
    ratio = d.log(0.2, 5) if realistic else d.log(1e-2, 1e2)
    alpha = d.log(1e-3, 0.2) if realistic else d.log(1e-9, 0.3)
    errors = {"alpha": alpha, "sides": d.one_of(1, 2), "power": 0.8}
    request = {"kind": "mean", "sd": 1, "mde_absolute": 0.1, "statistic": "z", "arms": arms, "ratio": ratio}
    return case(errors, request, arms=arms, ratio=ratio)


def critical(answer):
    return answer["level"]["critical_value"]


def scipy_dunnett(cases):
    def one(c):
        log_alpha = math.log(c["alpha"])
        gap = lambda x: math.log(exact.dunnett_any(x, c["ratio"], c["arms"], c["sides"])) - log_alpha
        top = stats.norm.isf(c["alpha"] / c["sides"] / c["arms"])
        low = stats.norm.isf(c["alpha"] / c["sides"])
        return optimize.brentq(gap, low - 1e-6, top + 1e-6, xtol=1e-13, rtol=1e-14)

    return [one(c) for c in cases]


def mvtnorm_dunnett(cases):
    rows = [{key: c[key] for key in ("alpha", "sides", "arms", "ratio")} for c in cases]
    return r_values("mvtnorm-critical", rows)


SPENDING = ["obrien-fleming", "pocock", "hwang-shih-decani", "kim-demets", "wang-tsiatis", "haybittle-peto"]
PARAMETER = [None, None, "gamma", "rho", "delta", "interim_z"]


def draw_looks(d, most=10, shapes=6):
    shape = d.whole(0, shapes - 1)
    parameter = [None, None, d.rng.uniform(-8, 4), d.rng.uniform(0.5, 6), d.rng.uniform(-0.2, 0.5), d.rng.uniform(2.8, 4)][shape]
    errors = {"alpha": d.log(5e-3, 0.1), "sides": d.one_of(1, 2), "power": d.rng.uniform(0.6, 0.98)}
    looks = d.whole(2, most)
    request = {"kind": "mean", "sd": 1, "mde_absolute": 0.1, "statistic": "z", "looks": looks, "spending": SPENDING[shape]}
    if parameter is not None:
        request[PARAMETER[shape]] = parameter
    return case(errors, request, shape=shape, parameter=parameter, looks=looks)


def inflation(answer):
    return next(step["factor"] for step in answer["adjustments"] if step["name"] == "looks")


def rpact_inflation(cases):
    rows = [
        {
            "type": c["shape"] + 1, "looks": c["looks"], "alpha": c["alpha"], "power": c["power"], "sides": c["sides"],
            "parameter": 0 if c["parameter"] is None else c["parameter"],
        }
        for c in cases
    ]  # fmt: skip
    return r_values("rpact-inflation", rows)


def simpson_inflation(cases):
    """Bounds and drift by root finding on the Simpson walk, look by look."""

    def one(c):
        kind, parameter, alpha = SPENDING[c["shape"]], c["parameter"], float(tail(c))
        looks = [(k + 1) / c["looks"] for k in range(c["looks"])]
        bounds, before = [], 0.0
        for k, t in enumerate(looks):
            total = exact.spent(kind, parameter, alpha, t)
            walk = exact.Walk(looks[: k + 1], 0.0, POINTS)
            step = total - before
            gap = lambda z: math.log(max(walk.crossing(bounds + [z], c["sides"])[-1], 1e-300) / step)
            bounds.append(optimize.brentq(gap, 0.0, 12.0, xtol=1e-10))
            before = total
        fixed = stats.norm.isf(alpha) + stats.norm.ppf(c["power"])
        gap = lambda theta: sum(exact.Walk(looks, theta, POINTS).crossing(bounds, c["sides"])) - c["power"]
        return (optimize.brentq(gap, fixed * 0.99, fixed * 1.6, xtol=1e-10) / fixed) ** 2

    return [one(c) for c in cases]


POINTS = 801


def spending_only(d):
    return draw_looks(d, most=5, shapes=4)


DESIGNS = [
    Design("two proportions, pooled", "formula at 30 digits", draw_proportions, lambda cs: [float(right_pooled(c)) for c in cs],
           of_value(right_pooled)),
    Design("two proportions, pooled", "statsmodels samplesize_proportions_2indep_onetail", lambda d: draw_proportions(d, 1e-6),
           statsmodels_pooled, of_value(right_pooled)),
    Design("two proportions, pooled", "rpact getSampleSizeRates", lambda d: draw_proportions(d, 1e-4, False), rpact_rates,
           of_value(right_pooled), share=0.15, needs="rpact"),
    Design("two proportions, unpooled", "statsmodels normal_sample_size_one_tail",
           lambda d: draw_proportions(d, variance="unpooled"), statsmodels_unpooled, of_value(right_unpooled)),
    Design("two proportions, smallest effect", "formula at 30 digits, inverted", draw_smallest,
           lambda cs: [c["change"] for c in cs], lambda c, value: value / c["change"] - 1,
           answer=lambda a: abs(a["effect"]["absolute"])),
    Design("proportions, non-inferiority (Farrington-Manning)", "cubic at 60 digits", draw_margin,
           lambda cs: [float(right_farrington_manning(c)) for c in cs], of_value(right_farrington_manning)),
    Design("proportions, non-inferiority (Farrington-Manning)", "rpact getSampleSizeRates",
           lambda d: draw_margin(d, 1e-3, False), rpact_rates, of_value(right_farrington_manning), share=0.15, needs="rpact"),
    Design("proportions, relative margin", "formula at 30 digits", draw_relative_margin,
           lambda cs: [float(right_relative_margin(c)) for c in cs], of_value(right_relative_margin)),
    Design("two means, Student", "scipy nct and brentq", above_floor(draw_means, 4), scipy_t(student), of_power(power_at(student)), arbitrated=20),
    Design("two means, Student", "statsmodels TTestIndPower, one tail", above_floor(draw_means, 4), statsmodels_t("larger"),
           of_power(power_at(student)), arbitrated=20),
    Design("two means, Student", "statsmodels TTestIndPower, two-sided as by default",
           two_sided(above_floor(lambda d: draw_means(d, extreme=False), 4)), statsmodels_t("two-sided"), of_power(power_at(student)), arbitrated=20),
    Design("two means, Student", "pwr pwr.t.test, one tail", above_floor(lambda d: draw_means(d, extreme=False, equal=True), 4), pwr_t("pwr-t"),
           of_power(power_at(student)), arbitrated=20, needs="pwr"),
    Design("two means, Student", "pwr pwr.t.test, two-sided as by default",
           two_sided(above_floor(lambda d: draw_means(d, extreme=False, equal=True), 4)), pwr_t("pwr-t-default"), of_power(power_at(student)),
           arbitrated=20, needs="pwr"),
    Design("two means, Welch", "scipy nct and brentq", above_floor(lambda d: draw_means(d, "welch"), 40), scipy_t(welch), of_power(power_at(welch)),
           arbitrated=20),
    Design("two means, non-inferiority", "rpact getSampleSizeMeans", above_floor(draw_margin_mean, 10), rpact_means, of_power(power_at(student)),
           arbitrated=20, share=0.15, needs="rpact"),
    Design("two means, equivalence (exact TOST)", "adaptive quadrature (scipy)", draw_equivalence, scipy_equivalence,
           of_value(lambda c: exact.tost_power_exact(c["truth"], c["margin"], c["n"], c["alpha"])), arbitrated=20, answer=lambda a: a["power"], share=0.5),
    Design("paired t", "scipy nct and brentq", above_floor(draw_pairs, 3), scipy_t(paired), of_power(power_at(paired)), arbitrated=20),
    Design("paired t", "pwr pwr.t.test, one tail", above_floor(lambda d: draw_pairs(d, False), 3), pwr_t("pwr-paired"), of_power(power_at(paired)),
           arbitrated=20, needs="pwr"),
    Design("noncentral t, power", "scipy nct", draw_noncentral, scipy_noncentral, of_value(right_noncentral),
           answer=lambda a: a["power"], arbitrated=40),
    Design("cluster means", "scipy nct and brentq", above_floor(draw_clusters, 4), scipy_t(clusters), of_power(power_at(clusters)), arbitrated=20),
    Design("paired proportions (McNemar)", "formula at 30 digits", draw_mcnemar, lambda cs: [float(right_mcnemar(c)) for c in cs],
           of_value(right_mcnemar)),
    Design("ratio metric", "formula at 30 digits", draw_ratio_metric, lambda cs: [float(right_ratio_metric(c)) for c in cs],
           of_value(right_ratio_metric)),
    Design("rates, Poisson and negative binomial", "formula at 30 digits", draw_rates, lambda cs: [float(right_rates(c)) for c in cs],
           of_value(right_rates)),
    Design("rates, power", "statsmodels power_negbin_ratio_2indep", draw_rates_power, statsmodels_rates, of_value(right_rates_power),
           answer=lambda a: a["power"]),
    Design("quantile, log-normal", "scipy lognorm", draw_quantile, scipy_quantile),
    Design("events (Schoenfeld, Freedman)", "rpact getSampleSizeSurvival", draw_events, rpact_events, of_value(right_events),
           share=0.15, needs="rpact"),
    Design("preferences, exact power", "scipy binom", draw_exact_sign, scipy_sign, answer=lambda a: a["power"]),
    Design("evaluations (Miller)", "formula at 30 digits", draw_eval, lambda cs: [float(right_eval(c)) for c in cs],
           of_value(right_eval)),
    Design("Dunnett critical value", "adaptive quadrature (scipy)", draw_dunnett, scipy_dunnett, answer=critical, share=0.1),
    Design("Dunnett critical value", "mvtnorm pmvnorm (Miwa)", lambda d: draw_dunnett(d, True), mvtnorm_dunnett, answer=critical,
           share=0.05, needs="mvtnorm"),
    Design("group sequential, inflation", "Simpson's rule on a fixed grid", spending_only, simpson_inflation, answer=inflation,
           share=0.01),
    Design("group sequential, inflation", "rpact getDesignGroupSequential", draw_looks, rpact_inflation, answer=inflation,
           share=0.1, needs="rpact"),
]
