// Blurs: the little one that makes partial volume of hard edges, and wide ones.

import type { Triple } from "../../../base/index.ts";

/** Mixes each voxel with its neighbours along every axis: [share, 1 − 2 share, share], in place. */
export function softenInPlace(data: Float32Array, size: Triple, share: Triple): void {
  const strides = [1, size[0], size[0] * size[1]];
  const line = new Float32Array(Math.max(...size));
  for (let axis = 0; axis < 3; axis++) {
    if (share[axis] === 0 || size[axis] < 2) continue;
    eachLine(size, axis, (start) => {
      const stride = strides[axis];
      const last = size[axis] - 1;
      for (let n = 0; n <= last; n++) line[n] = data[start + n * stride];
      for (let n = 0; n <= last; n++) {
        const around = line[Math.max(0, n - 1)] + line[Math.min(last, n + 1)];
        data[start + n * stride] = (1 - 2 * share[axis]) * line[n] + share[axis] * around;
      }
    });
  }
}

/**
 * Three running means of 2 · reach + 1 voxels along i and j, in place: nearly a Gaussian of standard deviation
 * √((2 reach + 1)² − 1) / 2 (Wells, "Efficient synthesis of Gaussian filters by cascaded uniform filters", 1986).
 */
export function blurWidelyInPlace(data: Float32Array, size: Triple, reach: number): void {
  if (reach < 1) return;
  const sums = new Float64Array(Math.max(...size) + 1);
  for (let axis = 0; axis < 2; axis++) {
    const stride = axis === 0 ? 1 : size[0];
    const length = size[axis];
    for (let round = 0; round < 3; round++) {
      eachLine(size, axis, (start) => {
        for (let n = 0; n < length; n++) sums[n + 1] = sums[n] + data[start + n * stride];
        for (let n = 0; n < length; n++) {
          const from = Math.max(0, n - reach);
          const to = Math.min(length, n + reach + 1);
          data[start + n * stride] = (sums[to] - sums[from]) / (to - from);
        }
      });
    }
  }
}

/** Calls back with where each line along an axis begins. */
function eachLine(size: Triple, axis: number, visit: (start: number) => void): void {
  const inner = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
  const span = inner * size[axis];
  const all = size[0] * size[1] * size[2];
  for (let block = 0; block < all; block += span) {
    for (let n = 0; n < inner; n++) visit(block + n);
  }
}
