// Subgroups of rows by the value of a column, and scores of a subgroup against those of all other rows.

import { RoentgenError } from "../base/index.ts";
import { type BootstrapOptions, bootstrap, type WeightedStatistic } from "./bootstrap.ts";
import { bootstrapFigure } from "./bootstrap-figure.ts";
import type { Figure } from "./figure.ts";

const mostSubgroups = 200;

/** One value's rows. */
export interface Subgroup {
  /** null where unknown. */
  readonly value: string | null;
  readonly inside: Int32Array;
  readonly outside: Int32Array;
}

/**
 * The rows of each value and all others: in the order given, then in natural order (numbers by size),
 * unknown last.
 * @throws RoentgenError "shape-mismatch", or "too-large" with more than 200 values
 */
export function splitSubgroups(
  subgroup: readonly (string | null)[],
  rows: number,
  order: readonly string[] = [],
): Subgroup[] {
  checkSubgroups(subgroup, rows);
  return subgroupValues(subgroup, order).map((value) => ({
    value,
    inside: rowsWhere(subgroup, (other) => other === value),
    outside: rowsWhere(subgroup, (other) => other !== value),
  }));
}

/** How rows are resampled and figures made. */
export interface ContrastOptions extends BootstrapOptions {
  readonly level: number;
  readonly kind: "bca" | "percentile";
}

/**
 * Figures of score(inside) − score(outside), all scores from the same resamples of patients.
 * @param statisticOf the scores of some rows under their weights
 * @param scores the scores wanted, and their places in the vector
 */
export async function contrastSubgroup<Name extends string>(
  { inside, outside }: Subgroup,
  statisticOf: (rows: Int32Array) => WeightedStatistic,
  scores: readonly { name: Name; at: number }[],
  { level, kind, ...options }: ContrastOptions,
): Promise<Record<Name, Figure>> {
  const difference = differenceOf([inside, outside], statisticOf, options.size);
  const replicates = await bootstrap(difference, options);
  const unit = replicates.unitCount < options.rowCount ? "patient" : "row";
  const undefinedBecause =
    outside.length === 0 ? "there are no other cases" : "undefined in the subgroup or in the rest";
  const about = { level, n: inside.length, kind, unit, undefinedBecause };
  const figures = scores.map(({ name, at }) => [name, bootstrapFigure(replicates, at, about)]);
  return Object.fromEntries(figures);
}

function differenceOf(
  parts: readonly [Int32Array, Int32Array],
  statisticOf: (rows: Int32Array) => WeightedStatistic,
  size: number,
): WeightedStatistic {
  const [first, second] = parts.map((rows) => {
    const statistic = statisticOf(rows);
    const weights = new Float64Array(rows.length);
    const scores = new Float64Array(size);
    return (rowWeights: Float64Array) => {
      for (let index = 0; index < rows.length; index++) weights[index] = rowWeights[rows[index]];
      statistic(weights, scores);
      return scores;
    };
  });
  return (rowWeights, out) => {
    const [a, b] = [first(rowWeights), second(rowWeights)];
    for (let at = 0; at < size; at++) out[at] = a[at] - b[at];
  };
}

/** The distinct values: those of the order, others in natural order, null. */
function subgroupValues(
  subgroup: readonly (string | null)[],
  order: readonly string[],
): (string | null)[] {
  const { compare } = new Intl.Collator("en", { numeric: true });
  const values = new Set(subgroup);
  const others = [...values].filter((value) => value === null || !order.includes(value));
  others.sort((a, b) => (a === null ? 1 : b === null ? -1 : compare(a, b) || (a < b ? -1 : 1)));
  return [...[...new Set(order)].filter((value) => values.has(value)), ...others];
}

function rowsWhere(
  subgroup: readonly (string | null)[],
  belongs: (value: string | null) => boolean,
): Int32Array {
  return Int32Array.from(subgroup.flatMap((value, row) => (belongs(value) ? [row] : [])));
}

function checkSubgroups(subgroup: readonly (string | null)[], rows: number): void {
  if (subgroup.length !== rows) {
    throw new RoentgenError("shape-mismatch", {
      problem: "Cannot judge subgroups",
      expected: `a subgroup (or null) for each of ${rows} rows`,
      found: `${subgroup.length}`,
      subject: "subgroup",
    });
  }
  const count = new Set(subgroup).size;
  if (count <= mostSubgroups) return;
  throw new RoentgenError("too-large", {
    problem: "Cannot judge subgroups",
    expected: `at most ${mostSubgroups} different values`,
    found: `${count}`,
    remedy: "Choose a column with few values, or put numbers into ranges first.",
    subject: "subgroup",
  });
}
