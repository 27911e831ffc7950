import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Column, makeTable, memorySource, type Table } from "../../../src/base/index.ts";
import { type CsvWriteOptions, readCsv, writeCsv } from "../../../src/formats/csv/index.ts";

function bytesOf(table: Table, options?: CsvWriteOptions): Uint8Array {
  return Buffer.concat([...writeCsv(table, options)]);
}

function textOf(table: Table, options?: CsvWriteOptions): string {
  return new TextDecoder().decode(bytesOf(table, options));
}

const numbers = (name: string, ...values: number[]): Column => ({
  kind: "number",
  name,
  values: Float64Array.from(values),
});
const texts = (name: string, ...values: (string | null)[]): Column => ({
  kind: "text",
  name,
  values,
});

const anyText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('"', ",", ";", "\n", "\r", " ", "a", "1", "\t", "\uFEFF", "ü"),
  }),
  fc.constantFrom("NA", "", "1.5", "007", "true", "sep=;", "-", "=1+1"),
);
const text = anyText.filter((value) => !value.includes("\0"));

const anyTable = fc
  .record({ rows: fc.integer({ min: 0, max: 6 }), width: fc.integer({ min: 1, max: 4 }) })
  .chain(({ rows, width }) => {
    const length = { minLength: rows, maxLength: rows };
    const numberColumn = fc
      .array(fc.double(), length)
      .map((values) => ({ kind: "number" as const, values: Float64Array.from(values) }));
    const textColumn = fc
      .array(fc.option(text), length)
      .map((values) => ({ kind: "text" as const, values }));
    const names = fc.uniqueArray(
      text.map((name) => name.trim()).filter((name) => name !== "" && name !== "__proto__"),
      { minLength: width, maxLength: width },
    );
    const columns = fc.array(fc.oneof(numberColumn, textColumn), {
      minLength: width,
      maxLength: width,
    });
    return fc
      .tuple(names, columns)
      .map(([named, made]) =>
        makeTable(made.map((column, index) => ({ ...column, name: named[index] }) as Column)),
      );
  });

const dialects = fc.constantFrom<CsvWriteOptions>(
  {},
  { delimiter: ";", decimal: ",", newline: "\r\n", byteOrderMark: true },
  { delimiter: "\t", missing: "NA" },
);

describe("writeCsv", () => {
  test("is undone by readCsv, whatever the text and the numbers", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyTable,
        dialects,
        fc.integer({ min: 1, max: 40 }),
        async (table, dialect, chunkBytes) => {
          const bytes = bytesOf(table, { ...dialect, quote: "text" });
          const { delimiter, decimal } = dialect;
          const read = await readCsv(memorySource(bytes), {
            delimiter,
            decimal,
            header: true,
            quoted: "text",
            chunkBytes,
            // A column without a single value shows no kind.
            types: Object.fromEntries(table.columns.map(({ name, kind }) => [name, kind])),
          });
          expect(read.columns).toEqual(table.columns);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("is undone by readCsv without being told the kinds, where there are values", async () => {
    const table = makeTable([texts("t", "1", "NA", "", null, "true"), numbers("n", 1, 2, 3, 4, 5)]);
    const read = await readCsv(memorySource(bytesOf(table, { quote: "text" })), { quoted: "text" });
    expect(read.columns).toEqual(table.columns);
  });

  test("spells numbers as briefly as reads back the same", () => {
    const table = makeTable([
      numbers("a", 0.1, 1e21, -0, 2 ** 53, 1e-7, Number.NaN, Number.NEGATIVE_INFINITY),
      { kind: "number", name: "b", values: Float32Array.of(0.1, 1 / 3, 16777216, 0, 0, 0, 0) },
    ]);
    expect(textOf(table).split("\n")).toEqual([
      ...["a,b", "0.1,0.1", "1e+21,0.33333334", "-0,16777216"],
      ...["9.007199254740992e+15,0", "1e-7,0", ",0", "-inf,0", ""],
    ]);
  });

  test("reads back every float32 from its spelling", async () => {
    const values = fc.float32Array({ minLength: 1, maxLength: 30, noNaN: true });
    await fc.assert(
      fc.asyncProperty(values, async (single) => {
        const bytes = bytesOf(makeTable([{ kind: "number", name: "a", values: single }]));
        const { columns } = await readCsv(memorySource(bytes), { types: { a: "number" } });
        expect(Float32Array.from(columns[0].values as Float64Array)).toEqual(single);
      }),
    );
  });

  test("quotes only what must be quoted", () => {
    const table = makeTable([
      texts("note", "plain", "a,b", 'q"', " x", "", null, "l\nf"),
      texts("k", ..."1234567"),
    ]);
    expect(textOf(table)).toBe('note,k\nplain,1\n"a,b",2\n"q""",3\n" x",4\n"",5\n,6\n"l\nf",7\n');
  });

  test("quotes names that would be taken for values", async () => {
    const table = makeTable([numbers("1", 5), numbers("2.5", 6)]);
    const { columns } = await readCsv(memorySource(bytesOf(table)));
    expect(columns).toEqual(table.columns);
  });

  test("leaves formulas alone unless asked to disarm them", () => {
    const table = makeTable([texts("t", "=1+1", "-x", "ok"), numbers("n", -1, 2, 3)]);
    expect(textOf(table)).toBe("t,n\n=1+1,-1\n-x,2\nok,3\n");
    expect(textOf(table, { formulas: "disarm" })).toBe("t,n\n'=1+1,-1\n'-x,2\nok,3\n");
  });

  test("keeps a row whose only cell is missing", async () => {
    const table = makeTable([numbers("a", 1, Number.NaN, 3)]);
    expect((await readCsv(memorySource(bytesOf(table)))).columns).toEqual(table.columns);
  });

  test.each([
    [
      "a comma as delimiter and decimal mark",
      () => writeCsv(makeTable([numbers("a", 1)]), { decimal: "," }),
      "bad-option",
    ],
    ["a table without columns", () => writeCsv(makeTable([])), "value-missing"],
    ["text with NUL", () => [...writeCsv(makeTable([texts("a", "x\0")]))], "value-invalid"],
    [
      "half a surrogate pair",
      () => [...writeCsv(makeTable([texts("a", "\ud800")]))],
      "value-invalid",
    ],
  ])("refuses %s", (_case, write, code) => {
    expect(write).toThrowError(expect.objectContaining({ code }));
  });
});
