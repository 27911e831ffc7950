// Byte order of numbers in files and in this machine's memory.

export type ByteOrder = "little" | "big";

export const nativeByteOrder: ByteOrder =
  new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? "little" : "big";

/** Reverses every group of `unit` bytes (1, 2, 4 or 8). `bytes` starts at a multiple of `unit` in its buffer. */
export function swapBytesInPlace(bytes: Uint8Array, unit: number): void {
  const { buffer, byteOffset, byteLength } = bytes;
  if (unit === 2) swap16(new Uint16Array(buffer, byteOffset, byteLength / 2));
  if (unit === 4) swap32(new Uint32Array(buffer, byteOffset, byteLength / 4));
  if (unit === 8) swap64(new Uint32Array(buffer, byteOffset, byteLength / 4));
}

function swap16(words: Uint16Array): void {
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    words[index] = (word << 8) | (word >>> 8);
  }
}

function swap32(words: Uint32Array): void {
  for (let index = 0; index < words.length; index++) words[index] = reversed(words[index]);
}

function swap64(halves: Uint32Array): void {
  for (let index = 0; index < halves.length; index += 2) {
    const first = halves[index];
    halves[index] = reversed(halves[index + 1]);
    halves[index + 1] = reversed(first);
  }
}

function reversed(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}
