// The HDF5 layout of Keras 1 and 2, which Keras 3 still writes to .h5: a group for each layer, named in the
// attribute layer_names, and its weights in weight_names (keras/src/legacy/saving/legacy_h5_format.py).

import type * as H5 from "h5wasm";
import { damaged } from "../damage.ts";
import type { StoredTensor } from "../weights/stored-tensor.ts";
import type { ConfiguredLayer } from "./configured-layers.ts";
import type { DatasetShelf } from "./datasets.ts";
import type { KerasLayer } from "./keras-file.ts";

/** Layers of the group that has `layer_names`. */
export function legacyLayers(
  library: typeof H5,
  group: H5.Group,
  {
    shelf,
    configured,
    file,
  }: {
    shelf: DatasetShelf;
    configured: readonly ConfiguredLayer[];
    file: string;
  },
): KerasLayer[] {
  const byName = new Map(configured.map((layer) => [layer.name, layer]));
  const layers = textsOf(group, "layer_names").map((name): KerasLayer => {
    const of = groupNamed(library, group, name, file);
    const weights = legacyWeights(library, of, { shelf, file });
    return layerOf(name, weights, byName.get(name));
  });
  if (configured.length === 0) return layers;
  // The order of the configuration is the model's; layers that were shared or have no weights may lack a group.
  const saved = new Map(layers.map((layer) => [layer.name, layer]));
  return configured.map((layer) => saved.get(layer.name) ?? layerOf(layer.name, [], layer));
}

/** The weights that a group names, under those names. */
export function legacyWeights(
  library: typeof H5,
  group: H5.Group,
  { shelf, file }: { shelf: DatasetShelf; file: string },
): StoredTensor[] {
  return textsOf(group, "weight_names").map((name) => {
    const dataset = group.get(name);
    if (dataset instanceof library.Dataset) return shelf.add(dataset, name);
    throw damaged(file, { expected: `the weight ${name} in ${group.path}`, found: "none" });
  });
}

/** Keras splits lists that HDF5 has no room for into layer_names0, layer_names1 and so on. */
export function textsOf(group: H5.Group, name: string): string[] {
  const whole = textList(group, name);
  if (whole) return whole;
  const parts: string[] = [];
  for (let at = 0; ; at++) {
    const part = textList(group, `${name}${at}`);
    if (!part) return parts;
    for (const text of part) parts.push(text);
  }
}

function textList(group: H5.Group, name: string): string[] | undefined {
  const value: unknown = group.attrs[name]?.value;
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.map(String);
  return typeof value === "string" ? [value] : [];
}

/** A model within the model has all its weights in one group, by the names of its own layers. */
function layerOf(
  name: string,
  weights: readonly StoredTensor[],
  configured: ConfiguredLayer | undefined,
): KerasLayer {
  const className = configured?.className;
  if (!configured?.layers) return { name, className, weights };
  const rest = new Set(weights);
  const layers = configured.layers.map((inner): KerasLayer => {
    const own = [...rest].filter((weight) => weight.name.split("/").includes(inner.name));
    for (const weight of own) rest.delete(weight);
    return layerOf(inner.name, own, inner);
  });
  return { name, className, weights: [...rest], layers };
}

function groupNamed(library: typeof H5, parent: H5.Group, name: string, file: string): H5.Group {
  const group = parent.get(name);
  if (group instanceof library.Group) return group;
  throw damaged(file, { expected: `a group for the layer ${name}`, found: "none" });
}
