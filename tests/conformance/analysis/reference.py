"""Writes tests/analysis/reference.json: what scipy, statsmodels and plain definitions say of a set of results.

    python3 -m venv venv && venv/bin/pip install numpy==1.26.4 scipy==1.17.1 statsmodels==0.15.0
    venv/bin/python tests/conformance/analysis/reference.py > tests/analysis/reference.json

A case is a spec, its results without the digest, and expected numbers of the verdict, each with who says so. Nothing here
uses abide. Where no tool has the method, the number follows from its definition by a general-purpose root finder.
"""

import json
import sys
import warnings

import numpy as np
import scipy
import statsmodels
from scipy import integrate, optimize, stats
from statsmodels.stats import contingency_tables, multitest, proportion, rates, weightstats

warnings.simplefilter("ignore")
rng = np.random.default_rng(20270111)
CASES = []
STATSMODELS = f"statsmodels {statsmodels.__version__}"
SCIPY = f"scipy {scipy.__version__}"


def spec(metrics, arms=("control", "treatment"), design='kind = "parallel"', extra=""):
    text = f'edition = 1\n[experiment]\nid = "reference"\n[design]\nunit = "user"\n{design}\n'
    for arm in arms:
        text += f"[arms.{arm}]\n"
    for name, lines in metrics.items():
        text += f"[metrics.{name}]\n{lines}\n"
    return text + extra


def case(name, spec_text, metrics, expected, counts=None, look=None):
    arms = counts or {"control": {"assigned": 1000}, "treatment": {"assigned": 1000}}
    results = {
        "schema": "abide.results/1",
        "experiment": "reference",
        "from": "2027-01-11",
        "to": "2027-01-31",
        "arms": arms,
        "metrics": metrics,
    }
    if look:
        results["look"] = look
    rows = [
        {"at": at, "value": float(value), "tolerance": tolerance, "by": by} for at, value, tolerance, by in expected
    ]
    CASES.append({"name": name, "spec": spec_text, "results": results, "expected": rows})


def at(metric, field, arm=0):
    return f"/metrics/{metric}/comparisons/{arm}/{field}"


def sums(values):
    return {"n": len(values), "sum": float(values.sum()), "sum_squares": float((values**2).sum())}


# --- proportions -----------------------------------------------------------------------------------------------------



def restricted_statistic(x0, n0, x1, n1, difference):
    """The score statistic of Farrington & Manning: restricted estimates by the root of the score.

    statsmodels 0.15.0 (`score_test_proportions_2indep`) has the cubic's linear coefficient with events of control times the
    squared difference where units of control belong, so it agrees with this at a difference of 0 only.
    """

    def score(v):
        u = v + difference
        return (x0 - n0 * v) * u * (1 - u) + (x1 - n1 * u) * v * (1 - v)

    v = optimize.brentq(score, max(0.0, -difference) + 1e-15, min(1.0, 1.0 - difference) - 1e-15, xtol=1e-16)
    u = v + difference
    return (x1 / n1 - x0 / n0 - difference) / np.sqrt(v * (1 - v) / n0 + u * (1 - u) / n1)


x0, n0, x1, n1 = 412, 8000, 487, 7900
p0, p1 = x0 / n0, x1 / n1
arms = {"arms": {"control": {"n": n0, "sum": x0}, "treatment": {"n": n1, "sum": x1}}}
primary = 'role = "primary"\nkind = "proportion"\ndirection = "increase"\nbaseline = { value = 0.05 }\n'
z, p = proportion.proportions_ztest([x1, x0], [n1, n0])
low, high = [
    optimize.brentq(
        lambda d: restricted_statistic(x0, n0, x1, n1, d) - side * stats.norm.isf(0.025), *bracket, xtol=1e-15
    )
    for side, bracket in [(1, (-0.05, p1 - p0)), (-1, (p1 - p0, 0.05))]
]
ratio_low, ratio_high = [
    optimize.brentq(
        lambda r: ((p1 - r * p0) ** 2 / (p1 * (1 - p1) / n1 + r * r * p0 * (1 - p0) / n0)) - stats.norm.isf(0.025) ** 2,
        *bracket,
        xtol=1e-14,
    )
    for bracket in [(0.5, p1 / p0), (p1 / p0, 3)]
]
case(
    "a proportion by the pooled test and its score interval",
    spec({"m": primary + "mde = { absolute = 0.005 }"}),
    {"m": arms},
    [
        (at("m", "p"), p, 1e-10, f"{STATSMODELS}, proportions_ztest"),
        (at("m", "absolute/estimate"), p1 - p0, 1e-14, "definition"),
        (at("m", "absolute/lower"), low, 1e-8, f"{SCIPY}, brentq on the restricted score"),
        (at("m", "absolute/upper"), high, 1e-8, f"{SCIPY}, brentq on the restricted score"),
        (at("m", "relative/lower"), ratio_low - 1, 1e-10, f"{SCIPY}, brentq on the contrast"),
        (at("m", "relative/upper"), ratio_high - 1, 1e-10, f"{SCIPY}, brentq on the contrast"),
    ],
)

low, high = proportion.confint_proportions_2indep(x1, n1, x0, n0, method="wald", compare="diff", correction=False)
case(
    "a proportion with each arm's own variance",
    spec({"m": primary + "mde = { absolute = 0.005 }"}, extra='[statistics]\nproportion_variance = "unpooled"\n'),
    {"m": arms},
    [
        (at("m", "absolute/lower"), low, 1e-10, f"{STATSMODELS}, confint_proportions_2indep, wald"),
        (at("m", "absolute/upper"), high, 1e-10, f"{STATSMODELS}, confint_proportions_2indep, wald"),
    ],
)

guardrail = 'role = "guardrail"\nkind = "proportion"\ndirection = "decrease"\nbaseline = { value = 0.05 }\n'
worse = {"arms": {"control": {"n": n0, "sum": 405}, "treatment": {"n": n1, "sum": 431}}}
q0, q1 = 405 / n0, 431 / n1
restricted = stats.norm.cdf(restricted_statistic(405, n0, 431, n1, 0.01))
weight = 1 + 0.15
contrast = (q1 - weight * q0) / np.sqrt(q1 * (1 - q1) / n1 + weight**2 * q0 * (1 - q0) / n0)
case(
    "non-inferiority of a proportion, less is better",
    spec({"absolute": guardrail + "margin = { absolute = 0.01 }", "relative": guardrail + "margin = { relative = 0.15 }"}),
    {"absolute": worse, "relative": worse},
    [
        (at("absolute", "p"), restricted, 1e-9, f"{SCIPY}, brentq on the restricted score"),
        (at("relative", "p"), stats.norm.cdf(contrast), 1e-12, f"{SCIPY}, norm, contrast with V1 + w² V0"),
    ],
)

