// The number that a cell spells, rounded correctly, straight from its bytes: exact arithmetic for up to
// 22 digits after W. D. Clinger, "How to read floating point numbers accurately" (PLDI 1990), with
// double-double division after T. J. Dekker (Numer. Math. 18, 1971); the rare rest goes to `Number`.

const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

const ZERO = 48;
const NINE = 57;
const PLUS = 43;
const MINUS = 45;

/**
 * Reads ASCII bytes as a decimal number; blanks around it are allowed. NaN where they spell none, and
 * where digits would be lost: an integer with leading zeros ("007", an identifier) or beyond ±(2^53 − 1).
 * Infinity is spelled inf or infinity in any case.
 * @param decimal byte of the decimal mark
 */
export function parseNumber(
  bytes: Uint8Array,
  start: number,
  end: number,
  decimal: number,
): number {
  while (start < end && isBlank(bytes[start])) start++;
  while (end > start && isBlank(bytes[end - 1])) end--;
  let at = start;
  const negative = bytes[at] === MINUS;
  if (negative || bytes[at] === PLUS) at++;
  if (at >= end) return Number.NaN;
  if (bytes[at] > NINE) return parseInfinity(bytes, at, end, negative);
  if (bytes[at] === ZERO && at + 1 < end && isDigit(bytes[at + 1])) return Number.NaN;

  let high = 0; // the first 15 significant digits
  let low = 0; // up to 7 more
  let digits = 0;
  let scale = 0; // the number is digits × 10^scale
  let seen = 0;
  let fraction = false;
  for (; at < end; at++) {
    const digit = bytes[at] - ZERO;
    if (digit >= 0 && digit <= 9) {
      seen++;
      if (digits < 15) high = high * 10 + digit;
      else low = low * 10 + digit;
      if (digit > 0 || digits > 0) digits++;
      if (fraction) scale--;
    } else if (bytes[at] === decimal && !fraction) fraction = true;
    else break;
  }
  if (seen === 0) return Number.NaN;
  if (at < end) {
    const exponent = parseExponent(bytes, at, end);
    if (Number.isNaN(exponent)) return Number.NaN;
    fraction = true;
    scale += exponent;
  }
  if (!fraction && digits > 15) return wholeNumber(bytes, start, end);
  let value: number;
  if (scale < -22 || scale > 22) return slowly(bytes, start, end, decimal);
  if (digits <= 15) value = scale < 0 ? high / POWERS[-scale] : high * POWERS[scale];
  else if (digits <= 22 && scale <= 0) value = quotient(high, low, digits - 15, -scale);
  else return slowly(bytes, start, end, decimal);
  if (Number.isNaN(value)) return slowly(bytes, start, end, decimal);
  return negative ? -value : value;
}

/**
 * (high × 10^lowDigits + low) / 10^power in double-double arithmetic, rounded once; NaN where the
 * quotient is too close to the middle between two doubles to tell.
 */
function quotient(high: number, low: number, lowDigits: number, power: number): number {
  const product = high * POWERS[lowDigits];
  const sum = product + low;
  const rest = low - (sum - product) + productError(high, POWERS[lowDigits], product);
  const divisor = POWERS[power];
  const first = sum / divisor;
  const back = first * divisor;
  const second = (sum - back - productError(first, divisor, back) + rest) / divisor;
  const below = first + second * (1 - 2 ** -40);
  const above = first + second * (1 + 2 ** -40);
  return below === above ? below : Number.NaN;
}

/** a × b − fl(a × b), exactly (Dekker's product with Veltkamp's splitting). */
function productError(a: number, b: number, product: number): number {
  const scaledA = 134217729 * a;
  const highA = scaledA - (scaledA - a);
  const lowA = a - highA;
  const scaledB = 134217729 * b;
  const highB = scaledB - (scaledB - b);
  const lowB = b - highB;
  return lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB);
}

/** The exponent from its "e" on; NaN where it isn't one. */
function parseExponent(bytes: Uint8Array, at: number, end: number): number {
  if ((bytes[at] | 32) !== 101) return Number.NaN;
  at++;
  const negative = bytes[at] === MINUS;
  if (negative || bytes[at] === PLUS) at++;
  if (at >= end) return Number.NaN;
  let exponent = 0;
  for (; at < end; at++) {
    if (!isDigit(bytes[at])) return Number.NaN;
    exponent = Math.min(exponent * 10 + bytes[at] - ZERO, 99999);
  }
  return negative ? -exponent : exponent;
}

/** An integer of 16 digits or more: NaN where a double would change it. */
function wholeNumber(bytes: Uint8Array, start: number, end: number): number {
  const value = Number(asciiText(bytes, start, end));
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

function slowly(bytes: Uint8Array, start: number, end: number, decimal: number): number {
  return Number(asciiText(bytes, start, end).replace(String.fromCharCode(decimal), "."));
}

function parseInfinity(bytes: Uint8Array, at: number, end: number, negative: boolean): number {
  if ((bytes[at] | 32) !== 105 || end - at > 8) return Number.NaN;
  const word = asciiText(bytes, at, end).toLowerCase();
  if (word !== "inf" && word !== "infinity") return Number.NaN;
  return negative ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function asciiText(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function isBlank(byte: number): boolean {
  return byte === 32 || byte === 9;
}
