// Images as the input of a network: laws of resizing, intensity, colour, slabs and padding.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Geometry, makeImage, type VoxelArray } from "../../../src/base/index.ts";
import { resizeBlock } from "../../../src/datasets/images/prepare/resize-block.ts";
import { type ImagePreparation, prepareImage } from "../../../src/datasets/index.ts";
import expected from "./expected/resized.json" with { type: "json" };

function imageOf(
  data: VoxelArray,
  size: [number, number, number],
  {
    channels = [] as { name: string; size: number }[],
    spacing = undefined as [number, number, number] | undefined,
  } = {},
) {
  const geometry: Geometry = { frame: "pixels", size, spacing };
  return makeImage({ geometry, data, channels });
}

const plain = (size: number[], channels = 1): ImagePreparation => ({
  size,
  channels,
  fit: "stretch",
  intensity: { kind: "type-range" },
});

const blocks = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([height, width]) =>
    fc
      .array(fc.float({ min: 0, max: 1, noNaN: true }), {
        minLength: height * width,
        maxLength: height * width,
      })
      .map((values) => ({ values: Float32Array.from(values), size: [height, width] })),
  );
const targets = fc.tuple(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 15 }));

describe("Resizing a block", () => {
  it("keeps values within their range, and a constant", () => {
    fc.assert(
      fc.property(blocks, targets, ({ values, size }, target) => {
        const resized = resizeBlock(values, size, target);
        expect(resized).toHaveLength(target[0] * target[1]);
        const [low, high] = [Math.min(...values), Math.max(...values)];
        expect(resized.every((value) => value >= low - 1e-6 && value <= high + 1e-6)).toBe(true);
        const constant = resizeBlock(
          values.map(() => 0.25),
          size,
          target,
        );
        expect(constant.every((value) => Math.abs(value - 0.25) < 1e-7)).toBe(true);
      }),
    );
  });

  it("gives what Pillow gives", () => {
    for (const { size, target, values, resized } of expected.cases) {
      const found = resizeBlock(Float32Array.from(values), size, target);
      found.forEach((value, at) => {
        expect(value).toBeCloseTo(resized[at], 6);
      });
    }
  });

  it("keeps the mean where it shrinks by a whole number, away from the borders' weight", () => {
    const values = Float32Array.from({ length: 64 }, (_, at) => Math.floor(at / 8) / 7);
    const resized = resizeBlock(values, [8, 8], [2, 2]);
    expect(resized[0] + resized[2]).toBeCloseTo(1, 6);
  });

  it("is the same turned round", () => {
    fc.assert(
      fc.property(blocks, targets, ({ values, size }, target) => {
        const turned = resizeBlock(values.slice().reverse(), size, target).reverse();
        const straight = resizeBlock(values, size, target);
        straight.forEach((value, at) => {
          expect(turned[at]).toBeCloseTo(value, 5);
        });
      }),
    );
  });
});