# --- means -----------------------------------------------------------------------------------------------------------

a = rng.gamma(2.0, 3.0, 700)
b = rng.gamma(2.1, 3.3, 500)
mean = 'kind = "mean"\nbaseline = { value = 6.0, sd = 4.2 }\n'
means = {"arms": {"control": sums(a), "treatment": sums(b)}}
welch = stats.ttest_ind(b, a, equal_var=False)
low, high = weightstats.CompareMeans(weightstats.DescrStatsW(b), weightstats.DescrStatsW(a)).tconfint_diff(
    usevar="unequal"
)


def welch_contrast(w):
    """Estimate, standard error and degrees of freedom of mean(b) - w mean(a)."""
    v1, v0 = b.var(ddof=1) / len(b), w * w * a.var(ddof=1) / len(a)
    df = (v1 + v0) ** 2 / (v1**2 / (len(b) - 1) + v0**2 / (len(a) - 1))
    return b.mean() - w * a.mean(), np.sqrt(v1 + v0), df


def fieller(side):
    def distance(ratio):
        estimate, se, df = welch_contrast(ratio)
        return estimate - side * stats.t.isf(0.025, df) * se

    return optimize.brentq(distance, 0.2, 5.0, xtol=1e-14)


estimate, se, df = welch_contrast(1 - 0.10)
tost = weightstats.ttost_ind(b, a, -1.5, 1.5, usevar="unequal")
case(
    "means by Welch's test, with a relative margin and an equivalence margin",
    spec(
        {
            "up": f'role = "primary"\ndirection = "increase"\n{mean}mde = {{ relative = 0.05 }}',
            "not_down": f'role = "guardrail"\ndirection = "increase"\n{mean}margin = {{ relative = 0.10 }}',
            "same": f'role = "guardrail"\ntest = "equivalence"\ndirection = "increase"\n{mean}margin = {{ absolute = 1.5 }}',
        }
    ),
    {"up": means, "not_down": means, "same": means},
    [
        (at("up", "p"), welch.pvalue, 1e-9, f"{SCIPY}, ttest_ind, unequal variances"),
        (at("up", "absolute/lower"), low, 1e-9, f"{STATSMODELS}, tconfint_diff, unequal"),
        (at("up", "absolute/upper"), high, 1e-9, f"{STATSMODELS}, tconfint_diff, unequal"),
        (at("up", "relative/lower"), fieller(1) - 1, 1e-9, f"{SCIPY}, brentq on the contrast with its own df"),
        (at("up", "relative/upper"), fieller(-1) - 1, 1e-9, f"{SCIPY}, brentq on the contrast with its own df"),
        (at("not_down", "p"), stats.t.sf(estimate / se, df), 1e-9, f"{SCIPY}, t, contrast with V1 + w² V0"),
        (at("same", "p"), tost[0], 1e-9, f"{STATSMODELS}, ttost_ind, unequal"),
    ],
)

import statsmodels.api as sm  # noqa: E402

c0 = rng.normal(10, 4, 900)
c1 = rng.normal(10.2, 4, 850)
y0 = 0.6 * c0 + rng.normal(0, 3, 900)
y1 = 0.6 * c1 + rng.normal(0.5, 3, 850)
ancova = sm.OLS(
    np.r_[y0, y1], np.c_[np.ones(1750), np.r_[np.zeros(900), np.ones(850)], np.r_[c0, c1]]
).fit()
theta = ancova.params[2]
adjusted = stats.ttest_ind(y1 - theta * c1, y0 - theta * c0, equal_var=False)


def with_covariate(y, c):
    return sums(y) | {
        "covariate_sum": float(c.sum()),
        "covariate_sum_squares": float((c**2).sum()),
        "covariate_cross_sum": float((c * y).sum()),
    }


case(
    "a mean adjusted by a covariate",
    spec(
        {
            "m": 'role = "primary"\nkind = "mean"\ndirection = "increase"\nbaseline = { value = 6.0, sd = 3.8 }\n'
            'mde = { absolute = 0.4 }\nvariance_reduction = { covariate = "before", correlation = 0.6, source = "aa" }'
        }
    ),
    {"m": {"arms": {"control": with_covariate(y0, c0), "treatment": with_covariate(y1, c1)}}},
    [
        (at("m", "absolute/estimate"), ancova.params[1], 1e-9, f"{STATSMODELS}, OLS with a common slope"),
        (at("m", "p"), adjusted.pvalue, 1e-9, f"{SCIPY}, ttest_ind of values less the slope times the covariate"),
    ],
)

# --- ratios, counts, rates --------------------------------------------------------------------------------------------

d0, d1 = 1 + rng.poisson(3, 1200), 1 + rng.poisson(3, 1100)
t0, t1 = rng.binomial(d0, 0.30).astype(float), rng.binomial(d1, 0.33).astype(float)


def linearised(top, bottom):
    """The ratio of sums and the values whose mean has its variance (delta method)."""
    ratio = top.sum() / bottom.sum()
    return ratio, (top - ratio * bottom) / bottom.mean()


def ratio_sums(top, bottom):
    return sums(top) | {
        "denominator_sum": float(bottom.sum()),
        "denominator_sum_squares": float((bottom**2).sum()),
        "denominator_cross_sum": float((top * bottom).sum()),
    }


(r0, u0), (r1, u1) = linearised(t0, d0), linearised(t1, d1)
delta = stats.ttest_ind(u1 + r1, u0 + r0, equal_var=False)
interval = delta.confidence_interval(0.95)
v0, v1 = u0.var(ddof=1) / len(u0) / r0**2, u1.var(ddof=1) / len(u1) / r1**2
rate_z = np.log(r1 / r0) / np.sqrt(v0 + v1)
ratio_arms = {"arms": {"control": ratio_sums(t0, d0), "treatment": ratio_sums(t1, d1)}}
case(
    "a ratio of sums and a rate from the same sums",
    spec(
        {
            "ratio": 'role = "primary"\nkind = "ratio"\ndirection = "increase"\nbaseline = { value = 0.3, cv = 1.0 }\nmde = { absolute = 0.02 }',
            "rate": 'role = "secondary"\nkind = "rate"\ndirection = "increase"\nbaseline = { value = 0.3 }',
        }
    ),
    {"ratio": ratio_arms, "rate": ratio_arms},
    [
        (at("ratio", "absolute/estimate"), r1 - r0, 1e-12, "definition"),
        (at("ratio", "p"), delta.pvalue, 1e-9, f"{SCIPY}, ttest_ind of linearised values"),
        (at("ratio", "absolute/lower"), interval.low, 1e-9, f"{SCIPY}, ttest_ind of linearised values"),
        (at("ratio", "absolute/upper"), interval.high, 1e-9, f"{SCIPY}, ttest_ind of linearised values"),
        (at("rate", "p"), 2 * stats.norm.sf(abs(rate_z)), 1e-9, f"{SCIPY}, norm, log of the ratio"),
    ],
)

