import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { makeTable, type Table } from "../../src/base/index.ts";
import {
  applyPreprocessing,
  fitPreprocessing,
  type PreprocessingOptions,
} from "../../src/learning/index.ts";

type Cells = (number | null)[][];
type Case = { options: PreprocessingOptions; features: Cells };

const { preprocessing: expected } = JSON.parse(
  readFileSync(new URL("./expected/linear.json", import.meta.url), "utf8"),
);

function numberTable(rows: Cells): Table {
  return makeTable(
    rows[0].map((_, index) => ({
      kind: "number",
      name: `n${index}`,
      values: Float64Array.from(rows, (row) => row[index] ?? Number.NaN),
    })),
  );
}

function textTable(values: (string | null)[], name = "site"): Table {
  return makeTable([{ kind: "text", name, values }]);
}

function expectFeatures(found: Table | ReturnType<typeof applyPreprocessing>, wanted: Cells) {
  expect(found.columns.length).toBe(wanted[0].length);
  wanted.forEach((row, index) => {
    row.forEach((value, feature) => {
      const cell = (found.columns[feature] as Float32Array)[index];
      if (value === null) expect(cell).toBeNaN();
      else expect(Math.abs(cell - value)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)));
    });
  });
}

describe("preprocessing equals scikit-learn's", () => {
  it.each(expected.numbers as Case[])("numbers: $options", ({ options, features }) => {
    const state = fitPreprocessing(numberTable(expected.train.numbers), options);
    expectFeatures(applyPreprocessing(state, numberTable(expected.test.numbers)), features);
  });

  it.each(expected.oneHot as Case[])("one-hot: $options", ({ options, features }) => {
    const state = fitPreprocessing(textTable(expected.train.site), options);
    expectFeatures(applyPreprocessing(state, textTable(expected.test.site)), features);
  });
});

describe("preprocessing of numbers", () => {
  const train = makeTable([
    { kind: "number", name: "same", values: Float64Array.of(4, 4, 4, 4) },
    { kind: "number", name: "empty", values: new Float64Array(4).fill(Number.NaN) },
    { kind: "number", name: "age", values: Float64Array.of(50, Number.NaN, 60, 80) },
  ]);

  it("drops columns that do not vary, and says so", () => {
    const { names, dropped } = fitPreprocessing(train);
    expect(names).toEqual(["age"]);
    expect(dropped).toEqual([
      { name: "same", reason: "is 4 in every training row" },
      { name: "empty", reason: "is empty in the training rows" },
    ]);
  });

  it("keeps a constant column whose gaps may tell something, where gaps are kept", () => {
    const values = Float64Array.of(1, Number.NaN, 1, 1);
    const table = makeTable([{ kind: "number", name: "test done", values }]);
    const state = fitPreprocessing(table, {
      impute: "none",
      scale: "none",
      missingIndicator: true,
    });
    expect(state.names).toEqual(["test done", "test done is missing"]);
    const { columns } = applyPreprocessing(state, table);
    expect(columns.map((column) => [...column])).toEqual([
      [1, Number.NaN, 1, 1],
      [0, 1, 0, 0],
    ]);
  });

  it("says where values were missing, where asked", () => {
    const state = fitPreprocessing(train, { missingIndicator: true, scale: "none" });
    expect(state.names).toEqual(["age", "age is missing"]);
    expect(state.sources).toEqual(["age", "age"]);
    const { columns } = applyPreprocessing(state, train);
    expect(columns.map((values) => [...values])).toEqual([
      [50, 60, 60, 80],
      [0, 1, 0, 0],
    ]);
  });

  it("finds columns by name and ignores those it does not know", () => {
    const state = fitPreprocessing(train, { scale: "none" });
    const other = makeTable([
      { kind: "text", name: "note", values: ["x"] },
      { kind: "number", name: "age", values: Float64Array.of(33) },
    ]);
    expect([...applyPreprocessing(state, other).columns[0]]).toEqual([33]);
    expect(() => applyPreprocessing(state, textTable(["x"], "note"))).toThrow(/no column "age"/);
    expect(() => applyPreprocessing(state, textTable(["old"], "age"))).toThrow(
      'Column "age" does not suit the model: expected numbers, as in the training rows, found the text "old" in row 1.',
    );
    expect([...applyPreprocessing(state, textTable([null], "age")).columns[0]]).toEqual([60]);
  });

  it("takes text that is all numbers, and names the first cell that is none", () => {
    const state = fitPreprocessing(train, { scale: "none" });
    const spelt = textTable(["1.764", "", " 2e1 "], "age");
    expect([...applyPreprocessing(state, spelt).columns[0]]).toEqual([Math.fround(1.764), 60, 20]);
    expect(() => applyPreprocessing(state, textTable(["1.764", "2,5", "n/a"], "age"))).toThrow(
      'found the text "2,5" in row 2 and text in 1 more. Correct these values, or leave them empty',
    );
  });

  it("takes float32 columns and float64 columns alike", () => {
    const wide = fitPreprocessing(train);
    const narrow = fitPreprocessing(
      makeTable(
        train.columns.map((c) => ({ ...c, values: Float32Array.from(c.values as never) }) as never),
      ),
    );
    expect(narrow).toEqual(wide);
  });

  it("does not blow up a column by a middle half that is all but equal", () => {
    const values = Float64Array.of(0, 0, 0, 0, 0, 0, 1e-40, 1e-40, 1e-40, 1e-40, 1, 2);
    const table = makeTable([{ kind: "number", name: "x", values }]);
    const { columns } = applyPreprocessing(fitPreprocessing(table, { scale: "robust" }), table);
    expect(Math.max(...columns[0])).toBe(2);
  });

  it("refuses infinite numbers and tables without use", () => {
    const infinite = makeTable([
      { kind: "number", name: "snr", values: Float64Array.of(1, Infinity) },
    ]);
    expect(() => fitPreprocessing(infinite)).toThrow(/Column "snr" cannot be used.*found Infinity/);
    expect(() => fitPreprocessing(textTable(["a", "a"]))).toThrow(
      /No column of the table can serve.*"site" is "a" in every training row/,
    );
    expect(() => fitPreprocessing(makeTable([]))).toThrow(/found no columns/);
  });
});

