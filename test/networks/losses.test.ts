import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/index.ts";
import * as networks from "../../src/networks/index.ts";
import {
  binaryFocal,
  categoricalCrossEntropy,
  categoricalFocal,
  coxPartialLikelihood,
  dice,
  diceCrossEntropy,
  focalTversky,
  generalisedIou,
  type Loss,
  tversky,
} from "../../src/networks/index.ts";
import { type ComparedNumbers, exactLoss, type LossValue, runtimeLoss } from "./compared-loss.ts";

/** One line of losses.json. */
interface LossCase extends ComparedNumbers, LossValue {
  readonly loss: string;
  readonly options: Record<string, unknown>;
}

// JSON has no NaN: what is not known is null there.
const { cases } = JSON.parse(
  readFileSync(new URL("expected/losses.json", import.meta.url), "utf8"),
  (_, value) => (value === null ? Number.NaN : value),
) as { cases: LossCase[] };

const lossOf = ({ loss, options }: LossCase): Loss =>
  (networks as unknown as Record<string, (options: unknown) => Loss>)[loss](options);

/** The largest difference of value and gradient, relative to the largest number among them. */
function distance(found: LossValue, expected: LossValue): number {
  const [a, b] = [found, expected].map(({ value, gradient }) => [value, ...gradient]);
  const largest = Math.max(...b.map(Math.abs), 1e-6);
  return Math.max(...a.map((one, at) => Math.abs(one - b[at]))) / largest;
}

describe("losses and their gradients", () => {
  it.each([...new Set(cases.map(({ loss }) => loss))])("%s is what PyTorch gives", async (name) => {
    for (const one of cases.filter(({ loss }) => loss === name)) {
      const loss = lossOf(one);
      const of = `${name} ${JSON.stringify(one.options)} of [${one.output.shape}]`;
      // The inputs are rounded to float32 in one and not in the other.
      expect(distance(exactLoss(loss, one), one), of).toBeLessThan(1e-6);
      expect(distance(await runtimeLoss(loss, one), one), of).toBeLessThan(1e-5);
    }
  });

  const some = cases.filter((_, at) => at % 3 === 0);

  it("do not see samples of weight 0", () => {
    for (const one of some.filter(({ weights }) => weights.includes(0))) {
      const { output } = one;
      const size = output.data.length / output.shape[0];
      const isUnseen = (at: number) => one.weights[Math.floor(at / size)] === 0;
      const data = output.data.map((value, at) => (isUnseen(at) ? 3 - value : value));
      const other = exactLoss(lossOf(one), { ...one, output: { ...output, data } });
      expect(distance(other, exactLoss(lossOf(one), one)), one.loss).toBeLessThan(1e-12);
    }
  });

  it("are 0 and lead nowhere where no sample counts", async () => {
    const unweighted = [categoricalCrossEntropy({ classWeights: [0, 0, 0] }), sureOf([0, 1], 3)];
    const silent = some.map((one) => [lossOf(one), { ...one, weights: one.weights.map(() => 0) }]);
    for (const [loss, compared] of [unweighted, ...silent] as [Loss, ComparedNumbers][]) {
      const { value, gradient } = exactLoss(loss, compared);
      // Focal Tversky takes no distance for less than 1e-6.
      expect(value, loss.name).toBeLessThan(2e-3);
      expect(Math.max(...gradient.map(Math.abs)), loss.name).toBe(0);
    }
  });

  it("lead the same way when all weights are doubled", () => {
    for (const one of some.filter(({ options }) => options.per !== "positive")) {
      const weights = one.weights.map((weight) => 2 * weight);
      const [doubled, plain] = [{ ...one, weights }, one].map((compared) => ({
        // Cox's partial likelihood gains log 2, with equal slopes.
        value: 0,
        gradient: exactLoss(lossOf(one), compared).gradient,
      }));
      // In a batch the smoothing stands against the weights.
      const tolerance = one.options.over === "batch" ? 0.1 : 1e-12;
      expect(distance(doubled, plain), one.loss).toBeLessThan(tolerance);
    }
  });
});

/** Logits that are as sure as float32 lets them be, and their classes. */
function sureOf(classes: readonly number[], count: number): ComparedNumbers {
  const data = Array.from({ length: count }, (_, at) =>
    classes.map((label) => (label === at ? 200 : -200)),
  ).flat();
  const output = { shape: [1, count, classes.length], data };
  return { output, target: { shape: [1, classes.length], data: classes }, weights: [1] };
}

