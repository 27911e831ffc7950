import { Reference } from "h5wasm";
import { describe, expect, it } from "vitest";
import { memorySource } from "../../../src/base/index.ts";
import type { MatNumeric } from "../../../src/formats/index.ts";
import { listMat, readMat } from "../../../src/formats/index.ts";
import { describedVariables } from "../described.ts";
import {
  addCell,
  addChar,
  addComplex,
  addEmpty,
  addGroup,
  addLogical,
  addNumbers,
  addReferences,
  addSparse,
  hdf5File,
} from "./hdf5-sample.ts";

type Fill = Parameters<typeof hdf5File>[0];

async function read(fill: Fill, options = {}) {
  return readMat(memorySource(await hdf5File(fill, options), "made.mat"));
}

async function described(fill: Fill, options = {}) {
  return describedVariables(await read(fill, options));
}

const numeric = (dtype: string, shape: number[], values: unknown[]) => ({
  kind: "numeric",
  dtype,
  shape,
  values,
});
const text = (...rows: string[]) => ({ kind: "char", shape: [rows.length, rows[0].length], rows });

describe("MAT-files of version 7.3", () => {
  it("hold numbers with their dimensions turned back", async () => {
    const values = await described((group) => {
      const column = Float64Array.of(1, 4, 2, 5, 3, 6);
      addNumbers({ group, name: "a" }, column, [2, 3], { matlabClass: "double" });
      addNumbers({ group, name: "b" }, column, [2, 3], { matlabClass: "double", gzip: true });
      addNumbers({ group, name: "c" }, Float32Array.of(1.5), [1, 1], { matlabClass: "single" });
      addNumbers(
        { group, name: "cube" },
        Int16Array.from({ length: 24 }, (_, at) => at),
        [2, 3, 4],
        {
          matlabClass: "int16",
        },
      );
    });
    const matrix = numeric("float64", [2, 3], [1, 2, 3, 4, 5, 6]);
    const cube = Array.from({ length: 24 }, (_, at) => {
      const [i, j, k] = [Math.floor(at / 12), Math.floor(at / 4) % 3, at % 4];
      return i + 2 * j + 6 * k;
    });
    expect(values).toEqual({
      a: matrix,
      b: matrix,
      c: numeric("float32", [1, 1], [1.5]),
      cube: numeric("int16", [2, 3, 4], cube),
    });
  });

  it("hold integers of every class", async () => {
    const arrays = [
      Int8Array.of(-128, 127),
      Uint8Array.of(0, 255),
      Int16Array.of(-32768, 32767),
      Uint16Array.of(0, 65535),
      Int32Array.of(-(2 ** 31), 2 ** 31 - 1),
      Uint32Array.of(0, 2 ** 32 - 1),
      BigInt64Array.of(-5n, 2n ** 53n),
      BigUint64Array.of(0n, 2n ** 64n - 1n),
    ];
    const className = (data: object) =>
      data.constructor.name.replace(/^Big/, "").replace("Array", "").toLowerCase();
    const variables = await read((group) => {
      for (const data of arrays) {
        const name = className(data);
        addNumbers({ group, name }, data, [1, 2], { matlabClass: name });
      }
    });
    for (const data of arrays) {
      const found = variables.find(({ name }) => name === className(data));
      expect(found?.value).toMatchObject({
        kind: "numeric",
        tensor: { dtype: className(data), data },
      });
    }
  });

  it("hold complex numbers as pairs", async () => {
    const values = await described((group) => {
      addComplex({ group, name: "z" }, Float64Array.of(1, 2), Float64Array.of(-1, 0.5), [1, 2]);
      addComplex({ group, name: "single" }, Float32Array.of(1), Float32Array.of(2), [1, 1]);
      addComplex({ group, name: "whole" }, Int16Array.of(1, 2), Int16Array.of(3, -4), [2, 1]);
    });
    expect(values).toEqual({
      z: numeric(
        "complex128",
        [1, 2],
        [
          [1, -1],
          [2, 0.5],
        ],
      ),
      single: numeric("complex64", [1, 1], [[1, 2]]),
      whole: numeric(
        "complex128",
        [2, 1],
        [
          [1, 3],
          [2, -4],
        ],
      ),
    });
  });

  it("hold text, truth values and empty arrays", async () => {
    const values = await described((group) => {
      addChar({ group, name: "text" }, ["Größe 日本 𝔸"]);
      addChar({ group, name: "rows" }, ["one  ", "three"]);
      addLogical({ group, name: "truth" }, [1, 0, 0, 1], [2, 2]);
      addEmpty({ group, name: "none" }, "double", [0, 3]);
      addEmpty({ group, name: "blank" }, "char", [0, 0]);
      addEmpty({ group, name: "nocells" }, "cell", [1, 0]);
      addEmpty({ group, name: "nostructs" }, "struct", [0, 0]);
      addEmpty({ group, name: "notruth" }, "logical", [0, 0]);
    });
    expect(values).toEqual({
      text: text("Größe 日本 𝔸"),
      rows: text("one  ", "three"),
      truth: { ...numeric("bool", [2, 2], [1, 0, 0, 1]), kind: "logical" },
      none: numeric("float64", [0, 3], []),
      blank: { kind: "char", shape: [0, 0], rows: [] },
      nocells: { kind: "cell", shape: [1, 0], elements: [] },
      nostructs: { kind: "struct", shape: [0, 0], fields: {} },
      notruth: { ...numeric("bool", [0, 0], []), kind: "logical" },
    });
  });

  it("hold cells within cells", async () => {
    const values = await described((root) => {
      const group = addGroup({ group: root, name: "#refs#" });
      const one = addNumbers({ group, name: "a" }, Float64Array.of(1), [1, 1], {
        matlabClass: "double",
      });
      const word = addChar({ group, name: "b" }, ["two"]);
      const none = addEmpty({ group, name: "c" }, "double", [0, 0]);
      const inner = addCell({ group, name: "d" }, [one, one], [1, 2]);
      addCell({ group: root, name: "cell" }, [one, word, none, inner], [2, 2]);
    });
    const one = numeric("float64", [1, 1], [1]);
    const elements = [
      one,
      text("two"),
      numeric("float64", [0, 0], []),
      { kind: "cell", shape: [1, 2], elements: [one, one] },
    ];
    expect(values).toEqual({ cell: { kind: "cell", shape: [2, 2], elements } });
  });

  it("hold structs and arrays of structs", async () => {
    const values = await described((root) => {
      const refs = addGroup({ group: root, name: "#refs#" });
      const ages = [61, 47].map((age, at) =>
        addNumbers({ group: refs, name: `a${at}` }, Float64Array.of(age), [1, 1], {
          matlabClass: "double",
        }),
      );
      const one = addGroup({ group: root, name: "one" }, "struct");
      addChar({ group: one, name: "name" }, ["Ada"]);
      addCell({ group: one, name: "list" }, [ages[0]], [1, 1]);
      const inner = addGroup({ group: one, name: "inner" }, "struct");
      addLogical({ group: inner, name: "ok" }, [1], [1, 1]);
      const many = addGroup({ group: root, name: "many" }, "struct");
      addReferences({ group: many, name: "age" }, ages, [1, 2]);
    });
    const age = (value: number) => numeric("float64", [1, 1], [value]);
    const ok = [{ ...numeric("bool", [1, 1], [1]), kind: "logical" }];
    expect(values).toEqual({
      one: {
        kind: "struct",
        shape: [1, 1],
        fields: {
          name: [text("Ada")],
          list: [{ kind: "cell", shape: [1, 1], elements: [age(61)] }],
          inner: [{ kind: "struct", shape: [1, 1], fields: { ok } }],
        },
      },
      many: { kind: "struct", shape: [1, 2], fields: { age: [age(61), age(47)] } },
    });
  });

  it("hold sparse matrices: real, complex, logical and without entries", async () => {
    const place = { rows: 3, starts: [0, 1, 1, 3], indices: [2, 0, 1] };
    const values = await described((group) => {
      addSparse({ group, name: "real" }, place, (entries) => {
        addNumbers(entries, Float64Array.of(1.5, 2, -3), [3]);
      });
      addSparse({ group, name: "complex" }, place, (entries) => {
        addComplex(entries, Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6), [3]);
      });
      const addTruth: Parameters<typeof addSparse>[2] = (entries) => {
        addNumbers(entries, Uint8Array.of(1, 1, 1), [3]);
      };
      addSparse({ group, name: "truth" }, place, addTruth, "logical");
      addSparse({ group, name: "none" }, { rows: 2, starts: [0, 0], indices: [] }, () => {});
    });
    const sparse = (dtype: string, entries: number, shape: number[], numbers: unknown[]) => ({
      ...numeric(dtype, shape, numbers),
      kind: "sparse",
      entries,
    });
    const zero = [0, 0];
    expect(values).toEqual({
      real: sparse("float64", 3, [3, 3], [0, 0, 2, 0, 0, -3, 1.5, 0, 0]),
      complex: sparse(
        "complex128",
        3,
        [3, 3],
        [...[zero, zero, [2, 5]], ...[zero, zero, [3, 6]], ...[[1, 4], zero, zero]],
      ),
      truth: sparse("bool", 3, [3, 3], [0, 0, 1, 0, 0, 1, 1, 0, 0]),
      none: sparse("float64", 0, [2, 1], [0, 0]),
    });
  });

  it("name what only MATLAB understands", async () => {
    const variables = await read((group) => {
      const table = addNumbers({ group, name: "t" }, Uint32Array.of(1, 2), [1, 2], {
        matlabClass: "table",
      });
      table.create_attribute("MATLAB_object_decode", Int32Array.of(3), []);
      const handle = addGroup({ group, name: "f" }, "function_handle");
      addChar({ group: handle, name: "separator" }, ["/"]);
      const shared = addNumbers({ group, name: "g" }, Float64Array.of(1), [1, 1], {
        matlabClass: "double",
      });
      shared.create_attribute("MATLAB_global", Int32Array.of(1), []);
    });
    expect(variables).toMatchObject([
      { name: "f", value: { kind: "function", content: { kind: "struct" } } },
      { name: "g", global: true },
      { name: "t", value: { kind: "opaque", className: "table" } },
    ]);
  });

  it("read without MATLAB's own bytes and attributes, as other programs write them", async () => {
    const values = await described(
      (group) => addNumbers({ group, name: "x" }, Float64Array.of(1, 2, 3), [3, 1]),
      { userBlock: false },
    );
    expect(values).toEqual({ x: numeric("float64", [3, 1], [1, 2, 3]) });
  });

  it("hold a single number without dimensions, and truth as doubles", async () => {
    const values = await described((group) => {
      addNumbers({ group, name: "single" }, Float64Array.of(7), []);
      addNumbers({ group, name: "truth" }, Float64Array.of(0.5, 0, 256), [1, 3], {
        matlabClass: "logical",
      });
    });
    expect(values).toEqual({
      single: numeric("float64", [1, 1], [7]),
      truth: { ...numeric("bool", [1, 3], [1, 0, 1]), kind: "logical" },
    });
  });

  it("may be big-endian", async () => {
    const swapped = new Uint8Array(Float64Array.of(1.5, -2).buffer);
    const data = Float64Array.from([0, 8], (at) =>
      new DataView(swapped.slice(at, at + 8).reverse().buffer).getFloat64(0, true),
    );
    const bytes = await hdf5File((group) => addNumbers({ group, name: "x" }, data, [2, 1]));
    // The library does not write them: the first bit of the datatype's bit field is the byte order
    // (HDF5 File Format 3.0, IV.A.2.d).
    const datatype = Buffer.from(bytes).indexOf(Uint8Array.of(0x11, 0x20, 0x3f, 0, 8, 0, 0, 0));
    bytes[datatype + 1] |= 1;
    const variables = await readMat(memorySource(bytes, "big.mat"));
    expect(describedVariables(variables)).toEqual({ x: numeric("float64", [2, 1], [1.5, -2]) });
  });

  it("are listed without their content", async () => {
    const bytes = await hdf5File((group) => {
      addNumbers({ group, name: "x" }, new Float32Array(6), [2, 3], { matlabClass: "single" });
      addComplex({ group, name: "z" }, Float64Array.of(1), Float64Array.of(2), [1, 1]);
      addGroup({ group, name: "s" }, "struct");
      addGroup({ group, name: "#refs#" });
    });
    const plain = { complex: false, sparse: false };
    expect(await listMat(memorySource(bytes))).toEqual([
      { name: "s", className: "struct", shape: [], ...plain },
      { name: "x", className: "single", shape: [2, 3], ...plain },
      { name: "z", className: "double", shape: [1, 1], ...plain, complex: true },
    ]);
  });

  it("may be large: datasets are read piece by piece", async () => {
    const data = Float64Array.from({ length: 3_000_000 }, (_, at) => at);
    const [{ value }] = await read((group) =>
      addNumbers({ group, name: "x" }, data, [1_000_000, 3], { matlabClass: "double" }),
    );
    const { tensor } = value as MatNumeric;
    expect(tensor.shape).toEqual([1_000_000, 3]);
    const bytes = Buffer.from((tensor.data as Float64Array).buffer);
    expect(bytes.equals(Buffer.from(data.buffer))).toBe(true);
  });
});

