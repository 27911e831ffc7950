// Smooth random fields: random numbers on a coarse lattice, cubic B-splines between them.

import { type RandomStream, randomStream, type Triple } from "../../../base/index.ts";
import type { Canvas } from "./canvas.ts";

/** Lattices begin here along each axis, whatever the grid, so that the field at a point depends on no grid. */
const START_MM = -1000;

/** √ of what cubic B-splines leave of the lattice's variance along one axis, on average: √(151 / 315). */
const KEPT = Math.sqrt(151 / 315);

/**
 * A field of zero mean and about unit variance that varies over `scaleMm`, at the voxels of a canvas. Finer or
 * coarser canvases at the same place see the same field.
 */
export function smoothField(
  { size, spacing, origin }: Pick<Canvas, "size" | "spacing" | "origin">,
  scaleMm: number,
  random: RandomStream,
): Float32Array {
  const axes = [0, 1, 2].map((a) =>
    tapsOf(size[a], (n) => (origin[a] + n * spacing[a] - START_MM) / scaleMm),
  );
  const counts = axes.map(({ count }) => count) as unknown as Triple;
  const lattice = drawLattice(axes, counts, random.uint32());
  const alongI = stretch(lattice, [1, counts[0], counts[1] * counts[2]], axes[0]);
  const alongJ = stretch(alongI, [size[0], counts[1], counts[2]], axes[1]);
  return stretch(alongJ, [size[0] * size[1], counts[2], 1], axes[2]);
}

/** Each row of the lattice has its own stream; rows and columns that the canvas does not need are left out. */
function drawLattice(axes: readonly Taps[], [nx, ny, nz]: Triple, seed: number): Float32Array {
  const lattice = new Float32Array(nx * ny * nz);
  for (let c = 0, at = 0; c < nz; c++) {
    for (let b = 0; b < ny; b++) {
      const [sample, epoch] = [axes[1].start + b, axes[2].start + c];
      const row = randomStream({ seed, purpose: "phantom/field", sample, epoch });
      for (let skipped = 0; skipped < axes[0].start; skipped++) row.uint32();
      // Uniform with unit variance: what splines make of 64 neighbours is nearly normal.
      for (let a = 0; a < nx; a++) lattice[at++] = (row.uint32() / 2 ** 32 - 0.5) * Math.sqrt(12);
    }
  }
  return lattice;
}

interface Taps {
  /** First lattice point that is needed, and how many from there on. */
  readonly start: number;
  readonly count: number;
  /** First of the four points of each position, counted from the start. */
  readonly first: Int32Array;
  readonly weights: Float32Array;
}

function tapsOf(length: number, place: (n: number) => number): Taps {
  const start = Math.floor(place(0));
  const count = Math.floor(place(length - 1)) - start + 4;
  const first = new Int32Array(length);
  const weights = new Float32Array(4 * length);
  for (let n = 0; n < length; n++) {
    const at = place(n);
    first[n] = Math.floor(at) - start;
    const t = at - Math.floor(at);
    const s = 1 - t;
    const spline = [
      s ** 3 / 6,
      (3 * t ** 3 - 6 * t ** 2 + 4) / 6,
      (3 * s ** 3 - 6 * s ** 2 + 4) / 6,
      t ** 3 / 6,
    ];
    weights.set(
      spline.map((weight) => weight / KEPT),
      4 * n,
    );
  }
  return { start, count, first, weights };
}

/** Replaces the middle axis of an array seen as [outer, middle, inner] by the positions of the taps. */
function stretch(from: Float32Array, [inner, middle, outer]: Triple, { first, weights }: Taps) {
  const length = first.length;
  const out = new Float32Array(outer * length * inner);
  for (let o = 0; o < outer; o++) {
    for (let n = 0; n < length; n++) {
      const at = (o * middle + first[n]) * inner;
      const to = (o * length + n) * inner;
      const [a, b, c, d] = weights.subarray(4 * n, 4 * n + 4);
      for (let i = 0; i < inner; i++) {
        out[to + i] =
          a * from[at + i] +
          b * from[at + inner + i] +
          c * from[at + 2 * inner + i] +
          d * from[at + 3 * inner + i];
      }
    }
  }
  return out;
}
