// Whether a bundle's model takes rows of tables or images, told before it is opened.

import { listZip } from "../formats/index.ts";
import { bundlePath } from "./bundle-path.ts";
import { withFile } from "./with-file.ts";

/** As bundle.json says it; what is no bundle is left to its reader to refuse. */
export async function bundleKind(path: string): Promise<"table" | "image"> {
  return withFile(await bundlePath(path), async (source) => {
    const head = await source.read(0, Math.min(2, source.byteLength));
    if (String.fromCharCode(...head) !== "PK") return "table";
    const manifest = (await listZip(source)).find(({ name }) => name === "bundle.json");
    if (!manifest || manifest.bytes > MOST_BYTES) return "table";
    return kindOf(new TextDecoder().decode(await manifest.read()));
  });
}

const MOST_BYTES = 2 ** 26;

function kindOf(text: string): "table" | "image" {
  try {
    return JSON.parse(text)?.kind === "image" ? "image" : "table";
  } catch {
    return "table";
  }
}
