// The volumes that both sides of the imaging benchmark read: a smooth mask, a noisy one, and grey values.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomStream } from "../../src/base/index.ts";

/**
 * Writes `[side, side, side]` as raw little-endian files:
 * blobs.u8, a mask of rounded shapes (a third of the voxels); noise.u8, a mask of single voxels (a quarter);
 * grey.i16, the field whose threshold the blobs are, plus noise, in −1000 … 1000 or so.
 */
export function makeVolumes(folder: string, side: number): void {
  const random = randomStream({ seed: 7, purpose: "bench/imaging" });
  const field = smoothField(side, random.uniform);
  const sorted = Float32Array.from({ length: 10_000 }, () => field[random.integer(field.length)]);
  const threshold = sorted.sort()[Math.floor((sorted.length * 2) / 3)];
  writeFileSync(
    join(folder, "blobs.u8"),
    Uint8Array.from(field, (v) => (v > threshold ? 1 : 0)),
  );
  const noise = Uint8Array.from(field, () => (random.uint32() < 2 ** 30 ? 1 : 0));
  writeFileSync(join(folder, "noise.u8"), noise);
  const grey = Int16Array.from(field, (v) => 2000 * (v - 0.5) + (random.uint32() % 64));
  writeFileSync(join(folder, "grey.i16"), grey);
}

/** Random numbers on a coarse grid, interpolated between. */
function smoothField(side: number, uniform: () => number): Float32Array {
  const step = 12;
  const knots = Math.ceil(side / step) + 2;
  const coarse = Float32Array.from({ length: knots ** 3 }, uniform);
  const field = new Float32Array(side ** 3);
  const at = (i: number, j: number, k: number) => coarse[i + knots * (j + knots * k)];
  for (let k = 0, n = 0; k < side; k++) {
    for (let j = 0; j < side; j++) {
      for (let i = 0; i < side; i++, n++) {
        const [a, b, c] = [i, j, k].map((x) => Math.floor(x / step));
        const [u, v, w] = [i, j, k].map((x) => ease((x % step) / step));
        const plane = (z: number) =>
          mix(
            mix(at(a, b, z), at(a + 1, b, z), u),
            mix(at(a, b + 1, z), at(a + 1, b + 1, z), u),
            v,
          );
        field[n] = mix(plane(c), plane(c + 1), w);
      }
    }
  }
  return field;
}

const mix = (from: number, to: number, share: number) => from + share * (to - from);
const ease = (t: number) => t * t * (3 - 2 * t);
