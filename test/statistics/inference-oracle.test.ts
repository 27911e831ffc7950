// Intervals and tests against R and pROC (expected/make-inference.R).

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  adjustPValues,
  aucFigure,
  blandAltman,
  calibrationLine,
  clopperPearsonInterval,
  compareAucPaired,
  compareAucUnpaired,
  concordanceCorrelation,
  concordanceInterval,
  correctedResampledT,
  type Figure,
  judgeRegression,
  likelihoodRatioInterval,
  mcnemarTest,
  negativeLikelihoodRatio,
  positiveLikelihoodRatio,
  wilsonInterval,
} from "../../src/statistics/index.ts";

function read(name: string) {
  return JSON.parse(readFileSync(new URL(`./expected/${name}`, import.meta.url), "utf8"));
}

const r = read("inference.json");
const { classification } = read("cases.json");

type Maybe = number | null | undefined;

/** Equal to 1e-9 of the value (or absolutely, below 1); null for R's NaN. */
function expectClose(ours: readonly Maybe[], expected: readonly Maybe[], about?: unknown): void {
  expect(ours.length).toBe(expected.length);
  expected.forEach((value, index) => {
    const message = `${index} of ${ours} against ${expected} for ${JSON.stringify(about)}`;
    if (value === null || value === undefined) expect(ours[index] ?? null, message).toBeNull();
    else {
      const error = Math.abs((ours[index] as number) - value) / Math.max(1, Math.abs(value));
      expect(error, message).toBeLessThan(1e-9);
    }
  });
}

const bounds = ({ low, high }: { low: number | null; high: number | null }) => [low, high];
const whole = ({ value, low, high }: Figure) => [value, low, high];

describe("proportions have R's intervals", () => {
  it("by Wilson (prop.test) and by Clopper and Pearson (binom.test)", () => {
    for (const one of r.proportions) {
      expectClose(bounds(wilsonInterval(one.x, one.n, one.level)), one.wilson, one);
      expectClose(bounds(clopperPearsonInterval(one.x, one.n, one.level)), one.exact, one);
    }
  });
});

describe("areas under ROC curves have pROC's intervals and tests", () => {
  const caseAt = (index: number) => {
    const { y, p, q } = classification[index];
    return { positive: Int32Array.from(y, Number), p, q };
  };
  const some = r.delong.filter(({ auc }: { auc: number }) => auc > 0 && auc < 1);

  it("has 80 cases or more", () => expect(some.length).toBeGreaterThanOrEqual(80));

  it("DeLong's, plain and on the logit scale", () => {
    for (const one of some) {
      const { positive, p } = caseAt(one.case);
      expectClose(whole(aucFigure(positive, p)), [one.auc, ...one.ci], one);
      expectClose(bounds(aucFigure(positive, p, { scale: "logit" })), one.logit, one);
    }
  });

  it("but an interval with width where no case is misranked, where pROC's has none", () => {
    const perfect = r.delong.filter(({ auc }: { auc: number }) => auc === 0 || auc === 1);
    expect(perfect.length).toBeGreaterThan(3);
    for (const one of perfect) {
      expect(one.ci[0]).toBe(one.ci[1]);
      const { positive, p } = caseAt(one.case);
      const figure = aucFigure(positive, p);
      expect(figure.method).toMatch(/Newcombe/);
      expect((figure.high as number) - (figure.low as number)).toBeGreaterThan(0.02);
    }
  });

  it("DeLong's test of two scores of the same cases", () => {
    for (const one of r.delong) {
      const { positive, p, q } = caseAt(one.case);
      const { difference, test } = compareAucPaired(positive, p, q);
      // pROC gives NaN for 0 / 0, the comparison of scores that rank alike.
      if (test.statistic === 0 && one.paired[0] === null) expect(test.pValue).toBe(1);
      else expectClose([test.statistic, test.pValue], one.paired, one);
      // pROC's bounds may pass the ends of the scale; where the variance is 0 they are of no width.
      if (difference.low === null) expect(one.pairedCi[0] ?? one.pairedCi[1]).toBe(one.pairedCi[1]);
      else
        expectClose(bounds(difference), [
          Math.max(-1, one.pairedCi[0]),
          Math.min(1, one.pairedCi[1]),
        ]);
    }
  });

  it("DeLong's test of scores of different cases, with its degrees of freedom", () => {
    r.delong.forEach((one: { case: number; unpaired: Maybe[] }, index: number) => {
      const other = caseAt(r.delong[(index + 1) % r.delong.length].case);
      const { positive, p } = caseAt(one.case);
      const first = { positive, scores: p };
      const { test } = compareAucUnpaired(first, { positive: other.positive, scores: other.q });
      expectClose([test.statistic, test.degreesOfFreedom, test.pValue], one.unpaired, one);
    });
  });
});

