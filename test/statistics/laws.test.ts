// Laws that metrics and intervals obey whatever the data.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  accuracy,
  adjustPValues,
  aucFigure,
  averagePrecision,
  balancedAccuracy,
  binaryCounts,
  blandAltman,
  calibrationError,
  clopperPearsonInterval,
  cohenKappa,
  compareAucPaired,
  compareClassifiers,
  concordanceCorrelation,
  confusionMatrix,
  correctedResampledT,
  f1Score,
  judgeClassification,
  judgeRegression,
  likelihoodRatioInterval,
  matthewsCorrelation,
  mcnemarTest,
  multiclassAuc,
  netBenefit,
  newcombeAucInterval,
  pearsonCorrelation,
  positiveLikelihoodRatio,
  rocAuc,
  sensitivity,
  spearmanCorrelation,
  wilsonInterval,
} from "../../src/statistics/index.ts";

/** Labels of 0 and 1 with coarse scores, so that ties are common. */
const scored = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 10 })), {
    minLength: 1,
    maxLength: 40,
  })
  .map((rows) => ({
    positive: rows.map(([label]) => label),
    scores: rows.map(([, score]) => score / 10),
  }));

const twoSided = scored.filter(({ positive }) => new Set(positive).size === 2);

/** True and given classes of k. */
const labelled = fc.integer({ min: 2, max: 5 }).chain((classCount) => {
  const label = fc.integer({ min: 0, max: classCount - 1 });
  return fc.record({
    classCount: fc.constant(classCount),
    rows: fc.array(fc.tuple(label, label), { minLength: 1, maxLength: 40 }),
  });
});

const level = fc.double({ min: 0.5, max: 0.999, noNaN: true });

/** A classification to judge, with few resamples, since these laws are about values. */
const judged = labelled.chain(({ classCount, rows }) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), {
      minLength: rows.length * classCount,
      maxLength: rows.length * classCount,
    })
    .map((raw) => {
      const probabilities = new Float64Array(raw.length);
      for (let start = 0; start < raw.length; start += classCount) {
        const part = raw.slice(start, start + classCount).map((value) => value + 1);
        const sum = part.reduce((total, value) => total + value);
        probabilities.set(
          part.map((value) => value / sum),
          start,
        );
      }
      return {
        classes: Array.from({ length: classCount }, (_, index) => `class ${index}`),
        labels: Int32Array.from(rows, ([truth]) => truth),
        probabilities,
        resamples: 5,
      };
    }),
);

function close(a: number | null, b: number | null): void {
  if (a === null || b === null || Number.isNaN(a) || Number.isNaN(b)) expect(a).toEqual(b);
  else expect(Math.abs(a - b)).toBeLessThan(1e-9 * Math.max(1, Math.abs(a)));
}

describe("the area under the ROC curve", () => {
  it("does not change when scores are transformed monotonely", () => {
    fc.assert(
      fc.property(scored, ({ positive, scores }) => {
        const moved = scores.map((score) => Math.exp(3 * score) - 7);
        expect(rocAuc(positive, moved)).toEqual(rocAuc(positive, scores));
        if (new Set(positive).size === 2) {
          expect(aucFigure(positive, moved)).toEqual(aucFigure(positive, scores));
        }
      }),
    );
  });

  it("is mirrored at ½ when scores are negated", () => {
    fc.assert(
      fc.property(scored, ({ positive, scores }) => {
        close(
          rocAuc(
            positive,
            scores.map((score) => -score),
          ),
          1 - rocAuc(positive, scores),
        );
      }),
    );
  });

  it("is that of DeLong's components, one-vs-rest and one-vs-one of two classes", () => {
    fc.assert(
      fc.property(twoSided, ({ positive, scores }) => {
        const area = rocAuc(positive, scores);
        close(aucFigure(positive, scores).value, area);
        const both = scores.flatMap((score) => [1 - score, score]);
        for (const scheme of ["one-vs-rest", "one-vs-one"] as const) {
          close(multiclassAuc(positive, both, { classCount: 2, scheme }), area);
        }
      }),
    );
  });

  it("equals the balanced accuracy when scores are the predictions themselves", () => {
    fc.assert(
      fc.property(twoSided, ({ positive, scores }) => {
        const given = scores.map((score) => Math.round(score));
        close(
          rocAuc(positive, given),
          balancedAccuracy(confusionMatrix(positive, given, { classCount: 2 })),
        );
      }),
    );
  });
});

