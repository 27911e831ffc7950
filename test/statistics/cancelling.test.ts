// Everything that resamples ends soon after a signal that a timer fires, as Ctrl-C does.

import { describe, expect, it } from "vitest";
import type { ProgressStep } from "../../src/base/index.ts";
import {
  compareClassifiers,
  type JudgementWork,
  judgeClassification,
  judgeRegression,
  regressionSubgroupTable,
  subgroupTable,
} from "../../src/statistics/index.ts";
import { simulateClassification } from "./simulated.ts";

// So much that the full work would take minutes, far longer than the timer.
const resamples = 100_000;
const input = { ...simulateClassification({ rows: 2000 }), resamples };
const { probabilities, ...rows } = input;
const truth = Float64Array.from(input.labels);
const predicted = truth.map((_, row) => probabilities[2 * row + 1]);
const subgroup = Array.from(truth, (_, row) => (row % 2 ? "odd" : "even"));

const cases: Record<string, (work: JudgementWork) => Promise<unknown>> = {
  judgeClassification: (work) => judgeClassification(input, work),
  judgeRegression: (work) => judgeRegression({ truth, predicted, resamples }, work),
  subgroupTable: (work) => subgroupTable({ ...input, subgroup }, work),
  regressionSubgroupTable: (work) =>
    regressionSubgroupTable({ truth, predicted, subgroup, resamples }, work),
  compareClassifiers: (work) =>
    compareClassifiers({ ...rows, first: probabilities, second: probabilities }, work),
};

describe.each(Object.entries(cases))("%s", (_, judge) => {
  it("ends as cancelled, long before its end, when a timer fires the signal", async () => {
    const controller = new AbortController();
    let last: ProgressStep | undefined;
    // Counted from the first step: on a busy machine even that may take a while.
    const onProgress = (step: ProgressStep) => {
      if (!last) setTimeout(() => controller.abort(), 20);
      last = step;
    };
    await expect(judge({ signal: controller.signal, onProgress })).rejects.toMatchObject({
      code: "cancelled",
      message: "Resampling was cancelled.",
    });
    expect(last?.total).toBe(resamples);
    expect(last?.done).toBeLessThan(resamples / 2);
  });

  it("does not begin when the signal has fired before", async () => {
    let heard = 0;
    const onProgress = () => {
      heard += 1;
    };
    const work = { signal: AbortSignal.abort(), onProgress };
    await expect(judge(work)).rejects.toMatchObject({ code: "cancelled" });
    expect(heard).toBe(0);
  });
});
