import { describe, expect, test } from "vitest";
import { getColumn, memorySource, type Table } from "../../../src/base/index.ts";
import { type CsvOptions, readCsv } from "../../../src/formats/csv/index.ts";

function read(text: string, options: CsvOptions = {}) {
  return readCsv(memorySource(new TextEncoder().encode(text), "test.csv"), options);
}

/** Columns by name; NaN as null for comparison. */
function plain({ columns }: Table): Record<string, unknown[]> {
  return Object.fromEntries(
    columns.map(({ name, values }) => [
      name,
      Array.from<unknown>(values).map((value) => (Number.isNaN(value) ? null : value)),
    ]),
  );
}

describe("readCsv", () => {
  test("reads quoted cells with delimiters, quotes and line breaks", async () => {
    const table = await read('id,note\r\n1,"a, ""b""\nc"\r\n2,d\r\n');
    expect(plain(table)).toEqual({ id: [1, 2], note: ['a, "b"\nc', "d"] });
  });

  test("gives the same table however the bytes are cut into chunks", async () => {
    const text = 'id;note;x\r\n1;"ä ""b""\r\nc";1,5\r\n\r\n2;;-3e2\r\n3;"";NA';
    const whole = await read(text);
    for (const chunkBytes of [1, 2, 3, 5, 7]) {
      expect(await read(text, { chunkBytes })).toEqual(whole);
    }
    expect(plain(whole)).toEqual({
      id: [1, 2, 3],
      note: ['ä "b"\r\nc', null, null],
      x: [1.5, -300, null],
    });
  });

  test("keeps the spelling of numbers before the first text of a column", async () => {
    const table = await read("value\n1.50\n2\n<0.01\n3.0\n");
    expect(getColumn(table, "value").values).toEqual(["1.50", "2", "<0.01", "3.0"]);
  });
});
