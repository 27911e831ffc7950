// What a fitted pipeline takes and gives, as its bundle states it: columns with the ranges seen in training,
// classes, names of tensors.

import { type Column, columnFinder, type Table } from "../../base/index.ts";
import type { TableView } from "../../datasets/index.ts";
import { type FittedPipeline, NUMBERS_INPUT } from "../../learning/index.ts";
import type { BundleInput } from "../../study/index.ts";
import type { ModelInterface } from "./deployed-model.ts";

/** @param training the rows that the pipeline was fitted on */
export function describeInterface(
  pipeline: FittedPipeline,
  { targetName }: TableView,
  training: Table,
): ModelInterface {
  const find = columnFinder(training);
  const inputs = pipeline.columns.map(({ name, kind }) => describeInput(find(name), kind));
  const { classes } = pipeline;
  if (!classes) {
    const unit = pipeline.unit === undefined ? {} : { unit: pipeline.unit };
    return {
      inputs,
      target: { task: "regression", name: targetName, ...unit },
      tensors: { input: NUMBERS_INPUT, scores: "value" },
    };
  }
  return {
    inputs,
    target: {
      task: "classification",
      name: targetName,
      classes: classes.map((name) => ({ name })),
    },
    tensors: { input: NUMBERS_INPUT, scores: "probabilities", label: "label" },
  };
}

function describeInput(
  column: Column,
  kind: FittedPipeline["columns"][number]["kind"],
): BundleInput {
  const { name } = column;
  if (kind === "text" || column.kind === "text") {
    const values = column.values as readonly (string | null)[];
    const present = values.filter((value) => value !== null);
    const categories = [...new Set(present)].sort();
    return {
      kind: "category",
      name,
      categories,
      missing: shareMissing(values.length, present.length),
    };
  }
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  let count = 0;
  for (const value of column.values) {
    if (Number.isNaN(value)) continue;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
    count += 1;
  }
  return {
    kind: "number",
    name,
    minimum: count === 0 ? null : minimum,
    maximum: count === 0 ? null : maximum,
    missing: shareMissing(column.values.length, count),
  };
}

function shareMissing(count: number, present: number): number {
  return count === 0 ? 0 : (count - present) / count;
}
