#!/usr/bin/env python3
"""Writes tests/golden/scipy/stats.jsonl: what scipy and statsmodels make of the same numbers.

usage: stats_cases.py [FOLDER]     with a Python that has numpy, scipy, statsmodels

One case a line: {"f": function, ..., "want": [numbers], "tolerance": relative}. What no library
has (Tango's and Nam-Blackwelder's statistics, Fieller, BCa, group-sequential bounds) is computed here
from the papers' closed forms or by another numerical method than ours. NaN and infinities are
texts: JSON has none. Regenerate, do not edit."""

import json
import math
import random
import sys
from pathlib import Path

import numpy as np
import scipy
import scipy.special as special
import scipy.stats as st
import statsmodels
import statsmodels.api as sm
from scipy.optimize import brentq
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

SEED = 20261125
rng = np.random.default_rng(SEED)
rows = []


def plain(x):
    x = float(x)
    return x if math.isfinite(x) else str(x)


def case(f, want, tolerance=1e-9, **given):
    want = np.atleast_1d(np.asarray(want, dtype=float))
    rows.append({"f": f, **given, "want": [plain(w) for w in want], "tolerance": tolerance})


# ---- distributions -------------------------------------------------------------------------------
TIGHT = 1e-12
for x in [0, 1e-8, 1e-3, 0.1, 0.5, 1, 1.96, 3, 5, 8, 20, 36]:
    for s in (x, -x):
        case("normal_cdf", st.norm.cdf(s), TIGHT, x=[s])
        case("normal_sf", st.norm.sf(s), TIGHT, x=[s])
for p in [1e-300, 1e-100, 1e-20, 1e-8, 1e-3, 0.01, 0.05, 0.2, 0.25, 0.3, 0.49, 0.4999999, 0.5,
          0.6, 0.8, 0.975, 0.999, 1 - 1e-10]:
    case("normal_quantile", special.ndtri(p), TIGHT, x=[p])
for df in [1, 2, 3, 4.5, 7, 19, 30, 199, 1e4, 1e6]:
    for x in [0.01, 0.5, 1, 2, 5, 10, 30]:
        # scipy.stats.t.sf (1.15) itself is off by 1e-10 near 0; boost's incomplete beta is not
        sf = special.betainc(df / 2, 0.5, df / (df + x * x)) / 2
        if x * x < df:
            sf = special.betaincc(0.5, df / 2, x * x / (df + x * x)) / 2
        case("t_sf", sf, TIGHT, x=[x, df])
        case("t_cdf", sf, TIGHT, x=[-x, df])
    for p in [1e-12, 1e-3, 0.025, 0.1, 0.3, 0.45, 0.8, 0.975]:
        case("t_quantile", st.t.ppf(p, df), 1e-11, x=[p, df])
for df in [1, 2, 3, 10, 100, 1e4]:
    for x in [0.01 * df, 0.5 * df, df, 1.1 * df, 1.5 * df, df + 10]:
        case("chi2_sf", st.chi2.sf(x, df), 2e-12, x=[x, df])
        case("chi2_cdf", st.chi2.cdf(x, df), 2e-12, x=[x, df])
for _ in range(60):
    a, b = 10 ** rng.uniform(-1, 4, 2)
    x = float(rng.beta(a, b))
    case("beta_cdf", special.betainc(a, b, x), TIGHT, x=[x, a, b])
    case("beta_sf", special.betaincc(a, b, x), TIGHT, x=[x, a, b])
    n = int(10 ** rng.uniform(0, 4.5))
    p = float(rng.choice([0.5, rng.uniform(0.05, 0.95)]))
    k = int(np.clip(rng.normal(n * p, 3 * math.sqrt(n * p * (1 - p))), 0, n))
    case("binomial_pmf", st.binom.pmf(k, n, p), TIGHT, x=[k, n, p])
    case("binomial_cdf", st.binom.cdf(k, n, p), TIGHT, x=[k, n, p])
    case("binomial_sf", st.binom.sf(k, n, p), TIGHT, x=[k, n, p])

