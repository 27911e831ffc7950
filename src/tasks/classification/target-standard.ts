// Measurements on a common scale: learnt as standard scores, given by the finished network in their own unit.

import type { ImageDataset } from "../../datasets/index.ts";
import { type Network, parameterValues, withParameters } from "../../networks/index.ts";
import type { OnnxTensor } from "../../onnx/index.ts";

/** By what measurements were standardised before they were learnt. */
export interface TargetStandard {
  readonly mean: number;
  readonly deviation: number;
}

/** Of the training side; undefined for what is no measurement. */
export function standardOf(
  { samples, target }: ImageDataset,
  rows: Uint32Array,
): TargetStandard | undefined {
  if (target.kind !== "number") return undefined;
  const values = Array.from(rows, (row) => samples[row].target as number);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) || 1 };
}

/** The network with its last layer in the unit of the measurement: weights · deviation, bias · deviation + mean. */
export function inUnit(network: Network, standard: TargetStandard | undefined): Network {
  if (!standard) return network;
  const { mean, deviation } = standard;
  const last = network.layers.findLast(({ parameters }) => parameters.length > 0);
  const values = parameterValues(network);
  const changed = (last?.parameters ?? []).map(({ name, shape }): [string, OnnxTensor] => {
    const offset = shape.length === 1 ? mean : 0;
    const data = (values[name].data as Float32Array).map((value) => value * deviation + offset);
    return [name, { ...values[name], data }];
  });
  return withParameters(network, Object.fromEntries(changed));
}
