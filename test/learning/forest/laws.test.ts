// Laws of trees: what must not change a model, and what a model's nodes must respect.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ClassPrediction,
  type Features,
  RoentgenError,
  randomStream,
  type Target,
  takeFeatureRows,
  takeTargetRows,
} from "../../../src/base/index.ts";
import {
  extraTrees,
  type ForestModel,
  forest,
  impurityImportance,
} from "../../../src/learning/forest/index.ts";
import { classData, numberData } from "./data.ts";

const anyData = fc.record({
  seed: fc.nat(10_000),
  rows: fc.integer({ min: 20, max: 300 }),
  features: fc.integer({ min: 1, max: 6 }),
  classCount: fc.constantFrom(0, 2, 3, 5),
  missing: fc.constantFrom(0, 0, 0.2),
});
const runs = { numRuns: 30 };

function makeData({
  classCount,
  ...size
}: typeof anyData extends fc.Arbitrary<infer T> ? T : never) {
  return classCount > 0 ? classData({ ...size, classCount }) : numberData(size);
}

describe("a forest", () => {
  test("does not change under a monotone change of a feature", async () => {
    await fc.assert(
      fc.asyncProperty(anyData, async (size) => {
        const { features, target } = makeData(size);
        const rounded = mapColumns(features, (value) => Math.fround(value));
        const changed = mapColumns(rounded, (value) => 8 * value + 32);
        // Both forms must keep the same values apart in float32.
        fc.pre(sameDistinct(rounded, mapColumns(changed, Math.fround)));
        const before = await forest.fit({ features: rounded, target }, { trees: 5 });
        const after = await forest.fit({ features: changed, target }, { trees: 5 });
        expect(after.feature).toEqual(before.feature);
        expect(after.child).toEqual(before.child);
        expect(after.values).toEqual(before.values);
      }),
      runs,
    );
  });

  test("treats a weight of 3 as three equal rows where all rows are seen", async () => {
    await fc.assert(
      fc.asyncProperty(anyData, async (size) => {
        const { features, target } = makeData(size);
        const random = randomStream({ seed: size.seed, purpose: "weights" });
        const times = Array.from({ length: size.rows }, () => random.integer(4));
        fc.pre(size.classCount === 0 || classesLeft(target, times) > 1);
        // With more values than bins, quantiles would count the copies. Sums of numbers round, and
        // between features that part few rows alike rounding would choose.
        fc.pre(size.rows <= 255 && (size.classCount > 0 || size.features === 1));
        const rows = times.flatMap((count, row) => new Array<number>(count).fill(row));
        const repeated = {
          features: takeFeatureRows(features, rows),
          target: takeTargetRows(target, rows),
        };
        const weights = Float64Array.from(times);
        const options = { trees: 3, bootstrap: false, maxFeatures: "all" as const, maxDepth: 4 };
        const weighted = await forest.fit({ features, target, weights }, options);
        const copied = await forest.fit(repeated, options);
        expect(weighted.cover).toEqual(copied.cover);
        expect(weighted.threshold).toEqual(copied.threshold);
        expectClose(weighted.values, copied.values);
      }),
      runs,
    );
  });

  test("keeps its limits on depth, leaves and rows", async () => {
    const limits = fc.record({
      maxDepth: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
      maxLeaves: fc.option(fc.integer({ min: 2, max: 12 }), { nil: undefined }),
      minSamplesLeaf: fc.integer({ min: 1, max: 20 }),
      minWeightFractionLeaf: fc.constantFrom(0, 0, 0.1),
      sampleFraction: fc.constantFrom(1, 0.5),
      bootstrap: fc.constant(false),
    });
    await fc.assert(
      fc.asyncProperty(anyData, limits, fc.boolean(), async (size, options, random) => {
        const set = makeData({ ...size, rows: size.rows + 40 });
        const model = await (random ? extraTrees : forest).fit(set, { trees: 4, ...options });
        for (const { depth, leaves, cover, root } of describeTrees(model)) {
          expect(depth).toBeLessThanOrEqual(options.maxDepth ?? Number.POSITIVE_INFINITY);
          expect(leaves).toBeLessThanOrEqual(options.maxLeaves ?? Number.POSITIVE_INFINITY);
          // Without resampling and weights, cover counts rows.
          expect(Math.min(...cover)).toBeGreaterThanOrEqual(Math.min(root, options.minSamplesLeaf));
          const least = root * options.minWeightFractionLeaf;
          expect(Math.min(...cover)).toBeGreaterThanOrEqual(least * (1 - 1e-6));
          expect(cover.reduce((a, b) => a + b)).toBeCloseTo(root, 3);
        }
      }),
      runs,
    );
  });

  test("fits distinct rows exactly when every tree sees them all", async () => {
    const set = classData({ rows: 200, features: 3, classCount: 3, seed: 1 });
    for (const learner of [forest, extraTrees]) {
      const model = await learner.fit(set, { trees: 3, bootstrap: false });
      const { probabilities } = (await learner.predict(model, set.features)) as ClassPrediction;
      set.target.labels.forEach((label, row) => {
        expect(probabilities[row * 3 + label]).toBe(1);
      });
    }
  });

  test("does not depend on the number of rows predicted together", async () => {
    const set = classData({ rows: 300, features: 5, classCount: 3, seed: 2, missing: 0.2 });
    const model = await forest.fit(set, { trees: 30 });
    const together = (await forest.predict(model, set.features)) as ClassPrediction;
    for (const row of [0, 1, 17, 299]) {
      const alone = takeFeatureRows(set.features, [row]);
      const { probabilities } = (await forest.predict(model, alone)) as ClassPrediction;
      expect(probabilities).toEqual(together.probabilities.slice(row * 3, row * 3 + 3));
    }
    const none = takeFeatureRows(set.features, []);
    expect(((await forest.predict(model, none)) as ClassPrediction).probabilities.length).toBe(0);
  });

  test("sends a value that was never missing in training where most rows went", async () => {
    const column = Float64Array.from({ length: 100 }, (_, row) => row);
    const labels = Int32Array.from(column, (value) => (value < 30 ? 0 : 1));
    const features = { rowCount: 100, names: ["x"], columns: [column] };
    const target = { task: "classification" as const, classes: ["few", "many"], labels };
    const model = await forest.fit({ features, target }, { trees: 1, bootstrap: false });
    const missing = { rowCount: 1, names: ["x"], columns: [new Float64Array([Number.NaN])] };
    const { probabilities } = (await forest.predict(model, missing)) as ClassPrediction;
    expect(Array.from(probabilities)).toEqual([0, 1]);
  });

  test("ignores a column that is missing or constant throughout", async () => {
    const { features, target } = classData({ rows: 200, features: 2, classCount: 2, seed: 3 });
    const nothing = new Float64Array(200).fill(Number.NaN);
    const constant = new Float64Array(200).fill(7);
    const columns = [nothing, ...features.columns, constant];
    const wider = { rowCount: 200, names: ["nothing", "a", "b", "constant"], columns };
    const model = await forest.fit({ features: wider, target }, { trees: 20 });
    const { values } = impurityImportance(model);
    expect(values[0] + values[3]).toBe(0);
    expect(values[1] + values[2]).toBeCloseTo(1, 12);
  });

  test("separates classes that only more than 255 distinct values tell apart", async () => {
    const column = Float64Array.from({ length: 5000 }, (_, row) => row);
    const labels = Int32Array.from(column, (value) => (value < 1234 ? 0 : 1));
    const features = { rowCount: 5000, names: ["x"], columns: [column] };
    const target = { task: "classification" as const, classes: ["a", "b"], labels };
    const model = await forest.fit({ features, target }, { trees: 1, bootstrap: false });
    const { probabilities } = (await forest.predict(model, features)) as ClassPrediction;
    const wrong = labels.filter((label, row) => probabilities[2 * row + label] < 0.5).length;
    expect(wrong).toBeLessThanOrEqual(5000 / 255 / 2);
  });
});

