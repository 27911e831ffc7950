// What lies in the upper abdomen: liver, spleen, kidneys, stomach, pancreas, bowel.

import type { Triple } from "../../../base/index.ts";
import {
  boundsAround,
  type Canvas,
  type Ellipsoid,
  ellipsoidLevel,
  paint,
  paintTube,
} from "../volumes/canvas.ts";
import { diaphragm, spineAt, type Torso } from "./anatomy.ts";
import { TISSUES } from "./tissues.ts";
import { cavityLevel } from "./wall.ts";

/** Fields of unit variance, `warp` to bend surfaces and `loops` to make bowel, and how the patient was placed. */
export interface AbdomenFields {
  readonly warp: Float32Array;
  readonly loops: Float32Array;
  readonly posture: "supine" | "upright";
}

export function paintAbdomen(canvas: Canvas, torso: Torso, fields: AbdomenFields): void {
  paintBowel(canvas, torso, fields);
  paintKidneys(canvas, torso, fields);
  paintStomach(canvas, torso, fields);
  paintSpleen(canvas, torso, fields);
  paintPancreas(canvas, torso);
  paintLiver(canvas, torso, fields);
}

/** Below the diaphragm and within the wall. */
function inBelly(torso: Torso, x: number, y: number, z: number): boolean {
  return z < diaphragm(torso, x, y) - 3 && cavityLevel(torso, x, y, z) < 0.95;
}

function scaled(torso: Torso, grown: number, centre: Triple, radius: Triple): Ellipsoid {
  const s = torso.scale;
  return {
    centre: centre.map((c) => c * s) as unknown as Triple,
    radius: radius.map((r) => r * s * grown) as unknown as Triple,
  };
}

function paintLiver(canvas: Canvas, torso: Torso, { warp }: AbdomenFields): void {
  const right = scaled(torso, torso.liver, [-72, 2, -58], [76, 88, 84]);
  const left = scaled(torso, torso.liver, [-6, -50, -38], [72, 34, 40]);
  const hollow = scaled(torso, 1, [-14, 44, -110], [52, 56, 86]);
  const bounds = { from: [-220, -150, -170], to: [100, 150, 10] } as const;
  paint(canvas, bounds, TISSUES.liver.label, (x, y, z, at) => {
    if (!inBelly(torso, x, y, z)) return false;
    const bent = 1 + 0.05 * warp[at];
    const inside = ellipsoidLevel(right, x, y, z) < bent || ellipsoidLevel(left, x, y, z) < bent;
    // The liver fills the right dome.
    const dome = x < 14 && y > -70 && z > diaphragm(torso, x, y) - 16 && z > -62;
    const [cx, cy] = spineAt(torso, z);
    const spine = Math.hypot(x - cx, y - cy) < 38;
    return (inside || dome) && !spine && ellipsoidLevel(hollow, x, y, z) > 1 + 0.05 * warp[at];
  });
  const { centre, radius } = scaled(torso, 1, [-52, -46, -112], [14, 19, 27]);
  paint(
    canvas,
    boundsAround(centre, radius),
    TISSUES.gallbladder.label,
    (x, y, z) => ellipsoidLevel({ centre, radius }, x, y, z) < 1,
  );
  paintLiverVessels(canvas, torso);
}

/** The portal vein with its branches, and the three hepatic veins. */
function paintLiverVessels(canvas: Canvas, torso: Torso): void {
  const { label } = TISSUES.veins;
  const s = torso.scale;
  const inLiver = (at: number) => canvas.labels[at] === TISSUES.liver.label;
  const tubes: [Triple, number][][] = [
    [
      [[-24, -6, -72], 7],
      [[-52, 4, -62], 6.5],
      [[-92, 8, -64], 4],
      [[-122, 18, -80], 2],
    ],
    [
      [[-52, 4, -62], 5],
      [[-84, -30, -50], 4],
      [[-112, -44, -50], 2],
    ],
    [
      [[-52, 4, -62], 5],
      [[-88, 40, -50], 3.5],
      [[-112, 58, -44], 2],
    ],
    [
      [[-30, -12, -62], 5],
      [[-18, -44, -48], 4],
      [[24, -56, -36], 2],
    ],
    [
      [[-26, 2, -22], 6],
      [[-70, 14, -38], 4.5],
      [[-112, 40, -66], 2.5],
    ],
    [
      [[-26, 0, -20], 6],
      [[-62, -30, -38], 4.5],
      [[-88, -58, -70], 2.5],
    ],
    [
      [[-22, -4, -20], 5],
      [[-10, -44, -28], 4],
      [[16, -60, -40], 2],
    ],
  ];
  for (const points of tubes) {
    const tube = points.map(([at, radius]) => ({
      at: at.map((c) => c * s) as unknown as Triple,
      radius: radius * s,
    }));
    paintTube(canvas, tube, label, inLiver);
  }
}