describe("hostile MAT-files of version 7.3 fail in words", () => {
  it("a cell that holds itself", async () => {
    const made = read((group) => {
      const one = addNumbers({ group, name: "a" }, Float64Array.of(1), [1, 1], {
        matlabClass: "double",
      });
      const cell = addCell({ group, name: "cell" }, [one], [1, 1]);
      cell.write_slice(
        [
          [0, 1],
          [0, 1],
        ],
        [cell.create_reference()],
      );
    });
    await expect(made).rejects.toMatchObject({ code: "file-corrupt" });
    await expect(made).rejects.toThrow(/holds itself/);
  });

  it("a group that contains itself", async () => {
    const made = read((group) => {
      const inner = addGroup({ group, name: "s" }, "struct");
      inner.create_hard_link("/s", "first");
      inner.create_hard_link("/s", "second");
    });
    await expect(made).rejects.toMatchObject({ code: "file-corrupt" });
  });

  it("a reference to nothing", async () => {
    const made = read((group) => {
      const data = [new Reference(Uint8Array.of(9, 9, 9, 0, 0, 0, 0, 0))];
      const cell = group.create_dataset({ name: "cell", data, shape: [1, 1], dtype: "Reference" });
      cell.create_attribute("MATLAB_class", "cell", null, "A4");
    });
    await expect(made).rejects.toMatchObject({ code: "file-corrupt" });
  });

  it("terabytes announced by a small dataset", async () => {
    const made = read((group) => {
      const shape = [2 ** 20, 2 ** 20];
      const dataset = group.create_dataset({
        name: "x",
        data: Float64Array.of(1),
        shape: [1, 1],
        maxshape: [null, null],
        chunks: [16, 16],
      });
      dataset.resize(shape);
    });
    await expect(made).rejects.toMatchObject({ code: "file-corrupt" });
    await expect(made).rejects.toThrow(/announced/);
  });
});
