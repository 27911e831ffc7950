// What lies below the probe: a breast for a linear one, a liver for a convex one, each with at most one lesion.

import type { RandomStream, Triple } from "../../../base/index.ts";
import { type Outline, outlineOf, radiusAt } from "../outline.ts";
import { type Canvas, EVERYWHERE, paint, paintTube } from "../volumes/canvas.ts";
import { drawWord, normalAround, uniformIn } from "../volumes/draw.ts";
import type { DrawnFinding } from "../volumes/findings.ts";
import { smoothField } from "../volumes/smooth-field.ts";
import { ECHO_TISSUES, type EchoTissue, FINDING_LABEL, LESION_TISSUES } from "./tissues.ts";

export type UltrasoundDiagnosis = "none" | "cyst" | "benign solid" | "malignant";

/**
 * | drawn | distribution |
 * |---|---|
 * | diagnosis | none 0.2, cyst 0.25, benign solid 0.25, malignant 0.3 |
 * | cyst | half axes 4 … 9 mm (liver: 8 … 20), smooth, no echoes; sound is stronger behind it |
 * | benign solid, breast | half axes 4 … 8 mm, 1.5 times as wide as deep, slightly lobed; one in four with a coarse calcification and its shadow |
 * | benign solid, liver | haemangioma, 7 … 14 mm, bright, sharp |
 * | malignant | breast: 4 … 8 mm, deeper than wide, spiculated, shadow behind, specks of lime; liver: 9 … 18 mm with a dark rim |
 * | site A | electronic noise −44 dB, gain −20 dB |
 * | site B | electronic noise −32 dB, gain −25 dB |
 */
export const ULTRASOUND_MODEL = {
  diagnoses: { none: 0.2, cyst: 0.25, "benign solid": 0.25, malignant: 0.3 },
  sites: {
    A: { noiseDb: -44, gainDb: -20 },
    B: { noiseDb: -32, gainDb: -25 },
  },
} as const;

/** A lesion with its outline around a centre. */
interface EchoLesion {
  readonly finding: DrawnFinding;
  readonly tissue: Omit<EchoTissue, "label">;
}

export interface Scene {
  readonly lesion: EchoLesion | undefined;
  /** Changes of scattering within tissues: fields of unit variance, coarse and fine. */
  readonly coarse: Float32Array;
  readonly fine: Float32Array;
}

export function drawUltrasoundDiagnosis(random: RandomStream): UltrasoundDiagnosis {
  return drawWord(ULTRASOUND_MODEL.diagnoses, random);
}

const label = (name: keyof typeof ECHO_TISSUES) => ECHO_TISSUES[name].label;

/** Skin, fat with septa, glands, muscle, ribs and lung. */
export function paintBreast(
  canvas: Canvas,
  diagnosis: UltrasoundDiagnosis,
  depthMm: number,
  random: RandomStream,
): Scene {
  const coarse = smoothField(canvas, 6, random);
  const wave = smoothField(canvas, 13, random);
  const fine = smoothField(canvas, 1.6, random);
  const layers = [
    1.8,
    normalAround(0.24, 0.05, random) * depthMm,
    normalAround(0.66, 0.04, random) * depthMm,
    0.71 * depthMm,
    0.9 * depthMm,
  ];
  const names = ["skin", "fat", "gland", "fat", "muscle", "lung"] as const;
  names.forEach((name, n) => {
    const from = n === 0 ? -1 : layers[n - 1];
    const bend = n < 2 ? 0.15 : n < 4 ? 1.6 : 0.4;
    paint(canvas, EVERYWHERE, label(name), (_x, y, _z, at) => y > from + bend * wave[at]);
  });
  paintSepta(canvas, wave, coarse, layers[1]);
  paintRibs(canvas, layers[4], random);
  const middle: Triple = [uniformIn(-7, 7, random), uniformIn(0.36, 0.5, random) * depthMm, 0];
  return { lesion: paintBreastLesion(canvas, diagnosis, middle, random), coarse, fine };
}

