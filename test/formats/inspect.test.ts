import { expect, test } from "vitest";
import { memorySource } from "../../src/base/index.ts";
import {
  inspectData,
  type MatValue,
  type MatVariable,
  readData,
  tensorToMat,
  writeMat,
} from "../../src/formats/index.ts";

const matrix = tensorToMat({
  dtype: "float64",
  shape: [1, 3],
  data: Float64Array.of(1, 2, 3),
  strides: [3, 1],
});
const mixed: MatValue = { kind: "cell", shape: [1, 2], elements: [matrix, matrix] };
const structs: MatValue = {
  kind: "struct",
  shape: [1, 2],
  fields: [{ name: "a", values: [matrix, matrix] }],
};

const matFile = (...variables: MatVariable[]) => memorySource(writeMat(variables), "odd.mat");

test.each([
  ["a cell array that is not uniform", "cell", mixed],
  ["an array of structs", "struct", structs],
])("lists a MAT-file of only %s, which nothing can learn from", async (_, className, value) => {
  const source = matFile({ name: "v", value });
  await expect(readData(source)).rejects.toMatchObject({ code: "type-mismatch" });
  expect(await inspectData(source)).toMatchObject({
    kind: "arrays",
    arrays: [],
    variables: [{ name: "v", className, shape: [1, 2] }],
    notes: [expect.stringContaining("Cannot use v as an array")],
  });
});

test("lists the variables beside those that are arrays", async () => {
  const source = matFile({ name: "c", value: mixed }, { name: "x", value: matrix });
  const { variables, ...file } = await inspectData(source);
  expect(variables.map(({ name }) => name)).toEqual(["c", "x"]);
  expect(file).toEqual(await readData(source));
});

test("refuses damage as reading does, and lists no variables of other formats", async () => {
  const bytes = writeMat([{ name: "c", value: mixed }]);
  await expect(inspectData(memorySource(bytes.slice(0, 150), "cut.mat"))).rejects.toThrow(
    /cut\.mat/,
  );
  const csv = memorySource(new TextEncoder().encode("a,b\n1,2\n"), "t.csv");
  expect(await inspectData(csv)).toMatchObject({ kind: "table", variables: [] });
});
