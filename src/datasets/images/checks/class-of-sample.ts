// The class of a sample by name, as far as its target has one, so that shortcuts can be looked for in any task.

import type { ImageDataset } from "../image-dataset.ts";

/** Of findings all that are there; samples with a measurement are of one class. */
export function classOfSample({ target, samples }: ImageDataset, sample: number): string {
  const value = samples[sample].target;
  switch (target.kind) {
    case "classes":
      return target.classes[value as number];
    case "labels":
      return (
        target.labels.filter((_, at) => (value as readonly number[])[at] === 1).join("|") || "none"
      );
    case "number":
      return "any";
    default:
      return target satisfies never;
  }
}
