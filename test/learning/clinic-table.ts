// A made-up table of patients: numbers of unlike scales, some missing, and text.

import { makeTable, randomStream, type Table, type Target } from "../../src/base/index.ts";

/** Rows with five numeric and two text columns, and targets that depend on them. */
export function clinicTable({
  rowCount = 120,
  seed = 1,
  classCount = 2,
}: {
  rowCount?: number;
  seed?: number;
  classCount?: number;
} = {}): { table: Table; classes: Target; values: Target } {
  const random = randomStream({ seed, purpose: "test/clinic" });
  const draw = (make: () => number) => Float64Array.from({ length: rowCount }, make);
  const size = draw(() => 20 + 6 * random.normal());
  const density = draw(() => 0.002 * random.normal() - 1000);
  const count = draw(() => random.integer(5));
  const site = Array.from({ length: rowCount }, () => ["Basel", "Graz", "Ulm"][random.integer(3)]);
  const sex = Array.from({ length: rowCount }, () => ["female", "male"][random.integer(2)]);
  const values = Float64Array.from(
    { length: rowCount },
    (_, row) =>
      3 * size[row] + 5 * count[row] + (site[row] === "Ulm" ? 9 : 0) + 4 * random.normal(),
  );
  const limits = Array.from(values).sort((a, b) => a - b);
  const labels = Int32Array.from(values, (value) => {
    const noisy = value + 8 * random.normal();
    const above = Array.from({ length: classCount - 1 }, (_, k) =>
      noisy > limits[Math.floor(((k + 1) * rowCount) / classCount)] ? 1 : 0,
    );
    return above.reduce<number>((sum, one) => sum + one, 0);
  });
  const table = makeTable([
    { kind: "number", name: "size", values: size.map((v) => (random.uniform() < 0.1 ? NaN : v)) },
    { kind: "number", name: "density", values: density },
    { kind: "text", name: "site", values: site.map((s) => (random.uniform() < 0.1 ? null : s)) },
    { kind: "number", name: "count", values: count },
    { kind: "number", name: "scanner", values: draw(() => 3) },
    { kind: "text", name: "sex", values: sex },
    { kind: "number", name: "noise", values: draw(() => 1e6 * random.normal()) },
  ]);
  const names = Array.from({ length: classCount }, (_, k) => `grade ${k + 1}`);
  return {
    table,
    classes: { task: "classification", classes: names, labels },
    values: { task: "regression", values, unit: "mm" },
  };
}
