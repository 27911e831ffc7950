// Peak resident memory of this process, threads included, as Linux counts it.

import { readFileSync, writeFileSync } from "node:fs";

/** Forgets the peak so far (proc(5), clear_refs) and returns what is resident now, in bytes. */
export function restartPeakMemory(): number {
  globalThis.gc?.();
  try {
    writeFileSync("/proc/self/clear_refs", "5");
  } catch {
    // Elsewhere the peak since the start of the process stands.
  }
  return process.memoryUsage().rss;
}

/** Largest resident size since then, in bytes. */
export function peakMemoryBytes(): number {
  try {
    const status = readFileSync("/proc/self/status", "utf8");
    return 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(status)![1]);
  } catch {
    return 1024 * process.resourceUsage().maxRSS;
  }
}
