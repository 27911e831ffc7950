import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  type ClassPrediction,
  type Features,
  randomStream,
  type Target,
  takeFeatureRows,
  takeTargetRows,
} from "../../src/base/index.ts";
import {
  elasticNet,
  elasticNetPath,
  type Learner,
  type LinearModel,
  type LogisticModel,
  learnerByName,
  logistic,
  ridge,
} from "../../src/learning/index.ts";
import { predictModelInOnnx } from "./onnx-prediction.ts";

type Rows = number[][];
type Data = {
  x: Rows;
  binary: number[];
  three?: number[];
  values: number[];
  weights?: number[];
};
type Options = Record<string, unknown> & { weights?: boolean };

const expected = JSON.parse(
  readFileSync(new URL("./expected/linear.json", import.meta.url), "utf8"),
);
const data = expected.data as Record<string, Data>;

function featuresOf(x: Rows): Features {
  return {
    rowCount: x.length,
    names: x[0].map((_, index) => `x${index}`),
    columns: x[0].map((_, index) => Float64Array.from(x, (row) => row[index])),
  };
}

function classTarget(labels: number[]): Target {
  const classes = Array.from({ length: Math.max(...labels) + 1 }, (_, index) => `c${index}`);
  return { task: "classification", classes, labels: Int32Array.from(labels) };
}

function flatCoefficients({ coefficients }: LinearModel | LogisticModel): number[] {
  return Array.from<number | Float64Array>(coefficients).flatMap((value) =>
    typeof value === "number" ? value : [...value],
  );
}

function weightsOf(name: string, { weights }: Options): Float64Array | undefined {
  return weights ? Float64Array.from(data[name].weights!) : undefined;
}

function expectClose(found: ArrayLike<number>, wanted: ArrayLike<number>, tolerance = 1e-6) {
  expect(found.length).toBe(wanted.length);
  for (let index = 0; index < wanted.length; index++) {
    const allowed = tolerance * Math.max(1, Math.abs(wanted[index]));
    expect(Math.abs(found[index] - wanted[index]), `at ${index}`).toBeLessThanOrEqual(allowed);
  }
}

describe("logistic regression equals scikit-learn's", () => {
  type Case = {
    data: string;
    target: "binary" | "three";
    options: Options;
    coefficients: Rows;
    intercepts: number[];
    probabilities: Rows;
  };
  it.each(expected.logistic as Case[])("$data $target $options", async (given) => {
    const { weights: _, ...options } = given.options;
    const features = featuresOf(data[given.data].x);
    const target = classTarget(data[given.data][given.target]!);
    const weights = weightsOf(given.data, given.options);
    const model = await logistic.fit({ features, target, weights }, options);
    expect(model.converged).toBe(true);
    const prediction = await logistic.predict(model, featuresOf(data[given.data].x.slice(0, 8)));
    if (prediction.task !== "classification") throw new Error("not a classification");
    const wanted = given.probabilities.flat();
    expectClose(prediction.probabilities, wanted);
    expectClose(
      model.coefficients.flatMap((row) => [...row]),
      given.coefficients.flat(),
    );
    expectClose(model.intercepts, given.intercepts);
  });
});

describe("regression equals scikit-learn's", () => {
  type Case = {
    learner: "ridge" | "elastic-net";
    data: string;
    options: Options;
    coefficients: number[];
    intercept: number;
    predictions: number[];
  };
  it.each(expected.regression as Case[])("$learner $data $options", async (given) => {
    const { weights: _, ...options } = given.options;
    const learner = given.learner === "ridge" ? ridge : elasticNet;
    const { x, values } = data[given.data];
    const target: Target = { task: "regression", values: Float64Array.from(values) };
    const weights = weightsOf(given.data, given.options);
    const model = await learner.fit({ features: featuresOf(x), target, weights }, options);
    expect(model.converged).toBe(true);
    expectClose(model.coefficients, given.coefficients);
    expectClose([model.intercept], [given.intercept]);
    const prediction = await learner.predict(model, featuresOf(x.slice(0, 8)));
    if (prediction.task !== "regression") throw new Error("not a regression");
    expectClose(prediction.values, given.predictions);
  });

  it("along the path of penalties", async () => {
    const { x, values } = data.tall;
    const target: Target = { task: "regression", values: Float64Array.from(values) };
    const { l1Ratio, count, alphas, coefficients } = expected.path;
    const path = await elasticNetPath({ features: featuresOf(x), target }, { l1Ratio, count });
    expectClose(
      path.map(({ alpha }) => alpha),
      alphas,
    );
    path.forEach(({ model }, index) => {
      expectClose(model.coefficients, coefficients[index]);
    });
  });
});

