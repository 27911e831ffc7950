// Pools: windows, or whole images, to one number a channel.

import { checkParameters, type OptionsOf, parameters, words } from "../../base/index.ts";
import { int, ints } from "../../onnx/index.ts";
import { type Layer, makeLayer } from "./layer.ts";
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

/** The mean of each channel: [N, C, size…] to [N, C]. */
export const globalAveragePool = (options: { name?: string } = {}): Layer =>
  globalPool("global_average_pool", "GlobalAveragePool", options);

/** The largest value of each channel: [N, C, size…] to [N, C]. */
export const globalMaxPool = (options: { name?: string } = {}): Layer =>
  globalPool("global_max_pool", "GlobalMaxPool", options);

function globalPool(kind: string, operator: string, { name }: { name?: string }): Layer {
  return makeLayer(kind, name, (scope, x) => {
    imageShape(scope, x);
    return scope.m.op("Flatten", [scope.m.op(operator, [x])], { axis: int(1) });
  });
}
