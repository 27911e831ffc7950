// Which images judged on are worth a look where each may have several findings: of every finding the surest mistakes, and some
// that were found.

import { findingsOf } from "./findings.ts";
import type { TrainedImages } from "./train-images.ts";

/** One image and the finding in question. */
interface FindingImage {
  /** Its place among those judged on. */
  readonly at: number;
  /** Number of the finding. */
  readonly predicted: number;
}

/** What is worth a look of one finding. */
export interface FindingChoice {
  /** Number of the finding. */
  readonly label: number;
  /** The surest first. */
  readonly falselyFound: readonly FindingImage[];
  readonly missed: readonly FindingImage[];
  readonly found: readonly FindingImage[];
}

type Judged = Pick<TrainedImages, "dataset" | "split" | "predictions" | "calibration">;

const kinds = ["falselyFound", "missed", "found"] as const;

/**
 * Findings take turns, in each a false one, a missed one and a found one, until there are as many as asked for. How sure the
 * model was is how far the log odds lie from those of the threshold.
 */
export function chooseFindings(judged: Judged, most: number): FindingChoice[] {
  const { target } = judged.dataset;
  const labels = target.kind === "labels" ? target.labels : [];
  const ranked = labels.map((_, label) => rankFinding(judged, { label, count: labels.length }));
  const taken = labels.map(() => ({ falselyFound: 0, missed: 0, found: 0 }));
  const longest = Math.max(0, ...ranked.flatMap((one) => kinds.map((kind) => one[kind].length)));
  let left = most;
  for (let turn = 0; turn < longest; turn++) {
    for (const kind of kinds) {
      for (const [label, lists] of ranked.entries()) {
        if (left === 0 || lists[kind].length <= turn) continue;
        taken[label][kind] += 1;
        left -= 1;
      }
    }
  }
  return ranked.map((lists, label) => ({
    label,
    falselyFound: lists.falselyFound.slice(0, taken[label].falselyFound),
    missed: lists.missed.slice(0, taken[label].missed),
    found: lists.found.slice(0, taken[label].found),
  }));
}

function rankFinding(
  { dataset, split, predictions, calibration }: Judged,
  { label, count }: { label: number; count: number },
): Omit<FindingChoice, "label"> {
  const truth = findingsOf(dataset, split.test);
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
    falselyFound: given.filter((one) => one.truth === 0),
    missed: cleared.filter((one) => one.truth === 1),
    found: given.filter((one) => one.truth === 1),
  };
}
