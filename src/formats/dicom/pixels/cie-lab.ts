// Colours that DICOM states in CIELab (PS3.3 C.10.7.1.1) as sRGB of 8 bits.

/** Red, green, blue from 0 to 255. */
export type Rgb = readonly [number, number, number];

/**
 * The colour of a CIELab attribute: L* of 0 to 100 and a*, b* of -128 to 127, each spread over 0 to 65,535.
 * @returns undefined where there are not three values
 */
export function rgbOfLab([l, a, b]: readonly number[]): Rgb | undefined {
  if (![l, a, b].every(Number.isFinite)) return undefined;
  return labToRgb((l / 65_535) * 100, (a / 65_535) * 255 - 128, (b / 65_535) * 255 - 128);
}

/** A colour as #rrggbb. */
export function hexOfRgb(rgb: Rgb): string {
  return `#${rgb.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** CIELab under D50 to sRGB (IEC 61966-2-1, white adapted after Bradford); clipped to the gamut. */
function labToRgb(l: number, a: number, b: number): Rgb {
  const fy = (l + 16) / 116;
  const linear = (f: number) => (f > 6 / 29 ? f ** 3 : 3 * (6 / 29) ** 2 * (f - 4 / 29));
  const x = 0.96422 * linear(fy + a / 500);
  const y = linear(fy);
  const z = 0.82521 * linear(fy - b / 200);
  return [
    gamma(3.1338561 * x - 1.6168667 * y - 0.4906146 * z),
    gamma(-0.9787684 * x + 1.9161415 * y + 0.033454 * z),
    gamma(0.0719453 * x - 0.2289914 * y + 1.4052427 * z),
  ];
}

function gamma(value: number): number {
  const encoded = value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
  return Math.round(255 * Math.min(1, Math.max(0, encoded)));
}
