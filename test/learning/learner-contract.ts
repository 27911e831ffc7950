// What every learner must do, whatever its method; each learner's test runs this suite.

import { describe, expect, it } from "vitest";
import {
  type ClassTarget,
  type Features,
  predictedLabels,
  randomStream,
  type Target,
  takeFeatureRows,
} from "../../src/base/index.ts";
import type { Learner } from "../../src/learning/index.ts";
import { predictModelInOnnx } from "./onnx-prediction.ts";

export interface ContractSettings {
  /** Options that make the learner quick, or that are to be tried. */
  readonly options?: Record<string, unknown>;
  /** Largest difference of a prediction in ONNX, of 1 or of the prediction where that is larger. */
  readonly onnxTolerance?: number;
}

/** Runs the contract: describe blocks for each task that the learner has. */
export function itKeepsTheLearnerContract(
  // biome-ignore lint/suspicious/noExplicitAny: any learner with its own options and model.
  learner: Learner<any, any>,
  { options = {}, onnxTolerance = 1e-6 }: ContractSettings = {},
): void {
  describe(`${learner.name} ${JSON.stringify(options)} keeps the contract`, () => {
    const targets = learner.tasks.flatMap((task) =>
      task === "classification"
        ? [classTarget(2), classTarget(4)]
        : [valueTarget(1, 0), valueTarget(1e5, 1e6)],
    );
    for (const target of targets) {
      const kind =
        target.task === "classification" ? `${target.classes.length} classes` : "numbers";
      describe(kind, () => itFitsAndPredicts(learner, target, { options, onnxTolerance }));
    }
    itRefusesBadInput(learner, targets[0], options);
  });
}

