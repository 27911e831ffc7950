// Fits the pipeline on the training side and turns it into the model that is judged and deployed.

import { openSession } from "#session";
import { type Prediction, RoentgenError, type Table, type WorkOptions } from "../../base/index.ts";
import type { TableView } from "../../datasets/index.ts";
import {
  type FittedPipeline,
  fitPipeline,
  type PipelinePlan,
  type PreprocessingOptions,
  pipelineToOnnx,
  predictPipeline,
} from "../../learning/index.ts";
import { encodeModel, type Session } from "../../onnx/index.ts";
import type { TestVector } from "../../study/index.ts";
import { feedsOf, inputColumns, type ModelInterface, predictTable } from "./deployed-model.ts";
import { describeInterface } from "./model-interface.ts";
import type { TrainingSettings } from "./settings.ts";
import type { Side } from "./sides.ts";

export interface FittedModel {
  readonly pipeline: FittedPipeline;
  /** The file of the ONNX model. */
  readonly model: Uint8Array;
  readonly interface: ModelInterface;
  /** Predictions of the ONNX model for the testing side: what is judged is what is deployed. */
  readonly predictions: Prediction;
  /** Largest difference between the pipeline's own predictions and those of the ONNX model. */
  readonly parity: number;
  readonly testVector: TestVector;
}

const TEST_VECTOR_ROWS = 5;

/** Float32 scores of the deployed model against float64 ones of the pipeline, relative above 1. */
const PARITY = 1e-6;

/** The plan that the settings describe. */
export function pipelinePlan({ model, options, preprocessing }: TrainingSettings): PipelinePlan {
  return { learner: model, options, preprocessing: preprocessing as PreprocessingOptions };
}

/**
 * Fits on the training side, exports to ONNX and predicts the testing side with what was exported.
 * @throws RoentgenError "internal" if the exported model disagrees with the pipeline
 */
export async function fitModel(
  view: TableView,
  training: Side,
  testing: Side,
  plan: PipelinePlan,
  work: WorkOptions & { seed: number },
): Promise<FittedModel> {
  const { features, target, weights, groups } = training;
  const pipeline = await fitPipeline(features, target, { ...plan, weights, groups }, work);
  const model = encodeModel(pipelineToOnnx(pipeline));
  const description = describeInterface(pipeline, view, features);
  const session = await openSession(model, { threads: work.threads });
  try {
    const predictions = await predictTable(description, session, testing.features);
    const own = await predictPipeline(pipeline, testing.features, work);
    const parity = largestDifference(own, predictions);
    if (!(parity <= PARITY)) throw disagreement(parity);
    const testVector = await makeTestVector(description, session, testing.features);
    return { pipeline, model, interface: description, predictions, parity, testVector };
  } finally {
    await session.close();
  }
}

/** The first testing rows with what the model gives for them, kept in the bundle as proof. */
async function makeTestVector(
  { inputs }: ModelInterface,
  session: Session,
  table: Table,
): Promise<TestVector> {
  const columns = inputColumns(inputs, table);
  const feeds = feedsOf(inputs, columns, 0, Math.min(table.rowCount, TEST_VECTOR_ROWS));
  return { inputs: feeds, outputs: await session.run(feeds) };
}

function largestDifference(a: Prediction, b: Prediction): number {
  const left = a.task === "classification" ? a.probabilities : a.values;
  const right = b.task === "classification" ? b.probabilities : b.values;
  let largest = 0;
  for (let i = 0; i < left.length; i++) {
    const difference = Math.abs(left[i] - right[i]) / Math.max(1, Math.abs(left[i]));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

function disagreement(parity: number): RoentgenError {
  return new RoentgenError("internal", {
    problem: "The exported model does not predict what was trained",
    expected: `scores within ${PARITY}`,
    found: `a difference of ${parity}`,
    remedy: "Please report this, with the options used.",
  });
}
