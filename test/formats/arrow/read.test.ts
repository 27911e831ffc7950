import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Column, getColumn, memorySource } from "../../../src/base/index.ts";
import { readArrow } from "../../../src/formats/arrow/index.ts";

type Cells = (string | number | boolean | null)[];

const folder = new URL("./expected/", import.meta.url);
const expected: {
  versions: Record<string, string>;
  files: string[];
  columns: Record<string, Cells>;
  text: Record<string, (string | null)[]>;
} = JSON.parse(readFileSync(new URL("expected.json", folder), "utf8"));

function read(file: string) {
  return readArrow(memorySource(readFileSync(new URL(file, folder)), file));
}

function cells({ values }: Column): Cells {
  return Array.from<string | number | null>(values).map((value) =>
    Number.isNaN(value) ? null : value,
  );
}

/** Booleans as a table holds them. */
function spelled(values: Cells): Cells {
  return values.map((value) => (typeof value === "boolean" ? String(value) : value));
}

describe(`files of Polars ${expected.versions["nodejs-polars"]}`, () => {
  test.each(expected.files)("%s holds what was written", async (file) => {
    const table = await read(file);
    for (const [name, values] of Object.entries(expected.columns)) {
      expect({ name, found: cells(getColumn(table, name)) }).toEqual({
        name,
        found: spelled(values),
      });
    }
    for (const [name, values] of Object.entries(expected.text)) {
      const found = values.map((text) => text?.replace(" ", name === "moment" ? "T" : " ") ?? null);
      expect({ name, found: cells(getColumn(table, name)) }).toEqual({ name, found });
    }
    expect(getColumn(table, "f32").values).toEqual(
      Float32Array.from(expected.columns.f64, (value) => (value === null ? NaN : Number(value))),
    );
  });

  test("several LZ4 blocks are unpacked one after the other", async () => {
    const { values } = getColumn(await read("polars-lz4-blocks.arrow"), "x");
    expect(values).toEqual(Float64Array.from({ length: 12_000 }, (_, i) => (i * i) % 977));
  });
});

describe("files of other writers", () => {
  test("a stream of arrow-rs holds what was written", async () => {
    const table = await read("arrow-rs-stream.arrow");
    for (const name of ["f64", "i32", "flag", "text"]) {
      expect(cells(getColumn(table, name))).toEqual(spelled(expected.columns[name]));
    }
  });

  test("lists are refused by the column's name", async () => {
    await expect(read("nested.arrow")).rejects.toMatchObject({
      code: "format-unsupported",
      message: expect.stringContaining('"list"'),
    });
  });

  test("Feather version 1 is refused with what to do", async () => {
    const bytes = new TextEncoder().encode("FEA1 and more of it");
    await expect(readArrow(memorySource(bytes))).rejects.toMatchObject({
      code: "format-unsupported",
      message: expect.stringContaining("Write the file again"),
    });
  });
});
