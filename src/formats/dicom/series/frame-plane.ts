// Reads where a frame lies: Image Plane (PS3.3 C.7.6.2), RT dose grids, reconstructed NM and Siemens mosaics.

import type { Triple } from "../../../base/index.ts";
import type { DataSet } from "../data-set/data-set.ts";
import { number, numbers, sequence, texts } from "../data-set/values.ts";
import { type FramePlane, normalOf, orientationOf } from "./plane.ts";
import { add, scale } from "./vectors.ts";

/** A plane, or the attributes that would be needed for one. */
export interface PlaneReading {
  readonly plane?: FramePlane;
  readonly missing: readonly string[];
}

/**
 * The plane of an image, or of a frame's merged view (`functionalGroups`): Image Position (0020,0032), Image
 * Orientation (0020,0037) and Pixel Spacing (0028,0030). Of nuclear medicine the first two are the detector's.
 */
export function planeOf(dataSet: DataSet): PlaneReading {
  const [detector] = sequence(dataSet, "DetectorInformationSequence");
  const place = detector && !dataSet.elements.has(0x00200032) ? detector : dataSet;
  const position = positionOf(place);
  const orientation = orientationOf([...numbers(place, "ImageOrientationPatient")]);
  const spacing = pixelSpacing(dataSet);
  const missing = [
    position ? "" : "Image Position (Patient) (0020,0032)",
    orientation ? "" : "Image Orientation (Patient) (0020,0037)",
    spacing ? "" : "Pixel Spacing (0028,0030)",
  ].filter((name) => name !== "");
  if (!position || !orientation || !spacing) return { missing };
  return { plane: { ...position, ...orientation, spacing }, missing };
}

/** Along i (between columns), then along j; the attribute has them the other way round (PS3.3 10.7.1.1). */
export function pixelSpacing(dataSet: DataSet): readonly [number, number] | undefined {
  const [betweenRows, betweenColumns] = numbers(dataSet, "PixelSpacing");
  const isSpacing = betweenRows > 0 && betweenColumns > 0;
  return isSpacing && Number.isFinite(betweenRows + betweenColumns)
    ? [betweenColumns, betweenRows]
    : undefined;
}

function positionOf(dataSet: DataSet): Pick<FramePlane, "position" | "roundingMm"> | undefined {
  const position = numbers(dataSet, "ImagePositionPatient");
  if (position.length !== 3 || !position.every(Number.isFinite)) return undefined;
  const decimals = texts(dataSet, "ImagePositionPatient").map(decimalsOf);
  const roundingMm = 0.5 * 10 ** -Math.max(...decimals);
  return { position: [position[0], position[1], position[2]], roundingMm };
}

/** Digits behind the point of a decimal string, with its exponent taken into account. */
function decimalsOf(value: string): number {
  const [, fraction = "", exponent = "0"] = /^[^.eE]*(?:\.(\d*))?(?:[eE](.+))?$/.exec(value) ?? [];
  return Math.max(0, fraction.length - Number(exponent));
}

/** The plane of each frame of an RT dose: C.8.8.3.2, offsets from the first, or positions along the patient. */
export function dosePlanes(dataSet: DataSet, first: FramePlane): readonly FramePlane[] {
  const offsets = numbers(dataSet, "GridFrameOffsetVector");
  const normal = normalOf(first);
  const isAbsolute = offsets[0] !== 0 && Math.abs(offsets[0] - first.position[2]) < 1e-3;
  const axis: Triple = isAbsolute ? [0, 0, 1] : normal;
  return offsets.map((offset) => ({
    ...first,
    position: add(first.position, scale(axis, offset - offsets[0])),
  }));
}

/** The plane of each frame of reconstructed nuclear medicine: equal steps along the normal, which may be negative. */
export function tomographicPlane(dataSet: DataSet, first: FramePlane, slice: number): FramePlane {
  const stepMm = number(dataSet, "SpacingBetweenSlices") ?? number(dataSet, "SliceThickness") ?? 0;
  return { ...first, position: add(first.position, scale(normalOf(first), stepMm * (slice - 1))) };
}