poisson = rates.test_poisson_2indep(268, 1400.0, 221, 1350.0, method="wald-log", compare="ratio")
low, high = rates.confint_poisson_2indep(268, 1400.0, 221, 1350.0, method="wald-log", compare="ratio")
k0, k1 = rng.negative_binomial(1.5, 0.4, 800), rng.negative_binomial(1.5, 0.37, 820)
counts_z = np.log(k1.mean() / k0.mean()) / np.sqrt(
    k0.var(ddof=1) / len(k0) / k0.mean() ** 2 + k1.var(ddof=1) / len(k1) / k1.mean() ** 2
)
dispersed_z = np.log((268 / 1400) / (221 / 1350)) / np.sqrt(1 / 268 + 1 / 221 + 0.8 / 1400 + 0.8 / 1350)
case(
    "rates and counts by their logarithms",
    spec(
        {
            "poisson": 'role = "primary"\nkind = "rate"\ndirection = "increase"\nbaseline = { value = 0.16 }\nmde = { relative = 0.2 }',
            "dispersed": 'role = "secondary"\nkind = "rate"\ndirection = "increase"\nbaseline = { value = 0.16, dispersion = 0.8 }',
            "counts": 'role = "secondary"\nkind = "count"\ndirection = "increase"\nbaseline = { value = 2.2, dispersion = 0.7 }',
        }
    ),
    {
        "poisson": {"arms": {"control": {"events": 221, "exposure": 1350.0}, "treatment": {"events": 268, "exposure": 1400.0}}},
        "dispersed": {
            "arms": {
                "control": {"n": 1350, "events": 221, "exposure": 1350.0},
                "treatment": {"n": 1400, "events": 268, "exposure": 1400.0},
            }
        },
        "counts": {"arms": {"control": sums(k0), "treatment": sums(k1)}},
    },
    [
        (at("poisson", "p"), poisson.pvalue, 1e-10, f"{STATSMODELS}, test_poisson_2indep, wald-log"),
        (at("poisson", "relative/lower"), low - 1, 1e-10, f"{STATSMODELS}, confint_poisson_2indep, wald-log"),
        (at("poisson", "relative/upper"), high - 1, 1e-10, f"{STATSMODELS}, confint_poisson_2indep, wald-log"),
        (at("dispersed", "p"), 2 * stats.norm.sf(abs(dispersed_z)), 1e-10, f"{SCIPY}, norm, variance 1/events + k/n"),
        (at("counts", "p"), 2 * stats.norm.sf(abs(counts_z)), 1e-9, f"{SCIPY}, norm, units' own variance"),
    ],
)

# --- quantiles, time to event, preference ------------------------------------------------------------------------------

quantile_z = (np.log(1.92 / 1.80) - np.log(1.10)) / np.hypot(0.011, 0.012)
ordered_se = np.hypot(np.log(1.84 / 1.77), np.log(1.97 / 1.88)) / (2 * stats.norm.isf(0.025))
latency = 'kind = "quantile"\nquantile = 0.95\nunit = "s"\ndirection = "decrease"\nbaseline = { value = 1.8, log_sd = 0.6 }\n'
case(
    "a quantile on the log scale",
    spec(
        {
            "margin": f'role = "guardrail"\n{latency}margin = {{ relative = 0.10 }}',
            "ordered": f'role = "secondary"\n{latency}',
        }
    ),
    {
        "margin": {
            "arms": {
                "control": {"quantile": {"value": 1.80, "log_standard_error": 0.011}},
                "treatment": {"quantile": {"value": 1.92, "log_standard_error": 0.012}},
            }
        },
        "ordered": {
            "arms": {
                "control": {"quantile": {"value": 1.80, "bounds": {"lower": 1.77, "upper": 1.84, "confidence": 0.95}}},
                "treatment": {"quantile": {"value": 1.92, "bounds": {"lower": 1.88, "upper": 1.97, "confidence": 0.95}}},
            }
        },
    },
    [
        (at("margin", "p"), stats.norm.cdf(quantile_z), 1e-10, f"{SCIPY}, norm on the log scale"),
        (at("ordered", "p"), 2 * stats.norm.sf(np.log(1.92 / 1.80) / ordered_se), 1e-10, f"{SCIPY}, norm on the log scale"),
    ],
)

group = np.r_[np.zeros(600), np.ones(600)]
times = rng.exponential(1 / np.where(group == 1, 0.13, 0.10))
seen = times < 14
cox = sm.PHReg(np.minimum(times, 14), group[:, None], status=seen.astype(int), ties="breslow").fit()
cox_low, cox_high = np.exp(cox.conf_int()[0]) - 1
case(
    "a hazard ratio",
    spec(
        {
            "m": 'role = "primary"\nkind = "time_to_event"\ndirection = "increase"\nwindow = "14d"\n'
            "baseline = { value = 0.75 }\nmde = { relative = 0.2 }"
        }
    ),
    {
        "m": {
            "comparisons": {
                "treatment": {
                    "hazard": {
                        "log_ratio": float(cox.params[0]),
                        "standard_error": float(cox.bse[0]),
                        "events": int(seen.sum()),
                    }
                }
            }
        }
    },
    [
        (at("m", "p"), cox.pvalues[0], 1e-10, f"{STATSMODELS}, PHReg"),
        (at("m", "relative/lower"), cox_low, 1e-9, f"{STATSMODELS}, PHReg"),
        (at("m", "relative/upper"), cox_high, 1e-9, f"{STATSMODELS}, PHReg"),
    ],
)

wins, losses = 1312, 1188
low, high = proportion.proportion_confint(wins, wins + losses, method="wilson")
_, sign_p = proportion.proportions_ztest(wins, wins + losses, value=0.5, prop_var=0.5)
case(
    "preferences on decided comparisons",
    spec(
        {
            "m": 'role = "primary"\nkind = "preference"\ndirection = "increase"\nbaseline = { value = 0.5, ties = 0.35 }\nmde = { absolute = 0.02 }'
        },
        design='kind = "interleaving"\nalgorithm = "team-draft"\ncredit = "click"',
    ),
    {"m": {"comparisons": {"treatment": {"preference": {"wins": wins, "losses": losses, "ties": 900}}}}},
    [
        (at("m", "p"), sign_p, 1e-10, f"{STATSMODELS}, proportions_ztest, null variance"),
        (at("m", "absolute/lower"), low - 0.5, 1e-10, f"{STATSMODELS}, proportion_confint, wilson"),
        (at("m", "absolute/upper"), high - 0.5, 1e-10, f"{STATSMODELS}, proportion_confint, wilson"),
    ],
)

