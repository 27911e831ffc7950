// Grid and random search: each candidate cross-validated on the same splits, the best one fitted
// on all rows.

import {
  checkParameters,
  flag,
  integer,
  number,
  type OptionsOf,
  openCheckpoint,
  parameters,
  type SettingsOf,
  type Table,
  type Target,
  words,
} from "../../base/index.ts";
import { makeSplits, rowsToSplit, type Split } from "../../datasets/index.ts";
import type { FitWork } from "../learner.ts";
import {
  type FittedPipeline,
  fitPipeline,
  type PipelinePlan,
  predictPipeline,
  type RowInformation,
} from "../pipeline.ts";
import { information, quiet } from "./cross-validate.ts";
import { defaultMetric, type Metric, metricByName } from "./metrics.ts";
import { type Rows, rowsAt } from "./rows.ts";
import { definedOrNull, type ScoreSummary, summariseScores } from "./score-summary.ts";
import {
  type Candidate,
  type Grid,
  gridCandidates,
  planOf,
  randomCandidates,
  type SearchSpace,
} from "./search-space.ts";

const searchParameters = parameters({
  metric: words()
    .optional()
    .describe(
      "Name of the metric to go by; by default area under the ROC curve, or root mean squared error.",
    ),
  folds: integer({ min: 2 })
    .default(5)
    .describe("Folds of the cross-validation inside, stratified and grouped as the rows are."),
  repeats: integer({ min: 1 }).default(1),
  refit: flag().default(true).describe("Whether to fit the best candidate on all rows."),
});

type SearchSettings = SettingsOf<typeof searchParameters>;

/** What all searches take, beside the plan that they vary. */
export interface SearchOptions
  extends OptionsOf<typeof searchParameters>,
    PipelinePlan,
    RowInformation {
  /** Instead of `folds` and `repeats`: the splits to judge candidates by. */
  readonly splits?: readonly Split[];
}

/** One candidate and its scores over the splits. */
export interface CandidateResult extends ScoreSummary {
  readonly parameters: Candidate;
  /** By split; null where undefined. */
  readonly scores: readonly (number | null)[];
  /** 1 is best; equal means share a rank. */
  readonly rank: number;
}

/** Every candidate tried, and the best. */
export interface SearchResult {
  readonly metric: string;
  readonly better: Metric["better"];
  /** In the order they were tried. */
  readonly candidates: readonly CandidateResult[];
  /** The best; the first of equals. */
  readonly best: CandidateResult;
  /** The plan with the best values in place. */
  readonly plan: PipelinePlan;
  /** Fitted on all rows, unless `refit` is false. */
  readonly pipeline?: FittedPipeline;
}

/** Tries every combination of a grid. */
export async function gridSearch(
  table: Table,
  target: Target,
  { grid, ...options }: SearchOptions & { readonly grid: Grid | readonly Grid[] },
  work: FitWork = {},
): Promise<SearchResult> {
  return search({ table, target }, gridCandidates(grid), options, work);
}

const drawsRule = parameters({
  draws: integer({ min: 1 }).default(20),
  seed: number({ min: 0 }).default(0),
});

/** Tries `draws` (20 by default) combinations drawn from distributions, by the seed of the work. */
export async function randomSearch(
  table: Table,
  target: Target,
  {
    space,
    draws,
    ...options
  }: SearchOptions & {
    readonly space: SearchSpace;
    readonly draws?: number;
  },
  work: FitWork = {},
): Promise<SearchResult> {
  const drawn = checkParameters(drawsRule, { draws, seed: work.seed }, "random search");
  const candidates = randomCandidates(space, drawn.draws, drawn.seed);
  return search({ table, target }, candidates, options, work);
}

async function search(
  { table, target }: { table: Table; target: Target },
  candidates: readonly Candidate[],
  options: SearchOptions,
  work: FitWork,
): Promise<SearchResult> {
  const { learner, options: fixed, preprocessing, weights, groups, splits, ...rest } = options;
  const settings = checkParameters(searchParameters, rest, "search");
  const plan: PipelinePlan = { learner, options: fixed, preprocessing };
  const rows: Rows = { table, target, weights, groups };
  const metric = metricByName(settings.metric ?? defaultMetric(target), target);
  const judgedBy = splits ?? splitsFor(rows, settings, work);
  const plans = candidates.map((candidate) => planOf(plan, candidate));
  const scores = await scorePlans(rows, judgedBy, plans, { metric, work });
  const results = rankCandidates(candidates, scores, metric);
  const best = results.reduce((leader, one) => (one.rank < leader.rank ? one : leader));
  const chosen = planOf(plan, best.parameters);
  const outcome = {
    metric: metric.name,
    better: metric.better,
    candidates: results,
    best,
    plan: chosen,
  };
  if (!settings.refit) return outcome;
  const fitted = await fitPipeline(table, target, { ...chosen, weights, groups }, quiet(work));
  return { ...outcome, pipeline: fitted };
}

function splitsFor(rows: Rows, { folds, repeats }: SearchSettings, { seed = 0 }: FitWork): Split[] {
  return makeSplits({
    ...rowsToSplit(rows.table.rowCount, rows),
    kind: "k-fold",
    folds,
    repeats,
    seed,
  });
}

/** Scores by plan and split; each side of a split is taken from the table once for all plans. */
async function scorePlans(
  rows: Rows,
  splits: readonly Split[],
  plans: readonly PipelinePlan[],
  { metric, work }: { metric: Metric; work: FitWork },
): Promise<(number | null)[][]> {
  const scores = plans.map(() => [] as (number | null)[]);
  const total = plans.length * splits.length;
  const checkpoint = openCheckpoint(work.signal, "The search");
  let done = 0;
  for (const split of splits) {
    const train = rowsAt(rows, split.train);
    const test = rowsAt(rows, split.test);
    for (const [index, plan] of plans.entries()) {
      await checkpoint();
      const asked = { ...plan, ...information(train) };
      const pipeline = await fitPipeline(train.table, train.target, asked, quiet(work));
      const prediction = await predictPipeline(pipeline, test.table, quiet(work));
      scores[index].push(definedOrNull(metric.score(test.target, prediction, test.weights)));
      done += 1;
      work.onProgress?.({ stage: "Searching", done, total, unit: "fits" });
    }
  }
  return scores;
}

/** A candidate with an undefined score ranks after all that have none, so that no gap is an advantage. */
function rankCandidates(
  candidates: readonly Candidate[],
  scores: readonly (number | null)[][],
  { better }: Metric,
): CandidateResult[] {
  const summaries = scores.map(summariseScores);
  const isAhead = (a: ScoreSummary, b: ScoreSummary) => {
    if (a.undefinedCount !== b.undefinedCount) return a.undefinedCount < b.undefinedCount;
    if (a.mean === null || b.mean === null) return false;
    return better === "higher" ? a.mean > b.mean : a.mean < b.mean;
  };
  return candidates.map((parameters, index) => ({
    parameters,
    scores: scores[index],
    ...summaries[index],
    rank: 1 + summaries.filter((other) => isAhead(other, summaries[index])).length,
  }));
}
