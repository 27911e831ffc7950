// The labelled images that a model is judged on: read for what the model predicts, told in its words, one side of a split.

import { counted, RoentgenError, type WorkOptions } from "../../base/index.ts";
import { type ImageDataset, readImageDataset } from "../../datasets/index.ts";
import type { ImageDescription } from "../../study/index.ts";
import { checkSubgroups } from "./judge-images.ts";
import { matchLabels } from "./match-labels.ts";
import { withoutPatients } from "./patients.ts";

export interface EvaluatedDatasetOptions {
  /** A folder with a folder a class, a table of paths and labels, or arrays. */
  readonly data: string;
  /** Column of labels, of a table; by default the one that the model learnt, else guessed. */
  readonly target?: string;
  /** Column of patients; guessed unless given, false for none. */
  readonly patient?: string | false;
  /** Columns whose values are shown apart. */
  readonly subgroups?: readonly string[];
}

export interface EvaluatedDataset {
  readonly dataset: ImageDataset;
  /** Samples to judge on. */
  readonly rows: readonly number[];
  readonly notes: readonly string[];
}

type Target = ImageDescription["target"];

/**
 * Reads them. Of data that name a test side only that is taken.
 * @throws RoentgenError where the data can't be read, or don't fit the model
 */
export async function evaluatedDataset(
  target: Target,
  options: EvaluatedDatasetOptions,
  work: WorkOptions,
): Promise<EvaluatedDataset> {
  const { patient, subgroups = [] } = options;
  const read = matchLabels(await readFor(target, options, work), target);
  const dataset = patient === false ? withoutPatients(read) : read;
  checkSubgroups(dataset, subgroups);
  const { rows, notes } = judgedSide(dataset);
  const problems = dataset.problems.map(({ message }) => message);
  return { dataset, rows, notes: [...dataset.notes, ...problems, ...notes] };
}

/** By the column that the model learnt, where the data have it and the caller names none. */
async function readFor(
  target: Target,
  { data, target: asked, patient }: EvaluatedDatasetOptions,
  work: WorkOptions,
): Promise<ImageDataset> {
  const options = { task: taskOf(target), patient: patient === false ? undefined : patient };
  if (asked !== undefined) return readImageDataset(data, { ...options, target: asked }, work);
  try {
    return await readImageDataset(data, { ...options, target: target.name }, work);
  } catch (cause) {
    if (!(cause instanceof RoentgenError) || cause.code === "cancelled") throw cause;
    return readImageDataset(data, options, work);
  }
}

function taskOf(target: Target): "classes" | "grades" | "labels" | "number" {
  return target.kind === "classes" && target.ordered ? "grades" : target.kind;
}

/** Images to learn from would make the figures too favourable. */
function judgedSide({ samples }: ImageDataset): { rows: number[]; notes: string[] } {
  const all = samples.map((_, row) => row);
  const test = all.filter((row) => samples[row].side === "test");
  if (test.length === 0 || test.length === all.length) return { rows: all, notes: [] };
  const note = `Judged on the test side alone, ${test.length} of ${counted(all.length, "image")}.`;
  return { rows: test, notes: [note] };
}
