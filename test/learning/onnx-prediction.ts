// What ONNX Runtime predicts with an exported model, for parity tests.

import { openSession } from "#session";
import type { Features, Table } from "../../src/base/index.ts";
import type { FittedPipeline, Learner } from "../../src/learning/index.ts";
import { NUMBERS_INPUT, pipelineToOnnx, textInputName } from "../../src/learning/index.ts";
import {
  encodeModel,
  graphBuilder,
  type OnnxModel,
  type OnnxTensor,
} from "../../src/onnx/index.ts";

export interface OnnxPrediction {
  readonly labels?: readonly string[];
  /** Probabilities `[N, classes]` or values `[N, 1]`. */
  readonly scores: Float32Array;
}

/** Runs a learner's model, alone in a graph, on features. */
export async function predictModelInOnnx(
  // biome-ignore lint/suspicious/noExplicitAny: any learner with its own model.
  learner: Learner<any, any>,
  model: unknown,
  features: Features,
): Promise<OnnxPrediction> {
  const graph = graphBuilder();
  const width = features.columns.length;
  const input = graph.input({ name: NUMBERS_INPUT, type: "float32", shape: ["N", width] });
  const { label, scores } = learner.addToGraph(model, graph, input);
  if (label) graph.output({ name: "label", type: "string", shape: ["N"] }, label);
  graph.output({ name: "scores", type: "float32", shape: ["N", "K"] }, scores);
  const feeds = { [NUMBERS_INPUT]: numbersTensor(features.columns, features.rowCount) };
  const outputs = await runModel(graph.build(), feeds);
  return {
    labels: outputs.label?.data as readonly string[] | undefined,
    scores: outputs.scores.data as Float32Array,
  };
}

/** Runs a whole pipeline on a table. */
export async function predictPipelineInOnnx(
  pipeline: FittedPipeline,
  table: Table,
): Promise<OnnxPrediction> {
  const outputs = await runModel(pipelineToOnnx(pipeline), pipelineFeeds(pipeline, table));
  return {
    labels: outputs.label?.data as readonly string[] | undefined,
    scores: (outputs.probabilities ?? outputs.value).data as Float32Array,
  };
}

function pipelineFeeds(
  { preprocessing }: FittedPipeline,
  table: Table,
): Record<string, OnnxTensor> {
  const column = (name: string) => table.columns.find((candidate) => candidate.name === name)!;
  const feeds: Record<string, OnnxTensor> = {};
  const numbers = preprocessing.numbers.map(({ name }) => column(name).values as Float64Array);
  if (numbers.length > 0) feeds[NUMBERS_INPUT] = numbersTensor(numbers, table.rowCount);
  for (const { name } of preprocessing.texts) {
    const data = (column(name).values as (string | null)[]).map((value) => value ?? "");
    feeds[textInputName(name)] = { type: "string", shape: [table.rowCount, 1], data };
  }
  return feeds;
}

async function runModel(model: OnnxModel, feeds: Record<string, OnnxTensor>) {
  const session = await openSession(encodeModel(model), { threads: 1 });
  try {
    return await session.run(feeds);
  } finally {
    await session.close();
  }
}

function numbersTensor(columns: readonly ArrayLike<number>[], rowCount: number): OnnxTensor {
  const data = new Float32Array(rowCount * columns.length);
  columns.forEach((values, index) => {
    for (let row = 0; row < rowCount; row++) data[row * columns.length + index] = values[row];
  });
  return { type: "float32", shape: [rowCount, columns.length], data };
}