/** Thin sheets in fat, and lobules of fat between glands. */
function paintSepta(
  canvas: Canvas,
  wave: Float32Array,
  coarse: Float32Array,
  fatEnd: number,
): void {
  const { labels } = canvas;
  paint(
    canvas,
    EVERYWHERE,
    label("septa"),
    (_x, _y, _z, at) => labels[at] === label("fat") && Math.abs(coarse[at] + 0.3 * wave[at]) < 0.05,
  );
  paint(
    canvas,
    EVERYWHERE,
    label("fat"),
    (_x, y, _z, at) => labels[at] === label("gland") && coarse[at] > 1.15 && y > fatEnd,
  );
}

function paintRibs(canvas: Canvas, depth: number, random: RandomStream): void {
  const shift = uniformIn(-9, 9, random);
  for (const place of [-18 + shift, 12 + shift]) {
    paint(
      canvas,
      EVERYWHERE,
      label("bone"),
      (x, y) => ((x - place) / 6) ** 2 + ((y - depth) / 3) ** 2 < 1,
    );
  }
}

function paintBreastLesion(
  canvas: Canvas,
  diagnosis: UltrasoundDiagnosis,
  centre: Triple,
  random: RandomStream,
): EchoLesion | undefined {
  if (diagnosis === "none") return undefined;
  const malignant = diagnosis === "malignant";
  const radius = diagnosis === "cyst" ? uniformIn(4, 9, random) : uniformIn(4, 8, random);
  const flat = malignant ? 0.85 : diagnosis === "cyst" ? uniformIn(1, 1.35, random) : 1.5;
  const outline = drawOutline(radius, malignant ? "spiculated" : "lobed", random);
  if (malignant) paintOutline(canvas, outline, centre, flat, 1.18, label("septa"));
  paintOutline(canvas, outline, centre, flat, 1, FINDING_LABEL);
  if (malignant) paintSpecks(canvas, centre, radius, random);
  if (diagnosis === "benign solid" && random.uniform() < 0.25) {
    const [x, y] = centre;
    paint(
      canvas,
      EVERYWHERE,
      label("calcification"),
      (px, py) => ((px - x) / 1.8) ** 2 + ((py - y + 0.3 * radius) / 0.8) ** 2 < 1,
    );
  }
  return lesionOf(diagnosis, radius * Math.max(flat, 1), LESION_TISSUES[diagnosis]);
}

/** Specks of lime inside a malignant lesion. */
function paintSpecks(canvas: Canvas, centre: Triple, radius: number, random: RandomStream): void {
  const reach = Math.max(0.12, 0.6 * canvas.spacing[0]);
  for (let n = 0; n < 6; n++) {
    const at: Triple = [
      centre[0] + 0.35 * radius * random.normal(),
      centre[1] + 0.35 * radius * random.normal(),
      0,
    ];
    paintTube(
      canvas,
      [
        { at, radius: reach },
        { at, radius: reach },
      ],
      label("septa"),
    );
  }
}

/** Fat, muscle, liver with vessels, the diaphragm and what lies behind it. */
export function paintLiver(
  canvas: Canvas,
  diagnosis: UltrasoundDiagnosis,
  depthMm: number,
  random: RandomStream,
): Scene {
  const coarse = smoothField(canvas, 14, random);
  const fine = smoothField(canvas, 3.5, random);
  const wave = smoothField(canvas, 34, random);
  const fat = normalAround(14, 3, random);
  const layers: [keyof typeof ECHO_TISSUES, number][] = [
    ["skin", -20],
    ["fat", 2],
    ["muscle", fat],
    ["liver", fat + 11],
  ];
  for (const [name, from] of layers) {
    paint(
      canvas,
      EVERYWHERE,
      label(name),
      (x, y, _z, at) => y + 0.0016 * x * x > from + (from > 2 ? 1.2 * wave[at] : 0),
    );
  }
  const dome = { x: uniformIn(-25, 5, random), y: 0.3 * depthMm, radius: 0.56 * depthMm };
  const beyond = (x: number, y: number, at: number) =>
    Math.hypot(x - dome.x, (y - dome.y) * 1.02) - dome.radius - 1.5 * wave[at];
  paint(canvas, EVERYWHERE, label("diaphragm"), (x, y, _z, at) => beyond(x, y, at) > 0);
  paint(canvas, EVERYWHERE, label("lung"), (x, y, _z, at) => beyond(x, y, at) > 1.5);
  paintLiverVessels(canvas, depthMm, random);
  const centre: Triple = [
    dome.x + uniformIn(-24, 24, random),
    uniformIn(0.36, 0.58, random) * depthMm,
    0,
  ];
  return { lesion: paintLiverLesion(canvas, diagnosis, centre, random), coarse, fine };
}

