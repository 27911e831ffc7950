// Cases of functions of one element and of arithmetic on several tensors.

import { float, int, text } from "../../../../src/onnx/index.ts";
import {
  type DrawnInput,
  type GradientCase,
  type Limits,
  numbers,
  type Pick,
} from "../gradient-case.ts";

const shape = (pick: Pick) => pick.ints(pick.int(0, 3), 1, 3);

/** An operator without attributes, on a tensor within limits. */
const plain = (operator: string, limits?: Limits, opset?: number): GradientCase => ({
  operator,
  opset,
  draw: (pick) => ({ inputs: [pick.variable(shape(pick), limits)] }),
});

/** The same with float attributes between limits. */
const withFloats = (
  operator: string,
  names: Readonly<Record<string, readonly [number, number]>>,
  { limits, opset }: { limits?: Limits; opset?: number } = {},
): GradientCase => ({
  operator,
  of: `with ${Object.keys(names).join(", ")}`,
  opset,
  draw: (pick) => ({
    inputs: [pick.variable(shape(pick), limits)],
    attributes: Object.fromEntries(
      Object.entries(names).map(([name, [low, high]]) => [
        name,
        float(low + ((high - low) * pick.int(0, 10)) / 10),
      ]),
    ),
  }),
});

/** A shape that broadcasts to another: some lengths 1, some leading axes left out. */
const narrowed = (pick: Pick, full: readonly number[]) =>
  full.slice(pick.int(0, full.length)).map((length) => pick.of(1, length));

/** Two tensors that broadcast; a random one of them, or both, variable. */
const pair = (
  operator: string,
  { limits, second = limits, of }: { limits?: Limits; second?: Limits; of?: string } = {},
): GradientCase => ({
  operator,
  of,
  draw: (pick) => {
    const full = shape(pick);
    const kinds = pick.of(["variable", "variable"], ["variable", "fixed"], ["fixed", "variable"]);
    const shapes = pick.of([full, narrowed(pick, full)], [narrowed(pick, full), full]);
    const one = (at: number): DrawnInput =>
      pick[kinds[at] as "variable"](shapes[at], at ? second : limits);
    return { inputs: [one(0), one(1)] };
  },
});

const several = (operator: string): GradientCase => ({
  operator,
  draw: (pick) => {
    const full = shape(pick);
    const rest = Array.from({ length: pick.int(0, 3) }, () => pick.variable(narrowed(pick, full)));
    return { inputs: [pick.variable(full), ...rest] };
  },
});

const positive = { low: 0.2, high: 3 };
const inside = { low: -0.9, high: 0.9 };
const wide = { low: -6, high: 6 };

const elementary: GradientCase[] = [
  ...[
    "Identity",
    "Neg",
    "Abs",
    "Exp",
    "Erf",
    "Sin",
    "Cos",
    "Atan",
    "Sinh",
    "Cosh",
    "Tanh",
    "Asinh",
  ].map((operator) => plain(operator)),
  ...["Reciprocal", "Log", "Sqrt"].map((operator) => plain(operator, positive)),
  ...["Asin", "Acos", "Atanh"].map((operator) => plain(operator, inside)),
  plain("Tan", { low: -1.2, high: 1.2 }),
  plain("Acosh", { low: 1.1, high: 4 }),
];

