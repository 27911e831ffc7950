// Learn benign from malignant on generated lesions, judge the forest on patients that it has not seen,
// and predict one new case: node examples/train-and-predict.js

import { takeRows, takeTargetRows } from "roentgen";
import { holdOut, lesionTable, viewTable } from "roentgen/datasets";
import { fitPipeline, pipelineToOnnx, predictPipeline } from "roentgen/learning";
import { encodeModel } from "roentgen/onnx";
import { judgeClassification } from "roentgen/statistics";

const table = lesionTable({ patients: 150, seed: 1 });
const view = viewTable(table, {
  target: "diagnosis",
  group: "patient_id",
  drop: ["diameter_mm", "site"],
});
const { train, test } = holdOut({
  rowCount: view.features.rowCount,
  labels: view.target.labels,
  groups: view.groups.index,
  testFraction: 0.3,
});

const forest = await fitPipeline(
  takeRows(view.features, train),
  takeTargetRows(view.target, train),
  {
    learner: "forest",
    options: { trees: 200 },
  },
);
const prediction = await predictPipeline(forest, takeRows(view.features, test));
const { figures } = await judgeClassification({
  classes: view.classes,
  labels: takeTargetRows(view.target, test).labels,
  probabilities: prediction.probabilities,
  groups: Int32Array.from(test, (row) => view.groups.index[row]),
});

const { value, low, high, n } = figures.rocAuc;
console.log(
  `ROC AUC ${value.toFixed(3)} (95 % interval ${low.toFixed(3)} to ${high.toFixed(3)}, ${n} lesions)`,
);
console.log(`First lesion: ${(100 * prediction.probabilities[1]).toFixed(0)} % malignant`);
console.log(`As ONNX: ${encodeModel(pipelineToOnnx(forest)).length} bytes`);
