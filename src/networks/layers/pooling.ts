// Pools: windows, or whole images, to one number a channel.

import {
  checkParameters,
  flag,
  integer,
  type OptionsOf,
  parameters,
  words,
} from "../../base/index.ts";
import { int, ints, type Term } from "../../onnx/index.ts";
import { type Layer, type LayerScope, makeLayer } from "./layer.ts";
import { imageShape, lengths, padding, paddingAttribute, perAxis } from "./window.ts";

const poolRules = parameters({
  size: lengths({ min: 1 }).default(2),
  /** By default the size, so that windows do not overlap. */
  stride: lengths({ min: 1 }).optional(),
  padding: padding().default("valid"),
  name: words().optional(),
});

type PoolOptions = OptionsOf<typeof poolRules>;

/** The largest value of each window. */
export const maxPool = (options: PoolOptions = {}): Layer => pool("max_pool", "MaxPool", options);

/** The mean of each window; padding does not count. */
export const averagePool = (options: PoolOptions = {}): Layer =>
  pool("average_pool", "AveragePool", options);

function pool(kind: string, operator: string, options: PoolOptions): Layer {
  const settings = checkParameters(poolRules, options, "pool");
  const { size, stride = size, name } = settings;
  return makeLayer(kind, name, (scope, x) => {
    const { rank } = imageShape(scope, x);
    const [kernel, strides] = [perAxis(size, rank), perAxis(stride, rank)];
    const reach = kernel.map((length) => length - 1);
    return scope.m.op(operator, [x], {
      kernel_shape: ints(kernel),
      strides: ints(strides),
      ...paddingAttribute(settings.padding, strides, reach),
    });
  });
}

const globalRules = parameters({
  /** Keeps the spatial axes with length 1. */
  keepAxes: flag().default(false),
  name: words().optional(),
});

type GlobalPoolOptions = OptionsOf<typeof globalRules>;

/** The mean of each channel: [N, C, size…] to [N, C]. */
export const globalAveragePool = (options: GlobalPoolOptions = {}): Layer =>
  globalPool("global_average_pool", "GlobalAveragePool", options);

/** The largest value of each channel: [N, C, size…] to [N, C]. */
export const globalMaxPool = (options: GlobalPoolOptions = {}): Layer =>
  globalPool("global_max_pool", "GlobalMaxPool", options);

function globalPool(kind: string, operator: string, options: GlobalPoolOptions): Layer {
  const { keepAxes, name } = checkParameters(globalRules, options, "global pool");
  return makeLayer(kind, name, (scope, x) => {
    imageShape(scope, x);
    const pooled = scope.m.op(operator, [x]);
    return keepAxes ? pooled : scope.m.op("Flatten", [pooled], { axis: int(1) });
  });
}

const adaptiveRules = parameters({ size: integer({ min: 1 }), name: words().optional() });

/**
 * Means of `size` windows along each spatial axis, whatever its length: window i reaches from ⌊i·length/size⌋ to
 * ⌈(i + 1)·length/size⌉, as PyTorch's AdaptiveAvgPool has it.
 */
export function adaptiveAveragePool(options: OptionsOf<typeof adaptiveRules>): Layer {
  const { size, name } = checkParameters(adaptiveRules, options, "adaptive pool");
  return makeLayer("adaptive_average_pool", name, (scope, x) => {
    const { rank } = imageShape(scope, x);
    const axes = Array.from({ length: rank }, (_, at) => at + 2);
    return axes.reduce((pooled, axis) => averageAlong(scope, pooled, { axis, size }), x);
  });
}

/** Along one axis it is a product with a matrix [length, size] of the windows' shares. */
function averageAlong(
  scope: LayerScope,
  x: Term,
  { axis, size }: { axis: number; size: number },
): Term {
  const { m } = scope;
  const length = scope.lengthOf(x, axis);
  if (length === size) return x;
  const shares = m.graph.constant({
    type: "float32",
    shape: [length, size],
    data: windowShares(length, size),
  });
  const rank = scope.shapeOf(x).length;
  const last = Array.from({ length: rank }, (_, at) =>
    at === axis ? rank - 1 : at === rank - 1 ? axis : at,
  );
  return m.transpose(m.matmul(m.transpose(x, last), shares), last);
}

function windowShares(length: number, size: number): Float32Array {
  const shares = new Float32Array(length * size);
  for (let window = 0; window < size; window++) {
    const from = Math.floor((window * length) / size);
    const to = Math.ceil(((window + 1) * length) / size);
    for (let at = from; at < to; at++) shares[at * size + window] = 1 / (to - from);
  }
  return shares;
}
