// What a segmentation says of its segments: PS3.3 C.8.20.4; colours by C.10.7.1.1, of label maps by their palette.

import type { DataSet } from "../data-set/data-set.ts";
import { number, numbers, sequence, text } from "../data-set/values.ts";
import { hexOfRgb, rgbOfLab } from "../pixels/cie-lab.ts";
import { applyPalette, paletteOf, paletteTo8Bits } from "../pixels/palette.ts";

/** Codes are "value (scheme): meaning". */
export interface Segment {
  readonly number: number;
  readonly label: string;
  readonly category: string;
  readonly type: string;
  readonly algorithmType: string;
  readonly algorithmName: string;
  /** As #rrggbb in sRGB: of a palette label map its entry, else the recommended colour; empty where none is stated. */
  readonly color: string;
  readonly [name: string]: string | number;
}

/** The items of the Segment Sequence (0062,0002), in their order. */
export function segmentsOf(dataSet: DataSet): Segment[] {
  const items = sequence(dataSet, "SegmentSequence");
  const numbered = items.map((item, at) => number(item, "SegmentNumber") ?? at + 1);
  const painted = paletteColors(dataSet, numbered);
  return items.map((item, at) => ({
    number: numbered[at],
    label: text(item, "SegmentLabel") ?? "",
    category: codeOf(sequence(item, "SegmentedPropertyCategoryCodeSequence")[0]),
    type: codeOf(sequence(item, "SegmentedPropertyTypeCodeSequence")[0]),
    algorithmType: text(item, "SegmentAlgorithmType") ?? "",
    algorithmName: text(item, "SegmentAlgorithmName") ?? "",
    color: painted?.[at] ?? recommendedColor(item),
  }));
}

const CODING_SCHEME = 0x00080102;
const CODE_MEANING = 0x00080104;

function codeOf(item: DataSet | undefined): string {
  if (!item) return "";
  const value = text(item, "CodeValue") ?? text(item, "LongCodeValue") ?? "";
  return `${value} (${text(item, CODING_SCHEME) ?? ""}): ${text(item, CODE_MEANING) ?? ""}`;
}

function recommendedColor(item: DataSet): string {
  const rgb = rgbOfLab(numbers(item, "RecommendedDisplayCIELabValue"));
  return rgb ? hexOfRgb(rgb) : "";
}

/** Of a label map in palette colour, where stored values are segment numbers (PS3.3 C.8.20.2.3). */
function paletteColors(dataSet: DataSet, segments: readonly number[]): string[] | undefined {
  if (text(dataSet, "PhotometricInterpretation") !== "PALETTE COLOR") return undefined;
  const palette = paletteOf(dataSet);
  if (!palette) return undefined;
  const rgb = paletteTo8Bits(applyPalette(segments, palette));
  return segments.map((_, at) => hexOfRgb([rgb[3 * at], rgb[3 * at + 1], rgb[3 * at + 2]]));
}
