import { describe, expect, it } from "vitest";
import { LESION_MODEL, type LesionCase, lesionPhantoms } from "../../../src/datasets/index.ts";
import { rocAuc } from "../../../src/statistics/index.ts";

const cases = [...lesionPhantoms({ patients: 700, seed: 11 })];
const patients = [...new Map(cases.map((lesion) => [lesion.patientId, lesion.patient])).values()];

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
const sd = (values: readonly number[]) =>
  Math.sqrt(mean(values.map((v) => (v - mean(values)) ** 2)));
const share = <T>(values: readonly T[], has: (value: T) => boolean) =>
  values.filter(has).length / values.length;

/** Within four standard errors of a mean of `count` values of this spread. */
function expectMean(values: readonly number[], truth: number, spread: number): void {
  expect(Math.abs(mean(values) - truth)).toBeLessThan((4 * spread) / Math.sqrt(values.length));
}

describe("lesionPhantoms", () => {
  it("draws patients, sites and diagnoses in the shares stated", () => {
    expect(patients).toHaveLength(700);
    LESION_MODEL.lesionsPerPatient.forEach((truth, index) => {
      expect(Math.abs(share(patients, (p) => p.lesionCount === index + 1) - truth)).toBeLessThan(
        0.07,
      );
    });
    expect(Math.abs(share(patients, (p) => p.site === "A") - 0.6)).toBeLessThan(0.07);
    expect(Math.abs(share(cases, (c) => c.diagnosis === "malignant") - 0.4)).toBeLessThan(0.07);
    expect(cases).toHaveLength(patients.reduce((sum, patient) => sum + patient.lesionCount, 0));
  });

  it("makes lesions of a patient alike in diagnosis as stated", () => {
    const pairs = cases
      .slice(1)
      .flatMap((lesion, i) =>
        cases[i].patientId === lesion.patientId ? [[cases[i], lesion]] : [],
      );
    const agree = share(pairs, ([a, b]) => a.diagnosis === b.diagnosis);
    // Equal by sharing (0.6²), else as chance has it (0.4² + 0.6²).
    const truth = 0.36 + 0.64 * 0.52;
    expect(Math.abs(agree - truth)).toBeLessThan(
      4 * Math.sqrt((truth * (1 - truth)) / pairs.length),
    );
  });

  it.each(["benign", "malignant"] as const)(
    "draws the severity of %s lesions as stated",
    (diagnosis) => {
      const severities = cases
        .filter((c) => c.diagnosis === diagnosis)
        .map((c) => c.truth.severity);
      expectMean(severities, diagnosis === "malignant" ? 1.6 : -1.6, 1.2);
      expect(sd(severities)).toBeCloseTo(1, 1);
    },
  );

  it("draws every parameter around what the severity says", () => {
    const of = (value: (lesion: LesionCase) => number) => cases.map(value);
    expectMean(
      of(({ truth: t }) => Math.log(t.radiusMm / (4.6 * 1.07 ** t.severity))),
      0,
      0.2,
    );
    expect(sd(of(({ truth: t }) => Math.log(t.radiusMm / (4.6 * 1.07 ** t.severity))))).toBeCloseTo(
      0.2,
      1,
    );
    expectMean(
      of(({ truth: t }) => Math.log(t.edgeWidthMm / (0.4 * 1.15 ** t.severity))),
      0,
      0.25,
    );
    expectMean(
      of(({ truth: t }) => Math.log(t.heterogeneity / (0.22 * 1.24 ** t.severity))),
      0,
      0.2,
    );
    expectMean(
      of(
        ({ truth: t, site }) =>
          t.contrast / LESION_MODEL.sites[site].contrastFactor - 42 - 2 * t.severity,
      ),
      0,
      6,
    );
    expectMean(
      of(({ truth: t }) => t.spicules.length - 9 - 2 * t.severity),
      0,
      1.6,
    );
    expectMean(
      patients.map((p) => p.tissueLevel - LESION_MODEL.sites[p.site].levelShift),
      100,
      8,
    );
    expectMean(
      patients.map((p) => Math.log(p.tissueTextureSd / 9)),
      0,
      0.2,
    );
  });

  it("overlaps as stated: nothing separates better than the severity, of AUC 0.988", () => {
    const positive = cases.map((c) => c.diagnosis === "malignant");
    expect(
      rocAuc(
        positive,
        cases.map((c) => c.truth.severity),
      ),
    ).toBeCloseTo(0.988, 2);
    const right = share(cases, (c) => c.truth.severity > 0 === (c.diagnosis === "malignant"));
    expect(Math.abs(right - 0.945)).toBeLessThan(0.03);
  });

  it("shows at site B less contrast, more noise and darker tissue", () => {
    const at = (site: string, value: (lesion: LesionCase) => number) =>
      mean(cases.filter((c) => c.site === site).map(value));
    const contrast = (c: LesionCase) => c.truth.contrast;
    expect(at("B", contrast) / at("A", contrast)).toBeCloseTo(0.8, 1);
    // Neighbours' second difference has 6 times the variance of white noise, and little of smooth tissue's.
    const noise = ({ image, size }: LesionCase) => {
      const row = image.subarray(size, 2 * size);
      const second = Array.from(row.subarray(2), (value, x) => value - 2 * row[x + 1] + row[x]);
      return mean(second.map((value) => value ** 2 / 6));
    };
    const added = at("B", noise) - at("A", noise);
    expect(Math.abs(added - (7 ** 2 - 4 ** 2))).toBeLessThan(4);
    const corner = ({ image }: LesionCase) => image[0];
    expect(at("A", corner) - at("B", corner)).toBeGreaterThan(6);
  });

  it("draws masks that fit outline and diameter", () => {
    for (const lesion of cases.slice(0, 60)) {
      const pixels = [...lesion.mask.keys()].filter((index) => lesion.mask[index] === 1);
      const places = pixels.map((index) => [index % lesion.size, Math.floor(index / lesion.size)]);
      let longest = 0;
      for (const [x, y] of places) {
        for (const [u, v] of places) longest = Math.max(longest, Math.hypot(x - u, y - v));
      }
      expect(Math.abs(longest * lesion.spacingMm - lesion.diameterMm)).toBeLessThan(1.5);
      expect(lesion.diameterMm).toBeGreaterThan(1.5 * lesion.truth.radiusMm);
      // Nothing is cut off by the border.
      for (const [x, y] of places) expect(Math.min(x, y, 63 - x, 63 - y)).toBeGreaterThanOrEqual(0);
    }
  });

  it("gives a case the same bits for the same seed, whatever else is drawn", () => {
    const many = lesionPhantoms({ patients: 30, seed: 5 });
    const few = lesionPhantoms({ count: 12, seed: 5 });
    expect(few).toHaveLength(12);
    expect(few.at(9)).toEqual(many.at(9));
    expect(few.at(9)).toEqual([...few][9]);
    expect(lesionPhantoms({ count: 12, seed: 6 }).at(9).image).not.toEqual(few.at(9).image);
  });

  it("draws the same lesion on finer pixels", () => {
    const coarse = lesionPhantoms({ count: 3 }).at(2);
    const fine = lesionPhantoms({ count: 3, size: 128, spacingMm: 0.25 }).at(2);
    expect(fine.truth).toEqual(coarse.truth);
    expect(fine.diameterMm).toBe(coarse.diameterMm);
    const areas = [coarse, fine].map(
      ({ mask, spacingMm }) => mask.reduce((sum, v) => sum + v, 0) * spacingMm ** 2,
    );
    expect(areas[1] / areas[0]).toBeCloseTo(1, 1);
  });

  it.each([
    [{ size: 32 }, /at least 31 mm.*found 16 mm/],
    [{ patients: 2, count: 50 }, /Cannot draw 50 lesions of 2 patients/],
    [{ patients: 0 }, /"patients" of the lesion phantom/],
    [{ pixels: 64 } as never, /no option "pixels"/],
  ])("refuses %j", (options, message) => {
    expect(() => lesionPhantoms(options)).toThrow(message);
  });

  it("refuses a case that there is not", () => {
    expect(() => lesionPhantoms({ count: 3 }).at(3)).toThrow(
      "There is no phantom 3: expected 0 … 2.",
    );
  });
});
