// Adam, and its variants with decoupled decay and layer-wise rates.
// Kingma, Ba: "Adam: a method for stochastic optimization", 2015, algorithm 1;
// Loshchilov, Hutter: "Decoupled weight decay regularization", 2019, algorithm 2;
// You et al.: "Large batch optimization for deep learning: training BERT in 76 minutes", 2020, algorithm 2.

import { checkParameters, number, type OptionsOf, parameters } from "../../base/index.ts";
import type { Algebra, Term } from "../../onnx/index.ts";
import type { Optimiser, Update } from "./optimiser.ts";

const rules = (weightDecay: number, epsilon: number) =>
  parameters({
    learningRate: number({ above: 0 }).default(1e-3),
    beta1: number({ min: 0, below: 1 }).default(0.9),
    beta2: number({ min: 0, below: 1 }).default(0.999),
    epsilon: number({ above: 0 }).default(epsilon),
    weightDecay: number({ min: 0 }).default(weightDecay),
  });
const adamRules = rules(0, 1e-8);
const adamWRules = rules(0.01, 1e-8);
const lambRules = rules(0.01, 1e-6);

/** Step by the mean over the root of the mean square of past gradients; decay is added to the gradient. */
export function adam(options: OptionsOf<typeof adamRules> = {}): Optimiser {
  const settings = checkParameters(adamRules, options, "Adam");
  return optimiser("adam", settings, (m, update) => {
    const { parameter: w, gradient, decay, rate } = update;
    const g = decay > 0 ? m.add(gradient, m.mul(w, decay)) : gradient;
    const { step, slots } = direction(m, { ...update, gradient: g }, settings, rate);
    return { parameter: m.sub(w, step), slots };
  });
}

/** Adam with decay apart from the gradient: w ← w − η λ w. */
export function adamW(options: OptionsOf<typeof adamWRules> = {}): Optimiser {
  const settings = checkParameters(adamWRules, options, "AdamW");
  return optimiser("adamw", settings, (m, update) => {
    const { parameter: w, decay, rate } = update;
    const { step, slots } = direction(m, update, settings, rate);
    const kept = decay > 0 ? m.mul(w, m.sub(1, m.mul(rate, decay))) : w;
    return { parameter: m.sub(kept, step), slots };
  });
}

/** Adam's direction scaled, for each parameter, to the length of the parameter. */
export function lamb(options: OptionsOf<typeof lambRules> = {}): Optimiser {
  const settings = checkParameters(lambRules, options, "LAMB");
  return optimiser("lamb", settings, (m, update) => {
    const { parameter: w, decay, rate } = update;
    const { step, slots } = direction(m, update, settings);
    const r = decay > 0 ? m.add(step, m.mul(w, decay)) : step;
    const [lengthW, lengthR] = [w, r].map((term) => m.sqrt(m.sum(m.mul(term, term))));
    const isProper = m.op("And", [
      m.compare("Greater", lengthW, 0),
      m.compare("Greater", lengthR, 0),
    ]);
    const trust = m.where(isProper, m.div(lengthW, lengthR), 1);
    return { parameter: m.sub(w, m.mul(r, m.mul(rate, trust))), slots };
  });
}

type Settings = Readonly<
  Record<"learningRate" | "beta1" | "beta2" | "epsilon" | "weightDecay", number>
>;

function optimiser(name: string, settings: Settings, update: Optimiser["update"]): Optimiser {
  const { learningRate, weightDecay } = settings;
  return { name, settings, slots: ["mean", "square"], learningRate, weightDecay, update };
}

/**
 * η m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ). The corrections are scalars and meet in few factors, so
 * that each large tensor is read and written as seldom as can be.
 */
function direction(
  m: Algebra,
  { gradient: g, slots: [mean, square], step: t }: Update,
  { beta1, beta2, epsilon }: Settings,
  rate?: Term,
): { step: Term; slots: Term[] } {
  const newMean = m.add(m.mul(mean, beta1), m.mul(g, 1 - beta1));
  const newSquare = m.add(m.mul(square, beta2), m.mul(m.mul(g, g), 1 - beta2));
  const [correction1, correction2] = [beta1, beta2].map((beta) =>
    m.sub(1, m.exp(m.mul(t, Math.log(beta)))),
  );
  const root2 = m.sqrt(correction2);
  // √(v / c₂) + ε = (√v + ε √c₂) / √c₂
  const below = m.add(m.sqrt(newSquare), m.mul(root2, epsilon));
  const factor = m.div(rate ? m.mul(root2, rate) : root2, correction1);
  return { step: m.mul(m.div(newMean, below), factor), slots: [newMean, newSquare] };
}
