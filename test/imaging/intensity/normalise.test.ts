import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Image } from "../../../src/base/index.ts";
import { applyTransforms, replayTransforms } from "../../../src/imaging/index.ts";
import { clipImage } from "../../../src/imaging/intensity/clip.ts";
import { intensityKinds } from "../../../src/imaging/intensity/kinds.ts";
import {
  minMax,
  percentileClip,
  percentileRescale,
} from "../../../src/imaging/intensity/range-rescale.ts";
import { robustScale } from "../../../src/imaging/intensity/robust-scale.ts";
import { imageStatistics } from "../../../src/imaging/intensity/statistics.ts";
import { windowImage } from "../../../src/imaging/intensity/window.ts";
import { type ZScoreOptions, zScore } from "../../../src/imaging/intensity/z-score.ts";
import { pixels, twoTissues } from "./generated.ts";

const row = (...values: number[]) => pixels([values.length, 1, 1], Float32Array.from(values));
const valuesOf = (image: Image) => [...image.data];

describe("A window", () => {
  it("follows PS3.3 C.11.2.1.2.1 in its worked ends: level 2048, width 4096 to 0 … 255", () => {
    const ends = row(-1, 0, 2047.5, 4095, 4096);
    const shown = windowImage(ends, { level: 2048, width: 4096, output: [0, 255] });
    expect(valuesOf(shown)).toEqual([0, 0, 127.5, 255, 255]);
  });

  it("of width 1 parts values at its level less a half", () => {
    const shown = windowImage(row(98, 99, 99.5, 100, 101), { level: 100, width: 1 });
    expect(valuesOf(shown)).toEqual([0, 0, 0, 1, 1]);
  });

  it("in its exact form spans level ± half the width", () => {
    const exact = { level: 0, width: 10, function: "linear-exact" } as const;
    expect(valuesOf(windowImage(row(-6, -5, 0, 5, 6), exact))).toEqual([0, 0, 0.5, 1, 1]);
  });

  it("as a sigmoid is half way at its level and never leaves the output", () => {
    const shown = windowImage(row(-1e6, 40, 1e6), { level: 40, width: 80, function: "sigmoid" });
    expect(valuesOf(shown)).toEqual([0, 0.5, 1]);
  });

  it("can be bounds, a preset, and may turn black and white round", () => {
    expect(valuesOf(windowImage(row(-10, 0, 5, 20), { lower: 0, upper: 10 }))).toEqual([
      0, 0, 0.5, 1,
    ]);
    const lung = windowImage(row(-1350.5, -601, 149), { preset: "lung", output: [1, 0] });
    expect(valuesOf(lung)).toEqual([1, expect.closeTo(0.5, 3), 0]);
  });

  it.each([
    {},
    { level: 40 },
    { lower: 3 },
    { lower: 3, upper: 3 },
    { preset: "lung", level: 3, width: 4 },
    { level: 3, width: 4, lower: 1, upper: 2 },
    { level: 3, width: 0.5 },
  ] as const)("is refused where it is not clear: %j", (options) => {
    expect(() => windowImage(row(1), options)).toThrow(/window is not clear/);
  });
});

describe("Clipping", () => {
  it("keeps the element type where the bounds fit, else becomes float32", () => {
    const image = pixels([3, 1, 1], Int16Array.of(-5, 0, 5));
    expect(clipImage(image, { lower: -1, upper: 2 }).data).toEqual(Int16Array.of(-1, 0, 2));
    expect(clipImage(image, { lower: -0.5 }).data).toEqual(Float32Array.of(-0.5, 0, 5));
    expect(() => clipImage(image, { lower: 2, upper: 1 })).toThrow(/nothing between/);
  });
});

