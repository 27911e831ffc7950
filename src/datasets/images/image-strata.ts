// What a split of images is balanced by: the class, the quantile of a measurement, or the rarest finding.

import type { SplitRows } from "../splits/make-splits.ts";
import type { ImageDataset } from "./image-dataset.ts";

/** For `makeSplits`, of the samples at these positions. */
export function strataOfImages(
  { target, samples }: ImageDataset,
  rows: readonly number[],
): Pick<SplitRows, "labels" | "classes" | "values"> {
  const targets = rows.map((row) => samples[row].target);
  switch (target.kind) {
    case "classes":
      return { labels: targets as number[], classes: target.classes };
    case "number":
      return { values: targets as number[] };
    case "labels":
      return { labels: rarestFindings(targets as (readonly number[])[], target.labels.length) };
    default:
      return target satisfies never;
  }
}

/** Findings that fewer have can't be shared out; they count as the next rarest one, or as none. */
const FEWEST = 10;

/** Of each image the finding that fewest have, as 1, 2 …; 0 of those without a finding. */
function rarestFindings(targets: readonly (readonly number[])[], labels: number): number[] {
  const counts = Array.from(
    { length: labels },
    (_, label) => targets.filter((values) => values[label] === 1).length,
  );
  return targets.map((values) => {
    let rarest = -1;
    values.forEach((value, label) => {
      if (value !== 1 || counts[label] < FEWEST) return;
      if (rarest < 0 || counts[label] < counts[rarest]) rarest = label;
    });
    return rarest + 1;
  });
}
