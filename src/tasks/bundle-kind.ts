// Whether a file is a bundle, and whether its model takes rows of tables or images, told before it is opened.

import { listZip } from "../formats/zip/index.ts";
import { bundlePath } from "./bundle-path.ts";
import { withFile } from "./with-file.ts";

/** As bundle.json of a file or run folder says it, unchecked; undefined for what is no bundle. */
export async function bundleKind(path: string): Promise<"table" | "image" | undefined> {
  return withFile(await bundlePath(path), async (source) => {
    const head = await source.read(0, Math.min(2, source.byteLength));
    if (String.fromCharCode(...head) !== "PK") return undefined;
    const members = await listZip(source).catch(() => []);
    const manifest = members.find(({ name }) => name === "bundle.json");
    if (!manifest || manifest.bytes > MOST_BYTES) return undefined;
    return kindOf(new TextDecoder().decode(await manifest.read()));
  });
}

const MOST_BYTES = 2 ** 26;

/** Bundles of schema version 1 have models of tables and do not say so. */
function kindOf(text: string): "table" | "image" {
  try {
    return JSON.parse(text)?.kind === "image" ? "image" : "table";
  } catch {
    return "table";
  }
}
