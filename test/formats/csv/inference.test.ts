import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { memorySource } from "../../../src/base/index.ts";
import { readCsv } from "../../../src/formats/csv/index.ts";

interface ExpectedColumn {
  name: string;
  kind: "number" | "text";
  values: (number | string | null)[];
}

const expected: {
  pandas: string;
  cases: { title: string; text: string; columns: ExpectedColumn[] }[];
} = JSON.parse(readFileSync(new URL("./expected/inference.json", import.meta.url), "utf8"));

describe(`type inference equals that of pandas ${expected.pandas}`, () => {
  test.each(expected.cases)("$title", async ({ text, columns }) => {
    const source = memorySource(new TextEncoder().encode(text), "case.csv");
    const table = await readCsv(source, { delimiter: ",", header: true });
    const found = table.columns.map(({ name, kind, values }) => ({
      name,
      kind: table.rowCount === 0 ? "text" : kind,
      values: Array.from<number | string | null>(values).map(spelled),
    }));
    expect(found).toEqual(columns);
  });
});

/** As the JSON has it. */
function spelled(value: number | string | null): number | string | null {
  if (typeof value !== "number") return value;
  if (Number.isNaN(value)) return null;
  if (value === Number.POSITIVE_INFINITY) return "inf";
  return value === Number.NEGATIVE_INFINITY ? "-inf" : value;
}
