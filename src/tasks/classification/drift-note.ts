// Whether a batch of images as a whole lies further away than the images held out did, told by the model's own distance.

import { counted } from "../../base/index.ts";
import { driftReport } from "../../statistics/index.ts";
import type { ImageDescription } from "../../study/index.ts";
import type { ImagePrediction } from "./image-prediction.ts";

/** Fewer images show next to nothing. */
const FEWEST = 20;

/**
 * A sentence where the distances are greater by more than chance would make them; nothing else, since a batch that does not
 * differ proves little, and images that lie nearer are those learnt from, or much like them.
 * @param groups patient of each image, as far as it is known
 */
export async function driftNote(
  { unusual }: Pick<ImageDescription, "unusual">,
  predictions: readonly ImagePrediction[],
  { groups }: { groups?: Int32Array } = {},
): Promise<string[]> {
  const scores = predictions.flatMap(({ distance }) => (distance === undefined ? [] : [distance]));
  if (!unusual || scores.length !== predictions.length) return [];
  if (middle(scores) <= middle(unusual.scores)) return [];
  const reference = { rows: unusual.scores.length, scores: unusual.scores };
  const { drifted, n, tests } = await driftReport(reference, {
    ...{ rows: scores.length, scores, groups },
  });
  const [{ adjustedPValue }] = tests;
  if (!drifted || Math.min(n.reference, n.batch) < FEWEST || adjustedPValue === null) return [];
  const p = adjustedPValue < 0.001 ? "< 0.001" : `= ${adjustedPValue.toPrecision(2)}`;
  const whose = groups ? "" : ", if each is of its own patient";
  return [
    `Drift: ${counted(n.batch, "image")} taken together lie further away than the ${unusual.n} held out in training did (their distances by Kolmogorov and Smirnov: p ${p}${whose}). Expect other figures than those of the training.`,
  ];
}

/** The median, the greater one of two. */
function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
