// The logarithm of the gamma function, its deviation from Stirling's formula, and the regularised
// incomplete gamma functions. Lanczos (1964) with Godfrey's coefficients; Loader (2000), "Fast and
// accurate computation of binomial probabilities"; DLMF 8.7.1 and 8.9.2.

const lanczosShift = 607 / 128;
const lanczos = [
  0.9999999999999971, 57.15623566586292, -59.59796035547549, 14.136097974741746,
  -0.4919138160976202, 0.00003399464998481189, 0.00004652362892704858, -0.00009837447530487956,
  0.0001580887032249125, -0.00021026444172410488, 0.00021743961811521265, -0.0001643181065367639,
  0.00008441822398385275, -0.000026190838401581408, 0.0000036899182659531625,
];
const halfLogTwoPi = 0.9189385332046728;

/** ln Γ(x) for x > 0. */
function logGamma(x: number): number {
  if (x < 0.5) return logGamma(x + 1) - Math.log(x);
  if (x > 15) return (x - 0.5) * Math.log(x) - x + halfLogTwoPi + stirlingSeries(x);
  const z = x - 1;
  let sum = lanczos[0];
  for (let i = 1; i < lanczos.length; i++) sum += lanczos[i] / (z + i);
  const t = z + lanczosShift + 0.5;
  return halfLogTwoPi + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** δ(x) = ln Γ(x + 1) − ln(√(2πx) (x/e)^x), Loader's "stirlerr", for x > 0. */
export function stirlingError(x: number): number {
  if (x > 15) return stirlingSeries(x);
  return logGamma(x + 1) - (x + 0.5) * Math.log(x) + x - halfLogTwoPi;
}

/** Loader's deviance D₀(x, m) = x ln(x/m) + m − x, without cancellation where x is near m. */
export function deviance(x: number, m: number): number {
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x;
  const v = (x - m) / (x + m);
  let sum = (x - m) * v;
  let term = 2 * x * v;
  for (let j = 1; j < 1000; j++) {
    term *= v * v;
    const next = sum + term / (2 * j + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** P(a, x), the regularised lower incomplete gamma function, for a > 0 and x ≥ 0. */
export function gammaP(a: number, x: number): number {
  if (!(a > 0) || Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 0;
  return x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x);
}

/** Q(a, x) = 1 − P(a, x), accurate in the upper tail. */
export function gammaQ(a: number, x: number): number {
  if (!(a > 0) || Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 1;
  return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x);
}

/** x^a e^−x / Γ(a + 1): Loader's Poisson probability, continued to real a. */
export function poissonTerm(a: number, x: number): number {
  return Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a);
}

/** DLMF 5.11.1: enough terms for full precision above 15. */
function stirlingSeries(x: number): number {
  const q = 1 / (x * x);
  return (
    (1 / 12 -
      q *
        (1 / 360 -
          q * (1 / 1260 - q * (1 / 1680 - q * (1 / 1188 - q * (691 / 360360 - q / 156)))))) /
    x
  );
}

/** DLMF 8.7.1. */
function gammaSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < 100000; k++) {
    term *= x / (a + k);
    sum += term;
    if (term < sum * 1e-17) break;
  }
  return sum * poissonTerm(a, x);
}

/** DLMF 8.9.2 by the modified Lentz algorithm. */
function gammaFraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let k = 1; k < 100000; k++) {
    const numerator = -k * (k - a);
    b += 2;
    d = 1 / guard(numerator * d + b, tiny);
    c = guard(b + numerator / c, tiny);
    const change = c * d;
    h *= change;
    if (Math.abs(change - 1) < 1e-16) break;
  }
  return h * a * poissonTerm(a, x);
}

function guard(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}
