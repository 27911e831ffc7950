// Cases of recurrent networks.

import { type Attribute, floats, int, text, texts } from "../../../../src/onnx/index.ts";
import { type GradientCase, integers, type Pick } from "../gradient-case.ts";

const RANGE = { low: -1, high: 1 };

interface Kind {
  readonly operator: "RNN" | "GRU" | "LSTM";
  readonly gates: number;
  readonly activations: number;
}

const KINDS: readonly Kind[] = [
  { operator: "RNN", gates: 1, activations: 1 },
  { operator: "GRU", gates: 3, activations: 2 },
  { operator: "LSTM", gates: 4, activations: 3 },
];

/** Activations that have no kink where sums of drawn numbers usually lie, with as many constants as they take. */
const SMOOTH: readonly (readonly [name: string, constants: number])[] = [
  ["Affine", 2],
  ["ScaledTanh", 2],
  ["Softsign", 0],
  ["Softplus", 0],
  ["Sigmoid", 0],
  ["Tanh", 0],
];

/** A network of any direction, with the optional inputs that are drawn. */
function drawNetwork(pick: Pick, { operator, gates }: Kind, isBatchFirst: boolean) {
  const [steps, batch, width, hidden] = [pick.int(1, 4), ...pick.ints(3, 1, 3)];
  const direction = pick.of("forward", "reverse", "bidirectional");
  const count = direction === "bidirectional" ? 2 : 1;
  const maybe = <Input>(input: Input) => pick.of(input, undefined);
  const lengths = Array.from({ length: batch }, () => BigInt(pick.int(1, steps)));
  const state = isBatchFirst ? [batch, count, hidden] : [count, batch, hidden];
  const lengthsInput = {
    ...integers([batch], lengths.map(Number), "fixed"),
    tensor: { type: "int32", shape: [batch], data: Int32Array.from(lengths, Number) },
  } as const;
  const isLstm = operator === "LSTM";
  const inputs = [
    pick.variable(isBatchFirst ? [batch, steps, width] : [steps, batch, width], RANGE),
    pick.variable([count, gates * hidden, width], RANGE),
    pick.variable([count, gates * hidden, hidden], RANGE),
    maybe(pick.variable([count, 2 * gates * hidden], RANGE)),
    maybe(lengthsInput),
    maybe(pick.variable(state, RANGE)),
    ...(isLstm ? [maybe(pick.variable(state, RANGE))] : []),
    ...(isLstm ? [maybe(pick.variable([count, 3 * hidden], RANGE))] : []),
  ];
  const attributes: Record<string, Attribute> = {
    hidden_size: int(hidden),
    direction: text(direction),
    layout: int(Number(isBatchFirst)),
    ...(operator === "GRU" ? { linear_before_reset: int(pick.int(0, 1)) } : {}),
    ...(isLstm ? { input_forget: int(pick.int(0, 1)) } : {}),
  };
  const outputs = isLstm ? 3 : 2;
  const uses = pick.of([0], [1], [outputs - 1], [0, 1], [0, outputs - 1]);
  return { node: { inputs, attributes, outputs, uses }, count };
}

/** Other activations than the usual, each with its constants. */
function drawActivations(pick: Pick, count: number): Record<string, Attribute> {
  const chosen = Array.from({ length: count }, () => pick.of(...SMOOTH));
  const some = (least: number) =>
    floats(chosen.filter(([, taken]) => taken >= least).map(() => pick.int(2, 8) / 8));
  return {
    activations: texts(chosen.map(([name]) => name)),
    activation_alpha: some(1),
    activation_beta: some(2),
  };
}

export const recurrentCases: readonly GradientCase[] = KINDS.flatMap((kind) => [
  { operator: kind.operator, draw: (pick) => drawNetwork(pick, kind, false).node },
  {
    operator: kind.operator,
    of: "with the batch first",
    notRun: "ONNX Runtime's kernels have the steps first alone",
    draw: (pick) => drawNetwork(pick, kind, true).node,
  },
  {
    operator: kind.operator,
    of: "with other activations",
    draw: (pick) => {
      const { node, count } = drawNetwork(pick, kind, false);
      const activations = drawActivations(pick, count * kind.activations);
      return { ...node, attributes: { ...node.attributes, ...activations } };
    },
  },
]);
