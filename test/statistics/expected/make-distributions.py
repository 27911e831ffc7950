"""Distribution functions over a wide grid, from mpmath at 50 digits. Run: python3 make-distributions.py

Each row is the arguments followed by the value. scipy gives the quantiles' starting points alone: its
own errors reach 1e-11 (stats.t.ppf(0.9999, 1), special.betainc(3000, 4000, 0.3)).
"""

import json
import math
from pathlib import Path

import mpmath as mp
import scipy
from scipy import stats

mp.mp.dps = 50
PROBABILITIES = [1e-12, 1e-6, 0.001, 0.025, 0.2, 0.5, 0.7, 0.975, 0.9999]


def cdf_normal(z):
    return mp.ncdf(mp.mpf(z))


def cdf_beta(x, a, b):
    """DLMF 8.17.8, whose terms are all positive; mirrored above the mean, where it is slow."""
    a, b, x = mp.mpf(a), mp.mpf(b), mp.mpf(x)
    if x <= 0 or x >= 1:
        return mp.mpf(0 if x <= 0 else 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - cdf_beta(1 - x, b, a)
    total = term = mp.mpf(1)
    index = 0
    while term > total * mp.eps:
        term *= (a + b + index) * x / (a + 1 + index)
        total += term
        index += 1
    return total * x**a * (1 - x) ** b / (a * mp.beta(a, b))


def cdf_chi_square(x, k):
    return mp.gammainc(mp.mpf(k) / 2, 0, mp.mpf(x) / 2, regularized=True)


def survival_chi_square(x, k):
    return mp.gammainc(mp.mpf(k) / 2, mp.mpf(x) / 2, mp.inf, regularized=True)


def cdf_student(t, k):
    t, k = mp.mpf(t), mp.mpf(k)
    tail = cdf_beta(k / (k + t * t), k / 2, mp.mpf(1) / 2) / 2
    return tail if t < 0 else 1 - tail


def cdf_fisher(x, d1, d2):
    x = mp.mpf(x)
    return cdf_beta(d1 * x / (d1 * x + d2), mp.mpf(d1) / 2, mp.mpf(d2) / 2)


def survival_fisher(x, d1, d2):
    x = mp.mpf(x)
    return cdf_beta(d2 / (d1 * x + d2), mp.mpf(d2) / 2, mp.mpf(d1) / 2)


def rows(function, points, parameters=((),)):
    for chosen in parameters:
        for x in points:
            value = float(mp.nstr(function(mp.mpf(x), *chosen), 17))
            # Below 1e-280 subnormal numbers on the way take the precision.
            if value == 0 or value > 1e-280:
                yield [x, *chosen, float(f"{value:.15g}")]


def quantiles(function, distribution, parameters=((),), probabilities=PROBABILITIES):
    for chosen in parameters:
        for p in probabilities:
            start = distribution.ppf(p, *chosen)
            if p == 0.5 and abs(start) < 1e-12 or not 1e-200 < abs(start) < math.inf:
                continue
            x = refine(lambda v: function(v, *chosen) - mp.mpf(p), mp.mpf(start))
            yield [p, *chosen, float(f"{float(mp.nstr(x, 17)):.15g}")]


def refine(excess, start):
    """The secant method from scipy's answer."""
    before, now = start * (1 + mp.mpf(10) ** -8), start
    error = excess(before)
    for _ in range(8):
        new = excess(now)
        if new == error or abs(now - before) < abs(now) * mp.mpf(10) ** -25:
            break
        before, now, error = now, now - new * (now - before) / (new - error), new
    return now


Z = [-37, -20, -8, -5, -3, -1.96, -1, -0.3, -1e-8, 0, 1e-8, 0.3, 1, 1.7, 1.96, 3, 5, 8]
P = [1e-100, 1e-20, *PROBABILITIES, 0.0745, 0.0751, 0.9249, 1 - 1e-10]
SHAPES = [(0.5, 0.5), (1, 1), (0.1, 3), (2, 5), (5, 0.2), (30, 40), (1, 500), (500, 1.5), (0.5, 1e4), (3000, 4000)]
X = [1e-10, 1e-3, 0.05, 0.3, 0.428, 0.5, 0.8, 0.999]
CHI = [(1,), (2,), (5,), (30,), (200,), (5000,)]
CHI_X = [1e-6, 0.1, 1, 3.84, 10, 40, 250, 5100]
T = [(1,), (2,), (3.5,), (10,), (57,), (1000,)]
T_X = [-30, -5, -2, -0.4, -1e-6, 0, 0.1, 1, 2.2, 9]
F = [(1, 1), (2, 7), (10, 3), (40, 120), (500, 20)]
F_X = [1e-4, 0.2, 1, 2.5, 20]
TRIES = [(0, 5, 0.5), (2, 5, 0.5), (5, 5, 0.3), (3, 40, 0.1), (31, 63, 0.5), (510, 1000, 0.5)]


def binomial_term(k, n, p):
    p = mp.mpf(p)
    return mp.binomial(n, k) * p**k * (1 - p) ** (n - k)


functions = {
    "normalCdf": rows(cdf_normal, Z),
    "normalQuantile": quantiles(cdf_normal, stats.norm, probabilities=P),
    "betaCdf": rows(cdf_beta, X, SHAPES),
    "betaQuantile": quantiles(cdf_beta, stats.beta, SHAPES),
    "chiSquareCdf": rows(cdf_chi_square, CHI_X, CHI),
    "chiSquareSurvival": rows(survival_chi_square, CHI_X, CHI),
    "chiSquareQuantile": quantiles(cdf_chi_square, stats.chi2, CHI),
    "studentCdf": rows(cdf_student, T_X, T),
    "studentQuantile": quantiles(cdf_student, stats.t, T),
    "fisherCdf": rows(cdf_fisher, F_X, F),
    "fisherSurvival": rows(survival_fisher, F_X, F),
    "fisherQuantile": quantiles(cdf_fisher, stats.f, F),
    "binomialCdf": [
        [*t, float(mp.fsum(binomial_term(k, *t[1:]) for k in range(t[0] + 1)))] for t in TRIES
    ],
    "binomialProbability": [[*t, float(binomial_term(*t))] for t in TRIES],
}
content = {
    "made-with": {"mpmath": mp.__version__, "scipy": scipy.__version__},
    "functions": {name: list(values) for name, values in functions.items()},
}
path = Path(__file__).with_name("distributions.json")
path.write_text(json.dumps(content, separators=(",", ":")) + "\n")
print(sum(map(len, content["functions"].values())), "values,", path.stat().st_size, "bytes")
