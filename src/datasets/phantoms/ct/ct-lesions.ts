// Findings in CT: cysts and metastases of the liver, nodules of the lung.

import type { RandomStream, Triple } from "../../../base/index.ts";
import { FINDING_LABEL, TISSUES } from "../torso/tissues.ts";
import { boundsAround, type Canvas, paint } from "../volumes/canvas.ts";
import { drawWord, uniformIn } from "../volumes/draw.ts";
import type { DrawnFinding } from "../volumes/findings.ts";

export type CtRegion = "abdomen" | "chest";
export type CtDiagnosis = "none" | "cysts" | "metastases" | "benign nodule" | "lung cancer";

/**
 * | drawn | distribution |
 * |---|---|
 * | abdomen | none 0.4, cysts 0.3, metastases 0.3 |
 * | chest | none 0.4, benign nodule 0.3, lung cancer 0.3 |
 * | cysts | 1 … 4, radius 5 … 20 mm, round, sharp, N(8, 3) HU |
 * | metastases | 2 … 7, radius 5 … 18 mm, uneven, blurred, 35 … 50 HU below the liver, darker in the middle |
 * | benign nodule | 1, radius 3 … 6 mm, smooth; half calcified at 350 HU, else 30 HU |
 * | lung cancer | 1, radius 8 … 17 mm, spiculated, 40 HU |
 */
export const CT_MODEL = {
  diagnoses: {
    abdomen: { none: 0.4, cysts: 0.3, metastases: 0.3 },
    chest: { none: 0.4, "benign nodule": 0.3, "lung cancer": 0.3 },
  },
  sites: {
    A: { noiseHu: 11, kvp: 120, offsetHu: 0 },
    B: { noiseHu: 19, kvp: 100, offsetHu: 4 },
  },
} as const;

export function drawCtDiagnosis(region: CtRegion, random: RandomStream): CtDiagnosis {
  return drawWord<CtDiagnosis>(CT_MODEL.diagnoses[region] as Record<CtDiagnosis, number>, random);
}

/** A finding to be painted. */
export interface CtLesion {
  readonly kind: "cyst" | "metastasis" | "nodule";
  readonly centre: Triple;
  readonly radius: number;
  /** CT number at the rim and in the middle. */
  readonly rimHu: number;
  readonly coreHu: number;
  /** How far the outline strays from a sphere, as a part of the radius. */
  readonly roughness: number;
}

const LESION_TISSUES = { abdomen: ["liver"], chest: ["right lung", "left lung"] } as const;

/** Draws the lesions of a diagnosis at places where they fit into their organ. */
export function drawCtLesions(
  diagnosis: CtDiagnosis,
  region: CtRegion,
  canvas: Canvas,
  random: RandomStream,
): CtLesion[] {
  const organs = LESION_TISSUES[region].map((name) => TISSUES[name].label as number);
  const count = {
    none: 0,
    cysts: 1 + random.integer(4),
    metastases: 2 + random.integer(6),
    "benign nodule": 1,
    "lung cancer": 1,
  }[diagnosis];
  const lesions: CtLesion[] = [];
  for (let n = 0; n < count; n++) {
    const lesion = drawLesion(diagnosis, random);
    const centre = findRoom(canvas, organs, lesion.radius, lesions, random);
    if (centre) lesions.push({ ...lesion, centre });
  }
  return lesions;
}

function drawLesion(diagnosis: CtDiagnosis, random: RandomStream): Omit<CtLesion, "centre"> {
  if (diagnosis === "cysts") {
    const hu = 8 + 3 * random.normal();
    return {
      kind: "cyst",
      radius: uniformIn(5, 20, random),
      rimHu: hu,
      coreHu: hu,
      roughness: 0.02,
    };
  }
  if (diagnosis === "metastases") {
    const rimHu = uniformIn(58, 74, random);
    return {
      kind: "metastasis",
      radius: uniformIn(5, 18, random),
      rimHu,
      coreHu: rimHu - uniformIn(8, 26, random),
      roughness: 0.12,
    };
  }
  if (diagnosis === "benign nodule") {
    const hu = random.uniform() < 0.5 ? 350 : 30;
    return {
      kind: "nodule",
      radius: uniformIn(3, 6, random),
      rimHu: hu,
      coreHu: hu,
      roughness: 0.04,
    };
  }
  return {
    kind: "nodule",
    radius: uniformIn(8, 17, random),
    rimHu: 30,
    coreHu: 46,
    roughness: 0.2,
  };
}

/** Tries places until sphere and organ agree: at the centre and near the surface along all axes. */
function findRoom(
  { labels, size, spacing, origin }: Canvas,
  organs: readonly number[],
  radius: number,
  others: readonly CtLesion[],
  random: RandomStream,
): Triple | undefined {
  const within = (n: number, axis: number) => n >= 0 && n < size[axis];
  for (let attempt = 0; attempt < 4000; attempt++) {
    const index = size.map((n) => random.integer(n));
    const centre = index.map((n, a) => origin[a] + n * spacing[a]) as unknown as Triple;
    const apart = others.every(
      (o) => Math.hypot(...centre.map((c, a) => c - o.centre[a])) > o.radius + radius,
    );
    const labelAt = (i: number, j: number, k: number) => labels[(k * size[1] + j) * size[0] + i];
    const fits = [0, 1, 2].every((axis) =>
      [-1, 0, 1].every((side) => {
        const at = index.map((n, a) =>
          a === axis ? n + side * Math.round((0.75 * radius) / spacing[a]) : n,
        );
        return at.every(within) && organs.includes(labelAt(at[0], at[1], at[2]));
      }),
    );
    if (apart && fits) return centre;
  }
  return undefined;
}

/** The lesions as findings, labelled in order. */
export function drawnFindings(lesions: readonly CtLesion[]): DrawnFinding[] {
  return lesions.map(({ kind, radius }, n) => ({
    kind,
    label: FINDING_LABEL + n,
    diameterMm: 2 * radius,
  }));
}

/** Paints a lesion; `rough` is a field of unit variance. */
export function paintCtLesion(
  canvas: Canvas,
  lesion: CtLesion,
  rough: Float32Array,
  number: number,
): void {
  const { centre, radius, roughness } = lesion;
  const reach = 1.9 * radius;
  paint(
    canvas,
    boundsAround(centre, [reach, reach, reach]),
    FINDING_LABEL + number,
    (x, y, z, at) => {
      const off = Math.hypot(x - centre[0], y - centre[1], z - centre[2]) / radius;
      const stray = Math.max(-1.5, Math.min(2.2, rough[at]));
      return off < 1 + roughness * stray;
    },
  );
}
