// The activations of the gates of RNN, GRU and LSTM, as their node names them.

import type { AttributeReader } from "./attributes.ts";

/** An activation with its constants. */
export interface GateActivation {
  /** In lower case, as names are compared without regard to it. */
  readonly name: string;
  readonly alpha: number;
  readonly beta: number;
}

/** Constants of activations that have some; beta where it has two. */
const constants: Readonly<Record<string, { alpha: number; beta?: number }>> = {
  affine: { alpha: 1, beta: 0 },
  leakyrelu: { alpha: 0.01 },
  thresholdedrelu: { alpha: 1 },
  scaledtanh: { alpha: 1, beta: 1 },
  hardsigmoid: { alpha: 0.2, beta: 0.5 },
  elu: { alpha: 1 },
};

/**
 * The activations of all directions, one after another; `defaults` are those of one. Constants are consumed in their order,
 * by those that have any (ONNX, RNN, activation_alpha).
 */
export function gateActivations(
  node: AttributeReader,
  { defaults, directions }: { defaults: readonly string[]; directions: number },
): GateActivation[] {
  const names = node.texts("activations") ?? Array.from({ length: directions }, () => defaults);
  const [alphas, betas] = [node.floats("activation_alpha"), node.floats("activation_beta")];
  return names.flat().map((given) => {
    const name = given.toLowerCase();
    const { alpha = 0, beta } = constants[name] ?? {};
    return {
      name,
      alpha: (name in constants ? alphas?.shift() : undefined) ?? alpha,
      beta: (beta === undefined ? undefined : betas?.shift()) ?? beta ?? 0,
    };
  });
}
