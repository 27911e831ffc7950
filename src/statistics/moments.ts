// Weighted means, variances and covariance of two columns, shared by every score of a regression.

/** Moments of truth and prediction; sums of squares are about the means. */
export interface Moments {
  /** Sum of weights. */
  readonly total: number;
  readonly meanTruth: number;
  readonly meanPredicted: number;
  /** Σ w (truth − mean)². Exactly 0 where the truth does not vary. */
  readonly squaresTruth: number;
  readonly squaresPredicted: number;
  /** Σ w (truth − mean)(predicted − mean). */
  readonly products: number;
}

/** Two passes, so that large offsets do not cancel. */
export function momentsOf(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Moments {
  const first = sumsAbout(truth, predicted, { truth: 0, predicted: 0 }, weights);
  const about = { truth: first.truth / first.total, predicted: first.predicted / first.total };
  const second = sumsAbout(truth, predicted, about, weights);
  return {
    total: first.total,
    meanTruth: about.truth,
    meanPredicted: about.predicted,
    squaresTruth: first.truthVaries ? second.truthSquares : 0,
    squaresPredicted: first.predictedVaries ? second.predictedSquares : 0,
    products: first.truthVaries && first.predictedVaries ? second.products : 0,
  };
}

function sumsAbout(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  about: { truth: number; predicted: number },
  weights?: ArrayLike<number>,
) {
  const sums = {
    total: 0,
    truth: 0,
    predicted: 0,
    truthSquares: 0,
    predictedSquares: 0,
    products: 0,
  };
  let one = -1;
  let truthVaries = false;
  let predictedVaries = false;
  for (let row = 0; row < truth.length; row++) {
    const weight = weights ? weights[row] : 1;
    if (weight === 0) continue;
    if (one < 0) one = row;
    if (truth[row] !== truth[one]) truthVaries = true;
    if (predicted[row] !== predicted[one]) predictedVaries = true;
    const dt = truth[row] - about.truth;
    const dp = predicted[row] - about.predicted;
    sums.total += weight;
    sums.truth += weight * dt;
    sums.predicted += weight * dp;
    sums.truthSquares += weight * dt * dt;
    sums.predictedSquares += weight * dp * dp;
    sums.products += weight * dt * dp;
  }
  return { ...sums, truthVaries, predictedVaries };
}
