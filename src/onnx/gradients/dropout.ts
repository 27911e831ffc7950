// Gradient of Dropout: what was dropped gets none, the rest the factor that it was scaled by.
// Srivastava and others: "Dropout", 2014, section 4.

import type { Algebra, Term } from "../algebra.ts";
import type { ForwardNode, GradientRule, GradientRules } from "./rule.ts";

/** y = x · mask / (1 − ratio) in training, else y = x. */
const dropout: GradientRule = (node, m, dy) => {
  const training = node.inputs[2];
  const known = training ? m.graph.constantOf(training)?.data : [0];
  if (known && Number(known[0]) === 0) return [dy];
  const dx = masked(node, m, dy);
  return [known ? dx : m.where(training, dx, dy)];
};

function masked(node: ForwardNode, m: Algebra, dy: Term): Term {
  const ratio = node.inputs[1];
  const scaled = ratio ? m.div(dy, m.sub(1, m.castLike(ratio, dy))) : m.div(dy, 1 - DEFAULT_RATIO);
  return m.where(node.output(1), scaled, 0);
}

const DEFAULT_RATIO = 0.5;

/** Rules by operator. */
export const dropoutGradients: GradientRules = { Dropout: dropout };
