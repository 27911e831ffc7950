import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/index.ts";
import { aucFigure, newcombeAucInterval, normalCdf, rocAuc } from "../../src/statistics/index.ts";

describe("aucFigure", () => {
  it.each([
    ["no positive case", [0, 0], [0.1, 0.2], "there are no positive cases"],
    ["no negative case", [1, 1], [0.1, 0.2], "there are no negative cases"],
    ["nothing at all", [], [], "there are no positive cases"],
  ])("says of %s why it is undefined", (_, positive, scores, reason) => {
    const figure = aucFigure(positive, scores);
    expect(figure).toMatchObject({ value: null, n: scores.length, undefinedBecause: reason });
  });

  it("has a value but no interval with a single positive case", () => {
    const figure = aucFigure([1, 0, 0], [0.5, 0.6, 0.4]);
    expect(figure).toMatchObject({ value: 0.5, low: null, high: null });
    expect(figure.undefinedBecause).toMatch(/two positive and two negative/);
  });
});

describe("Newcombe's interval", () => {
  // Normal scores a distance of √2 z apart have an area of Φ(z).
  it.each([0.9, 0.97, 0.99])(
    "holds a true area of %d about as often as it says, perfect samples included",
    (truth) => {
      const random = randomStream({ seed: 1, purpose: "test/newcombe" });
      const distance = { 0.9: 1.8124, 0.97: 2.6599, 0.99: 3.29 }[truth] as number;
      expect(normalCdf(distance / Math.SQRT2)).toBeCloseTo(truth, 4);
      const positive = Array.from({ length: 30 }, (_, row) => +(row < 12));
      let held = 0;
      for (let experiment = 0; experiment < 2000; experiment++) {
        const area = rocAuc(
          positive,
          positive.map((label) => random.normal() + distance * label),
        );
        const { low, high } = newcombeAucInterval(area, 12, 18);
        if ((low as number) <= truth && truth <= (high as number)) held += 1;
      }
      expect(held / 2000).toBeGreaterThan(0.94);
      expect(held / 2000).toBeLessThan(0.99);
    },
  );
});
