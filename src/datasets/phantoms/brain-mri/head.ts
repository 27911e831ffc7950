// The anatomy of a head: scalp, skull and fluid around a brain whose cortex folds along the zeros of a random field.

import type { RandomStream, Triple } from "../../../base/index.ts";
import {
  boundsAround,
  type Canvas,
  EVERYWHERE,
  ellipsoidLevel,
  paint,
  paintTube,
} from "../volumes/canvas.ts";
import { normalAround } from "../volumes/draw.ts";
import type { ScanPatient } from "../volumes/scan.ts";
import { MR_TISSUES } from "./tissues.ts";

/** What differs between heads, in mm. x to the left, y posterior, z superior; the third ventricle lies about the origin. */
export interface Head {
  /** Half axes of the brain and its middle. */
  readonly brain: { readonly centre: Triple; readonly radius: Triple };
  /** Width of sulci; grows with age. */
  readonly sulcus: number;
  /** Ventricles against those of a young adult. */
  readonly ventricles: number;
  readonly cortex: number;
  readonly sulcusDepth: number;
}

/** Sulci and ventricles widen with age (Scahill et al., Archives of Neurology 60, 2003: faster beyond 50 years). */
export function drawHead({ sex, ageYears }: ScanPatient, random: RandomStream): Head {
  const size = (sex === "F" ? 0.97 : 1) * normalAround(1, 0.025, random);
  const long = normalAround(1, 0.025, random);
  const ageing = Math.max(0, ageYears - 40) / 40;
  return {
    brain: { centre: [0, 3, 12], radius: [67 * size, 84 * size * long, 64 * size] },
    sulcus: 0.35 + 0.65 * ageing + 0.12 * Math.abs(normalAround(0, 1, random)),
    ventricles: 0.85 + 0.5 * ageing + 0.1 * normalAround(0, 1, random),
    cortex: normalAround(2.9, 0.15, random) - 0.25 * ageing,
    sulcusDepth: normalAround(15, 1.5, random),
  };
}

/** Fields of unit variance: `low` bends, `folds` makes sulci, `fine` the leaves of the cerebellum. */
export interface HeadFields {
  readonly low: Float32Array;
  readonly folds: Float32Array;
  readonly fine: Float32Array;
}

/** Over which `folds` varies. */
export const FOLD_SCALE_MM = 5.2;

export function paintHead(canvas: Canvas, head: Head, fields: HeadFields): void {
  paintCover(canvas, head, fields);
  paintCerebellum(canvas, head, fields);
  paintCerebrum(canvas, head, fields);
  paintDeepGrey(canvas, fields);
  paintVentricles(canvas, head);
}

const label = (name: keyof typeof MR_TISSUES) => MR_TISSUES[name].label;

/** How far inside (mm, above 0) or outside the space within the skull a point lies. */
function cavityDepth({ brain }: Head, x: number, y: number, z: number): number {
  const { centre, radius } = brain;
  const upper = (1 - ellipsoidLevel({ centre, radius }, x, y, z)) * radius[0];
  const fossa = { centre: [0, 48, -32], radius: [57, 42, 40] } as const;
  const lower = (1 - ellipsoidLevel(fossa, x, y, z)) * 42;
  return Math.max(Math.min(upper, (z - floorAt(x, y)) * 0.9), Math.min(lower, upper + 14));
}

/** The floor of the skull: deepest under the temporal lobes, rising over the orbits. */
function floorAt(x: number, y: number): number {
  const temporal = Math.exp(-(((Math.abs(x) - 44) / 20) ** 2) - ((y - 4) / 30) ** 2);
  return -17 - 30 * temporal - (y > 0 ? Math.min(20, 0.3 * y) : 0);
}

/** Skin, fat, skull with its marrow, fluid; below the floor muscles, eyes and sinuses. */
function paintCover(canvas: Canvas, head: Head, { low }: HeadFields): void {
  const { radius, centre } = head.brain;
  const outer = (x: number, y: number, z: number) => {
    const up = Math.max(0, z - centre[2]) / (radius[2] + 15);
    const down = 1 + 0.0022 * Math.min(0, z - centre[2] + 30);
    const u = x / ((radius[0] + 14) * down);
    const v = (y - centre[1]) / ((radius[1] + 15) * (y > 0 && z < -20 ? down : 1));
    return (1 - Math.sqrt(u * u + v * v + up * up)) * radius[0];
  };
  paint(canvas, EVERYWHERE, label("muscle"), (x, y, z, at) => outer(x, y, z) > 0.6 * low[at]);
  paint(canvas, EVERYWHERE, label("fat of the scalp"), (x, y, z, at) => {
    const depth = outer(x, y, z) - 0.6 * low[at];
    return depth > 1.6 && depth < 5.5 + low[at];
  });
  paintFace(canvas);
  const bone = 7.4;
  paint(canvas, EVERYWHERE, label("skull"), (x, y, z, at) => {
    const depth = cavityDepth(head, x, y, z);
    return depth > -bone - 0.5 * low[at] && canvas.labels[at] !== 0 && z > -78;
  });
  paint(canvas, EVERYWHERE, label("marrow"), (x, y, z) => {
    const depth = cavityDepth(head, x, y, z);
    return depth > 0.45 - bone + 2 && depth < -3 && z > -20;
  });
  paint(canvas, EVERYWHERE, label("cerebrospinal fluid"), (x, y, z) => {
    return cavityDepth(head, x, y, z) > -1.2;
  });
}

