"""Expected values of the linear learners, preprocessing, cross-validation and permutation importance.

Run with scikit-learn 1.2: python3 make-linear.py. Writes linear.json beside itself.
Numbers of the data are multiples of 1/64, exact in float32 and short in JSON.
"""
import json
import platform
import warnings
from pathlib import Path

import numpy as np
import scipy
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.inspection import permutation_importance
from sklearn.linear_model import ElasticNet, LogisticRegression, Ridge, enet_path
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, RobustScaler, StandardScaler

warnings.filterwarnings("error", category=sklearn.exceptions.ConvergenceWarning)
random = np.random.RandomState(7)


def sixtyfourths(values):
    return np.round(np.asarray(values) * 64) / 64


def tall():
    n, p = 90, 5
    x = random.normal(size=(n, p))
    x[:, 1] = 0.7 * x[:, 0] + 0.5 * x[:, 1]
    x = sixtyfourths(x * [1, 2, 0.5, 4, 1] + [0, 10, 0, -30, 5])
    signal = x[:, 0] - 0.8 * (x[:, 1] - 10) + 0.3 * (x[:, 3] + 30)
    noisy = signal + 1.5 * random.normal(size=n)
    return {
        "x": x,
        "binary": (noisy > 0.5).astype(int),
        "three": np.digitize(noisy, [-0.8, 0.9]),
        "values": sixtyfourths(3 * signal + 40 + random.normal(size=n)),
        "weights": sixtyfourths(random.uniform(0.25, 3, size=n)),
    }


def wide():
    n, p = 30, 70
    x = sixtyfourths(random.normal(size=(n, p)) + random.normal(size=(n, 1)))
    signal = x[:, 0] - x[:, 1] + 0.5 * x[:, 2]
    return {
        "x": x,
        "binary": (signal + random.normal(size=n) > 0).astype(int),
        "values": sixtyfourths(signal + 0.3 * random.normal(size=n)),
    }


DATA = {"tall": tall(), "wide": wide()}
COMMON = {"tol": 1e-13, "max_iter": 3_000_000, "random_state": 0}


def logistic_cases():
    smooth = {"solver": "newton-cg", "tol": 1e-8, "max_iter": 1000}
    saga = {"solver": "saga", **COMMON}
    for target in ("binary", "three"):
        yield "tall", target, {"c": 1}, {"C": 1, **smooth}
        yield "tall", target, {"c": 0.02}, {"C": 0.02, **smooth}
        yield "tall", target, {"c": 50}, {"C": 50, **smooth}
        yield "tall", target, {"penalty": "none"}, {"penalty": None, **smooth}
        yield "tall", target, {"classWeight": "balanced"}, {"class_weight": "balanced", **smooth}
        yield "tall", target, {"weights": True}, {"weights": True, **smooth}
        yield "tall", target, {"intercept": False}, {"fit_intercept": False, **smooth}
        yield "tall", target, {"penalty": "l1", "c": 0.2}, {"penalty": "l1", "C": 0.2, **saga}
        yield "tall", target, {"penalty": "l1", "c": 5, "weights": True}, {"penalty": "l1", "C": 5, "weights": True, **saga}
        yield "tall", target, {"penalty": "elasticNet", "c": 0.3, "l1Ratio": 0.4}, {"penalty": "elasticnet", "C": 0.3, "l1_ratio": 0.4, **saga}
    yield "wide", "binary", {"c": 1}, {"C": 1, **smooth}
    yield "wide", "binary", {"penalty": "l1", "c": 1}, {"penalty": "l1", "C": 1, **saga}


def logistic():
    cases = []
    for name, target, options, given in logistic_cases():
        data = DATA[name]
        weights = data["weights"] if given.pop("weights", False) else None
        # Without a penalty the scale of the columns does not change the model, but helps the solver.
        unpenalised = options.get("penalty") == "none"
        mean, scale = (data["x"].mean(0), data["x"].std(0)) if unpenalised else (0, 1)
        x = (data["x"] - mean) / scale
        model = LogisticRegression(**given).fit(x, data[target], sample_weight=weights)
        coefficients = model.coef_ / scale
        cases.append({
            "data": name, "target": target, "options": options,
            "coefficients": coefficients,
            "intercepts": np.ravel(model.intercept_ - (coefficients * mean).sum(1)),
            "probabilities": model.predict_proba(x)[:8],
        })
    return cases


def regression():
    cases = []

    def add(learner, name, options, model):
        weights = DATA[name]["weights"] if options.get("weights") else None
        model.fit(DATA[name]["x"], DATA[name]["values"], sample_weight=weights)
        cases.append({
            "learner": learner, "data": name, "options": options,
            "coefficients": model.coef_, "intercept": model.intercept_,
            "predictions": model.predict(DATA[name]["x"])[:8],
        })

    for name in ("tall", "wide"):
        for alpha in (0.01, 1, 300):
            add("ridge", name, {"alpha": alpha}, Ridge(alpha, solver="svd"))
        for alpha, ratio in ((0.05, 0.5), (0.3, 1), (0.3, 0.1), (1e-3, 0.9)):
            model = ElasticNet(alpha=alpha, l1_ratio=ratio, tol=1e-14, max_iter=10_000_000)
            add("elastic-net", name, {"alpha": alpha, "l1Ratio": ratio}, model)
    add("ridge", "tall", {"alpha": 0}, Ridge(0, solver="svd"))
    add("ridge", "tall", {"alpha": 2, "weights": True}, Ridge(2, solver="svd"))
    add("ridge", "tall", {"alpha": 2, "intercept": False}, Ridge(2, fit_intercept=False, solver="svd"))
    tight = {"tol": 1e-14, "max_iter": 10_000_000}
    add("elastic-net", "tall", {"alpha": 0.2, "l1Ratio": 0.7, "weights": True}, ElasticNet(alpha=0.2, l1_ratio=0.7, **tight))
    add("elastic-net", "tall", {"alpha": 0.2, "l1Ratio": 0.7, "intercept": False}, ElasticNet(alpha=0.2, l1_ratio=0.7, fit_intercept=False, **tight))
    return cases


