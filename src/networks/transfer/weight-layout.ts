// The order of axes in which PyTorch and Keras keep weights, and how they become those of a network's graph.

import { elementCount } from "../../base/index.ts";
import type { OnnxModel, OnnxNode } from "../../onnx/index.ts";
import { flattenedMaps } from "./flattened-maps.ts";
import type { Named } from "./match-names.ts";
import { findPlaces, isFeaturesFirst, type Place } from "./parameter-places.ts";

/**
 * Whose order weights are in: the network's own; PyTorch's, with dense weights [units, features]; Keras's, with
 * convolutions [kernel…, in, out], depthwise ones [kernel…, in, multiplier], dense weights [features, units] and features
 * that were flattened with their channels last.
 */
export type WeightLayout = "network" | "pytorch" | "keras";

/** Numbers seen as `from`, with their axes in the order `order`, are a tensor of `shape`. */
export interface Arrangement {
  readonly from: readonly number[];
  readonly order: readonly number[];
  readonly shape: readonly number[];
}

/** Finds the arrangement by which a weight fits a parameter; undefined where none does. */
export type Arranging = (parameter: Named, weight: Named) => Arrangement | undefined;

/** The arrangements that weights in a layout need for the parameters of a model. */
export function arrangingFor(model: OnnxModel, layout: WeightLayout): Arranging {
  const places = layout === "network" ? new Map<string, Place[]>() : findPlaces(model);
  const flattened = layout === "keras" ? flattenedMaps(model) : new Map<OnnxNode, number[]>();
  return (parameter, weight) => {
    const place = places.get(parameter.name)?.[0];
    const found = place
      ? arrangement(parameter, weight, { place, layout, flattened })
      : asItIs(weight.shape);
    return isSame(found.shape, parameter.shape) ? found : undefined;
  };
}

/** Equal lengths but for axes of one: PyTorch's slopes [channels] are [channels, 1, 1] in exports. */
function isSame(a: readonly number[], b: readonly number[]): boolean {
  const [one, other] = [a, b].map((shape) => shape.filter((length) => length !== 1).join());
  return one === other;
}

interface Target {
  readonly place: Place;
  readonly layout: WeightLayout;
  /** Lengths [channels, …] of the maps that dense layers see flattened. */
  readonly flattened: ReadonlyMap<OnnxNode, readonly number[]>;
}

function arrangement(
  parameter: Named,
  { shape }: Named,
  { place, layout, flattened }: Target,
): Arrangement {
  const { node, role } = place;
  if (role !== "weight") return asItIs(shape);
  if (shape.length === 2 && (node.operator === "MatMul" || node.operator === "Gemm")) {
    const isTurned = isFeaturesFirst(place) !== (layout === "keras");
    const map = flattened.get(node);
    if (map && elementCount(map) === shape[0]) return ofFlattened(map, shape[1], isTurned);
    return arranged(shape, isTurned ? [1, 0] : [0, 1]);
  }
  if (layout !== "keras") return asItIs(shape);
  if (node.operator === "PRelu") {
    // Behind layers that keep Keras's axes the slopes are in its order, too.
    const moved = arranged(shape, lastFirst(shape.length));
    return isSame(moved.shape, parameter.shape) ? moved : asItIs(shape);
  }
  return /^Conv(Transpose)?$/.test(node.operator) && shape.length > 2
    ? ofKernel(shape, isDepthwise(node, parameter, shape))
    : asItIs(shape);
}

const asItIs = (shape: readonly number[]) => arranged(shape, range(0, shape.length));

function arranged(from: readonly number[], order: readonly number[]): Arrangement {
  return { from, order, shape: order.map((axis) => from[axis]) };
}

/** [kernel…, in, out] to [out, in, kernel…], as well as [kernel…, out, in] of a transposed one to [in, out, kernel…]. */
function ofKernel(shape: readonly number[], isDepthwise: boolean): Arrangement {
  const [first, second] = [shape.length - 2, shape.length - 1];
  const kernel = range(0, first);
  if (!isDepthwise) return arranged(shape, [second, first, ...kernel]);
  const outputs = shape[first] * shape[second];
  return {
    from: shape,
    order: [first, second, ...kernel],
    shape: [outputs, 1, ...shape.slice(0, first)],
  };
}

/** Each channel by itself: [kernel…, channels, multiplier], where groups that share have [kernel…, 1, out]. */
function isDepthwise(
  { attributes: { group } }: OnnxNode,
  { shape: to }: Named,
  shape: readonly number[],
): boolean {
  const channels = shape[shape.length - 2];
  return channels > 1 && to[1] === 1 && Number(group?.value ?? 1) === channels;
}

/** Rows for features in the order [kernel…, channels], as columns or rows for such in the order [channels, kernel…]. */
function ofFlattened(map: readonly number[], units: number, isTurned: boolean): Arrangement {
  const [channels, ...lengths] = map;
  const rank = map.length;
  const count = elementCount(map);
  const features = lastFirst(rank);
  return {
    from: [...lengths, channels, units],
    order: isTurned ? [rank, ...features] : [...features, rank],
    shape: isTurned ? [units, count] : [count, units],
  };
}

const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);

const lastFirst = (rank: number) => [rank - 1, ...range(0, rank - 1)];
