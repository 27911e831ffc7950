// Dynamic loss scaling, inside the step: its numbers are part of the state, so that a training that resumes goes on to the same
// bits. Micikevicius and others: "Mixed precision training", 2018, section 3.2.

import { type Algebra, differentiate, type OnnxTensor, type Term } from "../../onnx/index.ts";

/** Names in the state: the scale, steps since it last changed, and steps that were skipped. */
const STATE = {
  scale: "step.loss_scale",
  calm: "step.calm_steps",
  skipped: "step.skipped_steps",
} as const;

/** The scale that it starts from, the least and the most of it, and steps without overflow after which it doubles. */
const [FIRST, LEAST, MOST, PATIENCE] = [2 ** 16, 1, 2 ** 24, 2000];

const LARGEST_FLOAT = 3.4028234663852886e38;

/** The scaling of one graph. */
export interface LossScaling {
  /** Gradients of the loss that were scaled on their way, where float16 would have lost them. */
  gradients(loss: Term, by: readonly string[]): Record<string, Term>;
  /** The new values where all gradients are finite, else the old ones; with those of the scaling itself. */
  guarded(updated: Readonly<Record<string, Term>>, norm: Term): Record<string, Term>;
  /** The number of an update, those that were skipped not counted. */
  counted(step: Term): Term;
  /** The scale that the step was taken with. */
  readonly scale: Term;
}

/** What the state has besides where a loss is scaled. */
export function firstScale(): Record<string, OnnxTensor> {
  return Object.fromEntries(
    [
      [STATE.scale, FIRST],
      [STATE.calm, 0],
      [STATE.skipped, 0],
    ].map(([name, value]) => [
      name,
      { type: "float32", shape: [], data: Float32Array.of(Number(value)) },
    ]),
  );
}

export function lossScaling(m: Algebra): LossScaling {
  const input = (name: string) => {
    return m.graph.typeOf(name) ? name : m.graph.input({ name, type: "float32", shape: [] });
  };
  const scale = input(STATE.scale);
  return {
    scale,
    gradients(loss, by) {
      const scaled = differentiate(m.graph, { of: m.mul(loss, scale), by });
      // Scales are powers of two, so that nothing is rounded.
      return Object.fromEntries(
        Object.entries(scaled).map(([name, term]) => [name, m.div(term, scale)]),
      );
    },
    counted: (step) => m.sub(step, input(STATE.skipped)),
    guarded(updated, norm) {
      const [calm, skipped] = [input(STATE.calm), input(STATE.skipped)];
      const isSound = finite(m, norm);
      const kept = Object.entries(updated).map(([name, term]) => [
        name,
        m.where(isSound, term, name),
      ]);
      const next = m.where(isSound, m.add(calm, 1), 0);
      const isCalm = m.compare("GreaterOrEqual", next, PATIENCE);
      const grown = m.op("Min", [m.mul(scale, 2), m.scalarLike(MOST, scale)]);
      const shrunk = m.op("Max", [m.mul(scale, 0.5), m.scalarLike(LEAST, scale)]);
      return {
        ...Object.fromEntries(kept),
        [STATE.scale]: m.where(isSound, m.where(isCalm, grown, scale), shrunk),
        [STATE.calm]: m.where(isCalm, 0, next),
        [STATE.skipped]: m.where(isSound, skipped, m.add(skipped, 1)),
      };
    },
  };
}

/** New values of running statistics, element by element the old ones where they are not finite. */
export function finiteStatistics(
  m: Algebra,
  statistics: Readonly<Record<string, Term>>,
): Record<string, Term> {
  return Object.fromEntries(
    Object.entries(statistics).map(([name, term]) => [name, m.where(finite(m, term), term, name)]),
  );
}

function finite(m: Algebra, term: Term): Term {
  return m.compare("LessOrEqual", m.op("Abs", [term]), LARGEST_FLOAT);
}

/** Whether a step with this scale that overflowed is skipped; with the least one it is a divergence. */
export const isSkipped = (scale: number) => scale > LEAST;
