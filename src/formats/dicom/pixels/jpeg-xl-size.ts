// Size of a JPEG XL image (ISO/IEC 18181-1 annex D.2, SizeHeader; 18181-2 for boxes), read before any decoder allocates.

export interface JpegXlSize {
  readonly columns: number;
  readonly rows: number;
}

/** The size that the codestream, bare or in boxes, begins with; undefined where none is found. */
export function jpegXlSize(bytes: Uint8Array): JpegXlSize | undefined {
  const at = codestreamStart(bytes);
  if (at === undefined || bytes[at] !== 0xff || bytes[at + 1] !== 0x0a) return undefined;
  const read = bitReader(bytes, at + 2);
  const small = read(1) === 1;
  const rows = small ? (read(5) + 1) * 8 : readLength(read);
  const ratio = read(3);
  if (ratio > 0) {
    const [wide, high] = RATIOS[ratio - 1];
    return { rows, columns: Math.floor((rows * wide) / high) };
  }
  return { rows, columns: small ? (read(5) + 1) * 8 : readLength(read) };
}

/** Columns to rows. */
const RATIOS = [
  [1, 1],
  [12, 10],
  [4, 3],
  [3, 2],
  [16, 9],
  [5, 4],
  [2, 1],
] as const;

type ReadBits = (count: number) => number;

function readLength(read: ReadBits): number {
  return read([9, 13, 18, 30][read(2)]) + 1;
}

/** Bits from the lowest of each byte on; zeros past the end. */
function bitReader(bytes: Uint8Array, start: number): ReadBits {
  let bit = start * 8;
  return (count) => {
    let value = 0;
    for (let at = 0; at < count; at++, bit++) {
      value += (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1) * 2 ** at;
    }
    return value;
  };
}

/** The codestream itself, or what the first box of it (jxlc, or jxlp behind its counter) holds. */
function codestreamStart(bytes: Uint8Array): number | undefined {
  if (bytes[0] === 0xff) return 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 16 <= bytes.length; ) {
    const kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const short = view.getUint32(at);
    const head = short === 1 ? 16 : 8;
    if (kind === "jxlc") return at + head;
    if (kind === "jxlp") return at + head + 4;
    const length = short === 1 ? Number(view.getBigUint64(at + 8)) : short;
    if (length < head) return undefined;
    at += length;
  }
  return undefined;
}
