"""What is right: the defining equations of each design at 30 digits, or by an algorithm unlike the one under test."""

import math

import mpmath as mp
import numpy as np
from scipy import integrate, stats

mp.mp.dps = 30


def z_upper(tail):
    """z with P(Z > z) = tail."""
    with mp.workdps(60):
        return +(mp.sqrt(2) * mp.erfinv(1 - 2 * mp.mpf(tail)))


def z_power(power):
    return z_upper(1 - mp.mpf(power))


def tail(case):
    return mp.mpf(case["alpha"]) / case["sides"]


def ab(case):
    return z_upper(tail(case)), z_power(case["power"])


def pooled(p0, p1, r, a, b):
    """Fleiss, Tytun & Ury 1980: units in control."""
    p0, p1, r = mp.mpf(p0), mp.mpf(p1), mp.mpf(r)
    bar = (p0 + r * p1) / (1 + r)
    null = mp.sqrt((1 + 1 / r) * bar * (1 - bar))
    truth = mp.sqrt(p0 * (1 - p0) + p1 * (1 - p1) / r)
    return ((a * null + b * truth) / (p1 - p0)) ** 2


def unpooled(p0, p1, r, a, b):
    p0, p1, r = mp.mpf(p0), mp.mpf(p1), mp.mpf(r)
    return (a + b) ** 2 * (p0 * (1 - p0) + p1 * (1 - p1) / r) / (p1 - p0) ** 2


def farrington_manning(p0, p1, r, margin, a, b):
    """Restricted estimates by the textbook cubic, at 60 digits so that its cancellation does no harm. Increase is good."""
    with mp.workdps(60):
        p0, p1, r, s = mp.mpf(p0), mp.mpf(p1), mp.mpf(r), -mp.mpf(margin)
        # Likelihood equation in the treated proportion p1~, p0~ = p1~ - s; theta = n0/n1 (Farrington & Manning, appendix).
        theta = 1 / r
        qa = 1 + theta
        qb = -(1 + theta + p1 + theta * p0 + s * (theta + 2))
        qc = s * s + s * (2 * p1 + theta + 1) + p1 + theta * p0
        qd = -p1 * s * (1 + s)
        v = qb**3 / (27 * qa**3) - qb * qc / (6 * qa**2) + qd / (2 * qa)
        u = mp.sign(v) * mp.sqrt(qb**2 / (9 * qa**2) - qc / (3 * qa))
        w = (mp.pi + mp.acos(max(-1, min(1, v / u**3)))) / 3
        x1 = 2 * u * mp.cos(w) - qb / (3 * qa)
        x0 = x1 - s
        null = mp.sqrt(x0 * (1 - x0) + x1 * (1 - x1) / r)
        truth = mp.sqrt(p0 * (1 - p0) + p1 * (1 - p1) / r)
        return ((a * null + b * truth) / (p1 - p0 - s)) ** 2


def t_power(critical_tail, df, ncp):
    """P(T(df, ncp) > t) with P(T(df) > t) = critical_tail, by the integral over the chi density at 30 digits.

    The critical value itself is found at 30 digits from the regularised beta function.
    """
    df, ncp = mp.mpf(df), mp.mpf(ncp)
    t = t_upper(critical_tail, df)
    return nct_sf(t, df, ncp)


def t_upper(q, df):
    """Upper quantile of t by Newton on the incomplete beta function."""
    q, df = mp.mpf(q), mp.mpf(df)
    start = stats.t.isf(float(q), float(df))
    t = mp.mpf(start)
    for _ in range(60):
        f = mp.log(t_sf(t, df) / q)
        slope = -t_pdf(t, df) / t_sf(t, df)
        step = f / slope
        t -= step
        if abs(step) < abs(t) * mp.mpf(10) ** -26:
            break
    return t


def t_pdf(t, df):
    return mp.exp(mp.loggamma((df + 1) / 2) - mp.loggamma(df / 2)) / mp.sqrt(df * mp.pi) * (1 + t * t / df) ** (-(df + 1) / 2)


def t_sf(t, df):
    if df > 1e5:
        return nct_sf(t, df, mp.mpf(0))
    return mp.betainc(df / 2, mp.mpf(1) / 2, 0, df / (df + t * t), regularized=True) / 2


def nct_sf(t, df, ncp):
    """∫ Φ(ncp − t s) f(s) ds, f the density of a chi with df over √df."""
    log_c = mp.log(2) + df / 2 * mp.log(df / 2) - mp.loggamma(df / 2)
    spread = 1 / mp.sqrt(2 * df)
    low, high = max(mp.mpf(0), 1 - 14 * spread), 1 + 16 * spread

    def density(s):
        if s == 0:
            return mp.mpf(0)
        return mp.exp(log_c + (df - 1) * mp.log(s) - df * s * s / 2)

    step = (high - low) / 16
    edges = {low + step * i for i in range(17)}
    # Where a far critical value makes the normal factor a step.
    edges |= {(ncp + k) / t for k in (-12, -6, -3, 0, 3, 6, 12) if t > 0}
    edges = sorted(edge for edge in edges if low <= edge <= high)
    return mp.quad(lambda s: mp.ncdf(ncp - t * s) * density(s), edges)


