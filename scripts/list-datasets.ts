// Writes docs/public-datasets.md: run after adding a data set to the catalogue.
// node --conditions=roentgen-source scripts/list-datasets.ts

import { writeFileSync } from "node:fs";
import { datasetsPage } from "./datasets-page.ts";

writeFileSync(new URL("../docs/public-datasets.md", import.meta.url), datasetsPage);
