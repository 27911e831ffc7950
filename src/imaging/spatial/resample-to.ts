// Resampling onto the grid of another image, and through an affine in the patient.

import {
  type Affine,
  composeAffines,
  type Geometry,
  indexToWorld,
  integer,
  invertAffine,
  isOrthonormal,
  type Matrix3,
  number,
  parameters,
  RoentgenError,
  rules,
  type Triple,
  worldToIndex,
} from "../../base/index.ts";
import { affineMap } from "../resample/grid-map.ts";
import { antialiasSigma } from "./antialias.ts";
import { movingTransform } from "./moving-transform.ts";
import { griddingRules, samplingOf, samplingRules } from "./parameters.ts";

const positive = number({ above: 0 });
const whole = integer({ min: 1 });
const any = number();

/** A geometry as plain data. */
function geometryRule() {
  const size = rules.tuple([whole, whole, whole], { error: "three whole numbers above 0" });
  const spacing = rules.tuple([positive, positive, positive], { error: "three mm above 0" });
  const direction = rules
    .array(any)
    .length(9, { error: "nine numbers, row by row" })
    .refine((matrix) => isOrthonormal(matrix as unknown as Matrix3), {
      error: "columns of unit length at right angles",
    });
  return rules.strictObject(
    {
      frame: rules.literal("LPS", { error: '"LPS": a grid whose place in the patient is known' }),
      ...{ size, spacing, origin: rules.tuple([any, any, any]), direction },
    },
    { error: "the geometry of an image in the patient" },
  );
}

/** Takes the values at the voxels of a reference, wherever in the patient it lies: as ITK's Resample with a reference image. */
export const resampleTo = movingTransform({
  name: "resample-to",
  title: "Takes the image over to the grid of another.",
  parameters: parameters({
    /** Geometry of the reference: `reference.geometry`. */
    geometry: geometryRule(),
    ...griddingRules,
  }),
  moves: {
    effect: "interpolates",
    map: (before, { geometry }) => {
      const onto = geometry as unknown as Geometry;
      return affineMap(onto, referenceAffine(before, onto));
    },
    sampling: samplingOf,
    smoothing: (before, { geometry, antialias }) =>
      antialias ? affineSigma(referenceAffine(before, geometry as unknown as Geometry)) : undefined,
  },
});

function referenceAffine(before: Geometry, onto: Geometry): Affine {
  if (before.frame !== "LPS") refusePixels();
  return composeAffines(worldToIndex(before), indexToWorld(onto));
}

/** What a step along the target's axes spans along each source axis. */
function affineSigma(affine: Affine): Triple | undefined {
  const reach = (row: number) =>
    Math.sqrt([0, 1, 2].reduce((sum, n) => sum + affine[row + n] * affine[row + n], 0));
  return antialiasSigma([reach(0), reach(4), reach(8)]);
}

function refusePixels(): never {
  throw new RoentgenError("value-missing", {
    problem: "Cannot take the image over to the reference: its place in the patient is not known",
    remedy: 'Use "resize" or "resample" for images in the frame of their pixels.',
  });
}

/**
 * Moves the content of the image: what was at x is at A x afterwards, in LPS mm (in the frame of pixels:
 * mm, or pixels where no spacing is known, from the first voxel). The grid stays, or becomes that of a
 * reference. ITK's transforms run the other way, from the output's points to the input's: give the inverse.
 */
export const affine = movingTransform({
  name: "affine",
  title: "Moves the image's content by an affine in the patient.",
  parameters: parameters({
    /** Rows of the 4×4 matrix without the last: 12 numbers, row by row. */
    matrix: rules
      .array(any, { error: "twelve numbers: three rows of a 4×4 matrix" })
      .length(12, { error: "twelve numbers: three rows of a 4×4 matrix" }),
    /** Geometry of the grid afterwards; the image's own by default. */
    onto: geometryRule().optional(),
    ...samplingRules,
  }),
  moves: {
    effect: "interpolates",
    map: (before, { matrix, onto }) => {
      if (onto && before.frame !== "LPS") refusePixels();
      const after = (onto as Geometry | undefined) ?? before;
      const back = invertAffine(matrix as unknown as Affine);
      const inWorld = composeAffines(back, indexToWorld(after));
      return affineMap(after, composeAffines(worldToIndex(before), inWorld));
    },
    sampling: samplingOf,
  },
});
