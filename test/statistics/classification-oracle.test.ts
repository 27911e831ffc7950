// Every classification figure against scikit-learn's, on random cases (expected/make-cases.py).

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  type ClassificationToJudge,
  calibrationCurve,
  judgeClassification,
  precisionRecallCurve,
  rocCurve,
} from "../../src/statistics/index.ts";

/** A number; "undefined"; with "~" a number that scikit-learn gives for an undefined metric; "absent" where not asked. */
type Expected = string;

interface Case {
  name: string;
  k: number;
  d: number;
  y: string;
  p: number[];
  w?: number[];
  confusion: number[];
  /** Words in the order of `names`, then each class's after a bar. */
  expected: string;
}

const { names, classification, curves } = JSON.parse(
  readFileSync(new URL("./expected/cases.json", import.meta.url), "utf8"),
) as {
  names: Record<"binary" | "several" | "class", string[]>;
  classification: Case[];
  curves: (Case & Record<"roc" | "precisionRecall" | "calibration", [number, number][]>)[];
};

function toInput({ k, d, y, p, w }: Case): ClassificationToJudge {
  const probabilities =
    k === 2 ? p.flatMap((count) => [1 - count / d, count / d]) : p.map((count) => count / d);
  return {
    classes: Array.from({ length: k }, (_, index) => `class ${index}`),
    labels: Int32Array.from(y, Number),
    probabilities: Float64Array.from(probabilities),
    weights: w && Float64Array.from(w),
    resamples: 1,
  };
}

/** Pairs of name, expectation and our value, for every figure of a case. */
async function comparisons(
  one: Case,
): Promise<{ name: string; expected: Expected; ours: number | null }[]> {
  const { figures, perClass } = await judgeClassification(toInput(one));
  const [whole, ...ofClasses] = one.expected.split(" | ").map((words) => words.split(" "));
  const overall = names[one.k === 2 ? "binary" : "several"].map((name, at) => ({
    name,
    expected: whole[at],
    ours: figures[name as keyof typeof figures]?.value as number | null,
  }));
  const byClass = ofClasses.flatMap((words, index) =>
    names.class.map((name, at) => ({
      name: `${name} of class ${index}`,
      expected: words[at],
      ours: perClass[index].figures[name as keyof (typeof perClass)[0]["figures"]].value,
    })),
  );
  return [...overall, ...byClass].filter(({ expected }) => expected !== "absent");
}

const kinds = [...new Set(classification.map(({ name }) => name))];

describe("classification figures equal scikit-learn's", () => {
  it("has 200 cases or more", () => {
    expect(classification.length).toBeGreaterThanOrEqual(200);
  });

  it.each(kinds)("with %s", async (kind) => {
    for (const one of classification.filter(({ name }) => name === kind)) {
      expect((await judgeClassification(toInput(one))).confusion.flat()).toEqual(one.confusion);
      for (const { name, expected, ours } of await comparisons(one)) {
        const about = `${name} of ${JSON.stringify({ ...one, expected: undefined })}`;
        if (/^(undefined|~)/.test(expected)) expect(ours, about).toBeNull();
        else expect(ours, about).toBeCloseTo(Number(expected), 10);
      }
    }
  });

  it("but are null where scikit-learn gives 0 for a metric that has no value", async () => {
    const all = (await Promise.all(classification.map(comparisons))).flat();
    const conventional = all.filter(({ expected }) => expected.startsWith("~"));
    expect(new Set(conventional.map(({ ours }) => ours))).toEqual(new Set([null]));
    expect(new Set(conventional.map(({ name }) => name.split(" ")[0]))).toEqual(
      new Set([
        "mcc",
        "balancedAccuracy",
        "macroF1",
        "f1",
        "sensitivity",
        "specificity",
        "ppv",
        "npv",
      ]),
    );
  });
});

describe("curves equal scikit-learn's", () => {
  it.each(curves)("in $name of $y", (one) => {
    const positive = Int32Array.from(one.y, Number);
    const scores = one.p.map((count) => count / one.d);
    const roc = rocCurve(positive, scores).map((point) => [
      point.falsePositiveRate,
      point.truePositiveRate,
    ]);
    const precisionRecall = precisionRecallCurve(positive, scores).map(({ recall, precision }) => [
      recall,
      precision,
    ]);
    const calibration = calibrationCurve(positive, scores, { bins: 5 }).map(
      ({ predicted, observed }) => [predicted, observed.value],
    );
    expectClose(roc, one.roc);
    expectClose(precisionRecall, one.precisionRecall);
    expectClose(calibration, one.calibration);
  });
});

function expectClose(ours: (number | null)[][], expected: number[][]): void {
  expect(ours.length).toBe(expected.length);
  ours.flat().forEach((value, index) => {
    expect(value).toBeCloseTo(expected.flat()[index], 10);
  });
}