# ---- data ----------------------------------------------------------------------------------------


def binary_pair(n, base, lost, gained):
    a = (rng.random(n) < base).astype(float)
    b = np.where(a == 1, rng.random(n) >= lost, rng.random(n) < gained).astype(float)
    return a, b


def real_pair(n):
    a = rng.beta(2, 1, n)
    return a, np.clip(a + rng.normal(-0.02, 0.15, n), 0, 1)


def clusters_of(n, n_clusters):
    of = np.concatenate([np.arange(n_clusters), rng.integers(0, n_clusters, n - n_clusters)])
    return of.astype(int)


def ols(values, of=None, correction=True):
    """Mean and its error by a regression on a constant."""
    fit = sm.OLS(values, np.ones(len(values)))
    if of is None:
        fit = fit.fit()
    else:
        fit = fit.fit(cov_type="cluster", cov_kwds={"groups": of, "use_correction": correction})
    return float(fit.params[0]), float(fit.bse[0])


pairs = []
for n, base, lost, gained in [(20, 0.7, 0.1, 0.1), (60, 0.5, 0.2, 0.1), (120, 0.9, 0.03, 0.05)]:
    pairs.append((*binary_pair(n, base, lost, gained), None, True))
for n in (15, 80):
    pairs.append((*real_pair(n), None, False))
pairs.append((*binary_pair(90, 0.7, 0.15, 0.1), clusters_of(90, 12), True))
pairs.append((*real_pair(70), clusters_of(70, 9), False))


def given(a, b, of):
    made = {"base": a.tolist(), "other": b.tolist()}
    if of is not None:
        made["cluster"] = of.tolist()
    return made


def fieller(a, b, of, chance, confidence):
    """All theta that the t-test of b - c - theta (a - c) does not refuse, by root search."""
    df = (len(a) if of is None else len(set(of))) - 1
    critical = st.t.ppf(0.5 + confidence / 2, df)

    def beyond(theta):
        m, s = ols(b - chance - theta * (a - chance), of)
        return m * m - critical ** 2 * s * s

    r = (b.mean() - chance) / (a.mean() - chance)
    return (brentq(beyond, r - 3, r, xtol=1e-15, rtol=1e-14),
            brentq(beyond, r, r + 3, xtol=1e-15, rtol=1e-14))


def bca(a, b, of, chance, replicates, seed, confidence):
    """Efron's interval over CPython's own draws."""
    if of is None:
        table = np.stack([a, b, np.ones(len(a))], 1)
    else:
        table = np.stack([np.bincount(of, v) for v in (a, b, np.ones(len(a)))], 1)

    def ratio(s):
        below = s[..., 0] - chance * s[..., 2]
        return (s[..., 1] - chance * s[..., 2]) / np.where(below > 0, below, np.nan)

    n = len(table)
    r = random.Random(seed)
    drawn = np.array([ratio(table[[int(r.random() * n) for _ in range(n)]].sum(0))
                      for _ in range(replicates)])
    drawn = drawn[~np.isnan(drawn)]
    value = ratio(table.sum(0))
    left = ratio(table.sum(0) - table)
    away = left.mean() - left
    acceleration = (away ** 3).sum() / (6 * (away ** 2).sum() ** 1.5)
    bias = st.norm.ppf(((drawn < value).sum() + 0.5 * (drawn == value).sum()) / len(drawn))
    tail = (1 - confidence) / 2
    z = bias + st.norm.ppf([tail, 1 - tail])
    at = st.norm.cdf(bias + z / (1 - acceleration * z))
    return [value, drawn.std(ddof=1), *np.quantile(drawn, [tail, 1 - tail]), *np.quantile(drawn, at)]


