// Tversky losses: Dice with prices of its own for false alarms and for what is missed.
// Salehi, Erdogmus, Gholipour: "Tversky loss function for image segmentation using 3D fully convolutional deep networks",
// 2017, eq. 3; Abraham, Khan: "A novel focal Tversky loss function with improved attention U-Net", 2019, eq. 4.

import {
  checkParameters,
  number,
  type OptionsOf,
  parameters,
  type SettingsOf,
} from "../../base/index.ts";
import type { Algebra, Term } from "../../onnx/index.ts";
import type { Loss } from "./loss.ts";
import { meanOverClasses, type RegionCounts, regionRules, regionTarget } from "./overlap.ts";

const tverskyRules = {
  ...regionRules,
  /** Price of a voxel predicted in vain: α of Salehi, β of Abraham. */
  falsePositive: number({ min: 0 }).default(0.3),
  /** Price of a voxel missed: β of Salehi, α of Abraham. */
  falseNegative: number({ min: 0 }).default(0.7),
};
const tverskySettings = parameters(tverskyRules);

/** 1 − T, T = (Σ p t + s) / (Σ p t + a Σ p (1 − t) + b Σ (1 − p) t + s); targets are those of `dice`. */
export function tversky(options: OptionsOf<typeof tverskySettings> = {}): Loss {
  const settings = checkParameters(tverskySettings, options, "Tversky loss");
  const { inside } = settings;
  return {
    name: "tversky",
    settings,
    inside,
    target: regionTarget(inside),
    build: (m, compared) =>
      meanOverClasses(m, compared, settings, (counts) => distance(m, counts, settings)),
  };
}

const focalSettings = parameters({
  ...tverskyRules,
  /** Above 1 the slope is steeper where a class fits well already, as Abraham has it; below 1 where it fits badly. */
  gamma: number({ above: 0 }).default(4 / 3),
});

/** Slope of (1 − T)^(1/γ) is without bounds at T = 1; below this distance it is 0. */
const CLOSEST = 1e-6;

/** (1 − T)^(1/γ) of each class; targets are those of `dice`. */
export function focalTversky(options: OptionsOf<typeof focalSettings> = {}): Loss {
  const settings = checkParameters(focalSettings, options, "focal Tversky loss");
  const { inside, gamma } = settings;
  return {
    name: "focal tversky",
    settings,
    inside,
    target: regionTarget(inside),
    build: (m, compared) =>
      meanOverClasses(m, compared, settings, (counts) => {
        const d = distance(m, counts, settings);
        return m.pow(m.op("Max", [d, m.scalarLike(CLOSEST, d)]), 1 / gamma);
      }),
  };
}

/** 1 − T, written so that a small distance is not the difference of two numbers near 1: (a F⁺ + b F⁻) / (Σ p t + …). */
function distance(
  m: Algebra,
  { hit, predicted, actual }: RegionCounts,
  { falsePositive, falseNegative, smooth }: SettingsOf<typeof tverskySettings>,
): Term {
  const vain = m.mul(m.sub(predicted, hit), falsePositive);
  const missed = m.mul(m.sub(actual, hit), falseNegative);
  const wrong = m.add(vain, missed);
  return m.div(wrong, m.add(m.add(hit, wrong), smooth));
}
