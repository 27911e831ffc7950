import { describe, expect, it } from "vitest";
import { type ClassificationToJudge, judgeClassification } from "../../src/statistics/index.ts";
import { simulateClassification } from "./simulated.ts";

const binary: ClassificationToJudge = {
  classes: ["benign", "malignant"],
  labels: Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1, 1, 0),
  probabilities: twoColumns([0.1, 0.2, 0.3, 0.7, 0.6, 0.8, 0.9, 0.4, 0.7, 0.5]),
  resamples: 200,
};

function twoColumns(positive: readonly number[]): Float64Array {
  return Float64Array.from(positive.flatMap((p) => [1 - p, p]));
}

describe("judgeClassification", () => {
  it("gives the figures of a table counted by hand", async () => {
    // Ties at 0.5 go to the first class: TP 4, FN 1, FP 1, TN 4.
    const { confusion, figures, n, counts } = await judgeClassification(binary);
    expect({ confusion, n, counts }).toEqual({
      confusion: [
        [4, 1],
        [1, 4],
      ],
      n: 10,
      counts: [5, 5],
    });
    expect(figures.accuracy).toMatchObject({ value: 0.8, n: 10, method: "Wilson score interval" });
    expect(figures.sensitivity).toMatchObject({ value: 0.8, n: 5 });
    expect(figures.positiveLikelihoodRatio?.value).toBeCloseTo(4, 12);
    expect(figures.mcc?.value).toBeCloseTo(0.6, 12);
    expect(figures.rocAuc).toMatchObject({ n: 10, method: "DeLong" });
    expect(figures.rocAuc?.value).toBeCloseTo(21.5 / 25, 12);
    expect(figures.netBenefit?.value).toBeCloseTo(0.3, 12);
  });

  it("moves the decision with a threshold, which then includes its own value", async () => {
    expect((await judgeClassification({ ...binary, threshold: 0.5 })).confusion).toEqual([
      [3, 2],
      [1, 4],
    ]);
  });

  it("takes the class named as positive", async () => {
    const { figures, positiveClass } = await judgeClassification({
      ...binary,
      positiveClass: "benign",
    });
    expect(positiveClass).toBe("benign");
    expect(figures.ppv).toEqual((await judgeClassification(binary)).perClass[0].figures.ppv);
  });

  it("says of one class only what is undefined and why, with N", async () => {
    const { figures } = await judgeClassification({ ...binary, labels: new Int32Array(10) });
    expect(figures.rocAuc).toEqual({
      value: null,
      low: null,
      high: null,
      level: 0.95,
      n: 10,
      method: "DeLong",
      undefinedBecause: "there are no positive cases",
    });
    expect(figures.sensitivity).toMatchObject({
      value: null,
      n: 0,
      undefinedBecause: "there are no cases of class malignant",
    });
    expect(figures.mcc).toMatchObject({
      value: null,
      undefinedBecause: "all cases are of one class",
    });
    expect(figures.specificity?.value).toBe(0.5);
    expect(figures.calibrationSlope?.undefinedBecause).toBe("all cases are of one class");
  });

  it.each([0, 1])("judges %i rows without failing", async (rows) => {
    const judgement = await judgeClassification({
      classes: ["a", "b", "c"],
      labels: new Int32Array(rows),
      probabilities: Float64Array.from({ length: rows * 3 }, () => 1 / 3),
    });
    expect(judgement.n).toBe(rows);
    expect(judgement.figures.rocAucOneVsOne).toMatchObject({ value: null, n: rows });
    expect(judgement.figures.accuracy?.value).toBe(rows === 0 ? null : 1);
    for (const figure of Object.values(judgement.figures)) {
      if (figure.value === null || figure.low === null)
        expect(figure.undefinedBecause).toBeTruthy();
    }
  });

  it("resamples by patient where patients have several rows", async () => {
    const groups = Int32Array.of(0, 0, 1, 1, 2, 2, 3, 3, 4, 4);
    const { figures, patients } = await judgeClassification({ ...binary, groups });
    expect(patients).toBe(5);
    expect(figures.accuracy?.method).toMatch(/^BCa bootstrap by patient, 200 resamples/);
    expect(figures.rocAuc?.method).toMatch(/by patient/);
  });

  it("widens the intervals when rows of a patient are copies of one another", async () => {
    const single = simulateClassification({ rows: 60, classCount: 2 });
    const rows = Int32Array.from({ length: 240 }, (_, index) => index >> 2);
    const copied = {
      classes: single.classes,
      labels: rows.map((row) => single.labels[row]),
      probabilities: Float64Array.from(
        { length: 480 },
        (_, i) => single.probabilities[(i >> 3) * 2 + (i & 1)],
      ),
    };
    const width = async (input: ClassificationToJudge) => {
      const { brier } = (await judgeClassification(input)).figures;
      return (brier?.high as number) - (brier?.low as number);
    };
    const singleWidth = await width(single);
    expect(await width({ ...copied, groups: rows })).toBeCloseTo(singleWidth, 12);
    expect(await width(copied)).toBeLessThan(0.7 * singleWidth);
  });

  it("gives the same judgement for the same seed, and other intervals for another", async () => {
    const input = simulateClassification({ rows: 50, classCount: 3 });
    const first = await judgeClassification({ ...input, resamples: 300 });
    expect(await judgeClassification({ ...input, resamples: 300 })).toEqual(first);
    const other = await judgeClassification({ ...input, resamples: 300, seed: 1 });
    expect(other.figures.mcc?.low).not.toBe(first.figures.mcc?.low);
    expect(other.figures.mcc?.value).toBe(first.figures.mcc?.value);
  });

  it("is plain data that survives JSON", async () => {
    const judgement = await judgeClassification({
      ...simulateClassification({ rows: 40, classCount: 3 }),
      resamples: 50,
    });
    expect(JSON.parse(JSON.stringify(judgement))).toEqual(judgement);
  });

  it("keeps curves small, whatever the number of rows", async () => {
    const input = { ...simulateClassification({ rows: 5000 }), resamples: 1 };
    const [{ roc, precisionRecall, decision, calibration }] = (await judgeClassification(input))
      .curves;
    expect(roc.length).toBeLessThanOrEqual(500);
    expect(precisionRecall.length).toBe(500);
    expect(decision.length).toBe(99);
    expect(calibration.length).toBe(10);
    expect(roc[0]).toEqual({ threshold: null, falsePositiveRate: 0, truePositiveRate: 0 });
    expect(roc.at(-1)).toMatchObject({ falsePositiveRate: 1, truePositiveRate: 1 });
  });

  it("draws resamples within classes when asked to, so that none lacks a class", async () => {
    const labels = Int32Array.from({ length: 30 }, (_, row) => +(row < 2));
    const input = { ...simulateClassification({ rows: 30 }), labels, resamples: 300 };
    const plain = (await judgeClassification(input)).figures.averagePrecision?.method;
    const within = (await judgeClassification({ ...input, stratify: "class" })).figures
      .averagePrecision?.method;
    expect(plain).toMatch(/undefined in \d+ of them/);
    expect(within).not.toMatch(/undefined/);
  });

  it("gives the intervals asked for", async () => {
    const input = { ...simulateClassification({ rows: 40 }), resamples: 200 };
    const { figures } = await judgeClassification({
      ...input,
      level: 0.9,
      bootstrap: "percentile",
      proportions: "clopper-pearson",
    });
    expect(figures.accuracy).toMatchObject({
      level: 0.9,
      method: "Clopper–Pearson exact interval",
    });
    expect(figures.mcc?.method).toMatch(/^percentile bootstrap/);
    const wide = (await judgeClassification({ ...input, bootstrap: "percentile" })).figures.mcc;
    expect(wide?.low as number).toBeLessThan(figures.mcc?.low as number);
  });

  it("hears of progress", async () => {
    const stages: string[] = [];
    const input = { ...simulateClassification({ rows: 20 }), resamples: 200 };
    await judgeClassification(input, {
      onProgress: ({ done, total }) => stages.push(`${done}/${total}`),
    });
    expect(stages.length).toBe(10);
    expect(stages.at(-1)).toBe("200/200");
  });

  it.each([
    ["labels out of range", { labels: new Int32Array(10).fill(2) }, /labels 0 … 1/],
    ["too few probabilities", { probabilities: new Float64Array(3) }, /20 values/],
    [
      "NaN among probabilities",
      { probabilities: new Float64Array(20).fill(Number.NaN) },
      /\[0, 1\]/,
    ],
    ["rows that do not sum to 1", { probabilities: new Float64Array(20).fill(0.9) }, /sum to 1/],
    ["a negative weight", { weights: new Float64Array(10).fill(-1) }, /weights of 0 or more/],
    ["one class", { classes: ["benign"] }, /two classes or more, found 1/],
    ["patients of other rows", { groups: new Int32Array(9) }, /10 values/],
    ["an unknown positive class", { positiveClass: "cyst" }, /benign, malignant/],
    ["an unknown option", { treshold: 0.4 }, /no option "treshold"/],
    ["a threshold of 1", { threshold: 1 }, /below 1/],
  ])("refuses %s", async (_, change, message) => {
    await expect(judgeClassification({ ...binary, ...change })).rejects.toThrow(message);
  });

  it("refuses a threshold for more than two classes", async () => {
    const input = simulateClassification({ rows: 9, classCount: 3 });
    await expect(judgeClassification({ ...input, threshold: 0.5 })).rejects.toThrow(
      /needs two classes/,
    );
  });
});
