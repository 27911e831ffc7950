// The quantile of a continuous distribution from its two tails: Newton's method kept inside a bracket.

export interface Tails {
  /** P(X ≤ x). */
  lower(x: number): number;
  /** P(X > x). */
  upper(x: number): number;
  /** Probability density; only guides the search. */
  density(x: number): number;
}

/**
 * The x in (0, ∞) or (0, `supremum`) with P(X ≤ x) = p, where p is given as the smaller tail.
 * @param tail p of the lower tail, or 1 − p of the upper one
 */
export function solveQuantile(
  tails: Tails,
  tail: { probability: number; side: "lower" | "upper" },
  { start, supremum = Number.POSITIVE_INFINITY }: { start: number; supremum?: number },
): number {
  const sign = tail.side === "lower" ? 1 : -1;
  const excess = (x: number) => sign * (tails[tail.side](x) - tail.probability);
  let low = 0;
  let high = supremum;
  let x = start;
  for (let iteration = 0; iteration < 2000; iteration++) {
    const error = excess(x);
    if (error === 0 || Number.isNaN(error)) return error === 0 ? x : Number.NaN;
    if (error > 0) high = x;
    else low = x;
    const step = error / tails.density(x);
    if (Math.abs(step) <= Number.EPSILON * x) return x - step;
    const newton = x - step;
    const next = newton > low && newton < high ? newton : middle(low, high);
    if (next === low || next === high) return next;
    x = next;
  }
  return x;
}

/** Geometric where possible, so that values near 0 are found to relative precision. */
function middle(low: number, high: number): number {
  if (high === Number.POSITIVE_INFINITY) return low === 0 ? 1 : low * 2;
  if (low === 0) return high / 1024;
  return low / high < 0.25 ? Math.sqrt(low) * Math.sqrt(high) : low + (high - low) / 2;
}
