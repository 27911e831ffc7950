// Nested cross-validation: a search inside each training side, judged on rows that the search never
// saw. Varma and Simon: "Bias in error estimation when using cross-validation for model selection",
// BMC Bioinformatics 7:91, 2006.

import { RoentgenError, type Table, type Target } from "../../base/index.ts";
import type { Split } from "../../datasets/index.ts";
import type { FitWork } from "../learner.ts";
import type { PipelinePlan, RowInformation } from "../pipeline.ts";
import { type CrossValidation, crossValidateWith, information, quiet } from "./cross-validate.ts";
import type { Rows } from "./rows.ts";
import { gridSearch, randomSearch, type SearchResult } from "./search.ts";
import type { Candidate, Grid, SearchSpace } from "./search-space.ts";

/** The outer splits, and the search that is done anew within each. */
export interface NestedOptions extends PipelinePlan, RowInformation {
  /** The outer splits, from `makeSplits` with the groups. */
  readonly splits: readonly Split[];
  /** Give `grid`, or `space` with `draws`. */
  readonly grid?: Grid | readonly Grid[];
  readonly space?: SearchSpace;
  readonly draws?: number;
  /** Metric that the search goes by. */
  readonly metric?: string;
  /** Folds and repeats of the inner splits, which are stratified and keep groups together. */
  readonly folds?: number;
  readonly repeats?: number;
  /** Metrics of the outer judgement. */
  readonly metrics?: readonly string[];
}

/** What the search chose on one training side. */
export interface ChosenParameters {
  readonly repeat: number;
  readonly fold: number;
  readonly parameters: Candidate;
  /** Mean score inside the training side: too favourable, for comparison with the fold's own. */
  readonly innerScore: number | null;
}

/** A cross-validation with what the search chose within each outer split. */
export interface NestedCrossValidation extends CrossValidation {
  readonly chosen: readonly ChosenParameters[];
}

/** Cross-validates the whole way from search to fit; the figures are those of the procedure. */
export async function nestedCrossValidate(
  table: Table,
  target: Target,
  options: NestedOptions,
  work: FitWork = {},
): Promise<NestedCrossValidation> {
  const { splits, metrics, weights, groups } = options;
  const chosen: ChosenParameters[] = [];
  const result = await crossValidateWith({ table, target, weights, groups }, splits, {
    metrics,
    work,
    stage: "Nested cross-validation",
    async fitFold(train, { repeat, fold }) {
      const found = await searchInside(train, options, work);
      const { parameters, mean } = found.best;
      chosen.push({ repeat, fold, parameters, innerScore: mean });
      return found.pipeline!;
    },
  });
  return { ...result, chosen };
}

function searchInside(train: Rows, options: NestedOptions, work: FitWork): Promise<SearchResult> {
  const { grid, space, draws, metric, folds, repeats } = options;
  const { learner, options: fixed, preprocessing } = options;
  const plan = { learner, options: fixed, preprocessing, ...information(train) };
  const asked = { ...plan, metric, folds, repeats };
  if (grid && !space) return gridSearch(train.table, train.target, { ...asked, grid }, quiet(work));
  if (space && !grid) {
    return randomSearch(train.table, train.target, { ...asked, space, draws }, quiet(work));
  }
  throw new RoentgenError("bad-option", {
    problem: "Cannot search",
    expected: "either a grid or a space",
    found: grid ? "both" : "neither",
    subject: "grid",
  });
}
