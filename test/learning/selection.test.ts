import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { makeTable, predictedLabels, type Table, type Target } from "../../src/base/index.ts";
import { makeSplits, type Split } from "../../src/datasets/index.ts";
import {
  crossValidate,
  fitPipeline,
  gridSearch,
  learningCurve,
  nestedCrossValidate,
  permutationImportance,
  predictPipeline,
  randomSearch,
} from "../../src/learning/index.ts";
import { randomCandidates } from "../../src/learning/selection/search-space.ts";
import { clinicTable } from "./clinic-table.ts";

const expected = JSON.parse(
  readFileSync(new URL("./expected/linear.json", import.meta.url), "utf8"),
);
const { x, binary, three, values } = expected.data.tall as Record<string, never[]>;

function tableOf(rows: number[][]): Table {
  return makeTable(
    rows[0].map((_, index) => ({
      kind: "number",
      name: `x${index}`,
      values: Float64Array.from(rows, (row) => row[index]),
    })),
  );
}

function classTarget(labels: number[]): Target {
  const classes = ["a", "b", "c"].slice(0, Math.max(...labels) + 1);
  return { task: "classification", classes, labels: Int32Array.from(labels) };
}

function splitsOf(folds: number[]): Split[] {
  const rowsWhere = (keep: (fold: number) => boolean) =>
    Uint32Array.from(folds.flatMap((fold, row) => (keep(fold) ? [row] : [])));
  return [...new Set(folds)].sort().map((fold) => ({
    fold,
    repeat: 0,
    train: rowsWhere((other) => other !== fold),
    test: rowsWhere((other) => other === fold),
  }));
}

function expectClose(found: ArrayLike<number>, wanted: ArrayLike<number>) {
  expect(found.length).toBe(wanted.length);
  for (let index = 0; index < wanted.length; index++) {
    const allowed = 1e-6 * Math.max(1, Math.abs(wanted[index]));
    expect(Math.abs(found[index] - wanted[index])).toBeLessThanOrEqual(allowed);
  }
}

