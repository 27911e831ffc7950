import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { writeMat } from "../../src/formats/index.ts";
import { inspectFile } from "../../src/tasks/index.ts";

const folder = mkdtempSync(join(tmpdir(), "roentgen-inspect-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("lists the variables of a MAT-file without arrays", async () => {
  const path = join(folder, "cells.mat");
  const inner = { kind: "cell", shape: [0, 0], elements: [] } as const;
  writeFileSync(
    path,
    writeMat([{ name: "c", value: { kind: "cell", shape: [1, 1], elements: [inner] } }]),
  );
  const { variables, arrays, tables } = await inspectFile(path);
  expect(variables).toMatchObject([{ name: "c", className: "cell", shape: [1, 1] }]);
  expect([arrays, tables]).toEqual([[], []]);
});
