// What lies in the chest: lungs with their vessels, heart, great vessels and airways.

import type { RandomStream, Triple } from "../../../base/index.ts";
import {
  type Canvas,
  ellipsoidLevel,
  paint,
  paintTube,
  type TubePoint,
} from "../volumes/canvas.ts";
import { diaphragm, spineAt, type Torso } from "./anatomy.ts";
import { TISSUES } from "./tissues.ts";
import { cavityLevel } from "./wall.ts";

const RIGHT = TISSUES["right lung"].label;
const LEFT = TISSUES["left lung"].label;

/** Lungs, then what lies between them. */
export function paintChest(canvas: Canvas, torso: Torso, warp: Float32Array, random: RandomStream) {
  const bounds = { from: [-1e3, -1e3, -120], to: [1e3, 1e3, 240] } as const;
  paint(canvas, bounds, LEFT, (x, y, z, at) => {
    if (cavityLevel(torso, x, y, z) > 0.96) return false;
    return z > diaphragm(torso, x, y) + 2 * warp[at] && !inMediastinum(torso, x, y, z);
  });
  paint(
    canvas,
    { from: [-1e3, -1e3, -1e3], to: [0, 1e3, 1e3] },
    RIGHT,
    (_x, _y, _z, at) => canvas.labels[at] === LEFT,
  );
  paintVesselTrees(canvas, torso, random);
  paintHeart(canvas, torso, warp);
  paintGreatVessels(canvas, torso);
}

/** The space around spine, great vessels and gullet, and the thin septum in front of the heart. */
function inMediastinum(torso: Torso, x: number, y: number, z: number): boolean {
  const { scale } = torso;
  const [cx, cy] = spineAt(torso, z);
  const wide = (20 + 7 * Math.min(1, Math.max(0, (z - 120) / 60))) * scale;
  const behind = Math.hypot((x - cx) / (23 * scale), (y - cy) / (21 * scale)) < 1;
  const middle = (cy - 46) / 2;
  const centre = Math.hypot((x - 3) / wide, (y - middle) / (middle + 50)) < 1;
  return behind || centre || (Math.abs(x - 4) < 3 + Math.max(0, -y - 60) * 0.15 && y <= middle);
}

function paintHeart(canvas: Canvas, torso: Torso, warp: Float32Array): void {
  const s = torso.scale * torso.heart;
  const { label } = TISSUES.heart;
  const floor = torso.leftDome;
  paint(canvas, { from: [-80, -100, -40], to: [130, 60, 130] }, label, (x, y, z, at) => {
    if (z < diaphragm(torso, x, y) - 6 || cavityLevel(torso, x, y, z) > 0.97) return false;
    const wobble = 1 + 0.025 * warp[at];
    // The axis of the heart points down to the left.
    const tilted = z + 0.28 * (x - 30);
    const left = ellipsoidLevel(
      { centre: [32 * s, -30, 34 + floor * 0.5], radius: [54 * s, 44 * s, 42 * s] },
      x,
      y,
      tilted,
    );
    const right = ellipsoidLevel(
      { centre: [2, -22, 40], radius: [40 * s, 38 * s, 42 * s] },
      x,
      y,
      z,
    );
    return left < wobble || right < wobble;
  });
}

function paintGreatVessels(canvas: Canvas, torso: Torso): void {
  const { scale: s } = torso;
  const behind = (z: number) => spineAt(torso, z)[1] - 8;
  const tube = (...points: [Triple, number][]): TubePoint[] =>
    points.map(([[x, y, z], radius]) => ({ at: [x * s, y, z * s], radius: radius * s }));
  const aorta = tube(
    [[-2, -26, 55], 15],
    [[-14, -24, 95], 15],
    [[-8, -12, 124], 14],
    [[8, 6, 136], 13.5],
    [[22, 26, 126], 13],
    [[25, behind(100), 100], 12.5],
    [[24, behind(0), 0], 12],
    [[8, behind(-100) - 20, -100], 10.5],
    [[5, behind(-200) - 24, -200], 9],
  );
  const veins = [
    tube([[-24, -18, 55], 9.5], [[-26, -18, 140], 8.5], [[-34, -22, 175], 7]),
    tube(
      [[-26, -6, 40], 11],
      [[-22, behind(-60) - 20, -50], 11.5],
      [[-18, behind(-200) - 24, -200], 10.5],
    ),
    tube([[10, -30, 70], 13], [[14, -12, 92], 13], [[46, 4, 84], 10]),
    tube([[12, -16, 88], 12], [[-20, 0, 80], 10.5], [[-46, 6, 72], 9.5]),
  ];
  for (const points of veins) paintTube(canvas, points, TISSUES.veins.label);
  paintTube(canvas, aorta, TISSUES.aorta.label);
  const { label } = TISSUES.airways;
  paintTube(canvas, tube([[0, 6, 240], 8.5], [[1, 16, 120], 8.5]), label);
  paintTube(canvas, tube([[1, 16, 118], 7], [[-24, 20, 96], 6.5], [[-48, 20, 78], 4]), label);
  paintTube(canvas, tube([[1, 16, 118], 6.5], [[32, 20, 92], 6], [[54, 22, 74], 4]), label);
}

/** Vessels divide from the root of each lung outwards: thinner and shorter at each division. */
function paintVesselTrees(canvas: Canvas, torso: Torso, random: RandomStream): void {
  const { label } = TISSUES["lung vessels"];
  const inLung = (at: number) => {
    const here = canvas.labels[at];
    return here === RIGHT || here === LEFT;
  };
  for (const side of [-1, 1]) {
    const root: Triple = [side * 38 * torso.scale, 6, 76 * torso.scale];
    const trunks: Triple[] = [
      [0.5, 0.1, 1],
      [0.9, -0.5, 0.5],
      [1, 0.3, 0.1],
      [0.8, -0.5, -0.5],
      [0.6, 0.6, -0.6],
      [0.45, 0.1, -1],
      [0.4, 0.8, 0.5],
    ];
    for (const [x, y, z] of trunks) {
      const branch = { from: root, heading: unit([side * x, y, z]), radius: 4.4, length: 40 };
      grow(canvas, branch, random, (points) => paintTube(canvas, points, label, inLung));
    }
  }
}

interface Branch {
  readonly from: Triple;
  readonly heading: Triple;
  readonly radius: number;
  readonly length: number;
}

/** Murray's law: r³ of a vessel is the sum of those of its two branches. */
function grow(
  canvas: Canvas,
  { from, heading, radius, length }: Branch,
  random: RandomStream,
  draw: (points: TubePoint[]) => void,
): void {
  const to = from.map((c, a) => c + length * heading[a]) as unknown as Triple;
  draw([
    { at: from, radius },
    { at: to, radius: radius * 0.85 },
  ]);
  if (radius < 1.1) return;
  for (const share of [0.62, 0.38]) {
    const bend = 0.35 + 0.75 * (1 - share);
    const turned = unit(heading.map((c) => c + bend * random.normal() * 0.62) as unknown as Triple);
    grow(
      canvas,
      {
        from: to,
        heading: turned,
        radius: radius * Math.cbrt(share),
        length: length * (0.7 + 0.22 * random.uniform()),
      },
      random,
      draw,
    );
  }
}

function unit(v: Triple): Triple {
  const length = Math.hypot(...v);
  return v.map((c) => c / length) as unknown as Triple;
}
