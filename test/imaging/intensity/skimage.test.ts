import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Image, makeVoxels, type Triple, type VoxelType } from "../../../src/base/index.ts";
import { type ClaheOptions, clahe } from "../../../src/imaging/intensity/clahe/clahe.ts";
import { equaliseHistogram } from "../../../src/imaging/intensity/equalise-histogram.ts";
import { liThreshold } from "../../../src/imaging/intensity/li.ts";
import { multiOtsuThresholds, otsuThreshold } from "../../../src/imaging/intensity/otsu.ts";
import { imageStatistics } from "../../../src/imaging/intensity/statistics.ts";
import { triangleThreshold } from "../../../src/imaging/intensity/triangle.ts";
import { congruential, pixels, twoTissues } from "./generated.ts";

interface Sampled {
  step: number;
  values: number[];
}

interface Figures {
  min: number;
  max: number;
  mean: number;
  sd: number;
  percentiles: number[];
  counts: number[];
}

interface Case {
  name: string;
  size: Triple;
  type: VoxelType;
  figures: Figures;
  masked: Figures;
  thresholds: {
    otsu: number;
    multiOtsu3: number[];
    multiOtsu4: number[];
    triangle: number;
    li: number;
  };
  equalised: Sampled;
  equalisedMasked: Sampled;
  clahe?: ({ options: ClaheOptions } & Sampled)[];
}

const { percents, cases, colour }: { percents: number[]; cases: Case[]; colour: Sampled } =
  JSON.parse(readFileSync(new URL("expected/skimage.json", import.meta.url), "utf8"));

function imageOf({ size, type }: Case): { image: Image; mask: Image } {
  const whole = twoTissues(size, 9);
  const data = makeVoxels(type, whole.length);
  for (const [at, value] of whole.entries()) {
    const fraction = (value / 7) ** 2 / 16;
    data[at] = type.startsWith("float") ? fraction : type === "int16" ? value - 300 : value;
  }
  const mask = Uint8Array.from(whole, (value) => (value % 3 === 0 ? 1 : 0));
  return { image: pixels(size, data), mask: pixels(size, mask) };
}

/** Largest distance between an image's values and those sampled. */
function apart(image: Image, { step, values }: Sampled): number {
  return Math.max(...values.map((value, at) => Math.abs(value - image.data[at * step])));
}

describe.each(cases)("As numpy and scikit-image, of a $name of $type", (expected) => {
  const { image, mask } = imageOf(expected);
  /** A float32 histogram has its edges in single precision in numpy. */
  const near = expected.type === "float32" ? 4 : 9;

  it.each([
    ["all voxels", {}, expected.figures],
    ["a mask", { mask }, expected.masked],
  ] as const)("statistics over %s are equal", (_, options, figures) => {
    const found = imageStatistics(image, { ...options, percents, bins: 20 });
    for (const name of ["min", "max", "mean", "sd"] as const) {
      expect(found[name]).toBeCloseTo(figures[name], 8);
    }
    for (const [at, { value }] of found.percentiles.entries()) {
      // numpy interpolates float32 in single precision.
      const tolerance = expected.type === "float32" ? 1e-6 * Math.abs(value) : 1e-11;
      expect(Math.abs(value - figures.percentiles[at])).toBeLessThanOrEqual(tolerance);
    }
    expect(found.histogram?.counts).toEqual(figures.counts);
  });

  it("thresholds are equal", () => {
    const { otsu, multiOtsu3, multiOtsu4, triangle, li } = expected.thresholds;
    expect(otsuThreshold(image)).toBeCloseTo(otsu, near);
    const three = multiOtsuThresholds(image);
    for (const [at, value] of three.entries()) expect(value).toBeCloseTo(multiOtsu3[at], near);
    const four = multiOtsuThresholds(image, { classes: 4, bins: 64 });
    for (const [at, value] of four.entries()) expect(value).toBeCloseTo(multiOtsu4[at], near);
    expect(triangleThreshold(image)).toBeCloseTo(triangle, near);
    expect(Math.abs(liThreshold(image) - li)).toBeLessThan(1e-4 * Math.abs(li));
  });

  it("equalised values are equal within 1e-6", () => {
    expect(apart(equaliseHistogram(image).image, expected.equalised)).toBeLessThan(1e-6);
    const within = equaliseHistogram(image, { mask }).image;
    expect(apart(within, expected.equalisedMasked)).toBeLessThan(1e-6);
  });

  it.each(expected.clahe ?? [])(
    "CLAHE is equal within 1e-6: $options",
    ({ options, ...sampled }) => {
      expect(apart(clahe(image, options), sampled)).toBeLessThan(1e-6);
    },
  );
});

it("CLAHE of colours is scikit-image's of the value in HSV", () => {
  const data = Uint8Array.from(congruential(40 * 30 * 3, 4), (draw) => draw % 256);
  const image = pixels([40, 30, 1], data, [{ name: "color", size: 3 }]);
  expect(apart(clahe(image), colour)).toBeLessThan(1e-6);
});
