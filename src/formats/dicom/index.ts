// DICOM: data sets, pixels, and from files in any order to volumes whose geometry is true.

export { readDicom } from "./data-set/read-dicom.ts";
export type { Acquisition } from "./series/acquisition.ts";
export {
  type DicomInput,
  type DicomListing,
  type DicomObject,
  type DicomPatient,
  type DicomSeries,
  type DicomStudy,
  listDicom,
  listedEntries,
} from "./series/list-dicom.ts";
export type { ProblemKind, VolumeProblem } from "./series/problems.ts";
export { type DicomImage, type ReadImagesOptions, readImages } from "./series/read-images.ts";
export { type DicomVolumeImage, type ReadVolumeOptions, readVolume } from "./series/read-volume.ts";
export type { ScanProblem } from "./series/scan.ts";
export type { DicomEntry, DicomImages, DicomVolume } from "./series/volume-entry.ts";
