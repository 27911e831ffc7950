// What an image is, in figures: grid, place in the patient, channels, values.

import {
  type ChannelAxis,
  type Geometry,
  type Image,
  type Triple,
  type VoxelType,
  voxelType,
} from "../../base/index.ts";
import { type ImageStatistics, imageStatistics, orientationCode } from "../../imaging/index.ts";

export interface ImageSummary {
  /** Voxels along i, j, k. */
  readonly size: Triple;
  /** mm; null where the file does not say. */
  readonly spacing: Triple | null;
  /** Centre of voxel (0, 0, 0) in LPS mm; null where no place in the patient is known. */
  readonly origin: Triple | null;
  /** Rows of the direction matrix, its columns the unit vectors of i, j, k in LPS. */
  readonly direction: readonly number[] | null;
  /** Where i, j and k nearly point to: "LPS" for left, posterior, superior. */
  readonly orientation: string | null;
  readonly channels: readonly ChannelAxis[];
  readonly type: VoxelType;
  readonly unit: string | null;
  /** Over all finite values, with a histogram in 32 bins; null where there are none. */
  readonly statistics: ImageStatistics | null;
}

const HISTOGRAM_BINS = 32;

/** Measures an image and says where it is. */
export function describeImage(image: Image): ImageSummary {
  return {
    ...describeGeometry(image.geometry),
    channels: image.channels,
    type: voxelType(image.data),
    unit: image.unit ?? null,
    statistics: measure(image),
  };
}

/** The part of the summary that needs no voxels. */
export function describeGeometry(
  geometry: Geometry,
): Pick<ImageSummary, "size" | "spacing" | "origin" | "direction" | "orientation"> {
  const { size, spacing = null } = geometry;
  if (geometry.frame === "pixels") {
    return { size, spacing, origin: null, direction: null, orientation: null };
  }
  const { origin, direction } = geometry;
  return { size, spacing, origin, direction, orientation: orientationCode(direction) };
}

function measure(image: Image): ImageStatistics | null {
  if (!image.data.some(Number.isFinite)) return null;
  return imageStatistics(image, { bins: HISTOGRAM_BINS });
}

/** "512 × 512 × 300 voxels of 0.7 × 0.7 × 1 mm, 4 time". */
export function sizeInWords({
  size,
  spacing,
  channels,
}: Pick<ImageSummary, "size" | "spacing" | "channels">): string {
  const flat = size[2] === 1;
  const lengths = flat ? size.slice(0, 2) : size;
  const voxels = `${lengths.join(" × ")} ${flat ? "pixels" : "voxels"}`;
  const steps = spacing ? (flat ? spacing.slice(0, 2) : spacing).map(shortMm) : [];
  const even = steps.length > 0 ? ` of ${steps.join(" × ")} mm` : "";
  const more = channels.map(({ name, size: count }) => `, ${count} ${axisInWords(name, count)}`);
  return `${voxels}${even}${more.join("")}`;
}

const PLURALS: Readonly<Record<string, string>> = {
  time: "time points",
  color: "colours",
  echo: "echoes",
  vector: "components",
  frame: "frames",
};

function axisInWords(name: string, count: number): string {
  return count === 1 ? name : (PLURALS[name] ?? `along ${name}`);
}

function shortMm(mm: number): string {
  // Of a series whose slices are at uneven distances there is no one step.
  return Number.isNaN(mm) ? "?" : String(Number(mm.toPrecision(4)));
}
