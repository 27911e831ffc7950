import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { memorySource } from "../../src/base/index.ts";
import { readMat, readNpy, readNpz } from "../../src/formats/index.ts";
import type { Described } from "./described.ts";
import { describedTensor, describedTensors, describedVariables } from "./described.ts";

const fixtures: Record<string, { base64: string; expected: Described }> = JSON.parse(
  readFileSync(new URL("./expected/array-fixtures.json", import.meta.url), "utf8"),
).files;

/** numpy reads them (objects only if told to execute them); here they are refused, with a remedy. */
const refused: Record<string, RegExp> = {
  "records.npy": /records with fields age, größe\. Save each field/,
  "objects.npy": /never executed.*astype/,
  "dates.npy": /dates.*astype\('int64'\)/,
  "extended.npy": /extended precision.*astype\('float64'\)/,
};

const files = Object.keys(fixtures).map((file) => ({ file, ...fixtures[file] }));

describe("files of numpy, scipy and Octave read as numpy and scipy read them", () => {
  it.each(files.filter(({ file }) => !(file in refused)))("$file", async ({ file, ...fixture }) => {
    expect(await described(file, fixture.base64)).toEqual(fixture.expected);
  });
});

it.each(Object.entries(refused))("%s is refused in words", async (file, words) => {
  const reading = described(file, fixtures[file].base64);
  await expect(reading).rejects.toMatchObject({ code: "format-unsupported" });
  await expect(reading).rejects.toThrow(words);
});

async function described(file: string, base64: string): Promise<Described> {
  const source = memorySource(new Uint8Array(Buffer.from(base64, "base64")), file);
  if (file.endsWith(".npz")) return describedTensors(await readNpz(source));
  if (file.endsWith(".mat")) return describedVariables(await readMat(source));
  return describedTensor(await readNpy(source));
}
