// Writes the files of written-sample.ts into a folder: node --conditions=roentgen-source write-sample.ts <folder>

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { sampleFiles } from "../written-sample.ts";

for (const [name, bytes] of Object.entries(sampleFiles())) {
  writeFileSync(join(process.argv[2], name), bytes);
}
