// A process and those that it starts, watched from outside: when it ends and the most memory that they have together.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

export interface Watched {
  /** When it was started, and from then to its end, in ms. */
  readonly startedAt: number;
  readonly ms: number;
  /** Processor time of it and its children, in ms. */
  readonly cpuMs: number;
  /** Peak of all processes together; memory that several share counts once. */
  readonly bytes: number;
  readonly output: string;
}

/** Between two looks at the memory; one costs a process some milliseconds. */
const EVERY_MS = 200;

/**
 * Runs a program to its end.
 * @throws Error where it fails
 */
export async function runWatched(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Watched> {
  const startedAt = Date.now();
  // The shell that waits for it says what all of it took.
  const timed = spawn("bash", ["-c", 'TIMEFORMAT="%U %S"; time "$0" "$@"', program, ...args], {
    env,
  });
  let [bytes, output, messages] = [0, "", ""];
  timed.stdout.on("data", (chunk) => {
    output += chunk;
  });
  timed.stderr.on("data", (chunk) => {
    messages += chunk;
  });
  const looks = setInterval(() => {
    bytes = Math.max(bytes, treeBytes(timed.pid!));
  }, EVERY_MS);
  const status = await new Promise((resolve) => timed.on("close", resolve));
  clearInterval(looks);
  if (status !== 0) throw new Error(`${program} failed:\n${messages}`);
  const [user, system] = messages.trim().split("\n").at(-1)!.split(" ").map(Number);
  return { startedAt, ms: Date.now() - startedAt, cpuMs: 1e3 * (user + system), bytes, output };
}

/** Proportional set sizes (proc(5), smaps_rollup) of a process and all below it. */
function treeBytes(pid: number): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    const below = children === "" ? [] : children.split(" ");
    const own = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
    return 1024 * Number(own?.[1] ?? 0) + below.reduce((sum, id) => sum + treeBytes(+id), 0);
  } catch {
    // It has just ended.
    return 0;
  }
}