/** Portal veins with bright walls, hepatic veins without. */
function paintLiverVessels(canvas: Canvas, depthMm: number, random: RandomStream): void {
  const inLiver = (at: number) =>
    canvas.labels[at] === label("liver") || canvas.labels[at] === label("vessel walls");
  const count = 5 + random.integer(4);
  for (let n = 0; n < count; n++) {
    let at: Triple = [uniformIn(-55, 45, random), uniformIn(0.3, 0.75, random) * depthMm, 0];
    let angle = uniformIn(0, 2 * Math.PI, random);
    let radius = uniformIn(1.6, 4.2, random);
    const walls = random.uniform() < 0.55;
    for (let part = 0; part < 9; part++) {
      const to: Triple = [at[0] + 5 * Math.cos(angle), at[1] + 4 * Math.sin(angle), 0];
      const tube = (more: number) => [
        { at, radius: radius + more },
        { at: to, radius: 0.93 * radius + more },
      ];
      if (walls)
        paintTube(
          canvas,
          tube(0.9),
          label("vessel walls"),
          (v) => canvas.labels[v] === label("liver"),
        );
      paintTube(canvas, tube(0), label("vessels"), inLiver);
      at = to;
      angle += 0.22 * random.normal();
      radius *= 0.93;
    }
  }
}

function paintLiverLesion(
  canvas: Canvas,
  diagnosis: UltrasoundDiagnosis,
  centre: Triple,
  random: RandomStream,
): EchoLesion | undefined {
  if (diagnosis === "none") return undefined;
  const range = { cyst: [8, 14], "benign solid": [7, 13], malignant: [9, 13.5] } as const;
  const [least, most] = range[diagnosis];
  const radius = uniformIn(least, most, random);
  const outline = drawOutline(radius, "lobed", random);
  if (diagnosis === "malignant") {
    paintOutline(canvas, outline, centre, 1.05, 1.25, label("muscle"));
  }
  paintOutline(canvas, outline, centre, 1.05, 1, FINDING_LABEL);
  const tissue =
    diagnosis === "benign solid" ? LESION_TISSUES.haemangioma : LESION_TISSUES[diagnosis];
  return lesionOf(
    diagnosis,
    radius * 1.05,
    diagnosis === "malignant" ? { ...tissue, echoDb: -7, lossDb: 0.62 } : tissue,
  );
}

function lesionOf(kind: string, halfMm: number, tissue: Omit<EchoTissue, "label">): EchoLesion {
  return { finding: { kind, label: FINDING_LABEL, diameterMm: 2 * halfMm }, tissue };
}

function drawOutline(
  radiusMm: number,
  form: "lobed" | "spiculated",
  random: RandomStream,
): Outline {
  const rough = form === "spiculated" ? 0.09 : 0.025;
  const waves = [2, 3, 4, 5].map((order) => ({
    order,
    amplitude: rough * random.normal(),
    phaseRad: uniformIn(0, 2 * Math.PI, random),
  }));
  const count = form === "spiculated" ? 9 + random.integer(6) : 0;
  const spicules = Array.from({ length: count }, () => ({
    angleRad: uniformIn(0, 2 * Math.PI, random),
    length: uniformIn(0.1, 0.36, random),
    widthRad: uniformIn(0.05, 0.12, random),
  }));
  return outlineOf({ radiusMm, waves, spicules });
}

/** Paints an outline, stretched across by `flat` and grown by `factor`. */
function paintOutline(
  canvas: Canvas,
  outline: Outline,
  [cx, cy]: Triple,
  flat: number,
  factor: number,
  value: number,
) {
  const reach = Math.max(...outline) * Math.max(1, flat) * factor;
  const bounds = {
    from: [cx - reach, cy - reach, -1e3],
    to: [cx + reach, cy + reach, 1e3],
  } as const;
  paint(canvas, bounds, value, (x, y) => {
    const [u, v] = [(x - cx) / flat, y - cy];
    return Math.hypot(u, v) < factor * radiusAt(outline, Math.atan2(v, u) % (2 * Math.PI));
  });
}
