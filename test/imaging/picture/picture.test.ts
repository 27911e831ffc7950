import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applyAffine,
  type Matrix3,
  makeImage,
  patientGeometry,
  type Triple,
  worldToIndex,
} from "../../../src/base/index.ts";
import { pictureOf } from "../../../src/imaging/picture/picture.ts";
import { planesThroughMiddle } from "../../../src/imaging/picture/planes.ts";

/** The 48 ways in which rows, columns and slices can lie along the patient's axes. */
const orientations = [0, 1, 2].flatMap((first) =>
  [0, 1, 2].flatMap((second) => {
    if (second === first) return [];
    const third = 3 - first - second;
    return Array.from({ length: 8 }, (_, signs) => {
      const matrix = new Array(9).fill(0);
      [first, second, third].forEach((axis, column) => {
        matrix[axis * 3 + column] = (signs >> column) & 1 ? -1 : 1;
      });
      return matrix as unknown as Matrix3;
    });
  }),
);

/** A volume around (0, 0, 0) whose value is 100 on the patient's left, else 0. */
function leftIsBright(direction: Matrix3) {
  const size = [20, 24, 28] as const;
  const toOrigin = [-9.5, -11.5, -13.5] as const;
  const origin = applyAffine(
    [...direction.slice(0, 3), 0, ...direction.slice(3, 6), 0, ...direction.slice(6), 0] as never,
    toOrigin,
  );
  const geometry = patientGeometry({ size, spacing: [1, 1, 1], origin, direction });
  const data = new Uint8Array(20 * 24 * 28);
  const index = worldToIndex(geometry);
  for (let z = -8; z <= 8; z++)
    for (let y = -8; y <= 8; y++)
      for (let x = 1; x <= 8; x++) {
        const [i, j, k] = applyAffine(index, [x - 0.5, y - 0.5, z - 0.5]).map(Math.round);
        data[(k * 24 + j) * 20 + i] = 100;
      }
  return makeImage({ geometry, data });
}

describe("A picture of a volume", () => {
  it("shows the patient's left on the right of axial and coronal planes, however it is stored", () => {
    fc.assert(
      fc.property(fc.constantFrom(...orientations), (direction) => {
        const volume = leftIsBright(direction);
        const [axial] = planesThroughMiddle(volume.geometry, 56);
        const { width, data } = pictureOf(volume, { longest: 56, window: { low: 0, high: 100 } });
        const [w, h] = axial.geometry.size;
        const row = (Math.max(h, 56) >> 1) * width;
        expect(data[row + Math.round(w * 0.65)]).toBe(255);
        expect(data[row + Math.round(w * 0.35)]).toBe(0);
      }),
      { numRuns: orientations.length },
    );
  });

  it("names the sides as radiologists expect them", () => {
    const volume = leftIsBright([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    const planes = planesThroughMiddle(volume.geometry, 56);
    expect(planes.map(({ name, sides }) => [name, Object.values(sides).join("")])).toEqual([
      ["axial", "RLAP"],
      ["coronal", "RLSI"],
      ["sagittal", "APSI"],
    ]);
  });

  it("keeps the proportions of anisotropic voxels", () => {
    const geometry = patientGeometry({
      size: [100, 100, 20],
      spacing: [1, 1, 5],
      origin: [0, 0, 0],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    });
    const sizes = planesThroughMiddle(geometry, 200).map(({ geometry: { size } }) => size);
    expect(sizes).toEqual([
      [200, 200, 1],
      [200, 200, 1],
      [200, 200, 1],
    ]);
  });

  it("shows a single slice as it was acquired, with its own sides", () => {
    const geometry = patientGeometry({
      size: [64, 32, 1],
      spacing: [0.5, 0.5, 5],
      origin: [0, 0, 0],
      direction: [0, 0, 1, 1, 0, 0, 0, -1, 0] as Matrix3,
    });
    const [plane, ...others] = planesThroughMiddle(geometry, 64);
    expect(others).toEqual([]);
    expect(plane.name).toBe("as acquired");
    expect(plane.sides).toEqual({ left: "A", right: "P", top: "S", bottom: "I" });
  });

  it("shows pixels without a place in the patient as they are, without letters", () => {
    const size: Triple = [8, 4, 1];
    const data = Uint8Array.from({ length: 32 }, (_, at) => at * 8);
    const image = makeImage({ geometry: { frame: "pixels", size, spacing: undefined }, data });
    const picture = pictureOf(image, { longest: 8, window: { low: 0, high: 255 } });
    expect([picture.width, picture.height, picture.channels]).toEqual([8, 4, 1]);
    expect(picture.data).toEqual(data);
  });

  it("draws colours and tints labels", () => {
    const geometry = { frame: "pixels", size: [2, 1, 1], spacing: undefined } as const;
    const colours = makeImage({
      geometry,
      channels: [{ name: "color", size: 3 }],
      data: Uint8Array.of(10, 20, 30, 40, 50, 60),
    });
    expect([...pictureOf(colours, { longest: 2 }).data]).toEqual([10, 30, 50, 20, 40, 60]);
    const grey = makeImage({ geometry, data: Uint8Array.of(0, 255) });
    const mask = makeImage({ geometry, data: Uint8Array.of(1, 0) });
    const tinted = pictureOf(grey, { longest: 2, mask, window: { low: 0, high: 255 } });
    expect(tinted.channels).toBe(3);
    expect(tinted.data[0]).toBeGreaterThan(tinted.data[2]);
    expect([...tinted.data.subarray(3)]).toEqual([255, 255, 255]);
  });
});

describe("a picture of labels", () => {
  const geometry = { frame: "pixels", size: [64, 64, 1], spacing: undefined } as const;
  const legend = { colors: new Map([[2, [10, 20, 30] as const]]), background: 0 };
  /** The colour in the middle of the left and of the right half. */
  const halves = ({ width, height, data }: { width: number; height: number; data: Uint8Array }) =>
    [0.25, 0.75].map((part) => {
      const at = 3 * ((height >> 1) * width + Math.round(part * width));
      return [...data.subarray(at, at + 3)];
    });

  it("has their colours, and its own of labels without one", () => {
    const data = Uint8Array.from({ length: 64 * 64 }, (_, at) => (at % 64 < 32 ? 2 : 1));
    const image = makeImage({ geometry, data });
    expect(halves(pictureOf(image, { labels: legend }))).toEqual([
      [10, 20, 30],
      [230, 159, 0],
    ]);
  });

  it("with a channel a segment is as one label map, background black", () => {
    const segment = Float32Array.from({ length: 64 * 64 }, (_, at) => (at % 64 < 32 ? 0.8 : 0.2));
    const channels = [{ name: "segment", size: 1, values: [2] }];
    const image = makeImage({ geometry, data: segment, channels });
    expect(halves(pictureOf(image, { labels: legend }))).toEqual([
      [10, 20, 30],
      [0, 0, 0],
    ]);
  });
});
