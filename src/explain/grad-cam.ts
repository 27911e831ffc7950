// Grad-CAM: Selvaraju et al., ICCV 2017, https://arxiv.org/abs/1610.02391, and Grad-CAM++: Chattopadhay et al., WACV 2018,
// https://arxiv.org/abs/1710.11063: the maps of a layer, weighted by how much the score hangs on them.

import { elementCount, RoentgenError, throwIfCancelled } from "../base/index.ts";
import { type Algebra, differentiate, type OnnxModel, type Term } from "../onnx/index.ts";
import {
  type ClassChoice,
  chosenScore,
  scoreFeeds,
  scoreGraph,
  scoreWeights,
} from "./chosen-scores.ts";
import type { ExplainedModel } from "./explained-model.ts";
import type { FeatureLayer } from "./feature-layer.ts";
import { type Explanation, enlarge, explanationRows } from "./heat-map.ts";
import { type ImageBatch, imageCount, rowBatches, rowOf } from "./image-batch.ts";
import type { OpenModel } from "./open-model.ts";

/** How a map is weighted: by its mean gradient, or by gradients that count the more the fewer places have them. */
export type GradCamVariant = "grad-cam" | "grad-cam++";

export interface GradCamOptions {
  /** The class to explain; by default what the model predicts. */
  classes?: ClassChoice;
  variant?: GradCamVariant;
  signal?: AbortSignal;
}

/** Explains images by the maps of the model's layer; where it is the mean of several networks, by the mean of theirs. */
export async function runGradCam(
  { model, layers, batchSize, session }: OpenModel,
  inputs: ImageBatch,
  { classes = "predicted", variant = "grad-cam", signal }: GradCamOptions = {},
): Promise<Explanation> {
  const count = imageCount(inputs, model);
  const size = model.imageShape.slice(1);
  const weights = scoreWeights(classes, { model, count });
  const rows = explanationRows(count, size);
  const opened = await session(variant, () =>
    gradCamGraph(model, { layers: layers(), batchSize, variant }),
  );
  for (const batch of rowBatches(count, batchSize)) {
    throwIfCancelled(signal, "The explanation");
    const result = await opened.run(
      scoreFeeds(model, { images: batch.take(inputs.data), weights: batch.take(weights) }),
    );
    for (let at = 0; at < batch.count; at++) {
      const heats = layers().map(({ grid }, one) => {
        const coarse = rowOf(result[mapOf(one)].data as Float32Array, at, elementCount(grid));
        return enlarge(coarse, { from: grid, to: size });
      });
      const heat = heats.reduce((sum, one) => sum.map((value, place) => value + one[place]));
      rows.put(batch.first + at, { heat, ...chosenScore(result, { at, model }) });
    }
  }
  return rows.explanation;
}

const mapOf = (layer: number) => `explain.map${layer}`;

/**
 * L = relu(Σₖ αₖ Aₖ) over the maps Aₖ of each layer (Grad-CAM, equations 1 and 2). A score that is the mean of n networks has a
 * slope of 1 / n of each one's: the sum of their L is the mean of what each alone would give.
 * @throws RoentgenError "bad-option" where the scores do not hang on the layer
 */
function gradCamGraph(
  model: ExplainedModel,
  {
    layers,
    batchSize,
    variant,
  }: { layers: readonly FeatureLayer[]; batchSize: number; variant: GradCamVariant },
): OnnxModel {
  const tensors = layers.map(({ tensor }) => tensor);
  const { m, chosen } = scoreGraph(model, { batchSize, keep: tensors });
  const gradients = differentiate(m.graph, { of: chosen, by: tensors });
  for (const [at, layer] of layers.entries()) {
    const gradient = gradients[layer.tensor];
    if (!gradient) throw independent(layer.tensor);
    const [maps, slopes] = [layer.tensor, gradient].map((term) => asMaps(m, term, layer));
    const axes = layer.grid.map((_, axis) => axis + 2);
    const alpha =
      variant === "grad-cam" ? meanSlope(m, slopes, axes) : spreadSlope(m, { maps, slopes, axes });
    const sum = m.sum(m.mul(alpha, maps), { axes: [1] });
    m.graph.output({ name: mapOf(at) }, m.op("Relu", [sum]));
  }
  return m.graph.build();
}

/** Tokens [N, tokens, channels] as maps [N, channels, …grid]. */
function asMaps(m: Algebra, term: Term, { grid, tokensBefore }: FeatureLayer): Term {
  if (tokensBefore === undefined) return term;
  const [, tokens, channels] = m.graph.shapeOf(term);
  const kept = m.op("Slice", [
    term,
    m.lengths([tokensBefore]),
    m.lengths([tokens]),
    m.lengths([1]),
  ]);
  return m.reshapeSamples(m.transpose(kept, [0, 2, 1]), [channels, ...grid]);
}

/** αₖ = 1/Z Σᵢⱼ ∂y/∂Aₖᵢⱼ (Grad-CAM, equation 1). */
function meanSlope(m: Algebra, slopes: Term, axes: readonly number[]): Term {
  return m.mean(slopes, { axes, keepDims: true });
}

/**
 * wₖ = Σᵢⱼ αₖᵢⱼ relu(g), α = g² / (2 g² + g³ Σₐᵦ Aₖₐᵦ) where g is not 0, else 0 (Grad-CAM++, equations 5 and 19, for a
 * score that goes through an exponential, whose common factor drops out of the scaled map). Without the factor g²: α =
 * 1 / (2 + g Σ A), which neither underflows nor divides 0 by 0.
 */
function spreadSlope(
  m: Algebra,
  { maps, slopes, axes }: { maps: Term; slopes: Term; axes: readonly number[] },
): Term {
  const below = m.add(m.mul(slopes, m.sum(maps, { axes, keepDims: true })), 2);
  const isZero = m.compare("Equal", below, 0);
  const alpha = m.div(1, m.where(isZero, 1, below));
  return m.sum(m.mul(alpha, m.op("Relu", [slopes])), { axes, keepDims: true });
}

function independent(tensor: string): RoentgenError {
  return new RoentgenError("bad-option", {
    problem: "Cannot explain the model by the layer",
    expected: "a layer that the scores hang on",
    found: `"${tensor}", which has no slope`,
    remedy: "Choose a later layer.",
    subject: "layer",
  });
}
