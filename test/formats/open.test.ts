import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  getColumn,
  makeTable,
  memorySource,
  rowMajorStrides,
  type Table,
  type Tensor,
} from "../../src/base/index.ts";
import {
  type Data,
  type NamedTensor,
  readCsv,
  readData,
  readNpy,
  supportedFormats,
  tableFromTensor,
  writeData,
} from "../../src/formats/index.ts";

const numbers: Table = makeTable([
  { kind: "number", name: "age", values: Float64Array.of(51, 62.5, Number.NaN) },
  { kind: "number", name: "area", values: Float64Array.of(0.1, -3, 1e300) },
]);
const mixed: Table = makeTable([
  ...numbers.columns,
  { kind: "text", name: "diagnosis", values: ["benign", "malignant", "benign"] },
]);

const tensor = (shape: number[], data: Tensor["data"], dtype: Tensor["dtype"] = "float64") => ({
  ...{ dtype, shape, data },
  strides: rowMajorStrides(shape),
});
const texts = (...data: string[]) => tensor([data.length], data, "string");

async function written(data: Data, to: string): Promise<Uint8Array> {
  return Buffer.concat([...(await writeData(data, to))]);
}

/** Written in a format and read back under a name that tells nothing. */
async function through(data: Data, format: string, name = `data.${format}`) {
  return readData(memorySource(await written(data, format), name));
}

const arrays = (...list: NamedTensor[]): Data => ({ kind: "arrays", arrays: list });

