// The first rows of a table, by which a large one is known not to list images.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readTable, readTableHead } from "../../../src/datasets/images/manifest/read-table.ts";
import { emptyFolder } from "./image-folders.ts";

async function tableFile(lines: readonly string[]): Promise<string> {
  const path = join(await emptyFolder(), "table.csv");
  await writeFile(path, `${lines.join("\n")}\n`);
  return path;
}

describe("The head of a table", () => {
  it("is all of a small one", async () => {
    const path = await tableFile(["a,b", "1,x", "2,y"]);
    expect(await readTableHead(path)).toEqual(await readTable(path));
  });

  it("is the first rows of a large one, none of them cut", async () => {
    const path = await tableFile([
      "a,b",
      ...Array.from({ length: 40_000 }, (_, at) => `${at},0.5`),
    ]);
    const { rowCount, columns } = await readTableHead(path);
    expect(rowCount).toBeGreaterThan(1000);
    expect(rowCount).toBeLessThan(40_000);
    expect(columns[0].values).toEqual(Float64Array.from({ length: rowCount }, (_, at) => at));
  });

  it("is all of a large one that can't be cut at the end of a line", async () => {
    const path = await tableFile(["a,b", `1,"${"x\n".repeat(200_000)}"`]);
    expect((await readTableHead(path)).rowCount).toBe(1);
  });
});
