// The kinds of DICOM image that are written, and the attributes each demands: PS3.3 sections A.3 (CT), A.4 (MR),
// A.6 and A.7 (ultrasound), A.8 (secondary capture) and A.26 (digital X-ray).

import type { PlainDataSet } from "../data-set/make-data-set.ts";

/** CT, MR: slices with a place in the patient. DX: a film. US: a frame or cine. OT: secondary capture. */
export const writtenModalities = ["CT", "MR", "DX", "US", "OT"] as const;
export type WrittenModality = (typeof writtenModalities)[number];

export interface ObjectKind {
  /** SOP Class UID. */
  readonly sopClass: string;
  /** Whether its pixels are 8 bits only. */
  readonly bytesOnly: boolean;
  /** Whether it has Rescale Slope and Intercept. */
  readonly rescale: boolean;
  /** Whether it may hold red, green and blue. */
  readonly color: boolean;
  readonly attributes: PlainDataSet;
}

const US_MULTI_FRAME = "1.2.840.10008.5.1.4.1.1.3.1";

const KINDS: Readonly<Record<WrittenModality, ObjectKind>> = {
  CT: {
    sopClass: "1.2.840.10008.5.1.4.1.1.2",
    bytesOnly: false,
    rescale: true,
    color: false,
    attributes: {
      ImageType: ["DERIVED", "SECONDARY", "AXIAL"],
      KVP: null,
      AcquisitionNumber: null,
      RescaleType: "HU",
    },
  },
  MR: {
    sopClass: "1.2.840.10008.5.1.4.1.1.4",
    bytesOnly: false,
    rescale: true,
    color: false,
    attributes: {
      ImageType: ["DERIVED", "SECONDARY", "OTHER"],
      ScanningSequence: "RM",
      SequenceVariant: "NONE",
      ScanOptions: null,
      MRAcquisitionType: null,
      RepetitionTime: null,
      EchoTime: null,
      EchoTrainLength: null,
      AcquisitionNumber: null,
    },
  },
  DX: {
    sopClass: "1.2.840.10008.5.1.4.1.1.1.1",
    bytesOnly: false,
    rescale: true,
    color: false,
    attributes: {
      ImageType: ["DERIVED", "PRIMARY"],
      PresentationIntentType: "FOR PRESENTATION",
      PixelIntensityRelationship: "LOG",
      PixelIntensityRelationshipSign: -1,
      RescaleType: "US",
      PresentationLUTShape: "IDENTITY",
      LossyImageCompression: "00",
      BurnedInAnnotation: "NO",
      ImageLaterality: "U",
      AcquisitionContextSequence: [],
      DetectorType: null,
      PatientOrientation: ["L", "F"],
    },
  },
  US: {
    sopClass: "1.2.840.10008.5.1.4.1.1.6.1",
    bytesOnly: true,
    rescale: false,
    color: true,
    attributes: {
      ImageType: ["DERIVED", "PRIMARY"],
      LossyImageCompression: "00",
      PatientOrientation: null,
    },
  },
  OT: {
    sopClass: "1.2.840.10008.5.1.4.1.1.7",
    bytesOnly: false,
    rescale: true,
    color: true,
    attributes: {
      ImageType: ["DERIVED", "SECONDARY"],
      ConversionType: "WSD",
      PatientOrientation: null,
    },
  },
};

/** What an image of a modality is written as. */
export function objectKind(modality: WrittenModality, frames: number): ObjectKind {
  const kind = KINDS[modality];
  return modality === "US" && frames > 1 ? { ...kind, sopClass: US_MULTI_FRAME } : kind;
}

/** Codes of SNOMED CT for body parts (PS3.16 table L-1), which films state besides. */
const REGIONS: Readonly<Record<string, readonly [code: string, meaning: string]>> = {
  ABDOMEN: ["818981001", "Abdomen"],
  CHEST: ["816094009", "Chest"],
  FOOT: ["56459004", "Foot"],
  HAND: ["85562004", "Hand"],
  HEAD: ["69536005", "Head"],
  KNEE: ["72696002", "Knee"],
  PELVIS: ["816092008", "Pelvis"],
  SPINE: ["421060004", "Spine"],
};

/** The code of a film's body part; a part without one is left out, since it would contradict an empty sequence. */
export function codedRegion(bodyPart: string | undefined): PlainDataSet {
  const found = bodyPart === undefined ? undefined : REGIONS[bodyPart];
  if (!found) return { BodyPartExamined: undefined, AnatomicRegionSequence: [] };
  const [CodeValue, CodeMeaning] = found;
  return { AnatomicRegionSequence: [{ CodeValue, CodingSchemeDesignator: "SCT", CodeMeaning }] };
}

/** One region over the whole frame, in cm (PS3.3 C.8.5.5). */
export function ultrasoundRegion(
  [columns, rows]: readonly [number, number],
  [x, y]: readonly [number, number],
): PlainDataSet {
  const CENTIMETRES = 3;
  return {
    SequenceOfUltrasoundRegions: [
      {
        RegionSpatialFormat: 1,
        RegionDataType: 1,
        RegionFlags: 0,
        RegionLocationMinX0: 0,
        RegionLocationMinY0: 0,
        RegionLocationMaxX1: columns - 1,
        RegionLocationMaxY1: rows - 1,
        PhysicalUnitsXDirection: CENTIMETRES,
        PhysicalUnitsYDirection: CENTIMETRES,
        PhysicalDeltaX: x / 10,
        PhysicalDeltaY: y / 10,
      },
    ],
  };
}
