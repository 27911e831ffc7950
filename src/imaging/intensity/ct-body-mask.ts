// The patient's body in a CT image, without the table.

import {
  checkParameters,
  type Geometry,
  type Image,
  number,
  type OptionsOf,
  parameters,
} from "../../base/index.ts";
import { refuseChannels } from "../morphology/single-channel.ts";
import type { TransformKind } from "../transform.ts";
import { tidied } from "./foreground-mask.ts";

export const ctBodyMaskParameters = parameters({
  /** HU above which a voxel is no air. */
  aboveHu: number().default(-500),
  /** Radius in mm of the ball that the mask is opened with: plates and blankets thinner than twice that go. */
  openingMm: number({ min: 0 }).default(4),
});

export type CtBodyMaskOptions = OptionsOf<typeof ctBodyMaskParameters>;

/**
 * A mask (1 and 0) of the body in a CT image in HU: above −500 HU, opened so that the table's thin shell comes off, the
 * largest component, air inside (lungs, bowel) filled axial slice by slice. Parts thinner than the opening, such as
 * ears and fingers, come off as well. Slices are taken along k.
 * @throws RoentgenError "shape-mismatch" for several values a voxel, "value-missing" for an opening where the image
 * does not say how large its voxels are
 */
export function ctBodyMask<G extends Geometry>(
  image: Image<G>,
  options: CtBodyMaskOptions = {},
): Image<G, Uint8Array> {
  refuseChannels(image, "Cannot find the body");
  const { aboveHu, openingMm } = checkParameters(ctBodyMaskParameters, options, "CT body mask");
  return tidied(image, aboveHu, { openingMm, closingMm: 0, keep: 1, fill: "slices" });
}

export const ctBodyMaskKind: TransformKind<typeof ctBodyMaskParameters> = {
  name: "ct-body-mask",
  title: "Masks the patient's body in CT, without the table.",
  parameters: ctBodyMaskParameters,
  apply: (image, settings) => ({ image: ctBodyMask(image, settings) }),
};
