// b-values and gradient directions as FSL writes them: .bval and .bvec (fsl.fmrib.ox.ac.uk, "FDT user guide").

import { determinant, dot, type PatientGeometry, type Triple } from "../../../base/index.ts";

export interface GradientTable {
  /** s/mm². */
  readonly bvals: readonly number[];
  /** Three rows, along i, j and k of the image, the first reversed where the image is right-handed in RAS. */
  readonly bvecs: readonly [readonly number[], readonly number[], readonly number[]];
}

/** The table for an image that keeps the order of its voxels when it is written as NIfTI. */
export function gradientTable(
  diffusion: readonly { readonly bValue: number; readonly gradient?: Triple }[],
  { direction: d }: Pick<PatientGeometry, "direction">,
): GradientTable {
  const axes: readonly Triple[] = [
    [d[0], d[3], d[6]],
    [d[1], d[4], d[7]],
    [d[2], d[5], d[8]],
  ];
  // LPS and RAS differ by two reversals: the handedness is the same in both.
  const first = determinant(d) > 0 ? -1 : 1;
  const along = (axis: number) =>
    diffusion.map(({ gradient }) => {
      const part = gradient ? dot(gradient, axes[axis]) : 0;
      return axis === 0 ? first * part || 0 : part;
    });
  return { bvals: diffusion.map(({ bValue }) => bValue), bvecs: [along(0), along(1), along(2)] };
}