describe("agreement", () => {
  it("of kappa and Matthews' correlation is symmetric in truth and prediction", () => {
    fc.assert(
      fc.property(labelled, ({ classCount, rows }) => {
        const [truth, given] = [0, 1].map((side) => rows.map((row) => row[side]));
        const matrix = confusionMatrix(truth, given, { classCount });
        const mirrored = confusionMatrix(given, truth, { classCount });
        close(matthewsCorrelation(matrix), matthewsCorrelation(mirrored));
        for (const weighting of ["none", "linear", "quadratic"] as const) {
          close(cohenKappa(matrix, { weighting }), cohenKappa(mirrored, { weighting }));
        }
      }),
    );
  });

  it("is perfect, or undefined, between equal labels", () => {
    fc.assert(
      fc.property(labelled, ({ classCount, rows }) => {
        const truth = rows.map(([label]) => label);
        const matrix = confusionMatrix(truth, truth, { classCount });
        expect(accuracy(matrix)).toBe(1);
        for (const value of [matthewsCorrelation(matrix), cohenKappa(matrix)]) {
          if (new Set(truth).size > 1) expect(value).toBeCloseTo(1, 12);
          else expect(value).toBeNaN();
        }
      }),
    );
  });

  it("of F1 is the harmonic mean of sensitivity and precision", () => {
    fc.assert(
      fc.property(labelled, ({ classCount, rows }) => {
        const matrix = confusionMatrix(
          rows.map(([t]) => t),
          rows.map(([, g]) => g),
          { classCount },
        );
        const counts = binaryCounts(matrix, 0);
        const recall = sensitivity(counts);
        const precision = counts.truePositive / (counts.truePositive + counts.falsePositive);
        if (recall * precision > 0) close(f1Score(counts), 2 / (1 / recall + 1 / precision));
      }),
    );
  });
});

