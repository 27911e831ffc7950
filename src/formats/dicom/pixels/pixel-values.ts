// Frames in real units: the modality transform that holds for each, and where pixels are padding.

import { makeVoxels, type VoxelArray, type VoxelType } from "../../../base/index.ts";
import type { DataSet } from "../data-set/data-set.ts";
import { functionalGroups } from "../series/functional-groups.ts";
import { frameValues } from "./frame-size.ts";
import type { Frames } from "./frames.ts";
import { applyModality, type Modality, modalityOf, modalityType } from "./modality.ts";
import { paddingMask, paddingOf } from "./padding.ts";

/** Values of frames in their unit, in the shape of the frames. */
export interface PixelValues {
  readonly data: VoxelArray;
  readonly unit?: string;
  /** 1 where a pixel is padding; undefined where none is. Padding is rescaled as the rest, and means nothing. */
  readonly padding?: Uint8Array;
}

/**
 * What stored values mean: Modality LUT, or slope and intercept, of each frame. Colour and palette indices stay as
 * they are. The stored array itself comes back where nothing is to be done.
 * @param dataSet the file's data set; multi-frame objects may hold other slopes for each frame
 */
export function valuesOf(frames: Frames, dataSet: DataSet): PixelValues {
  const { description, data } = frames;
  if (!description.photometric.startsWith("MONOCHROME")) return { data };
  const stated = paddingOf(dataSet, description);
  const padding = stated && paddingMask(data, stated);
  const modalities = modalitiesOf(frames, dataSet);
  const [first] = modalities;
  const unit = modalities.every((one) => one.unit === first.unit) ? first.unit : undefined;
  const alike = modalities.every((one) => sameModality(one, first));
  const values = alike ? applyModality(data, first, description) : eachFrame(frames, modalities);
  return { data: values, ...(unit && { unit }), ...(padding && { padding }) };
}

/** The data set that holds for a frame: its functional groups laid over what is said of all. */
export function frameDataSet(dataSet: DataSet, frame: number): DataSet {
  return functionalGroups(dataSet)?.view(frame) ?? dataSet;
}

function modalitiesOf({ frames, description }: Frames, dataSet: DataSet): Modality[] {
  const groups = functionalGroups(dataSet);
  if (!groups) return [modalityOf(dataSet, description)];
  return frames.map((frame) => modalityOf(groups.view(frame), description));
}

function sameModality(a: Modality, b: Modality): boolean {
  if (a === b) return true;
  if (a.kind !== "linear" || b.kind !== "linear") return false;
  return a.slope === b.slope && a.intercept === b.intercept;
}

function eachFrame(frames: Frames, modalities: readonly Modality[]): VoxelArray {
  const { description, data } = frames;
  const size = frameValues(description);
  const types = new Set(modalities.map((one) => modalityType(one, description)));
  const together = makeVoxels(commonType(types), data.length);
  for (const [index, modality] of modalities.entries()) {
    const stored = data.subarray(index * size, (index + 1) * size);
    together.set(applyModality(stored, modality, description), index * size);
  }
  return together;
}

function commonType(types: ReadonlySet<VoxelType>): VoxelType {
  if (types.size === 1) return [...types][0];
  const exact = [...types].every((type) => /^(u?int(8|16)|float32)$/.test(type));
  return exact ? "float32" : "float64";
}
