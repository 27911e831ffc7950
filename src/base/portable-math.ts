// exp, log, sin and cos that give the same bits in every JavaScript engine: products, sums, quotients and
// square roots alone. The algorithms and constants of fdlibm 5.3 (e_exp, e_log, e_rem_pio2, k_sin, k_cos;
// copyright 1993 Sun Microsystems, freely usable with this notice); errors stay below one unit in the last place.

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const INVERSE_LN2 = 1.4426950408889634;
const LARGEST_EXPONENT = 709.782712893384;
const SMALLEST_EXPONENT = -745.1332191019411;

/** e to the power of x. */
export function portableExp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > LARGEST_EXPONENT) return Number.POSITIVE_INFINITY;
  if (x < SMALLEST_EXPONENT) return 0;
  const k = Math.round(INVERSE_LN2 * x);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))));
  return timesPowerOfTwo(1 - (low - (r * c) / (2 - c) - high), k);
}

const words = new Uint32Array(2);
const double = new Float64Array(words.buffer);
double[0] = 1;
/** Index of the word that holds sign and exponent. */
const HIGH = words[1] === 0 ? 0 : 1;

/** y · 2^k; in two steps where 2^k alone is no normal number. */
function timesPowerOfTwo(y: number, k: number): number {
  if (k > 1023) return y * 2 * powerOfTwo(k - 1);
  if (k < -1022) return y * powerOfTwo(k + 100) * powerOfTwo(-100);
  return y * powerOfTwo(k);
}

function powerOfTwo(k: number): number {
  words[1 - HIGH] = 0;
  words[HIGH] = (k + 1023) << 20;
  return double[0];
}

/** Natural logarithm; −∞ of 0, NaN below. */
export function portableLog(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (!(x > 0) || x === Number.POSITIVE_INFINITY) return x > 0 ? x : Number.NaN;
  const subnormal = x < 2.2250738585072014e-308;
  double[0] = subnormal ? x * 18014398509481984 : x;
  let k = (words[HIGH] >>> 20) - 1023 - (subnormal ? 54 : 0);
  const mantissa = words[HIGH] & 0xfffff;
  // The mantissa is brought to √½ … √2.
  const carry = (mantissa + 0x95f64) & 0x100000;
  words[HIGH] = mantissa | (carry ^ 0x3ff00000);
  k += carry >>> 20;
  const f = double[0] - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const odd = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const even =
    z *
    (0.6666666666666735 +
      w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const halfSquare = 0.5 * f * f;
  return k * LN2_HIGH - (halfSquare - (s * (halfSquare + even + odd) + k * LN2_LOW) - f);
}

/** Sine of an angle in radians; precise up to some 10^5 turns. */
export function portableSin(angleRad: number): number {
  const quadrant = reduce(angleRad);
  const value = quadrant % 2 === 0 ? kernelSin() : kernelCos();
  return quadrant < 2 ? value : -value;
}

/** Cosine of an angle in radians; precise up to some 10^5 turns. */
export function portableCos(angleRad: number): number {
  const quadrant = reduce(angleRad);
  const value = quadrant % 2 === 0 ? kernelCos() : kernelSin();
  return quadrant === 0 || quadrant === 3 ? value : -value;
}

/** The angle less quarter turns, in two parts, within ±π/4. */
let rest = 0;
let restTail = 0;

/** First 33 bits of π/2, the next 33, and what is left. */
const QUARTER_1 = 1.5707963267341256;
const QUARTER_2 = 6.077100506303966e-11;
const QUARTER_2_TAIL = 2.0222662487959506e-21;

/** Leaves the rest in `rest`, and returns the quadrant, 0 … 3. */
function reduce(angle: number): number {
  const turns = Math.round(angle * 0.6366197723675814);
  const first = angle - turns * QUARTER_1;
  const second = turns * QUARTER_2;
  const high = first - second;
  const tail = turns * QUARTER_2_TAIL - (first - high - second);
  rest = high - tail;
  restTail = high - rest - tail;
  return ((turns % 4) + 4) % 4;
}

function kernelSin(): number {
  const x = rest;
  const z = x * x;
  const v = z * x;
  const r =
    0.00833333333332249 +
    z *
      (-0.0001984126982985795 +
        z * (2.7557313707070068e-6 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)));
  return x - (z * (0.5 * restTail - v * r) - restTail - v * -0.16666666666666632);
}

function kernelCos(): number {
  const x = rest;
  const z = x * x;
  const r =
    z *
    (0.0416666666666666 +
      z *
        (-0.001388888888887411 +
          z *
            (2.480158728947673e-5 +
              z *
                (-2.7557314351390663e-7 +
                  z * (2.087572321298175e-9 + z * -1.1359647557788195e-11)))));
  const half = 0.5 * z;
  const w = 1 - half;
  return w + (1 - w - half + (z * r - x * restTail));
}
