// Keras's activation functions by name (keras/src/activations/activations.py).

import { type Algebra, float, int, type Term } from "../../onnx/index.ts";
import { isFields } from "./layer-config.ts";
import { type LayerScope, physicalAxis, type Result } from "./layer-scope.ts";

type ActivationRule = (m: Algebra, x: Term, scope: LayerScope) => Term;

const clip = (m: Algebra, x: Term, low: number, high: number) =>
  m.op("Clip", [x, m.scalarLike(low, x), m.scalarLike(high, x)]);
const silu: ActivationRule = (m, x) => m.mul(x, m.op("Sigmoid", [x]));
const hardSilu: ActivationRule = (m, x) => m.op("HardSwish", [x]);
/** |x| − ½ and less become 0, what is beyond comes ½ nearer. */
const softShrink: ActivationRule = (m, x) =>
  m.op("Shrink", [x], { lambd: float(0.5), bias: float(0.5) });

const rules: Readonly<Record<string, ActivationRule>> = {
  linear: (_, x) => x,
  relu: (m, x) => m.op("Relu", [x]),
  relu6: (m, x) => clip(m, x, 0, 6),
  leaky_relu: (m, x) => m.op("LeakyRelu", [x], { alpha: float(0.2) }),
  elu: (m, x) => m.op("Elu", [x]),
  selu: (m, x) => m.op("Selu", [x]),
  celu: (m, x) => m.op("Celu", [x]),
  gelu: (m, x) => m.op("Gelu", [x]),
  sigmoid: (m, x) => m.op("Sigmoid", [x]),
  // Keras 3 took a sixth for the slope where it had been a fifth.
  hard_sigmoid: (m, x, { kerasMajor }) =>
    m.op("HardSigmoid", [x], { alpha: float(kerasMajor >= 3 ? 1 / 6 : 0.2), beta: float(0.5) }),
  log_sigmoid: (m, x) => m.neg(m.op("Softplus", [m.neg(x)])),
  tanh: (m, x) => m.op("Tanh", [x]),
  hard_tanh: (m, x) => clip(m, x, -1, 1),
  tanh_shrink: (m, x) => m.sub(x, m.op("Tanh", [x])),
  soft_shrink: softShrink,
  hard_shrink: (m, x) => m.op("Shrink", [x], { lambd: float(0.5), bias: float(0) }),
  softplus: (m, x) => m.op("Softplus", [x]),
  softsign: (m, x) => m.op("Softsign", [x]),
  // (x + √(x² + 4)) / 2
  squareplus: (m, x) => m.div(m.add(x, m.sqrt(m.add(m.mul(x, x), 4))), 2),
  exponential: (m, x) => m.exp(x),
  swish: silu,
  silu,
  hard_silu: hardSilu,
  hard_swish: hardSilu,
  mish: (m, x) => m.op("Mish", [x]),
};

/** Functions over an axis instead of each element. */
const overAxis: Readonly<Record<string, string>> = {
  softmax: "Softmax",
  log_softmax: "LogSoftmax",
};

/** Applies the function that a field of the layer names. */
export function applyActivation(scope: LayerScope, x: Result, field = "activation"): Result {
  const given = scope.config.value(field) ?? "linear";
  const name = nameOf(given);
  const { m, config } = scope;
  if (name !== undefined && Object.hasOwn(overAxis, name)) {
    return applyOverAxis(scope, x, { operator: overAxis[name], axis: -1 });
  }
  if (name === undefined || !Object.hasOwn(rules, name)) {
    throw config.refuse({
      expected: `an activation among ${[...Object.keys(rules), ...Object.keys(overAxis)].join(", ")}`,
      found: name ?? JSON.stringify(given).slice(0, 80),
    });
  }
  return { ...x, term: rules[name](m, x.term, scope) };
}

/** Softmax or its logarithm over an axis of Keras's. */
export function applyOverAxis(
  scope: LayerScope,
  x: Result,
  { operator, axis }: { operator: string; axis: number },
): Result {
  const at = physicalAxis(axis, scope.shapeOf(x).length, x.moved);
  return { ...x, term: scope.m.op(operator, [x.term], { axis: int(at) }) };
}

/** Keras 3 writes functions as { class_name: "function", config: "relu" }. */
function nameOf(given: unknown): string | undefined {
  if (typeof given === "string") return given;
  if (!isFields(given)) return undefined;
  const { class_name: className, config } = given;
  if (className === "function" && typeof config === "string") return config.split(">").at(-1);
  const isPlainLayer = isFields(config) && SIMPLE_LAYERS[String(className)];
  return isPlainLayer || undefined;
}

/** Layers given as activations that have no options. */
const SIMPLE_LAYERS: Readonly<Record<string, string>> = { Softmax: "softmax" };
