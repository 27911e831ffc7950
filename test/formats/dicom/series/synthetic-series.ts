// DICOM files made for tests: small slices whose pixels say which slice they are.

import { type ByteSource, memorySource, type Triple } from "../../../../src/base/index.ts";
import {
  makeDataSet,
  type PlainDataSet,
} from "../../../../src/formats/dicom/data-set/make-data-set.ts";
import { writeDicom } from "../../../../src/formats/dicom/data-set/write-dicom.ts";
import { joinBytes } from "../../../../src/formats/elements/join-bytes.ts";

export const CT = "1.2.840.10008.5.1.4.1.1.2";
const MR = "1.2.840.10008.5.1.4.1.1.4";
export const ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.4.1";
export const AXIAL = [1, 0, 0, 0, 1, 0];
export const SAGITTAL = [0, 1, 0, 0, 0, -1];
export const CORONAL = [1, 0, 0, 0, 0, -1];
/** Turned about two axes; unit vectors at right angles to twelve digits. */
export const OBLIQUE = [0.866025403784, 0.5, 0, -0.25, 0.433012701892, 0.866025403784];

export const COLUMNS = 4;
export const ROWS = 3;

let made = 0;

/** A file of one slice; `value` fills its pixels, plus the pixel's index. */
export function slice({
  position,
  value,
  ...attributes
}: { position?: Triple; value: number } & PlainDataSet): ByteSource {
  made += 1;
  const pixels = Uint16Array.from({ length: ROWS * COLUMNS }, (_, at) => value + at);
  const dataSet = makeDataSet({
    SOPClassUID: MR,
    SOPInstanceUID: `1.2.3.${made}`,
    StudyInstanceUID: "1.2.3",
    SeriesInstanceUID: "1.2.3.0",
    PatientID: "P1",
    Modality: "MR",
    SeriesNumber: 1,
    InstanceNumber: made,
    ...(position && { ImagePositionPatient: [...position], ImageOrientationPatient: AXIAL }),
    ...(position && { PixelSpacing: [2, 1.5], SliceThickness: 3 }),
    Rows: ROWS,
    Columns: COLUMNS,
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 0,
    PixelData: pixels,
    ...attributes,
  });
  return memorySource(joinBytes(writeDicom(dataSet)), `file-${made}`);
}

/** Slices at (0, 0, z), the z-th worth 100 · z … */
export function axialStack(
  zs: readonly number[],
  attributes: PlainDataSet = {},
  base = 0,
): ByteSource[] {
  return zs.map((z) =>
    slice({ position: [0, 0, z], value: base + Math.round(100 * z), ...attributes }),
  );
}

/** Points of an order that no sorting by name or time would give. */
export function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item, at) => ({ item, key: (at * 7919 + 31) % 101 }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
