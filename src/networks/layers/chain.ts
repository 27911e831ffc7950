// Layers one after another as one.

import type { Layer } from "./layer.ts";

/** Each takes what the one before gives. */
export const chain =
  (...layers: readonly Layer[]): Layer =>
  (input) =>
    layers.reduce((signal, layer) => layer(signal), input);
