// What a fitted model goes by: importances on the rows held out and, of forests, Shapley values.

import { type Target, takeRows, takeTargetRows, type WorkOptions } from "../../base/index.ts";
import {
  applyPreprocessing,
  defaultMetric,
  type FittedPipeline,
  type ForestModel,
  type ImpurityImportance,
  impurityImportance,
  metricByName,
  type PermutationImportance,
  permutationImportance,
  shapleyValues,
} from "../../learning/index.ts";
import type { FittedModel } from "./fit.ts";
import type { Side } from "./sides.ts";

export interface Explanation {
  /** Undefined where not asked for, or where the held-out rows leave the score undefined. */
  readonly permutation?: PermutationImportance;
  /** Of forests. */
  readonly impurity?: ImpurityImportance;
  /** Of forests. */
  readonly shapley?: ShapleyOfRows;
}

interface ShapleyOfRows {
  /** "probability of malignant". */
  readonly of: string;
  readonly rows: number;
  readonly features: readonly {
    readonly label: string;
    /** One a row. */
    readonly contributions: Float64Array;
    readonly values: ArrayLike<number>;
  }[];
}

/** Rows explained one by one: enough for a picture, fewer where the trees are large (a row costs by leaf). */
const SHAPLEY_ROWS = 200;
const FEWEST_SHAPLEY_ROWS = 20;
const SHAPLEY_LEAVES = 4_000_000;

/** Rows that columns are shuffled among: more would not change the picture, only take their time. */
const PERMUTED_ROWS = 2000;

/** Explains a fitted model on the rows held out. */
export async function explainModel(
  { pipeline, predictions }: FittedModel,
  testing: Side,
  { permutations, seed, level }: { permutations: number; seed: number; level: number },
  work: WorkOptions = {},
): Promise<Explanation> {
  const { features, target, weights } = evenlyChosen(testing, PERMUTED_ROWS);
  const metric = metricByName(defaultMetric(target), target);
  const defined = Number.isFinite(metric.score(testing.target, predictions, testing.weights));
  const permutation =
    permutations > 1 && defined
      ? await permutationImportance(
          pipeline,
          features,
          target,
          { repeats: permutations, seed, level, weights },
          work,
        )
      : undefined;
  const forest = forestOf(pipeline);
  return {
    ...(permutation ? { permutation } : {}),
    ...(forest ? { impurity: impurityImportance(forest) } : {}),
    ...(forest ? { shapley: await explainRows(pipeline, forest, testing, work) } : {}),
  };
}

/** The model of a pipeline whose learner is a forest. */
export function forestOf({ plan, model }: FittedPipeline): ForestModel | undefined {
  return plan.learner === "forest" || plan.learner === "extra-trees"
    ? (model as ForestModel)
    : undefined;
}

/** Shapley values of the positive class of two, of the first of more, or of the value. */
async function explainRows(
  pipeline: FittedPipeline,
  forest: ForestModel,
  testing: Side,
  work: WorkOptions,
): Promise<ShapleyOfRows> {
  const leaves = forest.feature.reduce((sum, feature) => sum + (feature < 0 ? 1 : 0), 0);
  const affordable = Math.max(FEWEST_SHAPLEY_ROWS, Math.floor(SHAPLEY_LEAVES / leaves));
  const { features: shown } = evenlyChosen(testing, Math.min(SHAPLEY_ROWS, affordable));
  const count = shown.rowCount;
  const features = applyPreprocessing(pipeline.preprocessing, shown);
  const { values, outputs } = await shapleyValues(forest, features, work);
  const output = outputs === 2 ? 1 : 0;
  const width = features.names.length;
  return {
    of: pipeline.classes ? `probability of ${pipeline.classes[output]}` : "prediction",
    rows: count,
    features: features.names.map((label, index) => ({
      label,
      contributions: Float64Array.from(
        { length: count },
        (_, row) => values[(row * width + index) * outputs + output],
      ),
      values: features.columns[index],
    })),
  };
}

/** At most so many rows of a side, evenly spaced; the whole side where that is no more, or would lose a class. */
function evenlyChosen(side: Side, most: number): Omit<Side, "rows"> {
  const { features, target, weights } = side;
  const { rowCount } = features;
  if (rowCount <= most) return side;
  const rows = Array.from({ length: most }, (_, index) => Math.floor((index * rowCount) / most));
  const chosen = takeTargetRows(target, rows);
  if (classesIn(chosen) < classesIn(target)) return side;
  return {
    features: takeRows(features, rows),
    target: chosen,
    weights: weights && Float64Array.from(rows, (row) => weights[row]),
  };
}

function classesIn(target: Target): number {
  return target.task === "classification" ? new Set(target.labels).size : 1;
}
