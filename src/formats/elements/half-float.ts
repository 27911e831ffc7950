// Half precision numbers (IEEE 754 binary16) to and from single precision.

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** The value of every half, filled on first use. */
let table: Float32Array | undefined;

/** Every half is exact as a float. */
export function halfsToFloats(halfs: Uint16Array): Float32Array {
  // Looked up: working each out takes twenty times as long, which weights of a gigabyte feel.
  table ??= Float32Array.from({ length: 2 ** 16 }, (_, half) => halfToFloat(half));
  const floats = new Float32Array(halfs.length);
  for (let index = 0; index < halfs.length; index++) floats[index] = table[halfs[index]];
  return floats;
}

/** Rounds to the nearest half, ties to even; beyond 65504 to infinity. */
export function floatsToHalfs(floats: ArrayLike<number>): Uint16Array {
  const halfs = new Uint16Array(floats.length);
  for (let index = 0; index < floats.length; index++) halfs[index] = floatToHalf(floats[index]);
  return halfs;
}

function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function floatToHalf(value: number): number {
  scratch[0] = value;
  const bits = scratchBits[0];
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // from 65520 on, rounds to infinity
  if (magnitude < 0x38800000) return sign | roundToEven(Math.abs(scratch[0]) * 2 ** 24); // subnormal
  // Rebias the exponent from 127 to 15, then round away 13 bits of fraction.
  return sign | roundToEven((magnitude - 0x38000000) / 2 ** 13);
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest > 0.5 || (rest === 0.5 && below % 2 === 1)) return below + 1;
  return below;
}
