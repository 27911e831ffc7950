// Integrated gradients: Sundararajan, Taly, Yan, "Axiomatic attribution for deep networks", ICML 2017,
// https://arxiv.org/abs/1703.01365: slopes of the score, summed on the straight way from nothing to the image.

import {
  checkParameters,
  integer,
  type ProgressListener,
  parameters,
  RoentgenError,
  throwIfCancelled,
} from "../base/index.ts";
import { differentiate, type OnnxModel, type Session } from "../onnx/index.ts";
import { type Blank, blankImage } from "./blank.ts";
import { type ClassChoice, chosenScore, scoreFeeds, scoreGraph } from "./chosen-scores.ts";
import { explainedClasses } from "./explained-classes.ts";
import type { ExplainedModel } from "./explained-model.ts";
import { type Explanation, explanationRows, heatOf, type ShownSign } from "./heat-map.ts";
import { type ImageBatch, repeatRow, rowBatches, rowOf } from "./image-batch.ts";
import type { OpenModel } from "./open-model.ts";

export interface IntegratedGradientsOptions {
  /** The class to explain; by default what the model predicts. */
  classes?: ClassChoice;
  /** Where the way starts, by default "black". What equals it gets no share. */
  baseline?: Blank;
  /** Slopes on the way, at the middles of equal steps; by default 50. */
  steps?: number;
  /** What the maps show of the shares, summed over channels; by default what is "positive". */
  sign?: ShownSign;
  signal?: AbortSignal;
  onProgress?: ProgressListener;
}

/** How far the shares of an image are from what they should sum up to (axiom of completeness, proposition 1). */
export interface Completeness {
  /** Sum of the shares. */
  readonly sum: number;
  /** Score of the image less that of the baseline. */
  readonly difference: number;
  /** |sum − difference| relative to |difference|. More steps make it smaller. */
  readonly error: number;
}

export interface IntegratedGradients extends Explanation {
  /** Share of each value in the score, [N, channels, …size]. */
  readonly attributions: Float32Array;
  readonly completeness: readonly Completeness[];
}

const settings = parameters({ steps: integer({ min: 1 }).default(50) });

/** Explains images by the shares of their pixels in the score. */
export async function runIntegratedGradients(
  opened: OpenModel,
  inputs: ImageBatch,
  options: IntegratedGradientsOptions = {},
): Promise<IntegratedGradients> {
  const { model, batchSize } = opened;
  const { classes, baseline = "black", sign = "positive", signal, onProgress } = options;
  const { steps } = checkParameters(settings, { steps: options.steps }, "integrated gradients");
  const session = await opened.session("slopes", () => slopesGraph(model, batchSize));
  const known = await explainedClasses(opened, inputs, { session, classes, signal });
  const rows = explanationRows(known.count, model.imageShape.slice(1));
  const length = inputs.data.length / known.count;
  const attributions = new Float32Array(inputs.data.length);
  const completeness: Completeness[] = [];
  for (let at = 0; at < known.count; at++) {
    const image = rowOf(inputs.data, at, length);
    const start = blankImage(image, { shape: model.imageShape, blank: baseline });
    const weights = rowOf(known.weights, at, model.scoreCount);
    const way = { image, start, weights, steps, signal };
    const shares = await sharesOf(way, { opened, session });
    attributions.set(shares.values, at * length);
    const [label, score] = [known.labels[at], known.scores[at]];
    completeness.push(completenessOf(shares.values, score - shares.startScore));
    rows.put(at, {
      heat: heatOf(shares.values, { channels: model.imageShape[0], sign }),
      label,
      score,
    });
    onProgress?.({ stage: "Integrating slopes", done: at + 1, total: known.count, unit: "images" });
  }
  return { ...rows.explanation, attributions, completeness };
}

const SLOPES = "explain.slopes";

/** The chosen score of each image, with its slope by every pixel. */
function slopesGraph(model: ExplainedModel, batchSize: number): OnnxModel {
  const { m, chosen } = scoreGraph(model, { batchSize });
  const slopes = differentiate(m.graph, { of: chosen, by: [model.input] })[model.input];
  if (!slopes) throw flat(model.input);
  m.graph.output({ name: SLOPES }, slopes);
  return m.graph.build();
}

interface Way {
  readonly image: Float32Array;
  readonly start: Float32Array;
  readonly weights: Float32Array;
  readonly steps: number;
  readonly signal?: AbortSignal;
}

/**
 * IGᵢ = (xᵢ − x′ᵢ) 1/m Σₖ ∂F(x′ + (k − ½)/m (x − x′))/∂xᵢ (equation 3, with the slopes at the middles of the steps); the
 * start goes along as one more point, for its score.
 */
async function sharesOf(
  { image, start, weights, steps, signal }: Way,
  { opened: { model, batchSize }, session }: { opened: OpenModel; session: Session },
): Promise<{ values: Float32Array; startScore: number }> {
  const sums = new Float64Array(image.length);
  let startScore = 0;
  for (const batch of rowBatches(steps + 1, batchSize)) {
    throwIfCancelled(signal, "The explanation");
    const images = new Float32Array(batchSize * image.length);
    for (let row = 0; row < batch.count; row++) {
      const part = partOfWay(batch.first + row, steps);
      const to = rowOf(images, row, image.length);
      for (let at = 0; at < to.length; at++) to[at] = start[at] + part * (image[at] - start[at]);
    }
    const result = await session.run(
      scoreFeeds(model, { images, weights: repeatRow(weights, batchSize) }),
    );
    const slopes = result[SLOPES].data as Float32Array;
    for (let row = 0; row < batch.count; row++) {
      if (batch.first + row === steps) startScore = chosenScore(result, { at: row, model }).score;
      else addInPlace(sums, rowOf(slopes, row, image.length));
    }
  }
  const values = Float32Array.from(sums, (sum, at) => (sum / steps) * (image[at] - start[at]));
  return { values, startScore };
}

/** Middles of the steps; the last point is the start. */
function partOfWay(point: number, steps: number): number {
  return point === steps ? 0 : (point + 0.5) / steps;
}

function addInPlace(sums: Float64Array, values: Float32Array): void {
  for (let at = 0; at < sums.length; at++) sums[at] += values[at];
}

function completenessOf(values: Float32Array, difference: number): Completeness {
  const sum = values.reduce((all, one) => all + one, 0);
  const error = sum === difference ? 0 : Math.abs(sum - difference) / Math.abs(difference);
  return { sum, difference, error };
}

function flat(input: string): RoentgenError {
  return new RoentgenError("format-unsupported", {
    problem: "Cannot take slopes of the model's scores",
    expected: "scores that hang on the images by functions with slopes",
    found: `no slope by "${input}"`,
    remedy: "Explain it by occlusion.",
    subject: input,
  });
}
