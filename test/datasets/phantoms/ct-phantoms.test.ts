import { describe, expect, it } from "vitest";
import { ctPhantoms } from "../../../src/datasets/index.ts";
import { expectReproducible, expectTruth, meanOf } from "./scans.ts";

const small = { size: 64, slices: 16 } as const;

describe("CT phantoms", () => {
  it("depend on seed and position alone", () => {
    expectReproducible((options) => ctPhantoms({ ...small, ...options }));
  });

  it("come with masks, names and boxes that agree", () => {
    for (const region of ["abdomen", "chest"] as const) {
      const scans = [...ctPhantoms({ ...small, region, count: 6, seed: 1 })];
      for (const scan of scans) expectTruth(scan);
      expect(new Set(scans.map(({ diagnosis }) => diagnosis)).size).toBeGreaterThan(1);
      for (const { diagnosis, findings } of scans) {
        expect(findings.length === 0).toBe(diagnosis === "none");
      }
    }
  });

  it("measure what tissues do, in HU", () => {
    const scan = ctPhantoms({ ...small, count: 1, seed: 2 }).at(0);
    expect(scan.image.unit).toBe("HU");
    expect(meanOf(scan, "liver")).toBeGreaterThan(90);
    expect(meanOf(scan, "liver")).toBeLessThan(120);
    expect(meanOf(scan, "fat")).toBeLessThan(-60);
    expect(meanOf(scan, "cancellous bone")).toBeGreaterThan(150);
    const chest = ctPhantoms({ ...small, region: "chest", count: 1 }).at(0);
    expect(meanOf(chest, "left lung")).toBeLessThan(-750);
    expect(meanOf(chest, "heart")).toBeLessThan(80);
  });

  it("lie in the patient: the liver to the right, the spleen to the left and behind", () => {
    const { mask, structures } = ctPhantoms({ ...small, count: 1, seed: 3 }).at(0);
    const centre = (name: string) => {
      const places = [...mask.data.keys()].filter((at) => mask.data[at] === structures[name]);
      return places.reduce((sum, at) => sum + (at % 64), 0) / places.length;
    };
    expect(centre("liver")).toBeLessThan(31.5);
    expect(centre("spleen")).toBeGreaterThan(31.5);
    expect(mask.geometry.frame).toBe("LPS");
  });

  it("show the same patient on finer grids", () => {
    const coarse = ctPhantoms({ size: 48, slices: 8, count: 1, seed: 6 }).at(0);
    const fine = ctPhantoms({ size: 96, slices: 16, count: 1, seed: 6 }).at(0);
    expect(fine.patient).toEqual(coarse.patient);
    const share = ({ mask, structures }: typeof fine) =>
      mask.data.filter((label) => label === structures.liver).length / mask.data.length;
    expect(Math.abs(share(fine) / share(coarse) - 1)).toBeLessThan(0.1);
  });
});
