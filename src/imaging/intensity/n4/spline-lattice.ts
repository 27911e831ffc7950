// A field of cubic B-splines over a grid: fitted to samples, evaluated, refined. Lee, Wolberg, Shin, "Scattered data
// interpolation with multilevel B-splines", IEEE TVCG 3(3), 1997. On a grid all sums part into one along each axis.

import type { Triple } from "../../../base/index.ts";
import { gather, type SplineAxis, scatter, splineAxis, withWeights } from "./spline-axis.ts";

/** Control points along i, j, k (i fastest); along an axis of one sample there is one. */
export interface Lattice {
  readonly points: Triple;
  readonly values: Float64Array;
}

/** A fit to samples on one grid, of which only those of weight above 0 count. */
export interface LatticeFit {
  /** The lattice nearest to samples, [k, j, i]; those of weight 0 must be 0. */
  approximate(samples: Float64Array): Lattice;
  evaluate(lattice: Lattice): Float64Array;
}

/** Prepares fits of lattices of so many points on a grid of samples with weights 0 or 1. */
export function prepareFit(points: Triple, size: Triple, weights: Float64Array): LatticeFit {
  const axes = axesOver(points, size);
  // Lee et al. eq. 5: φ = Σ w² φ_c / Σ w² with φ_c = w z / Σ w²; the inner sum parts into axes as w does.
  const squares = axes.map((axis) => withWeights(axis, (w) => w * w));
  const cubes = axes.map((axis) => withWeights(axis, (w, sum) => w ** 3 / sum));
  const omega = gatherAll(weights, squares);
  return {
    approximate(samples) {
      const delta = gatherAll(samples, cubes);
      return { points, values: delta.map((sum, at) => (omega[at] > 0 ? sum / omega[at] : 0)) };
    },
    evaluate: (lattice) => scatterAll(lattice.values, axes),
  };
}

/** Control points along an axis: a whole grid spans them all, first sample to last. */
function axesOver(points: Triple, size: Triple): SplineAxis[] {
  return size.map((samples, axis) => {
    const spans = points[axis] - 3;
    const place = (_: unknown, at: number) => (at / Math.max(1, samples - 1)) * spans;
    return splineAxis(points[axis], Float64Array.from({ length: samples }, place));
  });
}

/** The field at given places along i, j and k, in spans from the first knot: [k, j, i]. */
export function evaluateAt(
  { points, values }: Lattice,
  places: readonly Float64Array[],
): Float64Array {
  return scatterAll(
    values,
    places.map((along, axis) => splineAxis(points[axis], along)),
  );
}

function gatherAll(values: Float64Array, [i, j, k]: readonly SplineAxis[]): Float64Array {
  const alongI = gather(values, i, 1);
  const alongJ = gather(alongI, j, i.points);
  return gather(alongJ, k, i.points * j.points);
}

function scatterAll(values: Float64Array, [i, j, k]: readonly SplineAxis[]): Float64Array {
  const alongK = scatter(values, k, i.points * j.points);
  const alongJ = scatter(alongK, j, i.points);
  return scatter(alongJ, i, 1);
}

/** The sum of two lattices of the same points. */
export function addLattices(a: Lattice, b: Lattice): Lattice {
  return { points: a.points, values: a.values.map((value, at) => value + b.values[at]) };
}

/** The same field with twice the spans along every axis (Lee et al. section 4.2). */
export function refine({ points, values }: Lattice): Lattice {
  const [ni, nj, nk] = points;
  const alongI = refineAxis(values, ni, 1);
  const alongJ = refineAxis(alongI, nj, refinedPoints(ni));
  const alongK = refineAxis(alongJ, nk, refinedPoints(ni) * refinedPoints(nj));
  return { points: [refinedPoints(ni), refinedPoints(nj), refinedPoints(nk)], values: alongK };
}

function refinedPoints(points: number): number {
  return points === 1 ? 1 : 2 * points - 3;
}

/** [outer, points, inner]: new points lie on old ones (1/8, 6/8, 1/8) and between them (1/2, 1/2). */
function refineAxis(values: Float64Array, points: number, inner: number): Float64Array {
  if (points === 1) return values;
  const more = refinedPoints(points);
  const outer = values.length / (points * inner);
  const refined = new Float64Array(outer * more * inner);
  for (let o = 0; o < outer; o++) {
    for (let p = 0; p < more; p++) {
      const old = (o * points + (p >> 1)) * inner;
      const to = (o * more + p) * inner;
      for (let at = 0; at < inner; at++) {
        const [a, b, c] = [
          values[old + at],
          values[old + inner + at],
          values[old + 2 * inner + at],
        ];
        refined[to + at] = p % 2 === 0 ? (a + b) / 2 : (a + 6 * b + c) / 8;
      }
    }
  }
  return refined;
}