describe("the front door", () => {
  test.each(["csv", "tsv", "jsonl", "parquet", "arrow"])(
    "keeps a table through %s",
    async (format) => {
      const read = await through({ kind: "table", table: mixed }, format);
      expect(read).toEqual({ kind: "table", table: mixed, format, notes: [] });
    },
  );

  test.each(["npy", "npz", "mat"])("keeps a matrix of numbers through %s", async (format) => {
    const matrix = { name: "data", tensor: tensor([2, 3], Float64Array.of(1, 2, 3, 4, 5, 6)) };
    const read = await through(arrays(matrix), format);
    expect(read).toMatchObject({ kind: "arrays", format });
    const [found] = read.kind === "arrays" ? read.arrays : [];
    expect(found.name).toBe("data");
    expect(tableFromTensor(found.tensor)).toEqual(tableFromTensor(matrix.tensor));
  });

  test.each(["npz", "mat"])(
    "keeps names and text of a table through %s and back",
    async (format) => {
      const read = await through({ kind: "table", table: mixed }, format);
      const back = await through(read, "parquet");
      expect(back).toMatchObject({ kind: "table", table: mixed });
    },
  );

  test("tells a format by its bytes before its name", async () => {
    const bytes = await written({ kind: "table", table: mixed }, "parquet");
    expect(await readData(memorySource(bytes, "data.csv"))).toMatchObject({ format: "parquet" });
    const npy = await written({ kind: "table", table: numbers }, "npy");
    const read = await readData(memorySource(npy, "data.csv"));
    expect(read.format).toBe("npy");
    expect(read.notes[0]).toContain("although its name says");
  });

  test("reads text under an unknown name as CSV", async () => {
    const source = memorySource(new TextEncoder().encode("a;b\n1,5;2\n"), "export.out");
    expect(await readData(source)).toMatchObject({ format: "csv", kind: "table" });
  });

  test("passes options on to the reader of text", async () => {
    const source = memorySource(new TextEncoder().encode("1,2\n3,4\n"), "m.csv");
    const read = await readData(source, { csv: { header: true } });
    expect(read.kind === "table" && read.table.columns.map(({ name }) => name)).toEqual(["1", "2"]);
  });

  test("makes one column of each vector and several of a matrix", async () => {
    const data = arrays(
      { name: "features", tensor: tensor([2, 2], Float64Array.of(1, 2, 3, 4)) },
      { name: "labels", tensor: tensor([2], Uint8Array.of(0, 1), "uint8") },
      { name: "site", tensor: texts("A", "B") },
    );
    const read = await through(data, "csv");
    expect(read.kind === "table" && read.table.columns.map(({ name }) => name)).toEqual([
      ...["features1", "features2", "labels", "site"],
    ]);
  });

  test("takes a MATLAB row vector among other arrays for a column", async () => {
    const data = arrays(
      { name: "X", tensor: tensor([3, 2], new Float64Array(6)) },
      { name: "y", tensor: tensor([1, 3], Float64Array.of(0, 1, 0)) },
    );
    const read = await through(data, "csv");
    expect(read.kind === "table" && getColumn(read.table, "y").values).toEqual(
      Float64Array.of(0, 1, 0),
    );
  });

  test.each<[string, Data, string, string]>([
    ["text into .npy", { kind: "table", table: mixed }, "x.npy", "type-mismatch"],
    [
      "several arrays into .npy",
      arrays({ name: "a", tensor: texts("x") }, { name: "b", tensor: texts("y") }),
      "x.npy",
      "type-mismatch",
    ],
    [
      "arrays of different length into a table",
      arrays({ name: "a", tensor: texts("x") }, { name: "b", tensor: texts("y", "z") }),
      "x.csv",
      "shape-mismatch",
    ],
    [
      "three dimensions into a table",
      arrays({ name: "a", tensor: tensor([1, 1, 1], new Float64Array(1)) }),
      "x.csv",
      "shape-mismatch",
    ],
    [
      "missing text into .npz",
      { kind: "table", table: makeTable([{ kind: "text", name: "t", values: [null] }]) },
      "x.npz",
      "value-missing",
    ],
    [
      "text called as the matrix is",
      { kind: "table", table: makeTable([{ kind: "text", name: "features", values: ["x"] }]) },
      "x.npz",
      "value-invalid",
    ],
    ["an unknown extension", { kind: "table", table: mixed }, "x.sav", "format-unknown"],
  ])("refuses %s", async (_case, data, to, code) => {
    await expect(writeData(data, to)).rejects.toMatchObject({ name: "RoentgenError", code });
  });

  test.each([
    ["a spreadsheet", "PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0[Content_Types].xml", "Save as CSV"],
    ["a gzip-compressed file", "\x1f\x8b\x08\0\0\0\0\0", "Unpack"],
    ["a picture", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "roentgen inspect"],
    ["a DICOM file", `${"\0".repeat(128)}DICM\x02\0\0\0`, "roentgen inspect"],
    ["a NIfTI image", `\x5c\x01\0\0${"\0".repeat(340)}n+1\0`, "roentgen inspect"],
    ["a NRRD image", "NRRD0004\n# Complete NRRD file\n", "roentgen inspect"],
    ["a web page", "<!DOCTYPE html><html>", "download"],
  ])("says that a file is %s", async (what, head, remedy) => {
    const bytes = Uint8Array.from(head, (character) => character.charCodeAt(0));
    const reading = readData(memorySource(bytes, "data.csv"));
    await expect(reading).rejects.toMatchObject({ code: "format-unknown" });
    await expect(reading).rejects.toThrow(what);
    await expect(reading).rejects.toThrow(remedy);
  });

  test("says that a gzipped NIfTI file is an image", async () => {
    const source = memorySource(Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0), "scan.nii.gz");
    await expect(readData(source)).rejects.toThrow(/a gzipped image\. .*roentgen inspect/);
  });

  test("names what it supports where the bytes mean nothing", async () => {
    const source = memorySource(Uint8Array.of(0, 1, 2, 3), "mystery");
    await expect(readData(source)).rejects.toThrow(/\.parquet.*\.mat/);
  });

  test("lists every format once, each extension with one owner", () => {
    const extensions = supportedFormats.flatMap((format) => format.extensions);
    expect(new Set(extensions).size).toBe(extensions.length);
    expect(supportedFormats.map(({ name }) => name)).toEqual([
      ...["csv", "tsv", "jsonl", "parquet", "arrow", "npy", "npz", "mat"],
    ]);
  });
});

const wdbc = new URL("../../../shared/data/wdbc/", import.meta.url);

describe.skipIf(!existsSync(wdbc))(
  "breast cancer data (skipped where ../shared/data/wdbc is absent)",
  () => {
    const source = (name: string) => memorySource(readFileSync(new URL(name, wdbc)), name);

    test("wdbc.csv holds the same as features.npy and labels.npy", async () => {
      const csv = await readCsv(source("wdbc.csv"));
      const features = tableFromTensor(await readNpy(source("features.npy")));
      const labels = tableFromTensor(await readNpy(source("labels.npy"))).columns[0].values;
      expect(csv.rowCount).toBe(569);
      const measured = csv.columns.slice(2);
      expect(measured.map(({ values }) => values)).toEqual(
        features.columns.map(({ values }) => values),
      );
      const diagnoses = Array.from<unknown>(labels).map((label) =>
        label === 1 ? "malignant" : "benign",
      );
      expect(getColumn(csv, "diagnosis").values).toEqual(diagnoses);
      expect(getColumn(csv, "patient_id").kind).toBe("number");
    });
  },
);
