import { describe, expect, it } from "vitest";
import {
  chooseThreshold,
  decisionCurve,
  netBenefit,
  type ThresholdRule,
} from "../../src/statistics/index.ts";

const positive = [0, 0, 1, 0, 1, 1, 0, 1];
const scores = [0.1, 0.2, 0.3, 0.4, 0.6, 0.6, 0.7, 0.9];

describe("chooseThreshold", () => {
  it.each<[ThresholdRule, number | null, number, number]>([
    [{ rule: "youden" }, 0.6, 3 / 4, 3 / 4],
    [{ rule: "sensitivity", atLeast: 0.8 }, 0.3, 1, 1 / 2],
    [{ rule: "sensitivity", atLeast: 0.25 }, 0.9, 1 / 4, 1],
    [{ rule: "specificity", atLeast: 0.75 }, 0.6, 3 / 4, 3 / 4],
    [{ rule: "specificity", atLeast: 1 }, 0.9, 1 / 4, 1],
    [{ rule: "net-benefit", actAt: 0.1 }, 0.3, 1, 1 / 2],
    [{ rule: "net-benefit", actAt: 0.9 }, 0.9, 1 / 4, 1],
  ])("by %j picks %d", (rule, threshold, sensitivity, specificity) => {
    expect(chooseThreshold(positive, scores, rule)).toEqual({
      threshold,
      sensitivity,
      specificity,
    });
  });

  it("calls nobody positive where that is best", () => {
    const chosen = chooseThreshold([1, 0], [0.2, 0.8], { rule: "net-benefit", actAt: 0.9 });
    expect(chosen).toEqual({ threshold: null, sensitivity: 0, specificity: 1 });
  });

  it("minds weights", () => {
    const weights = [1, 1, 10, 1, 1, 1, 1, 1];
    expect(chooseThreshold(positive, scores, { rule: "youden" }, { weights }).threshold).toBe(0.3);
  });

  it("refuses one class only, and shares that are none", () => {
    expect(() => chooseThreshold([1, 1], [0.2, 0.8], { rule: "youden" })).toThrow(/both classes/);
    const rule = { rule: "sensitivity", atLeast: 95 } as const;
    expect(() => chooseThreshold(positive, scores, rule)).toThrow(/share of 0 … 1, found 95/);
  });
});

describe("net benefit", () => {
  it("is TP/n − FP/n · t/(1 − t), equal scores being positive", () => {
    expect(netBenefit(positive, scores, 0.6)).toBeCloseTo(3 / 8 - ((1 / 8) * 0.6) / 0.4, 12);
    expect(netBenefit(positive, scores, 0.95)).toBe(0);
    expect(netBenefit([], [], 0.5)).toBeNaN();
  });

  it("of everyone crosses 0 at the prevalence", () => {
    const [below, at, above] = decisionCurve(positive, scores, { thresholds: [0.4, 0.5, 0.6] });
    expect(below.everyone).toBeGreaterThan(0);
    expect(at.everyone).toBeCloseTo(0, 12);
    expect(above.everyone).toBeLessThan(0);
  });
});
