// Free-form deformation evaluated along rows of coordinates.
// Rueckert et al., "Nonrigid registration using free-form deformations", IEEE TMI 18(8), 1999.

import type { Triple } from "../../base/index.ts";
import type { SplineStage } from "../transform.ts";
import { cubicWeightsInto } from "./cubic-weights.ts";

/** Coordinates of a row of points along i, j, k. */
export type RowCoordinates = Triple<Float64Array>;

/** Moves points in place. */
export type PointMover = (row: RowCoordinates, count: number) => void;

/** q = p + u(p) for a row of points. */
export function splineMover(stage: SplineStage): PointMover {
  const field = new SplineField(stage);
  const shift = new Float64Array(3);
  return (row, count) => {
    const [x, y, z] = row;
    const straight = isConstant(y, count) && isConstant(z, count);
    if (straight && count > 0) field.collapseTo(y[0], z[0]);
    for (let i = 0; i < count; i++) {
      if (straight) field.alongLine(x[i], shift);
      else field.at(x[i], y[i], z[i], shift);
      x[i] += shift[0];
      y[i] += shift[1];
      z[i] += shift[2];
    }
  };
}

/** Steps and precision, in voxels, of the fixed-point iteration. */
const MOST_ITERATIONS = 50;
const PRECISION = 1e-5;

/**
 * p with p + u(p) = q, by the fixed-point iteration p ← q − u(p), which converges where the field does not
 * fold. Chen et al., "A simple fixed-point approach to invert a deformation field", Med Phys 35(1), 2008.
 */
export function inverseSplineMover(stage: SplineStage): PointMover {
  const field = new SplineField(stage);
  const shift = new Float64Array(3);
  return ([x, y, z], count) => {
    for (let i = 0; i < count; i++) {
      shift.fill(0);
      for (let step = 0, change = 1; step < MOST_ITERATIONS && change > PRECISION; step++) {
        const [a, b, c] = shift;
        field.at(x[i] - a, y[i] - b, z[i] - c, shift);
        change = Math.max(Math.abs(shift[0] - a), Math.abs(shift[1] - b), Math.abs(shift[2] - c));
      }
      x[i] -= shift[0];
      y[i] -= shift[1];
      z[i] -= shift[2];
    }
  };
}

function isConstant(values: Float64Array, count: number): boolean {
  for (let i = 1; i < count; i++) if (values[i] !== values[0]) return false;
  return true;
}

/** Control points and the weights of those around a point. */
class SplineField {
  private readonly points: Triple;
  private readonly step: Triple;
  private readonly shifts: Float64Array;
  private readonly line: Float64Array;
  private readonly index = new Int32Array(12);
  private readonly weights = new Float64Array(12);

  constructor({ points, step, shifts }: SplineStage) {
    this.points = points;
    this.step = step;
    this.shifts = Float64Array.from(shifts);
    this.line = new Float64Array(3 * points[0]);
  }

  /** Indices and weights of the control points around a coordinate, at 4 · axis. */
  private locate(axis: number, coordinate: number): void {
    const last = this.points[axis] - 1;
    const at = coordinate / this.step[axis] + 1;
    const first = Math.floor(at);
    cubicWeightsInto(this.weights, 4 * axis, at - first);
    for (let tap = 0; tap < 4; tap++) {
      this.index[4 * axis + tap] = Math.min(Math.max(first + tap - 1, 0), last);
    }
  }

  at(x: number, y: number, z: number, shift: Float64Array): void {
    const { index, weights, shifts, points } = this;
    this.locate(0, x);
    this.locate(1, y);
    this.locate(2, z);
    const row = points[0];
    const plane = row * points[1];
    const volume = plane * points[2];
    shift.fill(0);
    for (let c = 8; c < 12; c++) {
      for (let b = 4; b < 8; b++) {
        const start = index[c] * plane + index[b] * row;
        const outer = weights[c] * weights[b];
        for (let a = 0; a < 4; a++) {
          const weight = outer * weights[a];
          const from = start + index[a];
          shift[0] += weight * shifts[from];
          shift[1] += weight * shifts[from + volume];
          shift[2] += weight * shifts[from + 2 * volume];
        }
      }
    }
  }

  /** Sums over j and k once for a row of points that share them. */
  collapseTo(y: number, z: number): void {
    const { index, weights, shifts, points, line } = this;
    this.locate(1, y);
    this.locate(2, z);
    const [row, rows, planes] = points;
    line.fill(0);
    for (let axis = 0; axis < 3; axis++) {
      for (let c = 8; c < 12; c++) {
        for (let b = 4; b < 8; b++) {
          const start = ((axis * planes + index[c]) * rows + index[b]) * row;
          const weight = weights[c] * weights[b];
          for (let a = 0; a < row; a++) line[axis * row + a] += weight * shifts[start + a];
        }
      }
    }
  }

  alongLine(x: number, shift: Float64Array): void {
    const { index, weights, line } = this;
    this.locate(0, x);
    const row = this.points[0];
    for (let axis = 0, start = 0; axis < 3; axis++, start += row) {
      shift[axis] =
        weights[0] * line[start + index[0]] +
        weights[1] * line[start + index[1]] +
        weights[2] * line[start + index[2]] +
        weights[3] * line[start + index[3]];
    }
  }
}
