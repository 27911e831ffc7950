import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type RestartedProcess,
  restartWithSteadyMemory,
  STEADY_MEMORY,
} from "../../src/cli/steady-memory.ts";

/** How often a process with these traits would be started again. */
function restarts(traits: Partial<RestartedProcess>): number {
  let count = 0;
  restartWithSteadyMemory({
    ...{ platform: "linux", env: {}, execPath: "node", execArgv: [], argv: ["node", "a.js"] },
    execve: (() => {
      count += 1;
    }) as never,
    ...traits,
  });
  return count;
}

describe("Steady memory", () => {
  it.each<[string, Partial<RestartedProcess>, number]>([
    ["on Linux", {}, 1],
    ["never on another system", { platform: "darwin" }, 0],
    ["never where Node can't", { execve: undefined }, 0],
    ["never against a user's own setting", { env: { MALLOC_TOP_PAD_: "0" } }, 0],
    ["never a second time", { env: { ...STEADY_MEMORY } }, 0],
  ])("restarts the process %s", (_, traits, expected) => {
    expect(restarts(traits)).toBe(expected);
  });

  it.skipIf(process.platform !== "linux" || !process.execve)(
    "keeps the number and the arguments of the process (Linux only)",
    () => {
      const program = join(import.meta.dirname, "fixtures", "steady-program.ts");
      const env = Object.fromEntries(
        Object.entries(process.env).filter(([name]) => !(name in STEADY_MEMORY)),
      );
      const args = ["--stack-size=900", program, "train", "a b"];
      const { stdout, stderr, status } = spawnSync(process.execPath, args, {
        encoding: "utf8",
        env,
      });
      const [before, after, ...more] = stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(before).toMatchObject({ args: ["train", "a b"], set: ["", "", ""] });
      expect(after).toEqual({ ...before, set: Object.values(STEADY_MEMORY) });
      expect(more).toEqual([]);
      expect([status, stderr]).toEqual([0, ""]);
    },
  );
});