def tost_power(difference, margin, se, df, alpha):
    """Both one-sided tests reject: the difference of two Owen Q integrals, by adaptive quadrature."""
    t = stats.t.isf(alpha, df)
    top = margin / (t * se)
    log_c = math.log(2) + df / 2 * math.log(df / 2) - math.lgamma(df / 2)

    def f(s):
        upper = stats.norm.cdf((margin - difference) / se - t * s)
        lower = stats.norm.cdf((-margin - difference) / se + t * s)
        return max(upper - lower, 0.0) * math.exp(log_c + (df - 1) * math.log(s) - df * s * s / 2)

    spread = 1 / math.sqrt(2 * df)
    low, high = max(1e-300, 1 - 12 * spread), min(top, 1 + 14 * spread)
    if high <= low:
        return 0.0
    edges = np.linspace(low, high, 9)
    return sum(integrate.quad(f, a, b, epsabs=1e-15, epsrel=1e-13, limit=200)[0] for a, b in zip(edges, edges[1:]))


def tost_power_exact(difference, margin, n, alpha):
    """The same for two arms of n units with standard deviation 1, at 30 digits."""
    n = mp.mpf(n)
    df, se = 2 * n - 2, mp.sqrt(2 / n)
    t = t_upper(alpha, df)
    high, low = (mp.mpf(margin) - difference) / se, (-mp.mpf(margin) - difference) / se
    log_c = mp.log(2) + df / 2 * mp.log(df / 2) - mp.loggamma(df / 2)
    spread = 1 / mp.sqrt(2 * df)
    first, last = max(mp.mpf(10) ** -30, 1 - 14 * spread), min((high - low) / (2 * t), 1 + 16 * spread)
    if last <= first:
        return mp.mpf(0)
    step = (last - first) / 16

    def f(s):
        return (mp.ncdf(high - t * s) - mp.ncdf(low + t * s)) * mp.exp(log_c + (df - 1) * mp.log(s) - df * s * s / 2)

    return mp.quad(f, [first + step * i for i in range(17)])


def dunnett_any(c, ratio, arms, sides):
    """P(any statistic beyond c) without effect, the equicorrelated normal integral by adaptive quadrature."""
    b = math.sqrt(ratio / (1 + ratio))
    rest = math.sqrt(1 - b * b)

    def f(u):
        q = stats.norm.cdf((b * u - c) / rest)
        if sides == 2:
            q += stats.norm.cdf((-b * u - c) / rest)
        return -math.expm1(arms * math.log1p(-min(q, 1 - 1e-16))) * stats.norm.pdf(u)

    edges = np.linspace(-12, 12, 25)
    return sum(integrate.quad(f, a, b, epsabs=0, epsrel=1e-12, limit=200)[0] for a, b in zip(edges, edges[1:]))


class Walk:
    """Sub-densities of a group-sequential statistic on an evenly spaced grid of the score scale, by Simpson's rule.

    Unlike the quadrature under test: fixed grid, score scale, no change of measure.
    """

    def __init__(self, looks, drift, points=4001):
        self.looks, self.drift, self.points = looks, drift, points

    def crossing(self, bounds, sides):
        """Upper crossing probability of each look; two-sided designs stop at the lower bound as well."""
        probabilities, grid, density, before = [], None, None, 0.0
        for t, bound in zip(self.looks, bounds):
            gap = t - before
            sd, mean = math.sqrt(gap), self.drift * gap
            upper = min(bound, 40.0) * math.sqrt(t)
            centre, spread = self.drift * t, 10 * math.sqrt(t)
            low = max(-upper, centre - spread) if sides == 2 else centre - spread
            high = min(upper, centre + spread)
            new = np.linspace(low, high, self.points)
            if grid is None:
                probabilities.append(stats.norm.sf((upper - mean) / sd))
                density = stats.norm.pdf(new, mean, sd)
            else:
                tails = stats.norm.sf((upper - grid - mean) / sd)
                probabilities.append(integrate.simpson(tails * density, x=grid))
                weights = simpson_weights(self.points, grid[1] - grid[0])
                kernel = np.exp(-0.5 * ((new[:, None] - grid[None, :] - mean) / sd) ** 2) / (sd * math.sqrt(2 * math.pi))
                density = kernel @ (weights * density)
            grid, before = new, t
        return probabilities


def simpson_weights(points, step):
    weights = np.ones(points)
    weights[1:-1:2], weights[2:-1:2] = 4, 2
    return weights * step / 3


def spent(kind, parameter, alpha, t):
    """A spending function at an information fraction."""
    if t >= 1:
        return alpha
    if kind == "obrien-fleming":
        return 2 * stats.norm.sf(stats.norm.isf(alpha / 2) / math.sqrt(t))
    if kind == "pocock":
        return alpha * math.log1p((math.e - 1) * t)
    if kind == "hwang-shih-decani":
        return alpha * t if parameter == 0 else alpha * math.expm1(-parameter * t) / math.expm1(-parameter)
    return alpha * t**parameter
