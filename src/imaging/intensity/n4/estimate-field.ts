// The iterations of N4: Tustison, Avants, Cook, Zheng, Egan, Yushkevich, Gee, "N4ITK: improved N3 bias correction",
// IEEE TMI 29(6), 2010, section II-B.

import type { Triple } from "../../../base/index.ts";
import { type Sharpening, sharpenLog } from "./sharpen.ts";
import { addLattices, type Lattice, prepareFit, refine } from "./spline-lattice.ts";

export interface FieldEstimation extends Sharpening {
  /** Most iterations at each level; the lattice of each has twice the spans of the one before. */
  readonly iterations: readonly number[];
  /** A level ends when the field's coefficient of variation against the last falls below this. */
  readonly convergence: number;
  /** Control points along each axis at the first level. */
  readonly controlPoints: number;
}

/** What one iteration ended with. */
export interface FieldStep {
  readonly level: number;
  readonly iteration: number;
  readonly convergence: number;
  readonly lattice: Lattice;
}

/**
 * Goes on with the log field iteration by iteration; the last lattice is the result.
 * @param logs natural logarithms of the thinned-out image, [k, j, i]; NaN where a voxel does not count
 */
export function* estimateField(
  logs: Float64Array,
  size: Triple,
  options: FieldEstimation,
): Generator<FieldStep> {
  const voxels = startVoxels(logs);
  let lattice = emptyLattice(size, options.controlPoints);
  for (const [level, most] of options.iterations.entries()) {
    if (level > 0) lattice = refine(lattice);
    const { approximate, evaluate } = prepareFit(lattice.points, size, voxels.weights);
    let convergence = Number.POSITIVE_INFINITY;
    for (let iteration = 1; iteration <= most && convergence > options.convergence; iteration++) {
      lattice = addLattices(lattice, approximate(residual(voxels, options)));
      convergence = takeField(voxels, evaluate(lattice));
      yield { level, iteration, convergence, lattice };
    }
  }
}

/** What iterations work on: values of the voxels inside, and grids for the fit. */
interface Voxels {
  readonly inside: Int32Array;
  readonly measured: Float64Array;
  readonly corrected: Float64Array;
  readonly sharpened: Float64Array;
  readonly residual: Float64Array;
  readonly weights: Float64Array;
  /** exp of the change of the field at each voxel inside. */
  readonly ratio: Float64Array;
}

function startVoxels(logs: Float64Array): Voxels {
  const weights = logs.map((log) => (Number.isNaN(log) ? 0 : 1));
  const inside = Int32Array.from(logs.keys()).filter((voxel) => weights[voxel] === 1);
  const measured = Float64Array.from(inside, (voxel) => logs[voxel]);
  return {
    inside,
    measured,
    corrected: measured.slice(),
    sharpened: new Float64Array(measured.length),
    residual: new Float64Array(logs.length),
    weights,
    ratio: new Float64Array(measured.length),
  };
}

function emptyLattice(size: Triple, controlPoints: number): Lattice {
  const along = (samples: number) => (samples === 1 ? 1 : controlPoints);
  const points: Triple = [along(size[0]), along(size[1]), along(size[2])];
  return { points, values: new Float64Array(points[0] * points[1] * points[2]) };
}

/** What is left of the field in the corrected image: v − E(u | v), 0 outside. */
function residual({ inside, corrected, sharpened, residual }: Voxels, options: Sharpening) {
  sharpenLog(corrected, sharpened, options);
  for (let at = 0; at < inside.length; at++) {
    residual[inside[at]] = corrected[at] - sharpened[at];
  }
  return residual;
}

/** Corrects by a new field and gives the coefficient of variation of its ratio to the last (section II-B.4). */
function takeField({ inside, measured, corrected, ratio }: Voxels, field: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < inside.length; at++) {
    const next = measured[at] - field[inside[at]];
    ratio[at] = Math.exp(next - corrected[at]);
    corrected[at] = next;
    sum += ratio[at];
  }
  const mean = sum / inside.length;
  let squares = 0;
  for (let at = 0; at < ratio.length; at++) squares += (ratio[at] - mean) ** 2;
  return Math.sqrt(squares / Math.max(1, inside.length - 1)) / mean;
}
