// A bundle put to work: its ONNX model loaded, its test vector checked, tables in and predictions out.

import { readFileBytes } from "#files";
import { openSession } from "#session";
import {
  type Column,
  columnFinder,
  type Prediction,
  RoentgenError,
  type Table,
  textValues,
  type WorkOptions,
} from "../../base/index.ts";
import { modelNumbers, NUMBERS_INPUT, textInputName } from "../../learning/index.ts";
import type { OnnxTensor, Session } from "../../onnx/index.ts";
import {
  type BundleInput,
  isImageBundle,
  readBundle,
  type TableBundle,
  type TableDescription,
  verifyTestVector,
} from "../../study/index.ts";
import { bundlePath } from "../bundle-path.ts";

export interface DeployedModel {
  readonly bundle: TableBundle;
  /** Predicts the rows of a table that has the model's columns, in any order and among others. */
  predict(table: Table): Promise<Prediction>;
  close(): Promise<void>;
}

/** Rows that go through the model at once, so that memory stays bounded. */
const BATCH = 65536;

/**
 * Opens a bundle file, or the bundle of a run folder, and checks that it still gives what it gave when made.
 * @throws RoentgenError for a bundle that can't be read or fails its test vector
 */
export async function openModel(
  path: string,
  { threads }: WorkOptions = {},
): Promise<DeployedModel> {
  const file = await bundlePath(path);
  const bundle = await readTableBundle(file);
  const session = await openSession(bundle.model, { threads });
  await verifyTestVector(bundle, (inputs) => session.run(inputs));
  return {
    bundle,
    predict: (table) => predictTable(bundle.manifest, session, table),
    close: () => session.close(),
  };
}

async function readTableBundle(file: string): Promise<TableBundle> {
  const bundle = await readBundle(await readFileBytes(file), file);
  if (!isImageBundle(bundle)) return bundle;
  throw new RoentgenError("type-mismatch", {
    problem: `Cannot put a table through ${file}`,
    expected: "a model of tables",
    found: "a model of images",
    subject: file,
  });
}

/** What must be known of a model to put a table through it. */
export type ModelInterface = Pick<TableDescription, "inputs" | "target" | "tensors">;

/** Predicts the rows of a table by a loaded model. */
export async function predictTable(
  { inputs, target, tensors }: ModelInterface,
  session: Session,
  table: Table,
): Promise<Prediction> {
  const columns = inputColumns(inputs, table);
  const width = target.task === "classification" ? target.classes.length : 1;
  const scores = new Float64Array(table.rowCount * width);
  for (let start = 0; start < table.rowCount; start += BATCH) {
    const end = Math.min(start + BATCH, table.rowCount);
    const outputs = await session.run(feedsOf(inputs, columns, start, end));
    scores.set(outputs[tensors.scores].data as Float32Array, start * width);
  }
  if (target.task === "regression") return { task: "regression", values: scores };
  normaliseInPlace(scores, width);
  return {
    task: "classification",
    classes: target.classes.map(({ name }) => name),
    probabilities: scores,
  };
}

/** Float32 outputs add up to 1 within 1e-7; what follows counts on 1. */
function normaliseInPlace(probabilities: Float64Array, width: number): void {
  for (let start = 0; start < probabilities.length; start += width) {
    let sum = 0;
    for (let index = start; index < start + width; index++) sum += probabilities[index];
    for (let index = start; index < start + width; index++) probabilities[index] /= sum;
  }
}

/** The model's columns in its order, numbers as numbers. */
export function inputColumns(inputs: readonly BundleInput[], table: Table): Column[] {
  const find = columnFinder(table);
  return inputs.map(({ name, kind }) => {
    const column = find(name);
    return kind === "category" ? column : { kind, name, values: modelNumbers(column) };
  });
}

/** Tensors of the rows from `start` to before `end`: all numbers in one, each text column in its own. */
export function feedsOf(
  inputs: readonly BundleInput[],
  columns: readonly Column[],
  start: number,
  end: number,
): Record<string, OnnxTensor> {
  const rows = end - start;
  const feeds: Record<string, OnnxTensor> = {};
  const numbers = columns.filter((_, index) => inputs[index].kind === "number");
  if (numbers.length > 0) {
    const data = new Float32Array(rows * numbers.length);
    numbers.forEach(({ values }, index) => {
      for (let row = 0; row < rows; row++)
        data[row * numbers.length + index] = values[start + row] as number;
    });
    feeds[NUMBERS_INPUT] = { type: "float32", shape: [rows, numbers.length], data };
  }
  columns.forEach((column, index) => {
    if (inputs[index].kind === "number") return;
    const data = textValues(column)
      .slice(start, end)
      .map((value) => value ?? "");
    feeds[textInputName(column.name)] = { type: "string", shape: [rows, 1], data };
  });
  return feeds;
}
