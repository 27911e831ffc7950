import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  type Affine,
  type Geometry,
  makeImage,
  type Triple,
  type VoxelArray,
} from "../../../src/base/index.ts";
import { smoothGaussian } from "../../../src/imaging/resample/gaussian.ts";
import { affineMap } from "../../../src/imaging/resample/grid-map.ts";
import { resampleImage, resampleOnThreads } from "../../../src/imaging/resample/resample.ts";
import type { Sampling, SplineStage } from "../../../src/imaging/transform.ts";
import { relativeDifference } from "../images.ts";

interface Case extends Sampling {
  name: string;
  source: "volume" | "slice";
  affine: Affine;
  size: Triple;
  values: number[];
}

interface Expected {
  volume: number[];
  volumeSize: Triple;
  slice: number[];
  sliceSize: Triple;
  cases: Case[];
  deformed: Pick<SplineStage, "points" | "step" | "shifts"> & { values: number[] };
  smooth: { sigma: Triple; values: number[] };
}

const expected: Expected = JSON.parse(
  readFileSync(new URL("../expected/resample.json", import.meta.url), "utf8"),
);

function pixels(size: Triple): Geometry {
  return { frame: "pixels", size, spacing: undefined };
}

function sourceImage(name: "volume" | "slice") {
  const size = name === "volume" ? expected.volumeSize : expected.sliceSize;
  return makeImage({ geometry: pixels(size), data: Float32Array.from(expected[name]) });
}

describe("resampling", () => {
  it.each(expected.cases.map((one) => [`${one.name}, ${one.interpolation}, ${one.outside}`, one]))(
    "equals scipy.ndimage: %s",
    async (_, { source, affine, size, interpolation, outside, values }) => {
      const map = affineMap(pixels(size), affine);
      const { data } = await resampleImage(sourceImage(source), map, { interpolation, outside });
      expect(relativeDifference(data, values)).toBeLessThan(
        interpolation === "nearest" ? 1e-7 : 1e-6,
      );
    },
  );

  it("deforms by a B-spline of control points as scipy does", async () => {
    const { values, ...field } = expected.deformed;
    const map = {
      geometry: pixels(expected.volumeSize),
      stages: [{ kind: "spline", ...field } as const],
    };
    const sampling = { interpolation: "linear", outside: "edge" } as const;
    const { data } = await resampleImage(sourceImage("volume"), map, sampling);
    expect(relativeDifference(data, values)).toBeLessThan(1e-6);
  });

  it("smooths as scipy.ndimage.gaussian_filter does", () => {
    const { sigma, values } = expected.smooth;
    const { data } = smoothGaussian(sourceImage("volume"), sigma);
    expect(relativeDifference(data, values)).toBeLessThan(1e-6);
  });

  it.each(["nearest", "linear", "cubic", "label"] as const)(
    "%s gives the same bits for one thread and for two, along axes, turned and bent",
    async (interpolation) => {
      const size: Triple = [32, 30, 28];
      const data = Int16Array.from({ length: 32 * 30 * 28 }, (_, at) => ((at >> 5) * 31) % 977);
      const image = makeImage({ geometry: pixels(size), data });
      const small: Triple = [41, 33, 25];
      const shifts = Array.from({ length: 3 * 5 ** 3 }, (_, at) => ((at * 7) % 11) - 5);
      const bent = { kind: "spline", points: [5, 5, 5], step: [12, 12, 12], shifts } as const;
      const sampling = { interpolation, outside: -5 } as const;
      for (const stages of [
        affineMap(pixels(small), [0.8, 0, 0, 1.3, 0, 0.9, 0, 0.2, 0, 0, 1, 0.25]).stages,
        affineMap(pixels(small), [0.8, 0.2, 0, 1.3, -0.2, 0.9, 0, 3, 0, 0.1, 1, 0]).stages,
        [bent],
      ]) {
        const map = { geometry: pixels(small), stages };
        const [one, two] = await Promise.all(
          [1, 2].map((threads) => resampleOnThreads(image, map, sampling, { threads })),
        );
        expect(Buffer.compare(bytesOf(one.data), bytesOf(two.data))).toBe(0);
      }
    },
  );

  it("keeps the element type of labels and gives real numbers between voxels", async () => {
    const geometry = pixels([4, 1, 1]);
    const map = affineMap(geometry, [1, 0, 0, 0.5, 0, 1, 0, 0, 0, 0, 1, 0]);
    const types = async (data: VoxelArray) => {
      const image = makeImage({ geometry, data });
      const results = (["nearest", "label", "linear"] as const).map(async (interpolation) => {
        const { data } = await resampleImage(image, map, { interpolation, outside: 0 });
        return data.constructor.name;
      });
      return Promise.all(results);
    };
    expect(await types(new Uint8Array(4))).toEqual(["Uint8Array", "Uint8Array", "Float32Array"]);
    expect(await types(new Int32Array(4))).toEqual(["Int32Array", "Int32Array", "Float64Array"]);
  });

  it("gives the edge's value up to half a voxel beyond the outermost centres, then the outside value", async () => {
    const image = makeImage({ geometry: pixels([2, 1, 1]), data: Float32Array.of(10, 20) });
    const map = affineMap(pixels([7, 1, 1]), [0.5, 0, 0, -1, 0, 1, 0, 0, 0, 0, 1, 0]);
    const { data } = await resampleImage(image, map, { interpolation: "linear", outside: -1 });
    expect([...data]).toEqual([-1, 10, 10, 15, 20, 20, -1]);
  });

  it("resamples each channel alike", async () => {
    const { data, geometry } = sourceImage("volume");
    const twice = new Float32Array(2 * data.length);
    twice.set(data);
    twice.set(
      data.map((value) => -value),
      data.length,
    );
    const image = makeImage({ geometry, data: twice, channels: [{ name: "echo", size: 2 }] });
    for (const { affine, size, interpolation, outside } of expected.cases.slice(0, 21)) {
      const map = affineMap(pixels(size), affine);
      const result = await resampleImage(image, map, { interpolation, outside });
      const half = result.data.length / 2;
      const [first, second] = [result.data.subarray(0, half), result.data.subarray(half)];
      expect(second).toEqual(first.map((value) => 0 - value));
    }
  });

  it("smooths the border of labels and makes none up", async () => {
    // A checkered border: the majority in reach of a point wins.
    const size: Triple = [9, 9, 1];
    const data = Uint8Array.from({ length: 81 }, (_, at) =>
      at % 9 < 4 ? 3 : at % 9 === 4 ? (at % 2) * 7 : 7,
    );
    const image = makeImage({ geometry: pixels(size), data });
    const map = affineMap(pixels([17, 17, 1]), [0.5, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 1, 0]);
    const result = await resampleImage(image, map, { interpolation: "label", outside: 0 });
    expect(new Set(result.data)).toEqual(new Set([0, 3, 7]));
    expect(result.data[17 * 8 + 2]).toBe(3);
    expect(result.data[17 * 8 + 14]).toBe(7);
    const corner = makeImage({
      geometry: pixels([3, 3, 1]),
      data: Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0),
    });
    const same = affineMap(pixels([3, 3, 1]), [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
    const kept = await resampleImage(corner, same, { interpolation: "label", outside: 0 });
    expect([...kept.data]).toEqual([...corner.data]);
  });
});

function bytesOf({ buffer }: VoxelArray): Uint8Array {
  return new Uint8Array(buffer);
}