/** Orbits with fat and eyes, and the air of nose and sinuses. */
function paintFace(canvas: Canvas): void {
  for (const side of [-1, 1]) {
    const orbit = { centre: [side * 31, -60, -32], radius: [19, 28, 17] } as const;
    paint(
      canvas,
      boundsAround(orbit.centre, orbit.radius),
      label("fat of the scalp"),
      (x, y, z) => ellipsoidLevel(orbit, x, y, z) < 1,
    );
    const eye = { centre: [side * 32, -76, -32], radius: [12, 12, 12] } as const;
    paint(
      canvas,
      boundsAround(eye.centre, eye.radius),
      label("eyes"),
      (x, y, z) => ellipsoidLevel(eye, x, y, z) < 1,
    );
    const nerve = [
      { at: [side * 30, -64, -32], radius: 2 },
      { at: [side * 12, -28, -22], radius: 2 },
    ] as const;
    paintTube(canvas, nerve, label("white matter"));
    const sinus = { centre: [side * 26, -62, -64], radius: [15, 18, 16] } as const;
    paint(
      canvas,
      boundsAround(sinus.centre, sinus.radius),
      0,
      (x, y, z) => ellipsoidLevel(sinus, x, y, z) < 1,
    );
  }
  const nose = { centre: [0, -62, -50], radius: [9, 30, 26] } as const;
  paint(
    canvas,
    boundsAround(nose.centre, nose.radius),
    0,
    (x, y, z, at) => ellipsoidLevel(nose, x, y, z) < 1 && canvas.labels[at] !== 0,
  );
}

/** A core of white matter under leaves of cortex, and the stem in front of it. */
function paintCerebellum(canvas: Canvas, head: Head, { fine, low }: HeadFields): void {
  const body = { centre: [0, 50, -38], radius: [50, 32, 25] } as const;
  const stem = [
    { at: [0, 12, -14], radius: 15 },
    { at: [0, 17, -36], radius: 14 },
    { at: [0, 24, -64], radius: 8.5 },
    { at: [0, 27, -130], radius: 6 },
  ] as const;
  const depthOf = (x: number, y: number, z: number) => {
    const vermis = Math.max(0, 1 - Math.abs(x) / 9) * Math.max(0, y - 60) * 0.25;
    return (1 - ellipsoidLevel(body, x, y, z)) * 30 - vermis;
  };
  paint(canvas, boundsAround(body.centre, body.radius), label("cerebellum"), (x, y, z, at) => {
    const depth = depthOf(x, y, z);
    // Leaves run around the body: fluid in the outermost of the gaps between them.
    return depth > 0.8 && (depth > 9 || Math.abs(fine[at]) > 0.16 + head.sulcus * 0.12);
  });
  paint(canvas, boundsAround(body.centre, body.radius), label("white matter"), (x, y, z, at) => {
    const depth = depthOf(x, y, z);
    return depth > 8 && Math.abs(fine[at]) < 0.55 + (depth - 8) * 0.16 && Math.abs(x) > 3 + low[at];
  });
  const canal = stem.slice(2).map(({ at, radius }) => ({ at, radius: radius + 4 }));
  paintTube(canvas, canal, label("cerebrospinal fluid"));
  paintTube(canvas, stem, label("brainstem"));
}

