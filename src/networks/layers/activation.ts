// Activation functions, by name.

import { checkParameters, oneOf, parameters, words } from "../../base/index.ts";
import { type Algebra, float, int, type Term, text } from "../../onnx/index.ts";
import { type Layer, makeLayer } from "./layer.ts";

/** Functions by name; each takes a tensor and gives one of the same shape. */
const functions = {
  linear: (_: Algebra, x: Term) => x,
  relu: (m: Algebra, x: Term) => m.op("Relu", [x]),
  relu6: (m: Algebra, x: Term) => m.op("Clip", [x, m.scalarLike(0, x), m.scalarLike(6, x)]),
  "leaky-relu": (m: Algebra, x: Term) => m.op("LeakyRelu", [x], { alpha: float(0.01) }),
  elu: (m: Algebra, x: Term) => m.op("Elu", [x]),
  selu: (m: Algebra, x: Term) => m.op("Selu", [x]),
  gelu: (m: Algebra, x: Term) => m.op("Gelu", [x]),
  "gelu-tanh": (m: Algebra, x: Term) => m.op("Gelu", [x], { approximate: text("tanh") }),
  silu: (m: Algebra, x: Term) => m.mul(x, m.op("Sigmoid", [x])),
  "hard-swish": (m: Algebra, x: Term) => m.op("HardSwish", [x]),
  "hard-sigmoid": (m: Algebra, x: Term) => m.op("HardSigmoid", [x], { alpha: float(1 / 6) }),
  mish: (m: Algebra, x: Term) => m.op("Mish", [x]),
  softplus: (m: Algebra, x: Term) => m.op("Softplus", [x]),
  sigmoid: (m: Algebra, x: Term) => m.op("Sigmoid", [x]),
  tanh: (m: Algebra, x: Term) => m.op("Tanh", [x]),
  /** Over the channels. */
  softmax: (m: Algebra, x: Term) => m.op("Softmax", [x], { axis: int(1) }),
} as const;

/** Name of an activation function. */
export type ActivationName = keyof typeof functions;

/** The rule for such a name. */
export const activationName = () => oneOf(...(Object.keys(functions) as ActivationName[]));

/** Applies an activation function; none leaves the tensor as it is. */
export function applyActivation(m: Algebra, x: Term, name: ActivationName | undefined): Term {
  return name ? functions[name](m, x) : x;
}

const rules = parameters({ function: activationName(), name: words().optional() });

/** A function of each element (softmax: over the channels). */
export function activation(name: ActivationName, options: { name?: string } = {}): Layer {
  const settings = checkParameters(rules, { ...options, function: name }, "activation");
  return makeLayer(name, settings.name, ({ m }, x) => applyActivation(m, x, name));
}
