// What is known of an architecture: the paper, and the implementation whose names, arithmetic and weights it takes.

import type { Layer } from "../layers/layer.ts";
import type { PixelScaling } from "./pixel-scaling.ts";

/** Implementations whose weight files fit. */
export const REFERENCES = ["keras", "torchvision", "timm", "torchxrayvision", "roentgen"] as const;

export type ReferenceName = (typeof REFERENCES)[number];

/** Functions after the last layer. */
export const OUTPUTS = ["linear", "sigmoid", "softmax"] as const;

/** Ways to make a vector of a map of features; "token" takes a transformer's class token. */
export const POOLINGS = ["average", "max", "token"] as const;

type Pooling = (typeof POOLINGS)[number];

/** Facts of an architecture as one implementation has it. */
export interface VariantFacts {
  /** Where it stands: "torchvision.models.resnet50". */
  readonly source: string;
  /** Its input without the batch, channels first. */
  readonly input: readonly number[];
  /** The shortest spatial axis that it takes. */
  readonly leastSize: number;
  /** What spatial lengths have to be multiples of, where that matters. */
  readonly multipleOf?: number;
  readonly classes: number;
  readonly output: (typeof OUTPUTS)[number];
  /** What its published weights expect. */
  readonly scaling: PixelScaling;
  /** With its own input and classes, counted as it counts them: Keras with running statistics, the others without. */
  readonly parameters: number;
  /** The layer that gives the last map of features, which Grad-CAM looks at. */
  readonly lastBlock: string;
  /** The layer that gives the classes. */
  readonly head: string;
}

export interface TopOptions {
  readonly classes: number;
  readonly output: (typeof OUTPUTS)[number];
}

/** How it is put together. */
export interface Variant extends VariantFacts {
  /** From the image to the last map of features. */
  features(): Layer;
  /** From there to the classes. */
  top(options: TopOptions): Layer;
  /** From there to a vector; images of features by default. */
  readonly pools?: Partial<Record<Pooling, () => Layer>>;
}

/** An architecture with its implementations; the first is the default. */
export interface ArchitectureDefinition {
  readonly title: string;
  readonly paper: string;
  /** Numbers of spatial axes that it takes. */
  readonly axes: readonly number[];
  readonly variants: Readonly<Partial<Record<ReferenceName, Variant>>>;
}
