// Folders laid out as public data sets are, made for a test and removed after it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach } from "vitest";

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Writes files by relative name; readers never look into images, so that those may be empty. */
export function makeFolder(
  tables: Readonly<Record<string, string | Uint8Array>>,
  images: readonly string[] = [],
): string {
  const folder = mkdtempSync(join(tmpdir(), "roentgen-catalogue-"));
  made.push(folder);
  const files = [...Object.entries(tables), ...images.map((name) => [name, ""] as const)];
  for (const [name, content] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}
