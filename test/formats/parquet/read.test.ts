import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Column, getColumn, memorySource } from "../../../src/base/index.ts";
import { readParquet } from "../../../src/formats/parquet/index.ts";

type Cells = (string | number | boolean | null)[];

const folder = new URL("./expected/", import.meta.url);
const expected: {
  versions: Record<string, string>;
  duckdb: { files: string[]; columns: { name: string; type: string; values: (string | null)[] }[] };
  plain: { files: string[]; columns: Record<string, Cells> };
} = JSON.parse(readFileSync(new URL("expected.json", folder), "utf8"));

function read(file: string) {
  return readParquet(memorySource(readFileSync(new URL(file, folder)), file));
}

/** DuckDB's spelling of a value as a table holds it. */
function cellOf(text: string | null, type: string, column: Column): string | number | null {
  if (text === null) return null;
  if (column.kind === "number") return type === "FLOAT" ? Math.fround(Number(text)) : Number(text);
  if (type.startsWith("DECIMAL")) return withoutZeros(text);
  return type.startsWith("TIMESTAMP") ? text.replace(" ", "T").replace("+00", "Z") : text;
}

function withoutZeros(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}

function cells({ values }: Column): Cells {
  return Array.from<string | number | null>(values).map((value) =>
    Number.isNaN(value) ? null : value,
  );
}

describe(`files of DuckDB ${expected.versions["@duckdb/node-api"]}`, () => {
  const { files, columns } = expected.duckdb;
  test.each(files)("%s holds the values that DuckDB shows", async (file) => {
    const table = await read(file);
    expect(table.columns.map(({ name }) => name)).toEqual(columns.map(({ name }) => name));
    for (const { name, type, values } of columns) {
      const column = getColumn(table, name);
      const found = cells(column).map((cell) =>
        type.startsWith("DECIMAL") && typeof cell === "string" ? withoutZeros(cell) : cell,
      );
      expect({ name, found }).toEqual({
        name,
        found: values.map((text) => cellOf(text?.replace("inf", "Infinity") ?? null, type, column)),
      });
    }
  });

  test("numbers stay numbers and what they can't keep is text", async () => {
    const table = await read("duckdb-snappy.parquet");
    const kinds = Object.fromEntries(table.columns.map(({ name, kind }) => [name, kind]));
    expect(kinds).toMatchObject({ i8: "number", i64: "number", money: "number", f64: "number" });
    expect(kinds).toMatchObject({ big: "text", u64: "text", precise: "text", flag: "text" });
    expect(getColumn(table, "f32").values).toBeInstanceOf(Float32Array);
  });

  test("several row groups become one table", async () => {
    const table = await read("duckdb-groups.parquet");
    expect(getColumn(table, "x").values).toEqual(Float64Array.from({ length: 5000 }, (_, i) => i));
    expect(getColumn(table, "g").values[4999]).toBe("g2");
  });

  test("lists and structures are refused by name", async () => {
    await expect(read("duckdb-nested.parquet")).rejects.toMatchObject({
      code: "format-unsupported",
      message: expect.stringContaining('"list"'),
    });
  });
});

describe("files of Polars and arrow-rs, by encoding", () => {
  const { files, columns } = expected.plain;
  test.each(files)("%s holds what was written", async (file) => {
    const table = await read(file);
    for (const [name, values] of Object.entries(columns)) {
      const spelled = values.map((value) => (typeof value === "boolean" ? String(value) : value));
      expect({ name, found: cells(getColumn(table, name)) }).toEqual({ name, found: spelled });
    }
  });
});
