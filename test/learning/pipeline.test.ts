import { describe, expect, it } from "vitest";
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
    expect(there.scores.length).toBe(scores.length);
    scores.forEach((score, index) => {
      expect(Math.abs(score - there.scores[index])).toBeLessThanOrEqual(
        1e-6 * Math.max(1, Math.abs(score)),
      );
    });
  });
});
