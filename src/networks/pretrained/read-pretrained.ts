// Weights of a file in any format that networks are published in.

import { type ByteSource, RoentgenError } from "../../base/index.ts";
import { decodeModel } from "../../onnx/index.ts";
import { parameterValues } from "../network.ts";
import type { WeightsSource } from "../transfer/load-weights.ts";
import { networkFromModel } from "../transfer/network-from-model.ts";

/**
 * Lists the weights of a Keras, PyTorch, safetensors or ONNX file; the source stays open for them.
 * @throws RoentgenError "format-unknown", and what the readers throw
 */
export async function readPretrained(source: ByteSource): Promise<WeightsSource> {
  // Loaded where it is needed: readers of all formats take long to start.
  const { readWeights } = await import("../../formats/index.ts");
  try {
    return await readWeights(source);
  } catch (error) {
    const isUnknown = error instanceof RoentgenError && error.code === "format-unknown";
    if (!isUnknown || !(await isOnnx(source))) throw error;
    const model = decodeModel(await source.read(0, source.byteLength));
    return parameterValues(networkFromModel(model));
  }
}

/** An ONNX file has the version of its format first: field 1, a number. */
async function isOnnx(source: ByteSource): Promise<boolean> {
  return source.byteLength > 2 && (await source.read(0, 1))[0] === 0x08;
}
