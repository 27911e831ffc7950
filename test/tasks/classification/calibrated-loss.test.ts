// The figure that chooses the weights: how well classes are told apart, whatever the probabilities' sureness.

import { expect, test } from "vitest";
import { randomStream } from "../../../src/base/index.ts";
import { calibratedLoss } from "../../../src/tasks/classification/calibrated-loss.ts";

const CLASSES = 3;

/** Probabilities of classes whose logits are noise and, on the true one, a signal. */
function drawn(rows: number, { signal, sureness = 1 }: { signal: number; sureness?: number }) {
  const random = randomStream({ seed: 5, purpose: "test" });
  const targets = Int32Array.from({ length: rows }, (_, row) => row % CLASSES);
  const outputs = new Float32Array(rows * CLASSES);
  for (const [row, label] of targets.entries()) {
    const logits = Array.from({ length: CLASSES }, (_, index) =>
      Math.exp(sureness * (random.normal() + (index === label ? signal : 0))),
    );
    const sum = logits.reduce((total, one) => total + one, 0);
    outputs.set(
      logits.map((one) => one / sum),
      row * CLASSES,
    );
  }
  return { outputs, targets, weights: new Float32Array(rows).fill(1), shape: [CLASSES] };
}

function lossOf(...batches: readonly ReturnType<typeof drawn>[]): number {
  const gathering = calibratedLoss().begin();
  for (const batch of batches) gathering.add(batch);
  return gathering.value();
}

test("how sure all probabilities are makes no difference", () => {
  const usual = lossOf(drawn(200, { signal: 1 }));
  for (const sureness of [0.3, 2, 4]) {
    expect(lossOf(drawn(200, { signal: 1, sureness }))).toBeCloseTo(usual, 3);
  }
});

test("is the least of the log losses over temperatures, near enough", () => {
  const { outputs, targets, ...rest } = drawn(400, { signal: 1.5, sureness: 2 });
  const losses = Array.from({ length: 400 }, (_, at) => {
    const temperature = 0.1 * 1.015 ** at;
    const logits = Array.from(outputs, (one) => Math.log(one) / temperature);
    const each = Array.from(targets, (label, row) => {
      const own = logits.slice(row * CLASSES, (row + 1) * CLASSES);
      return Math.log(own.reduce((sum, one) => sum + Math.exp(one), 0)) - own[label];
    });
    return each.reduce((sum, one) => sum + one, 0) / each.length;
  });
  const least = Math.min(...losses);
  const found = lossOf({ outputs, targets, ...rest });
  expect(found).toBeGreaterThan(least);
  expect(found).toBeLessThan(least + 0.02);
});

test("classes that lie further apart have the smaller loss, also where all are told right", () => {
  const losses = [0, 1, 2, 8, 12].map((signal) => lossOf(drawn(60, { signal })));
  expect(losses).toEqual(losses.toSorted((a, b) => b - a));
  expect(new Set(losses).size).toBe(losses.length);
});

test("one probability a sample is that of the second class", () => {
  const targets = Int32Array.of(0, 1, 0, 1);
  const second = Float32Array.of(0.2, 0.7, 0.6, 0.9);
  const both = Float32Array.from({ length: 8 }, (_, at) =>
    at % 2 === 1 ? second[at >> 1] : 1 - second[at >> 1],
  );
  const weights = new Float32Array(4).fill(1);
  const [one, two] = [
    lossOf({ outputs: second, targets, weights, shape: [1] }),
    lossOf({ outputs: both, targets, weights, shape: [2] }),
  ];
  expect(one).toBeCloseTo(two, 5);
});

test("batches add up, and samples that fill up a batch do not count", () => {
  const whole = drawn(30, { signal: 1 });
  const part = (from: number, to: number, filled: number) => ({
    outputs: Float32Array.of(
      ...whole.outputs.subarray(from * CLASSES, to * CLASSES),
      ...new Float32Array(filled * CLASSES).fill(1 / CLASSES),
    ),
    targets: Int32Array.of(...whole.targets.subarray(from, to), ...new Int32Array(filled)),
    weights: Float32Array.of(...new Float32Array(to - from).fill(1), ...new Float32Array(filled)),
    shape: [CLASSES],
  });
  expect(lossOf(part(0, 16, 0), part(16, 30, 2))).toBe(lossOf(whole));
});
