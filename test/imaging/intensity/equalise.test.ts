import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clahe } from "../../../src/imaging/intensity/clahe/clahe.ts";
import { equaliseHistogram } from "../../../src/imaging/intensity/equalise-histogram.ts";
import { gammaImage } from "../../../src/imaging/intensity/gamma.ts";
import { multiOtsuThresholds, otsuThreshold } from "../../../src/imaging/intensity/otsu.ts";
import { percentilesOf } from "../../../src/imaging/intensity/percentile.ts";
import { pixels, twoTissues } from "./generated.ts";

const lists = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
  minLength: 2,
  maxLength: 80,
});
const rowOf = (list: number[]) => pixels([list.length, 1, 1], Float64Array.from(list));

describe("Histogram equalisation", () => {
  it("never turns the order of two values round, and ends at 1", () => {
    fc.assert(
      fc.property(lists, (list) => {
        fc.pre(Math.max(...list) - Math.min(...list) > 1e-300);
        const { data } = equaliseHistogram(rowOf(list), { bins: 16 }).image;
        for (const [at, value] of list.entries()) {
          for (const [other, than] of list.entries()) {
            if (value < than) expect(data[at]).toBeLessThanOrEqual(data[other] + 1e-12);
          }
        }
        expect(data[list.indexOf(Math.max(...list))]).toBeCloseTo(1, 12);
      }),
    );
  });

  it("makes values of a skewed image even", () => {
    const size = [40, 40, 4] as const;
    const skewed = twoTissues(size, 2).map((value) => (value / 100) ** 4);
    const { data } = equaliseHistogram(pixels(size, skewed), { bins: 4096 }).image;
    const quartiles = percentilesOf(data, [25, 50, 75]);
    for (const [at, value] of quartiles.entries()) expect(value).toBeCloseTo((at + 1) / 4, 1);
  });
});

describe("CLAHE", () => {
  it("gives 0 … 1, of one value 0, and treats a slice as a film", () => {
    const size = [30, 28, 1] as const;
    const film = clahe(pixels(size, twoTissues(size, 3)), { kernel: 7 });
    expect([Math.min(...film.data), Math.max(...film.data)]).toEqual([0, 1]);
    expect(clahe(pixels([4, 4, 4], new Uint8Array(64).fill(9))).data.every((v) => v === 0)).toBe(
      true,
    );
    expect(() => clahe(pixels([1, 1, 1], new Uint8Array(1)), { kernel: 0 })).toThrow(/kernel/);
  });

  it("raises contrast where the image as a whole leaves little", () => {
    const size = [64, 64, 1] as const;
    const dim = Float32Array.from({ length: 64 * 64 }, (_, at) => {
      const [i, j] = [at % 64, Math.floor(at / 64)];
      return i < 32 ? 10 + ((i + j) % 2) : 1000;
    });
    const { data } = clahe(pixels(size, dim), { kernel: 8, clipLimit: 0.5 });
    expect(Math.abs(data[32 * 64 + 5] - data[32 * 64 + 6])).toBeLessThan(0.001);
    const fine = Float32Array.from(dim, (value) => (value > 500 ? 40 : value));
    const raised = clahe(pixels(size, fine), { kernel: 8, clipLimit: 0.5 }).data;
    expect(Math.abs(raised[32 * 64 + 5] - raised[32 * 64 + 6])).toBeGreaterThan(0.3);
  });
});

describe("Gamma", () => {
  it("keeps both ends and raises what lies between to the power", () => {
    const image = pixels([3, 1, 1], Float64Array.of(-10, 0, 30));
    expect([...gammaImage(image, { gamma: 2 }).image.data]).toEqual([
      -10,
      expect.closeTo(-7.5, 12),
      30,
    ]);
    expect(gammaImage(image, { gamma: 2, invert: true }).image.data[1]).toBeCloseTo(30 - 22.5, 12);
    expect(() => gammaImage(image, { gamma: 0 })).toThrow(/above 0/);
  });

  it("undoes itself with the inverse power", () => {
    const whole = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(whole, fc.double({ min: 0.4, max: 2.5, noNaN: true }), (list, gamma) => {
        const back = gammaImage(gammaImage(rowOf(list), { gamma }).image, { gamma: 1 / gamma });
        for (const [at, value] of list.entries()) {
          expect(Math.abs(back.image.data[at] - value)).toBeLessThanOrEqual(1e-5);
        }
      }),
    );
  });
});

describe("Exact percentiles", () => {
  it.each([
    ["float64", fc.double({ noNaN: true, noDefaultInfinity: true }), Float64Array],
    ["float32", fc.float({ noNaN: true, noDefaultInfinity: true }), Float32Array],
    ["int32", fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), Int32Array],
    ["uint32", fc.integer({ min: 0, max: 2 ** 32 - 1 }), Uint32Array],
    ["int16", fc.integer({ min: -32768, max: 32767 }), Int16Array],
    ["uint16", fc.integer({ min: 0, max: 65535 }), Uint16Array],
    ["int8", fc.integer({ min: -128, max: 127 }), Int8Array],
  ] as const)("of %s are the values at their ranks", (_, value, Values) => {
    fc.assert(
      fc.property(
        fc.array(value as fc.Arbitrary<number>, { minLength: 1, maxLength: 60 }),
        (list) => {
          const values = Values.from(list);
          const sorted = values.toSorted();
          const percents =
            list.length === 1 ? [50] : list.map((_, at) => (100 * at) / (list.length - 1));
          const found = percentilesOf(values, percents);
          for (const [at, one] of found.entries()) {
            // 100 · at / (n − 1) may fall beside its rank by a rounding.
            const [low, high] = [
              sorted[Math.max(0, at - 1)],
              sorted[Math.min(at + 1, list.length - 1)],
            ];
            const near = Math.abs(one - sorted[at]) <= 1e-12 * Math.max(1, high - low);
            expect(near).toBe(true);
          }
        },
      ),
    );
  });
});

describe("Otsu's threshold", () => {
  it("of one value is that value; two levels part at the lower", () => {
    expect(otsuThreshold(pixels([3, 1, 1], Float32Array.of(2.5, 2.5, 2.5)))).toBe(2.5);
    expect(otsuThreshold(pixels([4, 1, 1], Int16Array.of(-7, -7, 90, 90)))).toBe(-7);
  });

  it("of several levels parts as many classes, and refuses fewer values than that", () => {
    const image = pixels([6, 1, 1], Int16Array.of(1, 1, 50, 50, 200, 200));
    expect(multiOtsuThresholds(image)).toEqual([1, 50]);
    expect(() => multiOtsuThresholds(image, { classes: 4 })).toThrow(/4 different values/);
  });
});
