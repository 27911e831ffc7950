// Whether maps hang on what was learnt: Adebayo et al., "Sanity checks for saliency maps", NeurIPS 2018,
// https://arxiv.org/abs/1810.03292: weights are randomised from the top layer down, and the maps must change.

import {
  checkParameters,
  integer,
  number,
  type ProgressListener,
  parameters,
  randomStream,
  throwIfCancelled,
} from "../base/index.ts";
import { type Network, parameterValues, withParameters } from "../networks/index.ts";
import type { OnnxModel, OnnxTensor } from "../onnx/index.ts";
import { type Figure, spearmanCorrelation } from "../statistics/index.ts";
import { explainedModel } from "./explained-model.ts";
import { type Explainer, type ExplainerOptions, openExplainer } from "./explainer.ts";
import type { Explanation } from "./heat-map.ts";
import { type ImageBatch, rowOf } from "./image-batch.ts";
import { meanFigure } from "./mean-figure.ts";
import { structuralSimilarity } from "./structural-similarity.ts";

export interface RandomisationCheckOptions extends ExplainerOptions {
  /** The way of explaining that is checked; by default Grad-CAM. The classes stay those of the trained model. */
  explain?: (
    explainer: Explainer,
    inputs: ImageBatch,
    options: { classes: "predicted" | readonly number[] },
  ) => Promise<Explanation>;
  /** Depths to which the weights are randomised, the last one all of them; by default 5. */
  stages?: number;
  /** Draws of random weights at each depth; by default 3. */
  repeats?: number;
  /** Mean rank correlation that maps of random weights must stay below; by default 0.5. The paper names no limit. */
  limit?: number;
  seed?: number;
  signal?: AbortSignal;
  onProgress?: ProgressListener;
}

/** How much the maps are like those of the trained model when the weights of some layers are random. */
export interface RandomisationStage {
  /** The lowest layer that is randomised; those above are, too. */
  readonly downTo: string;
  readonly layers: number;
  /** Spearman's correlation over the pixels of an image, averaged over draws and images. */
  readonly rankCorrelation: Figure;
  /** Structural similarity of the maps, averaged over draws and images. */
  readonly structuralSimilarity: Figure;
  /** Maps with nothing in them, which have no rank correlation; `maps` is how many were made. */
  readonly empty: number;
  readonly maps: number;
}

export interface RandomisationCheck {
  /**
   * "passes" where the interval of the rank correlation with all weights random lies below the limit, "fails" where it lies
   * above, else "undecided".
   */
  readonly verdict: "passes" | "fails" | "undecided";
  /** The verdict in a sentence, with its figures. */
  readonly reason: string;
  readonly limit: number;
  readonly stages: readonly RandomisationStage[];
}

const settings = parameters({
  stages: integer({ min: 1 }).default(5),
  repeats: integer({ min: 1 }).default(3),
  limit: number({ above: 0, below: 1 }).default(0.5),
  seed: integer({ min: 0 }).default(0),
});

/**
 * Compares maps of a trained model with those of the same model whose weights are random, from the last layer down.
 * @throws RoentgenError as `openExplainer`
 */
export async function randomisationCheck(
  model: OnnxModel | Network,
  inputs: ImageBatch,
  options: RandomisationCheckOptions = {},
): Promise<RandomisationCheck> {
  const { explain = byGradCam, signal, onProgress } = options;
  const { stages, repeats, limit, seed } = checkParameters(
    settings,
    pick(options),
    "randomisation check",
  );
  const { network } = explainedModel(model, options);
  const trained = await mapsOf(network, { inputs, options, explain });
  const depths = depthsOf(network, stages);
  const found: RandomisationStage[] = [];
  for (const layers of depths) {
    const similarities: Similarity[][] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      throwIfCancelled(signal, "The check");
      const random = randomised(network, { layers, seed, repeat });
      const classes = [...trained.classes];
      const maps = await mapsOf(random, { inputs, options, explain, classes });
      similarities.push(compared(trained, maps));
    }
    found.push(stageOf(layers, similarities));
    onProgress?.({ stage: "Randomising weights", done: found.length, total: depths.length });
  }
  return { ...verdictOf(found.at(-1) as RandomisationStage, limit), limit, stages: found };
}

const byGradCam: NonNullable<RandomisationCheckOptions["explain"]> = (explainer, inputs, options) =>
  explainer.gradCam(inputs, options);

/** Options with rules of their own. */
function pick({ stages, repeats, limit, seed }: RandomisationCheckOptions) {
  return { stages, repeats, limit, seed };
}

interface Explaining {
  readonly inputs: ImageBatch;
  readonly options: RandomisationCheckOptions;
  readonly explain: NonNullable<RandomisationCheckOptions["explain"]>;
  readonly classes?: readonly number[];
}

