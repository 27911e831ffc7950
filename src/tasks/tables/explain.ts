// What a fitted model goes by: importances on the rows held out and, of forests, Shapley values.

import { type Table, takeRows, type WorkOptions } from "../../base/index.ts";
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

/** Rows explained one by one: enough for a picture. */
const SHAPLEY_ROWS = 200;

/** Explains a fitted model on the rows held out. */
export async function explainModel(
  { pipeline, predictions }: FittedModel,
  testing: Side,
  { permutations, seed, level }: { permutations: number; seed: number; level: number },
  work: WorkOptions = {},
): Promise<Explanation> {
  const { features, target, weights } = testing;
  const metric = metricByName(defaultMetric(target), target);
  const defined = Number.isFinite(metric.score(target, predictions, weights));
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
    ...(forest ? { shapley: await explainRows(pipeline, forest, features, work) } : {}),
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
  table: Table,
  work: WorkOptions,
): Promise<ShapleyOfRows> {
  const count = Math.min(table.rowCount, SHAPLEY_ROWS);
  const shown = takeRows(
    table,
    Array.from({ length: count }, (_, row) => Math.floor((row * table.rowCount) / count)),
  );
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
