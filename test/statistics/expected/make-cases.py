"""Random classification and regression cases with the values that scikit-learn and scipy give.

Run: python3 make-cases.py   (writes cases.json beside this file)

A classification is compact: "y" holds one digit a row (true class), "p" the probabilities as whole
numbers over "d" (of two classes the second's alone), "q" those of a second classifier, "w" weights,
"g" patients. Where scikit-learn warns and returns a conventional number, or raises, for a metric that
has no value, the expectation is "undefined", or "~" before that number. "expected" holds the values in
the order of "names", then each class's after a bar, with 13 significant digits.
"""

import json
import math
import warnings
from fractions import Fraction
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn import metrics
from sklearn.calibration import calibration_curve

rng = np.random.default_rng(20261123)


def clean(value):
    """13 significant digits; null where there is no number."""
    value = float(value)
    if not math.isfinite(value):
        return None
    short = float(f"{value:.13g}")
    return int(short) if short.is_integer() else short


def ask(function, *args, **kwargs):
    """What scikit-learn says, a warned-of value as a string."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value = function(*args, **kwargs)
        except ValueError:
            return None
    told = [w for w in caught if issubclass(w.category, (UserWarning, RuntimeWarning))]
    return doubted(clean(value)) if told else clean(value)


def only(condition, value):
    """For functions that return a conventional number without a warning."""
    return value if condition else doubted(value)


def doubted(value):
    return None if value is None else str(value)


# ---- classification --------------------------------------------------------------------------


def matrix_of(p, d, k):
    p = np.asarray(p)
    if k == 2:
        positive = p / d
        return np.column_stack([1 - positive, positive])
    return (p / d).reshape(-1, k)


def binned_errors(y, p, bins):
    """ECE and MCE from bin numbers, by definition."""
    total = sum(len(rows) for rows in bins)
    gaps = [abs(sum(y[i] - p[i] for i in rows)) for rows in bins if rows]
    sizes = [len(rows) for rows in bins if rows]
    return sum(gaps) / total, max(gap / size for gap, size in zip(gaps, sizes))


def equal_width(p, count):
    edges = np.linspace(0, 1, count + 1)
    numbers = np.searchsorted(edges[1:-1], p)
    return [[i for i in range(len(p)) if numbers[i] == b] for b in range(count)]


def equal_mass(p, count):
    """Cuts at the smallest value that i/count of the cases do not exceed, in exact arithmetic."""
    ordered = sorted(p)
    cuts = [ordered[math.ceil(Fraction(i * len(p), count)) - 1] for i in range(1, count)]
    numbers = [sum(cut < value for cut in cuts) for value in p]
    return [[i for i in range(len(p)) if numbers[i] == b] for b in range(count)]


def agreement(y, predicted, k, w):
    labels = list(range(k))
    present = np.ones(len(y)) if w is None else np.asarray(w)
    seen = lambda values: len(set(np.asarray(values)[present > 0]))
    varied = seen(y) > 1 and seen(predicted) > 1
    both = len({*np.asarray(y)[present > 0], *np.asarray(predicted)[present > 0]}) > 1
    complete = seen(y) == k
    kappa = lambda weights: ask(
        metrics.cohen_kappa_score, y, predicted, labels=labels, weights=weights, sample_weight=w
    )
    f1 = lambda average: ask(
        metrics.f1_score, y, predicted, labels=labels, average=average, sample_weight=w
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        weighted = clean(
            metrics.f1_score(y, predicted, labels=labels, average="weighted", sample_weight=w)
        )
        balanced = clean(metrics.balanced_accuracy_score(y, predicted, sample_weight=w))
        mcc = clean(metrics.matthews_corrcoef(y, predicted, sample_weight=w))
    return {
        "confusion": [
            clean(v)
            for v in metrics.confusion_matrix(
                y, predicted, labels=labels, sample_weight=w
            ).ravel()
        ],
        "accuracy": ask(metrics.accuracy_score, y, predicted, sample_weight=w),
        "balancedAccuracy": only(complete, balanced),
        "mcc": only(varied, mcc),
        "kappa": kappa(None) if both else None,
        "linearKappa": kappa("linear") if both else None,
        "quadraticKappa": kappa("quadratic") if both else None,
        "macroF1": f1("macro"),
        "weightedF1": weighted,
        "microF1": f1("micro"),
    }


def rates(y, predicted, index, w):
    truth, given = np.asarray(y) == index, np.asarray(predicted) == index
    score = lambda function, positive: ask(
        function, truth, given, pos_label=positive, sample_weight=w
    )
    values = {
        "sensitivity": score(metrics.recall_score, True),
        "specificity": score(metrics.recall_score, False),
        "ppv": score(metrics.precision_score, True),
        "npv": score(metrics.precision_score, False),
        "f1": ask(metrics.f1_score, truth, given, pos_label=True, sample_weight=w),
    }
    ratios = [
        ask(lambda: metrics.class_likelihood_ratios(truth, given, sample_weight=w)[side])
        for side in (0, 1)
    ]
    # scikit-learn gives up on both ratios where either is undefined; each is taken by itself here.
    sensitivity, specificity = values["sensitivity"], values["specificity"]
    if any(v is None or isinstance(v, str) for v in (sensitivity, specificity)):
        ratios = [None, None]
    elif specificity == 0:
        ratios = [clean(sensitivity), None]
    elif specificity == 1:
        ratios = [None, clean(1 - sensitivity)]
    values["positiveLikelihoodRatio"], values["negativeLikelihoodRatio"] = ratios
    return values


def ranks(y, scores, index, w):
    truth = (np.asarray(y) == index).astype(int)
    some = truth[np.asarray(w) > 0].any() if w is not None else truth.any()
    precision = ask(metrics.average_precision_score, truth, scores, sample_weight=w)
    return {
        "rocAuc": ask(metrics.roc_auc_score, truth, scores, sample_weight=w),
        "averagePrecision": precision if some else None,
    }


def several(y, P, k, w, complete):
    labels = list(range(k))
    auc = lambda scheme, average, weights: (
        ask(metrics.roc_auc_score, y, P, labels=labels, multi_class=scheme, average=average, sample_weight=weights)
        if complete
        else None
    )
    values = {
        "rocAucOneVsRest": auc("ovr", "macro", w),
        "rocAucOneVsRestWeighted": auc("ovr", "weighted", w),
    }
    if w is None:
        values["rocAucOneVsOne"] = auc("ovo", "macro", None)
        values["rocAucOneVsOneWeighted"] = auc("ovo", "weighted", None)
    one_hot = np.eye(k)[y]
    values["brier"] = clean(np.average(((P - one_hot) ** 2).sum(axis=1), weights=w))
    if complete:
        values["macroAveragePrecision"] = ask(
            metrics.average_precision_score, one_hot, P, average="macro", sample_weight=w
        )
    return values


def expect(case):
    k, d, w = case["k"], case["d"], case.get("w")
    y = [int(c) for c in case["y"]]
    P = matrix_of(case["p"], d, k)
    predicted = P.argmax(axis=1)
    complete = len(set(y)) == k
    expected = agreement(y, predicted, k, w)
    expected["logLoss"] = ask(metrics.log_loss, y, P, labels=list(range(k)), sample_weight=w)
    if k == 2:
        p = P[:, 1]
        expected["brier"] = ask(metrics.brier_score_loss, y, p, pos_label=1, sample_weight=w)
        expected |= rates(y, predicted, 1, w) | ranks(y, p, 1, w)
        if w is None:
            ece, mce = binned_errors(y, p, equal_width(p, 10))
            expected["expectedCalibrationError"], expected["maximumCalibrationError"] = clean(ece), clean(mce)
            expected["equalMassCalibrationError"] = clean(binned_errors(y, p, equal_mass(p, 10))[0])
            tp, fp = ((p > 0.5) & (np.array(y) == 1)).sum(), ((p > 0.5) & (np.array(y) == 0)).sum()
            expected["netBenefit"] = clean((tp - fp) / len(y))
    else:
        expected |= several(y, P, k, w, complete)
        expected["classes"] = [
            rates(y, predicted, i, w) | ranks(y, P[:, i], i, w) for i in range(k)
        ]
        if w is None:
            top = P.max(axis=1)
            right = [int(a == b) for a, b in zip(y, predicted)]
            ece, mce = binned_errors(right, top, equal_width(top, 10))
            expected["expectedCalibrationError"], expected["maximumCalibrationError"] = clean(ece), clean(mce)
    return expected


def binary_scores(y, d, strength):
    noise = rng.normal(size=len(y)) + strength * (np.array(y) - 0.5)
    return [int(v) for v in np.clip(np.round(d / (1 + np.exp(-noise))), 0, d)]


def binary_case(name, n, d=20, strength=1.5, prevalence=0.5, weighted=False, y=None, p=None):
    y = [int(v) for v in (rng.random(n) < prevalence)] if y is None else y
    case = {"name": name, "k": 2, "d": d, "y": "".join(map(str, y))}
    case["p"] = binary_scores(y, d, strength) if p is None else p
    case["q"] = binary_scores(y, d, 0.8)
    if weighted:
        case["w"] = [int(v) for v in rng.integers(0, 4, n)]
        case["w"][0] = 1
    return case


def several_case(name, n, k, d=100, strength=1.5, weighted=False, y=None, flat=False):
    y = [int(v) for v in rng.integers(0, k, n)] if y is None else y
    p = []
    for label in y:
        raw = np.exp(rng.normal(size=k) + strength * (np.arange(k) == label))
        row = np.floor(d * raw / raw.sum()).astype(int) if not flat else np.full(k, d // k)
        row[0] += d - row.sum()
        p += [int(v) for v in row]
    case = {"name": name, "k": k, "d": d, "y": "".join(map(str, y)), "p": p}
    if weighted:
        case["w"] = [int(v) for v in rng.integers(1, 4, n)]
    return case


def classification_cases():
    size = lambda low, high: int(rng.integers(low, high))
    for _ in range(60):
        yield binary_case("two classes, ties", size(2, 30))
    for _ in range(25):
        yield binary_case("two classes, few ties", size(10, 40), d=1000)
    for _ in range(15):
        yield binary_case("two classes, rare positives", size(15, 40), prevalence=0.1)
    for _ in range(20):
        yield binary_case("two classes, weighted", size(3, 25), weighted=True)
    for label in (0, 1):
        for _ in range(5):
            n = size(1, 12)
            yield binary_case("one class only", n, y=[label] * n)
    for _ in range(12):
        n = size(2, 20)
        y = sorted(int(v) for v in (rng.random(n) < 0.5))
        yield binary_case("perfect separation", n, y=y, p=[(15 if v else 5) + size(0, 4) for v in y])
    for _ in range(4):
        n = size(4, 20)
        y = [i % 2 for i in range(n)]
        yield binary_case("separated the wrong way round", n, y=y, p=[5 if v else 15 for v in y])
    for _ in range(5):
        n = size(2, 20)
        yield binary_case("constant prediction", n, p=[size(0, 21)] * n)
    for label in (0, 1):
        for p in (0, 7, 10, 20):
            yield binary_case("one row", 1, y=[label], p=[p])
    for k in (3, 4, 5):
        for _ in range(12):
            yield several_case(f"{k} classes", size(2 * k, 25), k)
        for _ in range(5):
            yield several_case(f"{k} classes, ties", size(2 * k, 25), k, d=6 if k == 3 else 2 * k)
        for _ in range(4):
            yield several_case(f"{k} classes, weighted", size(3 * k, 25), k, weighted=True)
        for _ in range(3):
            n = size(3, 12)
            y = [int(v) for v in rng.integers(0, k - 1, n)]
            yield several_case(f"{k} classes, one without cases", n, k, y=y)
        yield several_case(f"{k} classes, constant prediction", 10, k, flat=True, d=k * 4)
        yield several_case(f"{k} classes, all right", 4 * k, k, y=list(range(k)) * 4, strength=30)
        yield several_case(f"{k} classes, one row", 1, k)


# ---- curves ----------------------------------------------------------------------------------


def curve_cases():
    for n, d in ((12, 10), (25, 20)):
        case = binary_case("curves", n, d=d)
        y, p = [int(c) for c in case["y"]], np.array(case["p"]) / d
        fpr, tpr, _ = metrics.roc_curve(y, p, drop_intermediate=False)
        precision, recall, _ = metrics.precision_recall_curve(y, p)
        observed, predicted = calibration_curve(y, p, n_bins=5)
        del case["q"]
        yield case | {
            "roc": [[clean(a), clean(b)] for a, b in zip(fpr, tpr)],
            # Highest threshold first, without the point (recall 0, precision 1) that is no threshold's.
            "precisionRecall": [[clean(a), clean(b)] for a, b in zip(recall[-2::-1], precision[-2::-1])],
            "calibration": [[clean(a), clean(b)] for a, b in zip(predicted, observed)],
        }


# ---- regression ------------------------------------------------------------------------------


def regression_case(truth, predicted, w=None):
    n = len(truth)
    t, p = np.array(truth) / 10, np.array(predicted) / 10
    varied = len(set(truth)) > 1
    both = varied and len(set(predicted)) > 1
    expected = {
        "mae": ask(metrics.mean_absolute_error, t, p, sample_weight=w),
        "rmse": ask(metrics.mean_squared_error, t, p, sample_weight=w, squared=False),
        "r2": clean(metrics.r2_score(t, p, sample_weight=w)) if varied else None,
    }
    if w is None:
        expected["medianAbsoluteError"] = ask(metrics.median_absolute_error, t, p)
        expected["pearson"] = clean(stats.pearsonr(t, p)[0]) if both else None
        expected["spearman"] = clean(stats.spearmanr(t, p)[0]) if both else None
    case = {"t": truth, "p": predicted}
    return case | ({"w": w} if w else {}) | {"expected": expected}


def regression_cases():
    for index in range(40):
        n = int(rng.integers(1, 20)) if index else 1
        truth = [int(v) for v in np.round(rng.normal(100, 20, n))]
        predicted = [int(v) for v in np.round(np.array(truth) + rng.normal(3, 12, n))]
        if index % 10 == 8:
            truth = [truth[0]] * n
        if index % 10 == 9:
            predicted = [predicted[0]] * n
        weights = [int(v) for v in rng.integers(1, 4, n)] if index % 4 == 3 else None
        yield regression_case(truth, predicted, weights)


# ---- bootstrap -------------------------------------------------------------------------------


def bootstrap_cases():
    for name, statistic in (("mean", np.mean), ("variance", np.var)):
        data = [int(v) for v in np.round(rng.exponential(20, 12))]
        for method in ("percentile", "BCa"):
            generator = np.random.default_rng(7)
            result = stats.bootstrap(
                (data,), statistic, n_resamples=199, method=method, random_state=generator,
                confidence_level=0.9, vectorized=True,
            )
            yield {
                "statistic": name, "method": method, "level": 0.9, "data": data,
                "replicates": [clean(v) for v in result.bootstrap_distribution],
                "interval": [clean(v) for v in result.confidence_interval],
            }


def in_order(values, names):
    """The values alone; the classes' as one list after another."""
    rows = [[values.get(name, "absent") for name in names]]
    rows += [[c[name] for name in names_of_class] for c in values.get("classes", [])]
    return " | ".join(" ".join(map(word, row)) for row in rows)