def path():
    x = DATA["tall"]["x"] - DATA["tall"]["x"].mean(0)
    y = DATA["tall"]["values"] - DATA["tall"]["values"].mean()
    alphas, coefficients, _ = enet_path(x, y, l1_ratio=0.8, n_alphas=6, eps=1e-3, tol=1e-14, max_iter=10_000_000)
    return {"l1Ratio": 0.8, "count": 6, "alphas": alphas, "coefficients": coefficients.T}


def mixed_table():
    n = 40
    numbers = sixtyfourths(random.normal(size=(n, 3)) * [1, 50, 3] + [0, 1000, 2])
    numbers[:, 2] = np.round(numbers[:, 2])
    numbers[random.uniform(size=(n, 3)) < 0.15] = np.nan
    site = random.choice(["Ulm", "Basel", "Graz", "Zug", "Bern"], p=[0.4, 0.3, 0.15, 0.1, 0.05], size=n)
    return numbers, site


def preprocessing():
    numbers, site = mixed_table()
    train, test = np.arange(28), np.arange(28, 40)
    cases = []
    imputers = {"mean": "mean", "median": "median", "mostFrequent": "most_frequent", "constant": "constant"}
    for ours, strategy in imputers.items():
        for scale, scaler in (("standard", StandardScaler()), ("robust", RobustScaler()), ("none", FunctionTransformer())):
            both = make_pipeline(SimpleImputer(strategy=strategy, fill_value=-7 if ours == "constant" else None), scaler)
            both.fit(numbers[train])
            cases.append({
                "options": {"impute": ours, "scale": scale, "fillValue": -7},
                "features": both.transform(numbers[test]),
            })
    left = StandardScaler().fit(numbers[train])
    cases.append({"options": {"impute": "none", "scale": "standard"}, "features": left.transform(numbers[test])})
    encoders = [
        ({}, {"handle_unknown": "ignore"}),
        ({"minCategoryCount": 5}, {"min_frequency": 5, "handle_unknown": "ignore"}),
        ({"minCategoryCount": 5, "unknownCategory": "rare"}, {"min_frequency": 5, "handle_unknown": "infrequent_if_exist"}),
        ({"maxCategories": 3}, {"max_categories": 3, "handle_unknown": "ignore"}),
    ]
    test_site = site[test].copy()
    test_site[0] = "Chur"
    one_hot = []
    for options, given in encoders:
        encoder = OneHotEncoder(sparse_output=False, **given).fit(site[train, None])
        one_hot.append({"options": options, "features": encoder.transform(test_site[:, None])})
    return {
        "train": {"numbers": numbers[train], "site": site[train]},
        "test": {"numbers": numbers[test], "site": test_site},
        "numbers": cases,
        "oneHot": one_hot,
    }


def cross_validation():
    data = DATA["tall"]
    fold = random.permutation(np.arange(len(data["x"])) % 5)
    splits = [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(5)]
    x = data["x"].copy()
    x[::7, 0] = np.nan
    classifier = make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), LogisticRegression(solver="newton-cg", tol=1e-8, max_iter=1000))
    regressor = make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), Ridge(0.5))
    return {
        "missingEvery": 7, "fold": fold,
        "probabilities": cross_val_predict(classifier, x, data["three"], cv=splits, method="predict_proba"),
        "values": cross_val_predict(regressor, x, data["values"], cv=splits),
    }


def importance():
    data = DATA["tall"]
    model = make_pipeline(StandardScaler(), LogisticRegression(solver="newton-cg", tol=1e-8, max_iter=1000)).fit(data["x"][:50], data["binary"][:50])
    cases = []
    for metric, scoring in (("accuracy", "accuracy"), ("rocAuc", "roc_auc"), ("logLoss", "neg_log_loss")):
        result = permutation_importance(model, data["x"][50:], data["binary"][50:], scoring=scoring, n_repeats=2000, random_state=0)
        cases.append({"metric": metric, "mean": result.importances_mean, "spread": result.importances_std, "repeats": 2000})
    return cases


def rounded(value):
    """Twelve digits are enough to check ten."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, np.ndarray):
        return rounded(value.tolist())
    if isinstance(value, (list, tuple)):
        return [rounded(inner) for inner in value]
    if isinstance(value, float):
        return None if np.isnan(value) else float(f"{value:.10g}")
    return value.item() if isinstance(value, np.generic) else value


if __name__ == "__main__":
    expected = {
        "madeWith": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
        "data": DATA, "logistic": logistic(), "regression": regression(), "path": path(),
        "preprocessing": preprocessing(), "crossValidation": cross_validation(), "importance": importance(),
    }
    text = json.dumps(rounded(expected), separators=(",", ":"))
    Path(__file__).with_name("linear.json").write_text(text + "\n")
