// Connected components of masks and label maps, numbered as scipy.ndimage.label does: in scan order.

import {
  checkParameters,
  type Geometry,
  type Image,
  makeImage,
  makeVoxels,
  type OptionsOf,
  oneOf,
  parameters,
} from "../../base/index.ts";
import { connectivityRule } from "./connectivity.ts";
import { joinRuns } from "./join-runs.ts";
import { eachPiece, foregroundRuns, type Runs, valueRuns } from "./runs.ts";
import { refuseChannels } from "./single-channel.ts";

export const componentParameters = parameters({
  connectivity: connectivityRule().default(6),
  /** "foreground": all voxels other than 0 are alike; "value": only equal values belong together. */
  of: oneOf("foreground", "value").default("foreground"),
});

/** How voxels belong together. */
export type ComponentOptions = OptionsOf<typeof componentParameters>;

/** Pieces that hang together. */
export interface Components<G extends Geometry = Geometry> {
  /** 0 for background, else the number of the component: 1 … count in the order in which memory meets them. */
  readonly labels: Image<G, Int32Array>;
  readonly count: number;
  /** Voxels of each component, at its number; at 0 those of the background. */
  readonly sizes: Float64Array;
  /** With `of: "value"`, the value of each component, at its number. */
  readonly values?: Float64Array;
}

/**
 * Labels the connected components of an image of one value a voxel. Time grows with the voxels, hardly with the components.
 * @throws RoentgenError "shape-mismatch" for several values a voxel, "bad-option"
 */
export function connectedComponents<G extends Geometry>(
  image: Image<G>,
  options: ComponentOptions = {},
): Components<G> {
  const { connectivity, of } = checkParameters(componentParameters, options, "components");
  refuseChannels(image, "Cannot find the components");
  const { data, geometry } = image;
  const runs = (of === "value" ? valueRuns : foregroundRuns)(data, geometry.size);
  const { count, labelOfRun } = joinRuns(runs, connectivity);
  const labels = makeVoxels("int32", data.length);
  const sizes = new Float64Array(count + 1);
  // Painted and counted at once: finding the pieces of single voxels costs as much as either.
  eachPiece(runs, (run, start, end) => {
    const label = labelOfRun[run];
    sizes[label] += end - start;
    for (let at = start; at < end; at++) labels[at] = label;
  });
  sizes[0] = data.length - totalOf(sizes);
  return {
    labels: makeImage({ geometry, data: labels }),
    count,
    sizes,
    ...(runs.values && { values: valuesOfComponents(runs.values, labelOfRun, count) }),
  };
}

/** Voxels of each component; at 0 what no run holds. */
export function sizesOfComponents(
  runs: Runs,
  labelOfRun: Int32Array,
  count: number,
  voxels: number,
): Float64Array {
  const sizes = new Float64Array(count + 1);
  eachPiece(runs, (run, start, end) => {
    sizes[labelOfRun[run]] += end - start;
  });
  sizes[0] = voxels - totalOf(sizes);
  return sizes;
}

function totalOf(sizes: Float64Array): number {
  let total = 0;
  for (let at = 0; at < sizes.length; at++) total += sizes[at];
  return total;
}

export function valuesOfComponents(
  values: Float64Array,
  labelOfRun: Int32Array,
  count: number,
): Float64Array {
  const found = new Float64Array(count + 1);
  for (let run = 0; run < labelOfRun.length; run++) found[labelOfRun[run]] = values[run];
  return found;
}
