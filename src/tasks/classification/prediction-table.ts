// Predictions of images as a table and as JSON: a row an image.

import { type Column, makeTable, type Table } from "../../base/index.ts";
import type { ImageDescription } from "../../study/index.ts";
import type { ImagePrediction } from "./image-prediction.ts";
import { scoreNames } from "./score-names.ts";

/** Predictions and what they are of. */
export interface PredictedImages {
  readonly target: ImageDescription["target"];
  readonly paths: readonly string[];
  readonly predictions: readonly ImagePrediction[];
}

/** What one row says, under the names of the columns. */
type Row = Record<string, string | number | boolean | readonly string[] | null>;

/**
 * Rows for JSON: path, predicted, a probability for each class or label, of labels whether each is found, and where the model
 * has them set, distance, unusual_share and unusual.
 */
export function predictionRows({ target, paths, predictions }: PredictedImages): Row[] {
  const names = target.kind === "number" ? [] : scoreNames(target);
  return predictions.map((prediction, at) => ({
    path: paths[at],
    predicted: readableAnswer(prediction),
    ...Object.fromEntries(
      names.map((name, index) => [
        `probability_${name}`,
        "probabilities" in prediction ? readable(prediction.probabilities[index]) : null,
      ]),
    ),
    ...(prediction.kind === "labels" &&
      Object.fromEntries(
        names.map((name) => [`found_${name}`, prediction.predicted.includes(name)]),
      )),
    ...("set" in prediction && { set: prediction.set ?? [] }),
    ...(prediction.distance !== undefined && { distance: readable(prediction.distance) }),
    ...(prediction.unusualShare !== undefined && {
      unusual_share: readable(prediction.unusualShare),
    }),
    ...(prediction.unusual !== undefined && { unusual: prediction.unusual }),
  }));
}

/** The same as columns; several names in a cell are joined by " | ". */
export function predictionTable(predicted: PredictedImages): Table {
  const rows = predictionRows(predicted);
  const names = Object.keys(rows[0] ?? { path: "", predicted: "" });
  return makeTable(
    names.map((name) =>
      columnOf(
        name,
        rows.map((row) => row[name]),
      ),
    ),
  );
}

function columnOf(name: string, values: readonly Row[string][]): Column {
  if (values.length > 0 && values.every((value) => typeof value === "number")) {
    return { kind: "number", name, values: Float64Array.from(values) };
  }
  return { kind: "text", name, values: values.map(textOf) };
}

function textOf(value: Row[string]): string | null {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return Array.isArray(value) ? value.join(" | ") : ((value as string | null) ?? null);
}

/** What is predicted, a measurement without the digits that the model does not give. */
export function readableAnswer(prediction: ImagePrediction): ImagePrediction["predicted"] {
  return prediction.kind === "number" ? readable(prediction.predicted) : prediction.predicted;
}

/** Without the digits beyond float32, in which the model gives its numbers. */
export function readable(value: number): number {
  return Number(Number(value.toPrecision(7)).toFixed(9));
}
