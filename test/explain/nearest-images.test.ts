import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FeatureRows, nearestImages } from "../../src/explain/index.ts";

const rows = (shape: [number, number], values: readonly number[]): FeatureRows => ({
  shape,
  data: Float32Array.from(values),
});

describe("The nearest images", () => {
  it("are found by angle or by distance, the earliest of equals first", () => {
    const features = rows([4, 2], [1, 0, 0, 3, 10, 1, 1, 0]);
    const query = rows([1, 2], [2, 0]);
    expect([...nearestImages(features, query, { count: 3 }).indices[0]]).toEqual([0, 3, 2]);
    const near = nearestImages(features, query, { count: 9, distance: "euclidean" });
    expect([...near.indices[0]]).toEqual([0, 3, 1, 2]);
    expect(near.distances[0][0]).toBe(1);
  });

  it("are those of a sorted list of all", () => {
    const some = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(some, { minLength: 1, maxLength: 12 }),
        some,
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom("cosine", "euclidean"),
        (images, query, count, distance) => {
          const { indices, distances } = nearestImages(
            rows([images.length, 3], images.flat()),
            rows([1, 3], query),
            { count, distance },
          );
          const dot = (a: number[], b: number[]) =>
            a.reduce((sum, one, at) => sum + one * b[at], 0);
          const length = (a: number[]) => Math.sqrt(dot(a, a)) || 1;
          const all = images.map((one) =>
            distance === "cosine"
              ? 1 - dot(one, query) / (length(one) * length(query))
              : length(one.map((value, at) => value - query[at])) *
                Number(one.join() !== query.join()),
          );
          const order = [...all.keys()].sort((a, b) => all[a] - all[b] || a - b).slice(0, count);
          expect([...distances[0]]).toEqual(order.map((at) => all[at]));
          expect([...indices[0]]).toEqual(order);
        },
      ),
    );
  });

  it("need equally many features", () => {
    const three = rows([1, 3], [1, 2, 3]);
    expect(() => nearestImages(three, rows([1, 2], [1, 2]))).toThrow(/expected 3 features/);
    expect(() => nearestImages(three, three, { count: 0 })).toThrow(/count/);
  });
});