describe("class weights", () => {
  const rare = () => {
    const random = randomStream({ seed: 9, purpose: "rare" });
    const labels = Int32Array.from({ length: 1000 }, (_, row) => (row % 20 === 0 ? 1 : 0));
    const column = Float64Array.from(labels, (label) => label + random.normal());
    const features = { rowCount: 1000, names: ["x"], columns: [column] };
    return {
      features,
      target: { task: "classification" as const, classes: ["no", "yes"], labels },
    };
  };

  test.each(["balanced", "balanced-subsample", { yes: 19 }] as const)(
    "%j raise the share of the rare class to what it would be if classes were even",
    async (classWeight) => {
      const set = rare();
      const options = { trees: 50, maxDepth: 3 };
      const plain = await forest.fit(set, options);
      const weighted = await forest.fit(set, { ...options, classWeight });
      expect(await meanShare(plain, set.features)).toBeCloseTo(0.05, 1);
      expect(await meanShare(weighted, set.features)).toBeGreaterThan(0.3);
    },
  );

  test("are refused for numbers", async () => {
    const set = numberData({ rows: 30, features: 2, seed: 1 });
    await expect(forest.fit(set, { classWeight: "balanced" })).rejects.toThrow(/classWeight/);
  });

  async function meanShare(model: ForestModel, features: Features): Promise<number> {
    const { probabilities } = (await forest.predict(model, features)) as ClassPrediction;
    return probabilities.reduce((sum, share, at) => sum + (at % 2) * share, 0) / features.rowCount;
  }
});

