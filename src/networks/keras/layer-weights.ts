// Weights of a Keras model's layers in memory, as single precision numbers.

import { elementCount, rowMajorStrides } from "../../base/index.ts";
import type { KerasLayer } from "../../formats/index.ts";

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
      const { shape, data } = await weight.read();
      const isSingle = data instanceof Float32Array;
      arrays.push({ shape, data: isSingle ? data : Float32Array.from(data as never, Number) });
    }
    all.set(layer.name, { arrays, layers: await readLayerWeights(layer.layers ?? []) });
  }
  return all;
}

/** The array with its axes in another order: axis `order[i]` of it becomes axis i. */
export function permuted({ shape, data }: WeightArray, order: readonly number[]): WeightArray {
  const strides = rowMajorStrides(shape);
  const lengths = order.map((axis) => shape[axis]);
  const steps = order.map((axis) => strides[axis]);
  const moved = new Float32Array(elementCount(shape));
  const position = new Array<number>(order.length).fill(0);
  for (let at = 0, from = 0; at < moved.length; at++) {
    moved[at] = data[from];
    for (let axis = order.length - 1; axis >= 0; axis--) {
      from += steps[axis];
      if (++position[axis] < lengths[axis]) break;
      from -= steps[axis] * lengths[axis];
      position[axis] = 0;
    }
  }
  return { shape: lengths, data: moved };
}

/** The same numbers under another shape. */
export function reshaped({ data }: WeightArray, shape: readonly number[]): WeightArray {
  return { shape, data };
}
