// The network of an earlier training on images, taken out of its bundle for another: its layers, its scaling of pixels and the
// size of its input, without what deployment put around it.

import { pathKind, readFileBytes } from "#files";
import {
  checkParameters,
  number,
  oneOf,
  parameters,
  RoentgenError,
  rules,
} from "../../base/index.ts";
import {
  type ArchitectureName,
  architectureNames,
  type Network,
  networkFromModel,
  type PixelScaling,
  scalingFor,
  unitScaling,
} from "../../networks/index.ts";
import { cutModel, decodeModel } from "../../onnx/index.ts";
import { type ImageBundle, isImageBundle, readBundle } from "../../study/index.ts";
import { bundlePath } from "../bundle-path.ts";
import { PIXEL_SCALING } from "./pack-image-model.ts";

export interface EarlierRun {
  /** From scaled pixels to the features before its last layer. */
  readonly network: Network;
  readonly scaling: PixelScaling;
  /** [channels, …size]. */
  readonly input: readonly number[];
  /** Undefined where it came from a model that is none of these. */
  readonly model: ArchitectureName | undefined;
  /** What it was trained for. */
  readonly name: string;
}

/** Whether pretrained weights are those of an earlier training: a run folder or a bundle. */
export async function isEarlierRun(path: string): Promise<boolean> {
  return /\.roentgen$/i.test(path) || (await pathKind(path)) === "folder";
}

/**
 * Opens the bundle and takes the network out of it.
 * @throws RoentgenError for a bundle that can't be read, is of a model of tables, or does not say where its network is
 */
export async function openEarlierRun(from: string): Promise<EarlierRun> {
  const path = await bundlePath(from);
  const bundle = await readBundle(await readFileBytes(path), path);
  if (!isImageBundle(bundle)) throw notUsable(path, "a model of tables");
  const { manifest, model } = bundle;
  const { tensors, input, learner, name } = manifest;
  if (!tensors.network) throw notUsable(path, "a bundle that does not say where its network is");
  const { channels, size } = input.preparation;
  const part = cutModel(decodeModel(model), {
    inputs: [tensors.network.input],
    outputs: [tensors.network.features],
  });
  return {
    network: networkFromModel(part),
    scaling: scalingIn(manifest),
    input: [channels, ...size],
    model: architectureNames.find((one) => one === learner),
    name,
  };
}

const scalingRules = parameters({
  order: oneOf("RGB", "BGR"),
  factor: number(),
  mean: rules.array(number(), { error: "a mean for each channel" }),
  deviation: rules.array(number(), { error: "a deviation for each channel" }),
});

/** What is done to pixels in 0 … 1 before the network, as the bundle states it. */
function scalingIn({ preprocessing, input }: ImageBundle["manifest"]): PixelScaling {
  const { channels } = input.preparation;
  const scaled = preprocessing.find(({ name }) => name === PIXEL_SCALING);
  if (!scaled) return scalingFor(unitScaling, channels);
  return checkParameters(scalingRules, scaled.parameters, PIXEL_SCALING);
}

function notUsable(path: string, found: string): RoentgenError {
  return new RoentgenError("type-mismatch", {
    problem: `Cannot go on from ${path}`,
    expected: "the run or bundle of a training on images",
    found,
    remedy: "Train it again with this version, or give an ONNX model.",
    subject: path,
  });
}
