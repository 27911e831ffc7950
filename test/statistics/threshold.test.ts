import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  chooseLabelThresholds,
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
    // Where one in four is positive instead of one in two, 0.6 no longer pays.
    [{ rule: "net-benefit", actAt: 0.45, prevalence: 0.25 }, 0.9, 1 / 4, 1],
    [{ rule: "cost", falsePositive: 1, falseNegative: 9 }, 0.3, 1, 1 / 2],
    [{ rule: "cost", falsePositive: 9, falseNegative: 1 }, 0.9, 1 / 4, 1],
    [{ rule: "cost", falsePositive: 1, falseNegative: 9, prevalence: 0.02 }, 0.9, 1 / 4, 1],
  ])("by %j picks %d", (rule, threshold, sensitivity, specificity) => {
    expect(chooseThreshold(positive, scores, rule)).toEqual({
      threshold,
      sensitivity,
      specificity,
      positives: 4,
      negatives: 4,
    });
  });

  it("has no threshold of less mean cost", () => {
    const rule = fc.record({
      falsePositive: fc.integer({ min: 1, max: 20 }),
      falseNegative: fc.integer({ min: 1, max: 20 }),
      prevalence: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
    });
    const row = fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 8 }));
    const rows = fc.array(row, { minLength: 2, maxLength: 30 });
    const both = rows.filter((all) => new Set(all.map(([label]) => label)).size === 2);
    fc.assert(
      fc.property(rule, both, (costs, all) => {
        const [truth, values] = [all.map(([label]) => label), all.map(([, score]) => score)];
        const share = (outcome: boolean, cut: number) => {
          const own = values.filter((_, index) => truth[index] === outcome);
          return own.filter((value) => value >= cut).length / own.length;
        };
        const cost = (cut: number) =>
          costs.prevalence * costs.falseNegative * (1 - share(true, cut)) +
          (1 - costs.prevalence) * costs.falsePositive * share(false, cut);
        const { threshold } = chooseThreshold(truth, values, { rule: "cost", ...costs });
        const least = Math.min(...[...values, 9].map(cost));
        expect(cost(threshold ?? 9)).toBeLessThanOrEqual(least + 1e-9);
      }),
    );
  });

  it("has the best specificity (sensitivity) of all thresholds that have the sensitivity (specificity) asked for", () => {
    const row = fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 8 }));
    const rows = fc.array(row, { minLength: 2, maxLength: 30 });
    const both = rows.filter((all) => new Set(all.map(([label]) => label)).size === 2);
    const rule = fc.constantFrom("sensitivity", "specificity", "youden");
    fc.assert(
      fc.property(rule, fc.integer({ min: 0, max: 100 }), both, (name, percent, all) => {
        const [truth, values] = [all.map(([label]) => label), all.map(([, score]) => score)];
        const count = (outcome: boolean, called: (score: number) => boolean) =>
          all.filter(([label, score]) => label === outcome && called(score)).length /
          all.filter(([label]) => label === outcome).length;
        const candidates = [...values, 9].map((cut) => ({
          sensitivity: count(true, (score) => score >= cut),
          specificity: count(false, (score) => score < cut),
        }));
        const atLeast = percent / 100;
        const found = chooseThreshold(
          truth,
          values,
          name === "youden" ? { rule: name } : { rule: name, atLeast },
        );
        expect(candidates).toContainEqual({
          ...{ sensitivity: found.sensitivity, specificity: found.specificity },
        });
        const sum = (one: (typeof candidates)[number]) => one.sensitivity + one.specificity;
        if (name === "youden") {
          expect(sum(found)).toBeCloseTo(Math.max(...candidates.map(sum)), 12);
          return;
        }
        const other = name === "sensitivity" ? "specificity" : "sensitivity";
        const fit = candidates.filter((one) => one[name] >= atLeast);
        expect(found[name]).toBeGreaterThanOrEqual(atLeast);
        expect(found[other]).toBe(Math.max(...fit.map((one) => one[other])));
      }),
    );
  });

  it("reaches a specificity that is met to the case", () => {
    const outcomes = Array.from({ length: 101 }, (_, row) => +(row === 100));
    const ranks = Array.from(outcomes, (_, row) => row);
    const rule = { rule: "specificity", atLeast: 0.93 } as const;
    expect(chooseThreshold(outcomes, ranks, rule)).toMatchObject({
      threshold: 93,
      specificity: 0.93,
    });
  });

  it("calls nobody positive where that is best", () => {
    const chosen = chooseThreshold([1, 0], [0.2, 0.8], { rule: "net-benefit", actAt: 0.9 });
    expect(chosen).toMatchObject({ threshold: null, sensitivity: 0, specificity: 1 });
  });

  it("minds weights", () => {
    const weights = [1, 1, 10, 1, 1, 1, 1, 1];
    expect(chooseThreshold(positive, scores, { rule: "youden" }, { weights }).threshold).toBe(0.3);
  });

  it("refuses one class only, and shares that are none", () => {
    expect(() => chooseThreshold([1, 1], [0.2, 0.8], { rule: "youden" })).toThrow(/both classes/);
    const rule = { rule: "sensitivity", atLeast: 95 } as const;
    expect(() => chooseThreshold(positive, scores, rule)).toThrow(/share of 0 … 1, found 95/);
    const free = { rule: "cost", falsePositive: 0, falseNegative: 1 } as const;
    expect(() => chooseThreshold(positive, scores, free)).toThrow(/costs above 0, found 0/);
    const never = { rule: "net-benefit", actAt: 0.5, prevalence: 0 } as const;
    expect(() => chooseThreshold(positive, scores, never)).toThrow(/above 0 and below 1, found 0/);
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

describe("chooseLabelThresholds", () => {
  const truth = [...positive, ...positive].flatMap((value, row) => [value, row < 12 ? NaN : value]);
  const probabilities = [...scores, ...scores].flatMap((score) => [score, score]);
  const rule = { rule: "youden" } as const;

  it("chooses by label on what is known, and keeps 0.5 where too little is", () => {
    const [often, seldom] = chooseLabelThresholds(truth, probabilities, rule, {
      labels: ["effusion", "nodule"],
    });
    const alone = chooseThreshold([...positive, ...positive], [...scores, ...scores], rule);
    expect(often).toEqual({ label: "effusion", ...alone });
    expect(seldom).toEqual({
      label: "nodule",
      threshold: 0.5,
      sensitivity: 1,
      specificity: 0,
      positives: 3,
      negatives: 1,
      keptBecause: "3 positive and 1 negative cases; 5 of each are needed",
    });
  });

  it("refuses what does not fit", () => {
    const about = { labels: ["effusion", "nodule"] };
    expect(() => chooseLabelThresholds([1], [1], rule, about)).toThrow(/rows of 2 labels/);
    expect(() => chooseLabelThresholds([1, 3], [1, 1], rule, about)).toThrow(/NaN \(unknown\)/);
    expect(() => chooseLabelThresholds([1, 0], [1], rule, about)).toThrow(/one for each truth/);
  });
});
