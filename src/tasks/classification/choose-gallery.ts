// Which images judged on are worth a look: those that the model got most wrong, and some that it got right.

import { decidedClasses } from "./decided-class.ts";
import type { TrainedImages } from "./train-images.ts";

/** One image judged on. */
export interface GalleryImage {
  /** Its place among those judged on. */
  readonly at: number;
  /** Number of the class that is predicted, or of the finding in question; 0 of a measurement. */
  readonly predicted: number;
}

export interface GalleryChoice {
  /** The surest mistakes, or largest errors, first. */
  readonly wrong: readonly GalleryImage[];
  /** The surest of each class in turn, or smallest errors. */
  readonly right: readonly GalleryImage[];
}

type Judged = Pick<TrainedImages, "dataset" | "split" | "predictions" | "calibration">;

/** Half mistakes where there are as many; what one half lacks, the other may have. */
export function chooseGallery(trained: Judged, most: number): GalleryChoice {
  const { kind } = trained.dataset.target;
  const { wrong, right } = kind === "classes" ? rankClasses(trained) : rankErrors(trained);
  const half = Math.ceil(most / 2);
  const wrongs = wrong.slice(0, Math.max(half, most - right.length));
  return { wrong: wrongs, right: right.slice(0, most - wrongs.length) };
}

function rankClasses({ dataset, split, predictions, calibration }: Judged): GalleryChoice {
  const { samples, target } = dataset;
  const classes = target.kind === "classes" ? target.classes : [];
  const { scores } = predictions;
  const threshold = calibration?.threshold?.value;
  const decided = decidedClasses(scores, { classCount: classes.length, threshold });
  const ranked = Array.from(split.test, (row, at) => {
    const predicted = decided[at];
    const truth = samples[row].target as number;
    return { at, predicted, truth, sureness: scores[at * classes.length + predicted] };
  }).sort((a, b) => b.sureness - a.sureness || a.at - b.at);
  const right = ranked.filter(({ predicted, truth }) => predicted === truth);
  return {
    wrong: ranked.filter(({ predicted, truth }) => predicted !== truth),
    right: inTurn(classes.map((_, one) => right.filter(({ truth }) => truth === one))),
  };
}

/** The first of each list, then the second of each. */
export function inTurn<Item>(lists: readonly (readonly Item[])[]): Item[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, place) =>
    lists.flatMap((list) => list.slice(place, place + 1)),
  ).flat();
}

function rankErrors({ dataset, split, predictions }: Judged): GalleryChoice {
  const ranked = Array.from(split.test, (row, at) => {
    const error = Math.abs(predictions.scores[at] - (dataset.samples[row].target as number));
    return { at, predicted: 0, error };
  }).sort((a, b) => b.error - a.error || a.at - b.at);
  const middle = Math.ceil(ranked.length / 2);
  return { wrong: ranked.slice(0, middle), right: ranked.slice(middle).reverse() };
}
