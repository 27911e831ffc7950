// The wall of the torso: skin fat, muscles, ribs, sternum, shoulder girdle, spine and table.

import {
  boundsAround,
  type Canvas,
  EVERYWHERE,
  ellipsoidLevel,
  paint,
  paintTube,
} from "../volumes/canvas.ts";
import { bodyTaper, cageTaper, roundedLevel, spineAt, type Torso } from "./anatomy.ts";
import { TISSUES } from "./tissues.ts";

const { label: FAT } = TISSUES.fat;
const { label: MUSCLE } = TISSUES.muscle;
const { label: CORTEX } = TISSUES["cortical bone"];
const { label: MARROW } = TISSUES["cancellous bone"];

/** Body and wall; `warp` shifts surfaces a little, a field of unit variance. */
export function paintWall(canvas: Canvas, torso: Torso, warp: Float32Array): void {
  const { halfWidth, halfDepth, fat } = torso;
  paint(canvas, EVERYWHERE, FAT, (x, y, z, at) => {
    const { width, depth } = bodyTaper(z);
    return roundedLevel(x, y, halfWidth * width, halfDepth * depth) < 1 + 0.02 * warp[at];
  });
  paint(canvas, EVERYWHERE, MUSCLE, (x, y, z, at) => {
    const { width, depth } = bodyTaper(z);
    const w = halfWidth * width - fat;
    const d = halfDepth * depth - 0.8 * fat;
    return roundedLevel(x, y, w, d) < 1 + 0.03 * warp[at] && canvas.labels[at] === FAT;
  });
  paint(canvas, EVERYWHERE, FAT, (x, y, z, at) => {
    const belly = cavityLevel(torso, x, y, z) < 1 + 0.03 * warp[at];
    return belly && canvas.labels[at] === MUSCLE && z < 60;
  });
}

/** Square level of the space within ribs and abdominal wall; 10 … 12 mm of muscle lie around it. */
export function cavityLevel(torso: Torso, x: number, y: number, z: number): number {
  const { halfWidth, halfDepth, fat } = torso;
  const taper = cageTaper(z);
  const wall = z < -60 ? 13 : 18;
  const w = (halfWidth - fat - wall) * taper;
  const d = (halfDepth - 0.8 * fat - wall) * (0.25 + 0.75 * taper);
  return roundedLevel(x, y + 3, w, d);
}

/** Bones and the muscles along the spine. */
export function paintBones(canvas: Canvas, torso: Torso): void {
  paintBackMuscles(canvas, torso);
  paintRibs(canvas, torso);
  paintSternum(canvas, torso);
  paintSpine(canvas, torso);
}

/** Ribs slope down from the spine around the cage; the first twelve reach at most two thirds to the front. */
function paintRibs(canvas: Canvas, torso: Torso): void {
  const { halfWidth, halfDepth, fat, ribPitch, ribPhase, ribDrop, scale } = torso;
  const top = 205 * scale;
  const bounds = { from: [-300, -300, -150], to: [300, 300, top + 10] } as const;
  for (const [label, thick, high] of [
    [CORTEX, 4.6, 6.2],
    [MARROW, 2.1, 3.3],
  ] as const) {
    paint(canvas, bounds, label, (x, y, z) => {
      const taper = cageTaper(z);
      const w = (halfWidth - fat - 11) * taper;
      const d = (halfDepth - 0.8 * fat - 11) * (0.25 + 0.75 * taper);
      const off = Math.sqrt(roundedLevel(x, y + 3, w, d)) - 1;
      if (Math.abs(off) * Math.min(w, d) > thick) return false;
      // 0 at the spine, 1 at the sternum.
      const around = Math.abs(Math.atan2(x / w, (y + 3) / d)) / Math.PI;
      const height = z + ribDrop * around ** 1.25 * taper;
      const rib = Math.round((top - 14 - height) / ribPitch + ribPhase * 0.2);
      if (
        rib < 0 ||
        rib > 11 ||
        around > [0.85, 0.8, 0.77, 0.45][Math.min(3, Math.max(0, rib - 6))]
      )
        return false;
      const centre = top - 14 - (rib - ribPhase * 0.2) * ribPitch;
      return Math.abs(height - centre) < high;
    });
  }
}

function paintSternum(canvas: Canvas, torso: Torso): void {
  const { halfDepth, fat, scale } = torso;
  const bounds = { from: [-30, -300, 0], to: [30, 0, 160] } as const;
  const front = (z: number) => -(halfDepth - 0.8 * fat) * (0.25 + 0.75 * cageTaper(z)) + 6;
  const box = (half: number, thick: number) => (x: number, y: number, z: number) =>
    Math.abs(x) < half * (z > 125 ? 1.5 : 1) && Math.abs(y - front(z)) < thick && z > 10 * scale;
  paint(canvas, bounds, CORTEX, box(17, 5));
  paint(canvas, bounds, MARROW, box(14.5, 3));
}

