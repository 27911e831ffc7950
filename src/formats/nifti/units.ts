// Units of NIfTI's axes (nifti1.h, "NIFTI_UNITS_*").

/** Millimetres of the unit of length; undefined where the file does not say it. */
export function lengthUnitMm(xyztUnits: number): number | undefined {
  return { 1: 1000, 2: 1, 3: 0.001 }[xyztUnits & 0x07];
}

/** What the fourth axis counts: its name, its unit here, and that unit's part of one in the file. */
export interface FourthAxisUnit {
  readonly name: string;
  readonly unit?: string;
  readonly factor: number;
}

export function fourthAxisUnit(xyztUnits: number): FourthAxisUnit {
  switch (xyztUnits & 0x38) {
    case 8:
      return { name: "time", unit: "s", factor: 1 };
    case 16:
      return { name: "time", unit: "s", factor: 1e-3 };
    case 24:
      return { name: "time", unit: "s", factor: 1e-6 };
    case 32:
      return { name: "frequency", unit: "Hz", factor: 1 };
    case 40:
      return { name: "chemical shift", unit: "ppm", factor: 1 };
    case 48:
      return { name: "frequency", unit: "rad/s", factor: 1 };
    default:
      return { name: "time", factor: 1 };
  }
}

/** The unit code of an axis and what one of its units is in the code's own. */
export function fourthAxisCode(unit: string | undefined): { code: number; factor: number } {
  if (unit === "s") return { code: 8, factor: 1 };
  if (unit === "ms") return { code: 8, factor: 1e-3 };
  if (unit === "µs" || unit === "us") return { code: 8, factor: 1e-6 };
  if (unit === "Hz") return { code: 32, factor: 1 };
  if (unit === "ppm") return { code: 40, factor: 1 };
  if (unit === "rad/s") return { code: 48, factor: 1 };
  return { code: 0, factor: 1 };
}
