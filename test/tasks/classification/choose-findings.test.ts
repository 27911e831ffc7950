// Which images a gallery of findings shows.

import { describe, expect, it } from "vitest";
import { chooseFindings } from "../../../src/tasks/classification/choose-findings.ts";

type Judged = Parameters<typeof chooseFindings>[0];

/** Images judged on, each with what is true and what was said of two findings. */
function judgedOf(images: readonly { truth: number[]; scores: number[] }[]): Judged {
  return {
    dataset: {
      target: { kind: "labels", name: "findings", labels: ["mass", "nodule"] },
      samples: images.map(({ truth }, at) => ({ path: `${at}`, name: `${at}`, target: truth })),
    },
    split: { test: Uint32Array.from(images.keys()) },
    predictions: { scores: Float64Array.from(images.flatMap(({ scores }) => scores)), width: 2 },
    calibration: {
      labels: ["mass", "nodule"].map((label) => ({ label, threshold: { value: 0.3, rule: "" } })),
      notes: [],
    },
  } as unknown as Judged;
}

const judged = judgedOf([
  { truth: [0, 1], scores: [0.9, 0.1] },
  { truth: [0, 1], scores: [0.95, 0.02] },
  { truth: [1, 0], scores: [0.2, 0.31] },
  { truth: [1, 1], scores: [0.8, 0.99] },
  { truth: [Number.NaN, 0], scores: [0.99, 0.05] },
]);

const places = (images: readonly { at: number }[]) => images.map(({ at }) => at);

describe("chooseFindings", () => {
  it("puts the surest mistakes of each finding first and leaves out what is unknown", () => {
    const [mass, nodule] = chooseFindings(judged, 24);
    expect(places(mass.falselyFound)).toEqual([1, 0]);
    expect(places(mass.missed)).toEqual([2]);
    expect(places(mass.found)).toEqual([3]);
    expect(places(nodule.falselyFound)).toEqual([2]);
    expect(places(nodule.missed)).toEqual([1, 0]);
    expect(nodule.missed.every(({ predicted }) => predicted === 1)).toBe(true);
  });

  it("lets findings take turns until there are as many as asked for", () => {
    for (let most = 0; most <= 8; most++) {
      const chosen = chooseFindings(judged, most);
      const counts = chosen.map(
        ({ falselyFound, missed, found }) => falselyFound.length + missed.length + found.length,
      );
      expect(counts[0] + counts[1]).toBe(Math.min(most, 8));
      expect(Math.abs(counts[0] - counts[1])).toBeLessThanOrEqual(1);
    }
  });
});
