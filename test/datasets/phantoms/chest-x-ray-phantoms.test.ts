import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/index.ts";
import { chestXRayPhantoms } from "../../../src/datasets/index.ts";
import { drawPoisson } from "../../../src/datasets/phantoms/chest-x-ray/radiograph.ts";
import { expectReproducible, expectTruth, meanOf } from "./scans.ts";

describe("Chest X-ray phantoms", () => {
  it("depend on seed and position alone", () => {
    expectReproducible((options) => chestXRayPhantoms({ size: 32, ...options }));
  });

  it("come with masks, names and boxes that agree", () => {
    const scans = [...chestXRayPhantoms({ size: 64, count: 6, seed: 1 })];
    for (const scan of scans) {
      expectTruth(scan);
      expect(scan.findings.length === 0).toBe(scan.diagnosis === "none");
      expect(scan.image.geometry.frame).toBe("pixels");
    }
    expect(new Set(scans.map(({ diagnosis }) => diagnosis)).size).toBeGreaterThan(1);
  });

  it("show the heart brighter than the lungs, and more of it on the right of the picture", () => {
    const scan = chestXRayPhantoms({ size: 64, count: 1, seed: 2 }).at(0);
    expect(meanOf(scan, "heart")).toBeGreaterThan(1.15 * meanOf(scan, "right lung"));
    const columns = [...scan.mask.data.keys()].filter(
      (at) => scan.mask.data[at] === scan.structures.heart,
    );
    const mean = columns.reduce((sum, at) => sum + (at % 64), 0) / columns.length;
    expect(mean).toBeGreaterThan(32);
  });

  it.each([0.7, 8, 300])("count photons as Poisson does around %d", (mean) => {
    const random = randomStream({ seed: 3, purpose: "test/poisson" });
    const counts = Array.from({ length: 20_000 }, () => drawPoisson(mean, random));
    const average = counts.reduce((sum, n) => sum + n, 0) / counts.length;
    const variance = counts.reduce((sum, n) => sum + (n - average) ** 2, 0) / counts.length;
    expect(Math.abs(average / mean - 1)).toBeLessThan(0.03);
    expect(Math.abs(variance / mean - 1)).toBeLessThan(0.06);
  });
});
