// Kolmogorov's limiting distribution, of √n times the greatest distance between distribution functions.
// Marsaglia, Tsang & Wang, J Stat Softw 2003;8(18), eqs. 4 and 5.

/** P(X > x). */
export function kolmogorovSurvival(x: number): number {
  if (x <= 0) return 1;
  return x < 1 ? 1 - lowerTail(x) : upperTail(x);
}

/** √(2π)/x Σ exp(−(2k − 1)² π² / 8x²): quick for small x. */
function lowerTail(x: number): number {
  let sum = 0;
  for (let k = 1; k <= 20; k++) sum += Math.exp(-((2 * k - 1) ** 2 * Math.PI ** 2) / (8 * x * x));
  return (Math.sqrt(2 * Math.PI) / x) * sum;
}

/** 2 Σ (−1)^(k−1) exp(−2k²x²): quick for large x. */
function upperTail(x: number): number {
  let sum = 0;
  for (let k = 1; k <= 20; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return sum;
}
