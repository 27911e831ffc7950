import { describe, expect, it } from "vitest";
import {
  type Column,
  columnFinder,
  dropColumns,
  getColumn,
  makeTable,
  predictedLabels,
  takeFeatureRows,
  takeRows,
  takeTargetRows,
  textValues,
} from "../../src/base/index.ts";

const age: Column = {
  kind: "number",
  name: "age",
  values: new Float64Array([50, Number.NaN, 61.5]),
};
const site: Column = { kind: "text", name: "Site", values: ["a", null, "b"] };

describe("a table", () => {
  const table = makeTable([age, site]);

  it("refuses columns of unequal length and repeated names", () => {
    expect(() => makeTable([age, { ...site, values: ["a"] }])).toThrow(
      /3 values in column "Site".*found 1/,
    );
    expect(() => makeTable([age, age])).toThrow(/"age" twice/);
  });

  it("finds a column by name and suggests one that differs in case", () => {
    expect(getColumn(table, "age")).toBe(age);
    expect(() => getColumn(table, "site")).toThrow(/Did you mean Site\?/);
    expect(() => getColumn(table, "sex")).toThrow(/The columns are: age, Site\./);
  });

  it("lists some of many columns, and says how many more there are", () => {
    const wide = makeTable(
      Array.from({ length: 18 }, (_, index) => ({ ...age, name: `c${index}` })),
    );
    expect(() => getColumn(wide, "sex")).toThrow(/are: c0, .*, c11 and 6 more\.$/);
    expect(() => columnFinder(wide)("sex")).toThrow(/no column "sex"/);
    expect(columnFinder(wide)("c17")).toBe(wide.columns[17]);
  });

  it("takes rows in any order, also twice", () => {
    const taken = takeRows(table, [2, 0, 2]);
    expect(taken.rowCount).toBe(3);
    expect(taken.columns.map(({ values }) => [...values])).toEqual([
      [61.5, 50, 61.5],
      ["b", "a", "b"],
    ]);
  });

  it("reads any column as text, missing as null", () => {
    expect(textValues(age)).toEqual(["50", null, "61.5"]);
    expect(textValues(site)).toEqual(["a", null, "b"]);
  });

  it("drops columns", () => {
    expect(dropColumns(table, ["age"]).columns).toEqual([site]);
  });
});

describe("rows of features, targets and predictions", () => {
  it("are taken alike", () => {
    const features = { rowCount: 2, names: ["x"], columns: [new Float32Array([1, 2])] };
    expect(takeFeatureRows(features, [1]).columns[0]).toEqual(new Float32Array([2]));
    const classes = {
      task: "classification",
      classes: ["a", "b"],
      labels: new Int32Array([0, 1]),
    } as const;
    expect(takeTargetRows(classes, [1, 1]).labels).toEqual(new Int32Array([1, 1]));
    const numbers = { task: "regression", values: new Float64Array([3, 4]), unit: "mm" } as const;
    expect(takeTargetRows(numbers, [1])).toEqual({ ...numbers, values: new Float64Array([4]) });
  });

  it("have the first of equally probable classes", () => {
    const probabilities = new Float64Array([0.5, 0.5, 0.2, 0.8]);
    expect([
      ...predictedLabels({ task: "classification", classes: ["a", "b"], probabilities }),
    ]).toEqual([0, 1]);
  });
});
