// What an Analyze 7.5 header says of its grid: spacing, but neither sides nor place (dbh.h, "orient").

import {
  type ChannelAxis,
  type PatientGeometry,
  patientGeometry,
  type Triple,
} from "../../base/index.ts";
import type { FoundGeometry, GeometryChoice } from "../images/stated-geometry.ts";
import type { DataType } from "./data-types.ts";
import type { AnalyzeFields } from "./header.ts";
import type { Scale } from "./scaling.ts";

/** Millimetres of the units that Analyze spells out; blank means mm. */
const UNITS: Readonly<Record<string, number>> = { "": 1, mm: 1, cm: 10, um: 0.001, m: 1000 };

/**
 * A grid without a place, unless the caller says that SPM's convention holds. SPM's origin, where the file has
 * one, is named in a note: it says which voxel is at 0 mm, but not which side is left.
 */
export function analyzeGeometry(
  fields: AnalyzeFields,
  size: Triple,
  { choice, scale }: { choice: GeometryChoice | undefined; scale: Scale | undefined },
): FoundGeometry {
  const unit = UNITS[fields.vox_units.trim().toLowerCase()] ?? 1;
  const steps = [1, 2, 3].map((axis) => Math.abs(fields.pixdim[axis]) * unit);
  if (size[2] === 1 && steps[2] === 0) steps[2] = 1;
  const stated = steps.every((step) => Number.isFinite(step) && step > 0);
  const spacing = stated ? (steps as unknown as Triple) : undefined;
  const scaled = scale
    ? [`Values were scaled by ${scale.slope} and shifted by ${scale.inter}, as SPM does.`]
    : [];
  if (choice === "spm" && spacing) {
    return { geometry: spmGeometry(fields, size, spacing), notes: scaled };
  }
  const notes = [
    "Analyze 7.5 does not say which side is left, so the image has no place in the patient.",
    ...originNote(fields),
    ...scaled,
  ];
  return { geometry: { frame: "pixels", size, spacing }, notes };
}

/** i to the left, j anterior, k superior; the origin, counted from 1, at 0 mm (spm_vol_ana.m). */
function spmGeometry(
  { originator }: AnalyzeFields,
  size: Triple,
  spacing: Triple,
): PatientGeometry {
  const given = originator.slice(0, 3);
  const sound =
    given.some((index) => index !== 0) &&
    given.every((index, axis) => index > -size[axis] && index < 2 * size[axis]);
  const [x, y, z] = size.map((n, axis) => (sound ? given[axis] - 1 : (n - 1) / 2));
  const origin: Triple = [0 - x * spacing[0], y * spacing[1], 0 - z * spacing[2]];
  return patientGeometry({ size, spacing, origin, direction: [1, 0, 0, 0, -1, 0, 0, 0, 1] });
}

function originNote({ originator }: AnalyzeFields): string[] {
  const origin = originator.slice(0, 3);
  if (origin.every((index) => index === 0)) return [];
  return [`SPM's origin is voxel ${origin.join(", ")}, counted from 1.`];
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
