// How well a classifier or a regression does in each subgroup, and how far that is from all other cases.

import { checkParameters } from "../base/index.ts";
import {
  type ClassificationInput,
  checkClassification,
  checkSettings,
} from "./classification-input.ts";
import { scoreClassification } from "./classification-scores.ts";
import type { Figure } from "./figure.ts";
import {
  type ClassificationFigure,
  type ClassificationToJudge,
  judgeClassification,
} from "./judge-classification.ts";
import {
  judgeRegression,
  type RegressionToJudge,
  regressionParameters,
} from "./judge-regression.ts";
import type { JudgementWork } from "./judgement-work.ts";
import { prepareClassification } from "./prepared-classification.ts";
import { checkRegression, type RegressionInput } from "./regression-input.ts";
import {
  prepareRegression,
  type RegressionScore,
  regressionScores,
  scoreRegression,
} from "./regression-scores.ts";
import { type ClassScore, headlineScores, type OverallScore, scoreCount } from "./score-names.ts";
import { contrastSubgroup, splitSubgroups } from "./subgroups.ts";

interface SubgroupColumn {
  /** The subgroup of each row: a site, a sex, a scanner; null where unknown. */
  readonly subgroup: readonly (string | null)[];
  /** Values in the order wanted, where the natural one is not it: "≤ 41", "41 to 66", "> 66". */
  readonly order?: readonly string[];
}

/** A classification's predictions with the subgroup of each row. */
export type SubgroupsToJudge = ClassificationToJudge & SubgroupColumn;

/** A regression's predictions with the subgroup of each row. */
export type RegressionSubgroupsToJudge = RegressionToJudge & SubgroupColumn;

/** Figures of a classification in one subgroup. */
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

/** Figures of a regression in one subgroup. */
export interface RegressionSubgroupRow {
  /** null for the rows whose subgroup is unknown. */
  readonly value: string | null;
  readonly n: number;
  readonly patients?: number;
  readonly figures: Readonly<Record<RegressionScore, Figure>>;
  /** Subgroup − all other rows. `n` is that of the subgroup. */
  readonly differenceToRest: Readonly<Record<RegressionScore, Figure>>;
}

/**
 * One row a subgroup, in the order given or natural order (numbers by size), unknown last. Figures are as in
 * `judgeClassification`; differences come from a bootstrap in which a patient's rows stay together even
 * across subgroups. With several subgroups some differ by chance: see `adjustPValues` before concluding.
 * @throws RoentgenError as `judgeClassification`; "too-large" with more than 200 subgroups
 */
export async function subgroupTable(
  {
    subgroup,
    order,
    classes,
    labels,
    probabilities,
    groups,
    weights,
    ...options
  }: SubgroupsToJudge,
  work: JudgementWork = {},
): Promise<SubgroupRow[]> {
  const input: ClassificationInput = { classes, labels, probabilities, groups, weights };
  checkClassification(input);
  const settings = checkSettings(options, classes);
  const { level, bootstrap: kind, resamples, seed, stratify, positive } = settings;
  const statisticOf = (rows: Int32Array) => {
    const prepared = prepareClassification(takeClassificationRows(input, rows), settings);
    return (rowWeights: Float64Array, out: Float64Array) =>
      scoreClassification(prepared, rowWeights, out);
  };
  const table: SubgroupRow[] = [];
  for (const one of splitSubgroups(subgroup, labels.length, order)) {
    const part = takeClassificationRows(input, one.inside);
    const { n, patients, counts, figures } = await judgeClassification(
      { ...part, ...options },
      work,
    );
    const differenceToRest = await contrastSubgroup(one, statisticOf, headlineScores(positive), {
      rowCount: labels.length,
      size: scoreCount(classes.length),
      groups,
      weights,
      strata: stratify === "class" ? labels : undefined,
      resamples,
      seed,
      purpose: "statistics/subgroup",
      level,
      kind,
      ...work,
    });
    const about = { value: one.value, n, ...(patients !== undefined && { patients }) };
    table.push({ ...about, counts, figures, differenceToRest });
  }
  return table;
}

/** The same for predicted values; figures are as in `judgeRegression`. */
export async function regressionSubgroupTable(
  { subgroup, order, truth, predicted, groups, weights, ...options }: RegressionSubgroupsToJudge,
  work: JudgementWork = {},
): Promise<RegressionSubgroupRow[]> {
  const input: RegressionInput = { truth, predicted, groups, weights };
  checkRegression(input);
  const {
    level,
    coverage,
    bootstrap: kind,
    resamples,
    seed,
  } = checkParameters(regressionParameters, options, "judgement");
  const statisticOf = (rows: Int32Array) => {
    const prepared = prepareRegression(takeRegressionRows(input, rows), { coverage });
    return (rowWeights: Float64Array, out: Float64Array) =>
      scoreRegression(prepared, rowWeights, out);
  };
  const scores = regressionScores.map((name, at) => ({ name, at }));
  const table: RegressionSubgroupRow[] = [];
  for (const one of splitSubgroups(subgroup, truth.length, order)) {
    const part = takeRegressionRows(input, one.inside);
    const { n, patients, figures } = await judgeRegression({ ...part, ...options }, work);
    const differenceToRest = await contrastSubgroup(one, statisticOf, scores, {
      rowCount: truth.length,
      size: scores.length,
      groups,
      weights,
      resamples,
      seed,
      purpose: "statistics/subgroup",
      level,
      kind,
      ...work,
    });
    const about = { value: one.value, n, ...(patients !== undefined && { patients }) };
    table.push({ ...about, figures, differenceToRest });
  }
  return table;
}

function takeClassificationRows(input: ClassificationInput, rows: Int32Array): ClassificationInput {
  const width = input.classes.length;
  const probabilities = new Float64Array(rows.length * width);
  rows.forEach((row, index) => {
    probabilities.set(input.probabilities.subarray(row * width, (row + 1) * width), index * width);
  });
  return {
    classes: input.classes,
    labels: rows.map((row) => input.labels[row]),
    probabilities,
    ...takeUnits(input, rows),
  };
}

function takeRegressionRows(input: RegressionInput, rows: Int32Array): RegressionInput {
  return {
    truth: Float64Array.from(rows, (row) => input.truth[row]),
    predicted: Float64Array.from(rows, (row) => input.predicted[row]),
    ...takeUnits(input, rows),
  };
}

function takeUnits(
  { groups, weights }: { groups?: Int32Array; weights?: Float64Array },
  rows: Int32Array,
): { groups?: Int32Array; weights?: Float64Array } {
  return {
    groups: groups && rows.map((row) => groups[row]),
    weights: weights && Float64Array.from(rows, (row) => weights[row]),
  };
}
