// Conjugate gradients for A·x = b with a positive semi-definite A known by its products,
// preconditioned by A's diagonal. Nocedal and Wright: "Numerical optimization", algorithm 5.3.

import { addScaledInPlace, dot } from "./column-products.ts";

/** Solves until the residual is `tolerance` of b, or A is found flat along a direction. */
export function conjugateGradients(
  apply: (vector: Float64Array) => Float64Array,
  b: Float64Array,
  diagonal: Float64Array,
  { tolerance, maxIterations = 2 * b.length }: { tolerance: number; maxIterations?: number },
): Float64Array {
  const x = new Float64Array(b.length);
  const residual = Float64Array.from(b);
  const precondition = () => residual.map((value, j) => value / (diagonal[j] || 1));
  let preconditioned = precondition();
  const direction = Float64Array.from(preconditioned);
  let energy = dot(residual, preconditioned);
  const goal = tolerance * tolerance * energy;
  for (let iteration = 0; iteration < maxIterations && energy > goal; iteration++) {
    const product = apply(direction);
    const curvature = dot(direction, product);
    if (!(curvature > 1e-300)) break;
    const length = energy / curvature;
    addScaledInPlace(x, length, direction);
    addScaledInPlace(residual, -length, product);
    preconditioned = precondition();
    const next = dot(residual, preconditioned);
    for (let j = 0; j < direction.length; j++) {
      direction[j] = preconditioned[j] + (next / energy) * direction[j];
    }
    energy = next;
  }
  return x;
}
