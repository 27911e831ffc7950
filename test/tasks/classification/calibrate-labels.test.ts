// Findings made honest: lines, what is known where none can be fitted, thresholds by the rule.

import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/index.ts";
import { calibrateLabels } from "../../../src/tasks/classification/calibrate-labels.ts";

const labels = ["effusion", "mass", "hernia"];
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Findings as often as σ(slope · logit + intercept) says; of the last one only `rare` are known to be there. */
function drawn({ rows, slope, intercept, rare = 0 }: Record<string, number>) {
  const random = randomStream({ seed: 4, purpose: "test/calibrate-labels" });
  const logits = Float64Array.from({ length: 3 * rows }, () => 2 * random.normal());
  const truth = logits.map((logit, at) => {
    if (at % 3 === 2) return Number(Math.floor(at / 3) < rare);
    if (random.uniform() < 0.2) return Number.NaN;
    return Number(random.uniform() < sigmoid(slope * logit + intercept));
  });
  return { logits, truth };
}

describe("calibrateLabels", () => {
  it("finds the line that the log odds follow, though some findings are unknown", () => {
    const given = drawn({ rows: 6000, slope: 0.5, intercept: -1 });
    const { labels: found } = calibrateLabels(labels, given, { threshold: "half" });
    for (const { line } of found.slice(0, 2)) {
      expect(line.slope).toBeCloseTo(0.5, 1);
      expect(line.intercept).toBeCloseTo(-1, 1);
      expect(line.unknown).toBeGreaterThan(1000);
    }
    expect(found.map(({ threshold }) => threshold)).toEqual(
      labels.map(() => ({ value: 0.5, rule: "half" })),
    );
  });

  it("takes the weight in the loss out of the odds where no line can be fitted, and says so", () => {
    const given = drawn({ rows: 200, slope: 1, intercept: 0, rare: 3 });
    const positiveWeights = [1, 1, 8];
    const { labels: found, notes } = calibrateLabels(
      labels,
      { ...given, positiveWeights },
      { threshold: "youden" },
    );
    expect(found[2].line).toMatchObject({ slope: 1, intercept: -Math.log(8), positives: 3 });
    expect(found[2].threshold.value).toBe(0.5);
    expect(found[2].threshold.rule).toMatch(/half: 3 positive and 197 negative cases/);
    expect(notes).toEqual([expect.stringMatching(/"hernia" could not be calibrated: 3 positive/)]);
  });

  it("chooses each threshold by the rule, between two scores", () => {
    const given = drawn({ rows: 400, slope: 1, intercept: 0, rare: 3 });
    const settings = { threshold: "sensitivity", thresholdAt: 0.9 } as const;
    const { labels: found } = calibrateLabels(labels, given, settings);
    for (const [at, { line, threshold }] of found.slice(0, 2).entries()) {
      const known = Array.from({ length: 400 }, (_, row) => 3 * row + at).filter(
        (place) => !Number.isNaN(given.truth[place]),
      );
      const probability = (place: number) =>
        sigmoid(line.slope * given.logits[place] + line.intercept);
      const there = known.filter((place) => given.truth[place] === 1);
      const called = there.filter((place) => probability(place) >= threshold.value);
      expect(called.length / there.length).toBeGreaterThanOrEqual(0.9);
      expect(called.length / there.length).toBeCloseTo(threshold.chosen?.sensitivity ?? 0, 12);
      expect(threshold.rule).toBe("sensitivity of at least 0.9");
      expect(known.every((place) => Math.abs(probability(place) - threshold.value) > 1e-9)).toBe(
        true,
      );
    }
  });
});
