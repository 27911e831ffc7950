// Writes the data sets of cases.ts for make-accuracy.py: write-data.ts FOLDER.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cases, makeCase } from "./cases.ts";

const folder = process.argv[2];
for (const example of cases) {
  const { features, target } = makeCase(example);
  const x = new Float64Array(example.rows * example.columns);
  features.columns.forEach((values, index) => {
    x.set(values, index * example.rows);
  });
  const y = Float64Array.from(target.task === "classification" ? target.labels : target.values);
  writeFileSync(join(folder, `${example.name}.x.f64`), x);
  writeFileSync(join(folder, `${example.name}.y.f64`), y);
}
writeFileSync(join(folder, "cases.json"), JSON.stringify(cases));
