// An image as a DICOM series: a file a slice of a volume, a file a film or cine (PS3.3 annex A, classic objects).

import {
  applyAffine,
  checkParameters,
  type Image,
  indexToWorld,
  integer,
  type OptionsOf,
  oneOf,
  type PatientGeometry,
  parameters,
  RoentgenError,
  type SettingsOf,
  words,
} from "../../../base/index.ts";
import type { WrittenFile } from "../../images/image-file.ts";
import { dicomUid } from "../data-set/dicom-uid.ts";
import { makeDataSet, type PlainDataSet } from "../data-set/make-data-set.ts";
import { writeDicom } from "../data-set/write-dicom.ts";
import { fingerprint } from "./fingerprint.ts";
import {
  codedRegion,
  type ObjectKind,
  objectKind,
  ultrasoundRegion,
  type WrittenModality,
  writtenModalities,
} from "./object-kinds.ts";
import { planeLayout, planesOf, type StoredPlane } from "./planes-of-image.ts";
import { type StoredValues, storeBytes, storeValues } from "./stored-values.ts";

const date = () => words().regex(/^\d{8}$/, { error: "a date such as 20261123" });
const uid = () => words().regex(/^[0-9.]{1,64}$/, { error: "a UID" });

/** What a series says beside its pixels. */
export const seriesParameters = parameters({
  /** By default CT for Hounsfield units, OT (secondary capture) for images without a place in the patient. */
  modality: oneOf(...writtenModalities).optional(),
  patientId: words().default("ANONYMOUS"),
  patientName: words().default("Anonymous^"),
  patientSex: oneOf("M", "F", "O", "").default(""),
  patientBirthDate: date().optional(),
  studyDate: date().optional(),
  studyDescription: words().optional(),
  seriesDescription: words().optional(),
  seriesNumber: integer({ min: 0, max: 2 ** 31 - 1 }).default(1),
  bodyPart: words().optional(),
  /** Join the series to a study, and to others in one frame of reference; made from the image by default. */
  studyUid: uid().optional(),
  frameOfReferenceUid: uid().optional(),
});

export type DicomSeriesOptions = OptionsOf<typeof seriesParameters>;
type SeriesSettings = SettingsOf<typeof seriesParameters>;

/**
 * The files of a DICOM series that holds an image, explicit VR little endian. A volume has a file for each slice (and
 * time point), placed where it is; a film or cine has one. Whole numbers within 16 bits are stored as they are, others
 * spread over 16 bits with a slope. UIDs are made from the image and options: the same give the same.
 * @param path a folder, or a name ending in .dcm where there is one file
 * @throws RoentgenError "value-missing" where the modality can't be told, "shape-mismatch" for several files under
 *   one name, "format-unsupported" for what the modality can't hold
 */
export function writeDicomSeries(
  image: Image,
  path: string,
  options: DicomSeriesOptions = {},
): WrittenFile[] {
  const settings = checkParameters(seriesParameters, options, "DICOM series");
  const series = describeSeries(image, settings);
  const planes = [...planesOf(image, series.stored.data)];
  const files = series.isCine
    ? [cineFile(series, planes)]
    : planes.map((plane) => planeFile(series, plane));
  const names = fileNames(path, files.length);
  return files.map((content, at) => ({ path: names[at], content }));
}

function fileNames(path: string, count: number): string[] {
  if (/\.dcm$/i.test(path)) {
    if (count === 1) return [path];
    throw new RoentgenError("shape-mismatch", {
      problem: `${path} can hold one slice`,
      found: `${count} slices`,
      remedy: "Name a folder; a series is a file a slice.",
      subject: path,
    });
  }
  const digits = Math.max(4, `${count}`.length);
  const folder = path.replace(/[/\\]+$/, "");
  return Array.from(
    { length: count },
    (_, at) => `${folder}/${`${at + 1}`.padStart(digits, "0")}.dcm`,
  );
}

interface Series {
  readonly image: Image;
  readonly kind: ObjectKind;
  readonly stored: StoredValues;
  readonly isCine: boolean;
  readonly entries: number;
  readonly samples: 1 | 3;
  /** Attributes that all files share. */
  readonly shared: PlainDataSet;
  readonly uidOf: (purpose: string, sample?: number) => string;
}

