// Cross-validation on the Wisconsin diagnostic breast-cancer data against scikit-learn's forest.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  type ClassPrediction,
  predictedLabels,
  randomStream,
  takeFeatureRows,
  takeTargetRows,
} from "../../../src/base/index.ts";
import { forest } from "../../../src/learning/forest/index.ts";

const path = "../shared/data/wdbc/wdbc.csv";

/** scikit-learn 1.2, RandomForestClassifier(100), RepeatedStratifiedKFold(10, 5): 0.962 ± 0.005. */
const PEER_ACCURACY = 0.962;

describe.skipIf(!existsSync(path))(`wdbc (skipped without ${path})`, () => {
  test("ten folds repeated five times score within half a point of scikit-learn", async () => {
    const { features, target } = readCases();
    let right = 0;
    for (let repeat = 0; repeat < 5; repeat++) {
      const fold = stratifiedFolds(target.labels, 10, repeat);
      for (let held = 0; held < 10; held++) {
        const rows = Array.from(fold.keys());
        const learn = rows.filter((row) => fold[row] !== held);
        const hold = rows.filter((row) => fold[row] === held);
        const train = {
          features: takeFeatureRows(features, learn),
          target: takeTargetRows(target, learn),
        };
        const model = await forest.fit(train, {}, { seed: repeat });
        const predicted = await forest.predict(model, takeFeatureRows(features, hold));
        const labels = predictedLabels(predicted as ClassPrediction);
        right += labels.filter((label, at) => label === target.labels[hold[at]]).length;
      }
    }
    const accuracy = right / (5 * target.labels.length);
    expect(Math.abs(accuracy - PEER_ACCURACY)).toBeLessThan(0.005);
  });
});

function readCases() {
  const [head, ...lines] = readFileSync(path, "utf8").trim().split(/\r?\n/);
  const header = head.split(",");
  const diagnosis = header.indexOf("diagnosis");
  const known = ["diagnosis", "patient_id", "id"];
  const used = header.flatMap((name, index) => (known.includes(name) ? [] : [index]));
  const cells = lines.map((line) => line.split(","));
  const columns = used.map((index) => Float64Array.from(cells, (row) => Number(row[index])));
  const classes = [...new Set(cells.map((row) => row[diagnosis]))].sort();
  const labels = Int32Array.from(cells, (row) => classes.indexOf(row[diagnosis]));
  const names = used.map((index) => header[index]);
  return {
    features: { rowCount: cells.length, names, columns },
    target: { task: "classification" as const, classes, labels },
  };
}

function stratifiedFolds(labels: Int32Array, folds: number, seed: number): number[] {
  const random = randomStream({ seed, purpose: "test/folds" });
  const fold = new Array<number>(labels.length);
  let next = 0;
  for (const label of new Set(labels)) {
    const rows = Array.from(labels.keys()).filter((row) => labels[row] === label);
    for (const row of random.shuffleInPlace(rows)) fold[row] = next++ % folds;
  }
  return fold;
}
