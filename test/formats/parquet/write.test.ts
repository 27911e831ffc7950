import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeTable, memorySource } from "../../../src/base/index.ts";
import { readParquet, writeParquet } from "../../../src/formats/parquet/index.ts";
import { anyTable } from "../table-strategies.ts";

describe("writeParquet", () => {
  test("is undone by readParquet, whatever the table", async () => {
    const text = fc.string({ unit: "grapheme", maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(anyTable({ text }), async (table) => {
        const read = await readParquet(memorySource(writeParquet(table)));
        expect(read).toEqual(table);
      }),
      { numRuns: 300 },
    );
  });

  test("keeps tables of several row groups", async () => {
    const values = Float64Array.from({ length: 250_000 }, (_, row) =>
      row % 1000 === 7 ? NaN : row,
    );
    const table = makeTable([{ kind: "number", name: "x", values }]);
    expect(await readParquet(memorySource(writeParquet(table)))).toEqual(table);
  });

  test("refuses a table without columns", () => {
    expect(() => writeParquet(makeTable([]))).toThrow(/without columns/);
  });
});
