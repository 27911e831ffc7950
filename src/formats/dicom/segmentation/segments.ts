// What a segmentation says of its segments: PS3.3 C.8.20.4, colours by C.10.7.1.1.

import type { DataSet } from "../data-set/data-set.ts";
import { number, numbers, sequence, text } from "../data-set/values.ts";

/** Codes are "value (scheme): meaning". */
export interface Segment {
  readonly number: number;
  readonly label: string;
  readonly category: string;
  readonly type: string;
  readonly algorithmType: string;
  readonly algorithmName: string;
  /** Recommended colour as #rrggbb in sRGB; empty where none is stated. */
  readonly color: string;
  readonly [name: string]: string | number;
}

/** The items of the Segment Sequence (0062,0002), in their order. */
export function segmentsOf(dataSet: DataSet): Segment[] {
  return sequence(dataSet, "SegmentSequence").map((item, at) => ({
    number: number(item, "SegmentNumber") ?? at + 1,
    label: text(item, "SegmentLabel") ?? "",
    category: codeOf(sequence(item, "SegmentedPropertyCategoryCodeSequence")[0]),
    type: codeOf(sequence(item, "SegmentedPropertyTypeCodeSequence")[0]),
    algorithmType: text(item, "SegmentAlgorithmType") ?? "",
    algorithmName: text(item, "SegmentAlgorithmName") ?? "",
    color: colorOf(numbers(item, "RecommendedDisplayCIELabValue")),
  }));
}

const CODING_SCHEME = 0x00080102;
const CODE_MEANING = 0x00080104;

function codeOf(item: DataSet | undefined): string {
  if (!item) return "";
  const value = text(item, "CodeValue") ?? text(item, "LongCodeValue") ?? "";
  return `${value} (${text(item, CODING_SCHEME) ?? ""}): ${text(item, CODE_MEANING) ?? ""}`;
}

function colorOf([l, a, b]: readonly number[]): string {
  if (b === undefined) return "";
  const rgb = labToRgb((l / 65_535) * 100, (a / 65_535) * 255 - 128, (b / 65_535) * 255 - 128);
  return `#${rgb.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** CIELab under D50 to sRGB in 8 bits (IEC 61966-2-1, white adapted after Bradford); clipped to the gamut. */
function labToRgb(l: number, a: number, b: number): [number, number, number] {
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