for a, b, of, is_binary in pairs:
    data = given(a, b, of)
    d = b - a
    df = (len(a) if of is None else len(set(of))) - 1
    for correction in (False, True):
        if of is None and not correction:
            continue
        case("mean", ols(a, of, correction), values=a.tolist(), cr1=correction,
             **({} if of is None else {"cluster": of.tolist()}))
    m, s = ols(d, of)
    t = st.t.ppf(0.975, df)
    case("difference", [m, s, m - t * s, m + t * s], **data)
    case("correlation", np.corrcoef(a, b)[0, 1], **data)
    case("paired", [m / s, 2 * st.t.sf(abs(m / s), df)], **data)
    if of is None:
        case("paired", list(st.ttest_rel(b, a)), **data)
    for chance in (0.0, 0.25):
        r = (b.mean() - chance) / (a.mean() - chance)
        e = (b - chance) - r * (a - chance)
        se = ols(e, of)[1] / (a.mean() - chance)
        log_reach = st.t.ppf(0.975, df) * se / r
        case("recovery", [r, se, math.exp(math.log(r) - log_reach), math.exp(math.log(r) + log_reach)],
             chance=chance, **data)
        case("fieller", fieller(a, b, of, chance, 0.95), 1e-9, chance=chance, **data)
        case("bootstrap", bca(a, b, of, chance, 500, 7, 0.95), 1e-9, chance=chance, replicates=500,
             seed=7, **data)
    if not is_binary:
        theta = 0.95
        m, s = ols(b - theta * a, of)
        case("noninferiority", [m / s, st.t.sf(m / s, df)], theta=theta, chance=0.0, **data)

# scipy's own BCa draws other numbers: equal within the Monte Carlo error of 20,000 replicates
a, b, _, _ = pairs[4]
theirs = st.bootstrap((a, b), lambda x, y, axis: y.mean(axis) / x.mean(axis), paired=True, vectorized=True,
                      n_resamples=20000, method="BCa", rng=np.random.default_rng(1))
case("bootstrap_near", [*theirs.confidence_interval, theirs.standard_error], 0.004, chance=0.0,
     replicates=20000, seed=1, **given(a, b, None))

# ---- 0/1 tables ----------------------------------------------------------------------------------


def tango(both, lost, gained, neither, delta):
    n = both + lost + gained + neither
    a, b, c = 2 * n, -gained - lost + (2 * n - gained + lost) * delta, -lost * delta * (1 - delta)
    q = (math.sqrt(b * b - 4 * a * c) - b) / (2 * a)
    return (gained - lost - n * delta) / math.sqrt(n * (2 * q + delta * (1 - delta)))


def nam_blackwelder(both, lost, gained, neither, theta):
    n = both + lost + gained + neither
    other, base, x, y = (both + gained) / n, (both + lost) / n, gained / n, lost / n
    p = (-other + theta ** 2 * (base + 2 * x) +
         math.sqrt((other - theta ** 2 * base) ** 2 + 4 * theta ** 2 * x * y)) / (2 * theta * (theta + 1))
    q = theta * p - (theta - 1) * (1 - neither / n)
    return n * (other - theta * base) / math.sqrt(n * theta * (p + q))


def general(both, lost, gained, neither, theta, kappa):
    """The likeliest table under the constraint by a constrained optimiser (about 1e-6)."""
    x = np.array([both, gained, lost, neither], float)
    c = np.array([1 - theta, 1, -theta, 0]) - kappa
    n = x.sum()
    best = scipy.optimize.minimize(
        lambda q: -np.sum(x * np.log(np.maximum(q, 1e-300))) / n, [0.25] * 4, method="SLSQP",
        bounds=[(1e-12, 1)] * 4, options={"ftol": 1e-15, "maxiter": 2000},
        constraints=[{"type": "eq", "fun": lambda q: q.sum() - 1},
                     {"type": "eq", "fun": lambda q: c @ q}])
    return (c @ x) / math.sqrt(n * (best.x @ c ** 2))


