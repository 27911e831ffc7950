// Gradients of recurrent networks: the network written out step by step, then the chain rule (Werbos: "Backpropagation
// through time", 1990). In the symbols of ONNX: W and R weights of input and recurrence, Wb and Rb their biases, P the
// peepholes, h the state, C the cell.

import type { Algebra, Term } from "../algebra.ts";
import { float, int } from "../model.ts";
import { type GateActivation, gateActivations } from "../recurrent-gates.ts";
import { composed, type Formula, type ForwardNode, type GradientRules } from "./rule.ts";

/** One direction of a network, its weights turned for products from the right. */
interface Cell {
  readonly node: ForwardNode;
  readonly m: Algebra;
  readonly gates: readonly GateActivation[];
  /** [hidden, gates · hidden]. */
  readonly r: Term;
  /** [gates · hidden], where there are biases. */
  readonly rb: Term | undefined;
  /** The same of each gate alone, for GRU. */
  readonly gateR: readonly Term[];
  readonly gateRb: readonly Term[] | undefined;
  /** Of gates i, o and f, [1, hidden]. */
  readonly peepholes: readonly Term[] | undefined;
}

/** State and, of LSTM, cell, [batch, hidden]. */
interface State {
  readonly h: Term;
  readonly c: Term;
}

/** The next state, of W xₜ + Wb for all gates and the state before. */
type Step = (cell: Cell, wx: Term, state: State) => State;

/** hₜ = f(W xₜ + Wb + R hₜ₋₁ + Rb). */
const simpleStep: Step = (cell, wx, { h, c }) => {
  const { m, gates } = cell;
  return { h: activated(m, m.add(wx, fromState(cell, h)), gates[0]), c };
};

/** Gates in order z, r, h: hₜ = (1 − z) ∘ h̃ + z ∘ hₜ₋₁. */
const gatedStep: Step = (cell, wx, { h, c }) => {
  const { m, gates, node } = cell;
  const [f, g] = gates;
  // With linear_before_reset the reset gate acts on R h + Rb, else on h.
  const isAfter = node.int("linear_before_reset", 0) === 1;
  const [xz, xr, xh] = parts(m, wx, 1, 3);
  const ofState = (gate: number, from: Term) =>
    fromState({ m, r: cell.gateR[gate], rb: cell.gateRb?.[gate] }, from);
  const [hz, hr, hh] = isAfter
    ? parts(m, fromState(cell, h), 1, 3)
    : [ofState(0, h), ofState(1, h)];
  const z = activated(m, m.add(xz, hz), f);
  const r = activated(m, m.add(xr, hr), f);
  const reset = isAfter ? m.mul(r, hh) : ofState(2, m.mul(r, h));
  const candidate = activated(m, m.add(xh, reset), g);
  return { h: m.add(m.mul(m.sub(1, z), candidate), m.mul(z, h)), c };
};

/** Gates in order i, o, f, c: C = f ∘ Cₜ₋₁ + i ∘ c̃, h = o ∘ tanh C. */
const memoryStep: Step = (cell, wx, { h, c }) => {
  const { m, gates, node, peepholes } = cell;
  const [f, g, last] = gates;
  const sums = parts(m, m.add(wx, fromState(cell, h)), 1, 4);
  const gate = (at: number, memory: Term, peephole: number) => {
    const seen = peepholes ? m.add(sums[at], m.mul(peepholes[peephole], memory)) : sums[at];
    return activated(m, seen, f);
  };
  const input = gate(0, c, 0);
  const forget = node.int("input_forget", 0) === 1 ? m.sub(1, input) : gate(2, c, 2);
  const memory = m.add(m.mul(forget, c), m.mul(input, activated(m, sums[3], g)));
  const output = gate(1, memory, 1);
  return { h: m.mul(output, activated(m, memory, last)), c: memory };
};

/** R h + Rb. */
function fromState({ m, r, rb }: Pick<Cell, "m" | "r" | "rb">, h: Term): Term {
  const product = m.matmul(h, r);
  return rb ? m.add(product, rb) : product;
}

/** A network in elementary operators: all of its steps, then the last state and cell. */
function writtenOut(step: Step, gates: number, defaults: readonly string[]): Formula {
  return (node, m) => {
    if (node.has("clip")) node.fail("its numbers are clipped");
    const isBatchFirst = node.int("layout", 0) === 1;
    const [x] = node.inputs;
    const inSteps = isBatchFirst ? m.transpose(x, [1, 0, 2]) : x;
    const direction = node.text("direction", "forward");
    const count = direction === "bidirectional" ? 2 : 1;
    const activations = gateActivations(node, { defaults, directions: count });
    // W, R and B, the first state and cell, P.
    const weights = [1, 2, 3, 5, 6, 7].map((index) => {
      const name = node.inputs[index];
      const isTurned = isBatchFirst && (index === 5 || index === 6);
      return name ? parts(m, isTurned ? m.transpose(name, [1, 0, 2]) : name, 0, count) : undefined;
    });
    const runs = Array.from({ length: count }, (_, d) =>
      oneDirection(node, m, {
        ...{ step, gates, x: inSteps },
        activations: activations.slice(d * defaults.length, (d + 1) * defaults.length),
        isReverse: direction === "reverse" || d === 1,
        weights: weights.map((all) => all?.[d]),
      }),
    );
    const joined = (terms: readonly Term[], axis: number, order: readonly number[]) => {
      const all = terms.length === 1 ? terms[0] : m.op("Concat", terms, { axis: int(axis) });
      return isBatchFirst ? m.transpose(all, order) : all;
    };
    const wanted = (at: number, make: () => Term) => (node.gradient(at) ? make() : undefined);
    return [
      wanted(0, () =>
        joined(
          runs.map(({ all }) => all()),
          1,
          [2, 0, 1, 3],
        ),
      ),
      wanted(1, () =>
        joined(
          runs.map(({ last }) => last(({ h }) => h)),
          0,
          [1, 0, 2],
        ),
      ),
      wanted(2, () =>
        joined(
          runs.map(({ last }) => last(({ c }) => c)),
          0,
          [1, 0, 2],
        ),
      ),
    ];
  };
}