describe("Preparing an image", () => {
  it("leaves an image of the size as it is, from 0 to 1", () => {
    const prepared = prepareImage(
      imageOf(Uint8Array.of(0, 51, 102, 255), [2, 2, 1]),
      plain([2, 2]),
    );
    expect([...prepared]).toEqual([0, 51, 102, 255].map((value) => Math.fround(value / 255)));
  });

  it("makes grey-coded colour grey to the bit, and colour Rec. 601", () => {
    const grey = Uint8Array.of(0, 17, 130, 255);
    const coded = imageOf(Uint8Array.of(...grey, ...grey, ...grey), [2, 2, 1], {
      channels: [{ name: "color", size: 3 }],
    });
    expect(prepareImage(coded, plain([2, 2]))).toEqual(
      prepareImage(imageOf(grey, [2, 2, 1]), plain([2, 2])),
    );
    const red = imageOf(Uint8Array.of(255, 0, 0), [1, 1, 1], {
      channels: [{ name: "color", size: 3 }],
    });
    expect(prepareImage(red, plain([1, 1]))[0]).toBeCloseTo(0.299, 6);
    expect([...prepareImage(red, plain([1, 1], 3))]).toEqual([1, 0, 0]);
  });

  it("repeats grey and ignores opacity", () => {
    expect([...prepareImage(imageOf(Uint8Array.of(255), [1, 1, 1]), plain([1, 1], 3))]).toEqual([
      1, 1, 1,
    ]);
    const clear = imageOf(Uint8Array.of(255, 0, 255, 0), [1, 1, 1], {
      channels: [{ name: "color", size: 4 }],
    });
    expect([...prepareImage(clear, plain([1, 1], 3))]).toEqual([1, 0, 1]);
  });

  it("takes the middle slice, the one that is asked for, or neighbours", () => {
    const volume = imageOf(Uint8Array.of(0, 51, 102, 153, 204), [1, 1, 5]);
    const slices = (channels: number, frame?: number) =>
      [...prepareImage(volume, plain([1, 1], channels), { frame })].map((value) =>
        Math.round(value * 5),
      );
    expect(slices(1)).toEqual([2]);
    expect(slices(1, 4)).toEqual([4]);
    expect(slices(3, 2)).toEqual([1, 2, 3]);
    expect(slices(3, 0)).toEqual([0, 0, 1]);
    expect(slices(3, 4)).toEqual([3, 4, 4]);
    expect(() => slices(1, 5)).toThrow(/no frame 5: expected 0 to 4/);
  });

  it("takes a whole volume where it has three axes", () => {
    const volume = imageOf(Uint8Array.of(0, 0, 255, 255), [1, 1, 4]);
    expect([...prepareImage(volume, plain([4, 1, 1]))]).toEqual([0, 0, 1, 1]);
    expect([...prepareImage(volume, plain([4, 2, 2]))]).toHaveLength(16);
  });

  it("pads what keeps its proportions with its darkest value, in millimetres where they are known", () => {
    const wide = { ...plain([4, 4]), fit: "pad" as const };
    const image = imageOf(new Uint8Array(8).fill(255).fill(51, 0, 1), [4, 2, 1]);
    const rows = [0, 1, 2, 3].map((row) => [
      ...prepareImage(image, wide).slice(row * 4, row * 4 + 4),
    ]);
    const dark = Math.fround(0.2);
    expect(rows[0]).toEqual([dark, dark, dark, dark]);
    expect(rows[1]).toEqual([dark, 1, 1, 1]);
    expect(rows[3]).toEqual([dark, dark, dark, dark]);
    const tall = imageOf(new Uint8Array(8).fill(255).fill(51, 0, 1), [4, 2, 1], {
      spacing: [1, 2, 1],
    });
    expect([...prepareImage(tall, wide).slice(12)]).toEqual([1, 1, 1, 1]);
  });

  it("windows, clips and inverts", () => {
    const image = imageOf(Int16Array.of(-2000, -1000, 0, 1000), [4, 1, 1]);
    const intensity = { kind: "window", low: -1000, high: 1000 } as const;
    const preparation = { ...plain([1, 4]), intensity };
    expect([...prepareImage(image, preparation)]).toEqual([0, 0, 0.5, 1]);
    expect([...prepareImage(image, preparation, { display: { inverted: true } })]).toEqual([
      1, 1, 0.5, 0,
    ]);
    const stated = { ...preparation, intensity: { kind: "stated-window" } as const };
    const display = { window: [0, 1000] as const };
    expect([...prepareImage(image, stated, { display })]).toEqual([0, 0, 0, 1]);
  });

  it("cuts out a region, and refuses one beyond the image", () => {
    const image = imageOf(
      Uint8Array.from({ length: 16 }, (_, at) => at * 17),
      [4, 4, 1],
    );
    const values = prepareImage(image, plain([2, 2]), { region: [1, 2, 3, 4] });
    expect([...values].map((value) => Math.round(value * 15))).toEqual([9, 10, 13, 14]);
    expect(() => prepareImage(image, plain([2, 2]), { region: [0, 0, 5, 4] })).toThrow(
      /within 4 × 4/,
    );
  });

  it("makes values that are not numbers 0, and an image of one value too", () => {
    const image = imageOf(Float32Array.of(Number.NaN, 0.5), [2, 1, 1]);
    expect([...prepareImage(image, plain([1, 2]))]).toEqual([0, 0.5]);
    const flat = {
      ...plain([1, 2]),
      intensity: { kind: "percentiles", low: 1, high: 99 } as const,
    };
    expect([...prepareImage(imageOf(Float32Array.of(3, 3), [2, 1, 1]), flat)]).toEqual([0, 0]);
  });
});
