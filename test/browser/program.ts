// Learns, judges and exports without files: the same program for Node and for browsers.

import { memorySource, takeRows, takeTargetRows } from "../../src/base/index.ts";
import { holdOut, lesionTable, viewTable } from "../../src/datasets/index.ts";
import { readData, writeCsv } from "../../src/formats/index.ts";
import { fitPipeline, pipelineToOnnx, predictPipeline } from "../../src/learning/index.ts";
import { encodeModel } from "../../src/onnx/index.ts";
import { judgeClassification } from "../../src/statistics/index.ts";

/** What a learner found; plain data. */
export interface Learnt {
  readonly learner: string;
  readonly probabilities: readonly number[];
  /** Value and bounds of accuracy and ROC AUC. */
  readonly figures: readonly (number | null)[];
  readonly modelBytes: number;
}

/** Draws lesions, writes and reads them as CSV, learns from some patients, judges on others, and exports. */
export async function learn(): Promise<Learnt[]> {
  const view = await readLesions();
  const { target, classes, features } = view;
  if (target.task !== "classification") throw new Error("a diagnosis is a class");
  const { train, test } = holdOut({
    rowCount: features.rowCount,
    labels: target.labels,
    groups: view.groups?.index,
    testFraction: 0.3,
  });
  const { labels } = takeTargetRows(target, test);
  const learnt: Learnt[] = [];
  for (const learner of ["forest", "extra-trees", "logistic"]) {
    const pipeline = await fitPipeline(takeRows(features, train), takeTargetRows(target, train), {
      learner,
    });
    const prediction = await predictPipeline(pipeline, takeRows(features, test));
    if (prediction.task !== "classification") throw new Error("a class is predicted");
    const { probabilities } = prediction;
    const { figures } = await judgeClassification({
      classes,
      labels,
      probabilities,
      resamples: 200,
    });
    learnt.push({
      learner,
      probabilities: [...probabilities],
      figures: [figures.accuracy, figures.rocAuc].flatMap((figure) => [
        figure?.value ?? null,
        figure?.low ?? null,
        figure?.high ?? null,
      ]),
      modelBytes: encodeModel(pipelineToOnnx(pipeline)).length,
    });
  }
  return learnt;
}

async function readLesions() {
  const chunks = [...writeCsv(lesionTable({ patients: 40, seed: 1 }))];
  const csv = Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
  const file = await readData(memorySource(csv, "lesions.csv"));
  if (file.kind !== "table") throw new Error("a CSV is a table");
  return viewTable(file.table, { target: "diagnosis", drop: ["diameter_mm"] });
}
