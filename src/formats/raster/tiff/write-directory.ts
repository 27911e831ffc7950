// A directory of a TIFF file as bytes, values that do not fit into their entries behind it (TIFF 6.0, section 2).

import { nativeByteOrder } from "../../elements/byte-order.ts";

export interface Entry {
  readonly tag: number;
  readonly type: "text" | "short" | "long" | "rational";
  readonly values: readonly number[] | string;
}

const codes = { text: 2, short: 3, long: 4, rational: 5 } as const;
const sizes = { text: 1, short: 2, long: 4, rational: 8 } as const;

/**
 * @param at where the directory will lie
 * @param next bytes between its end and the next directory; undefined for the last
 */
export function directoryBytes(
  entries: readonly Entry[],
  at: number,
  next: number | undefined,
): Uint8Array {
  const sorted = [...entries].sort((a, b) => a.tag - b.tag);
  const fixed = 2 + 12 * sorted.length + 4;
  const lengths = sorted.map((entry) => bytesOf(entry));
  const outside = lengths.map((length) => (length > 4 ? length + (length % 2) : 0));
  const total = fixed + outside.reduce((sum, length) => sum + length, 0);
  const view = new DataView(new ArrayBuffer(total));
  const little = nativeByteOrder === "little";
  view.setUint16(0, sorted.length, little);
  let behind = fixed;
  for (const [index, entry] of sorted.entries()) {
    const place = 2 + 12 * index;
    view.setUint16(place, entry.tag, little);
    view.setUint16(place + 2, codes[entry.type], little);
    view.setUint32(place + 4, lengths[index] / sizes[entry.type], little);
    if (outside[index] > 0) view.setUint32(place + 8, at + behind, little);
    writeValues(view, outside[index] > 0 ? behind : place + 8, entry, little);
    behind += outside[index];
  }
  view.setUint32(fixed - 4, next === undefined ? 0 : at + total + next, little);
  return new Uint8Array(view.buffer);
}

/** Texts end with a zero byte. */
function bytesOf({ type, values }: Entry): number {
  if (typeof values === "string") return new TextEncoder().encode(values).length + 1;
  return values.length * sizes[type];
}

function writeValues(view: DataView, at: number, { type, values }: Entry, little: boolean): void {
  if (typeof values === "string") {
    new Uint8Array(view.buffer).set(new TextEncoder().encode(values), at);
    return;
  }
  for (const [index, value] of values.entries()) {
    const place = at + index * sizes[type];
    if (type === "short") view.setUint16(place, value, little);
    else if (type === "long") view.setUint32(place, value, little);
    else {
      // As many digits as 32 bits give.
      const denominator = Math.floor((2 ** 32 - 1) / Math.max(1, Math.ceil(value)));
      view.setUint32(place, Math.round(value * denominator), little);
      view.setUint32(place + 4, denominator, little);
    }
  }
}
