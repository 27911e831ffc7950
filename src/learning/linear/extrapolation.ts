// Anderson extrapolation of coordinate descent: from a few iterates to near where they are heading.
// Bertrand and Massias: "Anderson acceleration of coordinate descent", AISTATS 2021, algorithm 2.

import { dot } from "./column-products.ts";
import type { QuadraticWithL1 } from "./coordinate-descent.ts";
import { factorSymmetric } from "./symmetric-solve.ts";

/** Steps that one extrapolation is made from. */
const STEPS = 5;

interface Iterate {
  readonly v: Float64Array;
  readonly gradient: Float64Array;
}

/** Takes note of iterates, and after some of them moves on to the extrapolated one if that is lower. */
export function extrapolator(
  quadratic: QuadraticWithL1,
): (v: Float64Array, gradient: Float64Array) => void {
  let iterates: Iterate[] = [];
  return (v, gradient) => {
    iterates.push({ v: v.slice(), gradient: gradient.slice() });
    if (iterates.length <= STEPS) return;
    const ahead = combine(iterates);
    if (ahead && descent(quadratic, iterates[STEPS], ahead) > 0) {
      v.set(ahead.v);
      gradient.set(ahead.gradient);
    }
    iterates = [];
  };
}

/** The affine combination of iterates whose steps cancel best. The gradient of a quadratic combines alike. */
function combine(iterates: readonly Iterate[]): Iterate | undefined {
  const steps = iterates
    .slice(1)
    .map(({ v }, index) => v.map((value, j) => value - iterates[index].v[j]));
  const products = Float64Array.from({ length: STEPS * STEPS }, (_, at) =>
    dot(steps[Math.floor(at / STEPS)], steps[at % STEPS]),
  );
  if (products.every((product) => product === 0)) return undefined;
  const weights = factorSymmetric(products, STEPS)(new Float64Array(STEPS).fill(1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const later = iterates.slice(1);
  const mix = (part: keyof Iterate) =>
    later[0][part].map((_, j) =>
      later.reduce((sum, iterate, index) => sum + (weights[index] / total) * iterate[part][j], 0),
    );
  return { v: mix("v"), gradient: mix("gradient") };
}

/** How much lower the objective is at `to`: exact for a quadratic, by the mean of its gradients. */
function descent({ l1 }: QuadraticWithL1, from: Iterate, to: Iterate): number {
  let lower = 0;
  for (let j = 0; j < l1.length; j++) {
    lower -= 0.5 * (from.gradient[j] + to.gradient[j]) * (to.v[j] - from.v[j]);
    lower += l1[j] * (Math.abs(from.v[j]) - Math.abs(to.v[j]));
  }
  return lower;
}
