import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { transformAxisInPlace } from "../../src/imaging/index.ts";

const finite = fc.double({ min: -100, max: 100, noNaN: true });

describe("the Fourier transform", () => {
  it.each([1, 2, 3, 5, 8, 12, 17, 64, 97])("of %i values is the sum that defines it", (count) => {
    const values = Float64Array.from({ length: count }, (_, n) => ((n * 37) % 23) - 7);
    const line = { real: values.slice(), imaginary: new Float64Array(count) };
    transformAxisInPlace(line, [count, 1, 1], 0, "forward");
    for (let k = 0; k < count; k++) {
      let real = 0;
      let imaginary = 0;
      for (let n = 0; n < count; n++) {
        real += values[n] * Math.cos((2 * Math.PI * k * n) / count);
        imaginary -= values[n] * Math.sin((2 * Math.PI * k * n) / count);
      }
      expect(line.real[k]).toBeCloseTo(real, 9);
      expect(line.imaginary[k]).toBeCloseTo(imaginary, 9);
    }
  });

  it("is undone along any axis of any size", () => {
    const length = fc.integer({ min: 1, max: 9 });
    const images = fc.tuple(length, length, length).chain((size) =>
      fc.record({
        size: fc.constant(size),
        values: fc.array(finite, {
          minLength: size[0] * size[1] * size[2],
          maxLength: size[0] * size[1] * size[2],
        }),
      }),
    );
    fc.assert(
      fc.property(images, fc.integer({ min: 0, max: 2 }), ({ size, values }, axis) => {
        const field = { real: Float64Array.from(values), imaginary: Float64Array.from(values) };
        transformAxisInPlace(field, size, axis, "forward");
        transformAxisInPlace(field, size, axis, "inverse");
        values.forEach((value, at) => {
          expect(Math.abs(field.real[at] - value)).toBeLessThan(1e-10);
          expect(Math.abs(field.imaginary[at] - value)).toBeLessThan(1e-10);
        });
      }),
    );
  });
});
