// Proper scores of predicted probabilities: Brier's score and the logarithmic loss.
// Brier, Mon Weather Rev 1950;78:1–3; Good, J R Stat Soc B 1952;14:107–114.

/** The smallest probability that the logarithm sees, as in scikit-learn. */
const smallestProbability = 2 ** -52;

/**
 * Mean squared distance of the probabilities from the truth: Σ over classes (Brier's own form, 0 … 2).
 * For the usual 0 … 1 form of two classes use `brierScore`.
 */
export function multiclassBrier(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  { classCount, weights }: { classCount: number; weights?: ArrayLike<number> },
): number {
  return weightedMean(squaredDistances(labels, probabilities, classCount), weights);
}

/** Mean of (p − y)², 0 … 1, for two classes. */
export function brierScore(
  positive: ArrayLike<number | boolean>,
  probabilities: ArrayLike<number>,
  { weights }: { weights?: ArrayLike<number> } = {},
): number {
  const squares = Float64Array.from(probabilities, (p, row) => (p - (positive[row] ? 1 : 0)) ** 2);
  return weightedMean(squares, weights);
}

/** Mean of −ln p(true class); probabilities below 2⁻⁵² count as that. */
export function logLoss(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  { classCount, weights }: { classCount: number; weights?: ArrayLike<number> },
): number {
  return weightedMean(logLosses(labels, probabilities, classCount), weights);
}

/** Each row's squared distance, summed over classes. */
export function squaredDistances(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classCount: number,
): Float64Array {
  const squares = new Float64Array(labels.length);
  for (let row = 0; row < squares.length; row++) {
    for (let index = 0; index < classCount; index++) {
      const truth = labels[row] === index ? 1 : 0;
      squares[row] += (probabilities[row * classCount + index] - truth) ** 2;
    }
  }
  return squares;
}

/** Each row's loss, in nats. */
export function logLosses(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classCount: number,
): Float64Array {
  const losses = new Float64Array(labels.length);
  for (let row = 0; row < losses.length; row++) {
    const p = probabilities[row * classCount + labels[row]];
    losses[row] = -Math.log(Math.min(1, Math.max(smallestProbability, p)));
  }
  return losses;
}

/** Σ w x / Σ w; NaN of nothing. */
export function weightedMean(values: ArrayLike<number>, weights?: ArrayLike<number>): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < values.length; row++) {
    const weight = weights ? weights[row] : 1;
    sum += weight * values[row];
    total += weight;
  }
  return sum / total;
}
