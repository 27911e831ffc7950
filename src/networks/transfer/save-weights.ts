// The parameters of a network as a safetensors file.

import { rowMajorStrides } from "../../base/index.ts";
import { writeSafetensors } from "../../formats/safetensors/index.ts";
import { type Network, parameterValues } from "../network.ts";

/** All parameters, running statistics among them, under their names; `loadWeights` takes them back. */
export function saveWeights(network: Network): Uint8Array<ArrayBuffer> {
  const tensors = Object.entries(parameterValues(network)).map(([name, { shape, data }]) => ({
    name,
    tensor: {
      ...{ dtype: "float32" as const, shape, strides: rowMajorStrides(shape) },
      data: data as Float32Array,
    },
  }));
  return writeSafetensors(tensors, { metadata: { format: "roentgen" } });
}
