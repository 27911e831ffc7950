// Whether images may be mirrored: where left and right (or top and bottom) can be told apart, a mirrored copy is an
// image that no scanner makes, and what lies on which side may be the diagnosis.

import { randomStream } from "../../base/index.ts";

export interface MirrorFindings {
  /** Share of images, not learnt from, that are told from their mirror image; 0.5 is chance. */
  readonly leftRight: number;
  readonly topBottom: number;
}

export interface MirrorTestOptions {
  /** Sides of the thumbnails. */
  width: number;
  height: number;
  seed: number;
}

/** Weight of the penalty against that of the data. */
const RIDGE = 0.1;

/**
 * Learns, by ridge regression on the antisymmetric part of thumbnails, to tell images from their mirror images on one half
 * of them, and counts on the other half. An image x and its mirror image m give x − m and m − x, of which one is the other
 * with the sign changed: the regression needs no intercept, and half of all is right by chance.
 * @param thumbnails grey images one after another, [count, height, width]
 */
export function mirrorTest(
  thumbnails: Float32Array,
  { width, height, seed }: MirrorTestOptions,
): MirrorFindings {
  const size = width * height;
  const count = thumbnails.length / size;
  const order = randomStream({ seed, purpose: "images/mirror-test", sample: 0 }).permutation(count);
  const told = (mirrored: (at: number) => number) => {
    const parts = Array.from(order, (image) =>
      antisymmetricPart(thumbnails.subarray(image * size, (image + 1) * size), mirrored),
    );
    const half = Math.ceil(count / 2);
    const direction = ridgeDirection(parts.slice(0, half));
    const judged = parts.slice(half);
    const right = judged.filter((part) => dot(part, direction) > 0).length;
    return judged.length === 0 ? 0.5 : right / judged.length;
  };
  return {
    leftRight: told((at) => at - (at % width) + (width - 1 - (at % width))),
    topBottom: told((at) => (height - 1 - Math.floor(at / width)) * width + (at % width)),
  };
}

/** x − m, of length 1, so that bright images do not count more. */
function antisymmetricPart(image: Float32Array, mirrored: (at: number) => number): Float64Array {
  const part = Float64Array.from(image, (value, at) => value - image[mirrored(at)]);
  const length = Math.sqrt(dot(part, part)) || 1;
  return part.map((value) => value / length);
}

/**
 * w = Xᵀ (X Xᵀ + λ I)⁻¹ 1, the ridge regression of 1 on the rows of X, by gradient steps on its dual: conjugate gradients, which
 * end after as many steps as matter.
 */
function ridgeDirection(rows: readonly Float64Array[]): Float64Array {
  const gram = rows.map((a) => Float64Array.from(rows, (b) => dot(a, b)));
  const penalty = RIDGE * (rows.length || 1);
  const apply = (vector: Float64Array) =>
    Float64Array.from(gram, (row, at) => dot(row, vector) + penalty * vector[at]);
  const solution = conjugateGradients(apply, new Float64Array(rows.length).fill(1));
  const direction = new Float64Array(rows[0]?.length ?? 0);
  for (const [at, row] of rows.entries()) {
    for (let index = 0; index < direction.length; index++)
      direction[index] += solution[at] * row[index];
  }
  return direction;
}

const MOST_STEPS = 50;
const ENOUGH = 1e-6;

/** Hestenes, Stiefel 1952. */
function conjugateGradients(
  apply: (vector: Float64Array) => Float64Array,
  right: Float64Array,
): Float64Array {
  const solution = new Float64Array(right.length);
  const residual = right.slice();
  let direction = right.slice();
  let squared = dot(residual, residual);
  const start = squared;
  for (let step = 0; step < MOST_STEPS && squared > ENOUGH * start; step++) {
    const image = apply(direction);
    const length = squared / dot(direction, image);
    for (let at = 0; at < right.length; at++) {
      solution[at] += length * direction[at];
      residual[at] -= length * image[at];
    }
    const next = dot(residual, residual);
    const share = next / squared;
    direction = direction.map((value, at) => residual[at] + share * value);
    squared = next;
  }
  return solution;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at] * b[at];
  return sum;
}
