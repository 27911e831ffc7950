// Structural similarity of two maps: Wang, Bovik, Sheikh, Simoncelli, IEEE Trans. Image Process. 2004;13:600–612.

import { elementCount, RoentgenError } from "../base/index.ts";
import { smoothGaussian } from "../imaging/index.ts";

/** Standard deviation of the window in pixels, and the constants K₁ and K₂ (section III-B). */
const SIGMA = 1.5;
const K1 = 0.01;
const K2 = 0.03;

/**
 * SSIM = (2 μₐ μᵦ + C₁)(2 σₐᵦ + C₂) / ((μₐ² + μᵦ² + C₁)(σₐ² + σᵦ² + C₂)) under a Gaussian window (equation 13), the mean over
 * all places; 1 for equal maps. The border is mirrored.
 * @param shape [height, width] or [depth, height, width]
 * @param range largest value less smallest value that maps can have; by default 1
 * @throws RoentgenError "shape-mismatch" where a map does not fill the shape
 */
export function structuralSimilarity(
  a: Float32Array,
  b: Float32Array,
  { shape, range = 1 }: { shape: readonly number[]; range?: number },
): number {
  for (const map of [a, b]) if (map.length !== elementCount(shape)) throw unfit(map.length, shape);
  const window = (values: (at: number) => number) =>
    smoothed(
      Float64Array.from(a, (_, at) => values(at)),
      shape,
    );
  const meanA = window((at) => a[at]);
  const meanB = window((at) => b[at]);
  const squareA = window((at) => a[at] * a[at]);
  const squareB = window((at) => b[at] * b[at]);
  const product = window((at) => a[at] * b[at]);
  const [c1, c2] = [(K1 * range) ** 2, (K2 * range) ** 2];
  let sum = 0;
  for (let at = 0; at < a.length; at++) {
    const [ma, mb] = [meanA[at], meanB[at]];
    const spread = squareA[at] - ma * ma + squareB[at] - mb * mb;
    const shared = product[at] - ma * mb;
    sum += ((2 * ma * mb + c1) * (2 * shared + c2)) / ((ma * ma + mb * mb + c1) * (spread + c2));
  }
  return sum / a.length;
}

function smoothed(data: Float64Array, shape: readonly number[]): ArrayLike<number> {
  const [width, height, depth = 1] = shape.toReversed();
  const geometry = { frame: "pixels", size: [width, height, depth], spacing: undefined } as const;
  return smoothGaussian({ geometry, channels: [], data }, [SIGMA, SIGMA, depth > 1 ? SIGMA : 0])
    .data;
}

function unfit(found: number, shape: readonly number[]): RoentgenError {
  return new RoentgenError("shape-mismatch", {
    problem: "Cannot compare the maps",
    expected: `${elementCount(shape)} values, as shape [${shape.join(", ")}] has`,
    found: `${found}`,
  });
}