describe("cross-validation", () => {
  const { fold, missingEvery, probabilities, values: regressed } = expected.crossValidation;
  const holed = (x as number[][]).map((row, index) =>
    index % missingEvery === 0 ? [Number.NaN, ...row.slice(1)] : row,
  );
  const table = tableOf(holed);
  const splits = splitsOf(fold);

  it("predicts out of fold as scikit-learn's cross_val_predict does", async () => {
    const classified = await crossValidate(table, classTarget(three), {
      learner: "logistic",
      splits,
    });
    const { prediction, rows } = classified.repeats[0];
    if (prediction.task !== "classification") throw new Error("not a classification");
    expect([...rows]).toEqual(fold.map((_: number, row: number) => row));
    expectClose(prediction.probabilities, probabilities.flat());

    const target: Target = { task: "regression", values: Float64Array.from(values) };
    const options = { learner: "ridge", options: { alpha: 0.5 }, splits };
    const measured = await crossValidate(table, target, options);
    const pooled = measured.repeats[0].prediction;
    if (pooled.task !== "regression") throw new Error("not a regression");
    expectClose(pooled.values, regressed);
  });

  it("gives figures by fold, pooled by repeat, and their mean and spread", async () => {
    const { table, classes } = clinicTable({ rowCount: 60 });
    if (classes.task !== "classification") throw new Error("not a classification");
    const splits = makeSplits({ rowCount: 60, labels: classes.labels, folds: 3, repeats: 2 });
    const metrics = ["accuracy", "rocAuc"];
    const result = await crossValidate(table, classes, { learner: "logistic", splits, metrics });
    expect(result.folds.map(({ repeat, fold }) => [repeat, fold])).toEqual(
      splits.map(({ repeat, fold }) => [repeat, fold]),
    );
    for (const { repeat, rows, prediction, scores } of result.repeats) {
      if (prediction.task !== "classification") throw new Error("not a classification");
      const right = predictedLabels(prediction).filter((l, at) => l === classes.labels[rows[at]]);
      expect(scores.accuracy).toBeCloseTo(right.length / 60, 12);
      const folds = result.folds.filter((fold) => fold.repeat === repeat);
      const counted = folds.reduce((sum, f) => sum + f.scores.accuracy! * f.testCount, 0);
      expect(scores.accuracy).toBeCloseTo(counted / 60, 12);
    }
    const { folds, pooled } = result.summary.accuracy;
    expect([folds.n, folds.undefinedCount, pooled.n]).toEqual([6, 0, 2]);
  });

  it("counts an undefined figure apart instead of dropping it", async () => {
    const table = tableOf(x);
    const labels = three as number[];
    const onlyFirst = labels.flatMap((label, row) => (label === 0 ? [row] : [])).slice(0, 5);
    const splits = splitsOf(labels.map((_, row) => (onlyFirst.includes(row) ? 1 : 0)));
    const [, alone] = splits;
    const result = await crossValidate(table, classTarget(labels), {
      learner: "logistic",
      splits: [alone],
      metrics: ["rocAuc"],
    });
    expect(result.folds[0].scores.rocAuc).toBeNull();
    expect(result.summary.rocAuc.folds).toEqual({
      mean: null,
      standardDeviation: null,
      n: 0,
      undefinedCount: 1,
    });
  });

  it("fits preprocessing on training rows alone", async () => {
    const labels = Int32Array.from({ length: 40 }, (_, row) => row % 2);
    const target: Target = { task: "classification", classes: ["a", "b"], labels };
    // A test row far away would move the mean and the deviation of the training rows.
    const values = Float64Array.from(labels, (label, row) =>
      row === 39 ? 1e6 : label + (row % 3),
    );
    const table = makeTable([{ kind: "number", name: "x", values }]);
    const split = splitsOf(Array.from(labels, (_, row) => (row >= 30 ? 1 : 0)))[1];
    const near = makeTable([{ kind: "number", name: "x", values: values.with(39, 1) as never }]);
    const options = { learner: "logistic", splits: [split] };
    const [far, close] = await Promise.all([
      crossValidate(table, target, options),
      crossValidate(near, target, options),
    ]);
    const [a, b] = [far, close].map(({ repeats: [{ prediction }] }) =>
      prediction.task === "classification" ? prediction.probabilities.subarray(0, 18) : [],
    );
    expect(a).toEqual(b);
  });

  it("refuses splits that overlap, repeat a row or reach past the table", async () => {
    const table = tableOf(x);
    const target = classTarget(three);
    const split = (train: number[], test: number[]): Split => ({
      train: Uint32Array.from(train),
      test: Uint32Array.from(test),
      fold: 0,
      repeat: 0,
    });
    const run = (...splits: Split[]) =>
      crossValidate(table, target, { learner: "logistic", splits });
    await expect(run(split([0, 1], [1]))).rejects.toThrow(/found row 2 on both sides/);
    await expect(run(split([0, 1], [500]))).rejects.toThrow(/found row 501 of 90/);
    await expect(run(split([0, 1], [2]), split([0, 1], [2]))).rejects.toThrow(/row 3 tested twice/);
  });

  it("stops when told to, and tells how far it is", async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const work = {
      signal: controller.signal,
      onProgress: ({ done }: { done: number }) => {
        seen.push(done);
        if (done === 2) controller.abort();
      },
    };
    const run = crossValidate(table, classTarget(three), { learner: "logistic", splits }, work);
    await expect(run).rejects.toMatchObject({ code: "cancelled" });
    expect(seen).toEqual([1, 2]);
  });
});

describe("long work", () => {
  it("lets a timer cancel it, though no fit ever waits", async () => {
    const { table, values } = clinicTable({ rowCount: 100 });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 60);
    const work = { signal: controller.signal };
    const pipeline = await fitPipeline(table, values, { learner: "ridge" });
    const options = { repeats: 1_000_000 };
    const run = permutationImportance(pipeline, table, values, options, work);
    await expect(run).rejects.toMatchObject({ code: "cancelled" });
    const space = { alpha: { kind: "uniform", low: 0, high: 1 } } as const;
    const search = randomSearch(table, values, { learner: "ridge", space, draws: 1e5 }, work);
    await expect(search).rejects.toMatchObject({ code: "cancelled" });
  });
});

