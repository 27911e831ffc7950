// Keeps the components of a mask or label map that are large enough.

import {
  checkParameters,
  type Geometry,
  type Image,
  integer,
  makeImage,
  makeVoxels,
  number,
  type OptionsOf,
  parameters,
  RoentgenError,
  type VoxelArray,
  voxelType,
} from "../../base/index.ts";
import {
  componentParameters,
  sizesOfComponents,
  valuesOfComponents,
} from "./connected-components.ts";
import { joinRuns } from "./join-runs.ts";
import { eachPiece, foregroundRuns, valueRuns } from "./runs.ts";
import { refuseChannels } from "./single-channel.ts";

export const largestParameters = parameters({
  ...componentParameters.shape,
  /** How many to keep: of each value, where components are of one value. */
  keep: integer({ min: 1 }).default(1),
});

export const smallParameters = parameters({
  ...componentParameters.shape,
  /** Components of fewer voxels go … */
  minVoxels: integer({ min: 1 }).optional(),
  /** … or of less volume in mm³ (area in mm² times the slice's thickness). */
  minMm3: number({ above: 0 }).optional(),
});

/** Which components count as largest. */
export type LargestOptions = OptionsOf<typeof largestParameters>;

/** Which components count as small: one of `minVoxels` and `minMm3`. */
export type SmallOptions = OptionsOf<typeof smallParameters>;

/**
 * The image with all but its largest component set to 0; of equal ones the first in memory stays. With
 * `of: "value"`, each label of a label map keeps its own.
 * @throws RoentgenError "shape-mismatch" for several values a voxel, "bad-option"
 */
export function largestComponent<G extends Geometry, D extends VoxelArray>(
  image: Image<G, D>,
  options: LargestOptions = {},
): Image<G, D> {
  const settings = checkParameters(largestParameters, options, "largest component");
  return keepComponents(image, settings, ({ sizes, values }) => {
    const kept = new Uint8Array(sizes.length);
    const taken = new Map<number, number>();
    const bySize = Array.from({ length: sizes.length - 1 }, (_, at) => at + 1);
    bySize.sort((a, b) => sizes[b] - sizes[a] || a - b);
    for (const component of bySize) {
      const value = values?.[component] ?? 1;
      const already = taken.get(value) ?? 0;
      taken.set(value, already + 1);
      if (already < settings.keep) kept[component] = 1;
    }
    return kept;
  });
}

/**
 * The image with its small components set to 0.
 * @throws RoentgenError "bad-option" unless one of `minVoxels` and `minMm3` is given, "value-missing" for mm³ without
 * spacing, "shape-mismatch" for several values a voxel
 */
export function removeSmallComponents<G extends Geometry, D extends VoxelArray>(
  image: Image<G, D>,
  options: SmallOptions,
): Image<G, D> {
  const settings = checkParameters(smallParameters, options, "removal of small components");
  const least = leastVoxels(image.geometry, settings);
  return keepComponents(image, settings, ({ sizes }) =>
    Uint8Array.from(sizes, (size) => (size >= least ? 1 : 0)),
  );
}

function leastVoxels(
  { spacing }: Geometry,
  { minVoxels, minMm3 }: { minVoxels?: number; minMm3?: number },
): number {
  if ((minVoxels === undefined) === (minMm3 === undefined)) {
    throw new RoentgenError("bad-option", {
      problem: "Cannot tell which components are small",
      expected: "either minVoxels or minMm3",
      found: minVoxels === undefined ? "neither" : "both",
      subject: "minVoxels",
    });
  }
  if (minVoxels !== undefined) return minVoxels;
  if (spacing === undefined) {
    throw new RoentgenError("value-missing", {
      problem: "Cannot measure components in mm³: the image does not say how large its voxels are",
      remedy: "Give the least number of voxels (minVoxels).",
      subject: "spacing",
    });
  }
  return minMm3! / (spacing[0] * spacing[1] * spacing[2]);
}

interface Measured {
  readonly sizes: Float64Array;
  readonly values: Float64Array | undefined;
}

function keepComponents<G extends Geometry, D extends VoxelArray>(
  image: Image<G, D>,
  { connectivity, of }: { connectivity: 4 | 6 | 8 | 18 | 26; of: "foreground" | "value" },
  choose: (measured: Measured) => Uint8Array,
): Image<G, D> {
  refuseChannels(image, "Cannot find the components");
  const { data, geometry } = image;
  const runs = (of === "value" ? valueRuns : foregroundRuns)(data, geometry.size);
  const { count, labelOfRun } = joinRuns(runs, connectivity);
  const sizes = sizesOfComponents(runs, labelOfRun, count, data.length);
  const values = runs.values && valuesOfComponents(runs.values, labelOfRun, count);
  const kept = choose({ sizes, values });
  const out = makeVoxels(voxelType(data), data.length) as D;
  eachPiece(runs, (run, start, end) => {
    if (kept[labelOfRun[run]] === 0) return;
    for (let at = start; at < end; at++) out[at] = data[at];
  });
  return makeImage({ ...image, data: out });
}
