// A geometry as the fields of a NIfTI header: LPS turned into RAS+, as sform and as qform.

import { type Geometry, indexToWorld, type Matrix3 } from "../../base/index.ts";
import type { NiftiFields } from "./header.ts";
import { quaternionOfRotation } from "./quaternion.ts";

/** What the coordinates of a written file mean (nifti1.h, "NIFTI_XFORM_*"). */
export type NiftiSpace = "scanner" | "aligned" | "talairach" | "mni" | "template";

const CODES: Readonly<Record<NiftiSpace, number>> = {
  scanner: 1,
  aligned: 2,
  talairach: 3,
  mni: 4,
  template: 5,
};

/** pixdim[1] to pixdim[3], sform, qform and their codes; both codes are 0 for a grid without a place. */
export function geometryFields(geometry: Geometry, space: NiftiSpace): Partial<NiftiFields> {
  if (geometry.frame === "pixels") {
    return { pixdim: [1, ...(geometry.spacing ?? [1, 1, 1])], sform_code: 0, qform_code: 0 };
  }
  const affine = indexToWorld(geometry).map((value, at) => (at < 8 ? 0 - value : value));
  const rotation = geometry.direction.map((value, at) => (at < 6 ? 0 - value : value));
  const { quaternion, qfac } = quaternionOfRotation(rotation as unknown as Matrix3);
  return {
    pixdim: [qfac, ...geometry.spacing],
    sform_code: CODES[space],
    qform_code: CODES[space],
    quatern_b: quaternion[0],
    quatern_c: quaternion[1],
    quatern_d: quaternion[2],
    qoffset_x: affine[3],
    qoffset_y: affine[7],
    qoffset_z: affine[11],
    srow_x: affine.slice(0, 4),
    srow_y: affine.slice(4, 8),
    srow_z: affine.slice(8, 12),
  };
}
