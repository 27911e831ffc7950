// Frontal radiographs of the chest that are drawn, not taken: rays through a body of voxels.

import {
  checkParameters,
  integer,
  makeImage,
  number,
  type OptionsOf,
  type PixelGeometry,
  parameters,
  type RandomStream,
  randomStream,
  type SettingsOf,
  type Triple,
} from "../../../base/index.ts";
import { type CtLesion, drawCtLesions, drawnFindings, paintCtLesion } from "../ct/ct-lesions.ts";
import { paintAbdomen } from "../torso/abdomen.ts";
import { drawTorso, type Torso } from "../torso/anatomy.ts";
import { paintChest } from "../torso/chest.ts";
import { FINDING_LABEL, TISSUES, tissueHu } from "../torso/tissues.ts";
import { paintBones, paintShoulders, paintWall } from "../torso/wall.ts";
import { type Canvas, makeCanvas } from "../volumes/canvas.ts";
import { drawScanPatient, drawWord } from "../volumes/draw.ts";
import { type DrawnList, drawnList } from "../volumes/drawn-list.ts";
import { findingsIn } from "../volumes/findings.ts";
import type { PhantomScan } from "../volumes/scan.ts";
import { smoothField } from "../volumes/smooth-field.ts";
import { softenInPlace } from "../volumes/soften.ts";
import { takeFilm } from "./radiograph.ts";

export const chestXRayPhantomParameters = parameters({
  count: integer({ min: 1, max: 1_000_000 }).default(100),
  seed: integer({ min: 0 }).default(0),
  /** Pixels along each side. */
  size: integer({ min: 32, max: 1024 }).default(256),
  /** By default 390 mm over `size`. */
  spacingMm: number({ above: 0 }).optional(),
});

export type ChestXRayPhantomOptions = OptionsOf<typeof chestXRayPhantomParameters>;
export type ChestXRayDiagnosis = "none" | "benign nodule" | "lung cancer";
export type ChestXRayScan = PhantomScan<PixelGeometry, ChestXRayDiagnosis>;

/**
 * | drawn | distribution |
 * |---|---|
 * | diagnosis | none 0.4, benign nodule 0.25, lung cancer 0.35 |
 * | nodules | as in `CT_MODEL` |
 * | site A | 80,000 photons a mm², scatter 0.35 of the primary rays |
 * | site B | 12,000 photons a mm², scatter 0.6, a softer display |
 */
export const CHEST_X_RAY_MODEL = {
  diagnoses: { none: 0.4, "benign nodule": 0.25, "lung cancer": 0.35 },
  sites: {
    A: { kvp: 125, photonsPerMm2: 80_000, scatter: 0.35, middle: 2.15, width: 0.5 },
    B: { kvp: 110, photonsPerMm2: 12_000, scatter: 0.6, middle: 2.0, width: 0.58 },
  },
} as const;

const FIELD_MM = 390;
/** Height of the film's middle in the torso's coordinates. */
const MIDDLE_MM = 62;
/** Steps along the rays. */
const STEP_MM = 3;
const THICKNESS_MM = 280;
/** Attenuation of water at 70 keV, a mm (NIST XCOM: 0.193 cm² / g). */
const WATER_PER_MM = 0.0193;

/**
 * Postero-anterior films of one patient each; the patient's right is on the left of the picture. The frame is that of
 * pixels: a film has no place in the patient. In the mask nodules lie over the heart, and the heart over the lungs.
 */
export function chestXRayPhantoms(options: ChestXRayPhantomOptions = {}): DrawnList<ChestXRayScan> {
  const settings = checkParameters(chestXRayPhantomParameters, options, "chest X-ray phantom");
  return drawnList(settings.count, (index) => drawFilm(settings, index));
}

