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

  test("refuses a table without columns", () => {
    expect(() => writeArrow(makeTable([]))).toThrow(/without columns/);
  });
});
