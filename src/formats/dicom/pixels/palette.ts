// Palette colour: indices to red, green and blue through three tables (PS3.3 C.7.6.3.1.5, C.7.9, C.7.6.19).

import { RoentgenError } from "../../../base/index.ts";
import type { DataSet } from "../data-set/data-set.ts";
import { number } from "../data-set/values.ts";
import { type LookupTable, lookUp, readLookupTable } from "./lookup-table.ts";

/** Three tables of equal length and depth. */
export interface Palette {
  readonly red: LookupTable;
  readonly green: LookupTable;
  readonly blue: LookupTable;
}

const TAGS = {
  red: { descriptor: 0x00281101, data: 0x00281201, segments: 0x00281221 },
  green: { descriptor: 0x00281102, data: 0x00281202, segments: 0x00281222 },
  blue: { descriptor: 0x00281103, data: 0x00281203, segments: 0x00281223 },
} as const;

/** The palette of a data set, plain or in segments; undefined where it has none. */
export function paletteOf(dataSet: DataSet): Palette | undefined {
  const signed = number(dataSet, 0x00280103) === 1;
  const table = (color: keyof typeof TAGS) =>
    readLookupTable(dataSet, { ...TAGS[color], label: `${color} palette`, signed });
  const [red, green, blue] = [table("red"), table("green"), table("blue")];
  return red && green && blue ? { red, green, blue } : undefined;
}

/**
 * Interleaved RGB of indices, as deep as the entries are: 8 or 16 bits.
 * @throws RoentgenError "value-invalid" where the three tables differ in length
 */
export function applyPalette(
  indices: ArrayLike<number>,
  palette: Palette,
): Uint8Array | Uint16Array {
  const tables = [palette.red, palette.green, palette.blue];
  const lengths = tables.map(({ entries }) => entries.length);
  if (lengths.some((length) => length !== lengths[0])) {
    throw new RoentgenError("value-invalid", {
      problem: "Cannot apply the palette",
      expected: "three tables of equal length",
      found: lengths.join(", "),
    });
  }
  const deep = tables.some(({ entries }) => entries instanceof Uint16Array);
  const length = indices.length * 3;
  const rgb = deep ? new Uint16Array(length) : new Uint8Array(length);
  for (const [sample, table] of tables.entries()) {
    const found = lookUp(indices, table);
    for (let at = 0, to = sample; at < found.length; at++, to += 3) rgb[to] = found[at];
  }
  return rgb;
}

/**
 * A palette's colours in 8 bits. Entries of 16 bits keep their upper half; where a writer put 8-bit entries into
 * the lower half of 16 (no entry above 255), they stay as they are.
 */
export function paletteTo8Bits(rgb: Uint8Array | Uint16Array): Uint8Array {
  if (rgb instanceof Uint8Array) return rgb;
  const shift = rgb.some((value) => value > 255) ? 8 : 0;
  return Uint8Array.from(rgb, (value) => value >> shift);
}
