import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Features, Target } from "../../src/base/index.ts";
import { elasticNet, elasticNetPath, logistic, ridge } from "../../src/learning/index.ts";

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
