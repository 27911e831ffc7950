import { describe, expect, it } from "vitest";
import {
  makeTable,
  type NumberColumn,
  randomStream,
  takeColumnRows,
} from "../../src/base/index.ts";
import { fitPipeline, permutationImportance, predictPipeline } from "../../src/learning/index.ts";
import { variantPredictor } from "../../src/learning/variants.ts";
import { clinicTable } from "./clinic-table.ts";

/** The clinic's columns, and others of noise beside them, some values missing. */
function wideClinic(rowCount: number) {
  const { table, classes, values } = clinicTable({ rowCount });
  const random = randomStream({ seed: 3, purpose: "test/noise" });
  const noise = Array.from(
    { length: 150 },
    (_, index): NumberColumn => ({
      kind: "number",
      name: `noise ${index}`,
      values: Float64Array.from({ length: rowCount }, () =>
        random.uniform() < 0.05 ? Number.NaN : random.normal(),
      ),
    }),
  );
  return { table: makeTable([...table.columns, ...noise]), classes, values };
}

describe("variants of a table", () => {
  it.each([
    { learner: "forest", options: { trees: 40 } },
    { learner: "extra-trees", options: { trees: 40 }, preprocessing: { missingIndicator: true } },
    { learner: "logistic", preprocessing: { missingIndicator: true } },
    { learner: "elastic-net", options: { alpha: 0.1 } },
  ])("are predicted to the last bit as whole tables are: $learner", async (plan) => {
    const { table, classes, values } = wideClinic(80);
    const target = plan.learner === "elastic-net" ? values : classes;
    const pipeline = await fitPipeline(table, target, plan);
    const predict = variantPredictor(pipeline, table);
    const order = randomStream({ seed: 4, purpose: "test/order" }).permutation(80);
    const sets = [[], ...table.columns.map((column) => [column]), table.columns.slice(0, 4)];
    for (const set of sets) {
      const changed = new Map(set.map((column) => [column.name, takeColumnRows(column, order)]));
      const columns = table.columns.map((column) => changed.get(column.name) ?? column);
      const whole = await predictPipeline(pipeline, { rowCount: 80, columns });
      expect(await predict([...changed.values()])).toEqual(whole);
    }
  });

  it("read no columns but the changed ones, so that wide tables take their width, not its square", async () => {
    const { table, classes } = wideClinic(40);
    const pipeline = await fitPipeline(table, classes, {
      learner: "forest",
      options: { trees: 5 },
    });
    let reads = 0;
    const columns = table.columns.map((column) =>
      Object.defineProperty({ ...column }, "values", {
        get: () => {
          reads += 1;
          return column.values;
        },
      }),
    );
    await permutationImportance(pipeline, { rowCount: 40, columns }, classes, { repeats: 3 });
    expect(reads).toBeLessThan(60 * columns.length);
  });
});