function itFitsAndPredicts(
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  learner: Learner<any, any>,
  target: Target,
  { options, onnxTolerance }: Required<ContractSettings>,
): void {
  const features = exampleFeatures();
  const fresh = exampleFeatures(2);
  const fitted = (set = { features, target }) => learner.fit(set, options, { seed: 5 });

  it("predicts every row: probabilities that sum to 1, or finite numbers", async () => {
    const prediction = await learner.predict(await fitted(), fresh);
    expect(prediction.task).toBe(target.task);
    if (prediction.task === "regression") {
      expect(prediction.values).toHaveLength(fresh.rowCount);
      expect(prediction.values.every(Number.isFinite)).toBe(true);
      return;
    }
    const width = prediction.classes.length;
    expect(prediction.classes).toEqual((target as ClassTarget).classes);
    expect(prediction.probabilities).toHaveLength(fresh.rowCount * width);
    for (let row = 0; row < fresh.rowCount; row++) {
      const ofRow = prediction.probabilities.subarray(row * width, (row + 1) * width);
      expect(ofRow.every((p) => p >= 0 && p <= 1)).toBe(true);
      expect(ofRow.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    }
  });

  it("learns: better than the most frequent class, or than the mean", async () => {
    const prediction = await learner.predict(await fitted(), features);
    if (prediction.task === "classification" && target.task === "classification") {
      const right = predictedLabels(prediction).filter(
        (label, row) => label === target.labels[row],
      );
      const counts = target.classes.map((_, k) => target.labels.filter((l) => l === k).length);
      expect(right.length).toBeGreaterThan(1.2 * Math.max(...counts));
    } else if (prediction.task === "regression" && target.task === "regression") {
      const mean = target.values.reduce((sum, value) => sum + value, 0) / target.values.length;
      const squares = (of: (row: number) => number) =>
        target.values.reduce((sum, value, row) => sum + (value - of(row)) ** 2, 0);
      expect(squares((row) => prediction.values[row])).toBeLessThan(0.6 * squares(() => mean));
    }
  });

  it("fits the same model twice from one seed", async () => {
    const [one, two] = [await fitted(), await fitted()];
    expect(await learner.predict(two, fresh)).toEqual(await learner.predict(one, fresh));
  });

  it("has a model of plain data that survives structuredClone", async () => {
    const model = await fitted();
    const copy = structuredClone(model);
    expect(copy).toEqual(model);
    expect(await learner.predict(copy, fresh)).toEqual(await learner.predict(model, fresh));
  });

  it("predicts a row the same alone as among others", async () => {
    const model = await fitted();
    const all = await learner.predict(model, fresh);
    const alone = await learner.predict(model, takeFeatureRows(fresh, [7]));
    const [of, one] = [all, alone].map((p) =>
      p.task === "classification" ? p.probabilities : p.values,
    );
    expect(one).toEqual(of.slice(7 * one.length, 8 * one.length));
  });

  it("leaves its input as it was", async () => {
    const before = structuredClone({ features, target });
    await learner.predict(await fitted(), features);
    expect({ features, target }).toEqual(before);
  });

  it("takes weights", async () => {
    const weights = Float64Array.from({ length: features.rowCount }, (_, row) => (row % 5 ? 1 : 0));
    const weighted = await learner.fit({ features, target, weights }, options, { seed: 5 });
    const prediction = await learner.predict(weighted, fresh);
    const scores =
      prediction.task === "classification" ? prediction.probabilities : prediction.values;
    expect(scores.every(Number.isFinite)).toBe(true);
    const all = await learner.predict(await fitted(), fresh);
    expect(prediction).not.toEqual(all);
  });

  it("predicts the same in ONNX", async () => {
    const model = await fitted();
    const here = await learner.predict(model, fresh);
    const there = await predictModelInOnnx(learner, model, fresh);
    const scores = here.task === "classification" ? here.probabilities : here.values;
    expect(there.scores).toHaveLength(scores.length);
    scores.forEach((score, index) => {
      const allowed = onnxTolerance * Math.max(1, Math.abs(score));
      expect(Math.abs(there.scores[index] - score)).toBeLessThanOrEqual(allowed);
    });
    if (here.task === "classification") {
      const width = here.classes.length;
      predictedLabels(here).forEach((label, row) => {
        // A tie may fall either way.
        const top = here.probabilities.subarray(row * width, (row + 1) * width).toSorted();
        if (top[width - 1] - top[width - 2] < onnxTolerance) return;
        expect(there.labels![row]).toBe(here.classes[label]);
      });
    }
  });
}

function itRefusesBadInput(
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  learner: Learner<any, any>,
  target: Target,
  options: Record<string, unknown>,
): void {
  const features = exampleFeatures();
  const fitted = (given: Target, of: Features = features, more = {}) =>
    learner.fit({ features: of, target: given, ...more }, options);
  const refusal = (code: string, words: RegExp) => ({
    code,
    message: expect.stringMatching(words),
  });

  it("refuses rows that do not match the target", async () => {
    const short = takeFeatureRows(features, [0, 1, 2]);
    await expect(fitted(target, short)).rejects.toMatchObject(refusal("shape-mismatch", /3/));
  });

  it("refuses weights that do not match, are negative or all zero", async () => {
    const weights = (make: (row: number) => number, length = features.rowCount) => ({
      weights: Float64Array.from({ length }, (_, row) => make(row)),
    });
    const wrong = [weights(() => 1, 3), weights((row) => (row === 4 ? -1 : 1)), weights(() => 0)];
    for (const more of wrong) {
      await expect(fitted(target, features, more)).rejects.toMatchObject({
        code: expect.stringMatching(/shape-mismatch|value-invalid/),
      });
    }
  });

  it("refuses an unknown option, naming those there are", async () => {
    const run = learner.fit({ features, target }, { ...options, colour: "blue" });
    await expect(run).rejects.toMatchObject(refusal("bad-option", /no option "colour".*It has: /));
  });

  it("refuses no rows, and no features", async () => {
    const none = takeFeatureRows(features, []);
    await expect(fitted(emptied(target), none)).rejects.toMatchObject({ code: "too-few-samples" });
    const bare = { rowCount: features.rowCount, names: [], columns: [] };
    await expect(fitted(target, bare)).rejects.toMatchObject({ code: "too-few-samples" });
  });

  it("refuses features other than those of the fit", async () => {
    const model = await fitted(target);
    const renamed = { ...features, names: features.names.toReversed() };
    await expect(learner.predict(model, renamed)).rejects.toMatchObject({ code: "shape-mismatch" });
    const fewer = {
      ...features,
      names: features.names.slice(1),
      columns: features.columns.slice(1),
    };
    await expect(learner.predict(model, fewer)).rejects.toMatchObject({ code: "shape-mismatch" });
  });

  it("refuses infinite features", async () => {
    const infinite = withCell(features, Number.POSITIVE_INFINITY);
    await expect(fitted(target, infinite)).rejects.toThrow(/"x1".*infinite/);
  });

  it(learner.handlesMissing ? "takes missing features" : "refuses missing features", async () => {
    const holed = withCell(features, Number.NaN);
    if (!learner.handlesMissing) {
      await expect(fitted(target, holed)).rejects.toThrow(/"x1".*1 missing/);
      await expect(learner.predict(await fitted(target), holed)).rejects.toThrow(/"x1".*1 missing/);
      return;
    }
    const prediction = await learner.predict(await fitted(target, holed), holed);
    const scores =
      prediction.task === "classification" ? prediction.probabilities : prediction.values;
    expect(scores.every(Number.isFinite)).toBe(true);
  });

  it("refuses a target it cannot learn", async () => {
    if (target.task === "classification") {
      const single = { ...target, labels: new Int32Array(target.labels.length).fill(1) };
      await expect(fitted(single)).rejects.toThrow(/at least two classes, found only "class 1"/);
      const unknown = { ...target, labels: target.labels.with(3, -1) as never };
      await expect(fitted(unknown)).rejects.toThrow(/-1 in row 4/);
    } else {
      const missing = { ...target, values: target.values.with(3, Number.NaN) as never };
      await expect(fitted(missing)).rejects.toThrow(/NaN in row 4/);
    }
  });

  const absent = (["classification", "regression"] as const).find(
    (t) => !learner.tasks.includes(t),
  );
  it.runIf(absent)("refuses the task it does not have", async () => {
    const other = absent === "classification" ? classTarget(2) : valueTarget(1, 0);
    await expect(fitted(other)).rejects.toMatchObject({ code: "type-mismatch" });
  });

  it("stops when told to", async () => {
    const run = learner.fit({ features, target }, options, { signal: AbortSignal.abort() });
    await expect(run).rejects.toMatchObject({ code: "cancelled" });
  });
}

/** 150 rows of four float32 features, the second far from 0. */
function exampleFeatures(seed = 1): Features {
  const rowCount = 150;
  const random = randomStream({ seed, purpose: "test/contract" });
  const column = (scale: number, centre: number) =>
    Float32Array.from({ length: rowCount }, () => centre + scale * random.normal());
  return {
    rowCount,
    names: ["x0", "x1", "x2", "x3"],
    columns: [column(1, 0), column(20, 500), column(0.01, 0), column(1, -3)],
  };
}

function signal(): Float64Array {
  const { columns, rowCount } = exampleFeatures();
  const random = randomStream({ seed: 9, purpose: "test/contract" });
  return Float64Array.from(
    { length: rowCount },
    (_, row) =>
      columns[0][row] + (columns[1][row] - 500) / 10 + 50 * columns[2][row] + 0.5 * random.normal(),
  );
}

function classTarget(classCount: number): Target {
  const values = signal();
  const sorted = values.toSorted();
  const labels = Int32Array.from(values, (value) => {
    let label = 0;
    while (label < classCount - 1 && value > sorted[Math.floor(((label + 1) * 150) / classCount)]) {
      label += 1;
    }
    return label;
  });
  const classes = Array.from({ length: classCount }, (_, label) => `class ${label}`);
  return { task: "classification", classes, labels };
}

function valueTarget(scale: number, centre: number): Target {
  return { task: "regression", values: signal().map((value) => centre + scale * value) };
}

function emptied(target: Target): Target {
  return target.task === "classification"
    ? { ...target, labels: new Int32Array() }
    : { ...target, values: new Float64Array() };
}

function withCell(features: Features, value: number): Features {
  const columns = features.columns.map((column, index) =>
    index === 1 ? column.with(6, value) : column,
  );
  return { ...features, columns: columns as never };
}
