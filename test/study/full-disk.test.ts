// What a run leaves on a disk that fills up while it is written. A limit on the size of files (ulimit -f) stands
// in for the full disk, since it needs no privileges.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRun } from "../../src/study/index.ts";

const script = fileURLToPath(new URL("fixtures/write-run.ts", import.meta.url));
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "roentgen-full-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the script where no file may grow beyond 100 kB or so. */
function finishOnFullDisk(size: number): { code: string; message: string } {
  const command = `ulimit -f 200; exec "$0" --conditions=roentgen-source "$@"`;
  const words = ["-c", command, process.execPath, script, folder, String(size)];
  return JSON.parse(execFileSync("sh", words, { encoding: "utf8" }));
}

describe.skipIf(process.platform === "win32")(
  "a run on a disk that is full (no ulimit on Windows)",
  () => {
    it("fails in words and leaves nothing of itself but its log", () => {
      const { code, message } = finishOnFullDisk(10_000_000);
      expect(code).toBe("write-failed");
      expect(message).toContain("Cannot write model.roentgen: the disk is full");
      expect(readdirSync(folder)).toEqual(["log.jsonl"]);
    });

    it("leaves the finished run that it was to replace as it was", async () => {
      const run = await openRun(folder, { config: { seed: 0 } });
      await run.finish({ metrics: { a: 1 }, predictions: "old", report: "old" });
      const before = readdirSync(folder).map((name) => [
        name,
        readFileSync(join(folder, name), "utf8"),
      ]);
      finishOnFullDisk(10_000_000);
      const after = readdirSync(folder).map((name) => [
        name,
        readFileSync(join(folder, name), "utf8"),
      ]);
      const results = (files: string[][]) => files.filter(([name]) => name !== "log.jsonl");
      expect(results(after)).toEqual(results(before));
    });

    it("succeeds where there is room", () => {
      expect(finishOnFullDisk(1000).code).toBe("none");
    });
  },
);