Z = st.norm.ppf(0.975)
for table in [(12, 1, 1, 6), (60, 7, 5, 28), (15, 0, 0, 5), (150, 3, 0, 47), (150, 0, 4, 46),
              (1000, 61, 40, 218), (9, 9, 2, 10), (7000, 180, 150, 2712)]:
    both, lost, gained, neither = table
    n = sum(table)
    given_table = {"table": [n, both, lost, gained]}
    for delta in (-0.2, -0.05, 0.01, 0.3):
        case("score_z", tango(*table, delta), theta=1.0, kappa=delta, **given_table)
    for theta in (0.9, 0.95, 0.99, 1.1):
        z = nam_blackwelder(*table, theta)
        case("score_z", z, theta=theta, kappa=0.0, **given_table)
        case("score_z", general(*table, theta, 0.25 * (1 - theta)), 1e-5, theta=theta,
             kappa=0.25 * (1 - theta), **given_table)
    case("difference_score",
         [brentq(lambda d: tango(*table, d) - s, -1 + 1e-12, 1 - 1e-12, xtol=1e-15) for s in (Z, -Z)],
         1e-8, **given_table)
    case("recovery_score",
         [brentq(lambda r: nam_blackwelder(*table, r) - s, 1e-3, 50, xtol=1e-15) for s in (Z, -Z)],
         1e-8, chance=0.0, **given_table)
    if lost + gained == 0:
        continue
    exact = mcnemar([[both, lost], [gained, neither]], exact=True)
    corrected = mcnemar([[both, lost], [gained, neither]], exact=False, correction=True)
    fewer, flips = min(lost, gained), lost + gained
    mid = min(1.0, 2 * (st.binom.cdf(fewer, flips, 0.5) - 0.5 * st.binom.pmf(fewer, flips, 0.5)))
    chi2 = max(0.0, abs(lost - gained) - 1) ** 2 / flips
    if lost != gained:
        assert abs(chi2 - corrected.statistic) < 1e-12
    case("mcnemar", [exact.pvalue, mid, chi2, st.chi2.sf(chi2, 1)], x=[lost, gained])

for k, n in [(0, 20), (1, 20), (13, 20), (20, 20), (199, 200), (4321, 10042)]:
    for confidence in (0.9, 0.95, 0.99):
        case("wilson", proportion_confint(k, n, 1 - confidence, method="wilson"), x=[k, n, confidence])
for same, other in [((9, 1000), (31, 1000)), ((0, 50), (4, 80)), ((20, 500), (18, 500))]:
    (x, n), (y, m) = same, other
    low, high = confint_proportions_2indep(y, m, x, n, method="newcomb", compare="diff", alpha=0.05)
    pooled = (x + y) / (n + m)
    z = (y / m - x / n) / math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    case("noise_floor", [x / n, y / m - x / n, low, high, st.norm.sf(z)], x=[x, n, y, m])

# ---- several -------------------------------------------------------------------------------------
for p in [[0.01, 0.04, 0.03, 0.005], [0.2], [0.5, 0.5, 0.9, 0.001, 0.001], rng.random(12).tolist()]:
    case("holm", multipletests(p, method="holm")[1], p=p)
    case("benjamini_hochberg", multipletests(p, method="fdr_bh")[1], p=p)
for weights in ([1.0, 1.0, 1.0], [100.0, 250.0, 30.0], [0.0, 2.0, 1.0]):
    m, s, df = np.array([0.5, 0.7, 0.61]), np.array([0.03, 0.02, 0.05]), np.array([99, 249, 29.0])
    w = np.array(weights) / sum(weights)
    v = (w * s) ** 2
    case("strata", [w @ m, math.sqrt(v.sum()), v.sum() ** 2 / (v ** 2 / df).sum()],
         weights=weights, values=m.tolist(), errors=s.tolist(), df=df.tolist())
