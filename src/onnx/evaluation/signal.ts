// Evaluation of Fourier transforms, straight from the sum.

import { elementCount } from "../../base/index.ts";
import type { Numbers } from "./plain-tensor.ts";
import { linesOf, numbers } from "./positions.ts";
import type { EvaluationRule, EvaluationRules } from "./rule.ts";

type Complex = readonly [number, number];

/** Xₖ = Σ xₙ e^(∓2πi k n / N); the inverse divides by N. */
function transformed(line: readonly Complex[], bins: number, isInverse: boolean): Complex[] {
  const sign = isInverse ? 1 : -1;
  const scale = isInverse ? 1 / line.length : 1;
  return Array.from({ length: bins }, (_, k) => {
    let [re, im] = [0, 0];
    for (const [n, [a, b]] of line.entries()) {
      const angle = (sign * 2 * Math.PI * ((k * n) % line.length)) / line.length;
      re += a * Math.cos(angle) - b * Math.sin(angle);
      im += a * Math.sin(angle) + b * Math.cos(angle);
    }
    return [re * scale, im * scale];
  });
}

/** DFT along one axis; the last holds real and imaginary part, or only the real. */
const dft: EvaluationRule = (node) => {
  const x = node.input(0);
  const shape = node.outputShape();
  const given = node.opset >= 20 ? (node.optional(2)?.data[0] ?? -2) : node.int("axis", 1);
  const axis = given < 0 ? given + shape.length : given;
  const length = node.optional(1)?.data[0] ?? x.shape[axis];
  const isInverse = node.int("inverse", 0) === 1;
  const parts = x.shape[x.shape.length - 1];
  const last = x.shape.length - 1;
  const from = linesOf(x.shape, [axis, last]);
  const to = linesOf(shape, [axis, last]);
  const data = new Float64Array(elementCount(shape));
  for (const [at, start] of from.starts.entries()) {
    const line = Array.from({ length }, (_, n): Complex => {
      const element = (part: number) =>
        n < x.shape[axis] && part < parts ? x.data[start + from.steps[n * parts + part]] : 0;
      return [element(0), element(1)];
    });
    for (const [step, value] of transformed(line, shape[axis], isInverse).flat().entries()) {
      data[to.starts[at] + to.steps[step]] = value;
    }
  }
  return [numbers(shape, data, x.type)];
};

/** STFT: the transform of each frame under the window. */
const stft: EvaluationRule = (node) => {
  const signal = node.input(0);
  const step = node.input(1).data[0];
  const window = node.optional(2);
  const frame = node.optional(3)?.data[0] ?? window?.data.length ?? node.fail("a frame length");
  const shape = node.outputShape();
  const [batch, frames, bins] = shape;
  const spectra = Array.from({ length: batch * frames }, (_, at) => {
    const line = Array.from({ length: frame }, (__, n) => {
      const [re, im] = sampleOf(signal, Math.floor(at / frames), (at % frames) * step + n);
      const weight = window ? window.data[n] : 1;
      return [re * weight, im * weight] as const;
    });
    return transformed(line, bins, false);
  });
  return [numbers(shape, spectra.flat(2), signal.type)];
};

/** A sample of a signal [batch, length] or [batch, length, 1 or 2]. */
function sampleOf({ shape, data }: Numbers, batch: number, at: number): Complex {
  const parts = shape[2] ?? 1;
  const start = (batch * shape[1] + at) * parts;
  return [data[start], parts > 1 ? data[start + 1] : 0];
}

/** Rules by operator. */
export const signalRules: EvaluationRules = { DFT: dft, STFT: stft };
