import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Affine,
  applyAffine,
  composeAffines,
  type Geometry,
  type Image,
  indexToWorld,
  makeAffine,
  makeImage,
  type PatientGeometry,
  type Triple,
} from "../../../src/base/index.ts";
import {
  applyTransforms,
  invertTransforms,
  orientationCode,
  replayTransforms,
} from "../../../src/imaging/index.ts";
import { rotationMatrix } from "../../../src/imaging/spatial/about-centre.ts";
import type { TransformStep } from "../../../src/imaging/transform.ts";
import {
  anyGrid,
  anyPatientGrid,
  countedImage,
  eachIndex,
  patientGrid,
  relativeDifference,
  worldImage,
  worldValue,
} from "../images.ts";

const CODES = ["RAS", "LPS", "LPI", "PIR", "SLA", "IAL"];

/** Every move that puts no voxel between others, for a grid. */
function exactSteps({ size, frame }: Geometry): fc.Arbitrary<TransformStep> {
  const voxel = fc.tuple(...size.map((length) => fc.integer({ min: 0, max: length - 1 })));
  const few = fc.integer({ min: 0, max: 3 });
  const outside = fc.constantFrom(-7, "edge", "mirror");
  const wanted = fc.tuple(...size.map(() => fc.integer({ min: 1, max: 9 })));
  return fc.oneof(
    fc.tuple(voxel, voxel).map(([a, b]) => ({
      name: "crop",
      start: a.map((at, axis) => Math.min(at, b[axis])),
      size: a.map((at, axis) => Math.abs(at - b[axis]) + 1),
    })),
    fc.subarray(["i", "j", "k"], { minLength: 1 }).map((axes) => ({ name: "flip", axes })),
    fc
      .shuffledSubarray(["i", "j", "k"], { minLength: 3 })
      .map((order) => ({ name: "permute", order })),
    fc
      .tuple(fc.tuple(few, few, few), fc.tuple(few, few, few), outside)
      .map(([before, after, around]) => ({ name: "pad", before, after, outside: around })),
    wanted.map((longer) => ({ name: "pad-to-size", size: longer })),
    wanted.map((exact) => ({ name: "crop-or-pad", size: exact })),
    fc.integer({ min: 1, max: 5 }).map((multiple) => ({ name: "pad-to-multiple", multiple })),
    ...(frame === "LPS"
      ? [fc.constantFrom(...CODES).map((code) => ({ name: "orient", code }))]
      : []),
  );
}

const gridAndStep = anyGrid.chain((geometry) =>
  exactSteps(geometry).map((step) => ({ image: countedImage(geometry), step })),
);