interface Direction {
  readonly step: Step;
  readonly gates: number;
  /** [steps, batch, width]. */
  readonly x: Term;
  readonly activations: readonly GateActivation[];
  readonly isReverse: boolean;
  /** W, R, B, the first state and cell, P; each with a first axis of length 1. */
  readonly weights: readonly (Term | undefined)[];
}

function oneDirection(
  node: ForwardNode,
  m: Algebra,
  { step, gates, x, activations, isReverse, weights }: Direction,
) {
  const [w, r, biases, h, c, p] = weights;
  const [steps, batch, width] = m.graph.shapeOf(x);
  const hidden = m.graph.shapeOf(r as Term)[2];
  const [wb, rb] = biases ? parts(m, m.reshape(biases, [-1]), 0, 2) : [];
  const turned = (term: Term, length: number) =>
    m.transpose(m.reshape(term, [gates * hidden, length]), [1, 0]);
  const turnedR = turned(r as Term, hidden);
  const isGated = gates === 3 && node.int("linear_before_reset", 0) === 0;
  const cell: Cell = {
    ...{ node, m, gates: activations, rb, r: turnedR },
    gateR: isGated ? parts(m, turnedR, 1, 3) : [],
    gateRb: isGated && rb ? parts(m, rb, 0, 3) : undefined,
    peepholes: p ? parts(m, m.reshape(p, [1, -1]), 1, 3) : undefined,
  };
  const product = m.matmul(m.reshape(x, [steps * batch, width]), turned(w as Term, width));
  const fromInput = parts(m, wb ? m.add(product, wb) : product, 0, steps);
  const first = (term: Term | undefined) =>
    term ? m.reshape(term, [batch, hidden]) : m.fill(0, [batch, hidden], x);
  let state: State = { h: first(h), c: first(c) };
  const outputs: Term[] = [];
  for (let at = 0; at < steps; at++) {
    const t = isReverse ? steps - 1 - at : at;
    const next = step(cell, fromInput[t], state);
    const isThere = insideSequence(node, m, t);
    state = isThere
      ? { h: m.where(isThere, next.h, state.h), c: m.where(isThere, next.c, state.c) }
      : next;
    const seen = isThere ? m.where(isThere, next.h, 0) : next.h;
    outputs[t] = m.reshape(seen, [1, 1, batch, hidden]);
  }
  return {
    all: () => (steps === 1 ? outputs[0] : m.op("Concat", outputs, { axis: int(0) })),
    last: (choose: (state: State) => Term) => m.reshape(choose(state), [1, batch, hidden]),
  };
}

/** Whether a step is one of each sequence's own, [batch, 1]; undefined where all have every step. */
function insideSequence({ inputs }: ForwardNode, m: Algebra, t: number): Term | undefined {
  const lengths = inputs[4];
  if (!lengths) return undefined;
  return m.reshape(m.compare("Greater", lengths, t), [-1, 1]);
}

/** Equal parts along an axis. */
function parts(m: Algebra, term: Term, axis: number, count: number): Term[] {
  if (count === 1) return [term];
  const length = m.graph.shapeOf(term)[axis] / count;
  const lengths = m.lengths(new Array<number>(count).fill(length));
  return m.graph.nodeWithOutputs("Split", [term, lengths], count, { axis: int(axis) });
}

function activated(m: Algebra, x: Term, { name, alpha, beta }: GateActivation): Term {
  switch (name) {
    case "affine":
      return m.add(m.mul(x, alpha), beta);
    case "scaledtanh":
      return m.mul(m.op("Tanh", [m.mul(x, beta)]), alpha);
    case "hardsigmoid":
      return m.op("HardSigmoid", [x], { alpha: float(alpha), beta: float(beta) });
    case "leakyrelu":
      return m.op("LeakyRelu", [x], { alpha: float(alpha) });
    case "thresholdedrelu":
      return m.op("ThresholdedRelu", [x], { alpha: float(alpha) });
    case "elu":
      return m.op("Elu", [x], { alpha: float(alpha) });
    default:
      return m.op(PLAIN[name] ?? name, [x]);
  }
}

/** Operators of activations without constants. */
const PLAIN: Readonly<Record<string, string>> = {
  ...{ sigmoid: "Sigmoid", tanh: "Tanh", relu: "Relu" },
  ...{ softsign: "Softsign", softplus: "Softplus" },
};

/** Rules by operator. */
export const recurrentGradients: GradientRules = {
  RNN: composed(writtenOut(simpleStep, 1, ["Tanh"])),
  GRU: composed(writtenOut(gatedStep, 3, ["Sigmoid", "Tanh"])),
  LSTM: composed(writtenOut(memoryStep, 4, ["Sigmoid", "Tanh", "Tanh"])),
};
