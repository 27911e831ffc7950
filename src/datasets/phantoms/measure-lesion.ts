// Ten measurements of a lesion, five of shape and five of texture, from its picture and mask.

import { RoentgenError } from "../../base/index.ts";
import { measureShape, type Region, type ShapeMeasurements } from "./measure-shape.ts";
import { measureTexture, type TextureMeasurements } from "./measure-texture.ts";

/** Names end in their unit where they have one; intensities are in grey levels of the picture. */
export type LesionMeasurements = ShapeMeasurements & TextureMeasurements;

/**
 * Measures a lesion. See the fields of `ShapeMeasurements` and `TextureMeasurements` for formulas and units.
 * @throws RoentgenError "value-invalid" for an empty mask, "shape-mismatch" for arrays of another size
 */
export function measureLesion(lesion: Region & { image: Float32Array }): LesionMeasurements {
  const { image, mask, size } = lesion;
  if (image.length !== size * size || mask.length !== size * size) {
    throw new RoentgenError("shape-mismatch", {
      problem: "Cannot measure a lesion",
      expected: `${size} × ${size} pixels in image and mask`,
      found: `${image.length} and ${mask.length}`,
    });
  }
  if (!mask.some((value) => value !== 0)) {
    throw new RoentgenError("value-invalid", {
      problem: "Cannot measure a lesion",
      expected: "at least one pixel in its mask",
      found: "an empty mask",
    });
  }
  return { ...measureShape(lesion), ...measureTexture(lesion, image) };
}