describe("linear models", () => {
  const { x, binary, three, values } = data.tall;
  const features = featuresOf(x);
  const measured: Target = { task: "regression", values: Float64Array.from(values) };

  it.each([
    ["logistic", {}],
    ["logistic", { penalty: "l1", c: 0.5 }],
    ["logistic", { penalty: "none" }],
    ["ridge", {}],
    ["ridge", { alpha: 0 }],
  ])("take a weight of 0 as a row left out and 2 as a row twice: %s %o", async (name, options) => {
    const learner = learnerByName(name) as Learner<never, LinearModel | LogisticModel>;
    const target = name === "logistic" ? classTarget(three!) : measured;
    const counts = features.columns[0].map((_, row) => row % 3);
    const weighted = await learner.fit(
      { features, target, weights: counts as never },
      options as never,
    );
    const rows = Array.from(counts).flatMap((count, row) => new Array<number>(count).fill(row));
    const repeated = await learner.fit(
      { features: takeFeatureRows(features, rows), target: takeTargetRows(target, rows) },
      options as never,
    );
    expectClose(flatCoefficients(weighted), flatCoefficients(repeated));
  });

  it("meet the conditions of optimality where oracles are slow: L1, many unlike columns", async () => {
    // Columns from 1e-3 to 1e3 wide, more than rows.
    const random = randomStream({ seed: 3, purpose: "test/kkt" });
    const rowCount = 60;
    const columns = Array.from({ length: 200 }, (_, j) =>
      Float64Array.from({ length: rowCount }, () => 10 ** ((j % 7) - 3) * (random.normal() + 3)),
    );
    const wide: Features = { rowCount, names: columns.map((_, j) => `x${j}`), columns };
    const labels = Array.from({ length: rowCount }, (_, i) =>
      columns[0][i] / 1e-3 + columns[8][i] / 1e-2 + random.normal() > 6 ? 1 : 0,
    );
    const c = 0.5;
    const model = await logistic.fit(
      { features: wide, target: classTarget(labels) },
      { penalty: "l1", c },
    );
    expect(model.converged).toBe(true);
    const { probabilities } = (await logistic.predict(model, wide)) as ClassPrediction;
    columns.forEach((column, j) => {
      let slope = 0;
      for (let i = 0; i < rowCount; i++)
        slope += (probabilities[2 * i + 1] - labels[i]) * column[i];
      const beta = model.coefficients[0][j];
      if (beta === 0) expect(Math.abs(c * slope)).toBeLessThan(1 + 1e-4);
      else expect(c * slope).toBeCloseTo(-Math.sign(beta), 4);
    });
  });

  it.each([2, 3])(
    "meet the conditions of optimality: L2, more columns than rows, %i classes",
    async (classCount) => {
      const random = randomStream({ seed: 4, purpose: "test/kkt" });
      const rowCount = 80;
      const columns = Array.from({ length: 500 }, (_, j) =>
        Float64Array.from({ length: rowCount }, () => (1 + (j % 5)) * (random.normal() + (j % 3))),
      );
      const wide: Features = { rowCount, names: columns.map((_, j) => `x${j}`), columns };
      const labels = Array.from({ length: rowCount }, (_, row) => row % classCount);
      const c = 0.1;
      const model = await logistic.fit({ features: wide, target: classTarget(labels) }, { c });
      expect(model.converged).toBe(true);
      const { probabilities } = (await logistic.predict(model, wide)) as ClassPrediction;
      model.coefficients.forEach((slopes, block) => {
        const label = classCount === 2 ? 1 : block;
        columns.forEach((column, j) => {
          let gradient = slopes[j];
          for (let row = 0; row < rowCount; row++) {
            const truth = labels[row] === label ? 1 : 0;
            gradient += c * (probabilities[row * classCount + label] - truth) * column[row];
          }
          expect(Math.abs(gradient)).toBeLessThan(1e-6);
        });
      });
    },
  );

  it("do not depend on the units of columns where nothing is penalised", async () => {
    const scaled: Features = {
      ...features,
      columns: features.columns.map((column, j) =>
        Float64Array.from(column, (value) => value * 10 ** (3 * j - 6) + 7 * j),
      ),
    };
    const target = classTarget(binary);
    const [one, other] = await Promise.all([
      logistic.fit({ features, target }, { penalty: "none" }),
      logistic.fit({ features: scaled, target }, { penalty: "none" }),
    ]);
    const [a, b] = [await logistic.predict(one, features), await logistic.predict(other, scaled)];
    expectClose((b as ClassPrediction).probabilities, (a as ClassPrediction).probabilities);
  });

  it("say so where numbers are too large to calculate with", async () => {
    const huge = Float64Array.from(features.columns[0], (value) => value * 1e200);
    const more: Features = { rowCount: features.rowCount, names: ["x"], columns: [huge] };
    await expect(ridge.fit({ features: more, target: measured })).rejects.toThrow(/too large/);
    const weights = new Float64Array(features.rowCount).fill(1e308);
    const set = { features, target: classTarget(binary), weights };
    await expect(logistic.fit(set)).rejects.toThrow(/too large/);
  });

  it("leave constant columns without effect", async () => {
    const columns = [...features.columns, new Float64Array(features.rowCount).fill(1e6)];
    const more: Features = { ...features, names: [...features.names, "same"], columns };
    for (const [learner, target] of [
      [logistic, classTarget(binary)],
      [ridge, measured],
      [elasticNet, measured],
    ] as const) {
      const model = await learner.fit({ features: more, target });
      expect(flatCoefficients(model).at(-1)).toBe(0);
    }
  });

  it("share an effect between equal columns where nothing is penalised", async () => {
    const doubled: Features = {
      rowCount: features.rowCount,
      names: ["a", "b"],
      columns: [features.columns[0], features.columns[0]],
    };
    const single: Features = {
      rowCount: features.rowCount,
      names: ["a"],
      columns: [features.columns[0]],
    };
    const two = await ridge.fit({ features: doubled, target: measured }, { alpha: 0 });
    const one = await ridge.fit({ features: single, target: measured }, { alpha: 0 });
    expectClose(two.coefficients, [one.coefficients[0] / 2, one.coefficients[0] / 2]);
    const logits = await logistic.fit(
      { features: doubled, target: classTarget(binary) },
      { penalty: "none" },
    );
    expect(logits.converged).toBe(true);
    expect(logits.coefficients[0][0]).toBeCloseTo(logits.coefficients[0][1], 6);
  });

  it("warn of perfect separation, and predict it all the same", async () => {
    const labels = Array.from(features.columns[0], (value) => (value > 0 ? 1 : 0));
    const set = { features, target: classTarget(labels) };
    const model = await logistic.fit(set, { penalty: "none" });
    expect(model.converged).toBe(false);
    expect(model.warnings).toEqual([
      expect.stringContaining("separate the classes of the training rows perfectly"),
    ]);
    const { probabilities } = (await logistic.predict(model, features)) as ClassPrediction;
    labels.forEach((label, row) => {
      expect(probabilities[2 * row + label]).toBeGreaterThan(0.99);
    });
    expect((await logistic.fit(set)).warnings).toEqual([]);
  });

  it("warn of quasi-complete separation", async () => {
    // The indicator is 1 for cases only: its coefficient has no finite best value.
    const rare = Float64Array.from(binary, (label, row) => (label === 1 && row % 5 === 0 ? 1 : 0));
    const columns = [...features.columns, rare];
    const more: Features = { ...features, names: [...features.names, "rare"], columns };
    const model = await logistic.fit(
      { features: more, target: classTarget(binary) },
      { penalty: "none" },
    );
    expect(model.converged).toBe(false);
    expect(model.warnings[0]).toMatch(/quasi-complete separation/);
  });

  it("warn where the iterations did not suffice", async () => {
    const hasty = await logistic.fit(
      { features, target: classTarget(binary) },
      { maxIterations: 2 },
    );
    expect(hasty.converged).toBe(false);
    expect(hasty.warnings[0]).toMatch(/not converged after 2 iterations/);
    const lasso = await elasticNet.fit(
      { features, target: measured },
      { alpha: 0.01, maxIterations: 1 },
    );
    expect(lasso.converged).toBe(false);
    expect(lasso.warnings[0]).toMatch(/not converged after 1 sweeps/);
  });

  it("give a class that the rows do not have the probability 0", async () => {
    const target = classTarget(three!);
    const rows = three!.flatMap((label, row) => (label === 1 ? [] : [row]));
    const set = { features: takeFeatureRows(features, rows), target: takeTargetRows(target, rows) };
    const model = await logistic.fit(set);
    expect(model.presentClasses).toEqual([0, 2]);
    const here = (await logistic.predict(model, features)) as ClassPrediction;
    const there = await predictModelInOnnx(logistic, model, features);
    for (let row = 0; row < features.rowCount; row++) {
      expect(here.probabilities[3 * row + 1]).toBe(0);
      expect(there.scores[3 * row + 1]).toBe(0);
    }
    expectClose(there.scores, here.probabilities);
  });

  it("weigh classes by name", async () => {
    const target = classTarget(binary);
    const named = await logistic.fit({ features, target }, { classWeight: { c1: 3 } });
    const byRow = Float64Array.from(binary, (label) => (label === 1 ? 3 : 1));
    const weighted = await logistic.fit({ features, target, weights: byRow });
    expectClose(named.coefficients[0], weighted.coefficients[0]);
    const wrong = logistic.fit({ features, target }, { classWeight: { M: 3 } });
    await expect(wrong).rejects.toThrow(/names a class "M" that the target does not have/);
  });

  it("take a penalty so strong that no column is left", async () => {
    const lasso = await elasticNet.fit({ features, target: measured }, { alpha: 1e6 });
    expect([...lasso.coefficients]).toEqual([0, 0, 0, 0, 0]);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(lasso.intercept).toBeCloseTo(mean, 10);
    const empty = await logistic.fit(
      { features, target: classTarget(binary) },
      { penalty: "l1", c: 1e-6 },
    );
    expect([...empty.coefficients[0]]).toEqual([0, 0, 0, 0, 0]);
    const share = binary.reduce((sum, label) => sum + label, 0) / binary.length;
    expect(empty.intercepts[0]).toBeCloseTo(Math.log(share / (1 - share)), 8);
  });
});