# --- pairs ------------------------------------------------------------------------------------------------------------

table = {"both": 310, "only_control": 64, "only_arm": 97, "neither": 529}
total = sum(table.values())


def paired_statistic(difference):
    """The score statistic of a paired difference, its restricted estimate by maximising the likelihood."""
    only_control, only_arm = table["only_control"], table["only_arm"]
    rest = total - only_control - only_arm

    def loss(q):
        p, other = q + difference, 1 - 2 * q - difference
        if min(q, p, other) <= 0:
            return 1e12
        return -(only_control * np.log(q) + only_arm * np.log(p) + rest * np.log(other))

    low = max(0.0, -difference)
    q = optimize.minimize_scalar(loss, bounds=(low, (1 - difference) / 2), method="bounded", options={"xatol": 1e-13}).x
    variance = (2 * q + difference - difference**2) / total
    return ((only_arm - only_control) / total - difference) / np.sqrt(variance)


paired_low, paired_high = [
    optimize.brentq(lambda d: paired_statistic(d) - side * stats.norm.isf(0.025), *bracket, xtol=1e-12)
    for side, bracket in [(1, (-0.2, 0.03)), (-1, (0.03, 0.3))]
]
mcnemar = contingency_tables.mcnemar(
    [[table["both"], table["only_control"]], [table["only_arm"], table["neither"]]], exact=False, correction=False
)
u, v = rng.normal(5, 2, 400), None
v = 0.6 * u + rng.normal(2.1, 1.5, 400)
paired_t = stats.ttest_rel(v, u)
paired_margin = stats.ttest_1samp(v - 0.95 * u, 0, alternative="greater")
difference = v - u
case(
    "pairs of outcomes and of values",
    spec(
        {
            "outcome": 'role = "primary"\nkind = "proportion"\ndirection = "increase"\nbaseline = { value = 0.37 }\ncorrelation = 0.6\nmde = { absolute = 0.03 }',
            "value": 'role = "secondary"\nkind = "mean"\ndirection = "increase"\nbaseline = { value = 5, sd = 2 }\ncorrelation = 0.6',
            "margin": 'role = "guardrail"\nkind = "mean"\ndirection = "increase"\nbaseline = { value = 5, sd = 2 }\ncorrelation = 0.6\nmargin = { relative = 0.05 }',
        },
        design='kind = "paired"\nmode = "replay"',
    ),
    {
        "outcome": {"comparisons": {"treatment": {"pairs": table}}},
        "value": {
            "comparisons": {
                "treatment": {
                    "differences": {"n": 400, "mean": float(difference.mean()), "sd": float(difference.std(ddof=1))}
                }
            }
        },
        "margin": {
            "comparisons": {
                "treatment": {
                    "differences": {
                        "n": 400,
                        "mean": float(difference.mean()),
                        "sd": float(difference.std(ddof=1)),
                        "control_mean": float(u.mean()),
                        "control_sd": float(u.std(ddof=1)),
                        "arm_sd": float(v.std(ddof=1)),
                    }
                }
            }
        },
    },
    [
        (at("outcome", "p"), mcnemar.pvalue, 1e-10, f"{STATSMODELS}, mcnemar without correction"),
        (at("outcome", "absolute/lower"), paired_low, 1e-7, f"{SCIPY}, brentq on the maximised likelihood"),
        (at("outcome", "absolute/upper"), paired_high, 1e-7, f"{SCIPY}, brentq on the maximised likelihood"),
        (at("value", "p"), paired_t.pvalue, 1e-9, f"{SCIPY}, ttest_rel"),
        (at("margin", "p"), paired_margin.pvalue, 1e-9, f"{SCIPY}, ttest_1samp of arm less .95 control"),
    ],
)

# --- several arms and primaries ---------------------------------------------------------------------------------------

three = {
    "control": sums(rng.normal(10, 3, 900)),
    "short": sums(rng.normal(10.4, 3, 600)),
    "long": sums(rng.normal(10.25, 3, 600)),
}


def moments(arm):
    n, total_, squares = arm["n"], arm["sum"], arm["sum_squares"]
    return total_ / n, np.sqrt((squares - total_**2 / n) / (n - 1)), n


raw = [stats.ttest_ind_from_stats(*moments(three[arm]), *moments(three["control"]), equal_var=False).pvalue for arm in ("short", "long")]


def dunnett(p, loading):
    """P(any of two |Z| with correlation b² is beyond the two-sided point of p), by quadrature."""
    c = stats.norm.isf(p / 2)
    scale = np.sqrt(1 - loading**2)

    def none(x):
        inside = stats.norm.cdf((c - loading * x) / scale) - stats.norm.cdf((-c - loading * x) / scale)
        return inside**2 * stats.norm.pdf(x)

    return 1 - integrate.quad(none, -9, 9, epsabs=1e-14, limit=500)[0]


loading = np.sqrt((2 / 3) / (1 + 2 / 3))
weights = "[arms.control]\nweight = 3\n[arms.short]\nweight = 2\n[arms.long]\nweight = 2\n"
several = 'role = "primary"\nkind = "mean"\ndirection = "increase"\nbaseline = { value = 10, sd = 3 }\nmde = { absolute = 0.5 }'
counts = {"control": {"assigned": 900}, "short": {"assigned": 600}, "long": {"assigned": 600}}
case(
    "two arms by Dunnett's correction",
    spec({"m": several}, arms=(), extra=weights),
    {"m": {"arms": three}},
    [
        (at("m", "p", arm), raw[arm], 1e-9, f"{SCIPY}, ttest_ind_from_stats") for arm in (0, 1)
    ]
    + [
        (at("m", "p_adjusted", arm), dunnett(raw[arm], loading), 1e-8, f"{SCIPY}, quad over the common control")
        for arm in (0, 1)
    ],
    counts=counts,
)
holm_arms = multitest.multipletests(raw, method="holm")[1]
case(
    "two arms by Holm's correction",
    spec({"m": several}, arms=(), extra=weights + '[statistics]\nmultiplicity = { arms = "holm" }\n'),
    {"m": {"arms": three}},
    [
        (at("m", "p_adjusted", arm), holm_arms[arm], 1e-9, f"{STATSMODELS}, multipletests, holm") for arm in (0, 1)
    ],
    counts=counts,
)
events = {"one": (310, 371), "two": (298, 352), "three": (305, 322)}
holm = multitest.multipletests(
    [proportion.proportions_ztest([t, c], [4000, 4000])[1] for c, t in events.values()], method="holm"
)[1]
case(
    "three primaries by Holm's correction",
    spec(
        {name: 'role = "primary"\nkind = "proportion"\ndirection = "increase"\nbaseline = { value = 0.075 }\nmde = { relative = 0.2 }' for name in events},
        extra='[statistics]\nmultiplicity = { metrics = "holm" }\n',
    ),
    {
        name: {"arms": {"control": {"n": 4000, "sum": c}, "treatment": {"n": 4000, "sum": t}}}
        for name, (c, t) in events.items()
    },
    [
        (at(name, "p_adjusted"), adjusted_p, 1e-10, f"{STATSMODELS}, multipletests, holm")
        for name, adjusted_p in zip(events, holm)
    ],
)

