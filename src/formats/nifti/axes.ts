// The fourth to seventh axes of a NIfTI file as channels (nifti1.h, "dim[4]" to "dim[7]"), and back.

import type { ChannelAxis } from "../../base/index.ts";
import type { DataType } from "./data-types.ts";
import type { NiftiFields } from "./header.ts";
import { fourthAxisUnit } from "./units.ts";

/** Intents of a fifth axis (nifti1.h, "NIFTI_INTENT_*") that have a name of their own here. */
const FIFTH_AXES: Readonly<Record<number, string>> = {
  1004: "matrix",
  1005: "symmetric matrix",
  1009: "triangle",
  1010: "quaternion",
  2003: "color",
  2004: "color",
};

/**
 * Channels, slowest first: the seventh axis before the sixth, fifth and fourth, then the parts of colour or
 * complex voxels. Axes of one entry are left out.
 */
export function channelAxes(
  lengths: readonly number[],
  fields: NiftiFields,
  type: DataType,
): ChannelAxis[] {
  const [, , , fourth, fifth, sixth, seventh] = lengths;
  const axes: ChannelAxis[] = [
    { name: "axis 7", size: seventh },
    { name: "axis 6", size: sixth },
    { name: fifthAxisName(fields.intent_code, fifth), size: fifth },
    fourthAxis(fourth, fields),
  ];
  const parts = type.axis ? [{ name: type.axis, size: type.parts }] : [];
  return [...axes.filter(({ size }) => size > 1), ...parts];
}

function fifthAxisName(intent: number, size: number): string {
  const name = FIFTH_AXES[intent] ?? "vector";
  return name === "color" && size !== 3 && size !== 4 ? "vector" : name;
}

function fourthAxis(size: number, { pixdim, toffset, xyzt_units }: NiftiFields): ChannelAxis {
  const { name, unit, factor } = fourthAxisUnit(xyzt_units);
  const step = Math.abs(pixdim[4]) * factor;
  if (size === 1 || !unit || !(step > 0) || !Number.isFinite(step)) return { name, size };
  const start = Number.isFinite(toffset) ? toffset * factor : 0;
  return { name, size, unit, values: Array.from({ length: size }, (_, at) => start + at * step) };
}
