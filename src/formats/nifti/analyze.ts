// What an Analyze 7.5 header says of its grid: spacing, but neither sides nor place (dbh.h, "orient").

import type { ChannelAxis, Triple } from "../../base/index.ts";
import type { FoundGeometry } from "../images/stated-geometry.ts";
import type { DataType } from "./data-types.ts";
import type { AnalyzeFields } from "./header.ts";
import type { Scale } from "./scaling.ts";

/** Millimetres of the units that Analyze spells out; blank means mm. */
const UNITS: Readonly<Record<string, number>> = { "": 1, mm: 1, cm: 10, um: 0.001, m: 1000 };

/**
 * A grid without a place. SPM's origin, where the file has one, is named in a note: it says which voxel is
 * at 0 mm, but not which side is left.
 */
export function analyzeGeometry(
  { pixdim, vox_units, originator }: AnalyzeFields,
  size: Triple,
  scale: Scale | undefined,
): FoundGeometry {
  const unit = UNITS[vox_units.trim().toLowerCase()] ?? 1;
  const steps = [1, 2, 3].map((axis) => Math.abs(pixdim[axis]) * unit);
  if (size[2] === 1 && steps[2] === 0) steps[2] = 1;
  const stated = steps.every((step) => Number.isFinite(step) && step > 0);
  const origin = originator.slice(0, 3);
  const notes = [
    "Analyze 7.5 does not say which side is left, so the image has no place in the patient.",
    ...(origin.some((index) => index !== 0)
      ? [`SPM's origin is voxel ${origin.join(", ")}, counted from 1.`]
      : []),
    ...(scale
      ? [`Values were scaled by ${scale.slope} and shifted by ${scale.inter}, as SPM does.`]
      : []),
  ];
  const spacing = stated ? (steps as unknown as Triple) : undefined;
  return { geometry: { frame: "pixels", size, spacing }, notes };
}

/** The fourth axis is time, in units that the format leaves open. */
export function analyzeChannels(lengths: readonly number[], type: DataType): ChannelAxis[] {
  const [, , , fourth, fifth, sixth, seventh] = lengths;
  const axes: ChannelAxis[] = [
    { name: "axis 7", size: seventh },
    { name: "axis 6", size: sixth },
    { name: "axis 5", size: fifth },
    { name: "time", size: fourth },
  ];
  const parts = type.axis ? [{ name: type.axis, size: type.parts }] : [];
  return [...axes.filter(({ size }) => size > 1), ...parts];
}
