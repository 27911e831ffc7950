// A pipeline: preprocessing and learner fitted together on the same rows, from table to prediction,
// and as one ONNX file.

import {
  type Prediction,
  RoentgenError,
  type Table,
  type Target,
  type WorkOptions,
} from "../base/index.ts";
import { graphBuilder, type OnnxModel } from "../onnx/index.ts";
import type { FitWork } from "./learner.ts";
import { applyPreprocessing } from "./preprocessing/apply.ts";
import {
  type FittedPreprocessing,
  fitPreprocessing,
  type PreprocessingOptions,
} from "./preprocessing/preprocessing.ts";
import { addPreprocessingToGraph } from "./preprocessing/preprocessing-graph.ts";
import { learnerByName } from "./registry.ts";

/** What to fit: plain data, so that it can be written down and varied by a search. */
export interface PipelinePlan {
  /** "forest", "extra-trees", "logistic", "ridge" or "elastic-net". */
  readonly learner: string;
  /** Options of the learner. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Options of the preprocessing; defaults depend on the learner. */
  readonly preprocessing?: PreprocessingOptions;
}

/** What is known of the rows beside features and target. */
export interface RowInformation {
  /** Weight of each row, non-negative. */
  readonly weights?: Float64Array;
  /** Patient (or other group) of each row, as an index. */
  readonly groups?: Int32Array;
}

/** A fitted pipeline: plain data. */
export interface FittedPipeline {
  readonly plan: PipelinePlan;
  readonly task: Target["task"];
  /** Classification: names in the order of the probabilities. */
  readonly classes?: readonly string[];
  /** Regression: unit of the target, where known. */
  readonly unit?: string;
  /** Columns of the table that a prediction needs, numbers first: the inputs of the ONNX model. Columns without use are not among them. */
  readonly columns: readonly { readonly name: string; readonly kind: "number" | "text" }[];
  readonly preprocessing: FittedPreprocessing;
  /** The learner's own model. */
  readonly model: unknown;
  /** What a reader should know, from the learner: a fit that did not converge, perfect separation. */
  readonly warnings: readonly string[];
}

/**
 * Fits preprocessing, then the learner, on all rows of the table: give it the training side only,
 * without the target column.
 * @throws RoentgenError where the plan, the table or the target do not fit the learner
 */
export async function fitPipeline(
  table: Table,
  target: Target,
  plan: PipelinePlan & RowInformation,
  work: FitWork = {},
): Promise<FittedPipeline> {
  const { learner: name, options = {}, preprocessing: asked = {}, weights, groups } = plan;
  const learner = learnerByName(name);
  checkRows(table, target);
  const preprocessing = fitPreprocessing(table, { ...preprocessingDefaults(name), ...asked });
  const features = applyPreprocessing(preprocessing, table);
  const model = await learner.fit({ features, target, weights, groups }, options, work);
  return {
    plan: { learner: name, options, preprocessing: asked },
    task: target.task,
    ...(target.task === "classification" ? { classes: target.classes } : {}),
    ...(target.task === "regression" && target.unit ? { unit: target.unit } : {}),
    columns: usedColumns(preprocessing),
    preprocessing,
    model,
    warnings: (model as { warnings?: readonly string[] }).warnings ?? [],
  };
}

/** Defaults for a learner: one that understands missing numbers and any scale gets them as they are. */
export function preprocessingDefaults(learner: string): PreprocessingOptions {
  return learnerByName(learner).handlesMissing ? { impute: "none", scale: "none" } : {};
}

/** Predicts the rows of a table that has the columns of the training table, in any order. */
export async function predictPipeline(
  { plan, preprocessing, model }: FittedPipeline,
  table: Table,
  work: WorkOptions = {},
): Promise<Prediction> {
  const features = applyPreprocessing(preprocessing, table);
  return learnerByName(plan.learner).predict(model, features, work);
}

/**
 * The pipeline as one ONNX model, preprocessing inside. Inputs are those of
 * `addPreprocessingToGraph`; outputs are `label` (string `[N]`) and `probabilities` (float32
 * `[N, classes]`), or `value` (float32 `[N, 1]`).
 */
export function pipelineToOnnx({ plan, preprocessing, model, classes }: FittedPipeline): OnnxModel {
  const graph = graphBuilder();
  const features = addPreprocessingToGraph(preprocessing, graph);
  const { label, scores } = learnerByName(plan.learner).addToGraph(model, graph, features);
  if (classes) {
    if (label !== undefined) graph.output({ name: "label", type: "string", shape: ["N"] }, label);
    const shape = ["N", classes.length];
    graph.output({ name: "probabilities", type: "float32", shape }, scores);
  } else {
    graph.output({ name: "value", type: "float32", shape: ["N", 1] }, scores);
  }
  return graph.build({ name: plan.learner });
}

function checkRows(table: Table, target: Target): void {
  const found = target.task === "classification" ? target.labels.length : target.values.length;
  if (found === table.rowCount) return;
  throw new RoentgenError("shape-mismatch", {
    problem: "Cannot learn from this table",
    expected: `${table.rowCount} targets, one for each row`,
    found: `${found}`,
    remedy: "Check that features and labels belong together and that neither lost rows.",
    subject: "target",
  });
}

function usedColumns({ numbers, texts }: FittedPreprocessing): FittedPipeline["columns"] {
  return [
    ...numbers.map(({ name }) => ({ name, kind: "number" as const })),
    ...texts.map(({ name }) => ({ name, kind: "text" as const })),
  ];
}
