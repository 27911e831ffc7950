// The element types of MGH files (FreeSurfer's mri.h, "MRI_UCHAR" and so on).

import type { VoxelType } from "../../base/index.ts";
import { damaged, unsupported } from "../damage.ts";

export interface MghType {
  readonly code: number;
  readonly name: string;
  readonly stored: VoxelType;
}

export const MGH_TYPES: readonly MghType[] = [
  { code: 0, name: "MRI_UCHAR", stored: "uint8" },
  { code: 4, name: "MRI_SHORT", stored: "int16" },
  { code: 1, name: "MRI_INT", stored: "int32" },
  { code: 3, name: "MRI_FLOAT", stored: "float32" },
  { code: 10, name: "MRI_USHRT", stored: "uint16" },
];

/** Types that mri.h names and that volumes do not have, or not on every machine alike. */
const OTHERS: Readonly<Record<number, string>> = {
  2: "MRI_LONG",
  5: "MRI_BITMAP",
  6: "MRI_TENSOR",
  7: "MRI_FLOAT_COMPLEX",
  8: "MRI_DOUBLE_COMPLEX",
  9: "MRI_RGB",
};

/** @throws RoentgenError "format-unsupported", "file-corrupt" for no type */
export function mghType(code: number, name: string): MghType {
  const found = MGH_TYPES.find((type) => type.code === code);
  if (found) return found;
  const names = MGH_TYPES.map((type) => type.name).join(", ");
  if (!OTHERS[code]) {
    throw damaged(name, { expected: `one of ${names}`, found: `type ${code}` });
  }
  throw unsupported(name, {
    expected: `one of ${names}`,
    found: OTHERS[code],
    remedy: "Convert it with FreeSurfer's mri_convert -odt float.",
  });
}
