// RMSprop. Tieleman, Hinton: "Lecture 6.5: divide the gradient by a running average of its recent magnitude", 2012.

import { checkParameters, flag, number, type OptionsOf, parameters } from "../../base/index.ts";
import type { Optimiser } from "./optimiser.ts";

const settings = parameters({
  learningRate: number({ above: 0 }).default(0.01),
  /** Part of the running mean square that a step keeps. */
  alpha: number({ min: 0, below: 1 }).default(0.99),
  epsilon: number({ above: 0 }).default(1e-8),
  momentum: number({ min: 0, below: 1 }).default(0),
  /** Divides by the standard deviation instead of the root mean square. */
  centred: flag().default(false),
  weightDecay: number({ min: 0 }).default(0),
});

/** w ← w − η g / (√v + ε) with v ← α v + (1 − α) g²; signs and defaults as in PyTorch. */
export function rmsprop(options: OptionsOf<typeof settings> = {}): Optimiser {
  const given = checkParameters(settings, options, "RMSprop");
  const { learningRate, alpha, epsilon, momentum, centred, weightDecay } = given;
  return {
    name: "rmsprop",
    settings: given,
    slots: ["square", ...(centred ? ["mean"] : []), ...(momentum > 0 ? ["velocity"] : [])],
    learningRate,
    weightDecay,
    update(m, { parameter: w, gradient, slots, rate, decay }) {
      const g = decay > 0 ? m.add(gradient, m.mul(w, decay)) : gradient;
      const square = m.add(m.mul(slots[0], alpha), m.mul(m.mul(g, g), 1 - alpha));
      const mean = centred ? [m.add(m.mul(slots[1], alpha), m.mul(g, 1 - alpha))] : [];
      // Of a gradient that stays the same, rounding can leave less than 0.
      const variance = centred ? m.op("Relu", [m.sub(square, m.mul(mean[0], mean[0]))]) : square;
      const direction = m.div(g, m.add(m.sqrt(variance), epsilon));
      if (momentum === 0)
        return { parameter: m.sub(w, m.mul(direction, rate)), slots: [square, ...mean] };
      const velocity = m.add(m.mul(slots[slots.length - 1], momentum), direction);
      return { parameter: m.sub(w, m.mul(velocity, rate)), slots: [square, ...mean, velocity] };
    },
  };
}
