// What changes images for training, in the order of documentation: transforms, and random draws of them.

import type { RandomKind, TransformKind } from "../transform.ts";
import { biasField, randomBiasField } from "./bias-field.ts";
import { blur, lowResolution, randomBlur, randomLowResolution } from "./blur.ts";
import {
  brightness,
  contrast,
  randomBrightness,
  randomContrast,
  randomGamma,
} from "./brightness.ts";
import { cutout, randomCutout } from "./cutout.ts";
import { ghosting, randomGhosting } from "./ghosting.ts";
import { motion, randomMotion } from "./motion.ts";
import { noise, randomNoise } from "./noise.ts";
import { poissonNoise, randomPoissonNoise } from "./poisson.ts";
import { randomCrop } from "./random-crop.ts";
import { randomAffine, randomElastic, randomFlip } from "./random-moves.ts";
import { randomSpikes, spikes } from "./spikes.ts";

export const augmentKinds: readonly TransformKind[] = [
  brightness,
  contrast,
  noise,
  poissonNoise,
  blur,
  lowResolution,
  motion,
  ghosting,
  spikes,
  biasField,
  cutout,
] as readonly TransformKind[];

export const augmentDraws: readonly RandomKind[] = [
  randomCrop,
  randomAffine,
  randomElastic,
  randomFlip,
  randomGamma,
  randomBrightness,
  randomContrast,
  randomNoise,
  randomPoissonNoise,
  randomBlur,
  randomLowResolution,
  randomMotion,
  randomGhosting,
  randomSpikes,
  randomBiasField,
  randomCutout,
];
