// Scores in descending order with their ties marked: sorted once, walked by every curve and resample.

export interface Ranking {
  /** Row indices, highest score first. */
  readonly order: Int32Array;
  /** 1 at each position of `order` that is the last of equal scores. */
  readonly endsTie: Uint8Array;
}

/** Ranks scores, all of which must be numbers. */
export function rankDescending(scores: ArrayLike<number>): Ranking {
  const order = Int32Array.from({ length: scores.length }, (_, index) => index);
  order.sort((a, b) => scores[b] - scores[a] || a - b);
  const endsTie = new Uint8Array(order.length);
  for (let position = 0; position < order.length; position++) {
    const last = position === order.length - 1;
    endsTie[position] = last || scores[order[position]] !== scores[order[position + 1]] ? 1 : 0;
  }
  return { order, endsTie };
}

/** Midranks, 1 … n in ascending order: equal values share the mean of their ranks. */
export function midranks(values: ArrayLike<number>): Float64Array {
  const { order, endsTie } = rankDescending(values);
  const ranks = new Float64Array(order.length);
  let first = 0;
  for (let position = 0; position < order.length; position++) {
    if (endsTie[position] === 0) continue;
    const rank = order.length - (first + position) / 2;
    for (let i = first; i <= position; i++) ranks[order[i]] = rank;
    first = position + 1;
  }
  return ranks;
}
