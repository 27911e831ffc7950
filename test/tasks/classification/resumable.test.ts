// Which checkpoints are gone on with: those of the same training, written by the same program.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { version } from "../../../src/base/index.ts";
import { CHECKPOINT_FORMAT, openResumable } from "../../../src/tasks/classification/resumable.ts";

const root = mkdtempSync(join(tmpdir(), "roentgen-resumable-"));
const asked = { training: "settings and data", networks: 2 };
let folder: string;
const last = () => join(folder, "last.safetensors");

beforeEach(async () => {
  folder = mkdtempSync(join(root, "run-"));
  expect(await openResumable(folder, asked)).toBe(false);
  writeFileSync(last(), "a checkpoint");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** As another program would have left it. */
function rewrite(writer: Record<string, unknown> | undefined): void {
  const path = join(folder, "training.json");
  const owner = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify({ ...owner, writer }));
}

describe("openResumable", () => {
  it("goes on with what the same training left, with and without force", async () => {
    expect(await openResumable(folder, asked)).toBe(true);
    expect(await openResumable(folder, { ...asked, force: true })).toBe(true);
    expect(existsSync(last())).toBe(true);
  });

  it("removes what another training left", async () => {
    expect(await openResumable(folder, { ...asked, training: "others" })).toBe(false);
    expect(existsSync(last())).toBe(false);
  });

  it.each([
    [
      { version: "0.0.1", checkpointFormat: CHECKPOINT_FORMAT },
      `expected version ${version}, found version 0.0.1.`,
    ],
    [
      { version, checkpointFormat: CHECKPOINT_FORMAT - 1 },
      `expected checkpoints of format ${CHECKPOINT_FORMAT}, found checkpoints of format ${CHECKPOINT_FORMAT - 1}.`,
    ],
    [
      undefined,
      `expected version ${version} and checkpoints of format ${CHECKPOINT_FORMAT}, found version unknown and checkpoints of format unknown.`,
    ],
  ])("refuses what the same training left to another program: %j", async (writer, says) => {
    rewrite(writer);
    const refused = openResumable(folder, asked);
    await expect(refused).rejects.toMatchObject({ code: "type-mismatch", name: "RoentgenError" });
    await expect(refused).rejects.toThrow(says);
    await expect(refused).rejects.toThrow("give --force to begin anew");
    expect(existsSync(last())).toBe(true);
    expect(await openResumable(folder, { ...asked, force: true })).toBe(false);
    expect(existsSync(last())).toBe(false);
    expect(await openResumable(folder, asked)).toBe(true);
  });

  it("begins anew where what it finds is no such file", async () => {
    writeFileSync(join(folder, "training.json"), "[1, 2");
    expect(await openResumable(folder, asked)).toBe(false);
    expect(existsSync(last())).toBe(false);
  });
});
