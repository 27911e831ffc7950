import { describe, expect, it } from "vitest";
import { type Column, makeTable, type Table } from "../../../src/base/index.ts";
import { viewTable } from "../../../src/datasets/index.ts";

type Values = readonly (number | string | null)[];

/** A table of plain arrays; a column with a string in it is text. */
function tableOf(columns: Record<string, Values>): Table {
  return makeTable(
    Object.entries(columns).map(([name, values]): Column => {
      const text = values.some((value) => typeof value === "string");
      if (text) return { kind: "text", name, values: values as (string | null)[] };
      return {
        kind: "number",
        name,
        values: Float64Array.from(values, (v) => Number(v ?? Number.NaN)),
      };
    }),
  );
}

const sizes = [1.5, 2.5, 3.5, 4.5, 5.5, 6.25];
const diagnoses = ["malignant", "benign", "benign", "malignant", "benign", "benign"];

describe("viewTable", () => {
  it("takes features, target, groups and weights apart", () => {
    const view = viewTable(
      tableOf({
        patient_id: ["a", "a", "b", "c", "c", "c"],
        size: sizes,
        site: ["x", "y", "x", "y", "x", "y"],
        weight: [1, 2, 0, 1, 1, 1],
        diagnosis: diagnoses,
      }),
      { target: "diagnosis", group: "patient_id", weight: "weight" },
    );
    expect(view.task).toBe("classification");
    expect(view.features.columns.map(({ name }) => name)).toEqual(["size", "site"]);
    expect(view.classes).toEqual(["benign", "malignant"]);
    expect(view.target).toMatchObject({ labels: Int32Array.of(1, 0, 0, 1, 0, 0) });
    expect(view.groups).toEqual({
      names: ["a", "b", "c"],
      index: Int32Array.of(0, 0, 1, 2, 2, 2),
      column: "patient_id",
    });
    expect(view.weights).toEqual(Float64Array.of(1, 2, 0, 1, 1, 1));
    expect([...view.rows]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it.each<[string, Values, string, string[]]>([
    ["text", diagnoses, "classification", ["benign", "malignant"]],
    ["two numbers", [1, 0, 0, 1, 0, 0], "classification", ["0", "1"]],
    ["two numbers that are not whole", [0.5, 1, 1, 1, 0.5, 1], "classification", ["0.5", "1"]],
    [
      "a few whole numbers that repeat",
      [3, 1, 2, 10, 10, 2, 1, 3],
      "classification",
      ["1", "2", "3", "10"],
    ],
    ["whole numbers that hardly repeat", [3, 1, 2, 7, 9, 2], "regression", []],
    ["other numbers", sizes, "regression", []],
    ["numbers written as text", sizes.map(String), "regression", []],
  ])("guesses the task of %s and says so", (_, y, task, classes) => {
    const x = y.map((_, row) => row * row);
    const view = viewTable(tableOf({ x, outcome: y }));
    expect(view.task).toBe(task);
    expect(view.classes).toEqual(classes);
    expect(view.notes).toContainEqual('Target: "outcome", from its name.');
    expect(view.notes).toContainEqual(expect.stringContaining(`Task: ${task}`));
  });

  it("asks for the other task when told to", () => {
    const table = tableOf({ x: sizes, grade: [1, 2, 1, 2, 1, 2] });
    expect(viewTable(table, { target: "grade", task: "regression" }).target).toEqual({
      task: "regression",
      values: Float64Array.of(1, 2, 1, 2, 1, 2),
    });
  });

  it("takes the unit of a measured target from its name", () => {
    const table = tableOf({ x: [1, 2, 2, 1, 2, 1], diameter_mm: sizes });
    expect(viewTable(table, { target: "diameter_mm" }).target).toMatchObject({ unit: "mm" });
  });

  it.each([
    ["benign", "malignant"],
    ["Negative", "positive"],
    ["No", "Yes"],
    ["false", "true"],
    ["0", "1"],
    ["-1", "1"],
    ["control", "case"],
    ["normal", "abnormal"],
    ["healthy", "diseased"],
    ["responder", "zero"],
    ["B", "M"],
    ["N", "P"],
    ["non-responder", "responder"],
    ["no tumour", "tumour"],
    ["alive", "dead"],
    ["1", "2"],
    ["female", "male"],
    ["alpha", "beta"],
  ])(
    'makes "%s" the first and "%s" the second class, whichever comes first',
    (negative, positive) => {
      const expected = negative === "responder" ? [positive, negative] : [negative, positive];
      for (const pair of [expected, [...expected].reverse()]) {
        const table = tableOf({ x: sizes, y: [0, 1, 0, 1, 1, 0].map((index) => pair[index]) });
        expect(viewTable(table, { target: "y" }).classes).toEqual(expected);
      }
    },
  );

  it("lets the caller choose the positive class or the whole order", () => {
    const table = tableOf({ x: sizes, diagnosis: diagnoses });
    const options = { target: "diagnosis" };
    expect(viewTable(table, { ...options, positive: "benign" }).classes).toEqual([
      "malignant",
      "benign",
    ]);
    const classes = ["benign", "unclear", "malignant"];
    const view = viewTable(table, { ...options, classes });
    expect(view.classes).toEqual(classes);
    expect(view.target).toMatchObject({ labels: Int32Array.of(2, 0, 0, 2, 0, 0) });
  });

  it("keeps the names of classes as they are written", () => {
    const table = tableOf({ x: sizes, y: ["02", "01", "02", "01", "01", "10"] });
    expect(viewTable(table, { target: "y", task: "classification" }).classes).toEqual([
      "01",
      "02",
      "10",
    ]);
  });

  it("takes rows of one class where the caller names the classes, as judging a model may need", () => {
    const table = tableOf({ x: sizes, y: sizes.map(() => "malignant") });
    const view = viewTable(table, { target: "y", classes: ["benign", "malignant"] });
    expect(view.target).toMatchObject({ labels: new Int32Array(6).fill(1) });
  });

  it("drops rows without a target only when asked, and remembers where the others were", () => {
    const table = tableOf({
      x: sizes,
      y: [null, "a", "b", null, "a", "b"],
      p: ["1", "2", "3", "4", "5", "6"],
    });
    expect(() => viewTable(table, { target: "y" })).toThrow(
      'The target "y" is missing in 2 of 6 rows: found no value in rows 1 and 4. Fill these in, or leave such rows out: `--drop-missing-target`',
    );
    const view = viewTable(table, { target: "y", missingTarget: "drop" });
    expect([...view.rows]).toEqual([1, 2, 4, 5]);
    expect(view.features.columns[0].values).toEqual(Float64Array.of(2.5, 3.5, 5.5, 6.25));
    expect(view.notes).toContain('Dropped 2 rows without "y".');
  });

  it("sets aside columns that identify rows or never vary, and says so", () => {
    const count = 30;
    const rows = [...Array(count).keys()];
    const table = tableOf({
      "Unnamed: 0": rows,
      PatientID: rows.map((row) => 9000 - row * 7),
      mrn: rows.map((row) => (row * 31) % 97),
      number: rows.map((row) => row + 5),
      file: rows.map((row) => `scan-${row}.dcm`),
      remark: rows.map((row) => `free text ${row % 22}`),
      scanner: rows.map(() => "one"),
      empty: rows.map(() => null),
      sex: rows.map((row) => (row % 3 ? "f" : "m")),
      width: rows.map((row) => (row * 13) % 30),
      y: rows.map((row) => row % 2),
    });
    const view = viewTable(table, { target: "y" });
    expect(view.features.columns.map(({ name }) => name)).toEqual(["sex", "width"]);
    for (const name of [
      "Unnamed: 0",
      "PatientID",
      "mrn",
      "number",
      "file",
      "remark",
      "scanner",
      "empty",
    ]) {
      expect(view.notes.join("\n")).toContain(`Set aside "${name}"`);
    }
  });

  it.each(["width", "fluid", "side", "identity_score", "midline_mm", "valid", "pathology_size"])(
    'does not take "%s" for an identifier',
    (name) => {
      const table = tableOf({ [name]: sizes, y: [0, 1, 0, 1, 0, 1] });
      expect(viewTable(table, { target: "y" }).features.columns).toHaveLength(1);
    },
  );

  it("keeps exactly the features named, in that order", () => {
    const table = tableOf({
      case_id: [4, 7, 1, 2, 9, 3],
      a: sizes,
      b: sizes,
      c: sizes,
      y: diagnoses,
    });
    const view = viewTable(table, { target: "y", features: ["c", "case_id"] });
    expect(view.features.columns.map(({ name }) => name)).toEqual(["c", "case_id"]);
    const dropped = viewTable(table, { target: "y", drop: ["b"] });
    expect(dropped.features.columns.map(({ name }) => name)).toEqual(["a", "c"]);
  });

  it("keeps the rows of a patient together when a column is named for patients, unless told not to", () => {
    const table = tableOf({ x: sizes, Patient: [1, 1, 2, 2, 3, 3], y: diagnoses });
    const view = viewTable(table, { target: "y" });
    expect(view.groups?.index).toEqual(Int32Array.of(0, 0, 1, 1, 2, 2));
    expect(view.notes).toContain('Rows of one "Patient" are kept together.');
    expect(viewTable(table, { target: "y", group: false }).groups).toBeUndefined();
    const gap = tableOf({ x: sizes, Patient: [1, 1, null, 2, 3, 3], y: diagnoses });
    expect(viewTable(gap, { target: "y" }).groups).toBeUndefined();
    expect(viewTable(gap, { target: "y" }).notes.join()).toContain('"Patient" lacks values');
  });

  it("passes missing features on", () => {
    const view = viewTable(tableOf({ a: [1, null, 3, 4, 5, 5], y: diagnoses }), { target: "y" });
    expect(view.features.columns[0].values[1]).toBeNaN();
  });

  const longNumbers = [...Array(20).keys()].map((i) => String(i * 1.5));
  it.each<[string, Record<string, Values>, Parameters<typeof viewTable>[1], RegExp]>([
    [
      "a single class",
      { x: sizes, y: sizes.map(() => "benign") },
      { target: "y" },
      /"benign" in all 6 rows/,
    ],
    [
      "a NaN label",
      { x: sizes, y: [0, 1, Number.NaN, 1, 0, 1] },
      { target: "y" },
      /missing in 1 of 6 rows.*row 3/,
    ],
    [
      "no labels at all",
      { x: sizes, y: sizes.map(() => null) },
      { target: "y", missingTarget: "drop" },
      /no rows/,
    ],
    [
      "an unknown target",
      { x: sizes, y: diagnoses },
      { target: "Y" },
      /no column "Y". Did you mean y/,
    ],
    [
      "no target that a name tells",
      { a: sizes, b: sizes },
      {},
      /which column to predict: found a, b/,
    ],
    [
      "text where numbers belong",
      { x: [...longNumbers, "12,5", "n/a"], y: Array.from({ length: 22 }, (_, i) => i % 2) },
      { target: "y" },
      /"x" holds text where numbers belong: found "12,5" in rows 21 and 22 of 22/,
    ],
    [
      "text where a measured target belongs",
      { x: Array(21).fill(1.5), y: [...longNumbers, "large"] },
      { target: "y" },
      /"y" holds text where numbers belong: found "large" in row 21/,
    ],
    [
      "a regression on text",
      { x: sizes, y: diagnoses },
      { target: "y", task: "regression" },
      /"malignant" in rows 1, 2, 3, 4, 5 and 1 more/,
    ],
    [
      "a constant measured target",
      { x: sizes, y: sizes.map(() => 2) },
      { target: "y", task: "regression" },
      /2 in all/,
    ],
    [
      "infinite features",
      { x: [1, 2, Infinity, 4, 5, -Infinity], y: diagnoses },
      { target: "y" },
      /infinity in rows 3 and 6/,
    ],
    [
      "negative weights",
      { x: sizes, w: [1, 1, -1, 1, 1, 1], y: diagnoses },
      { target: "y", weight: "w" },
      /found -1 in row 3/,
    ],
    [
      "missing weights",
      { x: sizes, w: [1, 1, 1, null, 1, 1], y: diagnoses },
      { target: "y", weight: "w" },
      /NaN in row 4/,
    ],
    [
      "zero weights",
      { x: sizes, w: sizes.map(() => 0), y: diagnoses },
      { target: "y", weight: "w" },
      /0 in every row/,
    ],
    [
      "a target that no name tells",
      { x: sizes, z: sizes },
      {},
      /Cannot tell which column to predict: found x, z\. Name the target column: `--target`/,
    ],
    [
      "missing groups",
      { x: sizes, p: ["a", null, "b", "b", null, "c"], y: diagnoses },
      { target: "y", group: "p" },
      /none in rows 2 and 5/,
    ],
    [
      "one class spelt in two ways",
      { x: sizes, y: ["b", "B ", "m", "m", "b", "m"] },
      { target: "y" },
      /"b" and "B "/,
    ],
    [
      "classes that leave one out",
      { x: sizes, y: diagnoses },
      { target: "y", classes: ["malignant"] },
      /Column "y" holds "benign" in 4 rows: expected one of malignant\. Give/,
    ],
    [
      "a positive class that is none",
      { x: sizes, y: diagnoses },
      { target: "y", positive: "yes" },
      /"yes" cannot be/,
    ],
    [
      "a target that identifies rows",
      { x: Array(30).fill(2), y: Array.from({ length: 30 }, (_, i) => `s${i}`) },
      { target: "y" },
      /30 different values in 30 rows/,
    ],
    [
      "no features",
      { id: [3, 1, 2, 5, 4, 9], y: diagnoses },
      { target: "y" },
      /no columns to learn from.*Set aside "id"/,
    ],
    [
      "the target among the features",
      { x: sizes, y: diagnoses },
      { target: "y", features: ["y"] },
      /also the target/,
    ],
    [
      "an option that does not exist",
      { x: sizes, y: diagnoses },
      { tarket: "y" } as never,
      /no option "tarket"/,
    ],
  ])("refuses %s", (_, columns, options, message) => {
    expect(() => viewTable(tableOf(columns), options)).toThrow(message);
  });
});
