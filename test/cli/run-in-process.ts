// Runs the command in this process, as often as tables of cases need it.

import { vi } from "vitest";
import { main } from "../../src/cli/main.ts";

/** Runs `roentgen …args` in a folder; gives what it wrote and its exit code. */
export async function runInProcess(folder: string, args: readonly string[]) {
  const written = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      written[stream] += text;
      return true;
    }),
  );
  const before = process.cwd();
  process.chdir(folder);
  process.exitCode = undefined;
  try {
    await main(args);
    return { status: process.exitCode ?? 0, ...written };
  } finally {
    process.exitCode = undefined;
    process.chdir(before);
    for (const spy of spies) spy.mockRestore();
  }
}
