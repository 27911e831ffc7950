// Small volumes made with nibabel, in every element type, byte order and kind of header.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inspectImage, readImage } from "../../../src/formats/index.ts";
import {
  type DescribedImage,
  describedImage,
  filesInMemory,
  misplacement,
} from "./described-image.ts";

interface Sample extends DescribedImage {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly open: string;
}

const { samples } = JSON.parse(
  readFileSync(new URL("./expected/samples.json", import.meta.url), "utf8"),
) as { samples: readonly Sample[] };

describe("A volume made with nibabel", () => {
  it.each(samples.map((sample) => [sample.name, sample] as const))(
    "reads as nibabel reads it: %s",
    async (name, { files, open, lps, ...expected }) => {
      const beside = filesInMemory(files);
      const geometry = name.startsWith("Analyze") ? "spm" : "stated";
      const { image } = await readImage(await beside(open), { beside, geometry });
      const described = describedImage(image);
      expect(described).toEqual({
        type: expected.type,
        shape: expected.shape,
        sha256: expected.sha256,
      });
      expect(image.geometry.frame).toBe(lps ? "LPS" : "pixels");
      if (lps) expect(misplacement(image, lps)).toBeLessThan(1e-4);
    },
  );

  it.each(samples.map((sample) => [sample.name, sample] as const))(
    "is inspected as what it is read as: %s",
    async (_, { files, open }) => {
      const beside = filesInMemory(files);
      const { image, format } = await readImage(await beside(open), { beside });
      const found = await inspectImage(await beside(open), { beside });
      expect(found.format).toBe(format);
      expect(found.geometry).toEqual(image.geometry);
      expect(found.channels).toEqual(image.channels);
    },
  );
});