describe("losses of extreme logits", () => {
  const right = sureOf([0, 1, 2, 1], 3);
  const wrong = { ...right, target: { shape: [1, 4], data: [1, 2, 0, 0] } };
  const losses = {
    categoricalFocal: categoricalFocal({ gamma: 0.5 }),
    dice: dice(),
    diceCrossEntropy: diceCrossEntropy(),
    tversky: tversky(),
    focalTversky: focalTversky(),
  };

  it.each(Object.entries(losses))("%s stays finite", async (_, loss) => {
    for (const compared of [right, wrong]) {
      const { value, gradient } = await runtimeLoss(loss, compared);
      expect([value, ...gradient].every(Number.isFinite)).toBe(true);
    }
    const [good, bad] = [exactLoss(loss, right).value, exactLoss(loss, wrong).value];
    expect(good).toBeLessThan(1e-3);
    expect(bad).toBeGreaterThan(0.9);
  });

  it("binary focal stays finite", async () => {
    for (const gamma of [0, 0.5, 2]) {
      const { value, gradient } = await runtimeLoss(binaryFocal({ gamma, alpha: 0.5 }), {
        output: { shape: [4, 1], data: [200, -200, 200, -200] },
        target: { shape: [4, 1], data: [1, 0, 0, 1] },
        weights: [1, 1, 1, 1],
      });
      expect(value).toBeCloseTo((200 * 0.5 * 2) / 4, 3);
      expect(gradient.every(Number.isFinite)).toBe(true);
    }
  });
});

describe("losses of regions", () => {
  const logits = { shape: [1, 3, 4], data: [5, 5, 5, 5, 0, 0, 0, 0, -5, -5, -5, -5] };
  const nothing = { shape: [1, 4], data: [0, 0, 0, 0] };
  const compared = { output: logits, target: nothing, weights: [1] };

  it("punish false alarms where a class is absent, or skip it when told so", () => {
    const sure = { ...compared, output: { ...logits, data: logits.data.map((x) => 100 * x) } };
    expect(exactLoss(dice(), compared).value).toBeGreaterThan(0.9);
    expect(exactLoss(dice(), sure).value).toBe(0);
    expect(exactLoss(dice({ absent: "skip" }), compared)).toEqual({
      value: 0,
      gradient: new Array(12).fill(0),
    });
  });

  it("Tversky with both prices at a half and half the smoothing is Dice", () => {
    const one = cases.find(({ loss }) => loss === "dice") as LossCase;
    const half = tversky({ falsePositive: 0.5, falseNegative: 0.5, smooth: 0.05 });
    const found = exactLoss(half, one);
    expect(distance(found, exactLoss(dice({ smooth: 0.1 }), one))).toBeLessThan(1e-12);
  });

  it("over a batch of one sample equal those over a sample", () => {
    const one = cases.find(({ loss }) => loss === "dice") as LossCase;
    const [size, targetSize] = [one.output, one.target].map(
      ({ data, shape }) => data.length / shape[0],
    );
    const first = {
      output: { shape: [1, ...one.output.shape.slice(1)], data: one.output.data.slice(0, size) },
      target: {
        shape: [1, ...one.target.shape.slice(1)],
        data: one.target.data.slice(0, targetSize),
      },
      weights: [1],
    };
    const over = { batch: dice({ over: "batch" }), sample: dice({ over: "sample" }) };
    expect(exactLoss(over.batch, first)).toEqual(exactLoss(over.sample, first));
  });
});

describe("losses", () => {
  it.each([
    ["boxes with three coordinates", generalisedIou(), [2, 3], /\[N, …, 4\].*found.*\[2, 3\]/s],
    ["two hazards a sample", coxPartialLikelihood(), [2, 2], /\[N\] or \[N, 1\].*\[2, 2\]/s],
    [
      "class weights of another number of classes",
      categoricalCrossEntropy({ classWeights: [1, 2] }),
      [2, 3],
      /3 classes.*found 2/s,
    ],
    [
      "class weights of another number of classes",
      categoricalFocal({ classWeights: [1, 2] }),
      [2, 3],
      /3 classes.*found 2/s,
    ],
  ])("refuse %s", (_, loss, shape, message) => {
    const numbers = { shape, data: new Array(shape[0] * shape[1]).fill(0) };
    const compared = { output: numbers, target: numbers, weights: [1, 1] };
    expect(() => exactLoss(loss, compared)).toThrow(message);
  });
});

describe("the Cox partial likelihood", () => {
  it("depends on the order of times alone, and not on a number added to all hazards", () => {
    const draw = randomStream({ seed: 3, purpose: "cox" });
    const count = 12;
    const hazards = Array.from({ length: count }, () => draw.normal());
    const times = Array.from({ length: count }, () => draw.integer(6) + 1);
    const events = Array.from({ length: count }, () => draw.integer(2));
    const lossWith = (change: { time?: (t: number) => number; shift?: number }) =>
      exactLoss(coxPartialLikelihood(), {
        output: { shape: [count], data: hazards.map((h) => h + (change.shift ?? 0)) },
        target: {
          shape: [count, 2],
          data: times.flatMap((t, at) => [change.time?.(t) ?? t, events[at]]),
        },
        weights: new Array(count).fill(1),
      }).value;
    const plain = lossWith({});
    expect(lossWith({ time: (t) => t ** 3 })).toBeCloseTo(plain, 10);
    expect(lossWith({ shift: 7 })).toBeCloseTo(plain, 5);
    expect(lossWith({ time: (t) => -t })).not.toBeCloseTo(plain, 2);
  });
});
