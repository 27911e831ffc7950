import { describe, expect, it } from "vitest";
import { IDENTITY, type Image, makeImage, patientGeometry } from "../../../src/base/index.ts";
import { ctBodyMask } from "../../../src/imaging/intensity/ct-body-mask.ts";
import { foregroundMask } from "../../../src/imaging/intensity/foreground-mask.ts";
import { biasedHead, pixels } from "./generated.ts";

const SIZE = [96, 96, 12] as const;
const IN_BODY = { body: 1, lung: 1, bowel: 1, table: 0, blanket: 0, air: 0 } as const;
type Part = keyof typeof IN_BODY;

/** A slice through a chest: an ellipse with two lungs and gas, on a table's plate, a blanket above. 4 mm voxels. */
function partAt(i: number, j: number): Part {
  const body = ((i - 48) / 40) ** 2 + ((j - 42) / 28) ** 2 < 1;
  const lung = ((Math.abs(i - 48) - 16) / 11) ** 2 + ((j - 42) / 16) ** 2 < 1;
  if (lung) return "lung";
  if ((i - 48) ** 2 + (j - 60) ** 2 < 16) return "bowel";
  if (body) return "body";
  if (j === 69 || j === 70) return "table";
  return j === 10 ? "blanket" : "air";
}

const HU = { body: 40, lung: -800, bowel: -990, table: -100, blanket: -450, air: -1000 };

function chest(): { image: Image; truth: Uint8Array } {
  const geometry = patientGeometry({
    size: SIZE,
    spacing: [4, 4, 5],
    origin: [0, 0, 0],
    direction: IDENTITY,
  });
  const [width, height, depth] = SIZE;
  const parts = Array.from({ length: width * height * depth }, (_, at) =>
    partAt(at % width, Math.floor(at / width) % height),
  );
  return {
    image: makeImage({ geometry, data: Int16Array.from(parts, (part) => HU[part]), unit: "HU" }),
    truth: Uint8Array.from(parts, (part) => IN_BODY[part]),
  };
}

function dice(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [both, sum] = [0, 0];
  for (let at = 0; at < a.length; at++) {
    both += a[at] * b[at];
    sum += a[at] + b[at];
  }
  return (2 * both) / sum;
}

describe("The body mask of CT", () => {
  const { image, truth } = chest();

  it("takes the body with its lungs and gas, without table and blanket", () => {
    const mask = ctBodyMask(image, { openingMm: 8 });
    expect(dice(mask.data, truth)).toBeGreaterThan(0.99);
    const row = 70 * 96;
    expect(mask.data.subarray(row, row + 20).some(Boolean)).toBe(false);
    expect(mask.data[42 * 96 + 64]).toBe(1);
  });

  it("would take the table along without an opening", () => {
    expect(ctBodyMask(image, { openingMm: 0 }).data[70 * 96]).toBe(1);
  });

  it("needs the size of voxels to open in mm", () => {
    const nowhere = pixels(SIZE, image.data);
    expect(() => ctBodyMask(nowhere)).toThrow(/how large its voxels are/);
  });
});

describe("The foreground mask", () => {
  it.each(["otsu", "triangle", "li", "mean", 60] as const)(
    "finds a head in MR above %s",
    (above) => {
      const size = [48, 44, 36] as const;
      const { values, mask } = biasedHead(size, 8);
      const far = values.slice();
      far[0] = 900;
      const found = foregroundMask(pixels(size, far), { above });
      expect(dice(found.data, mask)).toBeGreaterThan(above === "otsu" ? 0.75 : 0.95);
      expect(found.data[0]).toBe(0);
    },
  );

  it("fills what a slice encloses, only what the volume encloses, or nothing", () => {
    // A tube along k: open at its ends, closed in every slice.
    const slice = [0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1].map((value) => 100 * value);
    const tube = pixels([4, 3, 3], Float32Array.from([...slice, ...slice, ...slice]));
    const inside = (fill: "slices" | "volume" | "none") => {
      const ring = pixels([3, 3, 3], tube.data.slice(0, 27));
      const shell = Float32Array.from({ length: 27 }, (_, at) => (at % 9 === 4 ? 0 : 100));
      return foregroundMask({ ...ring, data: shell }, { above: 50, fill }).data[13];
    };
    expect([inside("slices"), inside("volume"), inside("none")]).toEqual([1, 0, 0]);
  });

  it("of an image of one value is empty, and NaN is background", () => {
    const flat = pixels([3, 1, 1], Float32Array.of(5, 5, Number.NaN));
    expect([...foregroundMask(flat).data]).toEqual([0, 0, 0]);
    expect([...foregroundMask(flat, { above: 1 }).data]).toEqual([1, 1, 0]);
  });
});