parts = [(a, b) for a, b, of, _ in pairs if of is None][:3]
w, c = np.array([2.0, 1.0, 3.0]), np.array([0.25, 0.0, 0.5])
base = sum(wi * (a.mean() - ci) for wi, ci, (a, _) in zip(w, c, parts))
r = sum(wi * (b.mean() - ci) for wi, ci, (_, b) in zip(w, c, parts)) / base
se = math.sqrt(sum((wi * ols((b - ci) - r * (a - ci))[1]) ** 2 for wi, ci, (a, b) in zip(w, c, parts))) / base
case("strata_recovery", [r, se], weights=w.tolist(), chance=c.tolist(),
     parts=[given(a, b, None) for a, b in parts])

# ---- planning ------------------------------------------------------------------------------------
for variance, n, alpha, power, one_sided in [(0.1, 250, 0.05, 0.8, False), (0.05, 20, 0.05, 0.9, True),
                                             (0.3, 1319, 0.01, 0.8, False)]:
    z = st.norm.ppf(1 - (alpha if one_sided else alpha / 2)) + st.norm.ppf(power)
    delta = z * math.sqrt(variance / n)
    theirs = NormalIndPower(ddof=0).solve_power(
        None, nobs1=n, alpha=alpha, power=power, ratio=0,
        alternative="larger" if one_sided else "two-sided") * math.sqrt(variance)
    assert abs(theirs / delta - 1) < 1e-4, (theirs, delta)  # theirs counts the far tail too
    case("detectable", delta, x=[variance, n, alpha, power], one_sided=one_sided)
    case("required", n, x=[variance, delta, alpha, power], one_sided=one_sided)

# ---- looking early -------------------------------------------------------------------------------
NODES, WEIGHTS = np.polynomial.legendre.leggauss(400)


def bounds(shares, alpha):
    """Lan-DeMets bounds by Gauss-Legendre integration in the scale of the sum."""
    found, spent, grid, mass, before = [], 0.0, None, None, 0.0
    for share in shares:
        target = 2 * 2 * st.norm.sf(st.norm.ppf(1 - alpha / 4) / math.sqrt(share)) - spent
        step = math.sqrt(share - before)

        def stops(c):
            at = c * math.sqrt(share)
            if grid is None:
                return 2 * st.norm.sf(c) - target
            return mass @ (st.norm.sf((at - grid) / step) + st.norm.sf((at + grid) / step)) - target

        c = brentq(stops, 0.1, 9, xtol=1e-14)
        new = NODES * c * math.sqrt(share)
        if grid is None:
            density = st.norm.pdf(new / step) / step
        else:
            density = (mass[None, :] * st.norm.pdf((new[:, None] - grid[None, :]) / step) / step).sum(1)
        grid, mass = new, density * WEIGHTS * c * math.sqrt(share)
        found.append(c)
        spent += target
        before = share
    return found


for shares, alpha in [([0.2, 0.4, 0.6, 0.8, 1.0], 0.05), ([0.5, 1.0], 0.1), ([0.1, 0.15, 0.5, 0.55, 0.9], 0.1),
                      ([i / 10 for i in range(1, 11)], 0.1)]:
    case("group_sequential", bounds(shares, alpha), 1e-7, shares=shares, alpha=alpha)
for s, n, best, alpha in [(0.3, 100, 500, 0.05), (0.2, 5000, 500, 0.1)]:
    rho2 = (-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)) / best
    case("confidence_sequence",
         s * math.sqrt(2 * (n * rho2 + 1) / (n * n * rho2) * math.log(math.sqrt(n * rho2 + 1) / alpha)),
         x=[s, n, best, alpha])

folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent / "golden" / "scipy")
folder.mkdir(parents=True, exist_ok=True)
head = {"peer": f"scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, numpy {np.__version__}",
        "generator": "tests/parity/stats_cases.py", "seed": SEED}
with open(folder / "stats.jsonl", "w") as out:
    for row in [head, *rows]:
        out.write(json.dumps(row) + "\n")
print(f"{len(rows)} cases")
