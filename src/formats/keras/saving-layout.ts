// The HDF5 layout of Keras 3 (and of .weights.h5 since 2.12): layers/<class>_<number>/vars/<number>
// (keras/src/saving/saving_lib.py, _save_state and _save_container_state).

import type * as H5 from "h5wasm";
import { damaged } from "../damage.ts";
import { attribute } from "../hdf5/data.ts";
import type { StoredTensor } from "../weights/stored-tensor.ts";
import type { ConfiguredLayer } from "./configured-layers.ts";
import type { DatasetShelf } from "./datasets.ts";
import type { KerasLayer } from "./keras-file.ts";

interface Context {
  readonly library: typeof H5;
  readonly shelf: DatasetShelf;
  readonly file: string;
  /** Objects yet to be visited at most: each takes 16 bytes of the file or more. */
  readonly budget: { left: number };
}

/** Groups within groups beyond this are a loop of links. */
const deepest = 32;

/** Layers of the root group, or of that of a model within the model. */
export function savedLayers(
  group: H5.Group,
  context: Context & { configured: readonly ConfiguredLayer[] },
): KerasLayer[] {
  const { library, configured } = context;
  const holder = ["layers", "_layer_checkpoint_dependencies"]
    .map((name) => childOf(group, name))
    .find((entity) => entity instanceof library.Group);
  const groups = new Map(
    holder instanceof library.Group ? groupsOf(library, holder) : ([] as [string, H5.Group][]),
  );
  if (configured.length > 0) {
    return placesOf(configured).map(([layer, places]) => {
      const found = places.flatMap((place) => groups.get(place) ?? [])[0];
      return configuredLayer(found, layer, context);
    });
  }
  return [...groups]
    .sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))
    .map(([name, of]) => ({
      name: nameOf(of, library) ?? name,
      weights: weightsBelow(of, context),
    }));
}

/** The layer's own name, which Keras 3.4 and later put beside its variables. */
function nameOf(layer: H5.Group, library: typeof H5): string | undefined {
  const vars = childOf(layer, "vars");
  const stated =
    attribute(layer, "name") ?? (vars instanceof library.Group && attribute(vars, "name"));
  return typeof stated === "string" && stated !== "" ? stated : undefined;
}

/** Every dataset below a group, under its path from there. */
export function weightsBelow(group: H5.Group, context: Context, depth = 0): StoredTensor[] {
  const { library, shelf, file, budget } = context;
  if (depth > deepest || --budget.left < 0) {
    throw damaged(file, {
      expected: `at most ${deepest} groups in each other, and no more than the file has room for`,
      found: "groups within themselves",
    });
  }
  const names = group.keys().sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  // A layer's own weights before those of its parts.
  const ordered = [
    ...names.filter((name) => name === "vars"),
    ...names.filter((n) => n !== "vars"),
  ];
  return ordered.flatMap((name): StoredTensor[] => {
    const entity = childOf(group, name);
    const within = (tensor: StoredTensor): StoredTensor => ({
      ...tensor,
      name: `${name}/${tensor.name}`,
    });
    if (entity instanceof library.Dataset) return [shelf.add(entity, name)];
    if (!(entity instanceof library.Group)) return [];
    return weightsBelow(entity, context, depth + 1).map(within);
  });
}

/**
 * Where each layer may lie. Keras numbers layers of one class, whatever their names: dense, dense_1. Some
 * versions of Keras 2 took the layers' names.
 */
function placesOf(layers: readonly ConfiguredLayer[]): [ConfiguredLayer, string[]][] {
  const counts = new Map<string, number>();
  return layers.map((layer) => {
    const base = snakeCase(layer.className);
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    return [layer, [count === 0 ? base : `${base}_${count}`, layer.name]];
  });
}

/** "Conv2DTranspose" is conv2d_transpose, as keras/src/utils/naming.py makes it. */
function snakeCase(className: string): string {
  return className
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

function configuredLayer(
  group: H5.Group | undefined,
  { name, className, layers }: ConfiguredLayer,
  context: Context,
): KerasLayer {
  if (layers) {
    const inner = group ? savedLayers(group, { ...context, configured: layers }) : [];
    return { name, className, weights: [], layers: inner };
  }
  return { name, className, weights: group ? weightsBelow(group, context) : [] };
}

function groupsOf(library: typeof H5, group: H5.Group): [string, H5.Group][] {
  return group.keys().flatMap((name): [string, H5.Group][] => {
    const entity = childOf(group, name);
    return entity instanceof library.Group ? [[name, entity]] : [];
  });
}

/** Links that lead nowhere or out of the file are no children. */
function childOf(group: H5.Group, name: string): H5.Entity | null {
  return group.keys().includes(name) ? group.get(name) : null;
}
