// What phantoms are drawn from: patients, sites and lesions, with their distributions in one place.

import { type RandomStream, randomStream } from "../../base/index.ts";

/** Of two classes, "malignant" is the positive one. */
export type Diagnosis = "benign" | "malignant";

/** Where the pictures were taken. */
export type Site = "A" | "B";

/**
 * The distributions. N(mean, sd) is normal, logN(median, sd) log-normal with sd of the logarithm.
 *
 * Everything that differs between the classes does so through one number, the severity:
 * N(−1.6, 1) for benign and N(+1.6, 1) for malignant lesions, 30 % of its variance shared by the lesions of a
 * patient. No classifier that sees a lesion alone can therefore exceed AUC Φ(3.2 / √2) = 0.988
 * and, at equal prevalence, accuracy Φ(1.6) = 0.945; the pictures tell a little less than that.
 *
 * | drawn | distribution, s = severity | unit |
 * |---|---|---|
 * | lesions of a patient | 1, 2, 3 with probability 0.55, 0.30, 0.15 | |
 * | site of a patient | A 0.6, B 0.4 | |
 * | diagnosis | malignant 0.4; with probability 0.6 that of the patient, else drawn anew | |
 * | tissue level | N(100, 8) a patient, less 10 at site B | grey levels |
 * | tissue texture | logN(9, 0.2) a patient: sd of a field with S(f) ∝ (0.06² + f²)^(−3/2) | grey levels |
 * | detector noise | white, sd 4 at site A, 7 at site B | grey levels |
 * | radius | logN(4.6 · 1.07^s, 0.2), within 2.5 … 8 | mm |
 * | elongation | 0.02 + 0.20 · uniform | of the radius |
 * | lobes 3, 4, 5 | N(0, 0.015 + 0.008 · max(0, s + 2)) each | of the radius |
 * | spicules | round N(9 + 2 s, 1.5), within 0 … 18 | |
 * | spicule length | logN(0.13 · 1.38^s, 0.2), at most 0.7; each spicule 0.4 … 1.6 of it | of the radius |
 * | spicule width | uniform 0.05 … 0.13 | radian |
 * | edge width | logN(0.40 · 1.15^s, 0.25) | mm |
 * | contrast | N(42 + 2 s, 6), times 0.8 at site B | grey levels |
 * | heterogeneity | logN(0.22 · 1.24^s, 0.2): sd of a field with S(f) ∝ (0.2² + f²)^(−3/2) | of the contrast |
 */
export const LESION_MODEL = {
  lesionsPerPatient: [0.55, 0.3, 0.15],
  prevalence: 0.4,
  sharedDiagnosis: 0.6,
  severityMean: 1.6,
  sharedSeverity: 0.3,
  siteShare: { A: 0.6, B: 0.4 },
  sites: {
    A: { contrastFactor: 1, noiseSd: 4, levelShift: 0 },
    B: { contrastFactor: 0.8, noiseSd: 7, levelShift: -10 },
  },
  tissueSpectrum: { exponent: 3, cornerPerMm: 0.06 },
  lesionSpectrum: { exponent: 3, cornerPerMm: 0.2 },
} as const;

/** A patient of the phantoms, drawn before the lesions. */
export interface Patient {
  /** "P0001" and so on. */
  readonly id: string;
  readonly site: Site;
  readonly lesionCount: number;
  readonly diagnosis: Diagnosis;
  /** What the patient's lesions share of their severity, sd √0.3. */
  readonly severityShift: number;
  readonly tissueLevel: number;
  readonly tissueTextureSd: number;
}

/** The true parameters of one lesion. */
export interface Lesion {
  readonly diagnosis: Diagnosis;
  readonly severity: number;
  /** Of the round body, without spicules. */
  readonly radiusMm: number;
  /** Outline as parts of the radius: cosines over the angle … */
  readonly waves: readonly { order: number; amplitude: number; phaseRad: number }[];
  /** … and bumps at angles. */
  readonly spicules: readonly { angleRad: number; length: number; widthRad: number }[];
  readonly edgeWidthMm: number;
  /** Grey levels above the tissue, as the site shows it. */
  readonly contrast: number;
  /** Standard deviation inside, as a part of the contrast. */
  readonly heterogeneity: number;
  /** Of the centre from the middle of the image. */
  readonly offsetMm: readonly [x: number, y: number];
}

