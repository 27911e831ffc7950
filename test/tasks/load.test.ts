import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { rowMajorStrides, type Tensor } from "../../src/base/index.ts";
import { writeMat } from "../../src/formats/index.ts";
import { loadTable } from "../../src/tasks/index.ts";

const folder = mkdtempSync(join(tmpdir(), "roentgen-load-"));
afterAll(() => rmSync(folder, { recursive: true }));

function tensor(shape: number[], ...numbers: number[]): Tensor {
  const data = Float64Array.from(numbers);
  return { dtype: "float64", shape, data, strides: rowMajorStrides(shape) };
}

it("says once what it left out of a file that gives features and labels", async () => {
  const data = join(folder, "mix.mat");
  const cell = { kind: "cell", shape: [0, 0], elements: [] } as const;
  const variables = [
    { name: "X", tensor: tensor([4, 2], 1, 2, 3, 4, 5, 6, 7, 8) },
    { name: "y", tensor: tensor([4, 1], 0, 1, 0, 1) },
    { name: "c", value: { kind: "cell", shape: [1, 1], elements: [cell] } as const },
  ];
  writeFileSync(data, writeMat(variables));
  const { notes } = await loadTable({ data, labels: data, target: "y" });
  expect(notes.filter((note) => note.includes("was left out"))).toHaveLength(1);
});