function describeSeries(image: Image, settings: SeriesSettings): Series {
  const { samples, slices, entries } = planeLayout(image);
  const modality = settings.modality ?? modalityOf(image);
  const frames = image.geometry.frame === "pixels" ? slices * entries : 1;
  const kind = objectKind(modality, frames);
  checkFits(image, { kind, modality, samples });
  const stored = kind.bytesOnly || samples === 3 ? storeBytes(image.data) : storeValues(image.data);
  const seed = fingerprint(stored.data, JSON.stringify([settings, image.geometry, image.channels]));
  const uidOf = (purpose: string, sample = 0) => dicomUid({ seed, purpose, sample });
  const isCine = modality === "US" && frames > 1;
  const shared = {
    ...patientAndStudy(settings, uidOf),
    ...kind.attributes,
    ...(modality === "DX" && { Laterality: undefined, ...codedRegion(settings.bodyPart) }),
    Modality: modality,
    SOPClassUID: kind.sopClass,
    ...pixelAttributes(image, { stored, samples, kind }),
    ...placeOfAll(image, { settings, modality, uidOf }),
  };
  return { image, kind, stored, isCine, entries, samples, shared, uidOf };
}

/** @throws RoentgenError "value-missing" for values that say nothing of where they come from */
function modalityOf({ geometry, unit }: Image): WrittenModality {
  if (geometry.frame === "pixels") return "OT";
  if (unit === "HU") return "CT";
  throw new RoentgenError("value-missing", {
    problem: "Cannot write the volume as DICOM: its modality is not known",
    expected: "Hounsfield units, or a modality",
    found: unit ? `values in ${unit}` : "values without a unit",
    remedy: "Say which it is: CT or MR.",
    subject: "modality",
  });
}

function checkFits(
  { geometry }: Image,
  { kind, modality, samples }: { kind: ObjectKind; modality: WrittenModality; samples: 1 | 3 },
): void {
  const isStack = modality === "CT" || modality === "MR";
  const problem =
    isStack && geometry.frame === "pixels"
      ? "its place in the patient is not known"
      : !isStack && geometry.frame === "LPS" && geometry.size[2] > 1
        ? "such objects have no slices"
        : samples === 3 && !kind.color
          ? "such objects have no colours"
          : undefined;
  if (!problem) return;
  throw new RoentgenError("format-unsupported", {
    problem: `Cannot write the image as ${modality}: ${problem}`,
    remedy: isStack ? "Choose OT, a secondary capture." : "Choose another modality.",
    subject: "modality",
  });
}

function patientAndStudy(settings: SeriesSettings, uidOf: Series["uidOf"]): PlainDataSet {
  return {
    PatientName: settings.patientName,
    PatientID: settings.patientId,
    PatientBirthDate: settings.patientBirthDate ?? null,
    PatientSex: settings.patientSex || null,
    StudyInstanceUID: settings.studyUid ?? uidOf("study"),
    StudyDate: settings.studyDate ?? null,
    StudyTime: null,
    ReferringPhysicianName: null,
    StudyID: "1",
    AccessionNumber: null,
    StudyDescription: settings.studyDescription,
    SeriesInstanceUID: uidOf("series"),
    SeriesNumber: settings.seriesNumber,
    SeriesDescription: settings.seriesDescription,
    // Empty where it is unknown whether the part is one of a pair (PS3.3 C.7.3.1); films say it for the image.
    ...(settings.bodyPart ? { BodyPartExamined: settings.bodyPart } : { Laterality: null }),
    Manufacturer: "Roentgen",
  };
}

function pixelAttributes(
  { geometry }: Image,
  { stored, samples, kind }: { stored: StoredValues; samples: 1 | 3; kind: ObjectKind },
): PlainDataSet {
  const [columns, rows] = geometry.size;
  const bits = stored.data.BYTES_PER_ELEMENT * 8;
  return {
    SamplesPerPixel: samples,
    PhotometricInterpretation: samples === 3 ? "RGB" : "MONOCHROME2",
    ...(samples === 3 && { PlanarConfiguration: 0 }),
    Rows: rows,
    Columns: columns,
    BitsAllocated: bits,
    BitsStored: bits,
    HighBit: bits - 1,
    PixelRepresentation: stored.data instanceof Int16Array ? 1 : 0,
    ...(samples === 1 && rescaleOf(stored, kind)),
    ...(samples === 1 && kind.rescale && windowOf(stored, kind)),
  };
}

/** Objects that state no rescale get one only where the values need it. */
function rescaleOf({ slope, intercept }: StoredValues, kind: ObjectKind): PlainDataSet {
  const isNeeded = slope !== 1 || intercept !== 0;
  const isDemanded = "RescaleType" in kind.attributes;
  if (!kind.rescale || !(isNeeded || isDemanded)) return {};
  return {
    RescaleSlope: slope,
    RescaleIntercept: intercept,
    RescaleType: kind.attributes.RescaleType ?? "US",
  };
}

