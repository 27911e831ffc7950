// Regression figures against scikit-learn's and scipy's (expected/make-cases.py).

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  judgeRegression,
  meanAbsoluteError,
  medianAbsoluteError,
  pearsonCorrelation,
  rootMeanSquaredError,
  rSquared,
  spearmanCorrelation,
} from "../../src/statistics/index.ts";

type Measure = "mae" | "rmse" | "r2" | "medianAbsoluteError" | "pearson" | "spearman";

interface Case {
  t: number[];
  p: number[];
  w?: number[];
  expected: Partial<Record<Measure, number | string | null>>;
}

const { regression } = JSON.parse(
  readFileSync(new URL("./expected/cases.json", import.meta.url), "utf8"),
) as { regression: Case[] };

const direct = {
  mae: meanAbsoluteError,
  rmse: rootMeanSquaredError,
  r2: rSquared,
  medianAbsoluteError,
  pearson: pearsonCorrelation,
  spearman: spearmanCorrelation,
};

describe("regression figures equal scikit-learn's and scipy's", () => {
  it.each(regression.map((one, index) => [index, one] as const))(
    "in case %i",
    async (_, { t, p, w, expected }) => {
      const truth = Float64Array.from(t, (value) => value / 10);
      const predicted = Float64Array.from(p, (value) => value / 10);
      const weights = w && Float64Array.from(w);
      const { figures } = await judgeRegression({ truth, predicted, weights, resamples: 1 });
      for (const name of Object.keys(expected) as Measure[]) {
        const value = expected[name];
        const alone = direct[name](truth, predicted, { weights });
        if (typeof value === "number") {
          expect(figures[name].value, name).toBeCloseTo(value, 10);
          expect(alone, name).toBeCloseTo(value, 10);
        } else {
          expect(figures[name].value, name).toBeNull();
          expect(figures[name].undefinedBecause).toBeTruthy();
          expect(alone, name).toBeNaN();
        }
      }
    },
  );
});