describe("weights", () => {
  it("of 2 equal every row twice, in all figures", async () => {
    await fc.assert(
      fc.asyncProperty(judged, async (input) => {
        const twice = {
          ...input,
          labels: Int32Array.from([...input.labels, ...input.labels]),
          probabilities: Float64Array.from([...input.probabilities, ...input.probabilities]),
        };
        const weighted = { ...input, weights: new Float64Array(input.labels.length).fill(2) };
        const doubled = await judgeClassification(twice);
        const heavy = await judgeClassification(weighted);
        expect(heavy.confusion).toEqual(doubled.confusion);
        for (const [name, figure] of Object.entries(doubled.figures)) {
          close(heavy.figures[name as keyof typeof heavy.figures]?.value ?? null, figure.value);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("of 0 leave rows out", async () => {
    await fc.assert(
      fc.asyncProperty(
        judged.filter(({ labels }) => labels.length > 1),
        async (input) => {
          const count = input.labels.length;
          const weights = Float64Array.from({ length: count }, (_, row) => (row === 0 ? 0 : 1));
          const fewer = {
            ...input,
            labels: input.labels.slice(1),
            probabilities: input.probabilities.slice(input.classes.length),
          };
          const whole = (await judgeClassification({ ...input, weights })).figures;
          for (const [name, figure] of Object.entries((await judgeClassification(fewer)).figures)) {
            close(whole[name as keyof typeof whole]?.value ?? null, figure.value);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("of 2 equal every row twice for values, too", async () => {
    const value = fc.integer({ min: -20, max: 20 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 20 }),
        async (rows) => {
          const truth = Float64Array.from(rows, ([t]) => t);
          const predicted = Float64Array.from(rows, ([, p]) => p);
          const weights = new Float64Array(rows.length).fill(2);
          const heavy = (await judgeRegression({ truth, predicted, weights, resamples: 5 }))
            .figures;
          const doubled = (
            await judgeRegression({
              truth: Float64Array.from([...truth, ...truth]),
              predicted: Float64Array.from([...predicted, ...predicted]),
              resamples: 5,
            })
          ).figures;
          for (const name of Object.keys(doubled) as (keyof typeof doubled)[]) {
            close(heavy[name].value, doubled[name].value);
          }
        },
      ),
    );
  });
});

describe("intervals", () => {
  const counts = fc
    .tuple(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([n, share]) => [Math.round(n * share), n]);

  it("of proportions hold the estimate, mirror for failures, and Clopper–Pearson's grow with the level", () => {
    fc.assert(
      fc.property(counts, level, ([x, n], confidence) => {
        for (const interval of [wilsonInterval, clopperPearsonInterval]) {
          const { low, high } = interval(x, n, confidence);
          expect(low).toBeLessThanOrEqual(x / n + 1e-12);
          expect(high).toBeGreaterThanOrEqual(x / n - 1e-12);
          const mirrored = interval(n - x, n, confidence);
          close(mirrored.low, 1 - (high as number));
          const wider = interval(x, n, (1 + confidence) / 2);
          expect(wider.low).toBeLessThanOrEqual(low as number);
        }
      }),
    );
  });

  it("of areas hold the estimate and stay within 0 and 1", () => {
    fc.assert(
      fc.property(
        twoSided,
        level,
        fc.constantFrom("plain", "logit"),
        ({ positive, scores }, confidence, scale) => {
          const { value, low, high } = aucFigure(positive, scores, { level: confidence, scale });
          if (low === null || high === null) return;
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
          expect(low).toBeLessThanOrEqual((value as number) + 1e-12);
          expect(high).toBeGreaterThanOrEqual((value as number) - 1e-12);
        },
      ),
    );
  });

  it("of a perfect area narrow with more cases", () => {
    const low = (n: number) => newcombeAucInterval(1, n, n).low as number;
    expect(low(5)).toBeLessThan(low(20));
    expect(low(20)).toBeLessThan(low(200));
    expect(low(200)).toBeGreaterThan(0.97);
  });

  it("of likelihood ratios hold the ratio, and keep one bound where it is 0 or infinite", () => {
    const count = fc.integer({ min: 0, max: 50 });
    fc.assert(
      fc.property(count, count, count, count, (tp, fp, fn, tn) => {
        const one = { truePositive: tp, falsePositive: fp, falseNegative: fn, trueNegative: tn };
        const { low, high } = likelihoodRatioInterval(one, "positive");
        const ratio = positiveLikelihoodRatio(one);
        if (Number.isNaN(ratio)) expect([low, high]).toEqual([null, null]);
        else {
          expect(low as number).toBeLessThanOrEqual(ratio);
          if (ratio === Number.POSITIVE_INFINITY) expect(high).toBeNull();
          else expect(high as number).toBeGreaterThanOrEqual(ratio);
        }
      }),
    );
  });

  it("of every figure in a judgement hold the value", async () => {
    await fc.assert(
      fc.asyncProperty(judged, fc.boolean(), async (input, paired) => {
        const groups = paired ? input.labels.map((_, row) => row >> 1) : undefined;
        const { figures, perClass } = await judgeClassification({
          ...input,
          groups,
          resamples: 50,
        });
        const all = [
          ...Object.values(figures),
          ...perClass.flatMap((one) => Object.values(one.figures)),
        ];
        for (const { value, low, high, undefinedBecause } of all) {
          if (value === null) expect(undefinedBecause).toBeTruthy();
          else if (low === null || high === null) expect(undefinedBecause).toBeTruthy();
          else {
            expect(low).toBeLessThanOrEqual(value + 1e-12);
            expect(high).toBeGreaterThanOrEqual(value - 1e-12);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("a classifier compared with itself", () => {
  it("differs by nothing: DeLong's and McNemar's p are 1", async () => {
    await fc.assert(
      fc.asyncProperty(twoSided, async ({ positive, scores }) => {
        const { difference, test } = compareAucPaired(positive, scores, scores);
        expect(difference.value).toBe(0);
        const enough = [0, 1].every((label) => positive.filter((one) => one === label).length > 1);
        expect(test.pValue).toBe(enough ? 1 : null);
        const probabilities = Float64Array.from(scores.flatMap((score) => [1 - score, score]));
        const { mcnemar, scores: figures } = await compareClassifiers({
          classes: ["a", "b"],
          labels: Int32Array.from(positive),
          first: probabilities,
          second: probabilities,
          resamples: 5,
        });
        expect(mcnemar.pValue).toBe(1);
        expect(figures.accuracy).toMatchObject({ pValue: 1, difference: { value: 0 } });
      }),
    );
  });

  it("has no difference over folds, with p = 1", () => {
    const { difference, test } = correctedResampledT([0.8, 0.9, 0.7], [0.8, 0.9, 0.7], {
      trainRows: 90,
      testRows: 10,
    });
    expect(difference).toMatchObject({ value: 0, low: 0, high: 0 });
    expect(test).toMatchObject({ statistic: 0, pValue: 1 });
  });
});

describe("two classifiers swapped", () => {
  it("have the opposite difference and the same p", () => {
    fc.assert(
      fc.property(
        twoSided,
        fc.infiniteStream(fc.integer({ min: 0, max: 10 })),
        ({ positive, scores }, other) => {
          const second = scores.map(() => (other.next().value as number) / 10);
          const one = compareAucPaired(positive, scores, second);
          const two = compareAucPaired(positive, second, scores);
          close(one.difference.value, -(two.difference.value as number));
          close(one.test.pValue, two.test.pValue);
        },
      ),
    );
    expect(mcnemarTest({ onlyFirst: 3, onlySecond: 8, n: 50 })).toEqual(
      mcnemarTest({ onlyFirst: 8, onlySecond: 3, n: 50 }),
    );
  });
});

describe("probabilities", () => {
  it("that are right and certain have no calibration error and full average precision", () => {
    fc.assert(
      fc.property(twoSided, ({ positive }) => {
        expect(calibrationError(positive, positive)).toEqual({ expected: 0, maximum: 0 });
        expect(averagePrecision(positive, positive)).toBe(1);
      }),
    );
  });

  it("never have a net benefit above the prevalence", () => {
    fc.assert(
      fc.property(
        scored,
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        ({ positive, scores }, at) => {
          const prevalence = positive.reduce((sum, label) => sum + label) / positive.length;
          expect(netBenefit(positive, scores, at)).toBeLessThanOrEqual(prevalence + 1e-12);
          expect(netBenefit(positive, positive, at)).toBeCloseTo(prevalence, 12);
        },
      ),
    );
  });
});

describe("values", () => {
  const pairs = fc.array(
    fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })),
    {
      minLength: 3,
      maxLength: 30,
    },
  );

  it("correlate the same after a linear map, and by rank after any monotone one", () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const [x, y] = [0, 1].map((side) => rows.map((row) => row[side]));
        close(
          pearsonCorrelation(
            x,
            y.map((v) => 3 * v - 7),
          ),
          pearsonCorrelation(x, y),
        );
        close(
          spearmanCorrelation(
            x,
            y.map((v) => v ** 3),
          ),
          spearmanCorrelation(x, y),
        );
        close(pearsonCorrelation(x, y), pearsonCorrelation(y, x));
      }),
    );
  });

  it("never concord better than they correlate", () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const [x, y] = [0, 1].map((side) => rows.map((row) => row[side]));
        const correlation = pearsonCorrelation(x, y);
        if (Number.isNaN(correlation)) return;
        expect(Math.abs(concordanceCorrelation(x, y))).toBeLessThanOrEqual(
          Math.abs(correlation) + 1e-12,
        );
      }),
    );
  });

  it("have limits of agreement around the bias, which a shift moves", () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: -9, max: 9 }), (rows, shift) => {
        const [x, y] = [0, 1].map((side) => rows.map((row) => row[side]));
        const before = blandAltman(x, y);
        const after = blandAltman(
          x,
          y.map((value) => value + shift),
        );
        close(after.bias.value, (before.bias.value as number) + shift);
        close(after.lowerLimit.low, (before.lowerLimit.low as number) + shift);
        const middle =
          ((before.lowerLimit.value as number) + (before.upperLimit.value as number)) / 2;
        close(middle, before.bias.value);
      }),
    );
  });
});

describe("corrected p values", () => {
  it("are never smaller, keep their order, and Holm's are never below Benjamini and Hochberg's", () => {
    const p = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(p, { minLength: 1, maxLength: 20 }), (values) => {
        const holm = adjustPValues(values) as number[];
        const bh = adjustPValues(values, { correction: "benjamini-hochberg" }) as number[];
        values.forEach((value, index) => {
          expect(bh[index]).toBeGreaterThanOrEqual(value * (1 - 1e-12));
          expect(holm[index]).toBeGreaterThanOrEqual(bh[index] - 1e-12);
          values.forEach((other, at) => {
            if (value < other) expect(holm[index]).toBeLessThanOrEqual(holm[at]);
          });
        });
      }),
    );
  });

  it("leave out tests that gave none", () => {
    expect(adjustPValues([0.01, null, 0.02])).toEqual([0.02, null, 0.02]);
  });
});
