// Weights of a first convolution for images with another number of channels.

import { elementCount } from "../../base/index.ts";

/**
 * How a convolution over c channels becomes one over C: each new channel gets the old ones' sum over C ("sum"), so that an
 * image that is equal in all channels gives what it gave before, or their mean ("mean").
 */
export type ChannelRule = "sum" | "mean";

export interface AdaptChannelsOptions {
  /** [out, channels, kernel…], of `data`. */
  shape: readonly number[];
  channels: number;
  rule: ChannelRule;
}

/** A kernel [out, channels, kernel…] for as many channels; all of them get equal weights. */
export function adaptChannels(
  data: Float32Array,
  { shape: [outputs, before, ...kernel], channels, rule }: AdaptChannelsOptions,
): Float32Array {
  const size = elementCount(kernel);
  const adapted = new Float32Array(outputs * channels * size);
  const divisor = rule === "sum" ? channels : before;
  for (let output = 0; output < outputs; output++) {
    for (let at = 0; at < size; at++) {
      let sum = 0;
      for (let one = 0; one < before; one++) sum += data[(output * before + one) * size + at];
      for (let one = 0; one < channels; one++) {
        adapted[(output * channels + one) * size + at] = sum / divisor;
      }
    }
  }
  return adapted;
}
