// Where programs keep what they can fetch again, by the custom of each system.

import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The folder of a kind of such things: below XDG_CACHE_HOME or ~/.cache (XDG base directory specification), on macOS below
 * ~/Library/Caches, on Windows below %LOCALAPPDATA%. It need not exist.
 */
export function userCacheFolder(kind: string): string {
  return join(cacheRoot(), "roentgen", kind);
}

function cacheRoot(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  // The specification has relative paths ignored.
  if (XDG_CACHE_HOME?.startsWith("/")) return XDG_CACHE_HOME;
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches");
  if (process.platform === "win32") return LOCALAPPDATA || join(homedir(), "AppData", "Local");
  return join(homedir(), ".cache");
}
