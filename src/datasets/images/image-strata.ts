// What a split of images is balanced by: the class, the quantile of a measurement, or every finding.

import type { SplitRows } from "../splits/make-splits.ts";
import type { ImageDataset } from "./image-dataset.ts";

/** For `makeSplits`, of the samples at these positions. */
export function strataOfImages(
  { target, samples }: ImageDataset,
  rows: readonly number[],
): Pick<SplitRows, "labels" | "classes" | "values" | "findings"> {
  const targets = rows.map((row) => samples[row].target);
  switch (target.kind) {
    case "classes":
      return { labels: targets as number[], classes: target.classes };
    case "number":
      return { values: targets as number[] };
    case "labels":
      return { findings: targets as (readonly number[])[] };
    default:
      return target satisfies never;
  }
}
