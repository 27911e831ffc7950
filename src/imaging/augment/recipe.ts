// A recipe of augmentation that serves most tasks: nnU-Net's.

import type { TransformStep } from "../transform.ts";

/**
 * The random steps of nnU-Net's default augmentation, with its probabilities (Isensee et al., Nature Methods
 * 18, 2021, supplement, section 4): moves first, which share one resampling, then intensities. Images are
 * taken to be normalised beforehand; cropping to a patch, if any, comes before.
 * @param options.flips axes that may be turned round: leave out "i" where left and right matter
 */
export function defaultAugmentation({
  flips = ["i", "j", "k"],
}: {
  flips?: readonly ("i" | "j" | "k")[];
} = {}): TransformStep[] {
  return [
    { name: "random-affine", degrees: [-30, 30], scale: [1, 1], probability: 0.2 },
    { name: "random-affine", degrees: [0, 0], scale: [0.7, 1.4], probability: 0.2 },
    { name: "random-flip", axes: [...flips] },
    { name: "random-noise", strength: [0, 0.1], probability: 0.1 },
    { name: "random-blur", sigma: [0.5, 1], probability: 0.2 },
    { name: "random-brightness", factor: [0.75, 1.25], probability: 0.15 },
    { name: "random-contrast", factor: [0.75, 1.25], probability: 0.15 },
    { name: "random-low-resolution", factor: [1, 2], probability: 0.25 },
    { name: "random-gamma", gamma: [0.7, 1.5], invertProbability: 1, probability: 0.1 },
    { name: "random-gamma", gamma: [0.7, 1.5], probability: 0.3 },
  ];
}
