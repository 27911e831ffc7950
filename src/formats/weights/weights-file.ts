// Weights of a network by name, whatever the format of the file.

import type { StoredTensor } from "./stored-tensor.ts";

export type WeightsFormat = "safetensors" | "pytorch" | "keras-h5" | "keras";

export interface WeightsFile {
  readonly format: WeightsFormat;
  /** Of the chosen part, named from there on; in the order of the file. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** The part that was chosen, "" where the file has no parts or all of it was asked for. */
  readonly part: string;
  /** Parts with tensors, such as "state_dict" and "optimizer". */
  readonly parts: readonly string[];
  /** Texts and numbers beside the tensors, as text. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Configuration of a Keras model, parsed but not checked. */
  readonly config?: unknown;
  /** Sentences on what was left out. */
  readonly notes: readonly string[];
}
