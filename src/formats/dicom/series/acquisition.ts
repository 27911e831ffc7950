// Parameters of the acquisition under the names of BIDS and dcm2niix, for a sidecar beside the image.

import type { PatientGeometry } from "../../../base/index.ts";
import type { DataSet } from "../data-set/data-set.ts";
import { numbers } from "../data-set/values.ts";
import { type AcquisitionValue, ATTRIBUTES } from "./acquisition-attributes.ts";
import { csaImageHeader } from "./csa-header.ts";
import { gradientTable } from "./gradient-table.ts";
import { phaseEncodingOf } from "./phase-encoding.ts";
import { sliceTiming } from "./slice-timing.ts";
import type { DicomVolume } from "./volume-entry.ts";

/**
 * Names and units are those of BIDS (times in seconds) where it has them, else of dcm2niix. Axes ("j-", bvecs) are
 * those of the image it belongs to.
 */
export type Acquisition = Readonly<Record<string, AcquisitionValue>>;

/** What more is known of a volume than its first header says. */
export interface VolumeContext {
  readonly volume: DicomVolume;
  /** Of the first stack, the header that holds for each slice. */
  readonly slices: readonly DataSet[];
  readonly geometry: PatientGeometry;
}

/** @param dataSet a header, of a multi-frame object the view of its first frame */
export function acquisitionOf(dataSet: DataSet, context?: VolumeContext): Acquisition {
  const values: Record<string, AcquisitionValue | undefined> = {};
  for (const [name, read] of Object.entries(ATTRIBUTES)) values[name] = read(dataSet);
  Object.assign(values, context && ofVolume(dataSet, context));
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Acquisition;
}

function ofVolume(
  dataSet: DataSet,
  { volume, slices, geometry }: VolumeContext,
): Record<string, AcquisitionValue | undefined> {
  const [columns, rows] = volume.size;
  const csa = csaImageHeader(dataSet);
  const tiles = volume.frames[0].map((ref) => ref?.tile);
  const isMosaic = tiles.every((tile) => tile !== undefined);
  const isResampled = geometry.size[2] !== volume.size[2];
  const timed = volume.series.modality === "MR" && !isResampled;
  const orientation = numbers(dataSet, "ImageOrientationPatient");
  const table = volume.diffusion && gradientTable(volume.diffusion, geometry);
  return {
    ...phaseEncodingOf(dataSet, { columns, rows, csa }),
    SliceTiming: timed
      ? sliceTiming(slices, { tiles: isMosaic ? tiles : undefined, csa })
      : undefined,
    ImageOrientationPatientDICOM: orientation.length === 6 ? orientation : undefined,
    bvals: table?.bvals,
    bvecs: table?.bvecs,
  };
}
