// The network that a training starts from: drawn, pretrained, or somebody's ONNX model, with a head for the labels at hand.

import type { ImageTarget } from "../../datasets/index.ts";
import {
  type ArchitectureName,
  addHead,
  architecture,
  buildArchitecture,
  buildPretrained,
  classificationHead,
  type Network,
  networkFromModel,
  openWeights,
  type PixelScaling,
  parametersOf,
  replaceHead,
  scalingFor,
} from "../../networks/index.ts";
import { decodeModel } from "../../onnx/index.ts";
import { isEarlierRun, openEarlierRun } from "./earlier-run.ts";
import type { ImageTrainingSettings } from "./image-settings.ts";
import { outputCount } from "./image-source.ts";
import { type TrainingStage, trainingStages } from "./training-stages.ts";

export interface InitialNetwork {
  readonly network: Network;
  readonly scaling: PixelScaling;
  /** What is trained when. */
  readonly stages: readonly TrainingStage[];
  /** Whether it starts from weights that were learnt elsewhere. */
  readonly isPretrained: boolean;
  /** What was loaded and left out, as sentences. */
  readonly notes: readonly string[];
}

export interface InitialNetworkOptions {
  settings: Pick<
    ImageTrainingSettings,
    "weights" | "freeze" | "unfreeze" | "batchNorm" | "head" | "seed"
  >;
  model: ArchitectureName;
  target: ImageTarget;
  /** [channels, …size]. */
  input: readonly number[];
  /** Mean and standard deviation of the training images, for networks that bring no scaling of their own. */
  pixels: { readonly mean: number; readonly deviation: number };
}

/**
 * Builds the network.
 * @throws RoentgenError where weights do not fit the architecture (what didn't match, by name), or layers to freeze are not there
 */
export async function initialNetwork(options: InitialNetworkOptions): Promise<InitialNetwork> {
  const { settings } = options;
  const begun =
    settings.weights === undefined ? drawn(options) : await pretrained(options, settings.weights);
  const { network, scaling, features, notes } = begun;
  const isPretrained = settings.weights !== undefined;
  const stages = trainingStages({ network, features, isPretrained }, settings);
  return { network, scaling, isPretrained, notes, stages };
}

interface Begun {
  readonly network: Network;
  readonly scaling: PixelScaling;
  /** Parameters that were there before the new head. */
  readonly features: ReadonlySet<string>;
  readonly notes: readonly string[];
}

/** The function at the end, by what is learnt. */
function activationOf(target: ImageTarget): "softmax" | "sigmoid" | "linear" {
  if (target.kind === "number") return "linear";
  if (target.kind === "labels") return "sigmoid";
  return outputCount(target) === 1 ? "sigmoid" : "softmax";
}

function drawn({ model, target, input, settings, pixels }: InitialNetworkOptions): Begun {
  const classes = outputCount(target);
  const output = activationOf(target);
  const network = buildArchitecture(model, { input, classes, output, seed: settings.seed });
  const scaling = scalingFor(
    { order: "RGB", factor: 1, mean: [pixels.mean], deviation: [pixels.deviation] },
    input[0],
  );
  return { network, scaling, features: namesOf(headless(network, model)), notes: [] };
}

/** Layers before the architecture's own head. */
function headless({ layers }: Network, model: ArchitectureName): Pick<Network, "layers"> {
  const { head } = architecture(model);
  return { layers: layers.filter(({ name }) => name !== head) };
}

async function pretrained(options: InitialNetworkOptions, weights: string): Promise<Begun> {
  if (await isEarlierRun(weights)) return takenUp(options, weights);
  return /\.onnx$/i.test(weights)
    ? importedModel(options, weights)
    : loadedArchitecture(options, weights);
}

async function takenUp(options: InitialNetworkOptions, weights: string): Promise<Begun> {
  const { network: body, scaling, name } = await openEarlierRun(weights);
  const network = addHead(body, { head: headOf(options), seed: options.settings.seed });
  const note = `Of ${weights} (${name}) all before its last layer was taken, with its scaling of pixels.`;
  return { network, scaling, features: namesOf(body), notes: [note] };
}

async function importedModel(options: InitialNetworkOptions, weights: string): Promise<Begun> {
  const source = await openWeights(weights);
  const bytes = await source.read(0, source.byteLength);
  await source.close();
  const body = networkFromModel(decodeModel(bytes));
  const network = replaceHead(body, { head: headOf(options), seed: options.settings.seed });
  const channels = Number(body.layers[0].outputShape[1]);
  const scaling = scalingFor({ order: "RGB", factor: 1, mean: [0.5], deviation: [0.25] }, channels);
  const note = `Of ${weights} all before its last layer was taken; how its pixels were scaled is not in the file: mean 0.5 and deviation 0.25 are taken.`;
  return { network, scaling, features: namesOf(body), notes: [note] };
}

async function loadedArchitecture(options: InitialNetworkOptions, weights: string): Promise<Begun> {
  const { model, input, settings } = options;
  const source = await openWeights(weights);
  try {
    const { seed } = settings;
    const isTransformer = architecture(model).lastBlock.startsWith("blocks.");
    const pooling = isTransformer ? { pooling: "token" as const } : {};
    const body = await buildPretrained(model, source, {
      input,
      includeTop: false,
      seed,
      ...pooling,
    });
    const { layers } = body.network;
    const at = layers[layers.length - 1].output;
    const { scaling } = architecture(model, { reference: body.reference });
    return {
      network: replaceHead(body.network, { head: headOf(options), seed, at }),
      scaling: scalingFor(scaling, input[0]),
      features: namesOf(body.network),
      notes: body.report.notes,
    };
  } finally {
    await source.close();
  }
}

/** What is put behind the features: as in the tutorials that go with VGG flattened, else pooled. */
function headOf({ target, model, settings }: InitialNetworkOptions) {
  const pooling = /^vgg/.test(model) ? "flatten" : "average";
  return classificationHead({
    outputs: outputCount(target),
    pooling: settings.head === "auto" ? pooling : settings.head,
    hidden: 256,
    dropout: 0.3,
    activation: activationOf(target),
  });
}

function namesOf(network: Pick<Network, "layers">): ReadonlySet<string> {
  return new Set(parametersOf(network as Network).map(({ name }) => name));
}
