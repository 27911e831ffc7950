// The data sets on which accuracy is compared with scikit-learn's.

import { type Features, randomStream, type Target } from "../../../../src/base/index.ts";

export interface AccuracyCase {
  name: string;
  rows: number;
  columns: number;
  /** The first rows, to learn from; the others are held out. */
  train: number;
  /** 0 for numbers. */
  classes: number;
  maxFeatures: number;
  trees: number;
}

export const cases: AccuracyCase[] = [
  {
    name: "interaction",
    rows: 3000,
    columns: 20,
    train: 1500,
    classes: 2,
    maxFeatures: 4,
    trees: 100,
  },
  { name: "rings", rows: 3000, columns: 6, train: 1500, classes: 4, maxFeatures: 2, trees: 100 },
  { name: "rare", rows: 4000, columns: 10, train: 2000, classes: 2, maxFeatures: 3, trees: 100 },
  { name: "coarse", rows: 3000, columns: 12, train: 1500, classes: 3, maxFeatures: 3, trees: 100 },
  {
    name: "friedman",
    rows: 2500,
    columns: 10,
    train: 1200,
    classes: 0,
    maxFeatures: 4,
    trees: 100,
  },
  { name: "steps", rows: 2500, columns: 8, train: 1200, classes: 0, maxFeatures: 8, trees: 100 },
];

/** The columns and the number or class of each row. */
export function makeCase({ name, rows, columns, classes }: AccuracyCase): {
  features: Features;
  target: Target;
} {
  const random = randomStream({ seed: 1, purpose: `test/forest/${name}` });
  const normal = name !== "friedman" && name !== "steps";
  const values = Array.from({ length: columns }, () =>
    Float64Array.from({ length: rows }, () => (normal ? random.normal() : random.uniform())),
  );
  // Few distinct values, as of grades and counts.
  if (name === "coarse")
    for (const column of values)
      column.forEach((v, i) => {
        column[i] = Math.round(2 * v);
      });
  const noise = Float64Array.from({ length: rows }, () => random.normal());
  const score = Float64Array.from({ length: rows }, (_, row) =>
    scores[name]((column) => values[column][row], noise[row]),
  );
  const names = values.map((_, index) => `column ${index}`);
  const features = { rowCount: rows, names, columns: values };
  if (classes === 0) return { features, target: { task: "regression", values: score } };
  const labels = Int32Array.from(score, (value) =>
    Math.min(classes - 1, Math.max(0, Math.floor(value))),
  );
  const classNames = Array.from({ length: classes }, (_, index) => `${index}`);
  return { features, target: { task: "classification", classes: classNames, labels } };
}

type Score = (x: (column: number) => number, noise: number) => number;

const scores: Record<string, Score> = {
  interaction: (x, e) => (x(0) + x(1) - x(2) + 2 * x(3) * x(4) + e > 0 ? 1 : 0),
  rings: (x, e) => Math.hypot(x(0), x(1), x(2)) * 1.3 - 0.5 + 0.2 * e,
  rare: (x, e) => (x(0) + x(1) + 0.5 * e > 2 ? 1 : 0),
  coarse: (x, e) => (x(0) + x(1) * x(2) + e) / 2 + 1.5,
  // Friedman: "Multivariate adaptive regression splines", Annals of Statistics 19, 1991, eq. 61.
  friedman: (x, e) =>
    10 * Math.sin(Math.PI * x(0) * x(1)) + 20 * (x(2) - 0.5) ** 2 + 10 * x(3) + 5 * x(4) + e,
  steps: (x, e) => 5 * Math.floor(4 * x(0)) + (x(1) > 0.3 ? 4 * x(2) : 0) + e,
};
