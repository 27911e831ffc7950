// A segmentation on the grid of the image that it belongs to: voxel by voxel where the grids agree, else resampled.

import {
  channelCount,
  composeAffines,
  type Image,
  indexToWorld,
  makeImage,
  makeVoxels,
  type PatientGeometry,
  RoentgenError,
  type Volume,
  type VoxelArray,
  voxelCount,
  voxelType,
  type WorkOptions,
  worldToIndex,
} from "../../base/index.ts";
import { affineMap } from "../resample/grid-map.ts";
import { resampleImage } from "../resample/resample.ts";
import { mapIndex, type WholeVoxelMap, wholeVoxelMap } from "./aligned-grids.ts";

/** Labels (or a channel a segment), and what they are placed in. */
export interface PlacedSegmentation {
  readonly image: Image;
  /** DICOM's Frame of Reference UID, where it is known. */
  readonly frameOfReference?: string | undefined;
  /** What belongs to no segment; 0 unless said. */
  readonly background?: number | undefined;
}

/** The grid that a segmentation is put on: an image, or its geometry alone. */
export interface GridReference {
  readonly geometry: Image["geometry"];
  readonly frameOfReference?: string | undefined;
}

export interface OnGridOptions extends WorkOptions {
  /**
   * How labels are found where voxels of one grid fall between those of the other: "nearest" by default, or "label",
   * which smooths their outlines. Fractions are interpolated linearly.
   */
  interpolation?: "nearest" | "label";
}

export interface SegmentationOnGrid {
  readonly image: Volume;
  /** "exact" where every voxel went to one voxel; "resampled" where the grids do not agree. */
  readonly placement: "exact" | "resampled";
  /** What a reader should know, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Puts a segmentation on the grid of a reference. Where the two grids agree but for a shift by whole voxels and the
 * order and sense of axes, every voxel is copied; else labels are resampled. Outside of the segmentation there is its
 * background; parts of it outside of the reference are lost, and counted in `notes`.
 * @throws RoentgenError "value-invalid" where both frames of reference are known and differ, "value-missing" where the
 *   place of one in the patient is not known
 */
export async function segmentationOnGrid(
  segmentation: PlacedSegmentation,
  reference: GridReference,
  { interpolation = "nearest", ...work }: OnGridOptions = {},
): Promise<SegmentationOnGrid> {
  const { image, background = 0 } = segmentation;
  const onto = reference.geometry;
  checkFrames(segmentation, reference);
  if (image.geometry.frame !== "LPS" || onto.frame !== "LPS") throw unplaced();
  const volume = image as Volume;
  const map = wholeVoxelMap(volume.geometry, onto);
  if (map) return copied(volume, onto, { map, background });
  const affine = composeAffines(worldToIndex(volume.geometry), indexToWorld(onto));
  const isFractional = image.data instanceof Float32Array || image.data instanceof Float64Array;
  const sampling = {
    interpolation: isFractional ? ("linear" as const) : interpolation,
    outside: background,
  };
  const resampled = await resampleImage(volume, affineMap(onto, affine), sampling, work);
  const how = isFractional ? "linearly" : interpolation === "label" ? "label by label" : "nearest";
  const note = `The segmentation's grid differs from the image's: it was resampled (${how}).`;
  return { image: resampled as Volume, placement: "resampled", notes: [note] };
}

function checkFrames(segmentation: PlacedSegmentation, reference: GridReference): void {
  const [own, other] = [segmentation.frameOfReference, reference.frameOfReference];
  if (own === undefined || other === undefined || own === other) return;
  throw new RoentgenError("value-invalid", {
    problem: "The segmentation and the image are in different frames of reference",
    expected: `the Frame of Reference UID ${own}`,
    found: other,
    remedy: "Take the image that it was made on, or register the two first.",
    subject: "frameOfReference",
  });
}

function unplaced(): RoentgenError {
  return new RoentgenError("value-missing", {
    problem: "Cannot put the segmentation on the image's grid",
    expected: "a place in the patient of both",
    found: "a grid of pixels alone",
  });
}

interface Copying {
  readonly map: WholeVoxelMap;
  readonly background: number;
}

function copied(volume: Volume, onto: PatientGeometry, { map, background }: Copying) {
  const { data, channels, unit, geometry } = volume;
  const [count, from, to] = [channelCount(volume), voxelCount(geometry), voxelCount(onto)];
  const out = makeVoxels(voxelType(data), count * to);
  if (background !== 0) out.fill(background);
  let lost = 0;
  for (let channel = 0; channel < count; channel++) {
    const source = data.subarray(channel * from, (channel + 1) * from);
    const target = out.subarray(channel * to, (channel + 1) * to);
    lost += copyInto(target, source, { from: geometry, onto, map, background });
  }
  const notes = lost === 0 ? [] : [`${lost} voxels of segments lie outside of the image's grid.`];
  const image = makeImage({ geometry: onto, data: out, channels, unit });
  return { image, placement: "exact" as const, notes };
}

/** @returns how many voxels other than background have no place on the target */
function copyInto(
  target: VoxelArray,
  source: VoxelArray,
  { from, onto, map, background }: Copying & { from: PatientGeometry; onto: PatientGeometry },
): number {
  const [width, height, depth] = from.size;
  const [columns, rows, slices] = onto.size;
  // What a step along the source's rows is on the target.
  const [di, dj, dk] = [0, 1, 2].map((axis) => (map.axis[0] === axis ? map.sense[0] : 0));
  let lost = 0;
  for (let k = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      let [x, y, z] = mapIndex(map, [0, j, k]);
      for (let at = (k * height + j) * width; at < (k * height + j + 1) * width; at++) {
        const isInside = x >= 0 && x < columns && y >= 0 && y < rows && z >= 0 && z < slices;
        if (isInside) target[(z * rows + y) * columns + x] = source[at];
        else if (source[at] !== background) lost += 1;
        x += di;
        y += dj;
        z += dk;
      }
    }
  }
  return lost;
}
