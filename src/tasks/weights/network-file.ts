// Models of other programs as ONNX files, and weights as safetensors.

import { writeFileWhole } from "#files";
import { RoentgenError } from "../../base/index.ts";
import {
  type NamedTensor,
  type ReadWeightsOptions,
  readKeras,
  readWeights,
  safetensorsChunks,
} from "../../formats/index.ts";
import {
  type KerasNetworkOptions,
  kerasNetwork,
  type Network,
  summarise,
} from "../../networks/index.ts";
import { encodeModel } from "../../onnx/index.ts";
import { checkTarget } from "../check-target.ts";
import type { ConvertedFile } from "../tables/convert.ts";
import { weightsFormatOf, withSource } from "./open-weights.ts";

export type ConvertWeightsOptions = KerasNetworkOptions & ReadWeightsOptions & { force?: boolean };

/** Endings that weights are written to. */
const TARGETS = /\.(onnx|safetensors)$/i;

/** Whether weights, or a model of another program, are to become a file that can hold them. */
export async function isWeightsConversion(from: string, to: string): Promise<boolean> {
  return TARGETS.test(to) && (await weightsFormatOf(from)) !== undefined;
}

/**
 * Converts a Keras model to ONNX, or the weights of any file to safetensors.
 * @throws RoentgenError "format-unsupported" for layers that can't be converted and for weights without a model,
 *   "write-failed" where there is a file already and `force` is not given
 */
export async function convertWeights(
  from: string,
  to: string,
  { force = false, layout, part }: ConvertWeightsOptions = {},
): Promise<ConvertedFile> {
  await checkTarget(to, { force, inputs: [from] });
  return /\.onnx$/i.test(to) ? toOnnx(from, to, { layout }) : toSafetensors(from, to, { part });
}

/**
 * A Keras model as a network.
 * @throws RoentgenError "format-unsupported" where the file holds weights alone or layers that are not converted
 */
export async function readNetwork(
  path: string,
  options: KerasNetworkOptions = {},
): Promise<Network> {
  const format = await weightsFormatOf(path);
  if (format !== "keras" && format !== "keras-h5") throw weightsAlone(path);
  // The source stays open while the layers' weights are read.
  return withSource(path, async (source) => kerasNetwork(await readKeras(source), options));
}

async function toOnnx(
  from: string,
  to: string,
  options: KerasNetworkOptions,
): Promise<ConvertedFile> {
  const network = await readNetwork(from, options);
  await writeFileWhole(to, encodeModel(network.model));
  const { layers, total } = summarise(network);
  const description = `${layers.length} layers, ${total.toLocaleString("en")} parameters`;
  return { description, notes: [] };
}

/** Narrow floats become float32; all tensors are in memory until the file is written. */
async function toSafetensors(
  from: string,
  to: string,
  options: ReadWeightsOptions,
): Promise<ConvertedFile> {
  return withSource(from, async (source) => {
    const { tensors, metadata, notes } = await readWeights(source, options);
    const named: NamedTensor[] = [];
    for (const stored of tensors.values()) {
      named.push({ name: stored.name, tensor: await stored.read() });
    }
    await writeFileWhole(to, safetensorsChunks(named, { metadata }));
    return { description: `${named.length.toLocaleString("en")} tensors`, notes };
  });
}

function weightsAlone(path: string): RoentgenError {
  return new RoentgenError("format-unsupported", {
    problem: `Cannot make a network of ${path}`,
    expected: "a Keras model that was saved whole (.h5 or .keras)",
    found: "weights alone, which do not say what is computed with them",
    remedy: "Export the model as ONNX where it was made, with torch.onnx.export for PyTorch.",
    subject: path,
  });
}
