import { describe, expect, it } from "vitest";
import { dropColumns, makeTable, type Table } from "../../src/base/index.ts";
import { fitPipeline, learnerNames, predictPipeline } from "../../src/learning/index.ts";
import { clinicTable } from "./clinic-table.ts";
import { predictPipelineInOnnx } from "./onnx-prediction.ts";

const preprocessings = [
  {},
  { impute: "mean", scale: "robust", missingIndicator: true },
  { impute: "mostFrequent", missingText: "mostFrequent", dropBinary: true },
  { impute: "constant", fillValue: -1, scale: "none", missingText: "ignore" },
  { minCategoryCount: 40, unknownCategory: "rare" },
] as const;

function expectClose(found: ArrayLike<number>, wanted: ArrayLike<number>) {
  expect(found.length).toBe(wanted.length);
  for (let index = 0; index < wanted.length; index++) {
    const allowed = 1e-6 * Math.max(1, Math.abs(wanted[index]));
    expect(Math.abs(found[index] - wanted[index])).toBeLessThanOrEqual(allowed);
  }
}

describe.each([...learnerNames])("a pipeline with %s", (learner) => {
  const tasks = { logistic: ["classes"], ridge: ["values"], "elastic-net": ["values"] }[
    learner as string
  ] ?? ["classes", "values"];
  const options = learner === "forest" || learner === "extra-trees" ? { trees: 10 } : {};

  it.each(
    tasks.flatMap((task) =>
      preprocessings.flatMap((preprocessing) =>
        (task === "classes" ? [2, 4] : [2]).map((classCount) => ({
          task,
          preprocessing,
          classCount,
        })),
      ),
    ),
  )("predicts the same in ONNX: $task $classCount $preprocessing", async (given) => {
    const { task, preprocessing, classCount } = given;
    const data = clinicTable({ classCount });
    const target = task === "classes" ? data.classes : data.values;
    const pipeline = await fitPipeline(data.table, target, { learner, options, preprocessing });
    const { table } = clinicTable({ seed: 2 });
    const here = await predictPipeline(pipeline, table);
    const there = await predictPipelineInOnnx(pipeline, table);
    const scores = here.task === "classification" ? here.probabilities : here.values;
    expectClose(there.scores, scores);
  });
});

describe("a pipeline", () => {
  it("needs neither in prediction nor in ONNX the columns that were of no use", async () => {
    const { table, classes } = clinicTable();
    const id = Array.from({ length: table.rowCount }, (_, row) => `patient ${row}`);
    const more = makeTable([...table.columns, { kind: "text", name: "id", values: id }]);
    const pipeline = await fitPipeline(more, classes, { learner: "logistic" });
    expect(pipeline.columns.map(({ name }) => name)).toEqual([
      "size",
      "density",
      "count",
      "noise",
      "site",
      "sex",
    ]);
    const needed = dropColumns(table, ["scanner"]);
    const here = await predictPipeline(pipeline, needed);
    if (here.task !== "classification") throw new Error("not a classification");
    const there = await predictPipelineInOnnx(pipeline, needed);
    expectClose(there.scores, here.probabilities);
  });

  it("survives structuredClone", async () => {
    const { table, values } = clinicTable();
    const pipeline = await fitPipeline(table, values, { learner: "elastic-net" });
    const copy = structuredClone(pipeline);
    expect(await predictPipeline(copy, table)).toEqual(await predictPipeline(pipeline, table));
  });

  it("takes text columns named as tensors of the graph are", async () => {
    const { table, classes } = clinicTable();
    const names = ["features", "label", "probabilities", "classes", "coefficients", "centres"];
    const texts = names.map((name, index) => ({
      kind: "text" as const,
      name,
      values: Array.from({ length: table.rowCount }, (_, row) => "abc"[(row * (index + 3)) % 3]),
    }));
    const named: Table = makeTable([...table.columns, ...texts]);
    const pipeline = await fitPipeline(named, classes, { learner: "logistic" });
    const here = await predictPipeline(pipeline, named);
    if (here.task !== "classification") throw new Error("not a classification");
    const there = await predictPipelineInOnnx(pipeline, named);
    expectClose(there.scores, here.probabilities);
  });

  it("takes tables of text alone, and of one column", async () => {
    const { table, classes } = clinicTable();
    for (const keep of [["site"], ["size"], ["site", "sex"]]) {
      const rest = table.columns.map(({ name }) => name).filter((name) => !keep.includes(name));
      const part = dropColumns(table, rest);
      const pipeline = await fitPipeline(part, classes, { learner: "logistic" });
      const here = await predictPipeline(pipeline, part);
      if (here.task !== "classification") throw new Error("not a classification");
      const there = await predictPipelineInOnnx(pipeline, part);
      expectClose(there.scores, here.probabilities);
    }
  });

  it("predicts a column far from 0 as exactly in ONNX as here", async () => {
    const { table, values } = clinicTable();
    const far = makeTable(
      table.columns.map((column) =>
        column.kind === "number"
          ? { ...column, values: column.values.map((value) => value + 1e5) as never }
          : column,
      ),
    );
    const pipeline = await fitPipeline(far, values, { learner: "ridge" });
    const here = await predictPipeline(pipeline, far);
    if (here.task !== "regression") throw new Error("not a regression");
    const there = await predictPipelineInOnnx(pipeline, far);
    expectClose(there.scores, here.values);
  });

  it("refuses a target of another length and a learner it does not know", async () => {
    const { table } = clinicTable();
    const { classes } = clinicTable({ rowCount: 60 });
    await expect(fitPipeline(table, classes, { learner: "logistic" })).rejects.toThrow(
      /expected 120 targets, one for each row, found 60/,
    );
    await expect(fitPipeline(table, classes, { learner: "svm" })).rejects.toThrow(
      /no learner "svm"/,
    );
  });

  it("hands on what the learner warns of", async () => {
    const { table, classes } = clinicTable();
    const options = { maxIterations: 1 };
    const { warnings } = await fitPipeline(table, classes, { learner: "logistic", options });
    expect(warnings[0]).toMatch(/not converged/);
  });
});