# --- looks ------------------------------------------------------------------------------------------------------------

effect = {"comparisons": {"treatment": {"effect": {"scale": "absolute", "estimate": 0.5, "standard_error": 0.2}}}}
looked = 'role = "primary"\nkind = "mean"\ndirection = "increase"\nbaseline = { value = 10, sd = 3 }\nmde = { absolute = 0.5 }'
spent = 2 * stats.norm.sf(stats.norm.isf(0.025 / 2) / np.sqrt(0.4))
first = stats.norm.isf(spent)
case(
    "the first look of a group sequential design",
    spec(
        {"m": looked},
        extra='[statistics]\nsequential = { method = "group", spending = "obrien-fleming", looks = [0.4, 1.0] }\n',
    ),
    {"m": effect},
    [
        (at("m", "absolute/lower"), 0.5 - first * 0.2, 1e-9, f"{SCIPY}, norm at the alpha spent at .4"),
        (at("m", "absolute/upper"), 0.5 + first * 0.2, 1e-9, f"{SCIPY}, norm at the alpha spent at .4"),
    ],
    look={"number": 1},
)
later = optimize.brentq(
    lambda c: stats.multivariate_normal.cdf(
        [first, c], mean=[0, 0], cov=[[1, np.sqrt(0.4)], [np.sqrt(0.4), 1]], abseps=1e-12, releps=1e-12, maxpts=10**7
    )
    - (1 - 0.025),
    1.5,
    3,
    xtol=1e-10,
)
case(
    "the last look of a group sequential design",
    spec(
        {"m": looked},
        extra='[statistics]\nsequential = { method = "group", spending = "obrien-fleming", looks = [0.4, 1.0] }\n',
    ),
    {"m": effect},
    [(at("m", "absolute/lower"), 0.5 - later * 0.2, 1e-6, f"{SCIPY}, bivariate normal")],
    look={"number": 2, "information": 1.0},
)
tau, variance = 0.3, 0.04
half = np.sqrt(variance * (variance + tau**2) / tau**2 * (2 * np.log(1 / 0.05) + np.log((variance + tau**2) / variance)))
case(
    "a mixture sequential test",
    spec({"m": looked}, extra=f'[statistics]\nsequential = {{ method = "msprt", tau = {tau} }}\n'),
    {"m": effect},
    [(at("m", "absolute/lower"), 0.5 - half, 1e-12, "Johari et al. 2022, the interval written out")],
    look={"information": 0.5},
)

# --- judge and health --------------------------------------------------------------------------------------------------

se_, sp_ = 0.93, 0.96
j = se_ + sp_ - 1
s0, s1 = 900 / 4000, 780 / 4000
gap = (s1 - s0) / j
of_j = se_ * (1 - se_) / 200 + sp_ * (1 - sp_) / 250
judged = np.sqrt(s0 * (1 - s0) / 4000 + s1 * (1 - s1) / 4000 + gap**2 * of_j) / j
case(
    "a proportion seen by a judge that errs",
    spec(
        {
            "m": 'role = "primary"\nkind = "proportion"\ndirection = "decrease"\nbaseline = { value = 0.2, scale = "true" }\nmde = { absolute = 0.02 }\n'
            "judge = { sensitivity = 0.93, specificity = 0.96, positives = 200, negatives = 250 }"
        }
    ),
    {"m": {"arms": {"control": {"n": 4000, "sum": 900}, "treatment": {"n": 4000, "sum": 780}}}},
    [
        (at("m", "control"), (s0 - (1 - sp_)) / j, 1e-12, "Rogan & Gladen 1978, written out"),
        (at("m", "absolute/estimate"), gap, 1e-12, "Rogan & Gladen 1978, written out"),
        (at("m", "absolute/standard_error"), judged, 1e-12, "delta method, written out"),
    ],
)
loss = stats.chi2_contingency([[9610, 390], [9701, 499]], correction=False)
ratio = stats.chisquare([10000, 10200], [10100, 10100])
case(
    "sample ratio and exposure loss",
    spec({"m": primary + "mde = { absolute = 0.005 }"}),
    {"m": arms},
    [
        ("/quality/checks/0/p", ratio.pvalue, 1e-10, f"{SCIPY}, chisquare"),
        ("/quality/checks/1/p", loss.pvalue, 1e-10, f"{SCIPY}, chi2_contingency"),
    ],
    counts={"control": {"assigned": 10000, "exposed": 9610}, "treatment": {"assigned": 10200, "exposed": 9701}},
)

EXACT = '[statistics]\nproportion_test = "exact"\n'
rare = 'role = "primary"\nkind = "proportion"\ndirection = "increase"\nbaseline = { value = 0.01 }\nmde = { absolute = 0.02 }\n'
few = {"arms": {"control": {"n": 400, "sum": 3}, "treatment": {"n": 420, "sum": 14}}}
# Each side on its own, twice: the two-sided p-value of R and scipy adds tables of the other side by their probability.
fisher = 2 * stats.fisher_exact([[14, 420 - 14], [3, 400 - 3]], alternative="greater").pvalue
case(
    "few events by Fisher's exact test",
    spec({"m": rare}, extra=EXACT),
    {"m": few},
    [(at("m", "p"), fisher, 1e-12, f"{SCIPY}, fisher_exact, one-sided")],
)
discordant = {"both": 20, "only_control": 3, "only_arm": 12, "neither": 165}
case(
    "few discordant pairs by McNemar's exact test",
    spec({"m": rare + "correlation = 0.5"}, design='kind = "paired"\nmode = "replay"', extra=EXACT),
    {"m": {"comparisons": {"treatment": {"pairs": discordant}}}},
    [
        (
            at("m", "p"),
            contingency_tables.mcnemar([[20, 3], [12, 165]], exact=True).pvalue,
            1e-12,
            f"{STATSMODELS}, mcnemar, exact",
        )
    ],
)
case(
    "few preferences by the exact sign test",
    spec(
        {
            "m": 'role = "primary"\nkind = "preference"\ndirection = "increase"\nbaseline = { value = 0.5, ties = 0 }\nmde = { absolute = 0.2 }'
        },
        design='kind = "interleaving"\nalgorithm = "team-draft"\ncredit = "click"',
        extra=EXACT,
    ),
    {"m": {"comparisons": {"treatment": {"preference": {"wins": 19, "losses": 7, "ties": 0}}}}},
    [(at("m", "p"), stats.binomtest(19, 26).pvalue, 1e-12, f"{SCIPY}, binomtest")],
)

