// Writes docs/transforms.md: run after adding a transform.
// node --conditions=roentgen-source scripts/list-transforms.ts

import { writeFileSync } from "node:fs";
import { transformsTable } from "./transforms-table.ts";

writeFileSync(new URL("../docs/transforms.md", import.meta.url), transformsTable);
