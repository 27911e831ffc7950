import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memorySource, RoentgenError, rowMajorStrides } from "../../../src/base/index.ts";
import {
  type NamedTensor,
  readSafetensors,
  safetensorsChunks,
  writeSafetensors,
} from "../../../src/formats/index.ts";
import { mutate, mutation, withAllocationLimit } from "../mutations.ts";

/** A file of a header as given and so many bytes of data. */
function fileOf(header: unknown, data: Uint8Array): Uint8Array {
  const json = new TextEncoder().encode(
    typeof header === "string" ? header : JSON.stringify(header),
  );
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

const open = (bytes: Uint8Array) => readSafetensors(memorySource(bytes, "a.safetensors"));

async function valuesOf(dtype: string, bytes: number[]): Promise<unknown[]> {
  const header = { a: { dtype, shape: [1], data_offsets: [0, bytes.length] } };
  const { tensors } = await open(fileOf(header, Uint8Array.from(bytes)));
  return [...(await tensors.get("a")!.read()).data] as unknown[];
}

const tensorOf = (name: string, data: Float32Array): NamedTensor => ({
  name,
  tensor: { dtype: "float32", shape: [data.length], strides: [1], data },
});

describe("safetensors", () => {
  it.each<[string, number[], unknown]>([
    ["BOOL", [1], 1],
    ["I8", [0x80], -128],
    ["U16", [1, 2], 513],
    ["I64", [254, 255, 255, 255, 255, 255, 255, 255], -2n],
    ["F16", [0x00, 0x3c], 1],
    ["BF16", [0x80, 0xbf], -1],
    ["F32", [0, 0, 0x20, 0x40], 2.5],
    // Largest, least and odd values of the 8-bit floats (Micikevicius et al. 2022, table 1).
    ["F8_E4M3", [0x7e], 448],
    ["F8_E4M3", [0x01], 2 ** -9],
    ["F8_E4M3", [0xff], Number.NaN],
    ["F8_E5M2", [0x7b], 57344],
    ["F8_E5M2", [0x81], -(2 ** -16)],
    ["F8_E5M2", [0xfc], -Infinity],
    ["F8_E5M2", [0x7d], Number.NaN],
    ["F8_E8M0", [0], 2 ** -127],
  ])("reads %s %j as %s", async (dtype, bytes, expected) => {
    expect(await valuesOf(dtype, bytes)).toEqual([expected]);
  });

  it("gives back what was written, of any names, types, shapes and strides", async () => {
    const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });
    const tensor = shape.chain((lengths) => {
      const count = lengths.reduce((product, n) => product * n, 1);
      return fc
        .oneof(
          fc
            .array(fc.float(), { minLength: count, maxLength: count })
            .map((values) => ({ dtype: "float32" as const, data: Float32Array.from(values) })),
          fc
            .array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), {
              minLength: count,
              maxLength: count,
            })
            .map((values) => ({ dtype: "int64" as const, data: BigInt64Array.from(values) })),
          fc
            .array(fc.integer({ min: -2048, max: 2048 }), { minLength: count, maxLength: count })
            .map((values) => ({ dtype: "float16" as const, data: Float32Array.from(values) })),
        )
        .map((numbers) => ({ ...numbers, shape: lengths, strides: rowMajorStrides(lengths) }));
    });
    const file = fc.uniqueArray(fc.record({ name: fc.string({ unit: "grapheme" }), tensor }), {
      selector: ({ name }) => name,
      maxLength: 5,
    });
    const property = fc.asyncProperty(
      file,
      fc.dictionary(fc.string(), fc.string()),
      async (all, metadata) => {
        const named = all.filter(({ name }) => name !== "__metadata__");
        const bytes = writeSafetensors(named, { metadata });
        const read = await open(bytes);
        expect({ ...read.metadata }).toEqual({ ...metadata });
        expect(read.tensors.size).toBe(named.length);
        for (const one of named)
          expect(await read.tensors.get(one.name)!.read()).toEqual(one.tensor);
        expect(writeSafetensors(named.toReversed(), { metadata })).toEqual(bytes);
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  it("writes wide elements first and pads the header, as the reference implementation does", () => {
    // safetensors/src/tensor.rs, prepare(): sorted by falling width, then by name; spaces up to a multiple of 8.
    const bytes = writeSafetensors(
      [
        { name: "a", tensor: { dtype: "uint8", shape: [1], strides: [1], data: Uint8Array.of(7) } },
        tensorOf("b", Float32Array.of(1, 2)),
      ],
      { metadata: { k: "v" } },
    );
    const json =
      '{"__metadata__":{"k":"v"},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"U8","shape":[1],"data_offsets":[8,9]}}';
    const length = Math.ceil(json.length / 8) * 8;
    expect(new TextDecoder().decode(bytes.subarray(8, 8 + length))).toBe(json.padEnd(length));
    expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0x40, 7]);
  });

  it("hands large tensors over without a copy", () => {
    const data = new Float32Array(1000);
    const [, content] = safetensorsChunks([tensorOf("a", data)]);
    expect(content.buffer).toBe(data.buffer);
  });

  it.each<[string, unknown, number, RegExp]>([
    ["a header beyond the end", "{", 0, /JSON/],
    ["a list for a header", "[]", 0, /JSON object/],
    [
      "a shape that is not its bytes",
      { a: { dtype: "F32", shape: [2], data_offsets: [0, 4] } },
      4,
      /8 bytes/,
    ],
    ["negative lengths", { a: { dtype: "F32", shape: [-1], data_offsets: [0, 4] } }, 4, /shape/],
    [
      "a tensor beyond the end",
      { a: { dtype: "U8", shape: [9], data_offsets: [0, 9] } },
      8,
      /bytes, as/,
    ],
    [
      "overlapping tensors",
      {
        a: { dtype: "U8", shape: [4], data_offsets: [0, 4] },
        b: { dtype: "U8", shape: [4], data_offsets: [2, 6] },
      },
      6,
      /gap or overlaps/,
    ],
    ["bytes of no tensor", { a: { dtype: "U8", shape: [4], data_offsets: [4, 8] } }, 8, /gap/],
    ["floats of 4 bits", { a: { dtype: "F4", shape: [2], data_offsets: [0, 1] } }, 1, /"F4"/],
    ["metadata that is no text", { __metadata__: { a: 1 } }, 0, /__metadata__/],
  ])("refuses %s", async (_, header, length, message) => {
    await expect(open(fileOf(header, new Uint8Array(length)))).rejects.toThrow(message);
  });

  it("refuses text, a name that comes twice, and a header length beyond all memory", async () => {
    const text = { dtype: "string" as const, shape: [1], strides: [1], data: ["a"] };
    expect(() => writeSafetensors([{ name: "t", tensor: text }])).toThrow(/found string/);
    const twice = [tensorOf("a", new Float32Array(1)), tensorOf("a", new Float32Array(1))];
    expect(() => writeSafetensors(twice)).toThrow(/"a" twice/);
    await expect(open(new Uint8Array(20).fill(255))).rejects.toThrow(/header of at most/);
  });

  it("damaged reads or fails in words", async () => {
    const original = writeSafetensors([
      tensorOf("a", new Float32Array(9)),
      tensorOf("b", new Float32Array(3)),
    ]);
    const property = fc.asyncProperty(
      fc.array(mutation, { minLength: 1, maxLength: 4 }),
      async (changes) => {
        try {
          const { tensors } = await open(mutate(original, changes));
          for (const tensor of tensors.values()) await tensor.read();
        } catch (error) {
          if (!(error instanceof RoentgenError)) throw error;
        }
      },
    );
    await withAllocationLimit(() =>
      fc.assert(property, { numRuns: Number(process.env.FUZZ_RUNS ?? 60) * 5 }),
    );
  });
});
