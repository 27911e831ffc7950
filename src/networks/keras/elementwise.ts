// Keras's layers on each number by itself: activations with options, scaling, and what only acts in training.

import { float } from "../../onnx/index.ts";
import { applyActivation, applyOverAxis } from "./activations.ts";
import type { LayerRule, LayerScope, Result } from "./layer-scope.ts";
import { permuted } from "./layer-weights.ts";

/** Dropout, noise and augmentation do nothing in inference. */
export const unchanged: LayerRule = (_, { term, moved }) => ({ term, moved });

export const activation: LayerRule = (scope, input) => applyActivation(scope, input);

export const softmax: LayerRule = (scope, input) => {
  const axes = scope.config.integers("axis") ?? [-1];
  if (axes.length !== 1) {
    throw scope.config.refuse({ expected: "one axis", found: `axes ${axes}` });
  }
  return applyOverAxis(scope, input, { operator: "Softmax", axis: axes[0] });
};

/** max_value from there on; x from the threshold on; else slope · (x − threshold). */
export const relu: LayerRule = ({ config, m }, { term: x, moved }) => {
  const slope = slopeOf(config, ["negative_slope"], 0);
  const threshold = config.number("threshold", 0);
  const most = config.value("max_value") === undefined ? undefined : config.number("max_value");
  const below = () => m.mul(m.sub(x, threshold), slope);
  const lower =
    threshold !== 0
      ? m.where(m.compare("GreaterOrEqual", x, threshold), x, below())
      : slope === 0
        ? m.op("Relu", [x])
        : m.op("LeakyRelu", [x], { alpha: float(slope) });
  const term = most === undefined ? lower : m.op("Min", [lower, m.scalarLike(most, x)]);
  return { term, moved };
};

export const leakyRelu: LayerRule = ({ config, m }, { term, moved }) => {
  const alpha = slopeOf(config, ["negative_slope", "alpha"], 0.3);
  return { term: m.op("LeakyRelu", [term], { alpha: float(alpha) }), moved };
};

export const elu: LayerRule = ({ config, m }, { term, moved }) => ({
  term: m.op("Elu", [term], { alpha: float(config.number("alpha", 1)) }),
  moved,
});

/** x above theta, else 0. */
export const thresholdedRelu: LayerRule = ({ config, m }, { term, moved }) => ({
  term: m.op("ThresholdedRelu", [term], { alpha: float(config.number("theta", 1)) }),
  moved,
});

/** A slope for each position, or for each channel where the other axes share it. */
export const prelu: LayerRule = (scope, input) => {
  const shape = scope.shapeOf(input).slice(1);
  const shared = scope.config.integers("shared_axes") ?? [];
  const lengths = shape.map((length, axis) => (shared.includes(axis + 1) ? 1 : Number(length)));
  const slopes = scope.weight("alpha", lengths);
  const last = lengths.length - 1;
  const order = input.moved ? [last, ...new Array(last).keys()] : [...lengths.keys()];
  const weight = scope.parameter("weight", permuted(slopes, order));
  return { term: scope.m.op("PRelu", [input.term, weight]), moved: input.moved };
};

/** x · scale + offset, each a number or one a channel. */
export const rescaling: LayerRule = (scope, input) => {
  const { config, m } = scope;
  const [scale, offset] = [numbersOf(scope, "scale", 1), numbersOf(scope, "offset", 0)];
  if (scale.length === 1 && offset.length === 1) {
    const scaled = m.mul(input.term, scale[0]);
    return { term: offset[0] === 0 ? scaled : m.add(scaled, offset[0]), moved: input.moved };
  }
  const constant = (part: string, data: number[]) =>
    scope.parameter(part, { shape: [data.length], data: Float32Array.from(data) }, FIXED);
  const x = scope.plain(input);
  if (config.value("scale") === undefined) return plain(m.add(x, constant("offset", offset)));
  return plain(m.add(m.mul(x, constant("scale", scale)), constant("offset", offset)));
};

const FIXED = { learnable: false };
const plain = (term: string): Result => ({ term, moved: false });

function numbersOf({ config }: LayerScope, field: string, fallback: number): number[] {
  const list = [config.value(field) ?? fallback].flat();
  if (list.every((one) => typeof one === "number")) return list;
  throw config.refuse({ expected: `numbers for ${field}`, found: JSON.stringify(list) });
}

/** A slope that Keras called by several names, and that Keras 2 wrote as an array without axes. */
function slopeOf(
  { value, refuse }: LayerScope["config"],
  fields: readonly string[],
  fallback: number,
): number {
  const given = fields.map(value).find((one) => one !== undefined) ?? fallback;
  // { type: "ndarray", value: 0.3 } or { class_name: "__numpy__", config: { value: 0.3 } }
  const { value: inner, config } = (typeof given === "object" ? given : {}) as Record<
    string,
    never
  >;
  const slope = [given, inner, (config as Record<string, unknown> | undefined)?.value].find(
    (one) => typeof one === "number",
  );
  if (typeof slope === "number") return slope;
  throw refuse({ expected: `a number for ${fields[0]}`, found: JSON.stringify(given) });
}
