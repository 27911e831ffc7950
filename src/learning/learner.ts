// What every learner is: options with rules, a fit that returns plain data, a prediction, an ONNX form.

import type { Features, Prediction, rules, Target, WorkOptions } from "../base/index.ts";
import type { GraphBuilder } from "../onnx/index.ts";
import type { ChangedFeatures } from "./changed-features.ts";

/** Rows to learn from. */
export interface TrainingSet {
  readonly features: Features;
  readonly target: Target;
  /** Weight of each row, non-negative; 1 where absent. */
  readonly weights?: Float64Array;
  /** Patient (or other group) of each row, as an index; used where rows are resampled or split. */
  readonly groups?: Int32Array;
}

/** Names of the tensors that a model added to an ONNX graph. */
export interface OnnxOutputs {
  /** `[N]` strings (classification) or undefined. */
  readonly label?: string;
  /** `[N, classes]` float32 (classification) or `[N, 1]` float32 (regression). */
  readonly scores: string;
}

/** A learning method. `Model` is plain data: it can be logged, cloned and sent to a worker. */
export interface Learner<Rules extends rules.ZodType, Model> {
  readonly name: string;
  readonly tasks: readonly Target["task"][];
  /** Whether NaN among the features is understood; if not, `fit` refuses it. */
  readonly handlesMissing: boolean;
  readonly parameters: Rules;
  fit(set: TrainingSet, options?: rules.input<Rules>, work?: FitWork): Promise<Model>;
  predict(model: Model, features: Features, work?: WorkOptions): Promise<Prediction>;
  /**
   * Prepares for many predictions of the same rows, each with a few features changed: the numbers of
   * `predict`, faster. Absent where nothing is gained over `predict`.
   */
  variantPredictor?(
    model: Model,
    features: Features,
    work?: WorkOptions,
  ): (changed: ChangedFeatures) => Promise<Prediction>;
  /** Adds the model to a graph. `features` names a float32 tensor `[N, features]`. */
  addToGraph(model: Model, graph: GraphBuilder, features: string): OnnxOutputs;
}

/** What every fit takes beside its data and options. */
export interface FitWork extends WorkOptions {
  /** Seed of everything random in the fit; 0 by default. */
  seed?: number;
}
