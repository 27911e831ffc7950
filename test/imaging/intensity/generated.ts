// Images whose values follow from a formula that the scripts in expected/ use as well.

import { type ChannelAxis, type Image, makeImage, type Triple } from "../../../src/base/index.ts";

/** 31-bit numbers of a linear congruential generator (ANSI C's), as in expected/generated.py. */
export function congruential(count: number, seed: number): Float64Array {
  let state = BigInt(seed);
  return Float64Array.from({ length: count }, () => {
    state = (state * 1103515245n + 12345n) & 0x7fffffffn;
    return Number(state >> 8n);
  });
}

export function pixels<D extends Image["data"]>(
  size: Triple,
  data: D,
  channels: readonly ChannelAxis[] = [],
) {
  return makeImage({
    geometry: { frame: "pixels", size, spacing: undefined },
    channels,
    data,
  });
}

/** Two blurred levels and noise: whole numbers from about 0 to 900. */
export function twoTissues([width, height, depth]: Triple, seed: number): Float64Array {
  const noise = congruential(width * height * depth, seed);
  return noise.map((draw, at) => {
    const i = at % width;
    const j = Math.floor(at / width) % height;
    const k = Math.floor(at / (width * height));
    const inside = (2 * i - width) ** 2 + (2 * j - height) ** 2 < (0.6 * width) ** 2;
    return (inside ? 500 : 100) + ((i + 2 * j + 3 * k) % 17) * 5 + (draw % 200);
  });
}
