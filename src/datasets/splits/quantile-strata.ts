// Strata of a measured target, so that folds of a regression cover its range alike.

/** Quantile bin of each value, 0 … bins − 1, of as equal size as can be; values may not be NaN. */
export function quantileStrata(values: ArrayLike<number>, bins: number): Int32Array {
  const count = values.length;
  const order = Uint32Array.from({ length: count }, (_, row) => row);
  order.sort((a, b) => values[a] - values[b] || a - b);
  const strata = new Int32Array(count);
  for (let rank = 0; rank < count; rank++) {
    strata[order[rank]] = Math.floor((rank * bins) / count);
  }
  return strata;
}
