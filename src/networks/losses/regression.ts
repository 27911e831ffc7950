// Losses of numbers: squared, absolute, and in between.

import { checkParameters, number, type OptionsOf, parameters } from "../../base/index.ts";
import type { Algebra, Term } from "../../onnx/index.ts";
import { type Loss, meanOfSample, weightedMean } from "./loss.ts";

/** (y − t)². */
export const meanSquaredError = (): Loss =>
  ofDifference("mean squared error", {}, (m, d) => m.mul(d, d));

/** |y − t|. */
export const meanAbsoluteError = (): Loss =>
  ofDifference("mean absolute error", {}, (m, d) => m.op("Abs", [d]));

const huberSettings = parameters({
  /** Difference up to which the loss is a square. */
  delta: number({ above: 0 }).default(1),
});

/** d² / 2 up to δ, δ (|d| − δ / 2) beyond. Huber: "Robust estimation of a location parameter", 1964. */
export function huber(options: OptionsOf<typeof huberSettings> = {}): Loss {
  const { delta } = checkParameters(huberSettings, options, "Huber loss");
  return ofDifference("huber", { delta }, (m, d) => squareThenLine(m, d, delta));
}

/** Huber's loss divided by δ. Girshick: "Fast R-CNN", 2015, eq. 3. */
export function smoothL1(options: OptionsOf<typeof huberSettings> = {}): Loss {
  const { delta } = checkParameters(huberSettings, options, "smooth L1 loss");
  return ofDifference("smooth L1", { delta }, (m, d) => m.div(squareThenLine(m, d, delta), delta));
}

/** With c = min(|d|, δ): c (|d| − c / 2), which is both cases in one. */
function squareThenLine(m: Algebra, d: Term, delta: number): Term {
  const size = m.op("Abs", [d]);
  const c = m.op("Min", [size, m.scalarLike(delta, d)]);
  return m.mul(c, m.sub(size, m.mul(c, 0.5)));
}

function ofDifference(
  name: string,
  settings: Record<string, number>,
  measure: (m: Algebra, difference: Term) => Term,
): Loss {
  return {
    name,
    settings,
    target: (shape) => ({ type: "float32", shape }),
    build: (m, { output, target, weights }) =>
      weightedMean(m, meanOfSample(m, measure(m, m.sub(output, target))), weights),
  };
}
