// Dice losses, which weigh small structures as much as large ones.
// Milletari, Navab, Ahmadi: "V-Net", 2016; Isensee et al.: "nnU-Net", 2021, for the sum with cross-entropy.

import { checkParameters, number, type OptionsOf, parameters } from "../../base/index.ts";
import { binaryCrossEntropy, categoricalCrossEntropy } from "./cross-entropy.ts";
import type { Loss } from "./loss.ts";
import { meanOverClasses, regionRules, regionTarget } from "./overlap.ts";

const diceSettings = parameters(regionRules);

/**
 * 1 − (2 Σ p t + s) / (Σ p + Σ t + s), the mean over classes. Logits are [N, classes, size…] of two or three axes; targets
 * are class numbers [N, size…] in int32, or with `inside: "sigmoid"` 0 and 1 in float32 of the logits' shape.
 */
export function dice(options: OptionsOf<typeof diceSettings> = {}): Loss {
  const settings = checkParameters(diceSettings, options, "Dice loss");
  const { inside, smooth } = settings;
  return {
    name: "dice",
    settings,
    inside,
    target: regionTarget(inside),
    build: (m, compared) =>
      meanOverClasses(m, compared, settings, ({ hit, predicted, actual }) => {
        const both = m.add(m.mul(hit, 2), smooth);
        return m.sub(1, m.div(both, m.add(m.add(predicted, actual), smooth)));
      }),
  };
}

const combinedSettings = parameters({
  ...regionRules,
  diceWeight: number({ min: 0 }).default(1),
  crossEntropyWeight: number({ min: 0 }).default(1),
});

/** Dice loss plus cross-entropy over all voxels and classes, each times its weight; targets are those of `dice`. */
export function diceCrossEntropy(options: OptionsOf<typeof combinedSettings> = {}): Loss {
  const settings = checkParameters(combinedSettings, options, "Dice and cross-entropy loss");
  const { diceWeight, crossEntropyWeight, ...region } = settings;
  const overlap = dice(region);
  const entropy = region.inside === "softmax" ? categoricalCrossEntropy() : binaryCrossEntropy();
  return {
    name: "dice + cross-entropy",
    settings,
    inside: overlap.inside,
    target: overlap.target,
    build: (m, compared) =>
      m.add(
        m.mul(overlap.build(m, compared), diceWeight),
        m.mul(entropy.build(m, compared), crossEntropyWeight),
      ),
  };
}
