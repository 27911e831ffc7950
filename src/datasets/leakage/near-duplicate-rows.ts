// Rows that are closer to each other than rows of different cases come to be: one image scaled or recompressed.

import type { Table } from "../../base/index.ts";
import { rowsInWords } from "../view/rows-in-words.ts";
import type { Finding } from "./finding.ts";

/** Options of `findNearDuplicateRows`. */
export interface NearDuplicateOptions {
  /** Numbers that differ between rows on different sides of a split. */
  sides?: ArrayLike<number>;
  /** Rows of one group are expected to be alike and are not reported. */
  groups?: ArrayLike<number>;
  /** How near is too near, as a part of the usual distance to the nearest row. */
  closeness?: number;
  /** Rows² × columns beyond which the search is left out, and a note says so. */
  mostWork?: number;
}

/**
 * Finds pairs of rows that are not equal but much nearer than rows usually are to their nearest.
 *
 * Distances are Euclidean over standardised columns (text: 1 where it differs). With n rows in d dimensions the
 * distance r to the nearest row has about P(r < ε · median) = ln 2 · εᵈ by chance; ε is chosen so that 0.01 pairs
 * are expected, and at most `closeness`. d is estimated from the ratios of the second to the first distance:
 * Facco, d'Errico, Rodriguez, Laio: "Estimating the intrinsic dimension of datasets by a minimal neighborhood
 * information", Scientific Reports 7 (2017) 12140.
 */
export function findNearDuplicateRows(
  table: Table,
  { sides, groups, closeness = 0.1, mostWork = 2e9 }: NearDuplicateOptions = {},
): Finding[] {
  const { rowCount, columns } = table;
  if (rowCount < 20 || columns.length < 2) return [];
  if (rowCount ** 2 * columns.length > mostWork) return [tooMuch(rowCount, columns.length)];
  const neighbours = nearestRows(table, groups);
  const limit = limitOf(neighbours, closeness);
  const pairs: [number, number][] = [];
  for (let row = 0; row < rowCount; row++) {
    const other = neighbours.nearest[row];
    const mutual = neighbours.nearest[other] === row;
    if (neighbours.first[row] < limit && (row < other || !mutual)) pairs.push([row, other]);
  }
  const isAcross = ([a, b]: [number, number]) => sides !== undefined && sides[a] !== sides[b];
  const across = pairs.filter(isAcross);
  const within = pairs.filter((pair) => !isAcross(pair));
  return [...pairFinding(across, "across"), ...pairFinding(within, "within")];
}

function pairFinding(pairs: [number, number][], place: "across" | "within"): Finding[] {
  if (pairs.length === 0) return [];
  const where = place === "across" ? ", across the sides of a split" : "";
  const subject = pairs.length === 1 ? "A pair of rows is" : `${pairs.length} pairs of rows are`;
  return [
    {
      kind: "near-duplicate-rows",
      severity: place === "across" ? "leak" : "warning",
      rows: pairs,
      figure: pairs.length,
      message:
        `${subject} far more alike than cases usually are${where}: for instance ${rowsInWords(pairs[0])}. ` +
        "They may be one image twice; give them one group.",
    },
  ];
}

interface Neighbours {
  readonly nearest: Int32Array;
  /** Distance to the nearest row that is not equal, and to the second. */
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** rows² · columns / 2 multiplications; distances that grow too long are left off half way. */
function nearestRows(table: Table, groups: ArrayLike<number> | undefined): Neighbours {
  const { rowCount } = table;
  const points = standardisedRows(table);
  const width = table.columns.length;
  const nearest = new Int32Array(rowCount).fill(-1);
  const first = new Float64Array(rowCount).fill(Number.POSITIVE_INFINITY);
  const second = new Float64Array(rowCount).fill(Number.POSITIVE_INFINITY);
  const offer = (row: number, other: number, squared: number) => {
    if (squared < first[row]) {
      second[row] = first[row];
      first[row] = squared;
      nearest[row] = other;
    } else if (squared < second[row]) second[row] = squared;
  };
  for (let a = 0; a < rowCount; a++) {
    for (let b = 0; b < a; b++) {
      if (groups && groups[a] === groups[b]) continue;
      const enough = Math.max(second[a], second[b]);
      let squared = 0;
      for (let column = 0; column < width && squared < enough; column++) {
        const difference = points[a * width + column] - points[b * width + column];
        squared += difference * difference;
      }
      if (squared === 0) continue;
      offer(a, b, squared);
      offer(b, a, squared);
    }
  }
  return { nearest, first: first.map(Math.sqrt), second: second.map(Math.sqrt) };
}

/** Row-major; missing numbers lie 4 standard deviations off, so that only rows missing the same are near. */
function standardisedRows({ columns, rowCount }: Table): Float64Array {
  const points = new Float64Array(rowCount * columns.length);
  columns.forEach((column, index) => {
    const scores = column.kind === "number" ? standardised(column.values) : codes(column.values);
    for (let row = 0; row < rowCount; row++) points[row * columns.length + index] = scores[row];
  });
  return points;
}

function standardised(values: ArrayLike<number>): Float64Array {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (let row = 0; row < values.length; row++) {
    if (Number.isNaN(values[row])) continue;
    count += 1;
    const step = values[row] - mean;
    mean += step / count;
    squares += step * (values[row] - mean);
  }
  const sd = Math.sqrt(squares / count) || 1;
  return Float64Array.from(values, (value) => (Number.isNaN(value) ? -4 : (value - mean) / sd));
}

/** Categories as whole numbers: at least 1 apart where they differ. */
function codes(values: readonly (string | null)[]): Float64Array {
  const positions = new Map<string | null, number>();
  return Float64Array.from(values, (value) => {
    const position = positions.get(value) ?? positions.size;
    positions.set(value, position);
    return position;
  });
}

/** Distances below this are nearer than chance brings rows. */
function limitOf({ first, second }: Neighbours, closeness: number): number {
  const sorted = first.slice().sort();
  const median = sorted[Math.floor(sorted.length / 2)];
  const dimension = intrinsicDimension(first, second);
  const byChance = (0.01 / (Math.LN2 * first.length)) ** (1 / dimension);
  return Math.min(closeness, byChance) * median;
}

/** Two-NN estimate n / Σ ln(r₂ / r₁), without the tenth of the rows with the largest ratios. */
function intrinsicDimension(first: Float64Array, second: Float64Array): number {
  const logs = first
    .map((distance, row) => Math.log(second[row] / distance))
    .filter(Number.isFinite)
    .sort();
  const kept = logs.subarray(0, Math.ceil(logs.length * 0.9));
  // The sum over the smallest 90 % of exponential variables is 0.669 of that over all.
  const sum = kept.reduce((total, value) => total + value, 0) / 0.669;
  return Math.max(1, logs.length / sum);
}

function tooMuch(rows: number, columns: number): Finding {
  return {
    kind: "not-checked",
    severity: "note",
    figure: rows,
    message: `Did not look for near-duplicates: ${rows} rows of ${columns} columns would take too long.`,
  };
}