const activations: GradientCase[] = [
  plain("Relu"),
  plain("Sigmoid", wide),
  plain("Softplus", wide),
  plain("Softplus", { low: -60, high: 60 }),
  plain("Softsign", wide),
  plain("HardSwish", wide),
  plain("Mish", wide),
  withFloats("Swish", { alpha: [0.5, 2] }, { limits: wide, opset: 24 }),
  withFloats("LeakyRelu", { alpha: [-0.5, 0.5] }),
  withFloats("Elu", { alpha: [0.5, 2] }),
  withFloats("Celu", { alpha: [0.5, 2] }),
  withFloats("Selu", { alpha: [1, 2], gamma: [1, 2] }),
  withFloats("ThresholdedRelu", { alpha: [-1, 1] }),
  withFloats("HardSigmoid", { alpha: [0.1, 0.7], beta: [0.2, 0.6] }),
  withFloats("Shrink", { lambd: [0.2, 1], bias: [-0.5, 0.5] }),
  {
    operator: "Gelu",
    opset: 20,
    draw: (pick) => ({
      inputs: [pick.variable(shape(pick), wide)],
      attributes: { approximate: text(pick.of("none", "tanh")) },
    }),
  },
  {
    ...plain("Gelu", wide),
    domain: "com.microsoft",
    definition: (m, [x]) => m.mul(m.mul(0.5, x), m.add(1, m.op("Erf", [m.mul(x, Math.SQRT1_2)]))),
  },
  {
    ...withFloats("QuickGelu", { alpha: [0.5, 2] }, { limits: wide }),
    domain: "com.microsoft",
    definition: (m, [x], { attributes }) => {
      const alpha = attributes?.alpha.value as number;
      return m.mul(x, m.op("Sigmoid", [m.mul(x, alpha)]));
    },
  },
  {
    operator: "PRelu",
    draw: (pick) => {
      const full = shape(pick);
      return { inputs: [pick.variable(full), pick.variable(narrowed(pick, full))] };
    },
  },
  {
    operator: "Clip",
    draw: (pick) => {
      const limit = (value: number) =>
        pick.of(undefined, numbers([], [value], pick.of("variable", "fixed", "constant")));
      return { inputs: [pick.variable(shape(pick)), limit(-0.7), limit(0.9)] };
    },
  },
  {
    operator: "Clip",
    of: "with limits that cross",
    draw: (pick) => ({
      inputs: [
        pick.variable(shape(pick)),
        numbers([], [0.8], "variable"),
        numbers([], [0.3], "variable"),
      ],
    }),
  },
];

const arithmetic: GradientCase[] = [
  pair("Add"),
  pair("Sub"),
  pair("Mul"),
  pair("Div", { second: positive }),
  pair("Pow", { limits: positive, second: { low: -2, high: 3 } }),
  {
    operator: "Pow",
    of: "with a constant exponent",
    draw: (pick) => ({
      inputs: [
        pick.variable(shape(pick)),
        numbers([], [pick.of(0, 1, 2, 3, 4, -1, -2)], pick.of("constant", "fixed")),
      ],
    }),
  },
  {
    operator: "Mod",
    of: "as fmod",
    draw: (pick) => ({
      ...pair("Mod", { limits: { low: -5, high: 5 }, second: { low: 0.7, high: 1.9 } }).draw(pick),
      attributes: { fmod: int(1) },
    }),
  },
  ...["Max", "Min", "Sum", "Mean"].map(several),
  {
    operator: "Where",
    draw: (pick) => {
      const full = shape(pick);
      const condition = pick.indices(narrowed(pick, full), 0, 1).tensor;
      const bits = Uint8Array.from(condition.data as BigInt64Array, Number);
      return {
        inputs: [
          { role: "fixed", tensor: { type: "bool", shape: condition.shape, data: bits } },
          pick.variable(narrowed(pick, full)),
          pick.variable(full),
        ],
      };
    },
  },
  {
    operator: "Range",
    draw: (pick) => ({
      inputs: [
        numbers([], [pick.int(0, 3) / 4], "variable"),
        numbers([], [5.1], "fixed"),
        numbers([], [pick.int(2, 5) / 4], "variable"),
      ],
    }),
  },
  {
    operator: "Cast",
    of: "to float32",
    draw: (pick) => ({ inputs: [pick.variable(shape(pick))], attributes: { to: int(1) } }),
  },
  {
    operator: "CastLike",
    draw: (pick) => ({ inputs: [pick.variable(shape(pick)), pick.fixed([1])] }),
  },
];

export const elementwiseCases: GradientCase[] = [...elementary, ...activations, ...arithmetic];
