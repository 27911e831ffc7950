// Pools: windows, or whole images, to one number a channel.

import { int, ints } from "../../onnx/index.ts";
import { type Layer, makeLayer } from "../compose.ts";
import {
  imageShape,
  type Lengths,
  type Padding,
  paddingAttribute,
  perAxis,
} from "./convolution.ts";

export interface PoolOptions {
  size?: Lengths;
  /** By default the size, so that windows do not overlap. */
  stride?: Lengths;
  padding?: Padding;
  name?: string;
}

/** The largest value of each window. */
export const maxPool = (options: PoolOptions = {}): Layer => pool("max_pool", "MaxPool", options);

/** The mean of each window; padding does not count. */
export const averagePool = (options: PoolOptions = {}): Layer =>
  pool("average_pool", "AveragePool", options);

function pool(
  kind: string,
  operator: string,
  { size = 2, stride = size, padding = "valid", name }: PoolOptions,
): Layer {
  return makeLayer(kind, name, (scope, x) => {
    const { rank } = imageShape(scope, x);
    const [kernel, strides] = [perAxis(size, rank), perAxis(stride, rank)];
    const reach = kernel.map((length) => length - 1);
    const attributes = { kernel_shape: ints(kernel), strides: ints(strides) };
    return scope.m.op(operator, [x], {
      ...attributes,
      ...paddingAttribute(padding, strides, reach),
    });
  });
}

/** The mean of each channel: [N, C, size…] to [N, C]. */
export const globalAveragePool = (options: { name?: string } = {}): Layer =>
  globalPool("global_average_pool", "GlobalAveragePool", options);

/** The largest value of each channel: [N, C, size…] to [N, C]. */
export const globalMaxPool = (options: { name?: string } = {}): Layer =>
  globalPool("global_max_pool", "GlobalMaxPool", options);

function globalPool(kind: string, operator: string, { name }: { name?: string }): Layer {
  return makeLayer(kind, name, ({ m }, x) =>
    m.op("Flatten", [m.op(operator, [x])], { axis: int(1) }),
  );
}
