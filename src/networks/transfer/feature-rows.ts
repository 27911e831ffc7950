// Features of samples as rows of equal length, with their targets and weights: in memory, or as the bytes of a file.

import { RoentgenError } from "../../base/index.ts";
import type { Batch } from "../training/samples.ts";

/** What the rows hold: features, targets, a weight, and a place for a checksum. */
export interface RowLayout {
  readonly rows: number;
  /** Features of a sample. */
  readonly features: number;
  /** Targets of a sample. */
  readonly targets: number;
  /** Whether targets are int32. */
  readonly integers: boolean;
}

/** Rows that are filled from the first to the last, and read in any order. */
export interface FeatureRows {
  /** Rows that were there when they were opened. */
  readonly there: number;
  readonly bytes: number;
  /** Puts samples behind the last one. */
  append(samples: Required<Batch>): Promise<void>;
  read(rows: Uint32Array): Promise<Required<Batch>>;
  close(): Promise<void>;
}

/** Elements of four bytes in a row. */
export const rowLength = ({ features, targets }: RowLayout): number => features + targets + 2;

/** @throws RoentgenError "too-large" */
export function memoryRows(layout: RowLayout, mostBytes: number): FeatureRows {
  const length = rowLength(layout);
  const bytes = 4 * length * layout.rows;
  if (bytes > mostBytes) throw tooLarge(layout, bytes, mostBytes);
  const all = new Float32Array(length * layout.rows);
  let filled = 0;
  return {
    ...{ there: 0, bytes },
    async append(samples) {
      const packed = packRows(layout, samples);
      all.set(packed, filled);
      filled += packed.length;
    },
    read: async (rows) =>
      unpackRows(
        layout,
        Array.from(rows, (row) => all.subarray(row * length, (row + 1) * length)),
      ),
    async close() {},
  };
}

/** Samples as rows one after another; the last element of each is left for a checksum. */
export function packRows(layout: RowLayout, { inputs, targets, weights }: Required<Batch>) {
  const length = rowLength(layout);
  const packed = new Float32Array(length * weights.length);
  const numbers = layout.integers ? new Int32Array(packed.buffer) : packed;
  for (let sample = 0; sample < weights.length; sample++) {
    const start = sample * length;
    const [from, behind] = [sample * layout.features, start + layout.features];
    packed.set(inputs.subarray(from, from + layout.features), start);
    const first = sample * layout.targets;
    numbers.set(targets.subarray(first, first + layout.targets), behind);
    packed[behind + layout.targets] = weights[sample];
  }
  return packed;
}

/** The samples of some rows. */
export function unpackRows(layout: RowLayout, rows: readonly Float32Array[]): Required<Batch> {
  const { features, targets: width, integers } = layout;
  const inputs = new Float32Array(rows.length * features);
  const targets = new (integers ? Int32Array : Float32Array)(rows.length * width);
  const weights = new Float32Array(rows.length);
  for (const [sample, row] of rows.entries()) {
    inputs.set(row.subarray(0, features), sample * features);
    const own = row.subarray(features, features + width);
    targets.set(integers ? new Int32Array(own.buffer, own.byteOffset, width) : own, sample * width);
    weights[sample] = row[features + width];
  }
  return { inputs, targets, weights };
}

function tooLarge({ rows, features }: RowLayout, bytes: number, most: number): RoentgenError {
  const mib = (count: number) => `${Math.ceil(count / 2 ** 20)} MiB`;
  return new RoentgenError("too-large", {
    problem: "The features do not fit the memory that they may take",
    expected: `at most ${mib(most)}`,
    found: `${rows} rows of ${features} features, ${mib(bytes)}`,
    remedy: "Keep them in a file, keep fewer versions, or pool them first.",
    subject: "mostBytes",
  });
}
