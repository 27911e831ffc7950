"""How evenly scikit-learn's StratifiedGroupKFold spreads classes over folds, on random cohorts.

The groups come in a random order and the splitter's own shuffling is off, because that of scikit-learn 1.2
mixes up the groups' class counts and spreads them several times less evenly.

Writes group-splits.json beside this file: for each cohort the class counts of each group (patient), the
number of folds, and two deviations averaged over ten seeds:
  share:      mean over folds and classes of |rows of the class in the fold / rows of the class - 1 / folds|
  proportion: mean over folds and classes of |class proportion in the fold - class proportion overall|
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.model_selection import StratifiedGroupKFold

SEEDS = 10


def cohort(random):
    classes = int(random.integers(2, 5))
    folds = int(random.choice([2, 3, 5, 10]))
    groups = int(random.integers(max(25, 4 * folds), 90))
    sizes = 1 + random.poisson(random.uniform(0.3, 6), groups)
    overall = random.dirichlet(np.full(classes, 3.0))
    purity = random.uniform(0.3, 20)
    counts = [random.multinomial(n, random.dirichlet(overall * purity + 0.05)) for n in sizes]
    return np.array(counts), folds


def deviations(counts, folds, seed):
    groups, labels = [], []
    counts = np.random.default_rng(seed).permutation(counts)
    for group, row in enumerate(counts):
        for label, count in enumerate(row):
            groups += [group] * count
            labels += [label] * count
    groups, labels = np.array(groups), np.array(labels)
    total = counts.sum(axis=0)
    share, proportion = [], []
    splitter = StratifiedGroupKFold(folds)
    for _, test in splitter.split(labels, labels, groups):
        fold = np.bincount(labels[test], minlength=counts.shape[1])
        share.append(np.abs(fold / total - 1 / folds).mean())
        proportion.append(np.abs(fold / fold.sum() - total / total.sum()).mean())
    return np.mean(share), np.mean(proportion)


random = np.random.default_rng(20)
cohorts = []
while len(cohorts) < 40:
    counts, folds = cohort(random)
    if ((counts > 0).sum(axis=0) < folds).any():
        continue
    share, proportion = np.mean([deviations(counts, folds, seed) for seed in range(SEEDS)], axis=0)
    cohorts.append(
        {
            "counts": counts.tolist(),
            "folds": folds,
            "share": round(float(share), 6),
            "proportion": round(float(proportion), 6),
        }
    )

result = {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "cohorts": cohorts}
path = Path(__file__).with_name("group-splits.json")
path.write_text(json.dumps(result, separators=(",", ":")) + "\n")
