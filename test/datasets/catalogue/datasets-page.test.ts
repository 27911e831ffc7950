// docs/public-datasets.md against the catalogue itself.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { datasetsPage } from "../../../scripts/datasets-page.ts";

it("lists every data set as it is (else run scripts/list-datasets.ts)", () => {
  const page = new URL("../../../docs/public-datasets.md", import.meta.url);
  expect(readFileSync(page, "utf8")).toBe(datasetsPage);
});
