import { describe, expect, it } from "vitest";
import { rowMajorStrides, type Tensor } from "../../../src/base/index.ts";
import { guessVariables } from "../../../src/datasets/index.ts";

type Spec = Record<string, number[] | string[]>;

/** Arrays of these shapes; strings make a vector of text. */
function arraysOf(spec: Spec) {
  return Object.entries(spec).map(([name, values]) => ({ name, tensor: tensorOf(values) }));
}

function tensorOf(values: number[] | string[]): Tensor {
  if (typeof values[0] === "string") {
    const data = values as string[];
    return { dtype: "string", shape: [data.length], strides: [1], data };
  }
  const shape = values as number[];
  const data = new Float64Array(shape.reduce((product, length) => product * length, 1));
  return { dtype: "float64", shape, strides: rowMajorStrides(shape), data };
}

describe("guessVariables", () => {
  it.each<[Spec, string, string]>([
    [{ features: [569, 30], labels: [569, 1] }, "features", "labels"],
    [{ y: [569], X: [569, 30] }, "X", "y"],
    [{ data: [569, 30], target: [1, 569], feature_names: ["a", "b"] }, "data", "target"],
    [
      { X_train: [400, 30], y_train: [400], X_test: [169, 30], y_test: [169] },
      "X_train",
      "y_train",
    ],
    [{ features: [569, 30], diagnosis: [569], age: [569] }, "features", "diagnosis"],
    [{ radii: [569, 30], flags: [569] }, "radii", "flags"],
    [{ radii: [30, 569], flags: [569] }, "radii", "flags"],
    [{ version: [1, 1], radii: [569, 30], group_size: [3], flags: [569] }, "radii", "flags"],
    [{ arr_0: [569, 30], arr_1: [569] }, "arr_0", "arr_1"],
    [{ features: [569, 30], labels: ["benign", "malignant"] }, "features", "labels"],
  ])("finds features and labels in %j", (spec, features, labels) => {
    const guess = guessVariables(arraysOf(spec));
    expect(guess.features?.name).toBe(features);
    expect(guess.labels?.name).toBe(labels);
    expect(guess.notes).toHaveLength(2);
  });

  it("finds groups and names of features beside them", () => {
    const guess = guessVariables(
      arraysOf({ X: [6, 2], y: [6], patient_id: [6], feature_names: ["radius ", "texture"] }),
    );
    expect(guess.groups?.name).toBe("patient_id");
    expect(guess.featureNames).toEqual(["radius", "texture"]);
  });

  it("looks for features alone or labels alone", () => {
    expect(guessVariables(arraysOf({ anything: [569, 30] }), "features").features?.name).toBe(
      "anything",
    );
    expect(guessVariables(arraysOf({ anything: [569, 1] }), "labels").labels?.name).toBe(
      "anything",
    );
    expect(guessVariables(arraysOf({ onehot: [569, 3] }), "labels").labels?.name).toBe("onehot");
  });

  it.each<[string, Spec, Parameters<typeof guessVariables>[1], RegExp]>([
    [
      "two matrices",
      { a: [9, 3], b: [9, 4] },
      "features",
      /which array holds the features.*a \[9, 3\] float64, b \[9, 4\]/,
    ],
    [
      "no matrix",
      { a: [9], s: ["x", "y"] },
      "features",
      /find the features.*a \[9\] float64, s \[2\] string/,
    ],
    [
      "two vectors",
      { X: [9, 3], a: [9], b: [9] },
      "both",
      /which array holds the labels.*a \[9\] float64, b \[9\]/,
    ],
    ["no vector that fits", { X: [9, 3], a: [7] }, "both", /find the labels.*a \[7\]/],
    ["an empty file", {}, "features", /no arrays/],
  ])("refuses %s, listing what there is", (_, spec, role, message) => {
    expect(() => guessVariables(arraysOf(spec), role)).toThrow(message);
  });
});
