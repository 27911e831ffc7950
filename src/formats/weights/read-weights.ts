// The front door to weights of networks: named tensors of any format, read one by one.

import { type ByteSource, RoentgenError } from "../../base/index.ts";
import type { KerasFile, KerasLayer } from "../keras/keras-file.ts";
import { readKeras } from "../keras/read-keras.ts";
import { describeOtherFormat } from "../other-formats.ts";
import { readPytorch } from "../pytorch/read-pytorch.ts";
import { readSafetensors } from "../safetensors/read-safetensors.ts";
import { choosePart } from "./choose-part.ts";
import type { StoredTensor } from "./stored-tensor.ts";
import type { WeightsFile } from "./weights-file.ts";
import { weightsFormatOfFile } from "./weights-format.ts";

export interface ReadWeightsOptions {
  /** The part of a checkpoint, such as "ema" or "optimizer", "" for all; by default the network. */
  part?: string;
}

/**
 * Lists the weights of a file, whose tensors are read one by one from the source, which stays open for it.
 * @throws RoentgenError "format-unknown", "value-missing" (no such part, or no tensors), and what the readers of
 *   the formats throw
 */
export async function readWeights(
  source: ByteSource,
  { part }: ReadWeightsOptions = {},
): Promise<WeightsFile> {
  const format = await weightsFormatOfFile(source);
  switch (format) {
    case "safetensors": {
      const { tensors, metadata } = await readSafetensors(source);
      const chosen = choosePart(tensors, { keys: [], part, file: source.name });
      return { format, metadata, notes: [], ...chosen };
    }
    case "pytorch": {
      const { tensors, metadata, notes, keys } = await readPytorch(source);
      return { format, metadata, notes, ...choosePart(tensors, { keys, part, file: source.name }) };
    }
    case "keras":
    case "keras-h5":
      return kerasWeights(await readKeras(source), part, source.name);
    case undefined:
      throw await unknownFormat(source);
  }
  return format satisfies never;
}

function kerasWeights(keras: KerasFile, part: string | undefined, file: string): WeightsFile {
  const { format, config, kerasVersion, optimizer } = keras;
  const all = new Map<string, StoredTensor>();
  addLayers(all, keras.layers, "");
  for (const tensor of optimizer) {
    const name = `optimizer.${tensor.name}`;
    if (part === "" || part === "optimizer") all.set(name, { ...tensor, name });
  }
  const chosen = choosePart(all, { keys: ["optimizer"], part, file });
  const metadata: Record<string, string> = kerasVersion ? { keras_version: kerasVersion } : {};
  const parts = optimizer.length > 0 ? ["optimizer"] : [];
  return {
    format,
    ...chosen,
    parts,
    metadata,
    notes: [],
    ...(config === undefined ? {} : { config }),
  };
}

/** Named by layer and weight; Keras mostly has the layer's name in the weight's already. */
function addLayers(
  all: Map<string, StoredTensor>,
  layers: readonly KerasLayer[],
  prefix: string,
): void {
  for (const layer of layers) {
    for (const weight of layer.weights) {
      const short = `${prefix}${weight.name}`;
      const named = weight.name.split("/").includes(layer.name) && !all.has(short);
      const name = named ? short : `${prefix}${layer.name}/${weight.name}`;
      all.set(name, { ...weight, name });
    }
    addLayers(all, layer.layers ?? [], `${prefix}${layer.name}/`);
  }
}

async function unknownFormat(source: ByteSource): Promise<RoentgenError> {
  const head = await source.read(0, Math.min(512, source.byteLength));
  const otherwise = head.byteLength > 0 ? "a file that begins otherwise" : "an empty file";
  return new RoentgenError("format-unknown", {
    problem: `Cannot read weights of ${source.name}`,
    expected: "safetensors, a file of torch.save, or a Keras .h5 or .keras file",
    found: describeOtherFormat(String.fromCharCode(...head)) ?? otherwise,
    remedy: "Fetch or export the file again.",
    subject: source.name,
  });
}