/** What viewers show first: soft tissue of CT, else the whole range. */
function windowOf({ range: [low, high] }: StoredValues, kind: ObjectKind): PlainDataSet {
  const [center, width] =
    kind.attributes.RescaleType === "HU" ? [40, 400] : [(low + high) / 2, Math.max(1, high - low)];
  return { WindowCenter: center, WindowWidth: width };
}

/** What says where the pixels are, as far as it is the same in all files. */
function placeOfAll(
  { geometry }: Image,
  {
    settings,
    modality,
    uidOf,
  }: { settings: SeriesSettings; modality: WrittenModality; uidOf: Series["uidOf"] },
): PlainDataSet {
  const { spacing, size } = geometry;
  const inPlane = spacing && [spacing[1], spacing[0]];
  if (geometry.frame === "LPS" && (modality === "CT" || modality === "MR")) {
    const d = geometry.direction;
    return {
      PixelSpacing: inPlane,
      SliceThickness: geometry.spacing[2],
      ...(modality === "MR" && { SpacingBetweenSlices: geometry.spacing[2] }),
      ImageOrientationPatient: [d[0], d[3], d[6], d[1], d[4], d[7]],
      FrameOfReferenceUID: settings.frameOfReferenceUid ?? uidOf("frame-of-reference"),
      PositionReferenceIndicator: null,
      PatientPosition: null,
    };
  }
  if (!spacing || !inPlane) return {};
  if (modality === "US") return ultrasoundRegion([size[0], size[1]], [spacing[0], spacing[1]]);
  // The distance at the detector is what a film states; without magnification it is that in the patient.
  return modality === "DX" ? { ImagerPixelSpacing: inPlane } : { PixelSpacing: inPlane };
}

function planeFile(series: Series, plane: StoredPlane): Uint8Array[] {
  const { image, shared, entries, uidOf } = series;
  const { size, frame } = image.geometry;
  const instance = plane.entry * size[2] + plane.slice;
  return writeDicom(
    makeDataSet({
      ...shared,
      SOPInstanceUID: uidOf("instance", instance),
      InstanceNumber: instance + 1,
      ...(frame === "LPS" && placeOfSlice(series, image.geometry as PatientGeometry, plane.slice)),
      ...(entries > 1 && frame === "LPS" && momentOf(image, plane.entry, entries)),
      PixelData: plane.pixels,
    }),
  );
}

function placeOfSlice({ shared }: Series, geometry: PatientGeometry, slice: number): PlainDataSet {
  if (!("ImageOrientationPatient" in shared)) return {};
  return { ImagePositionPatient: [...applyAffine(indexToWorld(geometry), [0, 0, slice])] };
}

/** Which time point, echo or b-value: the number of the entry, and the moment where the axis is time. */
function momentOf({ channels }: Image, entry: number, entries: number): PlainDataSet {
  const [axis] = channels;
  const value = channels.length === 1 ? axis.values?.[entry] : undefined;
  return {
    AcquisitionNumber: entry + 1,
    TemporalPositionIdentifier: entry + 1,
    NumberOfTemporalPositions: entries,
    ...(axis.name === "time" && value !== undefined && { AcquisitionTime: clock(value) }),
  };
}

/** Seconds since midnight as HHMMSS.FFFFFF. */
function clock(seconds: number): string {
  const micro = Math.round(seconds * 1e6) % (86400 * 1e6);
  const part = (unit: number, most: number) =>
    `${Math.floor(micro / unit) % most}`.padStart(2, "0");
  const fraction = `${micro % 1e6}`.padStart(6, "0");
  return `${part(3600e6, 24)}${part(60e6, 60)}${part(1e6, 60)}.${fraction}`;
}

/** All planes in one file (PS3.3 A.7), shown at 20 frames a second where the image does not say. */
function cineFile(
  { image, shared, stored, uidOf }: Series,
  planes: readonly StoredPlane[],
): Uint8Array[] {
  const times = image.channels.find(({ name }) => name === "time")?.values;
  const frameTimeMs = times && times.length > 1 ? (times[1] - times[0]) * 1000 : 50;
  const pixels = new Uint8Array(planes.reduce((sum, plane) => sum + plane.pixels.length, 0));
  let at = 0;
  for (const plane of planes) {
    pixels.set(plane.pixels, at);
    at += plane.pixels.length;
  }
  return writeDicom(
    makeDataSet({
      ...shared,
      SOPInstanceUID: uidOf("instance"),
      InstanceNumber: 1,
      NumberOfFrames: planes.length,
      FrameIncrementPointer: 0x00181063,
      FrameTime: frameTimeMs,
      PixelData: stored.data.BYTES_PER_ELEMENT === 1 ? pixels : undefined,
    }),
  );
}