describe("tests equal R's", () => {
  it("McNemar's: exact, mid-p and χ² with and without correction", () => {
    for (const { d, exact, mid, plain, corrected } of r.mcnemar) {
      const counts = { onlyFirst: d[0], onlySecond: d[1], n: 100 };
      const p = (variant: "exact" | "mid-p") => mcnemarTest(counts, { variant }).pValue;
      expectClose([p("exact"), p("mid-p")], [exact, mid], d);
      for (const [variant, expected] of [
        ["chi-square", plain],
        ["corrected", corrected],
      ] as const) {
        const { statistic, pValue } = mcnemarTest(counts, { variant });
        expectClose([statistic, pValue], expected, d);
      }
    }
  });

  it("the corrected resampled t test over folds", () => {
    for (const { first, second, train, test: testRows, expected } of r.folds) {
      const options = { trainRows: train, testRows };
      const { difference, test } = correctedResampledT(first, second, options);
      expectClose([...whole(difference), test.statistic, test.pValue], expected);
    }
  });

  it("Holm's and Benjamini and Hochberg's corrections", () => {
    for (const { p, holm, bh } of r.adjusted) {
      expectClose(adjustPValues(p), holm);
      expectClose(adjustPValues(p, { correction: "benjamini-hochberg" }), bh);
    }
  });
});

describe("calibration intercept and slope equal R's glm", () => {
  const z = 1.959963984540054;
  const interval = ([value, error]: number[]) => [value, value - z * error, value + z * error];

  it.each([...r.calibration.keys()] as number[])("in case %i", (index) => {
    const { y, p, d, g, w, wald, clustered, weighted } = r.calibration[index] as {
      [key in "p" | "g" | "w" | "wald" | "clustered" | "weighted"]: number[];
    } & { y: string; d: number };
    const positive = Int32Array.from(y, Number);
    const probabilities = p.map((count) => count / d);
    const plain = calibrationLine(positive, probabilities);
    expectClose(whole(plain.intercept), interval(wald.slice(0, 2)));
    expectClose(whole(plain.slope), interval(wald.slice(2)));
    const robust = calibrationLine(positive, probabilities, { groups: g });
    expectClose(whole(robust.intercept), interval(clustered.slice(0, 2)));
    expectClose(whole(robust.slope), interval(clustered.slice(2)));
    const { intercept, slope } = calibrationLine(positive, probabilities, { weights: w });
    expectClose([intercept.value, slope.value], weighted);
  });
});

describe("likelihood ratios have the log method's intervals", () => {
  it.each(r.ratios as { counts: number[]; plus: number[]; minus: number[] }[])(
    "for $counts",
    (one) => {
      const [truePositive, falsePositive, falseNegative, trueNegative] = one.counts;
      const counts = { truePositive, falsePositive, falseNegative, trueNegative };
      const plus = likelihoodRatioInterval(counts, "positive");
      const minus = likelihoodRatioInterval(counts, "negative");
      expectClose([positiveLikelihoodRatio(counts), ...bounds(plus)], one.plus);
      expectClose([negativeLikelihoodRatio(counts), ...bounds(minus)], one.minus);
    },
  );
});

describe("agreement of values equals R's", () => {
  it("in correlation, concordance, bias and limits of agreement, with their intervals", async () => {
    for (const { x, y, pearson, concordance, bias, lower, upper } of r.regression) {
      const truth = Float64Array.from(x);
      const predicted = Float64Array.from(y);
      const { figures } = await judgeRegression({ truth, predicted, resamples: 2 });
      expectClose(whole(figures.pearson), pearson);
      expectClose(whole(figures.concordance), concordance);
      expectClose(whole(figures.bias), bias);
      expectClose(whole(figures.lowerLimit), lower);
      expectClose(whole(figures.upperLimit), upper);
      const alone = bounds(concordanceInterval(truth, predicted));
      expectClose([concordanceCorrelation(truth, predicted), ...alone], concordance);
      expectClose(whole(blandAltman(truth, predicted).upperLimit), upper);
    }
  });
});
