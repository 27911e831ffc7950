// Every type, byte order, place and arrangement of files of MetaImage, against what its documentation says.

import { readFileSync } from "node:fs";
import { describe, it } from "vitest";
import { readMetaImage } from "../../../src/formats/metaimage/read-metaimage.ts";
import { checkSample, filesOf, type Sample } from "../voxels/samples.ts";

const { cases } = JSON.parse(
  readFileSync(new URL("./expected/samples.json", import.meta.url), "utf8"),
) as { cases: Sample[] };

describe("A MetaImage file means what MetaIO says", () => {
  it.each(cases.map((sample) => [sample.name, sample] as const))("%s", async (_, sample) => {
    const { source, beside } = filesOf(sample);
    checkSample(await readMetaImage(source, { beside }), sample);
  });
});
