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

/** Three tissues in shells, a smooth field, noise: values, mask and field. */
export function biasedHead([width, height, depth]: Triple, seed: number) {
  const count = width * height * depth;
  const draws = congruential(4 * count, seed).map((draw) => draw % 1000);
  const values = new Float32Array(count);
  const mask = new Uint8Array(count);
  const field = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    const x = (2 * (at % width) + 1 - width) / width;
    const y = (2 * (Math.floor(at / width) % height) + 1 - height) / height;
    const z = (2 * Math.floor(at / (width * height)) + 1 - depth) / depth;
    const r2 = x * x + y * y + z * z;
    field[at] = 1 + 0.25 * x + 0.2 * y * z - 0.2 * x * x + 0.1 * z;
    const sum = draws[4 * at] + draws[4 * at + 1] + draws[4 * at + 2] + draws[4 * at + 3];
    values[at] = Math.max(0, tissueAt(r2) * field[at] + (sum - 1998) / 50);
    mask[at] = r2 < 0.65 ? 1 : 0;
  }
  return { values, mask, field };
}

function tissueAt(r2: number): number {
  if (r2 < 0.25) return 600;
  if (r2 < 0.5) return 400;
  return r2 < 0.65 ? 200 : 0;
}
