// MixUp: two images and their targets, blended. Zhang et al., "mixup: beyond empirical risk minimization",
// ICLR 2018.

import {
  checkParameters,
  type Image,
  makeImage,
  makeVoxels,
  number,
  type OptionsOf,
  parameters,
  portableExp,
  portableLog,
  type RandomKey,
  type RandomStream,
  RoentgenError,
  randomStream,
} from "../../base/index.ts";

const mixUpParameters = parameters({
  /** Both parameters of the Beta distribution that the weight is drawn from; small ones seldom mix evenly. */
  alpha: number({ above: 0 }).default(0.2),
});

export type MixUpOptions = OptionsOf<typeof mixUpParameters> & Omit<RandomKey, "purpose">;

/** An image and what is to be learnt from it: class probabilities, numbers. */
export interface MixUpSample {
  readonly image: Image;
  readonly target: ArrayLike<number>;
}

/**
 * weight · first + (1 − weight) · second, of images (float32, on the grid of the first) and of targets.
 * @throws RoentgenError "shape-mismatch" where sizes, channels or targets differ
 */
export function mixUp(
  first: MixUpSample,
  second: MixUpSample,
  options: MixUpOptions,
): { image: Image; target: Float64Array; weight: number } {
  const { seed, sample, epoch, ...rest } = options;
  const { alpha } = checkParameters(mixUpParameters, rest, "MixUp");
  checkAlike(first, second);
  const random = randomStream({ seed, sample, epoch, purpose: "augment/mix-up" });
  const weight = drawBeta(random, alpha);
  const blend = (a: number, b: number) => weight * a + (1 - weight) * b;
  const data = makeVoxels("float32", first.image.data.length);
  for (let at = 0; at < data.length; at++) {
    data[at] = blend(first.image.data[at], second.image.data[at]);
  }
  const target = Float64Array.from(first.target, (value, at) => blend(value, second.target[at]));
  return { image: makeImage({ ...first.image, data }), target, weight };
}

function checkAlike(first: MixUpSample, second: MixUpSample): void {
  const shapes = [first, second].map(({ image, target }) =>
    [...image.channels.map(({ size }) => size), ...image.geometry.size, target.length].join(" × "),
  );
  if (shapes[0] === shapes[1]) return;
  throw new RoentgenError("shape-mismatch", {
    problem: "Cannot mix the images",
    expected: `another of the same channels, size and number of targets (${shapes[0]})`,
    found: shapes[1],
    remedy: 'Bring both to one size with "resize" or "crop-or-pad" first.',
  });
}

/** Beta(α, α) as X / (X + Y) of two Gamma(α) numbers. */
function drawBeta(random: RandomStream, alpha: number): number {
  const x = logGamma(random, alpha);
  const y = logGamma(random, alpha);
  return 1 / (1 + portableExp(y - x));
}

/** The logarithm of a Gamma(shape) number. Marsaglia, Tsang, "A simple method for generating gamma variables", 2000. */
function logGamma(random: RandomStream, shape: number): number {
  if (shape < 1) {
    return logGamma(random, shape + 1) + portableLog(1 - random.uniform()) / shape;
  }
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = random.normal();
    const root = 1 + c * normal;
    if (root <= 0) continue;
    const cube = root * root * root;
    const log = portableLog(cube);
    if (portableLog(1 - random.uniform()) < 0.5 * normal * normal + d - d * cube + d * log) {
      return portableLog(d) + log;
    }
  }
}
