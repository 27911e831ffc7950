import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { backendCases, hasBackendCases } from "../backend-cases.ts";
import { header, outcomeOf, rowOf } from "./outcome.ts";

describe.skipIf(!hasBackendCases)(
  "ONNX's backend tests (skipped where ../shared/data/onnx is absent)",
  () => {
    it("come out as the table says: shapes inferred, equal in ONNX Runtime and in the evaluator", async () => {
      const rows = [header];
      for (const one of backendCases()) rows.push(rowOf(await outcomeOf(one)));
      const table = readFileSync(new URL("expected/outcomes.csv", import.meta.url), "utf8");
      expect(rows).toEqual(table.trimEnd().split("\n"));
    }, 300_000);
  },
);
