import { describe, expect, it } from "vitest";
import { judgeSubgroups } from "../../src/tasks/tables/judge.ts";

describe("subgroups of a measured column", () => {
  it("are the quarters of its range, the lowest first, whatever their text sorts as", async () => {
    const truth = Float64Array.from({ length: 60 }, (_, row) => (row * 7) % 61);
    const predicted = truth.map((value, row) => value + (row % 5));
    const ages = Float64Array.from(truth, (_, row) => (row === 0 ? Number.NaN : 5 + row));
    const [{ rows }] = await judgeSubgroups(
      { target: { task: "regression", values: truth } },
      { task: "regression", values: predicted },
      [{ kind: "number", name: "age", values: ages }],
      { level: 0.95, resamples: 20, seed: 0 },
    );
    expect(rows.map(({ value, n }) => [value, n])).toEqual([
      ["≤ 20", 15],
      ["20 to 35", 15],
      ["35 to 49", 14],
      ["> 49", 15],
      [null, 1],
    ]);
  });
});