function drawFilm(
  { seed, size, spacingMm = FIELD_MM / size }: SettingsOf<typeof chestXRayPhantomParameters>,
  index: number,
): ChestXRayScan {
  const random = randomStream({ seed, purpose: "phantom/chest-x-ray", sample: index });
  const patient = drawScanPatient(index, random);
  const diagnosis = drawWord(CHEST_X_RAY_MODEL.diagnoses, random);
  const torso = drawTorso(patient, random);
  const steps = Math.ceil(THICKNESS_MM / STEP_MM);
  const spacing: Triple = [spacingMm, STEP_MM, spacingMm];
  const canvas = makeCanvas([size, steps, size], spacing, [0, 0, MIDDLE_MM]);
  const lesions = paintBody(canvas, torso, diagnosis, random);
  const film: Triple = [size, size, 1];
  const attenuation = project(canvas, attenuations(lesions));
  softenInPlace(attenuation, film, [0.15, 0.15, 0]);
  const technique = CHEST_X_RAY_MODEL.sites[patient.site];
  const geometry: PixelGeometry = {
    frame: "pixels",
    size: film,
    spacing: [spacingMm, spacingMm, 1],
  };
  const mask = makeImage({ geometry, data: projectMask(canvas, lesions.length) });
  return {
    index,
    modality: "DX",
    patient,
    diagnosis,
    image: makeImage({ geometry, data: takeFilm(attenuation, film, spacingMm, technique, random) }),
    mask,
    structures: structuresOf(lesions.length),
    findings: findingsIn(mask, drawnFindings(lesions)),
    acquisition: { KVP: technique.kvp, ViewPosition: "PA" },
  };
}

function paintBody(
  canvas: Canvas,
  torso: Torso,
  diagnosis: ChestXRayDiagnosis,
  random: RandomStream,
): CtLesion[] {
  const warp = smoothField(canvas, 32, random);
  paintWall(canvas, torso, warp);
  paintAbdomen(canvas, torso, {
    warp,
    loops: smoothField(canvas, 14, random),
    posture: "upright",
  });
  paintShoulders(canvas, torso);
  paintBones(canvas, torso);
  paintChest(canvas, torso, warp, random);
  const lesions = drawCtLesions(diagnosis, "chest", canvas, random);
  const rough = lesions.length > 0 ? smoothField(canvas, 5, random) : warp;
  lesions.forEach((lesion, n) => {
    paintCtLesion(canvas, lesion, rough, n);
  });
  return lesions;
}

/** μ a mm by label: CT numbers say how much more or less than water. */
function attenuations(lesions: readonly CtLesion[]): Float32Array {
  const hu = tissueHu("plain");
  lesions.forEach(({ rimHu }, n) => {
    hu[FINDING_LABEL + n] = rimHu;
  });
  return hu.map((value) => WATER_PER_MM * Math.max(0, 1 + value / 1000));
}

/** Sums along the rays (j of the canvas); the film's first row is the uppermost. */
function project(
  { size: [width, steps, height], labels }: Canvas,
  perMm: Float32Array,
): Float32Array {
  const sums = new Float32Array(width * height);
  for (let k = 0; k < height; k++) {
    const row = (height - 1 - k) * width;
    for (let j = 0; j < steps; j++) {
      const at = (k * steps + j) * width;
      for (let i = 0; i < width; i++) sums[row + i] += perMm[labels[at + i]] * STEP_MM;
    }
  }
  return sums;
}

/** What rays pass through: the last of lungs, heart and nodules in the order of `structuresOf`. */
function projectMask(
  { size: [width, steps, height], labels }: Canvas,
  lesions: number,
): Uint8Array {
  const rank = new Uint8Array(64);
  const shown = Object.values(structuresOf(lesions));
  shown.forEach((label, n) => {
    rank[label] = n + 1;
  });
  rank[TISSUES["lung vessels"].label] = 0;
  const mask = new Uint8Array(width * height);
  for (let k = 0; k < height; k++) {
    const row = (height - 1 - k) * width;
    for (let j = 0; j < steps; j++) {
      const at = (k * steps + j) * width;
      for (let i = 0; i < width; i++) {
        mask[row + i] = Math.max(mask[row + i], rank[labels[at + i]]);
      }
    }
  }
  return mask.map((n) => (n === 0 ? 0 : shown[n - 1]));
}

function structuresOf(lesions: number): Record<string, number> {
  const nodules = Array.from({ length: lesions }, (_, n) => [`nodule ${n + 1}`, FINDING_LABEL + n]);
  return {
    "right lung": TISSUES["right lung"].label,
    "left lung": TISSUES["left lung"].label,
    heart: TISSUES.heart.label,
    ...Object.fromEntries(nodules),
  };
}
