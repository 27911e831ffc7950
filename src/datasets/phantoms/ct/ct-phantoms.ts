// Computed tomography of a torso that is drawn, not taken: abdomen or chest in Hounsfield units.

import {
  checkParameters,
  IDENTITY,
  integer,
  makeImage,
  number,
  type OptionsOf,
  oneOf,
  type PatientGeometry,
  parameters,
  patientGeometry,
  randomStream,
  type SettingsOf,
  type Triple,
} from "../../../base/index.ts";
import { paintAbdomen } from "../torso/abdomen.ts";
import { drawTorso } from "../torso/anatomy.ts";
import { paintChest } from "../torso/chest.ts";
import { FINDING_LABEL, TISSUES, tissueHu, tissueLabels } from "../torso/tissues.ts";
import { paintBones, paintTable, paintWall } from "../torso/wall.ts";
import { type Canvas, makeCanvas } from "../volumes/canvas.ts";
import { drawScanPatient } from "../volumes/draw.ts";
import { type DrawnList, drawnList } from "../volumes/drawn-list.ts";
import { findingsIn } from "../volumes/findings.ts";
import type { PhantomScan } from "../volumes/scan.ts";
import { smoothField } from "../volumes/smooth-field.ts";
import { softenInPlace } from "../volumes/soften.ts";
import {
  CT_MODEL,
  type CtDiagnosis,
  type CtLesion,
  drawCtDiagnosis,
  drawCtLesions,
  drawnFindings,
  paintCtLesion,
} from "./ct-lesions.ts";
import { addCtNoiseInPlace } from "./ct-noise.ts";

export const ctPhantomParameters = parameters({
  count: integer({ min: 1, max: 1_000_000 }).default(100),
  seed: integer({ min: 0 }).default(0),
  region: oneOf("abdomen", "chest").default("abdomen"),
  /** Voxels along i and j. */
  size: integer({ min: 32, max: 1024 }).default(128),
  slices: integer({ min: 1, max: 1024 }).default(32),
  /** Of voxels within a slice; by default 400 mm over `size`. */
  spacingMm: number({ above: 0 }).optional(),
  /** From slice to slice; by default the region over `slices`. */
  sliceMm: number({ above: 0 }).optional(),
});

export type CtPhantomOptions = OptionsOf<typeof ctPhantomParameters>;
export type CtScan = PhantomScan<PatientGeometry, CtDiagnosis>;

/** Height of the middle and extent along z, in the torso's coordinates. */
const REGIONS = {
  abdomen: { middleMm: -78, extentMm: 176, phase: "venous" },
  chest: { middleMm: 78, extentMm: 256, phase: "plain" },
} as const;

const FIELD_MM = 400;

/**
 * Axial CT of one patient each: abdomen in the portal venous phase with cysts or metastases of the liver, or chest
 * without contrast medium with nodules. See `CT_MODEL` and `TISSUES` for the distributions.
 */
export function ctPhantoms(options: CtPhantomOptions = {}): DrawnList<CtScan> {
  const settings = checkParameters(ctPhantomParameters, options, "CT phantom");
  return drawnList(settings.count, (index) => drawCt(settings, index));
}

function drawCt(settings: SettingsOf<typeof ctPhantomParameters>, index: number): CtScan {
  const { seed, region } = settings;
  const random = randomStream({ seed, purpose: `phantom/ct/${region}`, sample: index });
  const patient = drawScanPatient(index, random);
  const diagnosis = drawCtDiagnosis(region, random);
  const torso = drawTorso(patient, random);
  const canvas = canvasOf(settings);
  const warp = smoothField(canvas, 32, random);
  const fine = smoothField(canvas, 11, random);
  paintWall(canvas, torso, warp);
  paintAbdomen(canvas, torso, { warp, loops: fine, posture: "supine" });
  paintBones(canvas, torso);
  paintChest(canvas, torso, warp, random);
  paintTable(canvas, torso);
  const lesions = drawCtLesions(diagnosis, region, canvas, random);
  const rough = lesions.length > 0 ? smoothField(canvas, 5, random) : fine;
  const geometry = geometryOf(canvas);
  lesions.forEach((lesion, n) => {
    paintCtLesion(canvas, lesion, rough, n);
  });
  const mask = makeImage({ geometry, data: canvas.labels });
  const site = CT_MODEL.sites[patient.site];
  const data = huOf(canvas, REGIONS[region].phase, lesions, { warp, fine }, site.offsetHu);
  addCtNoiseInPlace(data, canvas.size, canvas.spacing, site.noiseHu * noiseOf(canvas), random);
  return {
    index,
    modality: "CT",
    patient,
    diagnosis,
    image: makeImage({
      geometry,
      data: Int16Array.from(data, (hu) => Math.max(-1024, Math.round(hu))),
      unit: "HU",
    }),
    mask,
    structures: {
      ...tissueLabels(),
      ...Object.fromEntries(lesions.map(({ kind }, n) => [`${kind} ${n + 1}`, FINDING_LABEL + n])),
    },
    findings: findingsIn(mask, drawnFindings(lesions)),
    acquisition: {
      KVP: site.kvp,
      SliceThickness: canvas.spacing[2],
      ContrastBolusAgent: region === "abdomen" ? "iodine" : "",
    },
  };
}

function canvasOf({
  region,
  size,
  slices,
  spacingMm = FIELD_MM / size,
  sliceMm,
}: SettingsOf<typeof ctPhantomParameters>): Canvas {
  const { middleMm, extentMm } = REGIONS[region];
  const spacing: Triple = [spacingMm, spacingMm, sliceMm ?? extentMm / slices];
  return makeCanvas([size, size, slices], spacing, [0, 12, middleMm]);
}

function geometryOf({ size, spacing, origin }: Canvas): PatientGeometry {
  return patientGeometry({ size, spacing, origin, direction: IDENTITY });
}

/** Noise falls with the volume that a voxel averages over: √ of the slice, and less within it. */
function noiseOf({ spacing: [s, , slice] }: Canvas): number {
  return Math.sqrt(5 / slice) * Math.min(1, 0.8 / s) ** 0.5;
}

/** CT numbers of the labels, each organ a little uneven, edges softened as by the size of the focus. */
function huOf(
  { labels, size, spacing }: Canvas,
  phase: "plain" | "venous",
  lesions: readonly CtLesion[],
  { warp, fine }: { warp: Float32Array; fine: Float32Array },
  offset: number,
): Float32Array {
  const hu = tissueHu(phase);
  const uneven = new Float32Array(64).fill(4);
  for (const name of ["right lung", "left lung"] as const) uneven[TISSUES[name].label] = 22;
  for (const name of ["cancellous bone", "cortical bone"] as const)
    uneven[TISSUES[name].label] = 30;
  uneven[TISSUES.bowel.label] = 14;
  uneven[TISSUES.table.label] = 0;
  uneven[TISSUES.muscle.label] = 7;
  uneven[0] = 0;
  lesions.forEach(({ rimHu }, n) => {
    hu[FINDING_LABEL + n] = rimHu;
  });
  const data = new Float32Array(labels.length);
  for (let at = 0; at < data.length; at++) {
    const label = labels[at];
    data[at] =
      hu[label] +
      offset * (label === 0 ? 0 : 1) +
      uneven[label] * (0.7 * fine[at] + 0.5 * warp[at]);
  }
  const share = (mm: number) => Math.min(0.25, 0.28 / mm);
  softenInPlace(data, size, [share(spacing[0]), share(spacing[1]), 0.08]);
  return data;
}
