import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/index.ts";
import {
  fitPlattScaling,
  fitTemperature,
  plattProbabilities,
  rocAuc,
  temperedProbabilities,
} from "../../src/statistics/index.ts";

const expected = JSON.parse(
  readFileSync(new URL("./expected/recalibration.json", import.meta.url), "utf8"),
) as {
  temperatures: {
    logits: number[];
    labels: number[];
    weights?: number[];
    temperature: number;
    logLoss: number;
    before: number;
    after: number;
  }[];
  platt: { logits: number[]; truth: number[]; slope: number; intercept: number }[];
};

/** Labels drawn from softmax(logits / temperature). */
function drawn({ rows, classCount, temperature, seed = 1 }: Record<string, number>) {
  const random = randomStream({ seed, purpose: "test/temperature" });
  const logits = Float64Array.from({ length: rows * classCount }, () => 3 * random.normal());
  const probabilities = temperedProbabilities(logits, { temperature, classCount });
  const labels = Array.from({ length: rows }, (_, row) => {
    let left = random.uniform();
    let index = 0;
    while (index < classCount - 1 && left >= probabilities[row * classCount + index]) {
      left -= probabilities[row * classCount + index];
      index += 1;
    }
    return index;
  });
  return { logits, labels };
}

describe("fitTemperature", () => {
  it("finds torch's temperatures, losses and calibration errors", () => {
    expect(expected.temperatures.length).toBe(18);
    for (const one of expected.temperatures) {
      const { temperature, before, after } = fitTemperature(one.logits, one.labels, one);
      expect(temperature / one.temperature).toBeCloseTo(1, 7);
      expect(after.logLoss).toBeCloseTo(one.logLoss, 10);
      expect(before.calibrationError).toBeCloseTo(one.before, 10);
      expect(after.calibrationError).toBeCloseTo(one.after, 7);
    }
  });

  it("takes the single logits of a sigmoid as two classes", () => {
    const { logits, labels } = drawn({ rows: 200, classCount: 2, temperature: 2 });
    const single = Array.from(labels, (_, row) => logits[row * 2 + 1] - logits[row * 2]);
    const fit = fitTemperature(single, labels);
    expect(fit.temperature).toBeCloseTo(fitTemperature(logits, labels).temperature, 10);
    const two = temperedProbabilities(logits, { temperature: 2, classCount: 2 });
    const one = temperedProbabilities(single, { temperature: 2, classCount: 1 });
    one.forEach((p, index) => {
      expect(p).toBeCloseTo(two[index], 12);
    });
  });

  it("holds the temperature that labels were drawn at within its interval 95 times in 100", () => {
    let held = 0;
    for (let seed = 0; seed < 200; seed++) {
      const { logits, labels } = drawn({ rows: 150, classCount: 3, temperature: 1.7, seed });
      const { low, high } = fitTemperature(logits, labels).interval;
      if ((low as number) <= 1.7 && 1.7 <= (high as number)) held += 1;
    }
    expect(held).toBeGreaterThanOrEqual(180);
    expect(held).toBeLessThanOrEqual(199);
  });

  it("widens the interval where rows of one patient repeat each other", () => {
    const { logits, labels } = drawn({ rows: 100, classCount: 3, temperature: 1.5 });
    const four = [0, 1, 2, 3];
    const repeated = {
      logits: four.flatMap(() => [...logits]),
      labels: four.flatMap(() => labels),
      groups: four.flatMap(() => labels.map((_, row) => row)),
    };
    const once = fitTemperature(logits, labels).interval;
    const byPatient = fitTemperature(repeated.logits, repeated.labels, repeated).interval;
    expect(byPatient.low).toBeCloseTo(once.low as number, 10);
    expect(byPatient.high).toBeCloseTo(once.high as number, 10);
  });

  it("never raises the loss, and scales with the logits", () => {
    const settings = fc.record({
      seed: fc.integer({ min: 0, max: 1e6 }),
      classCount: fc.integer({ min: 2, max: 5 }),
      stretch: fc.double({ min: 0.5, max: 2, noNaN: true }),
    });
    fc.assert(
      fc.property(settings, ({ seed, classCount, stretch }) => {
        const { logits, labels } = drawn({ rows: 80, classCount, temperature: 1.3, seed });
        const fit = fitTemperature(logits, labels);
        expect(fit.after.logLoss).toBeLessThanOrEqual(fit.before.logLoss + 1e-12);
        const stretched = fitTemperature(
          logits.map((z) => z * stretch),
          labels,
        );
        if (fit.limitedBecause || stretched.limitedBecause) return;
        expect(stretched.temperature / fit.temperature).toBeCloseTo(stretch, 8);
      }),
      { numRuns: 50 },
    );
  });

  it.each<[string, number[], number, RegExp]>([
    ["all cases right", [2, 0, 0, 2], 1, /given its own class/],
    ["all cases wrong", [0, 2, 2, 0], 20, /next to nothing/],
    ["logits all equal", [1, 1, 1, 1], 20, /next to nothing/],
  ])("stays within its bounds with %s, and says so", (_, pattern, temperature, reason) => {
    const logits = Array(10).fill(pattern).flat();
    const labels = Array(10).fill([0, 1]).flat();
    const fit = fitTemperature(logits, labels);
    expect(fit.temperature).toBeCloseTo(temperature, 12);
    expect(fit.limitedBecause).toMatch(reason);
    expect(fit.interval).toEqual({ low: null, high: null });
  });

  it("refuses too few cases, one class, and what are no logits", () => {
    const ten = Array.from({ length: 10 }, (_, row) => row % 2);
    expect(() => fitTemperature([1, 2, 3], [0, 1, 0])).toThrow(/10 cases or more.*3 cases/);
    expect(() => fitTemperature(ten, Array(10).fill(1))).toThrow(/10 cases of 1 class/);
    const weights = ten.map((_, row) => (row < 5 ? 1 : 0));
    expect(() => fitTemperature(ten, ten, { weights })).toThrow(/found 5 cases/);
    expect(() => fitTemperature([Number.NaN, ...ten.slice(1)], ten)).toThrow(/NaN as value 1/);
    expect(() => fitTemperature([...ten, 1], ten)).toThrow(/expected 10 values.*found 11/);
    expect(() => fitTemperature(ten, [7, ...ten.slice(1)])).toThrow(/0 … 1.*found 7 as value 1/);
  });
});

