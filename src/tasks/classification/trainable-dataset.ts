// Data sets that a classifier of images can be trained on: one class, grade or measurement an image.

import { RoentgenError } from "../../base/index.ts";
import type { ImageDataset, ImageTarget } from "../../datasets/index.ts";

export type TrainableTarget = Exclude<ImageTarget, { kind: "labels" }>;

export type TrainableDataset = Omit<ImageDataset, "target"> & { readonly target: TrainableTarget };

/**
 * The data set, if it can be trained on.
 * @throws RoentgenError "format-unsupported" for several findings an image, whose training is not judged yet
 */
export function trainableDataset({ target, ...dataset }: ImageDataset): TrainableDataset {
  if (target.kind !== "labels") return { ...dataset, target };
  throw new RoentgenError("format-unsupported", {
    problem: `Cannot train on ${dataset.path} yet`,
    expected: "one class, grade or measurement an image",
    found: `${target.labels.length} findings, several of which an image may have`,
    remedy: "Name one column with --target to learn that finding.",
    subject: "task",
  });
}
