// What a Keras file holds: the model's configuration and the weights of its layers.

import type { StoredTensor } from "../weights/stored-tensor.ts";

/** A layer with its weights in the order Keras has them; a model within the model has layers of its own. */
export interface KerasLayer {
  readonly name: string;
  /** "Conv2D"; undefined where the file holds weights alone. */
  readonly className?: string;
  readonly weights: readonly StoredTensor[];
  readonly layers?: readonly KerasLayer[];
}

export interface KerasFile {
  /** `keras` is the zip of Keras 3, the others are HDF5. */
  readonly format: "keras" | "keras-h5";
  readonly kerasVersion?: string;
  /** What get_config() gives with its class, parsed but not checked; undefined in files of weights alone. */
  readonly config?: unknown;
  /** In the order of the model, or of the file where there is no configuration. */
  readonly layers: readonly KerasLayer[];
  /** State of the optimiser, if it was saved. */
  readonly optimizer: readonly StoredTensor[];
}
