import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type LesionMeasurements, measureLesion } from "../../../src/datasets/index.ts";

interface Case {
  kind: "ellipse" | "notched" | "cross";
  size: number;
  spacingMm: number;
  expected: LesionMeasurements;
}

const { cases }: { cases: Case[] } = JSON.parse(
  readFileSync(new URL("../expected/lesion-measurements.json", import.meta.url), "utf8"),
);

/** A region of the pixels whose centre (mm, from the middle) is inside, and a picture of the same places. */
function region(
  sizeMm: number,
  spacingMm: number,
  inside: (x: number, y: number) => boolean,
  grey: (x: number, y: number) => number = () => 0,
) {
  const size = Math.round(sizeMm / spacingMm);
  const place = (i: number) => (i - (size - 1) / 2) * spacingMm;
  const places = Array.from({ length: size * size }, (_, i) => [
    place(i % size),
    place(Math.floor(i / size)),
  ]);
  const mask = Uint8Array.from(places, ([x, y]) => (inside(x, y) ? 1 : 0));
  const image = Float32Array.from(places, ([x, y]) => grey(x, y));
  return { mask, image, size, spacingMm };
}

const disc = (radius: number) => (x: number, y: number) => Math.hypot(x, y) <= radius;

describe("measureLesion", () => {
  it.each(cases)("equals numpy and scipy on the $kind", ({ kind, size, spacingMm, expected }) => {
    const image = new Float32Array(size * size);
    const mask = new Uint8Array(size * size);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const dx = x - (size >> 1);
        const dy = y - (size >> 1) + 1;
        const inside = {
          ellipse: 4 * dx ** 2 + 9 * dy ** 2 + 3 * dx * dy <= 36 * 25,
          notched: dx ** 2 + dy ** 2 <= 150 && !(Math.abs(dy) <= 2 && dx > 0),
          cross:
            (Math.abs(dx) <= 3 || Math.abs(dy) <= 3) && Math.abs(dx) <= 10 && Math.abs(dy) <= 12,
        }[kind];
        mask[y * size + x] = inside ? 1 : 0;
        image[y * size + x] =
          ((x * 37 + y * 91 + x * y * 13) % 101) / 4 + 0.5 * x + (inside ? 40 : 0);
      }
    }
    const measured = measureLesion({ image, mask, size, spacingMm });
    expect(Object.keys(measured)).toEqual(Object.keys(expected));
    for (const [name, value] of Object.entries(expected)) {
      expect(measured[name as keyof LesionMeasurements], name).toBeCloseTo(value, 9);
    }
  });

  it.each([
    [2, 0.25],
    [5, 0.25],
    [5, 0.5],
    [8, 0.5],
  ])("knows a disc of %d mm radius on pixels of %d mm", (radius, spacingMm) => {
    const measured = measureLesion(region(24, spacingMm, disc(radius)));
    const within = (value: number, truth: number, part: number) =>
      expect(Math.abs(value / truth - 1)).toBeLessThan(part);
    // Counting pixels is as good as they are small.
    within(measured.area_mm2, Math.PI * radius ** 2, spacingMm / (3 * radius));
    within(measured.perimeter_mm, 2 * Math.PI * radius, 0.02);
    within(measured.circularity, 1, 0.03);
    expect(measured.solidity).toBeGreaterThan(0.9);
    expect(measured.radial_spread).toBeLessThan(0.045);
  });

  it("knows an ellipse of axes 9 and 4 mm", () => {
    const [a, b] = [9, 4];
    const measured = measureLesion(region(24, 0.1, (x, y) => (x / a) ** 2 + (y / b) ** 2 <= 1));
    // Ramanujan's second approximation is exact to 1e-6 here.
    const h = ((a - b) / (a + b)) ** 2;
    const perimeter = Math.PI * (a + b) * (1 + (3 * h) / (10 + Math.sqrt(4 - 3 * h)));
    expect(measured.area_mm2 / (Math.PI * a * b)).toBeCloseTo(1, 2);
    expect(Math.abs(measured.perimeter_mm / perimeter - 1)).toBeLessThan(0.03);
    expect(measured.solidity).toBeGreaterThan(0.98);
  });

  it("knows a square: exactly full, a spread of 0.110, and a perimeter that Crofton's lines make 5 % short", () => {
    const measured = measureLesion(
      region(24, 0.1, (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 5),
    );
    expect(measured.area_mm2).toBeCloseTo(100, 9);
    expect(measured.solidity).toBe(1);
    // Distances from the middle: mean (√2 + asinh 1) / 2, mean square 4 / 3 of half the side.
    const mean = (Math.SQRT2 + Math.asinh(1)) / 2;
    expect(measured.radial_spread).toBeCloseTo(Math.sqrt(4 / 3 - mean ** 2) / mean, 3);
    expect(measured.perimeter_mm / 40).toBeCloseTo((Math.PI / 8) * (1 + Math.SQRT2), 2);
  });

  it("takes a plus sign for five sevenths of its hull", () => {
    const plus = (x: number, y: number) =>
      Math.min(Math.abs(x), Math.abs(y)) < 2 && Math.max(Math.abs(x), Math.abs(y)) < 6;
    expect(measureLesion(region(24, 0.5, plus)).solidity).toBeCloseTo(5 / 7, 12);
  });

  it("keeps its measurements when the picture is turned by a right angle or shifted in grey", () => {
    const inside = (x: number, y: number) => Math.hypot(x * (y > 0 ? 1 : 0.6), y) < 5;
    const grey = (x: number, y: number) => Math.round(3 * x + 2 * Math.sin(y * 9));
    const upright = measureLesion(region(24, 0.5, inside, grey));
    const turned = measureLesion(
      region(
        24,
        0.5,
        (x, y) => inside(-y, x),
        (x, y) => grey(-y, x),
      ),
    );
    const brighter = measureLesion(region(24, 0.5, inside, (x, y) => grey(x, y) + 64));
    for (const name of Object.keys(upright) as (keyof LesionMeasurements)[]) {
      expect(turned[name], name).toBeCloseTo(upright[name], 9);
      expect(brighter[name], name).toBeCloseTo(upright[name], 9);
    }
  });

  it("gives a sharp edge 1 and a gradual one less, and even grey no texture", () => {
    const step = measureLesion(region(24, 0.5, disc(5), (x, y) => (disc(5)(x, y) ? 50 : 10)));
    expect(step).toMatchObject({
      contrast: 40,
      edge_sharpness: 1,
      intensity_sd: 0,
      entropy_bits: 0,
      glcm_contrast: 0,
    });
    const soft = (width: number) => (x: number, y: number) =>
      40 / (1 + Math.exp((Math.hypot(x, y) - 5) / width));
    const sharpness = [0.1, 0.4, 1, 2].map(
      (width) => measureLesion(region(24, 0.5, disc(5), soft(width))).edge_sharpness,
    );
    expect(sharpness).toEqual([...sharpness].sort((a, b) => b - a));
    expect(sharpness[3]).toBeLessThan(0.5);
  });

  it("sees stripes of 0 and 1 as one bit, and every neighbour across them as opposite", () => {
    const stripes = region(
      16,
      1,
      (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 4,
      (x) => Math.abs(x - 0.5) % 2,
    );
    const { entropy_bits, glcm_contrast } = measureLesion(stripes);
    expect(entropy_bits).toBe(1);
    // Across: 8·7 pairs and 2·7·7 diagonal ones differ by 15 levels, 8·7 along the stripes do not.
    expect(glcm_contrast).toBeCloseTo((225 * (56 + 98)) / (56 + 98 + 56), 9);
  });

  it("leaves what surrounds a lesion undefined where the picture ends", () => {
    const { contrast, edge_sharpness, area_mm2 } = measureLesion(region(8, 1, () => true));
    expect([contrast, edge_sharpness]).toEqual([Number.NaN, Number.NaN]);
    expect(area_mm2).toBe(64);
  });

  it("refuses an empty mask and arrays of another size", () => {
    expect(() => measureLesion(region(8, 1, () => false))).toThrow(/found an empty mask/);
    expect(() => measureLesion({ ...region(8, 1, () => true), size: 9 })).toThrow(
      /9 × 9 pixels.*found 64 and 64/,
    );
  });
});