describe("search", () => {
  const { table, classes } = clinicTable({ rowCount: 90 });
  const plan = { learner: "logistic", folds: 3, metric: "logLoss" };

  it("tries every combination of a grid and refits the best", async () => {
    const grid = { c: [1e-4, 1, 100], "preprocessing.scale": ["standard", "robust"] };
    const result = await gridSearch(table, classes, { ...plan, grid });
    expect(result.candidates).toHaveLength(6);
    const means = result.candidates.map(({ mean }) => mean!);
    expect(result.best.mean).toBe(Math.min(...means));
    expect(result.plan.options).toMatchObject({ c: result.best.parameters.c });
    expect(result.plan.preprocessing).toEqual({
      scale: result.best.parameters["preprocessing.scale"],
    });
    const again = await fitPipeline(table, classes, result.plan);
    expect(await predictPipeline(result.pipeline!, table)).toEqual(
      await predictPipeline(again, table),
    );
  });

  it("scores a candidate as cross-validation scores it", async () => {
    if (classes.task !== "classification") throw new Error("not a classification");
    const splits = makeSplits({ rowCount: 90, labels: classes.labels, folds: 3, seed: 4 });
    const options = { learner: "logistic", splits, metric: "mcc", refit: false };
    const result = await gridSearch(table, classes, { ...options, grid: { c: [0.1] } });
    const judged = await crossValidate(table, classes, {
      learner: "logistic",
      options: { c: 0.1 },
      splits,
      metrics: ["mcc"],
    });
    expect(result.best.scores).toEqual(judged.folds.map(({ scores }) => scores.mcc));
    expect(result.pipeline).toBeUndefined();
  });

  it("draws the same candidates from the same seed, within their bounds", async () => {
    const space = {
      c: { kind: "log-uniform", low: 1e-3, high: 1e3 },
      l1Ratio: { kind: "uniform", low: 0.2, high: 0.4 },
      maxIterations: { kind: "integer", low: 50, high: 52 },
      penalty: { kind: "list", values: ["elasticNet"] },
    } as const;
    const run = (seed: number) =>
      randomSearch(table, classes, { ...plan, space, draws: 4 }, { seed });
    const [one, same, other] = await Promise.all([run(1), run(1), run(2)]);
    expect(same).toEqual(one);
    expect(other.candidates).not.toEqual(one.candidates);

    const drawn = randomCandidates(space, 3000, 0);
    expect(drawn.slice(0, 4)).toEqual(randomCandidates(space, 4, 0));
    const logs = drawn.map(({ c }) => Math.log10(c as number));
    expect(Math.min(...logs)).toBeGreaterThanOrEqual(-3);
    expect(Math.max(...logs)).toBeLessThanOrEqual(3);
    // Uniform on (−3, 3): mean 0 with standard error 6 / √(12 · 3000).
    expect(Math.abs(logs.reduce((sum, value) => sum + value, 0) / 3000)).toBeLessThan(0.13);
    const wholes = new Set(drawn.map(({ maxIterations }) => maxIterations));
    expect([...wholes].sort()).toEqual([50, 51, 52]);
  });

  it("keeps the rows of a patient on one side of the inner splits", async () => {
    // Every patient has a value of their own: only a split through patients could score well.
    const random = clinicTable({ rowCount: 80, seed: 5 }).table.columns[6].values as Float64Array;
    const groups = Int32Array.from({ length: 160 }, (_, row) => row >> 1);
    const values = Float64Array.from(groups, (group) => random[group]);
    const labels = Int32Array.from(groups, (group) => group % 2);
    const target: Target = { task: "classification", classes: ["a", "b"], labels };
    const table = makeTable([{ kind: "number", name: "id", values }]);
    const options = { learner: "forest", options: { trees: 20 }, metric: "accuracy", refit: false };
    const grid = { maxDepth: [20] };
    const honest = await gridSearch(table, target, { ...options, grid, groups });
    const leaky = await gridSearch(table, target, { ...options, grid });
    expect(honest.best.mean).toBeLessThan(0.75);
    expect(leaky.best.mean).toBeGreaterThan(0.9);
  });

  it("refuses what it cannot search", async () => {
    const run = (grid: Record<string, unknown[]>, more = {}) =>
      gridSearch(table, classes, { ...plan, ...more, grid });
    await expect(run({ depth: [1] })).rejects.toThrow(/logistic regression has no option "depth"/);
    await expect(run({ c: [] })).rejects.toThrow(/Cannot search over "c": expected at least one/);
    await expect(run({ c: [1] }, { metric: "r2" })).rejects.toThrow(/no metric "r2" for 2 classes/);
    await expect(run({ c: [1] }, { folds: 80 })).rejects.toMatchObject({ code: "too-few-samples" });
    const space = { c: { kind: "log-uniform", low: 0, high: 1 } } as const;
    await expect(randomSearch(table, classes, { ...plan, space })).rejects.toThrow(/low above 0/);
  });
});

