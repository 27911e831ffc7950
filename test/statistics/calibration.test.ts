import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/index.ts";
import { calibrationCurve, calibrationError, calibrationLine } from "../../src/statistics/index.ts";

describe("calibrationLine", () => {
  it.each([
    ["one class", [1, 1], [0.2, 0.4], "all cases are of one class", "all cases are of one class"],
    ["no cases", [], [], "there are no cases", "there are no cases"],
    ["equal predictions", [0, 1], [0.3, 0.3], undefined, "all predicted probabilities are equal"],
    [
      "separated classes",
      [0, 0, 1],
      [0.1, 0.3, 0.3],
      undefined,
      "the predictions separate the classes: the slope is infinite",
    ],
  ])(
    "says of %s why intercept or slope is undefined",
    (_, positive, probabilities, forIntercept, forSlope) => {
      const { intercept, slope } = calibrationLine(positive, probabilities);
      expect(intercept.undefinedBecause).toBe(forIntercept);
      expect(slope).toMatchObject({ value: null, low: null, undefinedBecause: forSlope });
    },
  );

  it("recovers the line that outcomes were drawn from", () => {
    const random = randomStream({ seed: 2, purpose: "test/calibration" });
    // Overconfident risks: the true log odds are half of the predicted ones, plus 0.3.
    const logits = Array.from({ length: 20_000 }, () => 2 * random.normal());
    const positive = logits.map((x) => +(random.uniform() < 1 / (1 + Math.exp(-0.5 * x - 0.3))));
    const { slope } = calibrationLine(
      positive,
      logits.map((x) => 1 / (1 + Math.exp(-x))),
    );
    expect(slope.value).toBeCloseTo(0.5, 1);
    expect(slope.low as number).toBeLessThan(0.5);
    expect(slope.high as number).toBeGreaterThan(0.5);
  });

  it("moves the mean prediction to the share of positives, however extreme the predictions", () => {
    const row = fc.tuple(
      fc.integer({ min: 0, max: 1 }),
      fc.constantFrom(0, 1e-6, 0.01, 0.3, 0.5, 0.9, 0.999, 1),
    );
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 40 }), (rows) => {
        const positive = rows.map(([label]) => label);
        if (new Set(positive).size < 2) return;
        const { intercept, slope } = calibrationLine(
          positive,
          rows.map(([, p]) => p),
        );
        const moved = rows.map(([, p]) => {
          const edged = Math.min(1 - 1e-8, Math.max(1e-8, p));
          return 1 / (1 + (Math.exp(-(intercept.value as number)) * (1 - edged)) / edged);
        });
        const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
        expect(mean(moved)).toBeCloseTo(mean(positive), 9);
        if (slope.value !== null) expect(slope.high as number).toBeGreaterThanOrEqual(slope.value);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("calibration bins", () => {
  const positive = [0, 0, 1, 0, 1, 1];
  const probabilities = [0, 0.1, 0.1, 0.35, 0.8, 1];

  it("of equal width hold their upper edge, and empty ones are left out", () => {
    const bins = calibrationCurve(positive, probabilities, { bins: 10 });
    expect(bins.map(({ observed }) => observed.n)).toEqual([3, 1, 1, 1]);
    expect(bins[0].observed).toMatchObject({ value: 1 / 3, method: "Wilson score interval" });
  });

  it("of equal mass keep ties together", () => {
    const bins = calibrationCurve(positive, probabilities, { bins: 3, strategy: "equal-mass" });
    expect(bins.map(({ observed }) => observed.n)).toEqual([3, 1, 2]);
  });

  it("give no interval to weighted cases, and say so", () => {
    const weights = [1, 1, 2, 1, 1, 1];
    const [{ observed }] = calibrationCurve(positive, probabilities, { weights });
    expect(observed).toMatchObject({ value: 0.5, low: null, n: 3 });
    expect(observed.undefinedBecause).toMatch(/weighted/);
  });

  it("have no error without cases", () => {
    expect(calibrationError([], [])).toEqual({ expected: Number.NaN, maximum: Number.NaN });
    expect(calibrationCurve([], [])).toEqual([]);
  });
});
