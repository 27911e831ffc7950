// Regions of an ultrasound frame with what their axes measure: PS3.3 C.8.5.5.

import type { DataSet } from "../data-set/data-set.ts";
import { number, sequence } from "../data-set/values.ts";

/** A region; a type rather than an interface, so that it counts as plain data. */
export type UltrasoundRegion = {
  /** Pixels, both ends included. */
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  /** "2D", "M-mode", "spectral", "waveform", "graphics" or the number that the file gives. */
  readonly spatialFormat: string;
  /** "tissue", "colour flow", "PW spectral Doppler" … or the number that the file gives. */
  readonly dataType: string;
  /** What one pixel to the right and one down are, in these units: 0.02 cm. */
  readonly deltaX?: number;
  readonly deltaY?: number;
  readonly unitX: string;
  readonly unitY: string;
};

const SPATIAL_FORMATS = ["none", "2D", "M-mode", "spectral", "waveform", "graphics"];
const UNITS = [
  "none",
  "%",
  "dB",
  "cm",
  "s",
  "Hz",
  "dB/s",
  "cm/s",
  "cm²",
  "cm²/s",
  "cm³",
  "cm³/s",
  "°",
];
const DATA_TYPES: Readonly<Record<number, string>> = {
  0: "none",
  1: "tissue",
  2: "colour flow",
  3: "PW spectral Doppler",
  4: "CW spectral Doppler",
  5: "Doppler mean trace",
  6: "Doppler mode trace",
  7: "Doppler max trace",
  8: "volume trace",
  10: "ECG trace",
  11: "pulse trace",
  12: "phonocardiogram trace",
  13: "grey bar",
  14: "colour bar",
  15: "integrated backscatter",
  16: "area trace",
  17: "d(area)/dt",
  18: "other physiological trace",
};

/** The calibrated regions of a data set; none where it has none. */
export function ultrasoundRegions(dataSet: DataSet): UltrasoundRegion[] {
  return sequence(dataSet, "SequenceOfUltrasoundRegions").map((region) => {
    const deltaX = number(region, "PhysicalDeltaX");
    const deltaY = number(region, "PhysicalDeltaY");
    return {
      x0: number(region, "RegionLocationMinX0") ?? 0,
      y0: number(region, "RegionLocationMinY0") ?? 0,
      x1: number(region, "RegionLocationMaxX1") ?? 0,
      y1: number(region, "RegionLocationMaxY1") ?? 0,
      spatialFormat: named(SPATIAL_FORMATS, number(region, "RegionSpatialFormat")),
      dataType: named(DATA_TYPES, number(region, "RegionDataType")),
      ...(deltaX !== undefined && { deltaX }),
      ...(deltaY !== undefined && { deltaY }),
      unitX: named(UNITS, number(region, "PhysicalUnitsXDirection")),
      unitY: named(UNITS, number(region, "PhysicalUnitsYDirection")),
    };
  });
}

function named(names: Readonly<Record<number, string>>, code = 0): string {
  return names[code] ?? String(code);
}