describe("nested cross-validation", () => {
  it("searches inside each training side and says what it chose", async () => {
    const { table, classes } = clinicTable({ rowCount: 90 });
    if (classes.task !== "classification") throw new Error("not a classification");
    const splits = makeSplits({ rowCount: 90, labels: classes.labels, folds: 3 });
    const grid = { c: [1e-4, 1] };
    const options = { learner: "logistic", splits, grid, metric: "logLoss", folds: 3 };
    const result = await nestedCrossValidate(table, classes, options);
    expect(result.chosen.map(({ fold }) => fold)).toEqual([0, 1, 2]);
    expect(result.folds).toHaveLength(3);
    for (const { parameters } of result.chosen) expect(parameters).toEqual({ c: 1 });
    const plain = await crossValidate(table, classes, {
      learner: "logistic",
      options: { c: 1 },
      splits,
    });
    expect(result.repeats).toEqual(plain.repeats);
  });

  it("is not fooled by a search over noise", async () => {
    // Labels are coins: the best of many candidates looks good inside, and is not.
    const { table } = clinicTable({ rowCount: 60, seed: 3 });
    const { classes } = clinicTable({ rowCount: 60, seed: 99 });
    if (classes.task !== "classification") throw new Error("not a classification");
    const splits = makeSplits({ rowCount: 60, labels: classes.labels, folds: 5 });
    const space = { maxDepth: { kind: "integer", low: 1, high: 6 } } as const;
    const forest = { learner: "extra-trees", options: { trees: 3 }, metric: "accuracy" };
    const options = { ...forest, splits, space, draws: 8, folds: 3, metrics: ["accuracy"] };
    const { summary, chosen } = await nestedCrossValidate(table, classes, options);
    const inside = chosen.reduce((sum, { innerScore }) => sum + innerScore!, 0) / chosen.length;
    expect(Math.abs(summary.accuracy.pooled.mean! - 0.5)).toBeLessThan(0.2);
    expect(inside).toBeGreaterThan(summary.accuracy.pooled.mean!);
  });
});

