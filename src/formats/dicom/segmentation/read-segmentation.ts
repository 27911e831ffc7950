// Loads a segmentation of the patient (PS3.3 A.51, C.8.20) onto the even grid that its frames share.

import {
  type ByteSource,
  makeImage,
  RoentgenError,
  type WorkOptions,
} from "../../../base/index.ts";
import { readDicom } from "../data-set/read-dicom.ts";
import { acquisitionOf } from "../series/acquisition.ts";
import type { DicomVolumeImage } from "../series/read-volume.ts";
import type { DicomVolume } from "../series/volume-entry.ts";
import { loadSegments, type SegmentDecoding } from "./load-segments.ts";
import { segmentsOf } from "./segments.ts";

export type SegmentationReading = SegmentDecoding & Pick<WorkOptions, "onProgress">;

const MOST_BYTES = 2 ** 32;

/** @throws RoentgenError "value-invalid" for a fractional one without Maximum Fractional Value, "too-large" */
export async function readSegmentation(
  source: ByteSource,
  { segmentation: frames = [], geometry, notes }: DicomVolume,
  { onProgress, ...decoding }: SegmentationReading = {},
): Promise<DicomVolumeImage> {
  if (!geometry)
    throw new RoentgenError("value-missing", { problem: "The segmentation has no grid" });
  const file = await readDicom(source);
  const whole = { source, file, frames, size: geometry.size, mostBytes: MOST_BYTES };
  const loaded = await loadSegments({ ...whole, decoding, onProgress });
  const { data, channels, background, note } = loaded;
  return {
    image: makeImage({ geometry, data, channels }),
    acquisition: { ...acquisitionOf(file.dataSet), Segments: segmentsOf(file.dataSet) },
    background,
    notes: [note, ...notes],
  };
}
