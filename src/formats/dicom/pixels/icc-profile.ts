// The ICC profile of an image (PS3.3 C.11.15), as it is; nothing here applies it.

import type { ByteSource } from "../../../base/index.ts";
import type { DataSet, DicomFile } from "../data-set/data-set.ts";
import { readElementBytes } from "../data-set/read-dicom.ts";
import { element, sequence } from "../data-set/values.ts";

const ICC_PROFILE = 0x00282000;
const OPTICAL_PATHS = 0x00480105;

/** Bytes of the profile: the image's own, or that of its first optical path (microscopy); undefined without one. */
export async function readIccProfile(
  source: ByteSource,
  { dataSet }: Pick<DicomFile, "dataSet">,
): Promise<Uint8Array | undefined> {
  const places: DataSet[] = [dataSet, ...sequence(dataSet, OPTICAL_PATHS)];
  const found = places.map((place) => element(place, ICC_PROFILE)).find((one) => one !== undefined);
  return found && readElementBytes(source, found);
}
