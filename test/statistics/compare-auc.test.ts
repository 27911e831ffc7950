import { describe, expect, it } from "vitest";
import { compareAucPaired, compareAucUnpaired } from "../../src/statistics/index.ts";

const positive = [0, 0, 0, 1, 1, 1];
const perfect = [1, 2, 3, 4, 5, 6];
const wrong = [6, 5, 4, 3, 2, 1];
const mixed = [1, 4, 3, 2, 5, 6];

describe("areas without variance", () => {
  it("of a score and itself do not differ, with certainty", () => {
    const { difference, test } = compareAucPaired(positive, mixed, mixed);
    expect(difference).toMatchObject({ value: 0, low: 0, high: 0 });
    expect(test).toMatchObject({ statistic: 0, pValue: 1 });
  });

  it("that are both perfect do not differ, but no interval says how surely", () => {
    const { difference, test } = compareAucPaired(positive, perfect, [1, 1, 1, 2, 2, 2]);
    expect(difference).toMatchObject({
      value: 0,
      low: null,
      undefinedBecause: "the variance is 0",
    });
    expect(test.pValue).toBe(1);
  });

  it("that differ have neither interval nor test", () => {
    const { difference, test } = compareAucPaired(positive, perfect, wrong);
    expect(difference).toMatchObject({ value: 1, low: null, high: null });
    expect(test).toMatchObject({ pValue: null, undefinedBecause: "the variance is 0" });
    const scores = { positive, scores: perfect };
    expect(compareAucUnpaired(scores, scores).test.undefinedBecause).toBe("the variance is 0");
  });
});

it("areas of one class only are undefined, with the reason", () => {
  const { first, difference } = compareAucPaired([1, 1], [1, 2], [2, 1]);
  expect(first).toBeNull();
  expect(difference.undefinedBecause).toBe("there are no positive or no negative cases");
});