/** The patient of this number, the same for every number of patients asked for. */
export function drawPatient(seed: number, index: number): Patient {
  const random = randomStream({ seed, purpose: "phantom/patient", sample: index });
  const lesionCount = 1 + pick(LESION_MODEL.lesionsPerPatient, random);
  const site: Site = random.uniform() < LESION_MODEL.siteShare.A ? "A" : "B";
  return {
    id: `P${String(index + 1).padStart(4, "0")}`,
    site,
    lesionCount,
    diagnosis: drawDiagnosis(random),
    severityShift: Math.sqrt(LESION_MODEL.sharedSeverity) * random.normal(),
    tissueLevel: 100 + 8 * random.normal() + LESION_MODEL.sites[site].levelShift,
    tissueTextureSd: logNormal(9, 0.2, random),
  };
}

/** One lesion of a patient. */
export function drawLesion(patient: Patient, random: RandomStream): Lesion {
  const diagnosis =
    random.uniform() < LESION_MODEL.sharedDiagnosis ? patient.diagnosis : drawDiagnosis(random);
  const mean = diagnosis === "malignant" ? LESION_MODEL.severityMean : -LESION_MODEL.severityMean;
  const own = Math.sqrt(1 - LESION_MODEL.sharedSeverity) * random.normal();
  const severity = mean + patient.severityShift + own;
  const { contrastFactor } = LESION_MODEL.sites[patient.site];
  return {
    diagnosis,
    severity,
    radiusMm: within(2.5, 8, logNormal(4.6 * 1.07 ** severity, 0.2, random)),
    waves: drawWaves(severity, random),
    spicules: drawSpicules(severity, random),
    edgeWidthMm: logNormal(0.4 * 1.15 ** severity, 0.25, random),
    contrast: contrastFactor * (42 + 2 * severity + 6 * random.normal()),
    heterogeneity: logNormal(0.22 * 1.24 ** severity, 0.2, random),
    offsetMm: [1.5 * (2 * random.uniform() - 1), 1.5 * (2 * random.uniform() - 1)],
  };
}

function drawWaves(severity: number, random: RandomStream): Lesion["waves"] {
  const turn = () => 2 * Math.PI * random.uniform();
  const lobeSd = 0.015 + 0.008 * Math.max(0, severity + 2);
  const ellipse = { order: 2, amplitude: 0.02 + 0.2 * random.uniform(), phaseRad: turn() };
  const lobes = [3, 4, 5].map((order) => ({
    order,
    amplitude: lobeSd * random.normal(),
    phaseRad: turn(),
  }));
  return [ellipse, ...lobes];
}

function drawSpicules(severity: number, random: RandomStream): Lesion["spicules"] {
  const count = within(0, 18, Math.round(9 + 2 * severity + 1.5 * random.normal()));
  const length = Math.min(0.7, logNormal(0.13 * 1.38 ** severity, 0.2, random));
  return Array.from({ length: count }, () => ({
    angleRad: 2 * Math.PI * random.uniform(),
    length: length * (0.4 + 1.2 * random.uniform()),
    widthRad: 0.05 + 0.08 * random.uniform(),
  }));
}

function drawDiagnosis(random: RandomStream): Diagnosis {
  return random.uniform() < LESION_MODEL.prevalence ? "malignant" : "benign";
}

function pick(probabilities: readonly number[], random: RandomStream): number {
  let left = random.uniform();
  for (let index = 0; index < probabilities.length - 1; index++) {
    left -= probabilities[index];
    if (left < 0) return index;
  }
  return probabilities.length - 1;
}

function logNormal(median: number, sd: number, random: RandomStream): number {
  return median * Math.exp(sd * random.normal());
}

function within(min: number, max: number, value: number): number {
  return Math.min(Math.max(value, min), max);
}