describe("fitPlattScaling", () => {
  it("finds scikit-learn's line", () => {
    for (const { logits, truth, slope, intercept } of expected.platt) {
      const [line] = fitPlattScaling(logits, truth, { labels: ["effusion"] });
      expect(line.slope).toBeCloseTo(slope, 9);
      expect(line.intercept).toBeCloseTo(intercept, 9);
      expect(line.keptBecause).toBeUndefined();
    }
  });

  it("fits each label to its known rows, and leaves the ranking as it is", () => {
    const [first, second] = expected.platt;
    const logits = first.logits.flatMap((z, row) => [z, second.logits[row]]);
    const truth = first.truth.flatMap((y, row) => [row < 8 ? Number.NaN : y, second.truth[row]]);
    const lines = fitPlattScaling(logits, truth, { labels: ["effusion", "nodule"] });
    const alone = fitPlattScaling(first.logits.slice(8), first.truth.slice(8), { labels: ["a"] });
    expect(lines[0]).toEqual({ ...alone[0], label: "effusion", unknown: 8 });
    const known = first.truth.slice(8);
    const scaled = plattProbabilities(logits, lines).filter((_, index) => index % 2 === 0);
    expect(rocAuc(known, scaled.slice(8))).toBe(rocAuc(known, first.logits.slice(8)));
  });

  it.each<[string, number[], number[], RegExp]>([
    ["few positives", [1, 2, 3, 4, 5, 6, 7, 8], [0, 0, 0, 0, 0, 0, 1, 1], /2 positive and 6/],
    ["nothing known", [1, 2], [Number.NaN, Number.NaN], /0 positive and 0 negative/],
    ["equal logits", Array(10).fill(1), [0, 1, 0, 1, 0, 1, 0, 1, 0, 1], /equal/],
    ["a wrong ranking", [9, 8, 7, 6, 5, 4, 3, 2, 1, 0], [0, 0, 0, 0, 0, 1, 1, 1, 1, 1], /higher/],
  ])("keeps probabilities with %s, and says so", (_, logits, truth, reason) => {
    const [line] = fitPlattScaling(logits, truth, { labels: ["nodule"] });
    expect(line).toMatchObject({ slope: 1, intercept: 0 });
    expect(line.keptBecause).toMatch(reason);
  });

  it("refuses truths that are none", () => {
    expect(() => fitPlattScaling([1], [0.5], { labels: ["a"] })).toThrow(/NaN \(unknown\).*0.5/);
    expect(() => fitPlattScaling([1], [0, 1], { labels: ["a"] })).toThrow(/one for each truth/);
  });
});
