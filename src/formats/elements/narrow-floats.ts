// Floats of 8 and 16 bits that no typed array holds, each exact as a single precision number.

/** bfloat16 is the upper half of a single precision number. */
export function bfloatsToFloats(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const words = new Uint32Array(bits.length);
  for (let index = 0; index < bits.length; index++) words[index] = bits[index] << 16;
  return new Float32Array(words.buffer);
}

/** Sign, 4 bits of exponent, 3 of fraction; no infinities (Micikevicius et al. 2022, table 1). */
export const float8E4M3 = byteTable((byte) =>
  (byte & 0x7f) === 0x7f ? Number.NaN : smallFloat(byte, { fractionBits: 3, bias: 7 }),
);

/** Sign, 5 bits of exponent, 2 of fraction, as IEEE 754 has it (Micikevicius et al. 2022, table 1). */
export const float8E5M2 = byteTable((byte) => {
  if ((byte & 0x7f) > 0x7c) return Number.NaN;
  if ((byte & 0x7f) === 0x7c) return byte & 0x80 ? -Infinity : Infinity;
  return smallFloat(byte, { fractionBits: 2, bias: 15 });
});

/** A power of two and nothing else (OCP Microscaling Formats 1.0, 5.4.1). */
export const float8E8M0 = byteTable((byte) => (byte === 0xff ? Number.NaN : 2 ** (byte - 127)));

/** Looks every byte up. */
export function bytesToFloats(bytes: Uint8Array, table: Float32Array): Float32Array<ArrayBuffer> {
  const floats = new Float32Array(bytes.length);
  for (let index = 0; index < bytes.length; index++) floats[index] = table[bytes[index]];
  return floats;
}

function byteTable(numberOf: (byte: number) => number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, byte) => numberOf(byte));
}

function smallFloat(
  byte: number,
  { fractionBits, bias }: { fractionBits: number; bias: number },
): number {
  const sign = byte & 0x80 ? -1 : 1;
  const exponent = (byte & 0x7f) >>> fractionBits;
  const fraction = (byte & ((1 << fractionBits) - 1)) / (1 << fractionBits);
  return exponent === 0
    ? sign * fraction * 2 ** (1 - bias)
    : sign * (1 + fraction) * 2 ** (exponent - bias);
}