# --- units that are alike: covariates of ratios, clusters, repeats, pairs of counts and ratios ---------------------------

CLUSTERS = 'kind = "cluster"\nanalysis_unit = "query"\ncluster = { unit = "user", mean_size = 4 }'
PAIRED = 'kind = "paired"\nmode = "replay"'


def adjusted_ratio(control, treatment, over_sizes):
    """CUPED of a ratio: the linear parts of the ratios regressed on those of the covariate, one slope, arm means out."""
    parts = []
    for top, bottom, covariate in (control, treatment):
        ratio, part = linearised(top, bottom)
        if over_sizes:
            level, before = linearised(covariate, bottom)
        else:
            level, before = covariate.mean(), covariate - covariate.mean()
        parts.append((ratio, part, level, before))
    (ratio_c, part_c, level_c, before_c), (ratio_t, part_t, level_t, before_t) = parts
    before, part = np.r_[before_c, before_t], np.r_[part_c, part_t]
    slope = sm.OLS(part, before).fit().params[0]
    rest_c, rest_t = part_c - slope * before_c, part_t - slope * before_t
    shift = (ratio_t - slope * level_t) - (ratio_c - slope * level_c)
    test = stats.ttest_ind(rest_t + shift, rest_c, equal_var=False)
    return shift, test.pvalue


def with_ratio_covariate(top, bottom, covariate):
    return ratio_sums(top, bottom) | {
        "covariate_sum": float(covariate.sum()),
        "covariate_sum_squares": float((covariate**2).sum()),
        "covariate_cross_sum": float((covariate * top).sum()),
        "covariate_denominator_cross_sum": float((covariate * bottom).sum()),
    }


def unit_of_sums(units, level, size):
    bottom = (1 + rng.poisson(size, units)).astype(float)
    before = rng.normal(3, 1, units)
    return (level + 0.1 * (before - 3)) * bottom + rng.normal(0, 0.5, units) * np.sqrt(bottom), bottom, before


a0, a1 = unit_of_sums(700, 1.0, 3), unit_of_sums(650, 1.05, 3)
REDUCED = 'variance_reduction = { covariate = "before", correlation = 0.4, source = "aa" }'
shift, p_value = adjusted_ratio(a0, a1, over_sizes=False)
case(
    "a ratio adjusted by a covariate of its units",
    spec({"m": f'role = "primary"\nkind = "ratio"\ndirection = "increase"\nbaseline = {{ value = 1, cv = 0.5 }}\nmde = {{ absolute = 0.05 }}\n{REDUCED}'}),
    {"m": {"arms": {"control": with_ratio_covariate(*a0), "treatment": with_ratio_covariate(*a1)}}},
    [
        (at("m", "absolute/estimate"), shift, 1e-9, f"{STATSMODELS}, OLS of linearised values"),
        (at("m", "p"), p_value, 1e-9, f"{SCIPY}, ttest_ind of what the regression leaves"),
    ],
)

# Clusters: the covariate of a cluster is a total over its units, as its value is.
b0, b1 = [(top, size, before * size) for top, size, before in (unit_of_sums(60, 1.0, 6), unit_of_sums(64, 1.1, 6))]
shift, p_value = adjusted_ratio(b0, b1, over_sizes=True)
case(
    "a mean in randomised clusters adjusted by a covariate",
    spec(
        {"m": f'role = "primary"\nkind = "mean"\ndirection = "increase"\nbaseline = {{ value = 1, sd = 0.6, icc = 0.02 }}\nmde = {{ absolute = 0.1 }}\n{REDUCED}'},
        design=CLUSTERS,
    ),
    {"m": {"arms": {"control": with_ratio_covariate(*b0), "treatment": with_ratio_covariate(*b1)}}},
    [
        (at("m", "absolute/estimate"), shift, 1e-9, f"{STATSMODELS}, OLS of linearised values"),
        (at("m", "p"), p_value, 1e-9, f"{SCIPY}, ttest_ind of what the regression leaves"),
    ],
)

s0, s1 = rng.normal(1.0, 5, 900), rng.normal(1.8, 5, 880)
composite = stats.ttest_ind(s1, s0, equal_var=False)
PARTS = {
    "a": 'role = "diagnostic"\nkind = "proportion"\ndirection = "increase"\nbaseline = { value = 0.2 }',
    "b": 'role = "diagnostic"\nkind = "mean"\ndirection = "decrease"\nbaseline = { value = 2, sd = 3 }',
}
case(
    "a composite, one number per unit",
    spec(
        {
            "m": 'role = "primary"\nkind = "composite"\ndirection = "increase"\nmde = { absolute = 1 }\n'
            'components = [{ metric = "a", weight = 0.7, scale = 0.1 }, { metric = "b", weight = 0.3, scale = 0.5 }]\n'
            'baseline = { correlations = [{ between = ["a", "b"], value = 0 }] }'
        }
        | PARTS
    ),
    {"m": {"arms": {"control": sums(s0), "treatment": sums(s1)}}},
    [
        (at("m", "absolute/estimate"), s1.mean() - s0.mean(), 1e-10, "definition"),
        (at("m", "p"), composite.pvalue, 1e-9, f"{SCIPY}, ttest_ind"),
    ],
)

REPEATED = 'repeat_correlation = 0.5'
e0, e1 = rng.binomial(3, rng.beta(2, 6, 500)) / 3, rng.binomial(3, rng.beta(2.6, 6, 520)) / 3
averages = stats.ttest_ind(e1, e0, equal_var=False)
case(
    "a proportion of repeats",
    spec(
        {"m": f'role = "primary"\nkind = "proportion"\ndirection = "increase"\nbaseline = {{ value = 0.25 }}\nmde = {{ absolute = 0.05 }}\n{REPEATED}'},
        design='kind = "parallel"\nrepeats = 3',
    ),
    {"m": {"arms": {"control": sums(e0), "treatment": sums(e1)}}},
    [(at("m", "p"), averages.pvalue, 1e-9, f"{SCIPY}, ttest_ind of the units' averages")],
)


def differences(control, treatment):
    """What is known of numbers of the same units."""
    return {
        "n": len(control),
        "mean": float(treatment.mean() - control.mean()),
        "sd": float((treatment - control).std(ddof=1)),
        "control_mean": float(control.mean()),
        "control_sd": float(control.std(ddof=1)),
        "arm_sd": float(treatment.std(ddof=1)),
    }


