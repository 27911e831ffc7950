// Parameters of the acquisition under the names of BIDS and dcm2niix.

import type { PatientGeometry } from "../../../base/index.ts";
import type { DataSet } from "../data-set/data-set.ts";
import type { DicomVolume } from "./volume-entry.ts";

/** Names and units are those of BIDS (times in seconds) where it has them, else of dcm2niix. */
export type Acquisition = Readonly<Record<string, AcquisitionValue>>;

export type AcquisitionValue =
  | string
  | number
  | boolean
  | readonly string[]
  | readonly number[]
  | readonly (readonly number[])[];

export function acquisitionOf(
  _volume: DicomVolume,
  _context: { first: DataSet; slices: readonly DataSet[]; geometry: PatientGeometry },
): Acquisition {
  return {};
}