describe("learning curve", () => {
  it("scores better with more rows, and shows the spread", async () => {
    const { table, classes } = clinicTable({ rowCount: 200 });
    if (classes.task !== "classification") throw new Error("not a classification");
    const splits = makeSplits({ rowCount: 200, labels: classes.labels, folds: 5 });
    const options = { learner: "logistic", splits, sizes: [12, 0.25, 1], metric: "logLoss" };
    const { points } = await learningCurve(table, classes, options);
    expect(points.map(({ trainCount }) => trainCount)).toEqual([12, 40, 160]);
    expect(points[2].test.mean).toBeLessThan(points[0].test.mean!);
    expect(points[0].train.mean).toBeLessThan(points[0].test.mean!);
    expect(points[1].test.standardDeviation).toBeGreaterThan(0);
  });

  it("keeps patients whole and calls a part with one class undefined", async () => {
    const { table, classes } = clinicTable({ rowCount: 60 });
    const groups = Int32Array.from({ length: 60 }, (_, row) => Math.floor(row / 4));
    const splits = makeSplits({ rowCount: 60, groups, folds: 3, stratify: false });
    const options = { learner: "logistic", splits, groups, sizes: [1e-9, 6, 1] };
    const { points } = await learningCurve(table, classes, options);
    for (const { trainCount } of points) expect(trainCount % 4).toBe(0);
    expect(points[2].test.n).toBe(3);
    const { n, undefinedCount } = points[0].test;
    expect(n + undefinedCount).toBe(3);
  });
});

describe("permutation importance", () => {
  const table = tableOf(x);
  const target = classTarget(binary);
  const part = (from: number, to: number) => ({
    table: tableOf(x.slice(from, to)),
    target: classTarget(binary.slice(from, to)),
  });
  const [train, test] = [part(0, 50), part(50, 90)];

  it.each(
    expected.importance as { metric: string; mean: number[]; spread: number[]; repeats: number }[],
  )(
    "has scikit-learn's distribution: $metric",
    async ({ metric, mean, spread, repeats: theirs }) => {
      const pipeline = await fitPipeline(train.table, train.target, { learner: "logistic" });
      const repeats = 400;
      const found = await permutationImportance(pipeline, test.table, test.target, {
        metric,
        repeats,
      });
      mean.forEach((wanted, index) => {
        const { mean: ours, standardDeviation } = found.columns.find(
          ({ name }) => name === `x${index}`,
        )!;
        const error = spread[index] * Math.sqrt(1 / repeats + 1 / theirs);
        expect(Math.abs(ours - wanted)).toBeLessThan(4 * error + 1e-9);
        // A standard deviation of 400 draws is known to a few percent.
        expect(Math.abs(standardDeviation - spread[index])).toBeLessThan(
          0.2 * spread[index] + 1e-9,
        );
      });
    },
  );

  it("counts a text column as one, and columns given together as one", async () => {
    const { table, values } = clinicTable({ rowCount: 150 });
    const pipeline = await fitPipeline(table, values, { learner: "ridge" });
    const fresh = clinicTable({ rowCount: 150, seed: 2 });
    const single = await permutationImportance(pipeline, fresh.table, fresh.values);
    expect(single.columns.map(({ name }) => name).sort()).toEqual([
      "count",
      "density",
      "noise",
      "sex",
      "site",
      "size",
    ]);
    expect(single.columns.slice(0, 3).map(({ name }) => name)).toEqual(["size", "count", "site"]);

    const columnGroups = { shape: ["size", "count"], rest: ["noise", "sex"] };
    const grouped = await permutationImportance(pipeline, fresh.table, fresh.values, {
      columnGroups,
    });
    expect(grouped.columns.map(({ name }) => name)).toEqual(["shape", "rest"]);
    expect(grouped.columns[0].mean).toBeGreaterThan(single.columns[0].mean);
  });

  it("takes any function from table to prediction, and equal seeds give equal figures", async () => {
    const predict = async (rows: Table) => ({
      task: "classification" as const,
      classes: ["a", "b"],
      probabilities: Float64Array.from({ length: 2 * rows.rowCount }, (_, at) => {
        const p = 1 / (1 + Math.exp(-(rows.columns[0].values[at >> 1] as number)));
        return at % 2 === 1 ? p : 1 - p;
      }),
    });
    const run = (seed: number) => permutationImportance(predict, table, target, { seed });
    const [one, same, other] = [await run(1), await run(1), await run(2)];
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
    expect(one.columns[0].name).toBe("x0");
    expect(one.columns.slice(1).every(({ mean }) => mean === 0)).toBe(true);
  });
});
