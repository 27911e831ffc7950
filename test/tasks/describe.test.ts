import { expect, it } from "vitest";
import { makeTable } from "../../src/base/index.ts";
import { describeTable } from "../../src/tasks/index.ts";

it("describes numbers with range, median, mean and histogram, missing values apart", () => {
  const values = new Float64Array([3, 1, Number.NaN, 2, 10]);
  const [column] = describeTable(makeTable([{ kind: "number", name: "x", values }]), {
    bins: 3,
  }).columns;
  expect(column).toEqual({
    kind: "number",
    name: "x",
    missing: 1,
    minimum: 1,
    median: 2.5,
    maximum: 10,
    mean: 4,
    histogram: [3, 0, 1],
  });
});

it("describes columns without values, with one value and with infinities", () => {
  const table = makeTable([
    { kind: "number", name: "none", values: new Float64Array([Number.NaN, Number.NaN]) },
    { kind: "number", name: "same", values: new Float64Array([7, 7]) },
    { kind: "number", name: "infinite", values: new Float64Array([1, Number.POSITIVE_INFINITY]) },
  ]);
  const [none, same, infinite] = describeTable(table).columns;
  expect(none).toMatchObject({ missing: 2, minimum: null, histogram: [] });
  expect(same).toMatchObject({ minimum: 7, maximum: 7, histogram: [2] });
  expect(infinite).toMatchObject({ maximum: Number.POSITIVE_INFINITY, histogram: [1] });
});

it("lists the most frequent texts", () => {
  const table = makeTable([{ kind: "text", name: "site", values: ["b", "a", null, "b", "c"] }]);
  expect(describeTable(table, { frequent: 2 }).columns[0]).toEqual({
    kind: "text",
    name: "site",
    missing: 1,
    distinct: 3,
    frequent: [
      { value: "b", count: 2 },
      { value: "a", count: 1 },
    ],
  });
});
