// Every variant of PNG, BMP, TIFF, JPEG, WebP and GIF, against values known by construction or read by Pillow and tifffile.

import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { imageShape, memorySource, voxelType } from "../../../src/base/index.ts";
import { rasterFormats } from "../../../src/formats/raster/image-formats.ts";
import { hashOf } from "../voxels/hash.ts";

interface Sample {
  readonly name: string;
  readonly deflated: string;
  readonly shape: readonly number[];
  readonly type: string;
  /** First 16 digits of the hash of the values as float64. */
  readonly sha256?: string;
  /** Of lossy formats: values that may be off by so much. */
  readonly tolerance?: number;
  readonly values?: string;
  readonly spacing?: readonly number[];
  readonly channels: readonly string[];
}

const { cases } = JSON.parse(
  readFileSync(new URL("./expected/samples.json", import.meta.url), "utf8"),
) as { cases: Sample[] };

const inflate = (text: string) => new Uint8Array(inflateSync(Buffer.from(text, "base64")));

async function read(sample: Sample) {
  const bytes = inflate(sample.deflated);
  const head = String.fromCharCode(...bytes.subarray(0, 640));
  const format = rasterFormats.find(({ recognise }) => recognise?.(head));
  expect(format?.title.split(",")[0]).toBe(sample.name.split(" ")[0]);
  return format!.read(memorySource(bytes, sample.name), {});
}

describe("A raster file gives the values that it holds", () => {
  it.each(cases.map((sample) => [sample.name, sample] as const))("%s", async (_, sample) => {
    const { image } = await read(sample);
    expect(imageShape(image)).toEqual(sample.shape);
    expect(voxelType(image.data)).toBe(sample.type);
    expect(image.channels.map(({ name }) => name)).toEqual(sample.channels);
    expect(image.geometry.frame).toBe("pixels");
    if (sample.spacing) {
      sample.spacing.forEach(
        (mm, at) => void expect(image.geometry.spacing?.[at]).toBeCloseTo(mm, 7),
      );
    } else expect(image.geometry.spacing).toBeUndefined();
    if (sample.sha256) expect(hashOf(image)).toBe(sample.sha256);
    else {
      const values = inflate(sample.values as string);
      const largest = values.reduce(
        (most, value, at) => Math.max(most, Math.abs(value - image.data[at])),
        0,
      );
      expect(largest).toBeLessThanOrEqual(sample.tolerance as number);
    }
  });
});
