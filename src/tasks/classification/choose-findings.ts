// Which images judged on are worth a look where each may have several findings: of every finding the surest mistakes, and some
// that were found.

import { type GalleryImage, inTurn } from "./choose-gallery.ts";
import { findingsOf } from "./findings.ts";
import type { TrainedImages } from "./train-images.ts";

/** What is worth a look of one finding. */
export interface FindingChoice {
  /** Number of the finding. */
  readonly label: number;
  /** The surest first. */
  readonly falselyFound: readonly GalleryImage[];
  readonly missed: readonly GalleryImage[];
  readonly found: readonly GalleryImage[];
}

type Judged = Pick<TrainedImages, "dataset" | "split" | "predictions" | "calibration">;

const kinds = ["falselyFound", "missed", "found"] as const;

/**
 * Findings take turns, in each a false one, a missed one and a found one, until there are as many as asked for. How sure the
 * model was is how far the log odds lie from those of the threshold.
 */
export function chooseFindings(judged: Judged, most: number): FindingChoice[] {
  const { target } = judged.dataset;
  if (target.kind !== "labels") return [];
  const truth = findingsOf(judged.dataset, judged.split.test);
  const ranked = target.labels.map((_, label) => rankFinding(judged, { label, truth }));
  const inOrder = inTurn(kinds.flatMap((kind) => ranked.map((lists) => lists[kind])));
  const chosen = new Set(inOrder.slice(0, most));
  const taken = (images: readonly GalleryImage[]) => images.filter((image) => chosen.has(image));
  return ranked.map(({ label, falselyFound, missed, found }) => ({
    label,
    falselyFound: taken(falselyFound),
    missed: taken(missed),
    found: taken(found),
  }));
}

function rankFinding(
  { split, predictions, calibration }: Judged,
  { label, truth }: { label: number; truth: Float64Array },
): FindingChoice {
  const count = truth.length / split.test.length;
  const threshold = calibration?.labels?.[label].threshold.value ?? 0.5;
  const ranked = Array.from(split.test, (_, at) => {
    const probability = predictions.scores[at * count + label];
    return { at, predicted: label, truth: truth[at * count + label], probability };
  })
    .filter((one) => !Number.isNaN(one.truth))
    .sort((a, b) => b.probability - a.probability || a.at - b.at);
  const given = ranked.filter(({ probability }) => probability >= threshold);
  const cleared = ranked.filter(({ probability }) => probability < threshold).reverse();
  return {
    label,
    falselyFound: given.filter((one) => one.truth === 0),
    missed: cleared.filter((one) => one.truth === 1),
    found: given.filter((one) => one.truth === 1),
  };
}
