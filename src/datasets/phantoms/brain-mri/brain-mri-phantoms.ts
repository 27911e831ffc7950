// Magnetic resonance images of heads that are drawn, not taken.

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
  type RandomStream,
  randomStream,
  type SettingsOf,
} from "../../../base/index.ts";
import { type Canvas, makeCanvas } from "../volumes/canvas.ts";
import { drawScanPatient } from "../volumes/draw.ts";
import { type DrawnList, drawnList } from "../volumes/drawn-list.ts";
import { findingsIn } from "../volumes/findings.ts";
import type { PhantomScan } from "../volumes/scan.ts";
import { smoothField } from "../volumes/smooth-field.ts";
import { softenInPlace } from "../volumes/soften.ts";
import {
  BRAIN_MRI_MODEL,
  type BrainDiagnosis,
  type BrainFinding,
  drawBrainDiagnosis,
  paintBrainFindings,
} from "./brain-lesions.ts";
import { drawHead, FOLD_SCALE_MM, paintHead } from "./head.ts";
import { MR_SEQUENCES, type MrSequence, mrSignal } from "./signal.ts";
import { FINDING_TISSUES, MR_TISSUES } from "./tissues.ts";

export const brainMriPhantomParameters = parameters({
  count: integer({ min: 1, max: 1_000_000 }).default(100),
  seed: integer({ min: 0 }).default(0),
  /** The same heads are drawn for each. */
  contrast: oneOf("T1", "T2", "FLAIR").default("T1"),
  /** Voxels along i and j. */
  size: integer({ min: 32, max: 1024 }).default(128),
  slices: integer({ min: 1, max: 1024 }).default(32),
  /** Of voxels within a slice; by default 230 mm over `size`. */
  spacingMm: number({ above: 0 }).optional(),
  /** From slice to slice; by default 176 mm over `slices`. */
  sliceMm: number({ above: 0 }).optional(),
});

export type BrainMriPhantomOptions = OptionsOf<typeof brainMriPhantomParameters>;
export type BrainMriScan = PhantomScan<PatientGeometry, BrainDiagnosis>;

type Settings = SettingsOf<typeof brainMriPhantomParameters>;

/**
 * Axial images of one patient each, T1 after gadolinium, T2 or FLAIR, with a bias field and Rician noise. See
 * `BRAIN_MRI_MODEL` and `MR_TISSUES` for the distributions.
 */
export function brainMriPhantoms(options: BrainMriPhantomOptions = {}): DrawnList<BrainMriScan> {
  const settings = checkParameters(brainMriPhantomParameters, options, "brain MRI phantom");
  return drawnList(settings.count, (index) => drawScan(settings, index));
}

function drawScan(settings: Settings, index: number): BrainMriScan {
  const { seed, contrast } = settings;
  const random = randomStream({ seed, purpose: "phantom/brain-mri", sample: index });
  const patient = drawScanPatient(index, random);
  const diagnosis = drawBrainDiagnosis(random);
  const head = drawHead(patient, random);
  const canvas = canvasOf(settings);
  const low = smoothField(canvas, 30, random);
  const folds = smoothField(canvas, FOLD_SCALE_MM, random);
  paintHead(canvas, head, { low, folds, fine: smoothField(canvas, 3.6, random) });
  const found = paintBrainFindings(canvas, diagnosis, folds, random);
  const { size, spacing, origin } = canvas;
  const geometry = patientGeometry({ size, spacing, origin, direction: IDENTITY });
  const mask = makeImage({ geometry, data: canvas.labels });
  const sequence = MR_SEQUENCES[contrast];
  const site = BRAIN_MRI_MODEL.sites[patient.site];
  // Noise and field of their own, so that the contrasts of one head differ in them.
  const scanning = randomStream({ seed, purpose: `phantom/brain-mri/${contrast}`, sample: index });
  const data = signalOf(canvas, found, sequence, { low, bias: site.bias }, scanning);
  addRicianNoiseInPlace(
    data,
    site.noise * mrSignal(MR_TISSUES["white matter"], sequence),
    scanning,
  );
  return {
    index,
    modality: "MR",
    patient,
    diagnosis,
    image: makeImage({ geometry, data: Uint16Array.from(data, Math.round) }),
    mask,
    structures: structuresOf(found),
    findings: findingsIn(mask, found),
    acquisition: acquisitionOf(contrast, sequence, spacing[2]),
  };
}

function canvasOf({
  size,
  slices,
  spacingMm = 230 / size,
  sliceMm = 176 / slices,
}: Settings): Canvas {
  return makeCanvas([size, size, slices], [spacingMm, spacingMm, sliceMm], [0, 3, 8]);
}

/** The signal of each label, a little uneven, edges softened, under the coil's uneven sensitivity. */
function signalOf(
  canvas: Canvas,
  found: readonly BrainFinding[],
  sequence: MrSequence,
  { low, bias }: { low: Float32Array; bias: number },
  random: RandomStream,
): Float32Array {
  const { labels, size, spacing } = canvas;
  const levels = new Float32Array(64);
  for (const tissue of Object.values(MR_TISSUES)) levels[tissue.label] = mrSignal(tissue, sequence);
  for (const { kind, label } of found) levels[label] = mrSignal(FINDING_TISSUES[kind], sequence);
  const data = new Float32Array(labels.length);
  for (let at = 0; at < data.length; at++) data[at] = levels[labels[at]] * (1 + 0.02 * low[at]);
  const share = (mm: number) => Math.min(0.22, 0.2 / mm);
  softenInPlace(data, size, [
    share(spacing[0]),
    share(spacing[1]),
    Math.min(0.1, 0.1 / spacing[2]),
  ]);
  const field = smoothField(canvas, 95, random);
  for (let at = 0; at < data.length; at++) data[at] *= Math.max(0.2, 1 + bias * field[at]);
  return data;
}

/** The length of a complex number whose parts carry noise: Gudbjartsson, Patz, Magn Reson Med 34 (1995). */
function addRicianNoiseInPlace(data: Float32Array, sd: number, random: RandomStream): void {
  for (let at = 0; at < data.length; at++) {
    const real = data[at] + sd * random.normal();
    const imaginary = sd * random.normal();
    data[at] = Math.sqrt(real * real + imaginary * imaginary);
  }
}

function structuresOf(found: readonly BrainFinding[]): Record<string, number> {
  const tissues = Object.entries(MR_TISSUES).map(([name, { label }]) => [name, label]);
  const findings = found.map(({ kind, label }, n) => [`${kind} ${n + 1}`, label]);
  return Object.fromEntries([...tissues, ...findings]);
}

function acquisitionOf(
  contrast: Settings["contrast"],
  { repetitionMs, echoMs, inversionMs }: MrSequence,
  sliceMm: number,
): Record<string, number | string> {
  return {
    MagneticFieldStrength: 3,
    RepetitionTime: repetitionMs,
    EchoTime: echoMs,
    ...(inversionMs !== undefined && { InversionTime: inversionMs }),
    SliceThickness: sliceMm,
    ScanningSequence: inversionMs === undefined ? "SE" : "IR",
    ContrastBolusAgent: contrast === "T1" ? "gadolinium" : "",
  };
}
