// Findings in brains: plaques of white matter around the ventricles, and tumours with oedema and necrosis.

import type { RandomStream, Triple } from "../../../base/index.ts";
import { boundsAround, type Canvas, paint } from "../volumes/canvas.ts";
import { drawWord, uniformIn } from "../volumes/draw.ts";
import type { DrawnFinding } from "../volumes/findings.ts";
import { FINDING_LABEL, MR_TISSUES } from "./tissues.ts";

export type BrainDiagnosis = "none" | "white matter lesions" | "tumour";

/**
 * | drawn | distribution |
 * |---|---|
 * | diagnosis | none 0.4, white matter lesions 0.3, tumour 0.3 |
 * | plaques | 4 … 14, half axes 2.5 … 7 mm, longest away from the ventricles |
 * | tumour | 1, radius 9 … 20 mm, rim 3 … 6 mm around necrosis where larger than 12 mm, oedema 6 … 16 mm beyond |
 * | site A | noise 1 / 32 of white matter, bias field of 12 % |
 * | site B | noise 1 / 20 of white matter, bias field of 26 % |
 */
export const BRAIN_MRI_MODEL = {
  diagnoses: { none: 0.4, "white matter lesions": 0.3, tumour: 0.3 },
  sites: {
    A: { noise: 1 / 32, bias: 0.12 },
    B: { noise: 1 / 20, bias: 0.26 },
  },
} as const;

/** A finding as it was painted, with label `FINDING_LABEL` and up. */
export interface BrainFinding extends DrawnFinding {
  readonly kind: "lesion" | "tumour";
}

export function drawBrainDiagnosis(random: RandomStream): BrainDiagnosis {
  return drawWord(BRAIN_MRI_MODEL.diagnoses, random);
}

/** Paints what the diagnosis brings; `rough` is a field of unit variance. */
export function paintBrainFindings(
  canvas: Canvas,
  diagnosis: BrainDiagnosis,
  rough: Float32Array,
  random: RandomStream,
): BrainFinding[] {
  if (diagnosis === "none") return [];
  if (diagnosis === "tumour") return paintTumour(canvas, rough, random);
  const count = 4 + random.integer(11);
  return Array.from({ length: count }, (_, n) =>
    paintPlaque(canvas, FINDING_LABEL + n, rough, random),
  );
}

const WHITE = MR_TISSUES["white matter"].label;
const BRAIN = new Set<number>([2, 3, 4]);

/** Plaques lie 12 … 34 mm off the median plane beside the ventricles, across their walls. */
function paintPlaque(
  canvas: Canvas,
  label: number,
  rough: Float32Array,
  random: RandomStream,
): BrainFinding {
  const side = random.uniform() < 0.5 ? -1 : 1;
  const centre: Triple = [
    side * uniformIn(14, 34, random),
    uniformIn(-38, 56, random),
    uniformIn(14, 38, random),
  ];
  const long = uniformIn(3, 7, random);
  const [across, high] = [uniformIn(2.5, 5, random), uniformIn(2.5, 5, random)];
  const tilt = 0.4 * random.normal();
  paint(canvas, boundsAround(centre, [12, 12, 12]), label, (x, y, z, at) => {
    const [dx, dy, dz] = [x - centre[0], y - centre[1], z - centre[2]];
    const u = (dx + tilt * dy) / long;
    const v = (dy - tilt * dx) / across;
    const level = Math.sqrt(u * u + v * v + (dz / high) ** 2);
    return level < 1 + 0.12 * rough[at] && canvas.labels[at] === WHITE;
  });
  return { kind: "lesion", label, diameterMm: 2 * long };
}

function paintTumour(canvas: Canvas, rough: Float32Array, random: RandomStream): BrainFinding[] {
  const radius = uniformIn(9, 20, random);
  const side = random.uniform() < 0.5 ? -1 : 1;
  const centre: Triple = [
    side * uniformIn(22, 40, random),
    uniformIn(-45, 50, random),
    uniformIn(12, 42, random),
  ];
  const beyond = uniformIn(6, 16, random);
  const rim = uniformIn(3, 6, random);
  const reach = 1.6 * radius + 2 * beyond;
  const bounds = boundsAround(centre, [reach, reach, reach]);
  const off = (x: number, y: number, z: number, at: number, share: number) =>
    Math.hypot(x - centre[0], y - centre[1], z - centre[2]) -
    share * radius * Math.max(-1.5, Math.min(1.5, rough[at]));
  // Oedema spreads along white matter and spares the cortex.
  paint(
    canvas,
    bounds,
    MR_TISSUES.oedema.label,
    (x, y, z, at) => canvas.labels[at] === WHITE && off(x, y, z, at, 0.35) < radius + beyond,
  );
  const inside = (at: number) =>
    BRAIN.has(canvas.labels[at]) || canvas.labels[at] === MR_TISSUES.oedema.label;
  paint(
    canvas,
    bounds,
    FINDING_LABEL,
    (x, y, z, at) => inside(at) && off(x, y, z, at, 0.16) < radius,
  );
  if (radius > 12) {
    paint(
      canvas,
      bounds,
      MR_TISSUES.necrosis.label,
      (x, y, z, at) => canvas.labels[at] === FINDING_LABEL && off(x, y, z, at, 0.2) < radius - rim,
    );
  }
  return [{ kind: "tumour", label: FINDING_LABEL, diameterMm: 2 * radius }];
}
