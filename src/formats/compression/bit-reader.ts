// Bits in sequence from the highest of each byte on.

export interface BitReader {
  /** Bits not read yet. */
  readonly remaining: number;
  /** The next 1 to 32 bits as a number. */
  read(count: number): number;
  /** Leaves out what is left of a byte that was begun. */
  toNextByte(): void;
}

/** @throws Error, when reading, where the bytes end */
export function bitReader(bytes: Uint8Array): BitReader {
  let at = 0;
  let waiting = 0;
  let held = 0;

  function read(count: number): number {
    if (count > 24) return read(count - 16) * 65536 + read(16);
    while (held < count) {
      if (at >= bytes.length) throw new Error("the end in the middle of the data");
      waiting = ((waiting << 8) | bytes[at++]) & 0x7fffffff;
      held += 8;
    }
    held -= count;
    return (waiting >>> held) & (2 ** count - 1);
  }

  return {
    get remaining() {
      return 8 * (bytes.length - at) + held;
    },
    read,
    toNextByte() {
      held -= held % 8;
    },
  };
}
