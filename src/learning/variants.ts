// Predictions of the same rows again and again, each time with the values of a few columns changed, as
// permutation importance asks for them: what does not change is worked out once.

import type { Column, NumberValues, Prediction, Table, WorkOptions } from "../base/index.ts";
import { type ChangedFeatures, withFeatures } from "./changed-features.ts";
import type { FittedPipeline } from "./pipeline.ts";
import { applyPreprocessing } from "./preprocessing/apply.ts";
import type { FittedPreprocessing } from "./preprocessing/preprocessing.ts";
import { learnerByName } from "./registry.ts";

/** Predicts the rows with these columns in the place of those of the same name. */
export type PredictVariant = (changed: readonly Column[]) => Promise<Prediction>;

/** Gives, to the last bit, what `predictPipeline` gives for the table with the changed columns. */
export function variantPredictor(
  { plan, preprocessing, model }: FittedPipeline,
  table: Table,
  work: WorkOptions = {},
): PredictVariant {
  const learner = learnerByName(plan.learner);
  const features = applyPreprocessing(preprocessing, table);
  const parts = partsByColumn(preprocessing);
  const predict =
    learner.variantPredictor?.(model, features, work) ??
    ((changed) => learner.predict(model, withFeatures(features, changed), work));
  return (columns) => predict(changedFeatures(parts, columns));
}

/** The preprocessing of one column alone, and which features of the whole it gives. */
interface ColumnPart {
  readonly preprocessing: FittedPreprocessing;
  readonly features: readonly number[];
}

function partsByColumn({ numbers, texts, names, sources }: FittedPreprocessing) {
  const features = new Map<string, number[]>();
  sources.forEach((source, index) => {
    const known = features.get(source);
    if (known) known.push(index);
    else features.set(source, [index]);
  });
  const partOf = (name: string, fitted: Pick<FittedPreprocessing, "numbers" | "texts">) => {
    const own = features.get(name) ?? [];
    const about = { names: own.map((index) => names[index]), sources: own.map(() => name) };
    const part: ColumnPart = { preprocessing: { ...fitted, ...about, dropped: [] }, features: own };
    return [name, part] as const;
  };
  return new Map([
    ...numbers.map((fitted) => partOf(fitted.name, { numbers: [fitted], texts: [] })),
    ...texts.map((fitted) => partOf(fitted.name, { numbers: [], texts: [fitted] })),
  ]);
}

/** The features of these columns; columns that the pipeline does not use give none. */
function changedFeatures(
  parts: ReadonlyMap<string, ColumnPart>,
  columns: readonly Column[],
): ChangedFeatures {
  const changed = new Map<number, NumberValues>();
  for (const column of columns) {
    const part = parts.get(column.name);
    if (!part) continue;
    const table = { rowCount: column.values.length, columns: [column] };
    const made = applyPreprocessing(part.preprocessing, table);
    part.features.forEach((feature, index) => {
      changed.set(feature, made.columns[index]);
    });
  }
  return changed;
}
