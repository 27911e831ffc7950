// Evaluation of recurrent networks, in the symbols of ONNX: t a step, W and R weights of input and recurrence, Wb and Rb
// their biases, h the state, C the cell.

import { type GateActivation, gateActivations } from "../recurrent-gates.ts";
import { sigmoid } from "./activation.ts";
import type { Numbers } from "./plain-tensor.ts";
import { numbers, transposed } from "./positions.ts";
import type { EvaluatedNode, EvaluationRule, EvaluationRules } from "./rule.ts";

type Gate = (x: number) => number;

/** One direction of a recurrent network for one sequence of the batch. */
interface Cell {
  readonly hidden: number;
  /** Row of gate g and unit j of W x + Wb. */
  fromInput(x: Float64Array, gate: number): Float64Array;
  /** The same of R h; with its bias Rb. */
  fromState(h: Float64Array, gate: number): Float64Array;
  readonly activations: readonly Gate[];
  /** LSTM's look at the cell: P of gate g at unit j. */
  peephole(gate: number, unit: number): number;
  readonly node: EvaluatedNode;
}

interface State {
  readonly h: Float64Array;
  readonly c: Float64Array;
}

type Step = (cell: Cell, x: Float64Array, state: State) => State;

/** hₜ = f(W xₜ + Wb + R hₜ₋₁ + Rb). */
const simpleStep: Step = (cell, x, { h, c }) => {
  const [wx, rh] = [cell.fromInput(x, 0), cell.fromState(h, 0)];
  return { h: wx.map((value, j) => cell.activations[0](value + rh[j])), c };
};

/** Gates in order z, r, h: hₜ = (1 − z) ∘ h̃ + z ∘ hₜ₋₁. */
const gatedStep: Step = (cell, x, { h, c }) => {
  const [f, g] = cell.activations;
  const gate = (index: number) => {
    const [wx, rh] = [cell.fromInput(x, index), cell.fromState(h, index)];
    return wx.map((value, j) => f(value + rh[j]));
  };
  const [z, r] = [gate(0), gate(1)];
  const wx = cell.fromInput(x, 2);
  // With linear_before_reset the reset gate acts on R h, else on h.
  const isAfter = cell.node.int("linear_before_reset", 0) === 1;
  const rh = isAfter
    ? cell.fromState(h, 2).map((value, j) => r[j] * value)
    : cell.fromState(
        h.map((value, j) => r[j] * value),
        2,
      );
  const candidate = wx.map((value, j) => g(value + rh[j]));
  return { h: candidate.map((value, j) => (1 - z[j]) * value + z[j] * h[j]), c };
};

/** Gates in order i, o, f, c, with peepholes in order i, o, f: C = f ∘ Cₜ₋₁ + i ∘ c̃, h = o ∘ tanh C. */
const memoryStep: Step = (cell, x, { h, c }) => {
  const [f, g, last] = cell.activations;
  const gate = (index: number, memory: Float64Array, peephole: number) => {
    const [wx, rh] = [cell.fromInput(x, index), cell.fromState(h, index)];
    return wx.map((value, j) => f(value + rh[j] + cell.peephole(peephole, j) * memory[j]));
  };
  const input = gate(0, c, 0);
  const couples = cell.node.int("input_forget", 0) === 1;
  const forget = couples ? input.map((value) => 1 - value) : gate(2, c, 2);
  const [wx, rh] = [cell.fromInput(x, 3), cell.fromState(h, 3)];
  const memory = c.map((old, j) => forget[j] * old + input[j] * g(wx[j] + rh[j]));
  const output = gate(1, memory, 1);
  return { h: memory.map((value, j) => output[j] * last(value)), c: memory };
};

