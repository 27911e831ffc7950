// The uniform cubic B-spline. Unser, "Splines: a perfect fit for signal and image processing",
// IEEE Signal Processing Magazine 16(6), 1999, eq. 6.

/** Weights of the four voxels around a point, `part` of the way (0 … 1) from the second to the third. */
export function cubicWeightsInto(weights: Float64Array, at: number, part: number): void {
  const rest = 1 - part;
  const square = part * part;
  weights[at] = (rest * rest * rest) / 6;
  weights[at + 1] = 2 / 3 - square * (1 - 0.5 * part);
  weights[at + 3] = (square * part) / 6;
  weights[at + 2] = 1 - weights[at] - weights[at + 1] - weights[at + 3];
}
