// Frames that are not compressed, in every depth and order of bits, bytes, samples and planes.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFrames } from "../../../../src/formats/dicom/pixels/frames.ts";
import { BIG_ENDIAN, EXPLICIT, madeFile } from "./made-file.ts";

interface Cells {
  rows: number;
  columns: number;
  frames: number;
  samples: number;
  bitsAllocated: number;
  bitsStored: number;
  highBit: number;
  signed: boolean;
  planar: boolean;
  bigEndian: boolean;
  seed: number;
}

const cells: fc.Arbitrary<Cells> = fc
  .record({
    rows: fc.integer({ min: 1, max: 5 }),
    columns: fc.integer({ min: 1, max: 7 }),
    frames: fc.integer({ min: 1, max: 3 }),
    samples: fc.constantFrom(1, 3),
    bitsAllocated: fc.constantFrom(1, 8, 12, 16, 24, 32),
    signed: fc.boolean(),
    planar: fc.boolean(),
    bigEndian: fc.boolean(),
    seed: fc.nat(),
    stored: fc.double({ min: 0, max: 1, noNaN: true }),
    high: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ stored, high, ...rest }) => {
    const bits = rest.bitsAllocated;
    const bitsStored = Math.max(1, Math.round(stored * bits));
    const highBit = bitsStored - 1 + Math.floor(high * (bits - bitsStored));
    const byteOrder = rest.bigEndian && bits % 8 === 0;
    return { ...rest, bitsStored, highBit, bigEndian: byteOrder };
  });

/** A plain generator, so that unused bits hold garbage that a failure can repeat. */
function garbage(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
}

/** Cells bit by bit, by the definition of PS3.5 section 8.1.1; and the values that they hold. */
function encode(form: Cells): { bytes: Uint8Array; values: number[] } {
  const { bitsAllocated: bits, bitsStored, highBit, signed } = form;
  const pixels = form.rows * form.columns;
  const count = pixels * form.samples * form.frames;
  const next = garbage(form.seed);
  const bytes = new Uint8Array(Math.ceil((count * bits) / 8) + 1);
  const values = new Array<number>(count);
  for (let cell = 0; cell < count; cell++) {
    const word = (BigInt(next()) ^ (BigInt(next()) << 13n)) & ((1n << BigInt(bits)) - 1n);
    const kept = word >> BigInt(highBit + 1 - bitsStored);
    const value = signed ? BigInt.asIntN(bitsStored, kept) : BigInt.asUintN(bitsStored, kept);
    values[placeOf(cell, form, pixels)] = Number(value);
    for (let bit = 0; bit < bits; bit++) {
      const at = cell * bits + bit;
      if ((word >> BigInt(bit)) & 1n) bytes[at >> 3] |= 1 << (at & 7);
    }
  }
  if (form.bigEndian) turnCells(bytes, bits / 8, count);
  return { bytes, values };
}

/** Where cell `cell` of the file goes in [frame][row][column][sample]. */
function placeOf(cell: number, { samples, planar }: Cells, pixels: number): number {
  if (!planar || samples === 1) return cell;
  const frame = Math.floor(cell / (pixels * samples));
  const inFrame = cell % (pixels * samples);
  return frame * pixels * samples + (inFrame % pixels) * samples + Math.floor(inFrame / pixels);
}

function turnCells(bytes: Uint8Array, width: number, count: number): void {
  for (let cell = 0; cell < count; cell++)
    bytes.subarray(cell * width, (cell + 1) * width).reverse();
}

function madeOf(form: Cells) {
  const { bytes, values } = encode(form);
  const made = madeFile(
    {
      2621442: form.samples,
      2621444: form.samples === 3 ? "RGB" : "MONOCHROME2",
      2621446: form.planar ? 1 : 0,
      2621448: form.frames,
      2621456: form.rows,
      2621457: form.columns,
      2621696: form.bitsAllocated,
      2621697: form.bitsStored,
      2621698: form.highBit,
      2621699: form.signed ? 1 : 0,
    },
    { bytes, vr: "OB", syntax: form.bigEndian ? BIG_ENDIAN : EXPLICIT },
  );
  return { made, values };
}

