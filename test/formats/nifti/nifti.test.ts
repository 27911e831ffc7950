// NIfTI files written and read again.

import { describe, expect, it } from "vitest";
import { makeImage, memorySource, patientGeometry } from "../../../src/base/index.ts";
import { readNifti } from "../../../src/formats/nifti/read-nifti.ts";
import { writeNifti } from "../../../src/formats/nifti/write-nifti.ts";

const geometry = patientGeometry({
  size: [4, 3, 2],
  spacing: [0.5, 0.75, 3],
  origin: [-10, 20.5, 7],
  direction: [0, 0, 1, 1, 0, 0, 0, -1, 0],
});

describe("A NIfTI file", () => {
  it.each([1, 2] as const)("of version %i gives back what was written", async (version) => {
    const data = Int16Array.from({ length: 24 }, (_, at) => 100 * at - 1000);
    const image = makeImage({ geometry, data });
    const file = await readNifti(memorySource(writeNifti(image, { version }), "scan.nii"));
    expect(file.image).toEqual(image);
    expect(file.notes).toEqual([]);
    expect(file.header.version).toBe(`nifti-${version}`);
  });
});
