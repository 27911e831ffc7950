// A strip or tile of a TIFF file decompressed: LZW, PackBits and Deflate (TIFF 6.0, sections 9 and 13).

import { damaged, truncated } from "../../damage.ts";
import { allocateBytes } from "../../elements/element-types.ts";
import { inflateInto } from "../../elements/inflater.ts";

/**
 * @param length bytes that must come out; what is more is left out
 * @throws RoentgenError "file-truncated" where fewer come, "file-corrupt"
 */
export function unpackBlock(
  packed: Uint8Array,
  compression: string,
  length: number,
  name: string,
): Uint8Array {
  if (compression === "none") return checked(packed, packed.length, length, name);
  const target = allocateBytes(length, name);
  if (compression === "Deflate") {
    const isZlib = (packed[0] & 15) === 8 && (packed[0] * 256 + packed[1]) % 31 === 0;
    if (!isZlib) throw damaged(name, { expected: "a zlib stream", found: "other bytes" });
    return checked(target, inflateInto(target, packed.subarray(2), name), length, name);
  }
  const filled =
    compression === "LZW" ? unpackLzw(packed, target, name) : unpackBits(packed, target);
  return checked(target, filled, length, name);
}

function checked(bytes: Uint8Array, filled: number, length: number, name: string): Uint8Array {
  if (filled >= length) return bytes.subarray(0, length);
  throw truncated(name, { expected: `${length} bytes in a strip or tile`, found: `${filled}` });
}

/** Runs: n up to 127 announces n + 1 bytes, 129 to 255 one byte 257 − n times. */
function unpackBits(packed: Uint8Array, target: Uint8Array): number {
  let to = 0;
  for (let at = 0; at + 1 < packed.length && to < target.length; ) {
    const code = packed[at++];
    if (code === 128) continue;
    if (code < 128) {
      const bytes = packed.subarray(at, Math.min(at + code + 1, at + target.length - to));
      target.set(bytes, to);
      to += bytes.length;
      at += code + 1;
    } else {
      const end = Math.min(target.length, to + 257 - code);
      target.fill(packed[at++], to, end);
      to = end;
    }
  }
  return to;
}

const CLEAR = 256;
const END = 257;
const mostCodes = 4096;

/** Codes of 9 to 12 bits, the highest bit first, which widen one code early. */
function unpackLzw(packed: Uint8Array, target: Uint8Array, name: string): number {
  // Where the string of each code lies in what came out, and how long it is.
  const starts = new Uint32Array(mostCodes + 1);
  const lengths = new Uint32Array(mostCodes + 1);
  let [next, width, held, waiting, to, previous] = [258, 9, 0, 0, 0, -1];
  for (let at = 0; to < target.length; ) {
    while (held < width && at < packed.length) {
      waiting = ((waiting << 8) | packed[at++]) & 0xffffff;
      held += 8;
    }
    if (held < width) return to;
    held -= width;
    const code = (waiting >>> held) & (2 ** width - 1);
    if (code === END) return to;
    if (code === CLEAR) {
      [next, width, previous] = [258, 9, -1];
      continue;
    }
    const from = to;
    if (code < CLEAR) target[to++] = code;
    else if (previous >= 0 && code <= next && code !== END) {
      // The string that is being made is the one before and its own first byte.
      const [start, length] =
        code < next ? [starts[code], lengths[code]] : [previous, from - previous + 1];
      const end = Math.min(target.length, to + length);
      for (let source = start; to < end; source++) target[to++] = target[source];
    } else throw damaged(name, { expected: "sound LZW codes", found: `code ${code}` });
    if (previous >= 0 && next < mostCodes) {
      starts[next] = previous;
      lengths[next] = from - previous + 1;
      next++;
    }
    previous = from;
    if (next + 1 >= 2 ** width && width < 12) width++;
  }
  return to;
}