describe("moves onto voxel centres", () => {
  it("are undone to the bit, but for voxels that were cropped away", async () => {
    await fc.assert(
      fc.asyncProperty(gridAndStep, async ({ image, step }) => {
        const { image: after, applied } = await applyTransforms(image, [step]);
        const back = await invertTransforms(after, JSON.parse(JSON.stringify(applied)), {
          outside: -1,
        });
        expect(back.geometry).toEqual(JSON.parse(JSON.stringify(image.geometry)));
        const kept = back.data.filter((value) => value !== -1);
        if (step.name !== "crop" && step.name !== "crop-or-pad") {
          expect(kept.length).toBe(image.data.length);
        }
        expect(kept.length).toBeGreaterThan(0);
        back.data.forEach((value, at) => {
          if (value !== -1) expect(value).toBe(image.data[at]);
        });
      }),
      { numRuns: 300 },
    );
  });

  it("keep every value at its place in the patient", async () => {
    const patientSteps = anyPatientGrid.chain((geometry) =>
      exactSteps(geometry)
        .filter(({ name }) => ["crop", "flip", "permute", "orient"].includes(name))
        .map((step) => ({ image: countedImage(geometry), step })),
    );
    await fc.assert(
      fc.asyncProperty(patientSteps, async ({ image, step }) => {
        const { image: after } = await applyTransforms(image, [step]);
        const toWorld = indexToWorld(after.geometry);
        const fromBefore = indexToWorld(image.geometry);
        const places: { place: Triple; value: number }[] = [];
        eachIndex(image.geometry.size, (index, at) => {
          places.push({ place: applyAffine(fromBefore, index), value: image.data[at] });
        });
        eachIndex(after.geometry.size, (index, at) => {
          const place = applyAffine(toWorld, index);
          const match = places.find(
            (one) => Math.hypot(...one.place.map((mm, n) => mm - place[n])) < 1e-9,
          );
          expect(match?.value).toBe(after.data[at]);
        });
      }),
      { numRuns: 100 },
    );
  });

  it("give the orientation that is asked for, and its geometry", async () => {
    await fc.assert(
      fc.asyncProperty(anyPatientGrid, fc.constantFrom(...CODES), async (geometry, code) => {
        const { image } = await applyTransforms(countedImage(geometry), [{ name: "orient", code }]);
        expect(orientationCode((image.geometry as PatientGeometry).direction)).toBe(code);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    [[1, 0, 0, 0, 1, 0, 0, 0, 1], "LPS"],
    [[-1, 0, 0, 0, -1, 0, 0, 0, 1], "RAS"],
    [[0, 0, -1, 1, 0, 0, 0, -1, 0], "PIR"],
  ] as const)("call direction %j %s", (direction, code) => {
    expect(orientationCode(direction)).toBe(code);
  });

  it("pad as numpy's modes do", async () => {
    const geometry: Geometry = { frame: "pixels", size: [4, 1, 1], spacing: undefined };
    const image = makeImage({ geometry, data: Int16Array.of(1, 2, 3, 4) });
    const padded = async (outside: number | string) => {
      const step = { name: "pad", before: [3, 0, 0], after: [5, 0, 0], outside };
      return [...(await applyTransforms(image, [step])).image.data];
    };
    expect(await padded(9)).toEqual([9, 9, 9, 1, 2, 3, 4, 9, 9, 9, 9, 9]);
    expect(await padded("edge")).toEqual([1, 1, 1, 1, 2, 3, 4, 4, 4, 4, 4, 4]);
    expect(await padded("mirror")).toEqual([4, 3, 2, 1, 2, 3, 4, 3, 2, 1, 2, 3]);
  });

  it("crop to the foreground with a margin, and do the same to a mask and to other images", async () => {
    const geometry = patientGrid({ size: [8, 7, 6] });
    const data = new Int16Array(8 * 7 * 6).fill(-1000);
    data[2 + 8 * (3 + 7 * 4)] = 50;
    data[4 + 8 * (2 + 7 * 4)] = 60;
    const image = makeImage({ geometry, data });
    const mask = makeImage({
      geometry,
      data: Uint8Array.from(data, (value) => (value > 0 ? 1 : 0)),
    });
    const steps = [{ name: "crop-to-foreground", above: 0, margin: [1, 0, 3] }];
    const result = await applyTransforms(image, steps, { mask });
    expect(result.image.geometry.size).toEqual([5, 2, 5]);
    expect(result.applied[0].found).toEqual({ start: [1, 2, 1], size: [5, 2, 5] });
    expect(result.mask?.data).toEqual(Uint8Array.from(result.image.data, (v) => (v > 0 ? 1 : 0)));
    const other = countedImage(geometry);
    const replayed = await replayTransforms(other, result.applied);
    expect(replayed.data[0]).toBe(other.data[1 + 8 * (2 + 7 * 1)]);
  });

  it("take every channel along", async () => {
    const geometry: Geometry = { frame: "pixels", size: [3, 2, 1], spacing: [1, 1, 1] };
    const channels = [{ name: "color", size: 3 }];
    const data = Uint8Array.from({ length: 18 }, (_, at) => at);
    const image = makeImage({ geometry, channels, data });
    const { image: after } = await applyTransforms(image, [{ name: "flip", axes: ["i"] }]);
    expect([...after.data]).toEqual([2, 1, 0, 5, 4, 3, 8, 7, 6, 11, 10, 9, 14, 13, 12, 17, 16, 15]);
    expect(after.channels).toEqual(channels);
  });
});

describe("moves that interpolate", () => {
  const geometry = patientGrid({ size: [14, 12, 10], degrees: [10, -20, 35] });
  const reference = patientGrid({
    ...{ size: [8, 8, 8], spacing: [1.3, 1.1, 0.9], degrees: [-5, 15, 60] },
    origin: applyAffine(indexToWorld(geometry), [4, 4, 3]),
  });

  it.each([
    ["resample", { spacing: [0.7, 2, 1.2] }],
    ["resample", { spacing: 1.4 }],
    ["resize", { size: [20, 7, 11] }],
    ["resample-to", { geometry: reference }],
  ])(
    "%s keeps what is linear in the world linear, whatever the interpolation",
    async (name, options) => {
      const image = worldImage(geometry);
      for (const interpolation of ["linear", "cubic"]) {
        const { image: after } = await applyTransforms(image, [
          { name, interpolation, ...options },
        ]);
        const toWorld = indexToWorld(after.geometry);
        const reach = interpolation === "linear" ? 0 : 3;
        let compared = 0;
        eachIndex(after.geometry.size, (index, at) => {
          const world = applyAffine(toWorld, index);
          const inside = indexOf(geometry, world).every(
            (place, axis) => place >= reach && place <= geometry.size[axis] - 1 - reach,
          );
          if (!inside) return;
          compared += 1;
          expect(Math.abs(after.data[at] - worldValue(world))).toBeLessThan(
            reach === 0 ? 1e-9 : 0.3,
          );
        });
        expect(compared).toBeGreaterThan(20);
      }
    },
  );

  it("moves content by an affine in the patient: what was at x is at A x", async () => {
    const image = worldImage(geometry);
    const [x, y, z] = applyAffine(indexToWorld(geometry), [6.5, 5.5, 4.5]);
    const turn = makeAffine(rotationMatrix([4, -6, 10]), [0, 0, 0]);
    const toOrigin = makeAffine([1, 0, 0, 0, 1, 0, 0, 0, 1], [-x, -y, -z]);
    const back = makeAffine([1.1, 0, 0, 0, 1, 0, 0, 0, 0.95], [x + 1, y, z - 0.5]);
    const matrix = composeAffines(back, composeAffines(turn, toOrigin));
    const { image: after } = await applyTransforms(image, [
      { name: "affine", matrix: [...matrix] },
    ]);
    for (const index of [
      [5, 5, 4],
      [7, 6, 5],
      [6, 4, 6],
    ] as const) {
      const from = applyAffine(indexToWorld(geometry), index);
      const to = indexOf(geometry, applyAffine(matrix, from));
      expect(Math.abs(linearAt(after, to) - worldValue(from))).toBeLessThan(1e-9);
    }
  });

  it("turns by 90° to the bit what flips and permutations give", async () => {
    const grid: Geometry = { frame: "pixels", size: [5, 5, 3], spacing: [0.5, 0.5, 2] };
    const image = countedImage(grid);
    const turned = await applyTransforms(image, [{ name: "rotate", degrees: 90 }]);
    const steps = [
      { name: "permute", order: ["j", "i", "k"] },
      { name: "flip", axes: ["i"] },
    ];
    const exact = await applyTransforms(image, steps);
    expect([...turned.image.data]).toEqual([...exact.image.data]);
  });

  it("compose: two affines in a row are the affine of both, in one resampling", async () => {
    const image = countedImage(
      patientGrid({ size: [9, 8, 7], spacing: [1, 1.2, 0.8], origin: [-4, -4, -3] }),
    );
    const degrees = fc.double({ min: -30, max: 30, noNaN: true });
    const shift = fc.double({ min: -2, max: 2, noNaN: true });
    const matrix = fc
      .tuple(fc.tuple(degrees, degrees, degrees), fc.tuple(shift, shift, shift))
      .map(([turn, by]) => makeAffine(rotationMatrix(turn), by));
    const step = (affine: Affine) => ({ name: "affine", matrix: [...affine], outside: 0 });
    await fc.assert(
      fc.asyncProperty(matrix, matrix, async (first, second) => {
        const both = await applyTransforms(image, [step(first), step(second)]);
        const one = await applyTransforms(image, [step(composeAffines(second, first))]);
        expect(relativeDifference(both.image.data, one.image.data)).toBeLessThan(1e-5);
      }),
      { numRuns: 30 },
    );
  });

  it("are undone up to interpolation, and labels nearly to the voxel", async () => {
    const size: Triple = [24, 24, 20];
    const grid = patientGrid({ size, spacing: [1, 1, 1.5] });
    const data = new Uint8Array(24 * 24 * 20);
    eachIndex(size, ([i, j, k], at) => {
      data[at] = Math.hypot(i - 12, j - 11, 1.5 * (k - 10)) < 7 ? 1 : 0;
    });
    const mask = makeImage({ geometry: grid, data });
    const steps = [
      { name: "rotate", degrees: [10, 5, -20] },
      { name: "elastic", controlPoints: 5, magnitude: 0.2, seed: 3 },
      { name: "resample", spacing: 0.8 },
      { name: "crop-or-pad", size: [32, 30, 40] },
      { name: "flip", axes: ["j"] },
    ];
    for (const interpolation of ["nearest", "label"] as const) {
      const options = { mask, maskInterpolation: interpolation };
      const { mask: moved, applied } = await applyTransforms(mask, steps, options);
      const back = await invertTransforms(moved!, applied, { interpolation });
      expect(back.geometry).toEqual(grid);
      let both = 0;
      let either = 0;
      back.data.forEach((label, at) => {
        both += label & data[at];
        either += label | data[at];
      });
      expect(both / either).toBeGreaterThan(0.93);
    }
  });

  it("inverts elastic fields to a thousandth of a voxel", async () => {
    const image = worldImage(patientGrid({ size: [20, 18, 16], spacing: [1, 1, 1] }));
    const steps = [{ name: "elastic", controlPoints: 4, magnitude: 0.4, seed: 11 }];
    const { image: after, applied } = await applyTransforms(image, steps);
    const back = await invertTransforms(after, applied, {
      interpolation: "cubic",
      outside: "edge",
    });
    const differences: number[] = [];
    eachIndex(image.geometry.size, ([i, j, k], at) => {
      if (Math.min(i, j, k, 19 - i, 17 - j, 15 - k) > 5) {
        differences.push(Math.abs(back.data[at] - image.data[at]));
      }
    });
    expect(Math.max(...differences)).toBeLessThan(0.3);
  });

  it("smooths before a coarser grid if asked to, so that a grating doesn't alias", async () => {
    const grid: Geometry = { frame: "pixels", size: [64, 1, 1], spacing: [1, 1, 1] };
    const data = Float32Array.from({ length: 64 }, (_, at) => (at % 2 === 0 ? 100 : -100));
    const image = makeImage({ geometry: grid, data });
    const range = async (antialias: boolean) => {
      const step = { name: "resize", size: [21, 1, 1], antialias };
      const { image: after } = await applyTransforms(image, [step]);
      return Math.max(...after.data.subarray(2, -2)) - Math.min(...after.data.subarray(2, -2));
    };
    expect(await range(false)).toBeGreaterThan(150);
    expect(await range(true)).toBeLessThan(10);
  });
});

describe("a move that can't be made", () => {
  const film = countedImage({ frame: "pixels", size: [6, 5, 1], spacing: undefined });
  const volume = countedImage(patientGrid());

  it.each([
    [film, { name: "orient", code: "RAS" }, /place in the patient is not known/],
    [volume, { name: "orient", code: "RAL" }, /one each of L or R, A or P, S or I/],
    [film, { name: "resample", spacing: 1 }, /its own is not known/],
    [film, { name: "resample-to", geometry: patientGrid() }, /place in the patient is not known/],
    [film, { name: "crop", start: [3, 0, 0], size: [4, 1, 1] }, /leaves the image/],
    [film, { name: "crop-to-foreground", above: 1e6 }, /no voxel of the image is above/],
    [film, { name: "crop-to-foreground", of: "mask" }, /there is no mask/],
    [film, { name: "permute", order: ["i", "i", "k"] }, /each once/],
    [film, { name: "resize", size: [0, 5, 1] }, /whole number/],
    [film, { name: "rotate", degrees: 5, angle: 5 }, /has no option "angle"/],
    [film, { name: "elastic", seed: 1, magnitude: 0.6 }, /at most 0.4/],
    [film, { name: "turn" }, /There is no transform "turn"/],
  ])("is refused with a reason (%#)", async (image, step, reason) => {
    await expect(applyTransforms(image, [step])).rejects.toThrow(reason);
  });

  it("is refused on another grid than it was recorded on", async () => {
    const { applied } = await applyTransforms(film, [{ name: "flip", axes: ["i"] }]);
    await expect(invertTransforms(volume, applied)).rejects.toThrow(
      /expected an image of 6 × 5 × 1/,
    );
    await expect(replayTransforms(volume, applied)).rejects.toThrow(/6 × 5 × 1/);
    await expect(applyTransforms(volume, [], { mask: film })).rejects.toThrow(/7 × 6 × 5/);
  });
});

function indexOf(geometry: Geometry, world: Triple): Triple {
  const toIndex = invertOf(indexToWorld(geometry));
  return applyAffine(toIndex, world);
}

function invertOf(affine: Affine): Affine {
  // Orthogonal columns: the inverse is the transpose, each row by the square of its length.
  const columns = [0, 1, 2].map((c) => [affine[c], affine[4 + c], affine[8 + c]]);
  const rows = columns.map((column) => {
    const square = column.reduce((sum, value) => sum + value * value, 0);
    return column.map((value) => value / square);
  });
  const shift = [affine[3], affine[7], affine[11]];
  return rows.flatMap((row) => [
    ...row,
    -row.reduce((sum, value, n) => sum + value * shift[n], 0),
  ]) as unknown as Affine;
}

function linearAt({ data, geometry }: Image, place: Triple): number {
  const [width, height] = geometry.size;
  const first = place.map(Math.floor);
  let sum = 0;
  eachIndex([2, 2, 2], (corner) => {
    const weight = corner.reduce((product, step, axis) => {
      const part = place[axis] - first[axis];
      return product * (step === 1 ? part : 1 - part);
    }, 1);
    const [i, j, k] = corner.map((step, axis) => first[axis] + step);
    sum += weight * data[i + width * (j + height * k)];
  });
  return sum;
}
