// The networks that are compared, each at the size of its definition, with the batch that the recipe takes.

import type { ArchitectureName } from "../../src/networks/index.ts";

export interface ClassifyCase {
  readonly model: ArchitectureName;
  /** Sides of the network's input. */
  readonly side: number;
  /** Images that are learnt from. */
  readonly images: number;
  readonly batch: number;
}

/** Classes of the images. */
export const CLASSES = 6;

/** A pass of ResNet-18 over 3,000 images takes many minutes, and a part of them tells as much. */
export const cases: readonly ClassifyCase[] = [
  { model: "cnn", side: 64, images: 3000, batch: 32 },
  { model: "compact", side: 128, images: 3000, batch: 32 },
  { model: "resnet18", side: 224, images: 240, batch: 16 },
];

/** Files whose probabilities are asked for. */
export const PREDICTED = 1000;
