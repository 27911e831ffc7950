import { describe, expect, it } from "vitest";
import { brainMriPhantoms } from "../../../src/datasets/index.ts";
import { mrSignal } from "../../../src/datasets/phantoms/brain-mri/signal.ts";
import { expectReproducible, expectTruth, meanOf } from "./scans.ts";

const small = { size: 64, slices: 16 } as const;

describe("Brain MRI phantoms", () => {
  it("depend on seed and position alone", () => {
    expectReproducible((options) => brainMriPhantoms({ ...small, ...options }));
  });

  it("come with masks, names and boxes that agree", () => {
    const scans = [...brainMriPhantoms({ ...small, count: 9, seed: 2 })];
    for (const scan of scans) {
      expectTruth(scan);
      expect(scan.findings.length === 0).toBe(scan.diagnosis === "none");
    }
    expect(new Set(scans.map(({ diagnosis }) => diagnosis)).size).toBe(3);
  });

  it("show grey matter darker than white in T1, brighter in T2, and fluid by the sequence", () => {
    const means = (contrast: "T1" | "T2" | "FLAIR") => {
      const scan = brainMriPhantoms({ size: 96, slices: 24, contrast, count: 1, seed: 2 }).at(0);
      const of = (name: string) => meanOf(scan, name);
      return { fluid: of("ventricles"), grey: of("deep grey matter"), white: of("white matter") };
    };
    const t1 = means("T1");
    expect(t1.white).toBeGreaterThan(1.15 * t1.grey);
    expect(t1.fluid).toBeLessThan(0.6 * t1.grey);
    const t2 = means("T2");
    expect(t2.grey).toBeGreaterThan(1.05 * t2.white);
    expect(t2.fluid).toBeGreaterThan(1.5 * t2.grey);
    expect(means("FLAIR").fluid).toBeLessThan(0.7 * means("FLAIR").white);
  });

  it("draw one head for all contrasts", () => {
    const [t1, t2] = (["T1", "T2"] as const).map((contrast) =>
      brainMriPhantoms({ ...small, contrast, count: 1, seed: 3 }).at(0),
    );
    expect(t2.mask.data).toEqual(t1.mask.data);
    expect(t2.image.data).not.toEqual(t1.image.data);
  });

  it("follow the equation of the spin echo", () => {
    const tissue = { t1Ms: 1000, t2Ms: 100, protons: 0.5 };
    const echo = { repetitionMs: 1000 * Math.LN2, echoMs: 100 * Math.LN2, gain: 8 };
    expect(mrSignal(tissue, echo)).toBeCloseTo(8 * 0.5 * 0.5 * 0.5, 9);
    const inverted = { ...echo, repetitionMs: 1e9, inversionMs: 1000 * Math.LN2 };
    expect(mrSignal(tissue, inverted)).toBeCloseTo(0, 9);
  });
});
