// Has the process keep the memory that a training step frees for the next one (glibc, "Malloc Tunable Parameters").

/**
 * By default glibc gives blocks of more than 32 MB back to the system at once, and each step pays for its pages anew. These
 * keep blocks below 1 GB, up to 4 GB that are free, and take 256 MB at a time. The allocator reads them as the process starts.
 */
export const STEADY_MEMORY: Readonly<Record<string, string>> = {
  MALLOC_MMAP_THRESHOLD_: String(2 ** 30),
  MALLOC_TRIM_THRESHOLD_: String(2 ** 32),
  MALLOC_TOP_PAD_: String(2 ** 28),
};

/** What is asked of `process`. */
export type RestartedProcess = Pick<
  NodeJS.Process,
  "platform" | "env" | "execPath" | "execArgv" | "argv" | "execve"
>;

/**
 * Starts the process again in its own place (same number, arguments, files) with an allocator that reuses memory; call it before
 * anything else. Does nothing on other systems than Linux, where Node cannot do it (before 22.15 and 23.11), and where one of the
 * variables is set: by a user, or by this.
 */
export function restartWithSteadyMemory({
  platform,
  env,
  execPath,
  execArgv,
  argv,
  execve,
}: RestartedProcess = process): void {
  const isSet = Object.keys(STEADY_MEMORY).some((name) => env[name] !== undefined);
  if (platform !== "linux" || !execve || isSet) return;
  execve(execPath, [execPath, ...execArgv, ...argv.slice(1)], { ...env, ...STEADY_MEMORY });
}
