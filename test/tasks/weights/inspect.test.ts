import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeSafetensors } from "../../../src/formats/index.ts";
import { inspectWeights, isWeights } from "../../../src/tasks/index.ts";

describe("inspecting weights", () => {
  const folder = mkdtempSync(join(tmpdir(), "roentgen-weights-"));

  it("lists names, types and shapes, and counts the numbers", async () => {
    const path = join(folder, "a.safetensors");
    const data = new Float32Array(6);
    const tensor = { dtype: "float32" as const, shape: [2, 3], strides: [3, 1], data };
    const metadata = { epoch: "3" };
    writeFileSync(path, writeSafetensors([{ name: "w", tensor }], { metadata }));
    expect(await isWeights(path)).toBe(true);
    expect(await inspectWeights(path)).toMatchObject({
      ...{ format: "safetensors", parameterCount: 6, metadata },
      tensors: [{ name: "w", type: "float32", shape: [2, 3] }],
    });
  });

  it("takes no table, folder or missing file for weights", async () => {
    const path = join(folder, "a.csv");
    writeFileSync(path, "a,b\n1,2\n");
    expect(await isWeights(path)).toBe(false);
    expect(await isWeights(folder)).toBe(false);
    expect(await isWeights(join(folder, "none"))).toBe(false);
  });
});