/** Cortex along the outer surface and along sulci, white matter within. */
function paintCerebrum(canvas: Canvas, head: Head, fields: HeadFields): void {
  const bounds = { from: [-90, -110, -60], to: [90, 110, 100] } as const;
  const tentorium = (x: number, y: number) =>
    -12 + 0.12 * (y - 40) + 0.004 * x * x * (y > 30 ? -1 : 0);
  const depths = (x: number, y: number, z: number, at: number) => {
    const { centre, radius } = head.brain;
    let depth = (1 - ellipsoidLevel({ centre, radius }, x, y, z)) * radius[0];
    depth = Math.min(depth, (z - floorAt(x, y)) * 0.9 - 1);
    if (y > 24) depth = Math.min(depth, z - tentorium(x, y));
    depth -= 0.3 + 0.35 * Math.abs(fields.low[at]);
    return { depth, pial: Math.min(depth, sulcusDistance(head, fields, x, y, z, at, depth)) };
  };
  const { sulcus, cortex } = head;
  paint(canvas, bounds, label("cerebrospinal fluid"), (x, y, z, at) => {
    const { depth, pial } = depths(x, y, z, at);
    return depth > 0 && pial <= sulcus;
  });
  paint(canvas, bounds, label("grey matter"), (x, y, z, at) => {
    const { depth, pial } = depths(x, y, z, at);
    return depth > 0 && pial > sulcus && pial <= sulcus + cortex;
  });
  paint(canvas, bounds, label("white matter"), (x, y, z, at) => {
    const { depth, pial } = depths(x, y, z, at);
    return depth > 0 && pial > sulcus + cortex;
  });
}

/** Distance (mm) to the nearest of the sulci, the fissure between the hemispheres and that above the temporal lobe. */
function sulcusDistance(
  { sulcusDepth }: Head,
  { folds, low }: HeadFields,
  x: number,
  y: number,
  z: number,
  at: number,
  depth: number,
): number {
  // |n| / |∇n| is the distance to a zero of n; a smooth field's mean slope is about 1 / scale.
  const sheet = 0.85 * FOLD_SCALE_MM * Math.abs(folds[at]);
  let nearest = Math.max(sheet, depth - sulcusDepth - 3 * low[at]);
  const callosum = 25 - 0.006 * (y - 5) * (y - 5);
  const between = Math.abs(x - 0.8 * low[at]) - 0.3;
  if (z > callosum + 3 || y < -46 || y > 54) nearest = Math.min(nearest, between);
  const lateral = Math.abs(x) - 33;
  if (lateral > 0 && y > -34 && y < 34) {
    const plane = Math.abs(z + 3 - 0.28 * (y + 10) - 4 * low[at] - 2 * folds[at]);
    nearest = Math.min(nearest, Math.max(plane, -lateral) + 0.3);
  }
  return nearest;
}

/** Caudate, putamen, pallidum and thalamus on both sides. */
function paintDeepGrey(canvas: Canvas, { low }: HeadFields): void {
  const nuclei: [Triple, Triple][] = [
    [
      [14, -20, 11],
      [6, 12, 10],
    ],
    [
      [26, -3, 3],
      [5.5, 16, 12],
    ],
    [
      [19, 1, 1],
      [4.5, 9, 8],
    ],
    [
      [10.5, 15, 6],
      [8.5, 14, 9],
    ],
  ];
  for (const [centre, radius] of nuclei) {
    for (const side of [-1, 1]) {
      const body = { centre: [side * centre[0], centre[1], centre[2]] as const, radius };
      paint(
        canvas,
        boundsAround(body.centre, radius),
        label("deep grey matter"),
        (x, y, z, at) => ellipsoidLevel(body, x, y, z) < 1 + 0.05 * low[at],
      );
    }
  }
}

/** Horns and bodies of the lateral ventricles, the slit of the third and the fourth before the cerebellum. */
function paintVentricles(canvas: Canvas, { ventricles }: Head): void {
  const v = label("ventricles");
  const lateral: [Triple, number][] = [
    [[10, -36, 12], 3],
    [[9, -26, 15], 5.5],
    [[9, -6, 21], 5],
    [[12, 14, 22], 5.5],
    [[20, 34, 14], 8],
    [[24, 54, 7], 4],
    [[23, 66, 5], 1.5],
  ];
  const temporal: [Triple, number][] = [
    [[23, 34, 8], 5],
    [[31, 22, -10], 3],
    [[32, 2, -22], 2],
  ];
  for (const side of [-1, 1]) {
    for (const points of [lateral, temporal]) {
      const tube = points.map(([[x, y, z], radius]) => ({
        at: [side * x, y, z] as const,
        radius: radius * ventricles,
      }));
      paintTube(canvas, tube, v);
    }
  }
  const third = boundsAround([0, 4, 1], [3, 16, 12]);
  paint(
    canvas,
    third,
    v,
    (x, y, z) =>
      ellipsoidLevel({ centre: [0, 4, 1], radius: [1.8 * ventricles, 15, 11] }, x, y, z) < 1,
  );
  const fourth = { centre: [0, 35, -38], radius: [7, 6, 11] } as const;
  paint(
    canvas,
    boundsAround(fourth.centre, fourth.radius),
    v,
    (x, y, z) => ellipsoidLevel(fourth, x, y, z) < 1,
  );
}
