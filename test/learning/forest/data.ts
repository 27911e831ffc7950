// Generated training sets with known structure.

import {
  type ClassTarget,
  type Features,
  type NumberTarget,
  type RandomStream,
  randomStream,
} from "../../../src/base/index.ts";

interface Size {
  rows: number;
  features: number;
  seed: number;
  /** Share of values that are missing. */
  missing?: number;
}

/** Classes are equal stretches of a noisy sum of the first features. */
export function classData({ classCount, ...size }: Size & { classCount: number }): {
  features: Features;
  target: ClassTarget;
} {
  const { features, score } = scored(size);
  const labels = Int32Array.from(score, (value) =>
    Math.min(classCount - 1, Math.max(0, Math.floor((value / 6 + 0.5) * classCount))),
  );
  const classes = Array.from({ length: classCount }, (_, index) => `class ${index}`);
  return { features, target: { task: "classification", classes, labels } };
}

/** The target is a noisy sum of the first features. */
export function numberData(size: Size): { features: Features; target: NumberTarget } {
  const { features, score } = scored(size);
  return { features, target: { task: "regression", values: score } };
}

function scored({ rows, features: count, seed, missing = 0 }: Size) {
  const random = randomStream({ seed, purpose: "test/forest" });
  const whole = Array.from({ length: count }, () => normals(random, rows));
  const score = Float64Array.from(
    { length: rows },
    (_, row) =>
      1.5 * whole[0][row] + whole[1 % count][row] * whole[2 % count][row] + 0.3 * random.normal(),
  );
  const columns = whole.map((column) =>
    column.map((value) => (random.uniform() < missing ? Number.NaN : value)),
  );
  const names = columns.map((_, index) => `feature ${index}`);
  return { features: { rowCount: rows, names, columns }, score };
}

function normals(random: RandomStream, count: number): Float64Array {
  return Float64Array.from({ length: count }, () => random.normal());
}
