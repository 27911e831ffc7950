// docs/transforms.md against the transforms themselves.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { transformsTable } from "../../scripts/transforms-table.ts";

it("lists every transform with its options as they are (else run scripts/list-transforms.ts)", () => {
  const documented = readFileSync(new URL("../../docs/transforms.md", import.meta.url), "utf8");
  expect(documented).toBe(transformsTable);
});
