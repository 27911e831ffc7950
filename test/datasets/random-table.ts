// Tables of random numbers for tests.

import { type Column, type RandomStream, randomStream, type Table } from "../../src/base/index.ts";

/** Correlated normal columns x1 … xn. */
export function randomTable({
  rows,
  columns,
  seed,
}: {
  rows: number;
  columns: number;
  seed: number;
}): {
  table: Table;
  random: RandomStream;
} {
  const random = randomStream({ seed, purpose: "test/table" });
  const shared = Float64Array.from({ length: rows }, () => random.normal());
  const made = Array.from({ length: columns }, (_, index) =>
    numbers(
      `x${index + 1}`,
      shared.map((value) => value + random.normal()),
    ),
  );
  return { table: { rowCount: rows, columns: made }, random };
}

export function numbers(name: string, values: ArrayLike<number>): Column {
  return { kind: "number", name, values: Float64Array.from(values) };
}

export function text(name: string, values: readonly (string | null)[]): Column {
  return { kind: "text", name, values };
}
