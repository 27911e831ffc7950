// Whether Linux has Vulkan, which WebGPU needs there: trying without it prints a warning that nothing can catch.

import { readFile } from "node:fs/promises";

/** The list of libraries that the dynamic linker finds (ldconfig(8)). */
const LINKER_CACHE = "/etc/ld.so.cache";

/** True where Vulkan's loader is among the system's libraries, and where that can't be told. */
export async function mayHaveVulkan(): Promise<boolean> {
  const cache = await readFile(LINKER_CACHE).catch(() => undefined);
  return cache?.includes("libvulkan.so.1") ?? true;
}