describe("a fit refuses", () => {
  const set = classData({ rows: 40, features: 2, classCount: 2, seed: 1 });
  test.each([
    ["no features", { ...set, features: { rowCount: 40, names: [], columns: [] } }, {}],
    ["one class", { ...set, target: { ...set.target, labels: new Int32Array(40) } }, {}],
    [
      "other rows than labels",
      { ...set, target: { ...set.target, labels: new Int32Array(39) } },
      {},
    ],
    ["weights that are all zero", { ...set, weights: new Float64Array(40) }, {}],
    ["no trees", set, { trees: 0 }],
    ["more bins than a byte holds", set, { bins: 256 }],
    ["an option that it has not", set, { depth: 3 }],
    ["out-of-bag estimates where all rows are seen", set, { bootstrap: false, outOfBag: true }],
    ["weights of unknown classes", set, { classWeight: { other: 2 } }],
  ])("%s", async (_name, training, options) => {
    await expect(forest.fit(training, options as object)).rejects.toThrow(RoentgenError);
  });

  test("missing targets", async () => {
    const { features, target } = numberData({ rows: 40, features: 2, seed: 1 });
    const values = target.values.with(3, Number.NaN);
    const fit = forest.fit({ features, target: { task: "regression", values } });
    await expect(fit).rejects.toThrow(/row 4/);
  });

  test("to go on when cancelled, in one thread and in two", async () => {
    const large = classData({ rows: 20_000, features: 20, classCount: 2, seed: 1 });
    for (const threads of [1, 2]) {
      const abort = new AbortController();
      const onProgress = () => abort.abort();
      const work = { threads, signal: abort.signal, onProgress };
      await expect(forest.fit(large, { trees: 100 }, work)).rejects.toMatchObject({
        code: "cancelled",
      });
    }
  });
});

function mapColumns(features: Features, change: (value: number) => number): Features {
  const columns = features.columns.map((values) => Float64Array.from(values, change));
  return { ...features, columns };
}

function sameDistinct(a: Features, b: Features): boolean {
  return a.columns.every(
    (values, index) => new Set(values).size === new Set(b.columns[index]).size,
  );
}

function classesLeft(target: Target, times: readonly number[]): number {
  if (target.task === "regression") return 0;
  return new Set(target.labels.filter((_, row) => times[row] > 0)).size;
}

function expectClose(a: Float64Array, b: Float64Array): void {
  expect(a.length).toBe(b.length);
  a.forEach((value, index) => {
    expect(value).toBeCloseTo(b[index], 9);
  });
}

/** Depth, number of leaves and covers of the leaves of each tree. */
function describeTrees({ roots, feature, child, cover }: ForestModel) {
  return Array.from(roots.subarray(0, -1), (root) => {
    const leaves: number[] = [];
    const below = (node: number): number => {
      if (feature[node] >= 0) return 1 + Math.max(below(child[node]), below(child[node] + 1));
      leaves.push(cover[node]);
      return 0;
    };
    return { depth: below(root), leaves: leaves.length, cover: leaves, root: cover[root] };
  });
}
