// A text column as one-hot features: which categories have a feature, and where rare, missing and
// unknown ones go.

import { RoentgenError, type TextColumn } from "../../base/index.ts";
import type { PreprocessingSettings } from "./preprocessing.ts";

export interface FittedTextColumn {
  readonly name: string;
  /** Names of the features of this column. */
  readonly features: readonly string[];
  /** Categories of the training rows, sorted. */
  readonly categories: readonly string[];
  /** The feature that each category sets to 1, as an index into `features`; −1 for none. */
  readonly codes: readonly number[];
  /** The feature of missing text. Empty text counts as missing. */
  readonly missingCode: number;
  /** The feature of a category that is not listed. */
  readonly unknownCode: number;
  /** Whether a category that is not listed is an error. */
  readonly refusesUnknown: boolean;
}

/** A text column with at least this many rows, all different, is taken for an identifier. */
const IDENTIFIER_ROWS = 20;

/** Learns from a column; `reason` says why it gives no feature. */
export function fitTextColumn(
  { name, values }: TextColumn,
  settings: PreprocessingSettings,
): { fitted: FittedTextColumn; reason?: string } {
  const counts = countCategories(values);
  const categories = [...counts.keys()].sort();
  const missing = values.filter(isMissing).length;
  const reason = reasonToDrop(counts, missing, settings);
  if (reason) return { fitted: withoutFeatures(name, categories), reason };

  const common = commonCategories(counts, categories, settings);
  const names = settings.dropBinary && categories.length === 2 ? categories.slice(1) : common;
  const features = names.map((category) => `${name}=${category}`);
  const rareCode = common.length < categories.length ? features.push(`${name}=(rare)`) - 1 : -1;
  const codes = categories.map((category) =>
    common.includes(category) ? names.indexOf(category) : rareCode,
  );
  const ownCategory = settings.missingText === "category" && missing > 0;
  const missingCode = ownCategory
    ? features.push(`${name}=(missing)`) - 1
    : settings.missingText === "mostFrequent"
      ? codes[categories.indexOf(mostFrequent(counts, categories))]
      : -1;
  const unknownCode = settings.unknownCategory === "rare" ? rareCode : -1;
  const refusesUnknown = settings.unknownCategory === "error";
  return {
    fitted: { name, features, categories, codes, missingCode, unknownCode, refusesUnknown },
  };
}

function isMissing(value: string | null): boolean {
  return value === null || value === "";
}

function countCategories(values: TextColumn["values"]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) {
    if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

function reasonToDrop(
  counts: Map<string, number>,
  missing: number,
  { missingText }: PreprocessingSettings,
): string | undefined {
  if (counts.size === 0) return "is empty in the training rows";
  const [only] = counts.keys();
  const missingTells = missing > 0 && missingText !== "mostFrequent";
  if (counts.size === 1 && !missingTells) return `is "${only}" in every training row`;
  if (counts.size >= IDENTIFIER_ROWS && [...counts.values()].every((count) => count === 1)) {
    return "has a different text in every row, as an identifier has";
  }
  return undefined;
}

function withoutFeatures(name: string, categories: readonly string[]): FittedTextColumn {
  const codes = categories.map(() => -1);
  const codesOfOthers = { missingCode: -1, unknownCode: -1, refusesUnknown: false };
  return { name, features: [], categories, codes, ...codesOfOthers };
}

/** Categories frequent enough for a feature of their own, sorted. Of equally frequent ones the first in order stay. */
function commonCategories(
  counts: Map<string, number>,
  categories: readonly string[],
  { minCategoryCount, maxCategories }: PreprocessingSettings,
): string[] {
  const enough = categories.filter((category) => counts.get(category)! >= minCategoryCount);
  const room = categories.length <= maxCategories ? categories.length : maxCategories - 1;
  const byCount = enough.toSorted((a, b) => counts.get(b)! - counts.get(a)!);
  return byCount.slice(0, room).sort();
}

function mostFrequent(counts: Map<string, number>, categories: readonly string[]): string {
  return categories.reduce((best, category) =>
    counts.get(category)! > counts.get(best)! ? category : best,
  );
}

/**
 * The feature of each row as an index, −1 for none.
 * @throws RoentgenError "value-invalid" for a category unknown to the fit, where the fit says so
 */
export function encodeText(fitted: FittedTextColumn, values: TextColumn["values"]): Int32Array {
  const codeOf = new Map(
    fitted.categories.map((category, index) => [category, fitted.codes[index]]),
  );
  return Int32Array.from(values, (value, row) => {
    if (!value) return fitted.missingCode;
    const code = codeOf.get(value);
    if (code === undefined && fitted.refusesUnknown) refuseUnknown(fitted, value, row);
    return code ?? fitted.unknownCode;
  });
}

function refuseUnknown({ name, categories }: FittedTextColumn, value: string, row: number): never {
  throw new RoentgenError("value-invalid", {
    problem: `Column "${name}" has a category that the training rows did not have`,
    expected: `one of ${categories.slice(0, 12).join(", ")}`,
    found: `"${value}" in row ${row + 1}`,
    remedy: 'Correct the text, or fit with unknownCategory "ignore".',
    subject: name,
  });
}
