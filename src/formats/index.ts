// Bytes to data and back: tables and arrays, a folder a format, and the front door to all of them.

export { readArrow, writeArrow } from "./arrow/index.ts";
export {
  type CsvDialect,
  type CsvOptions,
  type CsvTable,
  type CsvWriteOptions,
  MISSING_WORDS,
  readCsv,
  writeCsv,
} from "./csv/index.ts";
export type { ArrayFile, Data, DataFile, FormatName, NamedTensor, TableFile } from "./data-file.ts";
export {
  type Acquisition,
  type DicomDataSet,
  type DicomDirectory,
  type DicomElement,
  type DicomEntry,
  type DicomFile,
  type DicomFrames,
  type DicomImage,
  type DicomImages,
  type DicomInput,
  type DicomListing,
  type DicomObject,
  type DicomOverlay,
  type DicomPatient,
  type DicomReadOptions,
  type DicomSeries,
  type DicomSeriesOptions,
  type DicomSlide,
  type DicomStudy,
  type DicomTag,
  type DicomVolume,
  type DicomVolumeImage,
  type DicomWriteOptions,
  type DictionaryEntry,
  type DirectoryRecord,
  dicomJson,
  dicomPixelValues,
  dicomUid,
  dicomValues,
  displayPixels,
  filesOfDirectory,
  isDicom,
  type JsonDataSet,
  listDicom,
  listedEntries,
  loadFragments,
  loadValues,
  lookUpTag,
  makeDataSet,
  type NameComponents,
  type PersonName,
  type PlainDataSet,
  type PlainValue,
  type ProblemKind,
  parsePersonName,
  personNames,
  type ReadImagesOptions,
  type ReadSlideOptions,
  type ReadVolumeOptions,
  readDicom,
  readDicomdir,
  readDicomFrames,
  readElementBytes,
  readImages,
  readOverlays,
  readSlide,
  readVolume,
  type ScanProblem,
  type SlidePlace,
  seriesParameters,
  showName,
  suvFactor,
  type TransferSyntax,
  tagOfKeyword,
  transferSyntax,
  type UltrasoundRegion,
  ultrasoundRegions,
  type VolumeProblem,
  type WrittenModality,
  wellKnownPalette,
  writeDicom,
  writeDicomSeries,
  writtenModalities,
} from "./dicom/index.ts";
export { joinBytes } from "./elements/join-bytes.ts";
export { type FormatSupport, type ReadOptions, supportedFormats } from "./formats.ts";
export {
  type GeometryChoice,
  type ImageDescription,
  type ImageFile,
  type ImageFormatName,
  type ImageFormatSupport,
  type ImageHeader,
  type ImageReadOptions,
  type ImageWriteOptions,
  imageFormatOfFile,
  imageFormatsOfPath,
  inspectImage,
  type OpenBeside,
  type ReadImageOptions,
  readImage,
  supportedImageFormats,
  type WriteImageOptions,
  type WrittenFile,
  writeImage,
} from "./images/index.ts";
export { type InspectedData, inspectData } from "./inspect.ts";
export type { KerasFile, KerasLayer } from "./keras/keras-file.ts";
export { readKeras } from "./keras/read-keras.ts";
export type { MatEntry } from "./mat/mat-entry.ts";
export { matToTensor } from "./mat/mat-to-tensor.ts";
export {
  fieldValues,
  type MatCell,
  type MatChar,
  type MatField,
  type MatFunction,
  type MatLogical,
  type MatNumeric,
  type MatObject,
  type MatOpaque,
  type MatSparse,
  type MatStruct,
  type MatValue,
  type MatVariable,
} from "./mat/mat-value.ts";
export { listMat, readMat } from "./mat/read-mat.ts";
export { tensorToMat } from "./mat/tensor-to-mat.ts";
export { type MatWriteOptions, matChunks, writeMat } from "./mat/write-mat.ts";
export { readMetaImage } from "./metaimage/read-metaimage.ts";
export { type MetaImageWriteOptions, writeMetaImage } from "./metaimage/write-metaimage.ts";
export type { NiftiExtension } from "./nifti/extensions.ts";
export type { NiftiSpace } from "./nifti/geometry-fields.ts";
export { type NiftiFile, readNifti } from "./nifti/read-nifti.ts";
export type { NiftiWriteOptions } from "./nifti/write-header.ts";
export { niftiChunks, niftiFiles, writeNifti } from "./nifti/write-nifti.ts";
export type { NpyHeader } from "./npy/header.ts";
export { readNpy, readNpyHeader } from "./npy/read-npy.ts";
export type { NpyRows } from "./npy/read-npy-rows.ts";
export { npyChunks, writeNpy } from "./npy/write-npy.ts";
export { type NpzArchive, openNpz, readNpz } from "./npz/read-npz.ts";
export { type NpzWriteOptions, npzChunks, writeNpz } from "./npz/write-npz.ts";
export { type NrrdReadOptions, readNrrd } from "./nrrd/read-nrrd.ts";
export { type NrrdWriteOptions, writeNrrd } from "./nrrd/write-nrrd.ts";
export { formatOfFile, readData, writeData } from "./open.ts";
export { readParquet, writeParquet } from "./parquet/index.ts";
export { type PytorchFile, readPytorch } from "./pytorch/read-pytorch.ts";
export type { RasterReadOptions } from "./raster/image-formats.ts";
export { type PngFile, readPng } from "./raster/png/read-png.ts";
export { type PngPicture, writePng } from "./raster/png/write-png.ts";
export { readTiff } from "./raster/tiff/read-tiff.ts";
export { writeTiff } from "./raster/tiff/write-tiff.ts";
export {
  crc32,
  readSafetensors,
  type SafetensorsFile,
  type SafetensorsWriteOptions,
  safetensorsChunks,
  writeSafetensors,
} from "./safetensors/index.ts";
export { arraysFromTable, tableFromArrays } from "./tables/array-table.ts";
export { tableFromTensor, tensorFromTable } from "./tables/tensor-table.ts";
export { eventFileHead, type ScalarRecord, scalarRecord } from "./tensorboard/event-file.ts";
export { type ReadWeightsOptions, readWeights } from "./weights/read-weights.ts";
export type { StoredTensor } from "./weights/stored-tensor.ts";
export type { WeightsFile, WeightsFormat } from "./weights/weights-file.ts";
export { weightsFormatOfFile } from "./weights/weights-format.ts";
export { listZip, writeZip, type ZipEntry } from "./zip/index.ts";
