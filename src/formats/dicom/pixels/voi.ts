// Values of interest to grey: windows and VOI LUTs (PS3.3 C.11.2).

import { makeVoxels, RoentgenError, type VoxelArray } from "../../../base/index.ts";
import type { DataSet } from "../data-set/data-set.ts";
import { numbers, sequence, text, texts } from "../data-set/values.ts";
import { type LookupTable, lookUp, readLookupTable } from "./lookup-table.ts";

/** A window in the unit of the values. */
export interface Window {
  readonly kind: "window";
  readonly center: number;
  readonly width: number;
  /** PS3.3 C.11.2.1.2 and .3. */
  readonly shape: "LINEAR" | "LINEAR_EXACT" | "SIGMOID";
  /** "LUNG", "BONE" …, where the file says. */
  readonly explanation?: string;
}

interface VoiTable {
  readonly kind: "table";
  readonly table: LookupTable;
  readonly explanation?: string;
}

/** One of the views that a data set offers. */
export type Voi = Window | VoiTable;

/** All views that a data set, or what holds for a frame, offers: tables first, then windows. */
export function voisOf(dataSet: DataSet): Voi[] {
  return [...tablesOf(dataSet), ...windowsOf(dataSet)];
}

function tablesOf(dataSet: DataSet): VoiTable[] {
  return sequence(dataSet, 0x00283010).flatMap((item) => {
    const tags = { descriptor: 0x00283002, data: 0x00283006, label: "VOI LUT", signed: false };
    const table = readLookupTable(item, tags);
    const explanation = text(item, 0x00283003);
    return table ? [{ kind: "table", table, ...(explanation && { explanation }) } as const] : [];
  });
}

function windowsOf(dataSet: DataSet): Window[] {
  const centers = numbers(dataSet, 0x00281050);
  const widths = numbers(dataSet, 0x00281051);
  const explanations = texts(dataSet, 0x00281055);
  const named = text(dataSet, 0x00281056);
  const shape = named === "LINEAR_EXACT" || named === "SIGMOID" ? named : "LINEAR";
  return centers.flatMap((center, index) => {
    const width = widths[index];
    const explanation = explanations[index];
    const sound = Number.isFinite(center) && (shape === "LINEAR" ? width >= 1 : width > 0);
    if (!sound) return [];
    return [{ kind: "window", center, width, shape, ...(explanation && { explanation }) } as const];
  });
}

/**
 * Grey between `low` and `high`: what is below the window becomes `low`, above it `high`.
 * @throws RoentgenError "value-invalid" for a width below 1 (LINEAR) or not above 0
 */
export function applyWindow(
  values: VoxelArray,
  { center, width, shape = "LINEAR" }: Pick<Window, "center" | "width"> & Partial<Window>,
  { low = 0, high = 255 } = {},
): Float32Array {
  const least = shape === "LINEAR" ? 1 : Number.MIN_VALUE;
  if (!(width >= least)) {
    throw new RoentgenError("value-invalid", {
      problem: "Cannot apply the window",
      expected: shape === "LINEAR" ? "a width of at least 1" : "a width above 0",
      found: String(width),
    });
  }
  if (shape === "SIGMOID") return sigmoid(values, center, width, low, high);
  // C.11.2.1.2.1: LINEAR counts whole values, its window ends half a value further in.
  return shape === "LINEAR"
    ? ramp(values, center - 0.5, width - 1, low, high)
    : ramp(values, center, width, low, high);
}

function ramp(
  values: VoxelArray,
  center: number,
  width: number,
  low: number,
  high: number,
): Float32Array {
  const grey = makeVoxels("float32", values.length);
  const [from, to] = [center - width / 2, center + width / 2];
  for (let at = 0; at < grey.length; at++) {
    const value = values[at];
    if (value <= from) grey[at] = low;
    else if (value > to) grey[at] = high;
    else grey[at] = ((value - center) / width + 0.5) * (high - low) + low;
  }
  return grey;
}

/** PS3.3 C.11.2.1.3.1. */
function sigmoid(
  values: VoxelArray,
  center: number,
  width: number,
  low: number,
  high: number,
): Float32Array {
  const grey = makeVoxels("float32", values.length);
  for (let at = 0; at < grey.length; at++) {
    grey[at] = (high - low) / (1 + Math.exp((-4 * (values[at] - center)) / width)) + low;
  }
  return grey;
}

/** Applies a view. A table's entries are stretched from their own bits to `low` … `high`. */
export function applyVoi(values: VoxelArray, voi: Voi, { low = 0, high = 255 } = {}): Float32Array {
  if (voi.kind === "window") return applyWindow(values, voi, { low, high });
  const entries = lookUp(values, signedTable(voi.table, values));
  const most = 2 ** voi.table.bits - 1;
  return Float32Array.from(entries, (entry) => low + (entry / most) * (high - low));
}

/** The first input of a VOI LUT is signed where the values that it takes are (C.11.2.1.1). */
function signedTable(table: LookupTable, values: VoxelArray): LookupTable {
  const { first } = table;
  if (first <= 32_767 || values instanceof Uint16Array || values instanceof Uint8Array)
    return table;
  return { ...table, first: first - 65_536 };
}
