// The header of FreeSurfer's MGH files, big-endian (FsMghFormat; mriio.cpp, mghRead), and the scan's parameters after the voxels.

import type { FieldLayout } from "../elements/binary-fields.ts";

/** 90 bytes of fields; voxels begin at byte 284. */
export const MGH_HEADER: FieldLayout = [
  ["version", "int32"],
  ["width", "int32"],
  ["height", "int32"],
  ["depth", "int32"],
  ["nframes", "int32"],
  ["type", "int32"],
  ["dof", "int32"],
  ["goodRASFlag", "int16"],
  // Spacing of width, height and depth in mm.
  ["delta", "float32", 3],
  // The directions of width, height and depth in RAS, one after another.
  ["Mdc", "float32", 9],
  // RAS of the point half the size along each axis.
  ["Pxyz_c", "float32", 3],
];

export const VOXEL_OFFSET = 284;

/** May follow the voxels: TR, TE and TI in ms, the flip angle in radians, the field of view in mm. */
export const MGH_FOOTER: FieldLayout = [
  ["tr", "float32"],
  ["flip_angle", "float32"],
  ["te", "float32"],
  ["ti", "float32"],
  ["fov", "float32"],
];
