import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/index.ts";
import { concordanceCorrelation, judgeRegression } from "../../src/statistics/index.ts";

function simulate(rows: number) {
  const random = randomStream({ seed: 3, purpose: "test/regression" });
  const truth = Float64Array.from({ length: rows }, () => 20 + 5 * random.normal());
  return { truth, predicted: truth.map((value) => value + 1 + 2 * random.normal()) };
}

describe("judgeRegression", () => {
  it("gives every figure with an interval that holds it", async () => {
    const { figures, n, points } = await judgeRegression({ ...simulate(60), resamples: 200 });
    expect([n, points.length]).toEqual([60, 60]);
    for (const { value, low, high, n: count } of Object.values(figures)) {
      expect(count).toBe(60);
      expect(low as number).toBeLessThan(value as number);
      expect(high as number).toBeGreaterThan(value as number);
    }
  });

  it("resamples by patient where patients have several rows", async () => {
    const groups = Int32Array.from({ length: 60 }, (_, row) => row >> 2);
    const { figures, patients } = await judgeRegression({
      ...simulate(60),
      groups,
      resamples: 100,
    });
    expect(patients).toBe(15);
    expect(figures.bias.method).toMatch(/^BCa bootstrap by patient/);
  });

  it.each([
    [[], [], "there are no cases"],
    [[3], [4], "one case does not vary"],
    [[3, 3, 3], [4, 5, 6], "all true values are equal"],
  ])("says of %j and %j why a correlation is undefined", async (truth, predicted, reason) => {
    const judgement = await judgeRegression({
      truth: Float64Array.from(truth),
      predicted: Float64Array.from(predicted),
    });
    expect(judgement.figures.pearson).toMatchObject({
      value: null,
      n: truth.length,
      undefinedBecause: reason,
    });
    expect(judgement.figures.r2).toMatchObject({ value: null, undefinedBecause: reason });
    expect(judgement.figures.concordance.value).toBe(truth.length < 2 ? null : 0);
    const alone = concordanceCorrelation(truth, predicted);
    expect(alone).toBe(truth.length < 2 ? Number.NaN : 0);
    expect(judgement.figures.mae.value).toBe(
      truth.length === 0 ? null : truth.length === 1 ? 1 : 2,
    );
    expect(JSON.parse(JSON.stringify(judgement))).toEqual(judgement);
  });

  it("has a concordance of 0 with a constant, and none between equal constants", async () => {
    const truth = Float64Array.of(1, 2, 3);
    const constant = Float64Array.of(2, 2, 2);
    expect((await judgeRegression({ truth, predicted: constant })).figures.concordance.value).toBe(
      0,
    );
    expect(
      (await judgeRegression({ truth: constant, predicted: constant })).figures.concordance
        .undefinedBecause,
    ).toBe("neither true nor predicted values vary");
  });

  it("keeps 500 points of many", async () => {
    const { points } = await judgeRegression({ ...simulate(3000), resamples: 1 });
    expect(points.length).toBe(500);
  });

  it("refuses values that are missing, and lengths that differ", async () => {
    const { truth, predicted } = simulate(5);
    await expect(judgeRegression({ truth, predicted: predicted.subarray(1) })).rejects.toThrow(
      /5 values/,
    );
    const missing = truth.with(2, Number.NaN);
    await expect(judgeRegression({ truth: missing, predicted })).rejects.toThrow(/NaN in row 3/);
  });
});
