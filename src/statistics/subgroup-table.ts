// How well a classifier does in each subgroup, and how far that is from all other cases.

import { RoentgenError } from "../base/index.ts";
import { bootstrap } from "./bootstrap.ts";
import { bootstrapFigure } from "./bootstrap-figure.ts";
import { type ClassificationInput, checkSettings } from "./classification-input.ts";
import {
  type ClassScore,
  headlineScores,
  type OverallScore,
  prepareClassification,
  scoreClassification,
  scoreCount,
} from "./classification-scores.ts";
import type { Figure } from "./figure.ts";
import {
  type ClassificationFigure,
  type ClassificationToJudge,
  type JudgementWork,
  judgeClassification,
} from "./judge-classification.ts";

/** What is judged, and the subgroup of each row: a site, a sex, a scanner; null where unknown. */
export type SubgroupsToJudge = ClassificationToJudge & {
  readonly subgroup: readonly (string | null)[];
};

export interface SubgroupRow {
  /** null for the rows whose subgroup is unknown. */
  readonly value: string | null;
  readonly n: number;
  readonly patients?: number;
  /** Rows of each class. */
  readonly counts: readonly number[];
  readonly figures: Readonly<Partial<Record<ClassificationFigure, Figure>>>;
  /** Subgroup − all other rows. `n` is that of the subgroup. */
  readonly differenceToRest: Readonly<Partial<Record<OverallScore | ClassScore, Figure>>>;
}

const mostSubgroups = 200;

/**
 * One row a subgroup, in alphabetical order (numbers by size), unknown last. Figures are as in
 * `judgeClassification`; differences come from a bootstrap in which a patient's rows stay together even
 * across subgroups. With several subgroups some differ by chance: see `adjustPValues` before concluding.
 * @throws RoentgenError as `judgeClassification`; "too-large" with more than 200 subgroups
 */
export function subgroupTable(
  { subgroup, ...judged }: SubgroupsToJudge,
  work: JudgementWork = {},
): SubgroupRow[] {
  const { classes, labels, probabilities, groups, weights, ...options } = judged;
  const input: ClassificationInput = { classes, labels, probabilities, groups, weights };
  const settings = checkSettings(options, classes);
  checkSubgroups(subgroup, labels.length);
  return subgroupValues(subgroup).map((value) => {
    const inside = rowsWhere(subgroup, (other) => other === value);
    const part = takeInputRows(input, inside);
    const { n, patients, counts, figures } = judgeClassification({ ...part, ...options }, work);
    const differenceToRest = compareToRest(input, inside, settings, work);
    return {
      value,
      n,
      ...(patients !== undefined && { patients }),
      counts,
      figures,
      differenceToRest,
    };
  });
}

/** The distinct values, in natural order, null last. */
function subgroupValues(subgroup: readonly (string | null)[]): (string | null)[] {
  const { compare } = new Intl.Collator("en", { numeric: true });
  return [...new Set(subgroup)].sort((a, b) =>
    a === null ? 1 : b === null ? -1 : compare(a, b) || (a < b ? -1 : 1),
  );
}

function compareToRest(
  input: ClassificationInput,
  inside: Int32Array,
  settings: ReturnType<typeof checkSettings>,
  work: JudgementWork,
): SubgroupRow["differenceToRest"] {
  const size = scoreCount(input.classes.length);
  const replicates = bootstrap(differenceStatistic(input, inside, settings), {
    rowCount: input.labels.length,
    size,
    groups: input.groups,
    weights: input.weights,
    strata: settings.stratify === "class" ? input.labels : undefined,
    resamples: settings.resamples,
    seed: settings.seed,
    purpose: "statistics/subgroup",
    ...work,
  });
  const { level, bootstrap: kind, positive } = settings;
  const unit = replicates.unitCount < input.labels.length ? "patient" : "row";
  const alone = inside.length === input.labels.length;
  const undefinedBecause = alone
    ? "there are no other cases"
    : "undefined in the subgroup or in the rest";
  const options = { level, n: inside.length, kind, unit, undefinedBecause };
  return Object.fromEntries(
    headlineScores(positive).map(({ name, at }) => [
      name,
      bootstrapFigure(replicates, at, options),
    ]),
  );
}

function differenceStatistic(
  input: ClassificationInput,
  inside: Int32Array,
  settings: ReturnType<typeof checkSettings>,
) {
  const within = new Set(inside);
  const outside = Int32Array.from(input.labels.keys()).filter((row) => !within.has(row));
  const sides = [inside, outside].map((rows) => ({
    rows,
    prepared: prepareClassification(takeInputRows(input, rows), settings),
    weights: new Float64Array(rows.length),
    scores: new Float64Array(scoreCount(input.classes.length)),
  }));
  return (rowWeights: Float64Array, out: Float64Array) => {
    for (const { rows, prepared, weights, scores } of sides) {
      for (let index = 0; index < rows.length; index++) weights[index] = rowWeights[rows[index]];
      scoreClassification(prepared, weights, scores);
    }
    for (let at = 0; at < out.length; at++) out[at] = sides[0].scores[at] - sides[1].scores[at];
  };
}

function rowsWhere(
  subgroup: readonly (string | null)[],
  belongs: (value: string | null) => boolean,
): Int32Array {
  return Int32Array.from(subgroup.flatMap((value, row) => (belongs(value) ? [row] : [])));
}

/** The input of the rows at these positions. */
export function takeInputRows(input: ClassificationInput, rows: Int32Array): ClassificationInput {
  const width = input.classes.length;
  const probabilities = new Float64Array(rows.length * width);
  rows.forEach((row, index) => {
    probabilities.set(input.probabilities.subarray(row * width, (row + 1) * width), index * width);
  });
  return {
    classes: input.classes,
    labels: rows.map((row) => input.labels[row]),
    probabilities,
    groups: input.groups && rows.map((row) => (input.groups as Int32Array)[row]),
    weights:
      input.weights && Float64Array.from(rows, (row) => (input.weights as Float64Array)[row]),
  };
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
