import { describe, expect, it } from "vitest";
import {
  judgeClassification,
  judgeRegression,
  regressionSubgroupTable,
  subgroupTable,
} from "../../src/statistics/index.ts";
import { simulateClassification } from "./simulated.ts";

const input = { ...simulateClassification({ rows: 90 }), resamples: 100 };
const sites = Array.from({ length: 90 }, (_, row) =>
  row < 40 ? "site 10" : row < 80 ? "site 2" : null,
);

describe("subgroupTable", async () => {
  const table = await subgroupTable({ ...input, subgroup: sites });

  it("has a row a value in natural order, unknown last, with N and counts", () => {
    expect(table.map(({ value, n }) => [value, n])).toEqual([
      ["site 2", 40],
      ["site 10", 40],
      [null, 10],
    ]);
    for (const { n, counts } of table) expect(counts[0] + counts[1]).toBe(n);
  });

  it("has the rows in the order asked for, others after them", async () => {
    const order = ["≤ 41", "41 to 66", "> 66"];
    const subgroup = Array.from(
      { length: 90 },
      (_, row) => ["> 66", "41 to 66", "b", "≤ 41"][row % 4],
    );
    const ordered = await subgroupTable({ ...input, subgroup, order });
    expect(ordered.map(({ value }) => value)).toEqual([...order, "b"]);
    const numbers = {
      truth: input.probabilities.slice(0, 90),
      predicted: input.probabilities.slice(90),
    };
    const regression = await regressionSubgroupTable({
      ...numbers,
      resamples: 100,
      subgroup,
      order,
    });
    expect(regression.map(({ value }) => value)).toEqual([...order, "b"]);
  });

  it("judges each subgroup as if alone", async () => {
    const alone = await judgeClassification({
      ...input,
      labels: input.labels.slice(0, 40),
      probabilities: input.probabilities.slice(0, 80),
    });
    expect(table[1].figures).toEqual(alone.figures);
  });

  it("gives the difference to all other rows", async () => {
    const inside = table[1].figures.brier?.value as number;
    const rest = (
      await judgeClassification({
        ...input,
        labels: input.labels.slice(40),
        probabilities: input.probabilities.slice(80),
      })
    ).figures.brier?.value as number;
    const difference = table[1].differenceToRest.brier;
    expect(difference?.value).toBeCloseTo(inside - rest, 12);
    expect(difference?.low as number).toBeLessThan(inside - rest);
    expect(difference?.n).toBe(40);
  });

  it("finds the subgroup that the classifier fails in", async () => {
    const probabilities = input.probabilities.slice();
    // In site 10 the classes are mistaken for one another.
    for (let row = 0; row < 40; row++) {
      probabilities.set([input.probabilities[row * 2 + 1], input.probabilities[row * 2]], row * 2);
    }
    const [second, tenth] = await subgroupTable({ ...input, probabilities, subgroup: sites });
    expect(tenth.differenceToRest.rocAuc?.high as number).toBeLessThan(0);
    expect(second.differenceToRest.rocAuc?.low as number).toBeGreaterThan(0);
  });

  it("says what is undefined in a subgroup of one class, or of all rows", async () => {
    const subgroup = Array.from(input.labels, (label, row) =>
      label === 1 && row < 20 ? "ill" : "all",
    );
    const [, ill] = await subgroupTable({ ...input, subgroup });
    expect(ill.figures.rocAuc).toMatchObject({ value: null, n: ill.n });
    expect(ill.figures.specificity?.undefinedBecause).toBe("there are only cases of class class 1");
    expect(ill.differenceToRest.rocAuc?.undefinedBecause).toMatch(/subgroup or in the rest/);
    const [all] = await subgroupTable({ ...input, subgroup: sites.map(() => "x") });
    expect(all.differenceToRest.accuracy?.undefinedBecause).toBe("there are no other cases");
  });

  it("counts patients, who may be in several subgroups", async () => {
    const groups = Int32Array.from({ length: 90 }, (_, row) => row % 30);
    const [second] = await subgroupTable({ ...input, groups, subgroup: sites });
    expect(second.patients).toBe(30);
    expect(second.differenceToRest.accuracy?.method).toMatch(/by patient/);
  });

  it("refuses a subgroup list that does not match, and one that is a number a row", async () => {
    await expect(subgroupTable({ ...input, subgroup: ["a"] })).rejects.toThrow(/90 rows, found 1/);
    const many = simulateClassification({ rows: 300 });
    const subgroup = Array.from(many.labels.keys(), String);
    await expect(subgroupTable({ ...many, subgroup })).rejects.toThrow(/into ranges/);
  });
});

describe("regressionSubgroupTable", async () => {
  // A scanner that measures 4 mm too much, from row 40 on.
  const truth = Float64Array.from({ length: 80 }, (_, row) => 20 + ((row * 7) % 23));
  const predicted = truth.map((value, row) => value + ((row * 5) % 3) - 1 + (row < 40 ? 0 : 4));
  const subgroup = Array.from(truth, (_, row) => (row < 40 ? "A" : "B"));
  const table = await regressionSubgroupTable({ truth, predicted, subgroup, resamples: 200 });

  it("judges each subgroup as if alone", async () => {
    const [truthOfA, predictedOfA] = [truth, predicted].map((values) => values.slice(0, 40));
    const alone = await judgeRegression({
      truth: truthOfA,
      predicted: predictedOfA,
      resamples: 200,
    });
    expect(table[0]).toMatchObject({ value: "A", n: 40, figures: alone.figures });
  });

  it("finds the subgroup with a bias", () => {
    const { bias } = table[1].differenceToRest;
    expect(bias.value).toBeCloseTo(4, 0);
    expect(bias.low as number).toBeGreaterThan(3);
    expect(table[0].differenceToRest.bias.value).toBeCloseTo(-(bias.value as number), 12);
  });
});
