// Vectors of three numbers: what sorting planes in space needs beside the products of base.

import { dot, type Triple } from "../../../base/index.ts";

export function add(a: Triple, b: Triple): Triple {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

export function subtract(a: Triple, b: Triple): Triple {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export function scale(a: Triple, by: number): Triple {
  return [a[0] * by, a[1] * by, a[2] * by];
}

export function norm(a: Triple): number {
  return Math.sqrt(dot(a, a));
}

/** The vector of length 1; undefined of a vector without direction. */
export function unit(a: Triple): Triple | undefined {
  const length = norm(a);
  return length > 0 && Number.isFinite(length) ? scale(a, 1 / length) : undefined;
}
