// Attributes that go into the parameters of an acquisition: BIDS' name, DICOM's tag, and the unit it is turned to.

import type { DataSet } from "../data-set/data-set.ts";
import { type Attribute, numbers, text, texts } from "../data-set/values.ts";

export type AcquisitionValue =
  | string
  | number
  | boolean
  | readonly string[]
  | readonly number[]
  | readonly (readonly number[])[]
  | readonly { readonly [name: string]: string | number }[];

type Reading = (dataSet: DataSet) => AcquisitionValue | undefined;

/** Text, several values joined by the backslash that DICOM writes between them. */
const words =
  (attribute: Attribute): Reading =>
  (dataSet) =>
    texts(dataSet, attribute).join("\\") || undefined;

/** The first of some attributes that holds a number, times a factor; of `above`, only numbers greater. */
const quantity =
  (
    attributes: Attribute | readonly Attribute[],
    { times = 1, above = Number.NEGATIVE_INFINITY } = {},
  ): Reading =>
  (dataSet) => {
    for (const attribute of [attributes].flat() as Attribute[]) {
      const value = numbers(dataSet, attribute)[0];
      if (value !== undefined && Number.isFinite(value) && value > above) return value * times;
    }
    return undefined;
  };

/** A CS that says NONE, or what. */
const unlessNone =
  (attribute: Attribute): Reading =>
  (dataSet) => {
    const value = text(dataSet, attribute);
    return value === undefined ? undefined : value !== "NONE";
  };

const MS = { times: 1e-3, above: 0 };

/** In the order in which dcm2niix writes them. */
export const ATTRIBUTES: Readonly<Record<string, Reading>> = {
  Modality: words("Modality"),
  MagneticFieldStrength: quantity("MagneticFieldStrength", { above: 0 }),
  ImagingFrequency: quantity(["ImagingFrequency", 0x00189098], { above: 0 }),
  Manufacturer: (dataSet) => manufacturer(text(dataSet, "Manufacturer")),
  ManufacturersModelName: words("ManufacturerModelName"),
  InstitutionName: words("InstitutionName"),
  InstitutionalDepartmentName: words(0x00081040),
  InstitutionAddress: words(0x00080081),
  DeviceSerialNumber: words("DeviceSerialNumber"),
  StationName: words("StationName"),
  BodyPart: words("BodyPartExamined"),
  PatientPosition: words("PatientPosition"),
  ProcedureStepDescription: words("PerformedProcedureStepDescription"),
  SoftwareVersions: words("SoftwareVersions"),
  MRAcquisitionType: words("MRAcquisitionType"),
  StudyDescription: words("StudyDescription"),
  SeriesDescription: words("SeriesDescription"),
  ProtocolName: words("ProtocolName"),
  ScanningSequence: words("ScanningSequence"),
  SequenceVariant: words("SequenceVariant"),
  ScanOptions: words("ScanOptions"),
  SequenceName: (dataSet) => text(dataSet, "SequenceName") ?? text(dataSet, 0x00189005),
  ImageType: (dataSet) => nonEmpty(texts(dataSet, "ImageType")),
  SeriesNumber: quantity("SeriesNumber"),
  AcquisitionTime: (dataSet) => clockTime(dataSet),
  AcquisitionNumber: quantity("AcquisitionNumber"),
  ImageComments: words("ImageComments"),
  SliceThickness: quantity("SliceThickness", { above: 0 }),
  SpacingBetweenSlices: quantity("SpacingBetweenSlices"),
  SAR: quantity("SAR", { above: 0 }),
  EchoNumber: quantity("EchoNumbers", { above: 1 }),
  EchoTime: quantity(["EffectiveEchoTime", "EchoTime"], MS),
  RepetitionTime: quantity("RepetitionTime", MS),
  InversionTime: quantity(["InversionTimes", "InversionTime"], MS),
  MTState: unlessNone(0x00189020),
  SpoilingState: unlessNone(0x00189016),
  FlipAngle: quantity("FlipAngle", { above: 0 }),
  ReceiveCoilName: words("ReceiveCoilName"),
  PercentPhaseFOV: quantity("PercentPhaseFieldOfView", { above: 0 }),
  PercentSampling: quantity("PercentSampling", { above: 0 }),
  EchoTrainLength: quantity(["EchoTrainLength", 0x00189241], { above: 1 }),
  PartialFourierDirection: words(0x00189036),
  PhaseEncodingSteps: quantity(["NumberOfPhaseEncodingSteps", 0x00189231], { above: 0 }),
  FrequencyEncodingSteps: quantity(0x00189058, { above: 0 }),
  PhaseEncodingStepsOutOfPlane: quantity(0x00189232, { above: 0 }),
  ParallelReductionFactorInPlane: quantity("ParallelReductionFactorInPlane", { above: 0 }),
  ParallelAcquisitionTechnique: words(0x00189078),
  ParallelReductionFactorOutOfPlane: quantity(0x00189155, { above: 0 }),
  AcquisitionDuration: quantity("AcquisitionDuration", { above: 0 }),
  NumberOfKSpaceTrajectories: quantity(0x00189093, { above: 0 }),
  PixelBandwidth: quantity("PixelBandwidth", { above: 0 }),
  ContrastBolusIngredient: words("ContrastBolusAgent"),
  // CT and projection radiography.
  KVP: quantity("KVP", { above: 0 }),
  ConvolutionKernel: words("ConvolutionKernel"),
  XRayTubeCurrent: quantity(["XRayTubeCurrent", "XRayTubeCurrentInmA"], { above: 0 }),
  XRayExposure: quantity("Exposure", { above: 0 }),
  ExposureTime: quantity("ExposureTime", MS),
  GantryDetectorTilt: quantity("GantryDetectorTilt"),
  CTDIvol: quantity("CTDIvol", { above: 0 }),
  // PET.
  Radiopharmaceutical: (dataSet) => ofIsotope(words("Radiopharmaceutical"))(dataSet),
  RadionuclidePositronFraction: (dataSet) =>
    ofIsotope(quantity("RadionuclidePositronFraction"))(dataSet),
  RadionuclideTotalDose: (dataSet) => ofIsotope(quantity("RadionuclideTotalDose"))(dataSet),
  RadionuclideHalfLife: (dataSet) => ofIsotope(quantity("RadionuclideHalfLife"))(dataSet),
  DoseCalibrationFactor: quantity("DoseCalibrationFactor", { above: 0 }),
  Units: words("Units"),
  DecayCorrection: words("DecayCorrection"),
  AttenuationCorrectionMethod: words("AttenuationCorrectionMethod"),
  ScatterCorrectionMethod: words("ScatterCorrectionMethod"),
  RandomsCorrectionMethod: words("RandomsCorrectionMethod"),
  ReconstructionMethod: words(0x00541103),
};

