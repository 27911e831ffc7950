// Stochastic gradient descent with momentum.
// Sutskever et al.: "On the importance of initialization and momentum in deep learning", 2013; signs as in PyTorch.

import {
  checkParameters,
  flag,
  number,
  type OptionsOf,
  parameters,
  RoentgenError,
} from "../../base/index.ts";
import type { Optimiser } from "./optimiser.ts";

const settings = parameters({
  learningRate: number({ above: 0 }).default(0.01),
  momentum: number({ min: 0, below: 1 }).default(0),
  nesterov: flag().default(false),
  weightDecay: number({ min: 0 }).default(0),
});

/**
 * w ← w − η v with v ← μ v + g; Nesterov looks ahead: w ← w − η (g + μ v). Decay is added to g.
 * @throws RoentgenError "bad-option"
 */
export function sgd(options: OptionsOf<typeof settings> = {}): Optimiser {
  const { learningRate, momentum, nesterov, weightDecay } = checkParameters(
    settings,
    options,
    "SGD",
  );
  if (nesterov && momentum === 0) {
    throw new RoentgenError("bad-option", {
      problem: "Nesterov's way of looking ahead needs a momentum",
      expected: "momentum above 0",
      found: "0",
      subject: "momentum",
    });
  }
  return {
    name: "sgd",
    settings: { learningRate, momentum, nesterov, weightDecay },
    slots: momentum > 0 ? ["velocity"] : [],
    learningRate,
    weightDecay,
    update(m, { parameter: w, gradient, slots: [velocity], rate, decay }) {
      const g = decay > 0 ? m.add(gradient, m.mul(w, decay)) : gradient;
      if (momentum === 0) return { parameter: m.sub(w, m.mul(g, rate)), slots: [] };
      const v = m.add(m.mul(velocity, momentum), g);
      const direction = nesterov ? m.add(g, m.mul(v, momentum)) : v;
      return { parameter: m.sub(w, m.mul(direction, rate)), slots: [v] };
    },
  };
}
