import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeSplits, type Split } from "../../../src/datasets/index.ts";

/** Labels, groups, and a number of folds that suits them. */
const rows = fc
  .record({
    labels: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 12, maxLength: 120 }),
    groupSize: fc.integer({ min: 1, max: 6 }),
    seed: fc.nat(),
  })
  .map(({ labels, groupSize, seed }) => {
    // Every class at least six times, so that up to five folds are possible.
    const enough = [...labels, ...Array.from({ length: 24 }, (_, i) => i % 4)];
    const groups = enough.map((_, row) => Math.floor(((row * 7919) % enough.length) / groupSize));
    return { rowCount: enough.length, labels: enough, groups, seed };
  });

const folds = fc.integer({ min: 2, max: 5 });

function count(selected: ArrayLike<number>, labels: readonly number[], label: number): number {
  return Array.from(selected).filter((row) => labels[row] === label).length;
}

function expectPartition({ train, test }: Split, rowCount: number): void {
  expect([...train, ...test].sort((a, b) => a - b)).toEqual([...Array(rowCount).keys()]);
  expect([...train]).toEqual([...train].sort((a, b) => a - b));
  expect([...test]).toEqual([...test].sort((a, b) => a - b));
  expect(Math.min(train.length, test.length)).toBeGreaterThan(0);
}

