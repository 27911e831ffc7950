import { deflateRawSync, deflateSync, crc32 as zlibCrc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Tensor } from "../../../src/base/index.ts";
import { columnMajorStrides, elementCount, rowMajorStrides } from "../../../src/base/index.ts";
import { swapBytesInPlace } from "../../../src/formats/elements/byte-order.ts";
import { adler32, crc32 } from "../../../src/formats/elements/checksums.ts";
import { floatsToHalfs, halfsToFloats } from "../../../src/formats/elements/half-float.ts";
import { createInflater } from "../../../src/formats/elements/inflater.ts";
import { dataInLayout } from "../../../src/formats/elements/layout.ts";

describe("half precision", () => {
  const all = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
  const floats = halfsToFloats(all);

  it("reads all 65536 halves as the engine's DataView does", () => {
    const view = new DataView(all.buffer);
    const expected = Float32Array.from(all, (_, at) => view.getFloat16(2 * at, true));
    expect(floats).toEqual(expected);
  });

  it("writes back every half that is a number", () => {
    const back = floatsToHalfs(floats);
    const changed = all.filter((bits, at) => back[at] !== bits && !Number.isNaN(floats[at]));
    expect(changed).toHaveLength(0);
  });

  it("rounds every other float as the engine does", () => {
    const view = new DataView(new ArrayBuffer(2));
    const property = fc.property(fc.float({ noNaN: true }), (value) => {
      view.setFloat16(0, value);
      expect(floatsToHalfs([value])[0]).toBe(view.getUint16(0));
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it.each([
    65504,
    65519.99,
    65520,
    2 ** -25,
    2 ** -24 * 1.5,
    2 ** -14,
    1 + 2 ** -11,
    1 + 3 * 2 ** -11,
  ])("rounds %d to the nearest half, ties to even", (value) => {
    const view = new DataView(new ArrayBuffer(2));
    view.setFloat16(0, Math.fround(value));
    expect(floatsToHalfs([value])[0]).toBe(view.getUint16(0));
  });
});

describe("checksums equal zlib's", () => {
  it("of any bytes, in one piece or two", () => {
    const property = fc.property(fc.uint8Array({ maxLength: 12_000 }), fc.nat(), (bytes, place) => {
      const at = place % (bytes.length + 1);
      const [first, second] = [bytes.subarray(0, at), bytes.subarray(at)];
      const adler = deflateSync(bytes).subarray(-4).readUInt32BE();
      expect(crc32(bytes)).toBe(zlibCrc32(bytes));
      expect(crc32(second, crc32(first))).toBe(zlibCrc32(bytes));
      expect(adler32(bytes)).toBe(adler);
      expect(adler32(second, adler32(first))).toBe(adler);
    });
    fc.assert(property);
  });

  it("of bytes that make the sums as large as they get", () => {
    const bytes = new Uint8Array(100_000).fill(255);
    expect(adler32(bytes)).toBe(deflateSync(bytes).subarray(-4).readUInt32BE());
  });
});

it("what zlib deflates is inflated in pieces of any size", () => {
  const repetitive = fc.array(fc.constantFrom("benign", "malignant", "0.5", "\0\0\0\0", "q"), {
    maxLength: 3000,
    size: "max",
  });
  const property = fc.property(repetitive, fc.integer({ min: 1, max: 400 }), (words, piece) => {
    const bytes = Buffer.from(words.join(""));
    const compressed = deflateRawSync(bytes);
    const found: Uint8Array[] = [];
    const inflater = createInflater("test", (inflated) => found.push(inflated));
    for (let at = 0; at < compressed.length; at += piece) {
      inflater.push(compressed.subarray(at, at + piece), at + piece >= compressed.length);
    }
    expect(Buffer.concat(found).equals(bytes)).toBe(true);
  });
  fc.assert(property, { numRuns: 60 });
});

it.each([1, 2, 4, 8])("byte order turns round in units of %d", (unit) => {
  const property = fc.property(fc.array(fc.nat(255), { maxLength: 20 }), (values) => {
    const bytes = Uint8Array.from(
      values.flatMap((value) => new Array(unit).fill(0).map((_, at) => value + at)),
    );
    const expected = Array.from({ length: values.length }, (_, item) =>
      Array.from(bytes.subarray(item * unit, (item + 1) * unit)).reverse(),
    ).flat();
    swapBytesInPlace(bytes, unit);
    expect(Array.from(bytes)).toEqual(expected);
  });
  fc.assert(property);
});

describe("elements are laid out in order from any strides", () => {
  const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
  const order = fc.constantFrom(rowMajorStrides, columnMajorStrides);
  const dtype = fc.constantFrom("int32" as const, "complex128" as const, "string" as const);

  it.each(["row-major", "column-major"] as const)("%s", (layout) => {
    const property = fc.property(
      shapes,
      order,
      fc.integer({ min: 1, max: 3 }),
      dtype,
      (shape, stridesOf, gap, kind) => {
        const strides = stridesOf(shape).map((step) => step * gap);
        const tensor = numbered(kind, shape, strides);
        expect(Array.from(dataInLayout(tensor, layout) as ArrayLike<unknown>)).toEqual(
          oneByOne(tensor, layout),
        );
      },
    );
    fc.assert(property);
  });

  it("a repeated row (stride 0) is written out", () => {
    const tensor: Tensor = {
      dtype: "float64",
      shape: [2, 3],
      strides: [0, 1],
      data: Float64Array.of(1, 2, 3),
    };
    expect(dataInLayout(tensor, "row-major")).toEqual(Float64Array.of(1, 2, 3, 1, 2, 3));
  });
});

function numbered(
  dtype: "int32" | "complex128" | "string",
  shape: number[],
  strides: number[],
): Tensor {
  const last = shape.reduce((sum, length, axis) => sum + (length - 1) * strides[axis], 0);
  const length = Math.max(0, last + 1);
  const numbers = Array.from(
    { length: dtype === "complex128" ? 2 * length : length },
    (_, at) => at,
  );
  const data =
    dtype === "string"
      ? numbers.map(String)
      : dtype === "int32"
        ? Int32Array.from(numbers)
        : Float64Array.from(numbers);
  return { dtype, shape, strides, data };
}

/** Index by index, as slowly and plainly as can be. */
function oneByOne({ dtype, shape, strides, data }: Tensor, layout: string): unknown[] {
  const steps = layout === "row-major" ? rowMajorStrides(shape) : columnMajorStrides(shape);
  const found: unknown[] = [];
  for (let item = 0; item < elementCount(shape); item++) {
    const index = shape.map((length, axis) => Math.floor(item / steps[axis]) % length);
    const at = index.reduce((sum, position, axis) => sum + position * strides[axis], 0);
    if (dtype === "complex128") found.push(data[2 * at], data[2 * at + 1]);
    else found.push(data[at]);
  }
  return found;
}