/** What the first item of Radiopharmaceutical Information says. */
function ofIsotope(reading: Reading): Reading {
  return ({ elements }) => {
    const element = elements.get(0x00540016);
    const [item] = element?.kind === "sequence" ? element.items : [];
    return item && reading(item);
  };
}

function nonEmpty(values: readonly string[]): readonly string[] | undefined {
  return values.length > 0 ? values : undefined;
}

const MAKERS: readonly [RegExp, string][] = [
  [/siemens/i, "Siemens"],
  [/philips/i, "Philips"],
  [/^ge\b|general electric|gems/i, "GE"],
  [/toshiba/i, "Toshiba"],
  [/canon/i, "Canon"],
  [/\buih\b|united imaging/i, "UIH"],
  [/bruker/i, "Bruker"],
  [/hitachi/i, "Hitachi"],
  [/mediso/i, "Mediso"],
];

/** Makers under one name each; others as they are. */
function manufacturer(stated: string | undefined): string | undefined {
  return MAKERS.find(([pattern]) => stated && pattern.test(stated))?.[1] ?? stated;
}

/** HH:MM:SS.ffffff */
function clockTime(dataSet: DataSet): string | undefined {
  const time = text(dataSet, "AcquisitionTime") ?? text(dataSet, "AcquisitionDateTime")?.slice(8);
  const match = /^(\d{2})(\d{2})(\d{2})(?:\.(\d{1,6}))?/.exec(time ?? "");
  if (!match) return undefined;
  const [hours, minutes, seconds, fraction = ""] = match.slice(1);
  return `${hours}:${minutes}:${seconds}.${fraction.padEnd(6, "0")}`;
}
