// The room's front door: a classifier kept open, and the ways to explain what it makes of images.

import { checkParameters, integer, parameters } from "../base/index.ts";
import type { Network } from "../networks/index.ts";
import type { OnnxModel, SessionOptions } from "../onnx/index.ts";
import { classCount } from "./chosen-scores.ts";
import { type ExplainedModelOptions, explainedModel } from "./explained-model.ts";
import { type GradCamOptions, runGradCam } from "./grad-cam.ts";
import type { Explanation } from "./heat-map.ts";
import type { ImageBatch } from "./image-batch.ts";
import {
  type IntegratedGradients,
  type IntegratedGradientsOptions,
  runIntegratedGradients,
} from "./integrated-gradients.ts";
import { runFeatures } from "./layer-features.ts";
import type { FeatureRows } from "./nearest-images.ts";
import { type Occlusion, type OcclusionOptions, runOcclusion } from "./occlusion.ts";
import { openModel } from "./open-model.ts";

export interface ExplainerOptions extends ExplainedModelOptions, SessionOptions {
  /**
   * The layer or tensor that Grad-CAM looks at. By default the last maps before they are pooled or flattened; of vision
   * transformers the tokens that go into the last attention.
   */
  layer?: string;
  /**
   * Images that go through the model at once, by default 8; smaller batches are filled up, so give 1 where images come one
   * by one. Memory grows with it and with nothing else.
   */
  batchSize?: number;
}

/** A classifier that is ready to explain any number of images. */
export interface Explainer {
  /** Classes that the model tells apart; 2 where it has one score before a sigmoid. */
  readonly classes: number;
  /** Lengths of an image: [channels, height, width] or [channels, depth, height, width]. */
  readonly imageShape: readonly number[];
  /** The tensors that Grad-CAM looks at, one of each network that the model is the mean of, and the lengths of their grids. */
  readonly layers: () => readonly { readonly tensor: string; readonly grid: readonly number[] }[];
  gradCam(inputs: ImageBatch, options?: GradCamOptions): Promise<Explanation>;
  occlusion(inputs: ImageBatch, options?: OcclusionOptions): Promise<Occlusion>;
  integratedGradients(
    inputs: ImageBatch,
    options?: IntegratedGradientsOptions,
  ): Promise<IntegratedGradients>;
  /** The layers' values averaged over their grids, a row an image, such as for `nearestImages`. */
  features(inputs: ImageBatch, options?: { signal?: AbortSignal }): Promise<FeatureRows>;
  close(): Promise<void>;
}

const settings = parameters({
  batchSize: integer({ min: 1 }).default(8),
});

/**
 * Opens a classifier for explanations. Its graphs are loaded once and used until it is closed.
 * @throws RoentgenError "shape-mismatch" where the model takes no images of known size, "format-unsupported" where it can't
 * be made a network
 */
export async function openExplainer(
  model: OnnxModel | Network,
  { layer, batchSize, device, threads, ...parts }: ExplainerOptions = {},
): Promise<Explainer> {
  const explained = explainedModel(model, parts);
  const settled = checkParameters(settings, { batchSize }, "explainer");
  const opened = openModel(explained, { layer, device, threads, ...settled });
  return {
    classes: classCount(explained),
    imageShape: explained.imageShape,
    layers: opened.layers,
    gradCam: (inputs, options) => runGradCam(opened, inputs, options),
    occlusion: (inputs, options) => runOcclusion(opened, inputs, options),
    integratedGradients: (inputs, options) => runIntegratedGradients(opened, inputs, options),
    features: (inputs, options) => runFeatures(opened, inputs, options),
    close: opened.close,
  };
}

/** Explains images once by the maps of the model's layer: Grad-CAM or Grad-CAM++. */
export function gradCam(
  model: OnnxModel | Network,
  inputs: ImageBatch,
  options: ExplainerOptions & GradCamOptions = {},
): Promise<Explanation> {
  return once(model, options, (explainer) => explainer.gradCam(inputs, options));
}

/** Explains images once by hiding their parts. */
export function occlusion(
  model: OnnxModel | Network,
  inputs: ImageBatch,
  options: ExplainerOptions & OcclusionOptions = {},
): Promise<Occlusion> {
  return once(model, options, (explainer) => explainer.occlusion(inputs, options));
}

/** Explains images once by the shares of their pixels in the score. */
export function integratedGradients(
  model: OnnxModel | Network,
  inputs: ImageBatch,
  options: ExplainerOptions & IntegratedGradientsOptions = {},
): Promise<IntegratedGradients> {
  return once(model, options, (explainer) => explainer.integratedGradients(inputs, options));
}

async function once<Result>(
  model: OnnxModel | Network,
  options: ExplainerOptions,
  explain: (explainer: Explainer) => Promise<Result>,
): Promise<Result> {
  const explainer = await openExplainer(model, options);
  try {
    return await explain(explainer);
  } finally {
    await explainer.close();
  }
}