describe("Native frames", () => {
  it("give the bits stored, sign extended, whatever is in the others", async () => {
    await fc.assert(
      fc.asyncProperty(cells, async (form) => {
        const { made, values } = madeOf(form);
        const { data, shape } = await readFrames(made.source, made.file);
        expect(shape).toEqual([form.frames, form.rows, form.columns, form.samples]);
        expect(Array.from(data)).toEqual(values);
      }),
      { numRuns: 300 },
    );
  });

  it("give one frame as it is among all", async () => {
    await fc.assert(
      fc.asyncProperty(cells, fc.nat(), async (form, pick) => {
        const { made, values } = madeOf(form);
        const frame = pick % form.frames;
        const { data } = await readFrames(made.source, made.file, { frames: [frame] });
        const size = form.rows * form.columns * form.samples;
        expect(Array.from(data)).toEqual(values.slice(frame * size, (frame + 1) * size));
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ["float32", 0x7fe00008, 32, Float32Array.of(1.5, -0.25, Number.NaN, 3e38)],
    ["float64", 0x7fe00009, 64, Float64Array.of(1.1, -1e300, 0, Number.POSITIVE_INFINITY)],
  ] as const)("give %s pixels as they are", async (type, tag, bits, values) => {
    const { file, source } = madeFile(
      { 2621456: 2, 2621457: 2, 2621696: bits },
      { bytes: new Uint8Array(values.buffer), tag, vr: bits === 32 ? "OF" : "OD" },
    );
    const { data, description } = await readFrames(source, file);
    expect(description.type).toBe(type);
    expect(Array.from(data)).toEqual(Array.from(values));
  });

  it("give 64-bit integers as exact doubles and refuse those that no double holds", async () => {
    const read = (value: bigint) => {
      const { file, source } = madeFile(
        { 2621696: 64, 2621697: 64, 2621698: 63, 2621699: 1 },
        { bytes: new Uint8Array(BigInt64Array.of(value).buffer), vr: "OV" },
      );
      return readFrames(source, file);
    };
    expect((await read(-(2n ** 53n))).data).toEqual(Float64Array.of(-(2 ** 53)));
    await expect(read(2n ** 53n + 1n)).rejects.toThrow(/within ±2\^53/);
  });

  it("give both pixels of a YBR_FULL_422 pair their colour", async () => {
    const { file, source } = madeFile(
      { 2621442: 3, 2621444: "YBR_FULL_422", 2621456: 1, 2621457: 4 },
      { bytes: Uint8Array.of(1, 2, 100, 200, 3, 4, 110, 210) },
    );
    const { data, photometric } = await readFrames(source, file);
    expect(Array.from(data)).toEqual([1, 100, 200, 2, 100, 200, 3, 110, 210, 4, 110, 210]);
    expect(photometric).toBe("YBR_FULL");
  });

  it("read YBR_FULL_422 by its length where every pixel has its own colour", async () => {
    const bytes = Uint8Array.from({ length: 6 }, (_, at) => at);
    const { file, source } = madeFile(
      { 2621442: 3, 2621444: "YBR_FULL_422", 2621457: 2 },
      { bytes },
    );
    const { data, notes } = await readFrames(source, file);
    expect(Array.from(data)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(notes.join()).toMatch(/its own colour/);
  });

  it("turn the words of big-endian bytes round where the VR is OW", async () => {
    const attributes = { 2621456: 1, 2621457: 3, 2621448: 2 };
    const { file, source } = madeFile(attributes, {
      bytes: Uint8Array.of(2, 1, 4, 3, 6, 5),
      syntax: BIG_ENDIAN,
    });
    expect(Array.from((await readFrames(source, file)).data)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe("Pixels that do not fit", () => {
  const image = { 2621456: 4, 2621457: 4, 2621696: 16, 2621697: 12, 2621698: 11 };
  const bytes = new Uint8Array(32);

  it.each([
    ["too few bytes", image, { bytes: bytes.subarray(1) }, /expected 32 bytes.*found 31/],
    ["no rows", { ...image, 2621456: 0 }, { bytes }, /Rows \(0028,0010\)/],
    ["no pixels", image, {}, /holds no image/],
    ["bits of no kind", { ...image, 2621696: 7 }, { bytes }, /Bits Allocated/],
    ["more bits stored than allocated", { ...image, 2621697: 17 }, { bytes }, /Bits Stored/],
    ["samples against colours", { ...image, 2621444: "RGB" }, { bytes }, /Samples per Pixel.*RGB/],
    ["video", image, { bytes, syntax: "1.2.840.10008.1.2.4.102" }, /video.*H\.264/],
    ["pixels elsewhere", image, { bytes, syntax: "1.2.840.10008.1.2.4.94" }, /JPIP/],
    ["a syntax that nobody knows", image, { bytes, syntax: "1.2.3.4" }, /1\.2\.3\.4/],
    [
      "a frame beyond all measure",
      { ...image, 2621456: 65535, 2621457: 65535 },
      { bytes },
      /2147483648/,
    ],
    ["frames beyond the file", { ...image, 2621448: 9e9 }, { bytes }, /found 32/],
    [
      "compressed frames without fragments",
      image,
      { bytes, syntax: "1.2.840.10008.1.2.5" },
      /fragments/,
    ],
  ])("are refused by name: %s", async (_, attributes, pixels, message) => {
    const { file, source } = madeFile(attributes, pixels);
    await expect(readFrames(source, file)).rejects.toThrow(message);
    await expect(readFrames(source, file)).rejects.toMatchObject({ name: "RoentgenError" });
  });

  it("name a frame that is not there", async () => {
    const { file, source } = madeFile(image, { bytes });
    await expect(readFrames(source, file, { frames: [1] })).rejects.toThrow(/no frame 1/);
  });
});