def word(value):
    if value is None:
        return "undefined"
    return value if value == "absent" else f"~{value}" if isinstance(value, str) else repr(value)


names_of_class = [
    "sensitivity", "specificity", "ppv", "npv", "f1",
    "positiveLikelihoodRatio", "negativeLikelihoodRatio", "rocAuc", "averagePrecision",
]
names_of_all = [
    "accuracy", "balancedAccuracy", "mcc", "kappa", "linearKappa", "quadraticKappa", "macroF1",
    "weightedF1", "microF1", "logLoss", "brier",
]
names_calibration = ["expectedCalibrationError", "maximumCalibrationError"]
names = {
    "binary": names_of_all + names_of_class + names_calibration + ["equalMassCalibrationError", "netBenefit"],
    "several": names_of_all + names_calibration + [
        "rocAucOneVsRest", "rocAucOneVsRestWeighted", "rocAucOneVsOne", "rocAucOneVsOneWeighted",
        "macroAveragePrecision",
    ],
    "class": names_of_class,
}


def main():
    classification = []
    for case in classification_cases():
        expected = expect(case)
        order = names["binary" if case["k"] == 2 else "several"]
        classification.append(
            case | {"confusion": expected["confusion"], "expected": in_order(expected, order)}
        )
    content = {
        "made-with": {
            "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__,
        },
        "names": names,
        "classification": classification,
        "curves": list(curve_cases()),
        "regression": list(regression_cases()),
        "bootstrap": list(bootstrap_cases()),
    }
    path = Path(__file__).with_name("cases.json")
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n")
    print(len(classification), "classification cases,", path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
