// A grid of labels on which bodies are painted, later ones over earlier ones.

import type { Triple } from "../../../base/index.ts";

/** Axes run along x (to the patient's left), y (posterior), z (superior). */
export interface Canvas {
  readonly size: Triple;
  readonly spacing: Triple;
  /** Centre of the first voxel in mm. */
  readonly origin: Triple;
  readonly labels: Uint8Array;
}

/** A stretch in mm along x, y, z. */
export interface Bounds {
  readonly from: Triple;
  readonly to: Triple;
}

/** Whether the point (mm) with the voxel at this position in memory lies inside. */
export type Inside = (x: number, y: number, z: number, at: number) => boolean;

export const EVERYWHERE: Bounds = { from: [-1e6, -1e6, -1e6], to: [1e6, 1e6, 1e6] };

export function makeCanvas(size: Triple, spacing: Triple, centre: Triple): Canvas {
  const origin = [0, 1, 2].map((a) => centre[a] - (spacing[a] * (size[a] - 1)) / 2);
  return {
    size,
    spacing,
    origin: origin as unknown as Triple,
    labels: new Uint8Array(size[0] * size[1] * size[2]),
  };
}

/** The part of the plane or space within `radius` of a point. */
export function boundsAround(centre: Triple, radius: Triple): Bounds {
  const at = (sign: 1 | -1) => centre.map((c, a) => c + sign * radius[a]) as unknown as Triple;
  return { from: at(-1), to: at(1) };
}

/** Gives a label to all voxels within bounds that lie inside. */
export function paint(
  { size, spacing, origin, labels }: Canvas,
  { from, to }: Bounds,
  label: number,
  inside: Inside,
): void {
  const first = [0, 1, 2].map((a) => Math.max(0, Math.ceil((from[a] - origin[a]) / spacing[a])));
  const last = [0, 1, 2].map((a) =>
    Math.min(size[a] - 1, Math.floor((to[a] - origin[a]) / spacing[a])),
  );
  for (let k = first[2]; k <= last[2]; k++) {
    const z = origin[2] + k * spacing[2];
    for (let j = first[1]; j <= last[1]; j++) {
      const y = origin[1] + j * spacing[1];
      const row = (k * size[1] + j) * size[0];
      for (let i = first[0]; i <= last[0]; i++) {
        if (inside(origin[0] + i * spacing[0], y, z, row + i)) labels[row + i] = label;
      }
    }
  }
}

/** An ellipsoid along the axes. */
export interface Ellipsoid {
  readonly centre: Triple;
  readonly radius: Triple;
}

/** √ of the normalised square distance: below 1 inside. */
export function ellipsoidLevel({ centre, radius }: Ellipsoid, x: number, y: number, z: number) {
  const u = (x - centre[0]) / radius[0];
  const v = (y - centre[1]) / radius[1];
  const w = (z - centre[2]) / radius[2];
  return Math.sqrt(u * u + v * v + w * w);
}

/** A tube between points, each with its radius in mm. */
export interface TubePoint {
  readonly at: Triple;
  readonly radius: number;
}

/** Paints the tube through points; voxels for which `allowed` is false keep their label. */
export function paintTube(
  canvas: Canvas,
  points: readonly TubePoint[],
  label: number,
  allowed: (at: number) => boolean = () => true,
): void {
  for (let n = 0; n + 1 < points.length; n++) {
    const [a, b] = [points[n], points[n + 1]];
    const reach = Math.max(a.radius, b.radius);
    const from = a.at.map((c, axis) => Math.min(c, b.at[axis]) - reach) as unknown as Triple;
    const to = a.at.map((c, axis) => Math.max(c, b.at[axis]) + reach) as unknown as Triple;
    const [ux, uy, uz] = b.at.map((c, axis) => c - a.at[axis]);
    const length2 = ux * ux + uy * uy + uz * uz || 1;
    paint(canvas, { from, to }, label, (x, y, z, at) => {
      const [dx, dy, dz] = [x - a.at[0], y - a.at[1], z - a.at[2]];
      const t = Math.max(0, Math.min(1, (dx * ux + dy * uy + dz * uz) / length2));
      const radius = a.radius + t * (b.radius - a.radius);
      const [ex, ey, ez] = [dx - t * ux, dy - t * uy, dz - t * uz];
      return ex * ex + ey * ey + ez * ez < radius * radius && allowed(at);
    });
  }
}