shared = rng.gamma(2.0, 1.0, 600)
f0, f1 = rng.poisson(shared).astype(float), rng.poisson(1.1 * shared).astype(float)
# The log of a ratio of means is the difference of linear parts over the means.
log_parts = f1 / f1.mean() - f0 / f0.mean()
log_z = np.log(f1.mean() / f0.mean()) / (log_parts.std(ddof=1) / np.sqrt(600))
case(
    "counts of the same units by their logarithms",
    spec(
        {"m": 'role = "primary"\nkind = "count"\ndirection = "increase"\nbaseline = { value = 2, dispersion = 0.5 }\nmde = { relative = 0.1 }\ncorrelation = 0.4'},
        design=PAIRED,
    ),
    {"m": {"comparisons": {"treatment": {"differences": differences(f0, f1)}}}},
    [
        (at("m", "relative/estimate"), f1.mean() / f0.mean() - 1, 1e-10, "definition"),
        (at("m", "p"), 2 * stats.norm.sf(abs(log_z)), 1e-9, f"{SCIPY}, norm, log of the ratio"),
    ],
)

g_top0, g_bottom0, _ = unit_of_sums(400, 1.0, 3)
g_bottom1 = g_bottom0 + rng.poisson(1, 400)
g_top1 = 1.05 * g_top0 / g_bottom0 * g_bottom1 + rng.normal(0, 0.3, 400)
(g_r0, g_u0), (g_r1, g_u1) = linearised(g_top0, g_bottom0), linearised(g_top1, g_bottom1)
paired_ratio = stats.ttest_rel(g_u1 + g_r1, g_u0 + g_r0)
case(
    "a ratio of the same units by their linear parts",
    spec(
        {"m": 'role = "primary"\nkind = "ratio"\ndirection = "increase"\nbaseline = { value = 1, cv = 0.5 }\nmde = { absolute = 0.05 }\ncorrelation = 0.4'},
        design=PAIRED,
    ),
    {"m": {"comparisons": {"treatment": {"differences": differences(g_u0 + g_r0, g_u1 + g_r1)}}}},
    [
        (at("m", "absolute/estimate"), g_r1 - g_r0, 1e-10, "definition"),
        (at("m", "p"), paired_ratio.pvalue, 1e-9, f"{SCIPY}, ttest_rel of linearised values"),
    ],
)

# A judge shrinks differences by J = .9 + .95 - 1, with no labels to be unsure of that.
h0 = rng.binomial(3, rng.beta(2, 6, 500)) / 3
h1 = np.clip(h0 + rng.choice([0, 0, 0, 1 / 3], 500), 0, 1)
judged = stats.ttest_rel(h1, h0)
judged_interval = judged.confidence_interval(0.95)
case(
    "averages over repeats of the same units, seen by a judge",
    spec(
        {
            "m": 'role = "primary"\nkind = "proportion"\ndirection = "increase"\nbaseline = { value = 0.25, scale = "true" }\nmde = { absolute = 0.05 }\n'
            f'correlation = 0.2\n{REPEATED}\njudge = {{ sensitivity = 0.9, specificity = 0.95 }}'
        },
        design=f"{PAIRED}\nrepeats = 3",
    ),
    {"m": {"comparisons": {"treatment": {"differences": differences(h0, h1)}}}},
    [
        (at("m", "absolute/estimate"), (h1.mean() - h0.mean()) / 0.85, 1e-10, "definition (Rogan & Gladen)"),
        (at("m", "absolute/lower"), judged_interval.low / 0.85, 1e-9, f"{SCIPY}, ttest_rel"),
        (at("m", "p"), judged.pvalue, 1e-9, f"{SCIPY}, ttest_rel"),
    ],
)

case(
    "a hazard ratio summed up over few clusters",
    spec(
        {"m": 'role = "primary"\nkind = "time_to_event"\ndirection = "increase"\nwindow = "28d"\nbaseline = { value = 0.3, icc = 0.02 }\nmde = { relative = 0.2 }'},
        design=CLUSTERS,
    ),
    {"m": {"comparisons": {"treatment": {"hazard": {"log_ratio": 0.21, "standard_error": 0.09, "degrees_of_freedom": 18}}}}},
    [(at("m", "p"), 2 * stats.t.sf(0.21 / 0.09, 18), 1e-10, f"{SCIPY}, t")],
)

# --- strata ----------------------------------------------------------------------------------------------------------


def over_strata(values, strata, treated):
    """Effect and standard error by least squares with an effect in each stratum: the coefficient of the treatment, strata being centred,
    with HC2 variances (Lin 2013, Annals of Applied Statistics 7:295), which are those of each arm and stratum on its own."""
    names = sorted(set(strata))
    dummies = np.column_stack([(strata == name).astype(float) for name in names[1:]])
    centred = dummies - dummies.mean(axis=0)
    design = np.column_stack([np.ones(len(values)), treated, centred, treated[:, None] * centred])
    fit = statsmodels.regression.linear_model.OLS(values, design).fit(cov_type="HC2")
    return fit.params[1], fit.bse[1]


own = np.random.default_rng(20270118)
strata = own.choice(np.array(["AT", "DE", "FR"]), 900, p=[0.2, 0.5, 0.3])
treated = (own.random(900) < 0.4).astype(float)
level = np.select([strata == "AT", strata == "DE"], [3.0, 9.0], 5.0)
amounts = own.gamma(2.0, (level + 0.4 * treated) / 2.0)
yes = (own.random(900) < level / 20 + 0.02 * treated).astype(float)


def by_stratum(values):
    return {
        name: {arm: sums(values[(strata == name) & (treated == side)]) for arm, side in (("control", 0), ("treatment", 1))}
        for name in ("AT", "DE", "FR")
    }


in_strata = 'stratification = { by = ["country"], strata = 3, explained = 0.2, source = "orders" }\n'
(effect, se), (points, se_points) = over_strata(amounts, strata, treated), over_strata(yes, strata, treated)
case(
    "arms compared within strata",
    spec({
        "m": 'role = "primary"\nkind = "mean"\ndirection = "increase"\nbaseline = { value = 6, sd = 5 }\nmde = { absolute = 0.5 }\n' + in_strata,
        "p": primary.replace("primary", "secondary") + in_strata,
    }),
    {"m": {"strata": by_stratum(amounts)}, "p": {"strata": by_stratum(yes)}},
    [
        (at("m", "absolute/estimate"), effect, 1e-10, f"{STATSMODELS}, OLS with an effect in each stratum"),
        (at("m", "absolute/standard_error"), se, 1e-10, f"{STATSMODELS}, its HC2 standard error"),
        (at("p", "absolute/estimate"), points, 1e-10, f"{STATSMODELS}, OLS with an effect in each stratum"),
        (at("p", "absolute/standard_error"), se_points, 1e-10, f"{STATSMODELS}, its HC2 standard error"),
    ],
)