describe("makeSplits", () => {
  it("tests every row exactly once in each repeat, in every flavour of k-fold", () => {
    fc.assert(
      fc.property(rows, folds, fc.boolean(), fc.boolean(), (data, count, stratify, grouped) => {
        fc.pre(!grouped || !stratify || classesFillFolds(data.labels, data.groups, count));
        const splits = makeSplits({
          ...data,
          groups: grouped ? data.groups : undefined,
          stratify,
          folds: Math.min(count, new Set(data.groups).size),
          repeats: 2,
        });
        for (const split of splits) expectPartition(split, data.rowCount);
        for (const repeat of [0, 1]) {
          const tested = splits.filter((s) => s.repeat === repeat).flatMap((s) => [...s.test]);
          expect(tested.sort((a, b) => a - b)).toEqual([...Array(data.rowCount).keys()]);
        }
      }),
    );
  });

  it("keeps each class within one row of its ideal share when folds are stratified", () => {
    fc.assert(
      fc.property(rows, folds, ({ rowCount, labels, seed }, parts) => {
        for (const { test } of makeSplits({ rowCount, labels, seed, folds: parts })) {
          expect(Math.abs(test.length - rowCount / parts)).toBeLessThan(1);
          for (const label of [0, 1, 2, 3]) {
            const ideal = labels.filter((other) => other === label).length / parts;
            expect(Math.abs(count(test, labels, label) - ideal)).toBeLessThan(1);
          }
        }
      }),
    );
  });

  it("keeps each class within one row of its ideal share when rows are held out", () => {
    const fractions = fc.double({ min: 0.15, max: 0.85, noNaN: true });
    fc.assert(
      fc.property(rows, fractions, ({ rowCount, labels, seed }, testFraction) => {
        const [{ train, test }] = makeSplits({ rowCount, labels, seed, testFraction });
        expect(test.length).toBe(Math.round(rowCount * testFraction));
        for (const label of [0, 1, 2, 3]) {
          const size = labels.filter((other) => other === label).length;
          const ideal = (size * test.length) / rowCount;
          expect(Math.abs(count(test, labels, label) - ideal)).toBeLessThanOrEqual(1);
          expect(count(test, labels, label)).toBeGreaterThan(0);
          expect(count(train, labels, label)).toBeGreaterThan(0);
        }
      }),
    );
  });

  it("leaves one row of a small class on either side, however much is held out", () => {
    const labels = Array.from({ length: 40 }, (_, row) => (row < 2 ? 1 : 0));
    for (const testFraction of [0.1, 0.9]) {
      const [{ train, test }] = makeSplits({ rowCount: 40, labels, testFraction });
      expect([count(train, labels, 1), count(test, labels, 1)]).toEqual([1, 1]);
    }
  });

  it("never has a group on both sides", () => {
    fc.assert(
      fc.property(rows, folds, fc.boolean(), ({ groups, ...data }, parts, stratify) => {
        fc.pre(classesFillFolds(data.labels, groups, parts));
        const options = { ...data, groups, stratify };
        const splits = [
          ...makeSplits({ ...options, folds: parts }),
          ...makeSplits({ ...options, testFraction: 0.3, repeats: 3 }),
          ...makeSplits({ ...options, kind: "leave-one-group-out" }),
        ];
        for (const { train, test } of splits) {
          const learnt = new Set(Array.from(train, (row) => groups[row]));
          expect(Array.from(test).some((row) => learnt.has(groups[row]))).toBe(false);
          expect(Math.min(train.length, test.length)).toBeGreaterThan(0);
        }
      }),
    );
  });

  it("gives the same splits for the same seed and others for another", () => {
    const data = { rowCount: 200, labels: Array.from({ length: 200 }, (_, i) => i % 3) };
    const groups = Array.from({ length: 200 }, (_, i) => i >> 1);
    for (const options of [
      { folds: 5 },
      { testFraction: 0.25 },
      { folds: 5, groups },
      { groups },
    ]) {
      const first = makeSplits({ ...data, ...options, seed: 1 });
      expect(makeSplits({ ...data, ...options, seed: 1 })).toEqual(first);
      expect(makeSplits({ ...data, ...options, seed: 2 })).not.toEqual(first);
    }
  });

  it("draws every repeat anew", () => {
    const splits = makeSplits({ rowCount: 50, folds: 5, repeats: 3 });
    expect(splits.map(({ repeat, fold }) => [repeat, fold])).toEqual(
      [0, 1, 2].flatMap((repeat) => [0, 1, 2, 3, 4].map((fold) => [repeat, fold])),
    );
    expect(splits[0].test).not.toEqual(splits[5].test);
  });

  it("spreads a measured target over the folds", () => {
    const values = Array.from({ length: 100 }, (_, row) => ((row * 37) % 100) ** 2);
    for (const { test } of makeSplits({ rowCount: 100, values, folds: 5 })) {
      // Two of each ten consecutive ranks.
      const ranks = Array.from(test, (row) => (row * 37) % 100);
      for (let bin = 0; bin < 10; bin++) {
        expect(ranks.filter((rank) => Math.floor(rank / 10) === bin)).toHaveLength(2);
      }
    }
  });

  it("makes fewer bins of a measured target where patients are few", () => {
    const groups = Array.from({ length: 60 }, (_, row) => Math.floor(row / 6));
    const values = groups.map((group, row) => 10 * group + (row % 6));
    const splits = makeSplits({ rowCount: 60, values, groups, folds: 5 });
    // Ten patients in the order of their values: each fold tests one of the lower and one of the upper five.
    for (const { test } of splits) {
      const tested = [...new Set(Array.from(test, (row) => groups[row]))].sort((a, b) => a - b);
      expect(tested).toHaveLength(2);
      expect(tested[0]).toBeLessThan(5);
      expect(tested[1]).toBeGreaterThan(4);
    }
    expect(() => makeSplits({ rowCount: 60, values, groups, folds: 5, bins: 4 })).toThrow(
      /hold class "quantile bin 1 of 4"/,
    );
  });

  it("leaves each group out once", () => {
    const groups = [5, 5, 9, 2, 9, 2];
    const splits = makeSplits({ rowCount: 6, groups, kind: "leave-one-group-out" });
    expect(splits.map(({ test }) => [...test])).toEqual([
      [3, 5],
      [0, 1],
      [2, 4],
    ]);
  });

  const tenRows = { rowCount: 10, labels: [0, 0, 0, 0, 0, 0, 1, 1, 1, 1], classes: ["no", "yes"] };
  it.each([
    [
      "more folds than rows",
      { rowCount: 4, folds: 5 },
      /at least 5 rows, one for each fold.*found 4/,
    ],
    [
      "more folds than members of a class",
      { ...tenRows, folds: 5 },
      /5 folds that all hold class "yes".*at least 5 rows of that class.*found 4/,
    ],
    [
      "more folds than groups",
      { rowCount: 10, groups: [0, 0, 0, 1, 1, 1, 2, 2, 2, 2], folds: 4 },
      /at least 4 groups.*found 3/,
    ],
    [
      "a class within one patient",
      { ...tenRows, groups: [0, 0, 0, 1, 1, 1, 2, 2, 2, 2], testFraction: 0.3 },
      /test fraction of 0.3 of class "yes".*at least two patients of it.*Merge the class/,
    ],
    [
      "to hold out of a single patient",
      { rowCount: 10, groups: new Array<number>(10).fill(3), testFraction: 0.3 },
      /test fraction of 0.3.*at least two patients.*found 1.*Bring data of more patients/,
    ],
    ["an empty test set", { rowCount: 4, testFraction: 0.1 }, /4 to learn from and 0 to test on/],
    [
      "an empty training set",
      { rowCount: 4, testFraction: 0.95 },
      /0 to learn from and 4 to test on/,
    ],
    [
      "a class of one row",
      { rowCount: 5, labels: [0, 0, 0, 0, 1], testFraction: 0.4 },
      /test fraction of 0.4 of class "1".*at least two rows of it.*single row.*Merge the class/,
    ],
    ["labels of another length", { rowCount: 5, labels: [0, 1] }, /expected 5 labels.*found 2/],
    ["no groups to leave out", { rowCount: 5, kind: "leave-one-group-out" as const }, /no groups/],
    [
      "one group to leave out",
      { rowCount: 2, groups: [1, 1], kind: "leave-one-group-out" as const },
      /leave one patient \(group\) out.*found 1/,
    ],
    ["a fraction that is none", { rowCount: 5, testFraction: 1.5 }, /testFraction/],
  ])("refuses %s", (_, options, message) => {
    expect(() => makeSplits(options)).toThrow(message);
  });
});

/** Whether every class occurs in as many groups as there are folds. */
function classesFillFolds(labels: readonly number[], groups: readonly number[], folds: number) {
  return [0, 1, 2, 3].every(
    (label) => new Set(groups.filter((_, row) => labels[row] === label)).size >= folds,
  );
}
