// What is written as PNG is what is read back, and impossible pictures are refused.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPng } from "../../../../src/formats/raster/png/read-png.ts";
import { writePng } from "../../../../src/formats/raster/png/write-png.ts";

const pictures = fc
  .record({
    width: fc.integer({ min: 1, max: 9 }),
    height: fc.integer({ min: 1, max: 9 }),
    channels: fc.constantFrom(1 as const, 3 as const, 4 as const),
    depth: fc.constantFrom(8 as const, 16 as const),
  })
  .chain((shape) => {
    const length = shape.width * shape.height * shape.channels;
    const samples = fc.array(fc.integer({ min: 0, max: 2 ** shape.depth - 1 }), {
      minLength: length,
      maxLength: length,
    });
    return samples.map((data) => ({ ...shape, data }));
  });

describe("Writing PNG", () => {
  it("keeps every sample of every picture", () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const read = readPng(writePng(picture));
        expect([...read.picture.data]).toEqual(picture.data);
        expect(read.header).toMatchObject({ width: picture.width, bitDepth: picture.depth });
      }),
      { numRuns: 60 },
    );
  });

  it("keeps texts", () => {
    const text = { Software: "roentgen", Title: "Größe" };
    const bytes = writePng({ width: 1, height: 1, channels: 1, depth: 8, data: [7], text });
    expect(readPng(bytes).header.text).toEqual(text);
  });

  it("refuses samples that do not fill the picture, and pictures without pixels", () => {
    const write = (width: number, data: number[]) => () =>
      writePng({ width, height: 1, channels: 1, depth: 8, data });
    expect(write(2, [1])).toThrow("expected 2 values");
    expect(write(0, [])).toThrow("above 0");
  });
});
