import { describe, expect, it } from "vitest";
import { type Column, makeTable, type Table } from "../../../src/base/index.ts";
import { joinFeaturesAndLabels } from "../../../src/datasets/index.ts";

/** A matrix as a table with columns x1, x2, … */
function matrix(rows: readonly (readonly number[])[], prefix = "x"): Table {
  return makeTable(
    rows[0].map((_, index) =>
      numbers(
        `${prefix}${index + 1}`,
        rows.map((row) => row[index]),
      ),
    ),
  );
}

function numbers(name: string, values: readonly number[]): Column {
  return { kind: "number", name, values: Float64Array.from(values) };
}

function text(name: string, values: readonly string[]): Column {
  return { kind: "text", name, values };
}

const features = matrix([
  [1, 2],
  [3, 4],
  [5, 6],
]);

describe("joinFeaturesAndLabels", () => {
  it("puts a column of labels beside the features", () => {
    const joined = joinFeaturesAndLabels(features, makeTable([numbers("labels", [0, 1, 0])]));
    expect(joined.target).toBe("labels");
    expect(joined.notes).toEqual([]);
    expect(joined.table.columns.map(({ name }) => name)).toEqual(["x1", "x2", "labels"]);
    expect(joined.table.columns[2].values).toEqual(Float64Array.of(0, 1, 0));
  });

  it("gives the labels another name where theirs is taken", () => {
    expect(joinFeaturesAndLabels(features, matrix([[0], [1], [0]])).target).toBe("label");
    const named = joinFeaturesAndLabels(features, matrix([[0], [1], [0]]), {
      targetName: "diagnosis",
    });
    expect(named.target).toBe("diagnosis");
  });

  it("turns labels that lie in a row, and says so", () => {
    const joined = joinFeaturesAndLabels(features, matrix([[0, 1, 0]]));
    expect(joined.table.columns.at(-1)).toEqual(numbers("label", [0, 1, 0]));
    expect(joined.notes).toEqual(["The labels came as a row of 3 and were turned."]);
    const words = makeTable([text("a", ["no"]), text("b", ["yes"]), text("c", ["no"])]);
    expect(joinFeaturesAndLabels(features, words).table.columns.at(-1)).toEqual(
      text("label", ["no", "yes", "no"]),
    );
  });

  it("turns features that lie in columns × rows, and says so", () => {
    const labels = makeTable([numbers("y", [0, 1])]);
    const joined = joinFeaturesAndLabels(features, labels, { featuresFrom: "features.mat" });
    expect(joined.table.columns.map(({ values }) => [...values])).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
      [0, 1],
    ]);
    expect(joined.notes).toEqual([
      "Turned features.mat (3 × 2), since only its columns match the labels.",
    ]);
  });

  it("reads one column of 0 and 1 a class", () => {
    const onehot = makeTable([numbers("benign", [1, 0, 1]), numbers("malignant", [0, 1, 0])]);
    const { table, notes } = joinFeaturesAndLabels(features, onehot);
    expect(table.columns.at(-1)).toEqual(text("label", ["benign", "malignant", "benign"]));
    expect(notes).toHaveLength(1);
  });

  it("finds the target among several label columns and keeps the others", () => {
    const labels = makeTable([text("site", ["a", "b", "a"]), text("diagnosis", ["n", "p", "p"])]);
    const joined = joinFeaturesAndLabels(features, labels);
    expect(joined.target).toBe("diagnosis");
    expect(joined.table.columns.map(({ name }) => name)).toEqual(["x1", "x2", "site", "diagnosis"]);
    expect(joinFeaturesAndLabels(features, labels, { target: "site" }).target).toBe("site");
  });

  it("matches rows by an identifier that both have, whatever their order", () => {
    const withIds = makeTable([text("patient_id", ["a", "b", "c"]), ...features.columns]);
    const labels = makeTable([
      text("patient_id", ["c", "d", "a", "b"]),
      numbers("y", [3, 4, 1, 2]),
    ]);
    const { table, notes } = joinFeaturesAndLabels(withIds, labels);
    expect(table.columns.at(-1)).toEqual(numbers("y", [1, 2, 3]));
    expect(notes).toEqual([
      'Matched features and labels by "patient_id".',
      "1 labels have no features.",
    ]);
  });

  it("takes repeated identifiers in equal order as they are", () => {
    const ids = text("patient_id", ["a", "a", "b"]);
    const labels = makeTable([ids, numbers("y", [0, 1, 0])]);
    const { table } = joinFeaturesAndLabels(makeTable([ids, ...features.columns]), labels);
    expect(table.columns.at(-1)).toEqual(numbers("y", [0, 1, 0]));
  });

  it("refuses rows that don't match labels, naming both sides", () => {
    const many = makeTable([
      numbers("a", new Array(569).fill(1)),
      numbers("b", new Array(569).fill(1)),
    ]);
    const labels = makeTable([numbers("y", new Array(568).fill(1))]);
    const sources = { featuresFrom: "features.npy", labelsFrom: "labels.npy" };
    expect(() => joinFeaturesAndLabels(many, labels, sources)).toThrow(
      "Rows don't match labels: expected one label for each of the 569 rows of features.npy, found 568 in labels.npy.",
    );
  });

  it("refuses identifiers that lack a label or come twice in another order", () => {
    const withIds = makeTable([text("patient_id", ["a", "b", "c"]), ...features.columns]);
    const lost = makeTable([text("patient_id", ["a", "b", "d"]), numbers("y", [0, 1, 0])]);
    expect(() => joinFeaturesAndLabels(withIds, lost)).toThrow(/1 without one, first c/);
    const twice = makeTable([text("patient_id", ["a", "c", "b", "b"]), numbers("y", [0, 1, 0, 1])]);
    expect(() => joinFeaturesAndLabels(withIds, twice)).toThrow(/1 identifiers more than once/);
  });
});
