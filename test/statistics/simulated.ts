// Classifications drawn for tests: probabilities that know something of the true class.

import { randomStream } from "../../src/base/index.ts";

/** Random rows; `knowledge` shifts the true class's score by so many standard deviations. */
export function simulateClassification({
  rows,
  classCount = 2,
  seed = 1,
  knowledge = 1,
}: {
  rows: number;
  classCount?: number;
  seed?: number;
  knowledge?: number;
}) {
  const random = randomStream({ seed, purpose: "test/judge" });
  const labels = new Int32Array(rows);
  const probabilities = new Float64Array(rows * classCount);
  for (let row = 0; row < rows; row++) {
    labels[row] = random.integer(classCount);
    const scores = Array.from({ length: classCount }, (_, index) =>
      Math.exp(random.normal() + (labels[row] === index ? knowledge : 0)),
    );
    const sum = scores.reduce((total, score) => total + score);
    probabilities.set(
      scores.map((score) => score / sum),
      row * classCount,
    );
  }
  const classes = Array.from({ length: classCount }, (_, index) => `class ${index}`);
  return { classes, labels, probabilities };
}