/** Vertebrae one above the other with discs between; canal, arch, spinous and transverse processes. */
function paintSpine(canvas: Canvas, torso: Torso): void {
  const bounds = { from: [-60, -100, -1e3], to: [60, 300, 1e3] } as const;
  const { scale } = torso;
  const place = (x: number, y: number, z: number) => {
    const [cx, cy] = spineAt(torso, z);
    const pitch = z < -60 ? 34 * scale : 27 * scale;
    const along = ((((z + 400) % pitch) + pitch) % pitch) / pitch;
    const wide = (z < -60 ? 24 : 17) * scale;
    return { u: x - cx, v: y - cy, along, wide, deep: wide * 0.78 };
  };
  const body = (u: number, v: number, wide: number, deep: number) =>
    (u / wide) ** 2 + (v / deep) ** 2 < 1;
  paint(canvas, bounds, CORTEX, (x, y, z) => {
    const { u, v, along, wide, deep } = place(x, y, z);
    return body(u, v, wide, deep) && along > 0.17;
  });
  paint(canvas, bounds, MARROW, (x, y, z) => {
    const { u, v, along, wide, deep } = place(x, y, z);
    const canal = deep + 9;
    const arch = Math.hypot(u * 0.85, v - canal) < 14 && along > 0.3 && along < 0.9;
    const spinous =
      Math.abs(u) < 3.6 &&
      v > canal &&
      v < canal + 33 &&
      Math.abs(along - 0.5 + (v - canal) * 0.007) < 0.28;
    const transverse =
      Math.abs(u) < wide + 19 && Math.abs(v - canal + 1) < 5 && Math.abs(along - 0.6) < 0.16;
    return arch || spinous || transverse;
  });
  paint(canvas, bounds, MARROW, (x, y, z) => {
    const { u, v, along, wide, deep } = place(x, y, z);
    return body(u, v, wide - 2.2, deep - 2.2) && along > 0.24 && along < 0.93;
  });
  paint(canvas, bounds, TISSUES.disc.label, (x, y, z) => {
    const { u, v, along, wide, deep } = place(x, y, z);
    return body(u, v, wide, deep) && along <= 0.17;
  });
  paint(canvas, bounds, TISSUES["spinal canal"].label, (x, y, z) => {
    const { u, v, deep } = place(x, y, z);
    return (u / 10) ** 2 + ((v - deep - 9) / 8) ** 2 < 1;
  });
}

/** The erector muscles on both sides of the spine and, in the belly, the psoas. */
function paintBackMuscles(canvas: Canvas, torso: Torso): void {
  const { scale } = torso;
  const bounds = { from: [-110, -60, -1e3], to: [110, 200, 1e3] } as const;
  const inBody = (at: number) => canvas.labels[at] !== 0;
  paint(canvas, bounds, MUSCLE, (x, y, z, at) => {
    const [cx, cy] = spineAt(torso, z);
    const u = Math.abs(x - cx) / scale;
    const v = (y - cy) / scale;
    const erector = ((u - 32) / 30) ** 2 + ((v - 40) / 20) ** 2 < 1;
    const grown = Math.min(1, Math.max(0, (-z - 85) / 90));
    const psoas = ((u - 34) / (21 * grown)) ** 2 + ((v - 4) / (22 * grown)) ** 2 < 1;
    return (erector || psoas) && inBody(at);
  });
}

/** Clavicles, shoulder blades and heads of the upper arms, with the muscles around: what a film of the chest shows. */
export function paintShoulders(canvas: Canvas, torso: Torso): void {
  const { scale, halfWidth } = torso;
  const top = 205 * scale;
  for (const side of [-1, 1]) {
    const head = [side * (halfWidth + 6), 8, top - 14] as const;
    const armpit = [side * (halfWidth + 22), 10, top - 120] as const;
    const near = [side * 60, 10, top + 18] as const;
    paintTube(
      canvas,
      [
        { at: near, radius: 40 },
        { at: head, radius: 50 },
        { at: armpit, radius: 38 },
      ],
      MUSCLE,
      (at) => canvas.labels[at] <= FAT,
    );
    paintTube(
      canvas,
      [
        { at: head, radius: 24 },
        { at: [head[0], 8, top - 40], radius: 15 },
        { at: armpit, radius: 12 },
      ],
      CORTEX,
    );
    paintTube(
      canvas,
      [
        { at: head, radius: 21 },
        { at: [head[0], 8, top - 40], radius: 11 },
        { at: armpit, radius: 7 },
      ],
      MARROW,
    );
    const clavicle = [
      { at: [side * 17, -62, top - 48], radius: 8.5 },
      { at: [side * 60, -66, top - 28], radius: 6.5 },
      { at: [side * 105, -42, top - 16], radius: 6 },
      { at: [side * (halfWidth - 14), -10, top - 8], radius: 7 },
    ] as const;
    paintTube(canvas, clavicle, CORTEX);
    paintTube(
      canvas,
      clavicle.map(({ at, radius }) => ({ at, radius: radius - 2 })),
      MARROW,
    );
    paintBlade(canvas, side, top, halfWidth);
  }
}

/** A shoulder blade: a thin triangle behind the ribs, thicker along its outer border. */
function paintBlade(canvas: Canvas, side: number, top: number, halfWidth: number): void {
  const outer = halfWidth - 12;
  const bounds = boundsAround([side * (outer - 30), 70, top - 70], [60, 50, 80]);
  paint(canvas, bounds, CORTEX, (x, y, z) => {
    const down = (top - 6 - z) / 130;
    if (down < 0 || down > 1) return false;
    const u = side * x;
    const inner = outer - 62 + 34 * down;
    const border = outer - 4 - 26 * down;
    if (u < inner || u > border) return false;
    const depth = 78 - 0.28 * (u - inner);
    return Math.abs(y - depth) < (border - u < 8 ? 3.5 : 1.1);
  });
}

/** The table on which the patient lies: a shell below the back. */
export function paintTable(canvas: Canvas, torso: Torso): void {
  const bounds = { from: [-230, 0, -1e3], to: [230, 400, 1e3] } as const;
  const centre = [0, torso.halfDepth + 4 - 190, 0] as const;
  paint(canvas, bounds, TISSUES.table.label, (x, y, z, at) => {
    const level = ellipsoidLevel({ centre, radius: [330, 200, 1e6] }, x, y, z);
    const inner = ellipsoidLevel({ centre, radius: [326, 196, 1e6] }, x, y, z);
    return level < 1 && inner > 1 && y > centre[1] + 140 && canvas.labels[at] === 0;
  });
}
