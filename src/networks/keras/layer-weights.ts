// Weights of a Keras model's layers in memory, as single precision numbers.

import type { KerasLayer } from "../../formats/index.ts";
import { permuteAxes, rowMajorNumbers } from "../row-major.ts";

/** Numbers in row-major order. */
export interface WeightArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A layer's weights in Keras's order. */
export interface LayerWeights {
  readonly arrays: readonly WeightArray[];
  /** Of a model within the model. */
  readonly layers: ReadonlyMap<string, LayerWeights>;
}

export const NO_WEIGHTS: LayerWeights = { arrays: [], layers: new Map() };

/** Reads the weights of all layers. States of random generators are no weights. */
export async function readLayerWeights(
  layers: readonly KerasLayer[],
): Promise<ReadonlyMap<string, LayerWeights>> {
  const all = new Map<string, LayerWeights>();
  for (const layer of layers) {
    const arrays: WeightArray[] = [];
    for (const weight of layer.weights) {
      if (/seed_generator/.test(weight.name)) continue;
      const tensor = await weight.read();
      arrays.push({ shape: tensor.shape, data: rowMajorNumbers(tensor) });
    }
    all.set(layer.name, { arrays, layers: await readLayerWeights(layer.layers ?? []) });
  }
  return all;
}

/** The array with its axes in another order: axis `order[i]` of it becomes axis i. */
export function permuted({ shape, data }: WeightArray, order: readonly number[]): WeightArray {
  return { shape: order.map((axis) => shape[axis]), data: permuteAxes(data, { shape, order }) };
}
