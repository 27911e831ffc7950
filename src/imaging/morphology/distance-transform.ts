// The exact Euclidean distance of every voxel to the background, in mm or voxels.

import {
  checkParameters,
  type Geometry,
  type Image,
  makeImage,
  type OptionsOf,
  oneOf,
  parameters,
  RoentgenError,
  type SettingsOf,
  type Triple,
  type WorkOptions,
} from "../../base/index.ts";
import {
  runKernel,
  type Spread,
  spreadCopy,
  spreadFor,
  spreadVoxels,
} from "../parallel/run-kernel.ts";
import { NONE } from "./distance-passes.ts";
import { asMask } from "./runs.ts";
import { refuseChannels } from "./single-channel.ts";

export const distanceParameters = parameters({
  /** "mm" takes the spacing into account, "voxels" counts voxels. */
  unit: oneOf("mm", "voxels").default("mm"),
  /** Element type of the distances. */
  type: oneOf("float64", "float32").default("float64"),
});

/** How distances are measured. */
export type DistanceOptions = OptionsOf<typeof distanceParameters> & WorkOptions;

type DistanceSettings = SettingsOf<typeof distanceParameters>;
type Distances = Float32Array | Float64Array;

/**
 * The distance of every voxel's centre to that of the nearest voxel of 0; 0 in the background, infinite
 * without any. Exact: equal to scipy.ndimage.distance_transform_edt, bit for bit at unit spacing. Time grows
 * with the voxels alone; memory: 2 bytes a voxel beside the result.
 * @throws RoentgenError "shape-mismatch" for several values a voxel, "value-missing" for mm without spacing,
 * "too-large" for 65,535 voxels along an axis, "cancelled"
 */
export async function distanceTransform<G extends Geometry>(
  image: Image<G>,
  options: DistanceOptions = {},
): Promise<Image<G, Distances>> {
  const { settings, work } = takeApart(options);
  const task = prepare(image, settings, work);
  const distances = spreadVoxels(settings.type, image.data.length, task.spread);
  await measure(task, { distances });
  return makeImage({ geometry: image.geometry, data: distances });
}

/**
 * Where in memory (i + width · (j + height · k)) the voxel of 0 lies that is nearest to each voxel; −1 where
 * there is none. Of several at the same distance any one.
 * @throws RoentgenError as `distanceTransform`
 */
export async function nearestBackground<G extends Geometry>(
  image: Image<G>,
  options: DistanceOptions = {},
): Promise<Image<G, Int32Array>> {
  const { settings, work } = takeApart(options);
  const task = prepare(image, settings, work);
  const features = spreadVoxels("int32", image.data.length, task.spread);
  await measure(task, { features });
  return makeImage({ geometry: image.geometry, data: features });
}

/**
 * Outside a mask the distance to its nearest voxel, inside less the distance to the nearest one outside. No voxel is
 * at 0: the surface lies between voxels, half a voxel from either side. Infinite where there is nothing to measure to.
 * @throws RoentgenError as `distanceTransform`
 */
export async function signedDistance<G extends Geometry>(
  image: Image<G>,
  options: DistanceOptions = {},
): Promise<Image<G, Distances>> {
  const inside = await distanceTransform(image, options);
  const outside = await distanceTransform(
    makeImage({
      geometry: image.geometry,
      data: asMask(image.data).map((value) => (value === 0 ? 1 : 0)),
    }),
    options,
  );
  const { data } = outside;
  for (let at = 0; at < data.length; at++) if (inside.data[at] > 0) data[at] = -inside.data[at];
  return outside;
}

function takeApart({ threads, signal, onProgress: _, ...given }: DistanceOptions) {
  const settings = checkParameters(distanceParameters, given, "distance transform");
  return { settings, work: { threads, signal } };
}

interface Prepared {
  readonly mask: Uint8Array;
  readonly size: Triple;
  readonly spacing: Triple;
  readonly spread: Spread;
}

function prepare(image: Image, { unit }: DistanceSettings, work: WorkOptions): Prepared {
  refuseChannels(image, "Cannot measure distances");
  const { geometry, data } = image;
  const { size } = geometry;
  if (Math.max(...size) >= NONE) {
    throw new RoentgenError("too-large", {
      problem: "Cannot measure distances",
      expected: `fewer than ${NONE} voxels along each axis`,
      found: size.join(" × "),
    });
  }
  const spacing = unit === "mm" ? geometry.spacing : ([1, 1, 1] as const);
  if (spacing === undefined) {
    throw new RoentgenError("value-missing", {
      problem: "Cannot measure distances in mm: the image does not say how large its voxels are",
      remedy: 'Measure in voxels (unit: "voxels").',
      subject: "unit",
    });
  }
  const spread = spreadFor(data.length, work);
  return { mask: spreadCopy(asMask(data), spread), size, spacing, spread };
}

async function measure(
  { mask, size, spacing, spread }: Prepared,
  output: { distances: Distances } | { features: Int32Array },
): Promise<void> {
  const nearestK = spreadVoxels("uint16", mask.length, spread);
  await runKernel("distance/across", { mask, size, nearestK }, size[1], spread);
  const within = { mask, size, nearestK, spacing, ...output };
  await runKernel("distance/within", within, size[2], spread);
}
