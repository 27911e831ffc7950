// Keras's normalising layers: of the batch, of features, and by statistics of the data.

import { type Dimension, float, int } from "../../onnx/index.ts";
import type { LayerRule, LayerScope } from "./layer-scope.ts";
import type { WeightArray } from "./layer-weights.ts";

/** By the running mean and variance of each channel. */
export const batchNormalisation: LayerRule = (scope, input) => {
  const { config, m } = scope;
  const shape = scope.shapeOf(input);
  const [axis = -1, ...others] = config.integers("axis") ?? [-1];
  const at = axis < 0 ? axis + shape.length : axis;
  if (others.length > 0 || (at !== 1 && at !== shape.length - 1)) {
    throw config.refuse({ expected: "axis 1 or the last", found: `axis ${[axis, ...others]}` });
  }
  const isLast = at === shape.length - 1 && shape.length > 2;
  const x = isLast ? scope.moved(input) : scope.plain(input);
  const channels = lengthOf(scope, shape[at]);
  const inputs = [
    x,
    scope.parameter("weight", scaleOf(scope, channels)),
    scope.parameter("bias", offsetOf(scope, channels)),
    scope.parameter("running_mean", scope.weight("moving mean", [channels]), STATISTIC),
    scope.parameter("running_var", scope.weight("moving variance", [channels]), STATISTIC),
  ];
  const attributes = {
    epsilon: float(config.number("epsilon", 1e-3)),
    momentum: float(config.number("momentum", 0.99)),
  };
  return { term: m.op("BatchNormalization", inputs, attributes), moved: isLast };
};

const STATISTIC = { learnable: false };

/** Over the last axes of each sample. */
export const layerNormalisation: LayerRule = (scope, input) => {
  const { config, m } = scope;
  const shape = scope.shapeOf(input);
  const axes = (config.integers("axis") ?? [-1]).map((axis) =>
    axis < 0 ? axis + shape.length : axis,
  );
  const first = Math.min(...axes);
  if (axes.length !== shape.length - first) {
    throw config.refuse({ expected: "the last axis, or the last few", found: `axes ${axes}` });
  }
  const lengths = shape.slice(first).map((length) => lengthOf(scope, length));
  const inputs = [
    scope.plain(input),
    scope.parameter("weight", scaleOf(scope, ...lengths)),
    scope.parameter("bias", offsetOf(scope, ...lengths)),
  ];
  const attributes = { axis: int(first), epsilon: float(config.number("epsilon", 1e-3)) };
  return { term: m.op("LayerNormalization", inputs, attributes), moved: false };
};

/** (x − mean) / max(√variance, 1e-7), learnt from data by adapt() or given. */
export const normalisation: LayerRule = (scope, input) => {
  const { config, m } = scope;
  const shape = scope.shapeOf(input);
  const axes = config.integers("axis") ?? (config.value("axis") === undefined ? [] : [-1]);
  const kept = axes.map((axis) => (axis < 0 ? axis + shape.length : axis));
  const lengths = shape.map((length, axis) => (kept.includes(axis) ? lengthOf(scope, length) : 1));
  const given = config.value("mean") !== undefined;
  const mean = given ? statisticIn(scope, "mean") : scope.weight("mean");
  const variance = given ? statisticIn(scope, "variance") : scope.weight("variance");
  if (!given && scope.hasWeight()) scope.weight("count");
  const deviation = variance.data.map((value) => Math.max(Math.sqrt(value), 1e-7));
  const centre = constantOf(scope, "mean", mean.data, lengths);
  const scale = constantOf(scope, "deviation", deviation, lengths);
  const x = scope.plain(input);
  return config.flag("invert", false)
    ? { term: m.add(m.mul(x, scale), centre), moved: false }
    : { term: m.div(m.sub(x, centre), scale), moved: false };
};

/** One number for every place, or one for each position of the axes that are kept. */
function constantOf(
  scope: LayerScope,
  part: string,
  data: Float32Array,
  lengths: readonly number[],
): string {
  const all = lengths.reduce((product, length) => product * length, 1);
  const shape = data.length === 1 ? [] : lengths;
  if (data.length === 1 || data.length === all) {
    return scope.parameter(part, { shape, data }, STATISTIC);
  }
  throw scope.config.refuse({
    expected: `${all} numbers for its ${part}`,
    found: `${data.length}`,
  });
}

function statisticIn({ config }: LayerScope, field: string): WeightArray {
  const numbers = [config.value(field)].flat(8);
  if (numbers.every((one) => typeof one === "number")) {
    return { shape: [numbers.length], data: Float32Array.from(numbers) };
  }
  throw config.refuse({ expected: `numbers for ${field}`, found: "other values" });
}

/** γ, or ones where the layer does not scale. */
function scaleOf(scope: LayerScope, ...shape: number[]): WeightArray {
  return scope.config.flag("scale", true) ? scope.weight("gamma", shape) : filled(shape, 1);
}

/** β, or zeros where the layer does not centre. */
function offsetOf(scope: LayerScope, ...shape: number[]): WeightArray {
  return scope.config.flag("center", true) ? scope.weight("beta", shape) : filled(shape, 0);
}

function filled(shape: readonly number[], value: number): WeightArray {
  const count = shape.reduce((product, length) => product * length, 1);
  return { shape, data: new Float32Array(count).fill(value) };
}

function lengthOf({ config }: LayerScope, length: Dimension): number {
  if (typeof length === "number") return length;
  throw config.refuse({ expected: "a known length of the axis it normalises", found: length });
}
