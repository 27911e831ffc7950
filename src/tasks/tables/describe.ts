// What is in a table: for each column its kind, missing values, range and a small histogram.

import type { Column, NumberColumn, Table, TextColumn } from "../../base/index.ts";

export interface NumberSummary {
  readonly kind: "number";
  readonly name: string;
  readonly missing: number;
  /** null where every value is missing. */
  readonly minimum: number | null;
  readonly median: number | null;
  readonly maximum: number | null;
  readonly mean: number | null;
  /** Counts in equal bins from minimum to maximum; infinite values are left out. */
  readonly histogram: readonly number[];
}

export interface TextSummary {
  readonly kind: "text";
  readonly name: string;
  readonly missing: number;
  readonly distinct: number;
  /** The most frequent values, most frequent first. */
  readonly frequent: readonly { readonly value: string; readonly count: number }[];
}

export type ColumnSummary = NumberSummary | TextSummary;

export interface TableSummary {
  readonly rowCount: number;
  readonly columns: readonly ColumnSummary[];
}

/** Describes every column. `bins` is the number of bars of the histograms, `frequent` how many values are listed. */
export function describeTable(
  table: Table,
  { bins = 16, frequent = 5 }: { bins?: number; frequent?: number } = {},
): TableSummary {
  const describe = (column: Column) =>
    column.kind === "number" ? describeNumbers(column, bins) : describeText(column, frequent);
  return { rowCount: table.rowCount, columns: table.columns.map(describe) };
}

function describeNumbers({ name, values }: NumberColumn, bins: number): NumberSummary {
  const present = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort();
  const missing = values.length - present.length;
  if (present.length === 0) {
    return {
      kind: "number",
      name,
      missing,
      minimum: null,
      median: null,
      maximum: null,
      mean: null,
      histogram: [],
    };
  }
  const middle = present.length / 2;
  const median = (present[Math.ceil(middle) - 1] + present[Math.floor(middle)]) / 2;
  const mean = present.reduce((sum, value) => sum + value / present.length, 0);
  return {
    kind: "number",
    name,
    missing,
    minimum: present[0],
    median,
    maximum: present[present.length - 1],
    mean,
    histogram: countBins(present.filter(Number.isFinite), bins),
  };
}

/** Counts of sorted finite values in equal bins; one bin where all are equal. */
function countBins(sorted: Float64Array, bins: number): number[] {
  if (sorted.length === 0) return [];
  const low = sorted[0];
  const range = sorted[sorted.length - 1] - low;
  if (!(range > 0)) return [sorted.length];
  const counts = new Array<number>(bins).fill(0);
  for (const value of sorted)
    counts[Math.min(bins - 1, Math.floor(((value - low) / range) * bins))] += 1;
  return counts;
}

function describeText({ name, values }: TextColumn, frequent: number): TextSummary {
  const counts = new Map<string, number>();
  let missing = 0;
  for (const value of values) {
    if (value === null) missing += 1;
    else counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const ranked = [...counts].sort(
    ([a, aCount], [b, bCount]) => bCount - aCount || (a < b ? -1 : 1),
  );
  return {
    kind: "text",
    name,
    missing,
    distinct: counts.size,
    frequent: ranked.slice(0, frequent).map(([value, count]) => ({ value, count })),
  };
}
