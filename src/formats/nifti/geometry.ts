// Where NIfTI voxels are: the choice between sform and qform (nifti1.h, "METHOD 1" to "3"), RAS+ turned into LPS.

import {
  type Affine,
  cross,
  type Matrix3,
  makeAffine,
  RoentgenError,
  type Triple,
} from "../../base/index.ts";
import { largestDistance } from "../images/nearest-grid.ts";
import {
  axisSteps,
  type FoundGeometry,
  type GeometryChoice,
  inMm,
  spansSpace,
  statedGeometry,
} from "../images/stated-geometry.ts";
import type { NiftiFields } from "./header.ts";
import { rotationOfQuaternion } from "./quaternion.ts";
import { lengthUnitMm } from "./units.ts";

/** What sform_code and qform_code say of the space (nifti1.h, "NIFTI_XFORM_*"). */
const SPACES: Readonly<Record<number, string>> = {
  1: "scanner",
  2: "aligned to another image",
  3: "Talairach",
  4: "MNI 152",
  5: "another template",
};

/** Two transforms that differ by less than this part of the smallest spacing agree. */
const AGREEMENT = 0.1;

/**
 * The place by the sform if its code is above 0, else by the qform if its code is, else none.
 * @throws RoentgenError "value-invalid" where the axes of the chosen transform are not at right angles,
 *   "value-missing" where the file does not have the transform that was asked for
 */
export function niftiGeometry(
  fields: NiftiFields,
  size: Triple,
  { choice = "stated", name }: { choice?: GeometryChoice; name: string },
): FoundGeometry {
  const unit = lengthUnitMm(fields.xyzt_units);
  const sform = sformAffine(fields, size, unit ?? 1);
  const qform = qformAffine(fields, size, unit ?? 1);
  const chosen = choose({ sform, qform, choice, name });
  if (!chosen) return pixelGeometry(fields, size, choice);
  const assumed = unit
    ? []
    : ["The file does not say its unit of length; millimetres are assumed, as other programs do."];
  const notes = [...assumed, ...disagreement(chosen, sform, qform, fields, size)];
  const found = statedGeometry(chosen.affine, size, { choice, what: chosen.method, name });
  return { geometry: found.geometry, notes: [...notes, ...found.notes] };
}

interface Chosen {
  readonly method: "sform" | "qform";
  readonly affine: Affine;
}

function choose(given: {
  sform: Affine | undefined;
  qform: Affine | undefined;
  choice: GeometryChoice;
  name: string;
}): Chosen | undefined {
  const { sform, qform, choice, name } = given;
  if (choice === "pixels") return undefined;
  if (sform && choice !== "qform") return { method: "sform", affine: sform };
  if (qform && choice !== "sform") return { method: "qform", affine: qform };
  if (choice !== "sform" && choice !== "qform" && choice !== "nearest") return undefined;
  throw new RoentgenError("value-missing", {
    problem: `Cannot place ${name} by its ${choice === "nearest" ? "sform" : choice}`,
    found: "none that is valid in its header",
    remedy: 'Leave the choice to the file, or take "pixels" to read it without a place.',
    subject: name,
  });
}

/** Index to LPS mm by srow_x, srow_y and srow_z; undefined where the code is 0 or the axes vanish. */
function sformAffine(fields: NiftiFields, size: Triple, unit: number): Affine | undefined {
  if (!(fields.sform_code > 0)) return undefined;
  const { srow_x, srow_y, srow_z } = fields;
  const rows = [...srow_x.map((v) => -v), ...srow_y.map((v) => -v), ...srow_z];
  return usable(rows.map((value) => value * unit) as unknown as Affine, size);
}

/** Index to LPS mm by quaternion, offset and pixdim. */
function qformAffine(fields: NiftiFields, size: Triple, unit: number): Affine | undefined {
  if (!(fields.qform_code > 0)) return undefined;
  const { pixdim, quatern_b, quatern_c, quatern_d, qoffset_x, qoffset_y, qoffset_z } = fields;
  const qfac = pixdim[0] < 0 ? -1 : 1;
  const steps = [1, 2, 3].map((axis) => Math.abs(pixdim[axis]) * unit);
  const rotation = rotationOfQuaternion([quatern_b, quatern_c, quatern_d]);
  const linear = rotation.map((value, at) => {
    const lps = at < 6 ? -value : value;
    return lps * steps[at % 3] * (at % 3 === 2 ? qfac : 1);
  });
  const origin: Triple = [-qoffset_x * unit, -qoffset_y * unit, qoffset_z * unit];
  return usable(makeAffine(linear as unknown as Matrix3, origin), size);
}

/**
 * The transform if every axis has a step. An axis of one voxel may lack it, as in 2-D files: no voxel's
 * place depends on it, so it becomes 1 mm at right angles to the others.
 */
function usable(affine: Affine, size: Triple): Affine | undefined {
  if (!affine.every(Number.isFinite)) return undefined;
  const column = (axis: number): Triple => [affine[axis], affine[4 + axis], affine[8 + axis]];
  const missing = [0, 1, 2].filter((axis) => column(axis).every((value) => value === 0));
  if (missing.length === 0) return spansSpace(affine) ? affine : undefined;
  if (missing.length > 1 || missing[0] !== 2 || size[2] !== 1) return undefined;
  const normal = cross(column(0), column(1));
  const length = Math.hypot(...normal);
  if (!(length > 0)) return undefined;
  const [x, y, z] = normal.map((value) => value / length);
  const [x0, x1, , x3, y0, y1, , y3, z0, z1, , z3] = affine;
  return [x0, x1, x, x3, y0, y1, y, y3, z0, z1, z, z3];
}

function pixelGeometry(
  { pixdim, xyzt_units, sform_code, qform_code }: NiftiFields,
  size: Triple,
  choice: GeometryChoice,
): FoundGeometry {
  const unit = lengthUnitMm(xyzt_units);
  const steps = [1, 2, 3].map((axis) => Math.abs(pixdim[axis]) * (unit ?? 1));
  // A slice of its own has no neighbours; 1 there stands for nothing.
  if (size[2] === 1 && steps[2] === 0) steps[2] = 1;
  const stated = steps.every((step) => Number.isFinite(step) && step > 0);
  // Programs fill in 1 where nothing is known.
  const filler = unit === undefined && steps.every((step) => step === 1);
  const spacing = stated && !filler ? (steps as unknown as Triple) : undefined;
  const broken = sform_code > 0 || qform_code > 0 ? "no valid sform or qform" : "no sform or qform";
  const note = `The header has ${broken}: sides and orientation are unknown, so the image has no place in the patient.`;
  return { geometry: { frame: "pixels", size, spacing }, notes: choice === "pixels" ? [] : [note] };
}

/** A note where both transforms are given and place some voxel differently. */
function disagreement(
  { method }: Chosen,
  sform: Affine | undefined,
  qform: Affine | undefined,
  { sform_code, qform_code }: NiftiFields,
  size: Triple,
): string[] {
  if (!sform || !qform) return [];
  const apart = largestDistance(sform, qform, size);
  if (apart <= AGREEMENT * Math.min(...axisSteps(qform))) return [];
  const space = (code: number) => SPACES[code] ?? `code ${code}`;
  return [
    `sform (${space(sform_code)}) and qform (${space(qform_code)}) differ by up to ${inMm(apart)}; the ${method} was taken.`,
  ];
}
