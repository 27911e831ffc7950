import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { structuralSimilarity } from "../../src/explain/index.ts";

interface Case {
  shape: number[];
  a: number[];
  b: number[];
  similarity: number;
}
const cases: Case[] = JSON.parse(
  readFileSync(new URL("expected/structural-similarity.json", import.meta.url), "utf8"),
);

describe("Structural similarity", () => {
  it.each(cases)(
    "is the formula's under scipy's Gaussian: $shape",
    ({ shape, a, b, similarity }) => {
      const [left, right] = [Float32Array.from(a), Float32Array.from(b)];
      expect(structuralSimilarity(left, right, { shape })).toBeCloseTo(similarity, 6);
      expect(structuralSimilarity(right, left, { shape })).toBeCloseTo(similarity, 6);
      expect(structuralSimilarity(left, left, { shape })).toBeCloseTo(1, 10);
    },
  );

  it("refuses maps that do not fill the shape", () => {
    const maps = [new Float32Array(4), new Float32Array(6)] as const;
    expect(() => structuralSimilarity(...maps, { shape: [2, 2] })).toThrow(/expected 4 values/);
  });
});
