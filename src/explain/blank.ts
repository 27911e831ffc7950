// What stands for nothing to be seen: black, the image's mean, or the image blurred until its details are gone.

import { RoentgenError } from "../base/index.ts";
import { smoothGaussian } from "../imaging/index.ts";

/**
 * What takes the place of pixels: a value for all, 0 ("black"), the mean of the image's channel, or the image under a
 * Gaussian with a standard deviation of a tenth of its longest side.
 */
export type Blank = "black" | "mean" | "blurred" | number;

/**
 * An image [channels, …size] with nothing to be seen.
 * @throws RoentgenError "bad-option" where the choice is none
 */
export function blankImage(
  image: Float32Array,
  { shape, blank }: { shape: readonly number[]; blank: Blank },
): Float32Array {
  if (typeof blank === "number" && Number.isFinite(blank)) {
    return new Float32Array(image.length).fill(blank);
  }
  switch (blank) {
    case "black":
      return new Float32Array(image.length);
    case "mean":
      return channelMeans(image, shape[0]);
    case "blurred":
      return blurred(image, shape);
    default:
      throw new RoentgenError("bad-option", {
        problem: "Cannot blank the image",
        expected: '"black", "mean", "blurred" or a finite number',
        found: JSON.stringify(blank) ?? String(blank),
        subject: "blank",
      });
  }
}

function channelMeans(image: Float32Array, channels: number): Float32Array {
  const places = image.length / channels;
  const result = new Float32Array(image.length);
  for (let channel = 0; channel < channels; channel++) {
    const [start, end] = [channel * places, (channel + 1) * places];
    let sum = 0;
    for (let at = start; at < end; at++) sum += image[at];
    result.fill(sum / places, start, end);
  }
  return result;
}

function blurred(image: Float32Array, [channels, ...lengths]: readonly number[]): Float32Array {
  const [width, height, depth = 1] = lengths.toReversed();
  const sigma = Math.max(...lengths) / 10;
  const smooth = smoothGaussian(
    {
      geometry: { frame: "pixels", size: [width, height, depth], spacing: undefined },
      channels: [{ name: "channel", size: channels }],
      data: image,
    },
    [sigma, sigma, depth > 1 ? sigma : 0],
  );
  return Float32Array.from(smooth.data);
}
