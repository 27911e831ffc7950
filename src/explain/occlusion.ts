// Occlusion: Zeiler, Fergus, "Visualizing and understanding convolutional networks", ECCV 2014, section 4.2,
// https://arxiv.org/abs/1311.2901: how far the score falls when a patch of the image is hidden.

import {
  checkParameters,
  elementCount,
  integer,
  type ProgressListener,
  parameters,
  RoentgenError,
  rowMajorStrides,
  throwIfCancelled,
} from "../base/index.ts";
import type { Session } from "../onnx/index.ts";
import { type Blank, blankImage } from "./blank.ts";
import { type ClassChoice, chosenScore, scoreFeeds, scoreGraph } from "./chosen-scores.ts";
import { explainedClasses } from "./explained-classes.ts";
import { type Explanation, explanationRows, heatOf, type ShownSign } from "./heat-map.ts";
import { type ImageBatch, repeatRow, rowBatches, rowOf } from "./image-batch.ts";
import type { OpenModel } from "./open-model.ts";

export interface OcclusionOptions {
  /** The class to explain; by default what the model predicts. */
  classes?: ClassChoice;
  /** Side of the patch in pixels; by default an eighth of the shortest side of the image. */
  patch?: number;
  /** Pixels between patches, at most the patch; by default half of it. The last ones end at the image's edge. */
  stride?: number;
  /** What hides, by default the image's "mean", which is seen less than an edge would be. */
  fill?: Blank;
  /** What the maps show: where hiding lowers the score ("positive", the default), or changes it. */
  sign?: ShownSign;
  signal?: AbortSignal;
  onProgress?: ProgressListener;
}

export interface Occlusion extends Explanation {
  /** Mean fall of the score over the patches that cover a pixel, [N, …size]; below 0 where hiding raises it. */
  readonly falls: Float32Array;
}

const settings = parameters({
  patch: integer({ min: 1 }),
  stride: integer({ min: 1 }),
});

/** Explains images by hiding their parts. The work grows with the number of patches. */
export async function runOcclusion(
  opened: OpenModel,
  inputs: ImageBatch,
  options: OcclusionOptions = {},
): Promise<Occlusion> {
  const { model, batchSize } = opened;
  const { classes, fill = "mean", sign = "positive", signal, onProgress } = options;
  const size = model.imageShape.slice(1);
  const patches = patchesOf(size, options);
  const session = await opened.session("scores", () =>
    scoreGraph(model, { batchSize }).m.graph.build(),
  );
  const known = await explainedClasses(opened, inputs, { session, classes, signal });
  const rows = explanationRows(known.count, size);
  const falls = new Float32Array(known.count * elementCount(size));
  const length = inputs.data.length / known.count;
  for (let at = 0; at < known.count; at++) {
    const image = rowOf(inputs.data, at, length);
    const blank = blankImage(image, { shape: model.imageShape, blank: fill });
    const [label, score] = [known.labels[at], known.scores[at]];
    const weights = rowOf(known.weights, at, model.scoreCount);
    const shown = { image, blank, weights, score, signal };
    const fall = await fallOf(shown, { opened, session, patches });
    falls.set(fall, at * fall.length);
    rows.put(at, { heat: heatOf(fall, { channels: 1, sign }), label, score });
    onProgress?.({ stage: "Hiding patches", done: at + 1, total: known.count, unit: "images" });
  }
  return { ...rows.explanation, falls };
}

/** Positions in an image of one channel, one list a patch. */
type Patches = readonly Int32Array[];

function patchesOf(size: readonly number[], { patch, stride }: OcclusionOptions): Patches {
  const side = patch ?? Math.max(1, Math.round(Math.min(...size) / 8));
  const given = { patch: side, stride: stride ?? Math.ceil(side / 2) };
  const checked = checkParameters(settings, given, "occlusion");
  const step = checked.stride;
  if (step > checked.patch) throw gaps(checked);
  const strides = rowMajorStrides(size);
  let corners: { starts: readonly number[] }[] = [{ starts: [] }];
  for (const length of size) {
    const next = startsOf(length, { patch: checked.patch, step });
    corners = corners.flatMap(({ starts }) =>
      next.map((start) => ({ starts: [...starts, start] })),
    );
  }
  return corners.map(({ starts }) => {
    let places = [0];
    for (const [axis, start] of starts.entries()) {
      const end = Math.min(size[axis], start + checked.patch);
      const along = Array.from({ length: end - start }, (_, at) => (start + at) * strides[axis]);
      places = places.flatMap((place) => along.map((more) => place + more));
    }
    return Int32Array.from(places);
  });
}

/** Where patches begin along an axis: every `step` pixels, and so that the last ends at the edge. */
function startsOf(length: number, { patch, step }: { patch: number; step: number }): number[] {
  const last = Math.max(0, length - patch);
  const starts = Array.from({ length: Math.ceil(last / step) }, (_, at) => at * step);
  return [...starts, last];
}

interface Shown {
  readonly image: Float32Array;
  readonly blank: Float32Array;
  readonly weights: Float32Array;
  readonly score: number;
  readonly signal?: AbortSignal;
}

/** The mean fall of the score over the patches that cover each pixel. */
async function fallOf(
  { image, blank, weights, score, signal }: Shown,
  { opened, session, patches }: { opened: OpenModel; session: Session; patches: Patches },
): Promise<Float32Array> {
  const { model, batchSize } = opened;
  const places = image.length / model.imageShape[0];
  const sums = new Float32Array(places);
  const covered = new Uint32Array(places);
  const chosen = repeatRow(weights, batchSize);
  for (const batch of rowBatches(patches.length, batchSize)) {
    throwIfCancelled(signal, "The explanation");
    const hidden = patches.slice(batch.first, batch.first + batch.count);
    const images = new Float32Array(batchSize * image.length);
    for (const [row, patch] of hidden.entries()) {
      const to = rowOf(images, row, image.length);
      to.set(image);
      hideInPlace(to, { blank, patch, places });
    }
    const result = await session.run(scoreFeeds(model, { images, weights: chosen }));
    for (const [row, patch] of hidden.entries()) {
      const fall = score - chosenScore(result, { at: row, model }).score;
      for (const place of patch) {
        sums[place] += fall;
        covered[place]++;
      }
    }
  }
  return sums.map((sum, at) => sum / covered[at]);
}

function hideInPlace(
  image: Float32Array,
  { blank, patch, places }: { blank: Float32Array; patch: Int32Array; places: number },
): void {
  for (let start = 0; start < image.length; start += places) {
    for (const place of patch) image[start + place] = blank[start + place];
  }
}

function gaps({ patch, stride }: { patch: number; stride: number }): RoentgenError {
  return new RoentgenError("bad-option", {
    problem: "Occlusion would leave out pixels between the patches",
    expected: `a stride of at most the patch, ${patch}`,
    found: `${stride}`,
    subject: "stride",
  });
}
