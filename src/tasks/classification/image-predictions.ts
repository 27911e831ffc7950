// predictions.csv of a training on images: one line an image held out.

import { type Column, makeTable } from "../../base/index.ts";
import { conformalSets, unusualShare } from "../../statistics/index.ts";
import { csvText } from "../tables/csv-text.ts";
import { predictionColumns } from "../tables/judge.ts";
import { findingsOf } from "./findings.ts";
import { readable } from "./prediction-table.ts";
import type { TrainedImages } from "./train-images.ts";

/** Image, patient, truth, prediction, probabilities, the set that holds the truth as promised, how unusual the image is. */
export function imagePredictions(trained: TrainedImages): string {
  const { dataset, split, predictions, calibration, unusual } = trained;
  const { samples, target } = dataset;
  const rows = [...split.test];
  const text = (name: string, of: (row: number) => string | null): Column => ({
    kind: "text",
    name,
    values: rows.map(of),
  });
  const columns: Column[] = [text("image", (row) => samples[row].name)];
  if (rows.some((row) => samples[row].patient !== undefined)) {
    columns.push(text("patient", (row) => samples[row].patient ?? null));
  }
  if (target.kind === "classes") {
    const { classes } = target;
    const probabilities = predictions.scores;
    columns.push(text("true", (row) => classes[samples[row].target as number]));
    columns.push(
      ...predictionColumns(
        { task: "classification", classes, probabilities },
        { threshold: calibration?.threshold?.value },
      ),
    );
    if (calibration?.conformal) {
      const sets = conformalSets(calibration.conformal, probabilities);
      columns.push({
        kind: "text",
        name: "set",
        values: sets.map((set) => set.map((one) => classes[one]).join(" | ")),
      });
    }
  } else if (target.kind === "labels") {
    columns.push(...findingColumns(trained, target.labels));
  } else {
    const truth = Float64Array.from(rows, (row) => samples[row].target as number);
    columns.push({ kind: "number", name: "true", values: truth });
    const values = predictions.scores.map(readable);
    columns.push(...predictionColumns({ task: "regression", values }));
  }
  const { distances } = predictions;
  if (unusual && distances) {
    const values = distances.map((distance) => Number(unusualShare(unusual, distance).toFixed(4)));
    columns.push({ kind: "number", name: "unusual_share", values });
  }
  return csvText(makeTable(columns));
}

/** Of each finding what is true (empty where unknown), its probability, and whether it is found. */
function findingColumns(
  { dataset, split, predictions, calibration }: TrainedImages,
  labels: readonly string[],
): Column[] {
  const truth = findingsOf(dataset, split.test);
  const { scores } = predictions;
  const thresholds = calibration?.labels ?? [];
  const call = (name: string, values: readonly (boolean | undefined)[]): Column => ({
    ...{ kind: "text", name },
    values: values.map((value) => (value === undefined ? null : value ? "yes" : "no")),
  });
  return labels.flatMap((name, at): Column[] => {
    const own = (values: Float64Array) => [
      ...values.filter((_, place) => place % labels.length === at),
    ];
    const probabilities = own(scores);
    const { value: threshold } = thresholds[at].threshold;
    return [
      call(
        `true_${name}`,
        own(truth).map((value) => (Number.isNaN(value) ? undefined : value === 1)),
      ),
      {
        ...{ kind: "number", name: `probability_${name}` },
        values: Float64Array.from(probabilities, readable),
      },
      call(
        `found_${name}`,
        probabilities.map((probability) => probability >= threshold),
      ),
    ];
  });
}
