// How well a multi-label classifier does in each subgroup, and how far that is from all other cases.

import type { Figure } from "../figure.ts";
import type { JudgementWork } from "../judgement-work.ts";
import { contrastSubgroup, splitSubgroups } from "../subgroups.ts";
import {
  judgeMultiLabel,
  type LabelJudgement,
  type MultiLabelToJudge,
} from "./judge-multilabel.ts";
import {
  type LabelScore,
  labelScores,
  placesOf,
  prepareLabels,
  scoreLabels,
} from "./label-scores.ts";
import {
  type MultiLabelInput,
  type MultiLabelRows,
  readMultiLabel,
  readMultiLabelSettings,
} from "./multilabel-input.ts";

/** A multi-label classification's predictions with the subgroup of each row. */
export interface LabelSubgroupsToJudge extends MultiLabelToJudge {
  /** The subgroup of each row: a site, a sex, a scanner; null where unknown. */
  readonly subgroup: readonly (string | null)[];
  /** Values in the order wanted, where the natural one is not it. */
  readonly order?: readonly string[];
}

/** Figures of a multi-label classification in one subgroup. */
export interface LabelSubgroupRow {
  /** null for the rows whose subgroup is unknown. */
  readonly value: string | null;
  readonly n: number;
  readonly patients?: number;
  /** Means over the labels that cases of the subgroup have and lack. */
  readonly figures: Readonly<Record<LabelScore, Figure>>;
  readonly perLabel: readonly (Pick<LabelJudgement, "name" | "n" | "positives" | "figures"> & {
    /** Subgroup − all other rows. `n` is that of the subgroup. */
    readonly differenceToRest: Readonly<Record<LabelScore, Figure>>;
  })[];
}

/**
 * One row a subgroup, in the order given or natural order (numbers by size), unknown last. Figures are as in
 * `judgeMultiLabel`; differences come from a bootstrap in which a patient's rows stay together even across subgroups.
 * With several subgroups some differ by chance: see `adjustPValues` before concluding.
 * @throws RoentgenError as `judgeMultiLabel`; "too-large" with more than 200 subgroups
 */
export async function labelSubgroupTable(
  {
    subgroup,
    order,
    labels,
    truth,
    probabilities,
    thresholds,
    groups,
    weights,
    ...options
  }: LabelSubgroupsToJudge,
  work: JudgementWork = {},
): Promise<LabelSubgroupRow[]> {
  const input = readMultiLabel({ labels, truth, probabilities, thresholds, groups, weights });
  const { level, bootstrap: kind, resamples, seed } = readMultiLabelSettings(options);
  const statisticOf = (rows: Int32Array) => {
    const prepared = prepareLabels(readMultiLabel(takeRows(input, rows)));
    return (rowWeights: Float64Array, out: Float64Array) => scoreLabels(prepared, rowWeights, out);
  };
  const places = placesOf(labels.length);
  const scores = labels.flatMap((_, index) =>
    labelScores.map((score) => ({ name: keyOf(index, score), at: places.label(index, score) })),
  );
  const table: LabelSubgroupRow[] = [];
  for (const one of splitSubgroups(subgroup, input.rows, order)) {
    const part = takeRows(input, one.inside);
    const { n, patients, macro, perLabel } = await judgeMultiLabel({ ...part, ...options }, work);
    const contrasts = await contrastSubgroup(one, statisticOf, scores, {
      ...{ rowCount: input.rows, size: places.count, groups, weights },
      ...{ resamples, seed, purpose: "statistics/label-subgroup", level, kind },
      ...work,
    });
    table.push({
      value: one.value,
      n,
      ...(patients !== undefined && { patients }),
      figures: macro,
      perLabel: perLabel.map(({ name, n: known, positives, figures }, index) => ({
        ...{ name, n: known, positives, figures },
        differenceToRest: Object.fromEntries(
          labelScores.map((score) => [score, contrasts[keyOf(index, score)]]),
        ) as Record<LabelScore, Figure>,
      })),
    });
  }
  return table;
}

const keyOf = (index: number, score: LabelScore) => `${index} ${score}`;

function takeRows(
  { labels, truth, probabilities, thresholds, groups, weights }: MultiLabelRows,
  rows: Int32Array,
): MultiLabelInput {
  const take = (values: ArrayLike<number>) => {
    const taken = new Float64Array(rows.length * labels.length);
    for (const [at, row] of rows.entries()) {
      for (let label = 0; label < labels.length; label++) {
        taken[at * labels.length + label] = values[row * labels.length + label];
      }
    }
    return taken;
  };
  return {
    ...{ labels, thresholds, truth: take(truth), probabilities: take(probabilities) },
    groups: groups && rows.map((row) => groups[row]),
    weights: weights && Float64Array.from(rows, (row) => weights[row]),
  };
}
