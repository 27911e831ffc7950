// The geometry that a file states by an affine map: at right angles, or what the caller chooses instead.

import {
  type Affine,
  affineLinear,
  determinant,
  type Geometry,
  geometryFromAffine,
  isOrthonormal,
  type Matrix3,
  RoentgenError,
  type Triple,
} from "../../base/index.ts";
import { nearestGrid } from "./nearest-grid.ts";

/**
 * Where an image's geometry comes from.
 * - "stated": what the file states and proves; a sheared grid is an error.
 * - "nearest": of a sheared grid the nearest one at right angles (polar decomposition of its axes, the centre
 *   kept), as for files registered by an affine transform; a note says how far voxels move.
 * - "pixels": no place, only the spacing.
 * - "sform", "qform": of NIfTI files, this transform whatever the other says.
 * - "axes": of GIPL files, which state an origin but no sides, the axes taken for left, posterior and
 *   superior, as ITK does.
 * - "spm": of Analyze files, which state no sides either, the axes taken for left, anterior and superior, as
 *   SPM stored them, with the file's origin at 0 mm or else the middle.
 */
export type GeometryChoice = "stated" | "nearest" | "pixels" | "sform" | "qform" | "axes" | "spm";

export interface FoundGeometry {
  readonly geometry: Geometry;
  readonly notes: readonly string[];
}

/**
 * The grid of an index-to-LPS matrix.
 * @param what the matrix in the words of its format: "sform", "space directions"
 * @throws RoentgenError "value-invalid" where the axes are not at right angles and the choice is not "nearest"
 */
export function statedGeometry(
  affine: Affine,
  size: Triple,
  { choice, what, name }: { choice: GeometryChoice; what: string; name: string },
): FoundGeometry {
  const steps = axisSteps(affine);
  const directions = affineLinear(affine).map((value, at) => value / steps[at % 3]);
  if (isOrthonormal(directions as unknown as Matrix3)) {
    // −0, of a sign turned round, becomes 0.
    const plain = affine.map((value) => value + 0) as unknown as Affine;
    return { geometry: geometryFromAffine(plain, size), notes: [] };
  }
  const { geometry, movedMm } = nearestGrid(affine, size);
  const apart = inMm(movedMm);
  if (choice === "nearest") {
    const note = `The ${what} is sheared; the nearest grid at right angles was taken, which moves voxels by up to ${apart}.`;
    return { geometry, notes: [note] };
  }
  throw new RoentgenError("value-invalid", {
    problem: `Cannot read ${name}`,
    expected: "axes at right angles",
    found: `a sheared ${what}; the nearest grid without shear is up to ${apart} off`,
    remedy: `Resample it onto a grid at right angles, or choose the geometry "nearest" or "pixels".`,
    subject: name,
  });
}

/** Whether no axis vanishes or lies in the plane of the other two. */
export function spansSpace(affine: Affine): boolean {
  const [x, y, z] = axisSteps(affine);
  return Math.abs(determinant(affineLinear(affine))) > 1e-6 * x * y * z;
}

/** The distance of neighbours along i, j, k. */
export function axisSteps(affine: Affine): Triple {
  const step = (c: number) => Math.hypot(affine[c], affine[4 + c], affine[8 + c]);
  return [step(0), step(1), step(2)];
}

/** A length as messages show it. */
export function inMm(value: number): string {
  return `${value < 10 ? value.toPrecision(2) : Math.round(value)} mm`;
}
