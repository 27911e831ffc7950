// Our side of the benchmark of linear models, in a process of its own: prints one line of JSON.
// ours.ts FOLDER ROWS COLUMNS; FOLDER holds x.f64 (columns one after another), y.i32 and cases.json.

import { readFileSync, writeFileSync } from "node:fs";
import type { Target } from "../../src/base/index.ts";
import { type LinearModel, type LogisticModel, learnerByName } from "../../src/learning/index.ts";
import type { LinearCase } from "../linear.ts";

const [folder] = process.argv.slice(2);
const [rows, columns] = process.argv.slice(3).map(Number);
const cases: LinearCase[] = JSON.parse(readFileSync(`${folder}/cases.json`, "utf8"));
// Copies, since a small file shares its buffer with others.
const values = new Float64Array(Uint8Array.from(readFileSync(`${folder}/x.f64`)).buffer);
const labels = new Int32Array(Uint8Array.from(readFileSync(`${folder}/y.i32`)).buffer);
const names = Array.from({ length: columns }, (_, index) => `column ${index}`);
const series = names.map((_, index) => values.subarray(index * rows, (index + 1) * rows));
const features = { rowCount: rows, names, columns: series };
const classified: Target = { task: "classification", classes: ["no", "yes"], labels };
const measured: Target = { task: "regression", values: Float64Array.from(labels) };

const figures = { firstMs: [] as number[], fitMs: [] as number[], models: [] as unknown[] };
for (const { learner, options } of cases) {
  const target = learner === "logistic" ? classified : measured;
  const times: number[] = [];
  let model: unknown;
  for (let round = 0; round < 4; round++) {
    const start = performance.now();
    model = await learnerByName(learner).fit({ features, target }, options);
    times.push(performance.now() - start);
  }
  figures.firstMs.push(times[0]);
  figures.fitMs.push(Math.min(...times.slice(1)));
  figures.models.push(model);
}
const objectives = figures.models.map((model, at) => objective(cases[at], model as never));
writeFileSync(
  1,
  `${JSON.stringify({ firstMs: figures.firstMs, fitMs: figures.fitMs, objectives })}\n`,
);

/** What the fit minimises, as scikit-learn writes it. */
function objective({ learner, options }: LinearCase, model: LogisticModel | LinearModel): number {
  const single = "intercept" in model;
  const slopes = single ? model.coefficients : model.coefficients[0];
  const z = new Float64Array(rows).fill(single ? model.intercept : model.intercepts[0]);
  series.forEach((column, j) => {
    for (let row = 0; row < rows; row++) z[row] += slopes[j] * column[row];
  });
  const l1 = slopes.reduce((sum, slope) => sum + Math.abs(slope), 0);
  const l2 = slopes.reduce((sum, slope) => sum + slope * slope, 0);
  if (learner === "logistic") {
    const loss = z.reduce(
      (sum, v, row) => sum + Math.log1p(Math.exp(labels[row] === 1 ? -v : v)),
      0,
    );
    return ((options.c as number) ?? 1) * loss + (options.penalty === "l1" ? l1 : l2 / 2);
  }
  const squares = z.reduce((sum, v, row) => sum + (labels[row] - v) ** 2, 0);
  const alpha = (options.alpha as number) ?? 1;
  if (learner === "ridge") return squares + alpha * l2;
  return squares / (2 * rows) + alpha * 0.5 * l1 + alpha * 0.25 * l2;
}