describe("The z-score", () => {
  it("gives mean 0 and standard deviation 1 over what was measured", () => {
    const values = fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), {
      minLength: 3,
      maxLength: 60,
    });
    fc.assert(
      fc.property(values, (list) => {
        const image = pixels([list.length, 1, 1], Float64Array.from(list));
        const before = imageStatistics(image);
        fc.pre(before.sd > 1e-6 * Math.max(1, Math.abs(before.mean)));
        const { mean, sd } = imageStatistics(zScore(image).image);
        expect(mean).toBeCloseTo(0, 6);
        expect(sd).toBeCloseTo(1, 6);
      }),
    );
  });

  it("measures within a mask, a foreground, and channel by channel", () => {
    const mask = pixels([4, 1, 1], Uint8Array.of(0, 1, 1, 0));
    const image = row(0, 2, 4, 100);
    expect(zScore(image, { mask }).found).toEqual({ mean: [3], sd: [1] });
    expect(zScore(row(0, 2, 4, 0), { foreground: "nonzero" }).found.mean).toEqual([3]);
    expect(zScore(image, { foreground: "mean" }).found.mean).toEqual([100]);
    expect(zScore(image, { foreground: { above: 1 } }).found.mean[0]).toBeCloseTo(106 / 3);
    const two = pixels([2, 1, 1], Float32Array.of(0, 2, 10, 30), [{ name: "echo", size: 2 }]);
    expect(zScore(two).found).toEqual({ mean: [1, 20], sd: [1, 10] });
    expect(zScore(two, { channelWise: false }).found.mean).toEqual([10.5]);
  });

  it("takes fixed figures, and leaves NaN where it was without measuring it", () => {
    expect(valuesOf(zScore(row(1, 5), { mean: 1, sd: 2 }).image)).toEqual([0, 2]);
    expect(valuesOf(zScore(row(1, Number.NaN, 3)).image)).toEqual([-1, Number.NaN, 1]);
    expect(valuesOf(zScore(row(7, 7)).image)).toEqual([0, 0]);
  });

  it.each([
    [{ mean: 1 }, /mean and sd is missing/],
    [{ mean: [1, 2], sd: 1 }, /does not fit the channels/],
    [{ foreground: { above: 99 } }, /nothing to measure/],
    [{ foreground: "mask" }, /foreground is to be the mask/],
    [{ mask: pixels([3, 1, 1], new Uint8Array(3)) }, /does not lie on the image's grid/],
  ] satisfies [ZScoreOptions, RegExp][])("refuses %j", (options, message) => {
    expect(() => zScore(row(1, 2), options)).toThrow(message);
  });
});

describe("Rescaling", () => {
  it("spreads the range, percentiles or quartiles", () => {
    expect(valuesOf(minMax(row(2, 4, 6), { output: [-1, 1] }).image)).toEqual([-1, 0, 1]);
    expect(valuesOf(minMax(row(5, 5)).image)).toEqual([0, 0]);
    const hundred = row(...Array.from({ length: 101 }, (_, at) => at));
    const { image, found } = percentileRescale(hundred, { lower: 10, upper: 90 });
    expect(found).toEqual({ low: [10], high: [90] });
    expect([image.data[0], image.data[50], image.data[100]]).toEqual([0, 0.5, 1]);
    const clipped = percentileClip({ ...hundred, unit: "HU" }, { lower: 10, upper: 90 }).image;
    expect([clipped.data[0], clipped.data[50], clipped.data[100]]).toEqual([10, 50, 90]);
    expect(clipped.unit).toBe("HU");
    expect(robustScale(hundred).found).toEqual({ median: [50], iqr: [50] });
  });
});

/** Options for kinds that need some. */
const options: Record<string, object> = {
  window: { level: 300, width: 400 },
  clip: { lower: 100, upper: 500 },
  gamma: { gamma: 0.7 },
  "histogram-standard": { standard: { percents: [1, 50, 99], landmarks: [1, 40, 100] } },
  "ct-body-mask": { openingMm: 0, aboveHu: 300 },
  "bias-field-correction": { iterations: [10, 10] },
};

describe.each(intensityKinds.map((kind) => [kind.name, kind] as const))("Transform %s", (name) => {
  const step = { name, ...options[name] };
  const size = [20, 16, 12] as const;
  const image = pixels(size, Int16Array.from(twoTissues(size, 5)));
  const other = pixels(size, Int16Array.from(twoTissues(size, 6)));

  it("keeps the grid and the channels, and leaves its input alone", async () => {
    const kept = image.data.slice();
    const { image: after } = await applyTransforms(image, [step]);
    expect(image.data).toEqual(kept);
    expect(after.geometry).toEqual(image.geometry);
    expect(after.data.some((value, at) => value !== image.data[at])).toBe(true);
  });

  it("survives JSON and replays the same, on this image and another", async () => {
    const { image: after, applied } = await applyTransforms(image, [step]);
    const recorded = JSON.parse(JSON.stringify(applied));
    expect(recorded).toEqual(applied);
    expect((await replayTransforms(image, recorded)).data).toEqual(after.data);
    const there = await replayTransforms(other, recorded);
    expect(there.data.length).toBe(other.data.length);
  });

  it("works in two dimensions and of several channels", async () => {
    const film = pixels([20, 16, 1], Float32Array.from(twoTissues([20, 16, 1], 7)));
    expect((await applyTransforms(film, [step])).image.data.every(Number.isFinite)).toBe(true);
    const echoes = pixels([20, 16, 6], image.data, [{ name: "echo", size: 2 }]);
    if (name.endsWith("mask")) {
      await expect(applyTransforms(echoes, [step])).rejects.toThrow(/one value a voxel/);
      return;
    }
    expect((await applyTransforms(echoes, [step])).image.channels).toEqual(echoes.channels);
  });
});
