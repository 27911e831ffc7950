// Where the real DICOM data lie, and how tests open what is there.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { openFile } from "#files";
import type { DicomFile } from "../../../../src/formats/dicom/data-set/data-set.ts";
import {
  type DicomReadOptions,
  readDicom,
} from "../../../../src/formats/dicom/data-set/read-dicom.ts";

export const DICOM_DATA = resolve(import.meta.dirname, "../../../../../shared/data/dicom");
export const hasDicomData = existsSync(DICOM_DATA);
export const unlessAbsent = hasDicomData ? "" : " (skipped: ../shared/data is not here)";

export async function readFile(path: string, options?: DicomReadOptions): Promise<DicomFile> {
  const source = await openFile(path);
  try {
    return await readDicom(source, options);
  } finally {
    await source.close();
  }
}