describe("preprocessing of text", () => {
  it("gives missing text a category of its own, only if training rows had any", () => {
    const state = fitPreprocessing(textTable(["a", "b", null, ""]));
    expect(state.names).toEqual(["site=a", "site=b", "site=(missing)"]);
    const { columns } = applyPreprocessing(state, textTable([null, "", "a"]));
    expect([...columns[2]]).toEqual([1, 1, 0]);
    expect(fitPreprocessing(textTable(["a", "b"])).names).toEqual(["site=a", "site=b"]);
  });

  it("imputes the most frequent category, or none", () => {
    const frequent = fitPreprocessing(textTable(["a", "b", "b", null]), {
      missingText: "mostFrequent",
    });
    expect([...applyPreprocessing(frequent, textTable([null])).columns[1]]).toEqual([1]);
    const ignored = fitPreprocessing(textTable(["a", "b", "b", null]), { missingText: "ignore" });
    expect(applyPreprocessing(ignored, textTable([null])).columns.map(([v]) => v)).toEqual([0, 0]);
  });

  it("refuses unknown categories where asked", () => {
    const state = fitPreprocessing(textTable(["a", "b"]), { unknownCategory: "error" });
    expect(() => applyPreprocessing(state, textTable(["b", "c"]))).toThrow(
      'Column "site" has a category that the training rows did not have: expected one of a, b, found "c" in row 2.',
    );
  });

  it("leaves out a column that reads as an identifier", () => {
    const ids = Array.from({ length: 30 }, (_, index) => `patient ${index}`);
    const table = makeTable([
      { kind: "text", name: "id", values: ids },
      { kind: "number", name: "age", values: Float64Array.from(ids, (_, index) => index) },
    ]);
    expect(fitPreprocessing(table).dropped[0].name).toBe("id");
  });

  it("keeps the order of categories whatever the order of the rows", () => {
    const forwards = fitPreprocessing(textTable(["b", "c", "a", "b"]));
    const backwards = fitPreprocessing(textTable(["a", "b", "b", "c"]));
    expect(backwards).toEqual(forwards);
  });

  it("refuses an option it does not have", () => {
    expect(() => fitPreprocessing(textTable(["a", "b"]), { scaling: "none" } as never)).toThrow(
      /has no option "scaling"/,
    );
  });
});