function paintSpleen(canvas: Canvas, torso: Torso, { warp }: AbdomenFields): void {
  const body = scaled(torso, torso.spleen, [104, 36, -58], [32, 46, 50]);
  const hollow = scaled(torso, 1, [58, -10, -62], [44, 50, 56]);
  paint(canvas, boundsAround(body.centre, [60, 80, 80]), TISSUES.spleen.label, (x, y, z, at) => {
    if (!inBelly(torso, x, y, z)) return false;
    return (
      ellipsoidLevel(body, x, y, z) < 1 + 0.05 * warp[at] && ellipsoidLevel(hollow, x, y, z) > 1
    );
  });
}

/** A bean: an ellipsoid whose hilum, open towards the spine, holds fat. */
function paintKidneys(canvas: Canvas, torso: Torso, { warp }: AbdomenFields): void {
  for (const [side, height] of [
    [-1, -128],
    [1, -112],
  ] as const) {
    const [cx, cy] = spineAt(torso, height);
    const s = torso.scale;
    const centre: Triple = [cx + side * 62 * s, cy + 14, (height + torso.kidneyShift) * s];
    const label = TISSUES[side < 0 ? "right kidney" : "left kidney"].label;
    const radius: Triple = [27 * s, 25 * s, 54 * s];
    paint(canvas, boundsAround(centre, [60, 50, 80]), label, (x, y, z, at) => {
      // Upper poles lean towards the spine.
      const lean = x + side * 0.22 * (z - centre[2]);
      if (ellipsoidLevel({ centre, radius }, lean, y, z) > 1 + 0.03 * warp[at]) return false;
      const hilum: Triple = [centre[0] - side * 19 * s, centre[1] - 7, centre[2]];
      return (
        ellipsoidLevel({ centre: hilum, radius: [16 * s, 10 * s, 24 * s] }, lean, y, z) > 1 &&
        cavityLevel(torso, x, y, z) < 1.02
      );
    });
  }
}

/** Fluid, and above it gas: in front of it in a patient who lies on the back, on top in one who stands. */
function paintStomach(canvas: Canvas, torso: Torso, { warp, posture }: AbdomenFields): void {
  const body = scaled(torso, torso.stomach, [58, -28, -56], [42, 44, 48]);
  const outer = { ...body, radius: body.radius.map((r) => r + 4) as unknown as Triple };
  const bounds = boundsAround(body.centre, [80, 80, 90]);
  const { stomach, gas, bowel } = TISSUES;
  const within = (shape: Ellipsoid) => (x: number, y: number, z: number, at: number) =>
    ellipsoidLevel(shape, x, y, z) < 1 + 0.06 * warp[at] && inBelly(torso, x, y, z);
  paint(canvas, bounds, bowel.label, within(outer));
  paint(canvas, bounds, stomach.label, within(body));
  paint(canvas, bounds, gas.label, (_x, y, z, at) => {
    if (canvas.labels[at] !== stomach.label) return false;
    return posture === "supine" ? y < body.centre[1] - 12 : z > body.centre[2] + 12;
  });
}

function paintPancreas(canvas: Canvas, torso: Torso): void {
  const s = torso.scale;
  const [, cy] = spineAt(torso, -90);
  const points: [Triple, number][] = [
    [[-26, cy - 44, -112], 13],
    [[4, cy - 46, -96], 9],
    [[44, cy - 34, -86], 9],
    [[72, cy - 12, -76], 8],
  ];
  const free = new Set<number>([TISSUES.fat.label, TISSUES.bowel.label]);
  paintTube(
    canvas,
    points.map(([[x, y, z], radius]) => ({ at: [x * s, y, z * s], radius: radius * s })),
    TISSUES.pancreas.label,
    (at) => free.has(canvas.labels[at]),
  );
}

/** Loops of bowel fill the front of the belly; their uppermost parts may hold gas. */
function paintBowel(canvas: Canvas, torso: Torso, { warp, loops }: AbdomenFields): void {
  const belly = { from: [-300, -300, -1e3], to: [300, 22, -58] } as const;
  const inFront = (x: number, y: number, z: number) =>
    z < -58 && y < 22 - 0.15 * Math.abs(x) && cavityLevel(torso, x, y, z) < 0.86;
  paint(
    canvas,
    belly,
    TISSUES.bowel.label,
    (x, y, z, at) => inFront(x, y, z) && Math.abs(loops[at]) > 0.42,
  );
  paint(
    canvas,
    belly,
    TISSUES.gas.label,
    (x, y, z, at) => inFront(x, y, z) && loops[at] > 1.05 && y < -38 + 10 * warp[at],
  );
}
