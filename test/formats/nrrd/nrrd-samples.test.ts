// Every encoding, type, byte order, space and arrangement of axes of NRRD, against what the format's definition says.

import { readFileSync } from "node:fs";
import { describe, it } from "vitest";
import { readNrrd } from "../../../src/formats/nrrd/read-nrrd.ts";
import { checkSample, filesOf, type Sample } from "../voxels/samples.ts";

const { cases } = JSON.parse(
  readFileSync(new URL("./expected/samples.json", import.meta.url), "utf8"),
) as { cases: Sample[] };

describe("A NRRD file means what the format's definition says", () => {
  it.each(cases.map((sample) => [sample.name, sample] as const))("%s", async (_, sample) => {
    const { source, beside } = filesOf(sample);
    checkSample(await readNrrd(source, { beside }), sample);
  });
});
