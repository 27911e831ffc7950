import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeTable, takeRows } from "../../../src/base/index.ts";
import {
  equalRows,
  findDuplicateRows,
  findNearDuplicateRows,
} from "../../../src/datasets/index.ts";
import { numbers, randomTable, text } from "../random-table.ts";

describe("equalRows", () => {
  it("takes missing values as equal, and −0 as 0", () => {
    const table = makeTable([
      numbers("a", [1, Number.NaN, 1, Number.NaN, 0, -0]),
      text("b", ["u", null, "v", null, "u", "u"]),
    ]);
    expect(equalRows(table)).toEqual([
      [1, 3],
      [4, 5],
    ]);
  });

  it("takes a NaN with another payload as missing too", () => {
    const odd = new Float64Array(
      new BigUint64Array([0x7ff8000000000001n, 0x7ff8000000000000n]).buffer,
    );
    expect(
      equalRows({ rowCount: 2, columns: [{ kind: "number", name: "a", values: odd }] }),
    ).toEqual([[0, 1]]);
  });

  it("finds the same sets as comparing every row with every other", () => {
    const value = fc.constantFrom(0, 1, 2.5, Number.NaN);
    const rows = fc.array(fc.tuple(value, value, fc.constantFrom("p", "q", null)), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(rows, (data) => {
        const table = makeTable([
          numbers(
            "a",
            data.map(([a]) => a),
          ),
          numbers(
            "b",
            data.map(([, b]) => b),
          ),
          text(
            "c",
            data.map(([, , c]) => c),
          ),
        ]);
        const keys = data.map((row) => row.map(String).join("|"));
        const expected = [...new Set(keys)]
          .map((key) => [...keys.keys()].filter((row) => keys[row] === key))
          .filter((set) => set.length > 1)
          .sort(([a], [b]) => a - b);
        expect(equalRows(table)).toEqual(expected);
      }),
    );
  });
});

describe("findDuplicateRows", () => {
  const { table } = randomTable({ rows: 100, columns: 4, seed: 1 });
  const copied = takeRows(table, [...Array(100).keys(), 3, 3, 50]);

  it("tells copies across the sides of a split from copies within one", () => {
    const sides = Array.from({ length: 103 }, (_, row) => (row === 102 ? 1 : 0));
    expect(findDuplicateRows(copied, { sides })).toMatchObject([
      { kind: "duplicate-rows", severity: "leak", rows: [[50, 102]], figure: 2 },
      { kind: "duplicate-rows", severity: "warning", rows: [[3, 100, 101]], figure: 3 },
    ]);
    expect(findDuplicateRows(table)).toEqual([]);
  });

  it("reports copies that are labelled differently", () => {
    const labels = Array.from({ length: 103 }, (_, row) => (row === 101 ? 1 : 0));
    const conflict = findDuplicateRows(copied, { labels }).find(
      (f) => f.kind === "conflicting-labels",
    );
    expect(conflict).toMatchObject({ severity: "warning", rows: [[3, 100, 101]] });
  });

  it("makes only a note of rows that coarse columns make equal by chance", () => {
    const { random } = randomTable({ rows: 1, columns: 1, seed: 2 });
    const coin = (name: string) =>
      numbers(
        name,
        Array.from({ length: 60 }, () => random.integer(3)),
      );
    const [finding, ...others] = findDuplicateRows(makeTable([coin("a"), coin("b"), coin("c")]));
    expect(finding).toMatchObject({ kind: "duplicate-rows", severity: "note" });
    expect(others).toEqual([]);
  });
});

describe("findNearDuplicateRows", () => {
  it.each([
    [300, 3],
    [300, 10],
    [1000, 30],
  ])(
    "finds the copies with slight noise that were planted among %i rows of %i columns",
    (rows, columns) => {
      const { table, random } = randomTable({ rows, columns, seed: 3 });
      const copies = takeRows(table, [...Array(rows).keys(), 7, 20]);
      // In three dimensions chance brings rows near, so only nearer copies are told from it.
      const noise = columns === 3 ? 1e-4 : 0.01;
      const noisy = makeTable(
        copies.columns.map(({ name, values }) =>
          numbers(
            name,
            Array.from(values as Float64Array, (v, row) =>
              row < rows ? v : v + noise * random.normal(),
            ),
          ),
        ),
      );
      const sides = Array.from({ length: rows + 2 }, (_, row) => (row === rows ? 1 : 0));
      expect(findNearDuplicateRows(noisy, { sides })).toMatchObject([
        { kind: "near-duplicate-rows", severity: "leak", rows: [[7, rows]] },
        { kind: "near-duplicate-rows", severity: "warning", rows: [[20, rows + 1]] },
      ]);
      const groups = Array.from({ length: rows + 2 }, (_, row) =>
        row < rows ? row : row === rows ? 7 : 20,
      );
      expect(findNearDuplicateRows(noisy, { groups })).toEqual([]);
    },
  );

  it("finds hardly any among independent rows, whatever their dimension, rounding and gaps", () => {
    let found = 0;
    for (let seed = 0; seed < 60; seed++) {
      const columns = 2 + (seed % 15);
      const { table, random } = randomTable({ rows: 200, columns, seed });
      const spoilt = table.columns.map(({ name, values }, index) =>
        numbers(
          name,
          Array.from(values as Float64Array, (value) => {
            if (seed % 4 === 1 && random.uniform() < 0.1) return Number.NaN;
            if (seed % 4 === 2) return Math.round(value * 100) / 100;
            return seed % 4 === 3 && index % 2 === 0 ? Math.sign(value) : value;
          }),
        ),
      );
      found += findNearDuplicateRows(makeTable(spoilt)).length;
    }
    expect(found).toBeLessThanOrEqual(2);
  });

  it("says so where there are too many rows to look", () => {
    const { table } = randomTable({ rows: 100, columns: 5, seed: 4 });
    expect(findNearDuplicateRows(table, { mostWork: 1000 })).toMatchObject([
      { kind: "not-checked", severity: "note", figure: 100 },
    ]);
  });
});
