// Pixel spacing of images without a place in the patient, and what it holds for: PS3.3 10.7.1.3, C.8.5.5, C.8.8.2.

import type { DataSet } from "../data-set/data-set.ts";
import { has, number, numbers, sequence, text } from "../data-set/values.ts";
import { pixelSpacing } from "./frame-plane.ts";

export interface ProjectionSpacing {
  /** mm along i and j; undefined where the file does not say it. */
  readonly spacing: readonly [number, number] | undefined;
  /** Where the spacing comes from and what it holds for, or why there is none. */
  readonly note: string;
}

/**
 * Pixel spacing of a film, ultrasound or other flat image. Spacing in the patient goes before that at the detector,
 * which magnification, if stated, takes to the patient. A pixel aspect ratio is no spacing.
 * @param dataSet of a multi-frame object the view of its first frame
 */
export function projectionSpacing(dataSet: DataSet): ProjectionSpacing {
  return (
    ultrasoundSpacing(dataSet) ??
    statedSpacing(dataSet) ??
    detectorSpacing(dataSet) ??
    isocentreSpacing(dataSet) ??
    scannedSpacing(dataSet) ?? { spacing: undefined, note: unknownSpacing(dataSet) }
  );
}

function statedSpacing(dataSet: DataSet): ProjectionSpacing | undefined {
  const spacing = pixelSpacing(dataSet);
  if (!spacing) return undefined;
  const type = text(dataSet, "PixelSpacingCalibrationType");
  const detector = pairOf(dataSet, "ImagerPixelSpacing");
  const isDetector = detector && detector[0] === spacing[0] && detector[1] === spacing[1];
  if (type === "GEOMETRY") {
    return {
      spacing,
      note: "Pixel spacing is calibrated for the patient by geometric magnification.",
    };
  }
  if (type === "FIDUCIAL") {
    return { spacing, note: "Pixel spacing is calibrated by an object of known size." };
  }
  return isDetector
    ? { spacing, note: "Pixel spacing is that at the detector: nothing is said of magnification." }
    : { spacing, note: "Pixel spacing is as stated (0028,0030)." };
}

function detectorSpacing(dataSet: DataSet): ProjectionSpacing | undefined {
  const spacing = pairOf(dataSet, "ImagerPixelSpacing");
  if (!spacing) return undefined;
  const magnification =
    number(dataSet, "EstimatedRadiographicMagnificationFactor") ?? magnificationOf(dataSet);
  if (magnification === undefined || !(magnification > 0)) {
    return {
      spacing,
      note: "Pixel spacing is that at the detector (Imager Pixel Spacing): nothing is said of magnification.",
    };
  }
  return {
    spacing: [spacing[0] / magnification, spacing[1] / magnification],
    note: `Pixel spacing is that at the detector (Imager Pixel Spacing), divided by the magnification of ${Number(magnification.toFixed(4))}.`,
  };
}

/** Distances from the source to detector and patient, as angiography states them. */
function magnificationOf(dataSet: DataSet): number | undefined {
  const detector = number(dataSet, "DistanceSourceToDetector");
  const patient = number(dataSet, "DistanceSourceToPatient");
  if (!detector || !patient || !(detector >= patient && patient > 0)) return undefined;
  return detector / patient;
}

function isocentreSpacing(dataSet: DataSet): ProjectionSpacing | undefined {
  const spacing = pairOf(dataSet, "ImagePlanePixelSpacing");
  return spacing && { spacing, note: "Pixel spacing is that in the image plane of the RT image." };
}

function scannedSpacing(dataSet: DataSet): ProjectionSpacing | undefined {
  const spacing = pairOf(dataSet, "NominalScannedPixelSpacing");
  return spacing && { spacing, note: "Pixel spacing is that on the film that was scanned." };
}

const CENTIMETRES = 3;
const TWO_DIMENSIONAL = 1;

/** Of ultrasound, if all its two-dimensional regions have one spacing (C.8.5.5). */
function ultrasoundSpacing(dataSet: DataSet): ProjectionSpacing | undefined {
  const regions = sequence(dataSet, "SequenceOfUltrasoundRegions").filter(
    (region) =>
      number(region, "RegionSpatialFormat") === TWO_DIMENSIONAL &&
      number(region, "PhysicalUnitsXDirection") === CENTIMETRES &&
      number(region, "PhysicalUnitsYDirection") === CENTIMETRES,
  );
  const spacings = regions.map((region): [number, number] => [
    Math.abs(number(region, "PhysicalDeltaX") ?? 0) * 10,
    Math.abs(number(region, "PhysicalDeltaY") ?? 0) * 10,
  ]);
  const [first] = spacings;
  if (!first || !(first[0] > 0 && first[1] > 0)) return undefined;
  const isOne = spacings.every(([x, y]) => close(x, first[0]) && close(y, first[1]));
  if (isOne) return { spacing: first, note: "Pixel spacing is that of the ultrasound region." };
  return {
    spacing: undefined,
    note: "Ultrasound regions differ in pixel spacing: none holds for the image.",
  };
}

function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-3 * b;
}

/** Between rows, then between columns, turned to i and j. */
function pairOf(
  dataSet: DataSet,
  attribute: "ImagerPixelSpacing" | "NominalScannedPixelSpacing" | "ImagePlanePixelSpacing",
): readonly [number, number] | undefined {
  const [betweenRows, betweenColumns] = numbers(dataSet, attribute);
  return betweenRows > 0 && betweenColumns > 0 ? [betweenColumns, betweenRows] : undefined;
}

function unknownSpacing(dataSet: DataSet): string {
  return has(dataSet, "PixelAspectRatio")
    ? "Pixel spacing is unknown: the file states the pixels' aspect ratio only."
    : "Pixel spacing is unknown.";
}