/** A network that goes over sequences forward, in reverse or both. */
function recurrent(step: Step, gates: number, defaults: readonly string[]): EvaluationRule {
  return (node) => {
    const isBatchFirst = node.int("layout", 0) === 1;
    const given = node.input(0);
    const x = isBatchFirst ? transposed(given, [1, 0, 2]) : given;
    const [steps, batch, width] = x.shape;
    const hidden = node.input(2).shape[2];
    const direction = node.text("direction", "forward");
    const directions = direction === "bidirectional" ? 2 : 1;
    const all = new Float64Array(steps * directions * batch * hidden);
    const last = [
      new Float64Array(directions * batch * hidden),
      new Float64Array(directions * batch * hidden),
    ];
    for (let d = 0; d < directions; d++) {
      const cell = cellOf(node, d, { gates, hidden, defaults });
      const isReverse = direction === "reverse" || d === 1;
      for (let n = 0; n < batch; n++) {
        const at = (d * batch + n) * hidden;
        let state: State = { h: initial(node, 5, n, d, hidden), c: initial(node, 6, n, d, hidden) };
        const length = node.optional(4)?.data[n] ?? steps;
        for (let t = 0; t < length; t++) {
          const place = isReverse ? length - 1 - t : t;
          const start = (place * batch + n) * width;
          state = step(cell, x.data.subarray(start, start + width), state);
          all.set(state.h, ((place * directions + d) * batch + n) * hidden);
        }
        last[0].set(state.h, at);
        last[1].set(state.c, at);
      }
    }
    const y = numbers([steps, directions, batch, hidden], all, x.type);
    const ends = last.map((data) => numbers([directions, batch, hidden], data, x.type));
    if (!isBatchFirst) return [y, ...ends];
    return [transposed(y, [2, 0, 1, 3]), ...ends.map((end) => transposed(end, [1, 0, 2]))];
  };
}

/** The state that a sequence starts from: zeros unless given. */
function initial(
  node: EvaluatedNode,
  index: number,
  n: number,
  d: number,
  hidden: number,
): Float64Array {
  const given = node.optional(index);
  if (!given) return new Float64Array(hidden);
  const [first, second] = given.shape;
  const row = node.int("layout", 0) === 1 ? n * second + d : d * second + n;
  return row < first * second
    ? given.data.slice(row * hidden, (row + 1) * hidden)
    : new Float64Array(hidden);
}

function cellOf(
  node: EvaluatedNode,
  direction: number,
  { gates, hidden, defaults }: { gates: number; hidden: number; defaults: readonly string[] },
): Cell {
  const [w, r, bias, peepholes] = [
    node.input(1),
    node.input(2),
    node.optional(3),
    node.optional(7),
  ];
  const clip = node.float("clip", Number.POSITIVE_INFINITY);
  const directions = w.shape[0];
  const own = gateActivations(node, { defaults, directions }).slice(direction * defaults.length);
  const rows = (weights: Numbers, biasStart: number) => (vector: Float64Array, gate: number) =>
    Float64Array.from({ length: hidden }, (_, j) => {
      const row = gate * hidden + j;
      const start = (direction * gates * hidden + row) * vector.length;
      const product = vector.reduce((sum, value, at) => sum + value * weights.data[start + at], 0);
      return product + (bias ? bias.data[(direction * 2 + biasStart) * gates * hidden + row] : 0);
    });
  return {
    node,
    hidden,
    fromInput: rows(w, 0),
    fromState: rows(r, 1),
    activations: own.map((one) => gateOf(node, one, clip)),
    peephole: (gate, unit) =>
      peepholes ? peepholes.data[direction * 3 * hidden + gate * hidden + unit] : 0,
  };
}

/** An activation of clipped numbers. */
function gateOf(node: EvaluatedNode, { name, alpha, beta }: GateActivation, clip: number): Gate {
  const gates: Readonly<Record<string, Gate>> = {
    sigmoid,
    tanh: Math.tanh,
    relu: (x) => Math.max(x, 0),
    affine: (x) => alpha * x + beta,
    leakyrelu: (x) => (x < 0 ? alpha * x : x),
    thresholdedrelu: (x) => (x > alpha ? x : 0),
    scaledtanh: (x) => alpha * Math.tanh(beta * x),
    hardsigmoid: (x) => Math.min(Math.max(alpha * x + beta, 0), 1),
    elu: (x) => (x < 0 ? alpha * Math.expm1(x) : x),
    softsign: (x) => x / (1 + Math.abs(x)),
    softplus: (x) => Math.log1p(Math.exp(x)),
  };
  const gate = gates[name] ?? node.fail(`a known activation, not "${name}"`);
  return (x) => gate(Math.min(Math.max(x, -clip), clip));
}

/** Rules by operator. */
export const recurrentRules: EvaluationRules = {
  RNN: recurrent(simpleStep, 1, ["Tanh"]),
  GRU: recurrent(gatedStep, 3, ["Sigmoid", "Tanh"]),
  LSTM: recurrent(memoryStep, 4, ["Sigmoid", "Tanh", "Tanh"]),
};
