// Studies of drawn numbers for the tests of reports: all text that a user's data could bring is given.

import { randomStream } from "../../src/base/index.ts";
import {
  type ClassificationJudgement,
  judgeClassification,
  judgeRegression,
  type RegressionJudgement,
  subgroupTable,
} from "../../src/statistics/index.ts";
import { describeProvenance, type TableStudy } from "../../src/study/index.ts";

/** Rows whose class shows in their probabilities, more so the larger the `signal`. */
export function drawClassification(classes: readonly string[], rows: number, signal: number) {
  const stream = randomStream({ seed: 1, purpose: "test/study" });
  const count = classes.length;
  const labels = Int32Array.from({ length: rows }, (_, row) => row % count);
  const probabilities = new Float64Array(rows * count);
  for (let row = 0; row < rows; row++) {
    const odds = classes.map((_, index) =>
      Math.exp(stream.normal() + (index === labels[row] ? signal : 0)),
    );
    const sum = odds.reduce((total, each) => total + each, 0);
    odds.forEach((each, index) => {
      probabilities[row * count + index] = each / sum;
    });
  }
  return { classes, labels, probabilities, resamples: 50, seed: 0 };
}

function surroundings(text: string) {
  return {
    learner: "random forest",
    target: text,
    data: {
      name: text,
      rows: 500,
      features: 2,
      patients: 400,
      missing: [{ column: text, rows: 3 }],
      notes: [text],
    },
    split: {
      description: text,
      train: { rows: 380, patients: 300 },
      test: { rows: 120, patients: 100 },
    },
    findings: [{ level: "warning", title: text, text }],
    permutation: {
      score: "ROC AUC",
      repeats: 10,
      features: [{ label: text, value: 0.1, low: 0.05, high: 0.15 }],
    },
    impurity: [{ label: text, value: 1 }],
    shapley: {
      of: text,
      rows: 3,
      features: [{ label: text, contributions: [0.1, -0.2, 0], values: [1, 2, Number.NaN] }],
    },
    learningCurve: {
      score: "Accuracy",
      series: [{ label: text, points: [{ rows: 100, value: 0.9, low: 0.8, high: 1 }] }],
    },
    crossValidation: {
      description: text,
      scores: [{ label: text, value: 0.9, deviation: 0.02, of: "50 folds" }],
    },
    outOfBag: [{ label: text, value: 0.91, of: "380 rows" }],
    config: { data: text },
    command: text,
    provenance: describeProvenance({
      data: [{ name: text, bytes: 10, sha256: "0".repeat(64) }],
      seed: 0,
      threads: 2,
    }),
    startedAt: new Date(0),
    endedAt: new Date(1000),
  } as const;
}

export async function classificationStudy(
  classes: readonly string[],
  {
    text = "x",
    rows = 120,
    signal = 2,
    threshold,
  }: { text?: string; rows?: number; signal?: number; threshold?: number } = {},
): Promise<TableStudy<ClassificationJudgement>> {
  const drawn = { ...drawClassification(classes, rows, signal), ...(threshold && { threshold }) };
  const subgroup = Array.from({ length: rows }, (_, row) => (row % 7 ? text : null));
  const { data, split, ...others } = surroundings(text);
  const counts = classes.map((_, index) => 10 + index);
  return {
    ...others,
    data: { ...data, classes: classes.map((name, index) => ({ name, rows: counts[index] })) },
    split: {
      ...split,
      train: { ...split.train, classes: counts },
      test: { ...split.test, classes: counts },
    },
    judgement: await judgeClassification(drawn),
    subgroups: [{ column: text, rows: await subgroupTable({ ...drawn, subgroup }) }],
  };
}

export async function regressionStudy({
  text = "x",
  noise = 1,
  bias = 0,
} = {}): Promise<TableStudy<RegressionJudgement>> {
  const stream = randomStream({ seed: 2, purpose: "test/study" });
  const truth = Float64Array.from({ length: 80 }, () => 20 + 5 * stream.normal());
  const predicted = truth.map((value) => value + bias + noise * stream.normal());
  const { data, ...others } = surroundings(text);
  return {
    ...others,
    data: { ...data, range: { low: 4, median: 20, high: 35.5 } },
    unit: text,
    judgement: await judgeRegression({ truth, predicted, resamples: 50 }),
  };
}
