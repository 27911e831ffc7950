import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { memorySource, type Table } from "../../src/base/index.ts";
import {
  guessVariables,
  holdOut,
  joinFeaturesAndLabels,
  type TableView,
  viewTable,
} from "../../src/datasets/index.ts";
import { readData, tableFromTensor } from "../../src/formats/index.ts";

const folder = new URL("../../../shared/data/wdbc/", import.meta.url);

async function read(name: string) {
  return readData(memorySource(new Uint8Array(readFileSync(new URL(name, folder))), name));
}

async function readArray(name: string, role: "features" | "labels"): Promise<Table> {
  const data = await read(name);
  if (data.kind !== "arrays") throw new Error(`${name} holds no arrays`);
  const found = guessVariables(data.arrays, role)[role];
  if (!found) throw new Error(`${name} holds no ${role}`);
  return tableFromTensor(found.tensor);
}

function labelsOf({ target }: TableView): Int32Array {
  if (target.task !== "classification") throw new Error("not a classification");
  return target.labels;
}

describe.skipIf(!existsSync(folder))("on ../shared/data/wdbc (skipped where absent)", () => {
  it.each([
    ["features.npy", "labels.npy"],
    ["features.mat", "labels.mat"],
  ])("sees in %s and %s what it sees in the CSV", async (features, labels) => {
    const csv = await read("wdbc.csv");
    if (csv.kind !== "table") throw new Error("no table");
    const named = viewTable(csv.table, { target: "diagnosis", group: "patient_id" });
    const joined = joinFeaturesAndLabels(
      await readArray(features, "features"),
      await readArray(labels, "labels"),
    );
    const view = viewTable(joined.table, { target: joined.target });
    expect(joined.notes).toEqual([]);
    expect(named.classes).toEqual(["benign", "malignant"]);
    expect(view.classes).toEqual(["0", "1"]);
    expect(labelsOf(view)).toEqual(labelsOf(named));
    expect(view.features.columns.map(({ values }) => values)).toEqual(
      named.features.columns.map(({ values }) => values),
    );
  });

  it("holds out the same number of each class, with and without patients as groups", async () => {
    const csv = await read("wdbc.csv");
    if (csv.kind !== "table") throw new Error("no table");
    const view = viewTable(csv.table, { target: "diagnosis", group: "patient_id" });
    const labels = labelsOf(view);
    for (const groups of [undefined, view.groups?.index]) {
      const { train, test } = holdOut({ rowCount: 569, labels, groups, testFraction: 0.2 });
      expect([train.length, test.length]).toEqual([455, 114]);
      expect(test.filter((row) => labels[row] === 1)).toHaveLength(42);
    }
  });
});
