// Files made by the scripts in expected/, and how what was read of them is compared with what they mean.

import { expect } from "vitest";
import type { ByteSource } from "../../../src/base/index.ts";
import { imageShape, indexToWorld, memorySource } from "../../../src/base/index.ts";
import type { ImageFile, OpenBeside } from "../../../src/formats/images/image-file.ts";
import { hashOf } from "./hash.ts";

export interface Sample {
  readonly name: string;
  /** Base64 by file name; the first is the one to open. */
  readonly files: Readonly<Record<string, string>>;
  readonly shape: readonly number[];
  /** First 16 digits of the hash of the values as float64. */
  readonly sha256: string;
  /** Index to LPS, three rows; left out where the place is unknown. */
  readonly affine?: readonly (readonly number[])[];
  readonly spacing?: readonly number[] | null;
  readonly channels: readonly string[];
}

/** The sample's files in memory. */
export function filesOf({ files }: Sample): { source: ByteSource; beside: OpenBeside } {
  const open = (name: string): ByteSource => {
    const base64 = files[name.replace(/^\.\//, "")];
    expect(base64, `the file ${name}`).toBeDefined();
    return memorySource(new Uint8Array(Buffer.from(base64, "base64")), name);
  };
  return { source: open(Object.keys(files)[0]), beside: async (name) => open(name) };
}

export function checkSample({ image }: ImageFile, sample: Sample): void {
  const { geometry, channels } = image;
  expect(imageShape(image).slice(-3)).toEqual(sample.shape.slice(-3));
  expect(imageShape(image)).toEqual(sample.shape);
  expect(channels.map(({ name }) => name)).toEqual(sample.channels);
  expect(hashOf(image)).toBe(sample.sha256);
  if (sample.affine) {
    expect(geometry.frame).toBe("LPS");
    sample.affine.flat().forEach((value, at) => {
      expect(indexToWorld(geometry)[at]).toBeCloseTo(value, 9);
    });
  } else {
    expect(geometry.frame).toBe("pixels");
    if (sample.spacing)
      sample.spacing.forEach((mm, at) => void expect(geometry.spacing?.[at]).toBeCloseTo(mm, 9));
    else expect(geometry.spacing).toBeUndefined();
  }
}