async function mapsOf(
  network: Network,
  { inputs, options, explain, classes = undefined }: Explaining,
): Promise<Explanation> {
  const explainer = await openExplainer(network, options);
  try {
    return await explain(explainer, inputs, { classes: classes ?? "predicted" });
  } finally {
    await explainer.close();
  }
}

/** Layers with learnt weights from the last to the first, cut off at a few depths. */
function depthsOf({ layers }: Network, stages: number): (readonly Network["layers"][number][])[] {
  const learnt = layers
    .filter(({ parameters: own }) => own.some(({ learnable }) => learnable))
    .toReversed();
  const count = Math.min(stages, learnt.length);
  return Array.from({ length: count }, (_, at) =>
    learnt.slice(0, Math.ceil(((at + 1) * learnt.length) / count)),
  );
}

/** The network with weights of some layers drawn anew: normal, with the mean and spread that they had. */
function randomised(
  network: Network,
  { layers, seed, repeat }: { layers: Network["layers"]; seed: number; repeat: number },
): Network {
  const values = parameterValues(network);
  const names = layers.flatMap(({ parameters: own }) =>
    own.filter(({ learnable }) => learnable).map(({ name }) => name),
  );
  const drawn = names.map((name) => {
    const draw = randomStream({ seed, purpose: `randomised ${name}`, sample: repeat });
    return [name, redrawn(values[name], () => draw.normal())] as const;
  });
  return withParameters(network, Object.fromEntries(drawn));
}

function redrawn(tensor: OnnxTensor, normal: () => number): OnnxTensor {
  const values = tensor.data as Float32Array;
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  const squares = values.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  // A single number has no spread of its own: its size is that of the number.
  const spread = values.length > 1 ? Math.sqrt(squares / values.length) : Math.abs(mean);
  const middle = values.length > 1 ? mean : 0;
  return { ...tensor, data: Float32Array.from(values, () => middle + spread * normal()) };
}

/** How alike two maps are; a map with nothing in it has no ranks. */
interface Similarity {
  readonly rank: number;
  readonly structure: number;
  readonly isEmpty: boolean;
}

function compared(trained: Explanation, random: Explanation): Similarity[] {
  const [count, ...shape] = trained.shape;
  const places = trained.maps.length / count;
  return Array.from({ length: count }, (_, at) => {
    const [a, b] = [trained, random].map(({ maps }) => rowOf(maps, at, places));
    const isEmpty = !(trained.maxima[at] > 0 && random.maxima[at] > 0);
    const rank = isEmpty ? Number.NaN : alikeness(a, b);
    return { rank, structure: structuralSimilarity(a, b, { shape }), isEmpty };
  });
}

/** Spearman's correlation; 1 of equal maps, also where one value everywhere leaves no ranks. */
function alikeness(a: Float32Array, b: Float32Array): number {
  return a.every((value, at) => value === b[at]) ? 1 : spearmanCorrelation(a, b);
}

function stageOf(
  layers: Network["layers"],
  similarities: readonly (readonly Similarity[])[],
): RandomisationStage {
  const images = similarities[0].map((_, image) => similarities.map((draws) => draws[image]));
  const all = images.flat();
  return {
    downTo: layers[layers.length - 1].name,
    layers: layers.length,
    rankCorrelation: meanFigure(images.map((draws) => knownMean(draws.map(({ rank }) => rank)))),
    structuralSimilarity: meanFigure(
      images.map((draws) => knownMean(draws.map(({ structure }) => structure))),
    ),
    empty: all.filter(({ isEmpty }) => isEmpty).length,
    maps: all.length,
  };
}

/** The mean of what is there; NaN where nothing is. */
function knownMean(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, one) => sum + one, 0) / known.length;
}

function verdictOf(
  { rankCorrelation: { value, low, high, n }, empty, maps }: RandomisationStage,
  limit: number,
): Pick<RandomisationCheck, "verdict" | "reason"> {
  const vanished = empty > 0 ? ` ${empty} of ${maps} maps were empty and are not counted.` : "";
  if (value === null || low === null || high === null) {
    return { verdict: "undecided", reason: `Too few maps can be compared (${n}).${vanished}` };
  }
  const [middle, from, to] = [value, low, high].map((one) => one.toFixed(2));
  const figures = `${middle} (${from} to ${to}, ${n} images), the limit is ${limit}.${vanished}`;
  const correlation = `With all weights random the maps' rank correlation with those of the trained model is ${figures}`;
  if (high < limit)
    return { verdict: "passes", reason: `The maps hang on what was learnt. ${correlation}` };
  if (low > limit)
    return { verdict: "fails", reason: `The maps stay alike whatever was learnt. ${correlation}` };
  return { verdict: "undecided", reason: `More images are needed to tell. ${correlation}` };
}
