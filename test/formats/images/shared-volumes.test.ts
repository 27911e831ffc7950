// Every NIfTI file of shared/data.

import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { openFile } from "#files";
import { voxelType } from "../../../src/base/index.ts";
import { inspectImage, readImage } from "../../../src/formats/index.ts";
import { type DescribedImage, describedImage, misplacement } from "./described-image.ts";

const shared = "../shared/data";
const { files } = JSON.parse(
  readFileSync(new URL("./expected/shared-volumes.json", import.meta.url), "utf8"),
) as { files: Readonly<Record<string, DescribedImage>> };

async function read(path: string) {
  const source = await openFile(path);
  try {
    return await readImage(source, { beside: (name) => openFile(`${dirname(path)}/${name}`) });
  } finally {
    await source.close();
  }
}

describe.skipIf(!existsSync(`${shared}/volumes/nifti`))(
  "every NIfTI file of shared/data reads as nibabel reads it (needs ../shared)",
  () => {
    it.each(Object.entries(files))("%s", async (file, { lps, ...expected }) => {
      const { image } = await read(`${shared}/${file}`);
      expect(describedImage(image)).toEqual(expected);
      expect(image.geometry.frame).toBe(lps ? "LPS" : "pixels");
      if (lps) expect(misplacement(image, lps)).toBeLessThan(1e-3);
    });

    it("a pair reads the same by either of its files", async () => {
      const [header, voxels] = await Promise.all(
        ["air.hdr.gz", "air.img.gz"].map((name) => read(`${shared}/volumes/nifti/${name}`)),
      );
      expect(header).toEqual(voxels);
    });

    it("what is no NIfTI file is refused whatever its name", async () => {
      await expect(read(`${shared}/volumes/nifti/not-nifti.nii`)).rejects.toThrow(
        "expected a NIfTI-1, NIfTI-2 or Analyze 7.5 header, found other bytes",
      );
    });
  },
);

describe.skipIf(!existsSync(`${shared}/dicom/pydicom/test_files`))(
  "a single DICOM file of shared/data by the front door (needs ../shared)",
  () => {
    const folder = `${shared}/dicom/pydicom/test_files`;

    it.each([
      ["CT_small.dcm", "LPS", [128, 128, 1], [], "int32"],
      ["MR_small.dcm", "LPS", [64, 64, 1], [], "int16"],
      ["examples_rgb_color.dcm", "pixels", [320, 240, 1], [3], "uint8"],
    ] as const)("%s is read as what it is inspected as", async (...row) => {
      const [file, frame, size, channels, declared] = row;
      const whole = await read(`${folder}/${file}`);
      expect(whole.format).toBe("dicom");
      expect(whole.image.geometry).toMatchObject({ frame, size });
      expect(whole.image.channels.map((axis) => axis.size)).toEqual(channels);
      const source = await openFile(`${folder}/${file}`);
      const found = await inspectImage(source).finally(() => source.close());
      expect(found.size).toEqual(size);
      expect(found.channels).toEqual(whole.image.channels);
      expect(found.type).toBe(declared);
      // Its bits may become numbers beyond 16 bits; those that are there do not.
      expect(voxelType(whole.image.data)).toBe(declared === "int32" ? "int16" : declared);
    });

    it("one without pixels is refused in words", async () => {
      await expect(read(`${folder}/rtplan.dcm`)).rejects.toThrow("found an object without pixels");
    });
  },
);
