// DICOM: data sets, pixels, and from files in any order to volumes whose geometry is true.

export type {
  DataSet as DicomDataSet,
  DicomFile,
  Element as DicomElement,
  Tag as DicomTag,
} from "./data-set/data-set.ts";
export { dicomJson, type JsonDataSet } from "./data-set/dicom-json.ts";
export { dicomUid } from "./data-set/dicom-uid.ts";
export { type DictionaryEntry, lookUpTag, tagOfKeyword } from "./data-set/dictionary.ts";
export { loadFragments, loadValues } from "./data-set/load-values.ts";
export { makeDataSet, type PlainDataSet, type PlainValue } from "./data-set/make-data-set.ts";
export {
  type NameComponents,
  type PersonName,
  parsePersonName,
  personNames,
  showName,
} from "./data-set/person-name.ts";
export { type DicomReadOptions, readDicom, readElementBytes } from "./data-set/read-dicom.ts";
export {
  type DicomDirectory,
  type DirectoryRecord,
  filesOfDirectory,
  readDicomdir,
} from "./data-set/read-dicomdir.ts";
export { isDicom } from "./data-set/recognise-dicom.ts";
export { type TransferSyntax, transferSyntax } from "./data-set/transfer-syntaxes.ts";
/** Reads attributes of a data set: `dicomValues.text(dataSet, "PatientID")`. */
export * as dicomValues from "./data-set/values.ts";
export { type DicomWriteOptions, writeDicom } from "./data-set/write-dicom.ts";
export { displayPixels } from "./pixels/display.ts";
export { type Frames as DicomFrames, readFrames as readDicomFrames } from "./pixels/frames.ts";
export { type Overlay as DicomOverlay, readOverlays } from "./pixels/overlays.ts";
export { valuesOf as dicomPixelValues } from "./pixels/pixel-values.ts";
export { wellKnownPalette } from "./pixels/well-known-palettes.ts";
export { suvFactor } from "./quantities/suv.ts";
export { type UltrasoundRegion, ultrasoundRegions } from "./quantities/ultrasound-regions.ts";
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
export type { DicomEntry, DicomImages, DicomSlide, DicomVolume } from "./series/volume-entry.ts";
export { type ReadSlideOptions, readSlide } from "./slide/read-slide.ts";
export type { SlidePlace } from "./slide/slide-place.ts";
export { type WrittenModality, writtenModalities } from "./write-series/object-kinds.ts";
export {
  type DicomSeriesOptions,
  seriesParameters,
  writeDicomSeries,
} from "./write-series/write-series.ts";