# --- means of logarithms ---------------------------------------------------------------------------------------------


def log_sums(values):
    logs = np.log(values)
    return {
        "n": len(values),
        "log_sum": float(logs.sum()),
        "log_sum_squares": float((logs**2).sum()),
        "nonpositive": 0,
    }


w0, w1 = rng.lognormal(0.1, 0.6, 800), rng.lognormal(0.16, 0.75, 600)
geometric = 'kind = "mean"\nscale = "log"\nbaseline = { value = 1.1, log_sd = 0.65 }\n'
logs = {"arms": {"control": log_sums(w0), "treatment": log_sums(w1)}}
log_welch = stats.ttest_ind(np.log(w1), np.log(w0), equal_var=False)
log_low, log_high = log_welch.confidence_interval(0.95)
beaten = stats.ttest_ind(np.log(w1) - np.log(1.02), np.log(w0), equal_var=False)
kept = stats.ttest_ind(np.log(w1) - np.log(1.15), np.log(w0), equal_var=False, alternative="less")
log_tost = weightstats.ttost_ind(np.log(w1), np.log(w0), np.log(0.8), np.log(1.2), usevar="unequal")
case(
    "geometric means by Welch's test of the logarithms, with margins to beat, to keep and on both sides",
    spec(
        {
            "up": f'role = "primary"\ndirection = "increase"\n{geometric}mde = {{ relative = 0.05 }}',
            "not_up": f'role = "guardrail"\ndirection = "decrease"\n{geometric}margin = {{ relative = 0.15 }}',
            "same": f'role = "guardrail"\ntest = "equivalence"\ndirection = "increase"\n{geometric}margin = {{ relative = 0.2 }}',
        }
    ),
    {"up": logs, "not_up": logs, "same": logs},
    [
        (at("up", "p"), log_welch.pvalue, 1e-9, f"{SCIPY}, ttest_ind of logarithms, unequal variances"),
        (at("up", "relative/estimate"), stats.gmean(w1) / stats.gmean(w0) - 1, 1e-9, f"{SCIPY}, gmean"),
        (at("up", "relative/lower"), np.exp(log_low) - 1, 1e-9, f"{SCIPY}, confidence_interval of ttest_ind"),
        (at("up", "relative/upper"), np.exp(log_high) - 1, 1e-9, f"{SCIPY}, confidence_interval of ttest_ind"),
        (at("up", "control"), stats.gmean(w0), 1e-9, f"{SCIPY}, gmean"),
        (at("not_up", "p"), kept.pvalue, 1e-9, f"{SCIPY}, ttest_ind of logarithms less that of 1.15"),
        (at("same", "p"), log_tost[0], 1e-9, f"{STATSMODELS}, ttost_ind of logarithms, unequal"),
    ],
)
case(
    "a geometric mean that must beat a margin",
    spec(
        {
            "m": f'role = "primary"\ndirection = "increase"\n{geometric}mde = {{ relative = 0.05 }}\nmargin = {{ relative = 0.02 }}'
        }
    ),
    {"m": logs},
    [(at("m", "p"), beaten.pvalue, 1e-9, f"{SCIPY}, ttest_ind of logarithms less that of 1.02")],
)

lc0, lc1 = rng.normal(0, 1, 700), rng.normal(0.05, 1, 650)
lw0, lw1 = np.exp(0.3 * lc0 + rng.normal(0, 0.4, 700)), np.exp(0.3 * lc1 + rng.normal(0.06, 0.4, 650))
log_ancova = sm.OLS(
    np.log(np.r_[lw0, lw1]), np.c_[np.ones(1350), np.r_[np.zeros(700), np.ones(650)], np.r_[lc0, lc1]]
).fit()
log_theta = log_ancova.params[2]
log_adjusted = stats.ttest_ind(np.log(lw1) - log_theta * lc1, np.log(lw0) - log_theta * lc0, equal_var=False)


def log_with_covariate(values, c):
    return log_sums(values) | {
        "covariate_sum": float(c.sum()),
        "covariate_sum_squares": float((c**2).sum()),
        "log_covariate_cross_sum": float((c * np.log(values)).sum()),
    }


case(
    "a geometric mean adjusted by a covariate",
    spec(
        {
            "m": f'role = "primary"\ndirection = "increase"\n{geometric}mde = {{ relative = 0.05 }}\n'
            'variance_reduction = { covariate = "before", correlation = 0.6, source = "aa" }'
        }
    ),
    {"m": {"arms": {"control": log_with_covariate(lw0, lc0), "treatment": log_with_covariate(lw1, lc1)}}},
    [
        (at("m", "relative/estimate"), np.exp(log_ancova.params[1]) - 1, 1e-9, f"{STATSMODELS}, OLS of logarithms with a common slope"),
        (at("m", "p"), log_adjusted.pvalue, 1e-9, f"{SCIPY}, ttest_ind of logarithms less the slope times the covariate"),
    ],
)

pw0 = rng.lognormal(0.1, 0.5, 300)
pw1 = pw0**0.6 * rng.lognormal(0.08, 0.35, 300)
log_pairs = stats.ttest_rel(np.log(pw1), np.log(pw0))
log_pairs_interval = log_pairs.confidence_interval(0.95)
case(
    "geometric means of the same units",
    spec(
        {"m": f'role = "primary"\ndirection = "increase"\n{geometric}mde = {{ relative = 0.05 }}\ncorrelation = 0.6'},
        design=PAIRED,
    ),
    {
        "m": {
            "comparisons": {
                "treatment": {
                    "log_differences": {
                        "n": 300,
                        "mean": float((np.log(pw1) - np.log(pw0)).mean()),
                        "sd": float((np.log(pw1) - np.log(pw0)).std(ddof=1)),
                        "control_mean": float(np.log(pw0).mean()),
                        "nonpositive": 0,
                    }
                }
            }
        }
    },
    [
        (at("m", "p"), log_pairs.pvalue, 1e-9, f"{SCIPY}, ttest_rel of logarithms"),
        (at("m", "relative/lower"), np.exp(log_pairs_interval.low) - 1, 1e-9, f"{SCIPY}, ttest_rel of logarithms"),
        (at("m", "relative/upper"), np.exp(log_pairs_interval.high) - 1, 1e-9, f"{SCIPY}, ttest_rel of logarithms"),
    ],
)

json.dump(CASES, sys.stdout, indent=1)
sys.stdout.write("\n")
