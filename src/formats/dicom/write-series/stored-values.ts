// Values of an image as DICOM stores them: whole numbers of 8 or 16 bits, and the line that leads back.

import type { VoxelArray } from "../../../base/index.ts";

/** Stored values: value = slope · stored + intercept. */
export interface StoredValues {
  readonly data: Uint8Array | Int16Array | Uint16Array;
  readonly slope: number;
  readonly intercept: number;
  /** Least and greatest finite value. */
  readonly range: readonly [number, number];
}

/**
 * Whole numbers within 16 bits are stored as they are; all else is spread over 16 bits, which rounds to
 * 1/65535 of the range. Values that are not finite become the least.
 */
export function storeValues(values: VoxelArray): StoredValues {
  const { low, high, whole } = rangeOf(values);
  if (whole && low >= 0 && high <= 255) return asTheyAre(Uint8Array.from(values), [low, high]);
  if (whole && low >= 0 && high <= 65535) return asTheyAre(Uint16Array.from(values), [low, high]);
  if (whole && low >= -32768 && high <= 32767)
    return asTheyAre(Int16Array.from(values), [low, high]);
  return spread(values, { low, high, most: 65535 });
}

/** For objects that hold 8 bits only. */
export function storeBytes(values: VoxelArray): StoredValues {
  const { low, high, whole } = rangeOf(values);
  if (whole && low >= 0 && high <= 255) return asTheyAre(Uint8Array.from(values), [low, high]);
  const { data, ...line } = spread(values, { low, high, most: 255 });
  return { data: Uint8Array.from(data), ...line };
}

function asTheyAre(data: StoredValues["data"], range: StoredValues["range"]): StoredValues {
  return { data, slope: 1, intercept: 0, range };
}

function spread(
  values: VoxelArray,
  { low, high, most }: { low: number; high: number; most: number },
): StoredValues {
  // Slope and intercept are decimal strings of 16 characters: what is written is what is used.
  const intercept = asDecimalString(low);
  const slope = asDecimalString((high - intercept) / most || 1, "up");
  const data = new Uint16Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const stored = Math.round((values[at] - intercept) / slope);
    data[at] = stored > 0 ? Math.min(most, stored) : 0;
  }
  return { data, slope, intercept, range: [low, high] };
}

function asDecimalString(value: number, direction?: "up"): number {
  const short = Number(value.toPrecision(9));
  return direction === "up" && short < value ? short * (1 + 1e-8) : short;
}

function rangeOf(values: VoxelArray): { low: number; high: number; whole: boolean } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let whole = true;
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (value < low && value !== Number.NEGATIVE_INFINITY) low = value;
    if (value > high && value !== Number.POSITIVE_INFINITY) high = value;
    whole = whole && Number.isInteger(value);
  }
  return low <= high ? { low, high, whole } : { low: 0, high: 0, whole: false };
}
