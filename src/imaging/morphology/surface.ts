// The surface of a mask: its voxels that have background, or the image's border, beside them.

import {
  checkParameters,
  type Geometry,
  type Image,
  makeImage,
  type OptionsOf,
  oneOf,
  parameters,
  type Triple,
} from "../../base/index.ts";
import { flatFilter } from "./flat-filter.ts";
import { pad, takeMiddle } from "./pad.ts";
import { asMask } from "./runs.ts";
import { refuseChannels } from "./single-channel.ts";

export const surfaceParameters = parameters({
  /** Which neighbours count: those by faces (6, or 4 in a slice), or all (26, or 8). */
  neighbours: oneOf("faces", "all").default("faces"),
  /** "slices": the outline in each slice (i, j) by itself. */
  within: oneOf("volume", "slices").default("volume"),
});

export type SurfaceOptions = OptionsOf<typeof surfaceParameters>;

/**
 * The mask's voxels with a neighbour of 0 or outside the image, as 0 and 1; an axis of one voxel has no outside.
 * What surface distances (Hausdorff, average) go over.
 * @throws RoentgenError "shape-mismatch" for several values a voxel
 */
export function surfaceOf<G extends Geometry>(
  image: Image<G>,
  options: SurfaceOptions = {},
): Image<G, Uint8Array> {
  const { neighbours, within } = checkParameters(surfaceParameters, options, "surface");
  refuseChannels(image, "Cannot find the surface");
  const { size } = image.geometry;
  const mask = asMask(image.data);
  const radius = size.map((n, axis) => (n === 1 || (axis === 2 && within === "slices") ? 0 : 1));
  const border = radius as unknown as Triple;
  const padded = pad(mask, size, border, 0);
  const shape = neighbours === "faces" ? "cross" : "box";
  const eroded = flatFilter(padded.data, padded.size, { shape, radius: border }, "smallest");
  const inner = takeMiddle(eroded, size, border);
  const surface = inner.map((value, at) => (mask[at] !== 0 && value === 0 ? 1 : 0));
  return makeImage({ geometry: image.geometry, data: surface });
}
