import { describe, expect, it } from "vitest";
import { correctedResampledT } from "../../src/statistics/index.ts";

const folds = { trainRows: 90, testRows: 10 };

describe("correctedResampledT", () => {
  it("is more cautious than the plain t test, the more so the larger the test side", () => {
    const first = [0.9, 0.85, 0.88, 0.91, 0.87];
    const second = [0.86, 0.84, 0.85, 0.9, 0.83];
    const p = (testRows: number) =>
      correctedResampledT(first, second, { trainRows: 100 - testRows, testRows }).test
        .pValue as number;
    expect(p(10)).toBeLessThan(p(20));
    expect(p(20)).toBeLessThan(p(50));
  });

  it("has no test of one fold, nor where all folds differ alike", () => {
    expect(correctedResampledT([0.9], [0.8], folds).test).toMatchObject({
      pValue: null,
      undefinedBecause: "two folds or more are needed",
    });
    const alike = correctedResampledT([3, 2], [2, 1], folds);
    const undefinedBecause = "all folds differ by the same amount";
    expect(alike.test).toMatchObject({ pValue: null, undefinedBecause });
    expect(alike.difference).toMatchObject({ value: 1, low: null, high: null, undefinedBecause });
  });

  it("refuses scores of different folds", () => {
    expect(() => correctedResampledT([1, 2], [1], folds)).toThrow(/2 and 1 scores/);
  });
});
