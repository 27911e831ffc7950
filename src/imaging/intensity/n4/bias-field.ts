// Bias-field correction of MR images by N4: Tustison et al., IEEE TMI 29(6), 2010, with ITK's defaults.

import {
  checkParameters,
  type Image,
  integer,
  makeImage,
  makeVoxels,
  number,
  type OptionsOf,
  parameters,
  RoentgenError,
  rules,
  type SettingsOf,
  type Triple,
  type VoxelArray,
  type WorkOptions,
} from "../../../base/index.ts";
import type { Json, TransformKind } from "../../transform.ts";
import { channelViews, checkChannels, type FloatArray } from "../channels.ts";
import {
  foregroundRule,
  foregroundTest,
  type Masked,
  maskVoxels,
  maskWanted,
} from "../foreground.ts";
import type { FieldTask } from "./field-worker.ts";
import { findLattices } from "./find-lattices.ts";
import { placesOnSpline, thinnedLogs, thinning } from "./shrink.ts";
import { evaluateAt, type Lattice } from "./spline-lattice.ts";

export const biasFieldParameters = parameters({
  /** Voxels that the field is found from; it corrects all. */
  foreground: foregroundRule().default("otsu"),
  /** Every so manieth voxel along each axis is used to find the field; an axis keeps at least 16 if it has them. */
  shrink: integer({ min: 1 }).default(4),
  /** Most iterations at each level; their count is that of the levels, each with twice the spans of the last. */
  iterations: rules
    .array(integer({ min: 1 }))
    .min(1)
    .default([50, 50, 50, 50]),
  /** A level ends where the field changes by a coefficient of variation below this. */
  convergence: number({ min: 0 }).default(0.001),
  /** Control points of the cubic B-spline along each axis at the first level. */
  controlPoints: integer({ min: 4 }).default(4),
  /** Histogram sharpening: bins, the field's full width at half maximum in log units, the Wiener filter's noise. */
  bins: integer({ min: 8, max: 65536 }).default(200),
  fieldWidth: number({ above: 0 }).default(0.15),
  wienerNoise: number({ above: 0 }).default(0.01),
});

export type BiasFieldOptions = OptionsOf<typeof biasFieldParameters> & Masked & WorkOptions;
type Settings = SettingsOf<typeof biasFieldParameters>;

/** The log field of each channel as control points, i fastest; with the same `shrink` it can be drawn again. */
export interface FoundField {
  readonly lattices: readonly {
    readonly points: readonly number[];
    readonly values: readonly number[];
  }[];
}

export interface CorrectedImage {
  /** The image divided by the field, float32 (float64 stays). */
  readonly image: Image;
  /** The field, around 1, on the image's grid; float32. */
  readonly field: Image;
  readonly found: FoundField;
}

/**
 * Finds and divides out the smooth field that multiplies an MR image, each channel by itself. The field is found from
 * positive values in the foreground (above Otsu's threshold, or within `mask`), on a thinned-out grid.
 * @throws RoentgenError "value-missing" where the foreground has no positive value, "cancelled"
 */
export async function correctBiasField(
  image: Image,
  { mask, threads, signal, onProgress, ...options }: BiasFieldOptions = {},
): Promise<CorrectedImage> {
  const settings = checkParameters(biasFieldParameters, options, "bias-field correction");
  const within = maskVoxels(mask, image);
  const tasks = channelViews(image, true).map((values) => taskOf(image, values, within, settings));
  const lattices = await findLattices(tasks, { threads, signal, onProgress });
  const found = lattices.map(({ points, values }) => ({
    points: [...points],
    values: [...values],
  }));
  return { ...divide(image, lattices, settings.shrink), found: { lattices: found } };
}

function taskOf(
  { geometry: { size } }: Image,
  values: VoxelArray,
  mask: VoxelArray | undefined,
  { foreground, shrink, ...options }: Settings,
): FieldTask {
  const kept = thinning(size, shrink);
  const counts = foregroundTest(values, { foreground: mask ? "mask" : foreground, mask });
  const logs = thinnedLogs(values, size, kept, counts);
  if (logs.every(Number.isNaN)) refuseEmpty();
  return { logs, size: kept.size, options };
}

function refuseEmpty(): never {
  throw new RoentgenError("value-missing", {
    problem: "There is nothing to find a bias field from",
    expected: "values above 0 in the foreground",
    found: "none",
    remedy: "Give a mask of the body, or another foreground.",
  });
}

/** The image over the fields of its channels, and the fields. */
function divide(image: Image, lattices: readonly Lattice[], shrink: number) {
  const { geometry, channels, unit } = image;
  const field = makeVoxels("float32", image.data.length);
  const data = makeVoxels(
    image.data instanceof Float64Array ? "float64" : "float32",
    image.data.length,
  );
  const kept = thinning(geometry.size, shrink);
  for (const [channel, lattice] of lattices.entries()) {
    const logs = evaluateAt(lattice, placesOnSpline(geometry.size, kept, lattice.points));
    divideFrom(image.data, logs, channel * logs.length, field, data);
  }
  return {
    image: makeImage({ geometry, channels, data, unit }),
    field: makeImage({ geometry, channels, data: field }),
  };
}

function divideFrom(
  values: VoxelArray,
  logs: Float64Array,
  start: number,
  field: Float32Array,
  into: FloatArray,
): void {
  for (let at = 0; at < logs.length; at++) {
    const factor = Math.exp(logs[at]);
    field[start + at] = factor;
    into[start + at] = values[start + at] / factor;
  }
}

export const biasFieldKind: TransformKind<typeof biasFieldParameters> = {
  name: "bias-field-correction",
  title: "Finds and divides out the smooth intensity field of MR images (N4).",
  parameters: biasFieldParameters,
  apply: async (image, settings, { mask, threads, signal, onProgress }) => {
    const within = maskWanted(settings, mask);
    const options = { ...settings, mask: within, threads, signal, onProgress };
    const corrected = await correctBiasField(image, options);
    return { image: corrected.image, found: corrected.found as unknown as Json };
  },
  replay: (image, { settings, found }) =>
    divide(image, latticesOf(image, found as unknown as FoundField), settings.shrink).image,
};

function latticesOf(image: Image, { lattices }: FoundField): Lattice[] {
  checkChannels(image, lattices, "The bias fields found");
  return lattices.map(({ points, values }) => ({
    points: points as unknown as Triple,
    values: Float64Array.from(values),
  }));
}
