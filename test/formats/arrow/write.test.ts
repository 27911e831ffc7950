import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeTable, memorySource } from "../../../src/base/index.ts";
import { readArrow, writeArrow } from "../../../src/formats/arrow/index.ts";
import { anyTable } from "../table-strategies.ts";

describe("writeArrow", () => {
  test.each([false, true])(
    "is undone by readArrow, whatever the table (stream: %s)",
    async (stream) => {
      const text = fc.string({ unit: "grapheme", maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(anyTable({ text }), async (table) => {
          const read = await readArrow(memorySource(writeArrow(table, { stream })));
          expect(read).toEqual(table);
        }),
        { numRuns: 300 },
      );
    },
  );

  test("keeps the order of columns whose names are numbers", async () => {
    const values = Float64Array.of(1);
    const columns = ["2", "1", "__proto__", "0"].map((name) => ({
      kind: "number" as const,
      name,
      values,
    }));
    const table = makeTable(columns);
    expect(await readArrow(memorySource(writeArrow(table)))).toEqual(table);
  });

  test("keeps columns that share memory in any order", async () => {
    const shared = Float64Array.from({ length: 9 }, (_, i) => i);
    const starts = [0, 3, 6, 3, 1, 0];
    const columns = starts.map((start, index) => ({
      ...{ kind: "number" as const, name: `c${index}` },
      values: shared.subarray(start, start + 3),
    }));
    const read = await readArrow(memorySource(writeArrow(makeTable(columns))));
    expect(read.columns.map(({ values }) => [...values])).toEqual(
      starts.map((start) => [start, start + 1, start + 2]),
    );
  });

  test("refuses a table without columns", () => {
    expect(() => writeArrow(makeTable([]))).toThrow(/without columns/);
  });
});
