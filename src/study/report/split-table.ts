// What reports say alike of data of any kind: who is on which side, the range of a measurement, what was guessed.

import { rounded } from "../plots/labels.ts";
import type { Block, Fact } from "./report.ts";

/** One side of a split. */
export interface SplitRow {
  /** "Learnt from". */
  readonly label: string;
  readonly count: number;
  readonly patients?: number;
  /** Of each class, in the order of the classes. */
  readonly classes?: readonly number[];
}

export interface SplitTableOptions {
  classes: readonly string[];
  /** What is counted. */
  noun?: "Rows" | "Images";
}

export function splitTable(
  sides: readonly SplitRow[],
  { classes, noun = "Rows" }: SplitTableOptions,
): Block {
  const grouped = sides.every(({ patients }) => patients !== undefined);
  const listed = sides.every((side) => side.classes) ? classes : [];
  return {
    kind: "table",
    caption: "Who was learnt from and who was judged on",
    columns: [
      { label: "Side" },
      ...[noun, ...(grouped ? ["Patients"] : []), ...listed].map((label) => ({
        label,
        align: "end" as const,
      })),
    ],
    rows: sides.map((side) => [
      side.label,
      side.count.toLocaleString("en-US"),
      ...(grouped ? [String(side.patients)] : []),
      ...listed.map((_, index) => (side.classes?.[index] ?? 0).toLocaleString("en-US")),
    ]),
  };
}

export function rangeFact(
  target: string,
  { low, median, high }: { readonly low: number; readonly median: number; readonly high: number },
  unit = "",
): Fact {
  const suffix = unit && ` ${unit}`;
  const value = `${rounded(low)} to ${rounded(high)}${suffix}, median ${rounded(median)}`;
  return { label: `Range of ${target}`, value };
}

/** Folded away; nothing where there are none. */
export function noteDetails(notes: readonly string[]): Block[] {
  if (notes.length === 0) return [];
  const facts = notes.map((value, index) => ({ label: String(index + 1), value }));
  const summary = `What was guessed, set aside or dropped (${notes.length})`;
  return [{ kind: "details", summary, blocks: [{ kind: "facts", facts }] }];
}
