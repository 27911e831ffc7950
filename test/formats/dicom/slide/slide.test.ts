import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type ByteSource, memorySource } from "../../../../src/base/index.ts";
import { makeDataSet } from "../../../../src/formats/dicom/data-set/make-data-set.ts";
import { segmentsOf } from "../../../../src/formats/dicom/segmentation/segments.ts";
import {
  type DicomSlide,
  listDicom,
  listedEntries,
  type ReadSlideOptions,
  readSlide,
} from "../../../../src/formats/index.ts";
import expected from "./expected/slides.json" with { type: "json" };

const SHARED = "../shared/data/dicom/highdicom";

async function slidesOf(input: string | readonly ByteSource[]): Promise<DicomSlide[]> {
  const entries = listedEntries(await listDicom(input as string));
  return entries.map((entry) => {
    if (entry.kind !== "slide") throw new Error(`a ${entry.kind}`);
    return entry;
  });
}

function filesOf(name: string): ByteSource[] {
  const made = expected.made.find((one) => one.name === name);
  return (made?.files ?? []).map((file, at) =>
    memorySource(Uint8Array.from(Buffer.from(file, "base64")), `${name} ${at}`),
  );
}

async function read(name: string, options: ReadSlideOptions = {}) {
  const slides = await slidesOf(filesOf(name));
  expect(slides).toHaveLength(1);
  return readSlide(slides[0], options);
}

describe("A slide", () => {
  it.each(expected.made)("of $name has every pixel in its place", async ({ name, values }) => {
    const { image } = await read(name);
    if (name.includes("whose segments overlap") || image.data instanceof Float32Array) {
      expect(image.channels).toMatchObject([{ name: "segment", size: 2 }]);
    }
    const near = image.data instanceof Float32Array ? [...Float32Array.from(values)] : values;
    const off = [...image.data].map((value, at) => Math.abs(value - near[at]));
    // Little CMS rounds colours otherwise in the last bit.
    expect(Math.max(...off)).toBeLessThanOrEqual(name.includes("colour where") ? 1 : 0);
    expect(image.data).toHaveLength(values.length);
  });

  it("says where it lies and what of it is absent", async () => {
    const name = "sparse tiles, a gap, tiles over the edge";
    const [{ place }] = await slidesOf(filesOf(name));
    const { image, notes, acquisition } = await read(name);
    expect(image.geometry).toEqual({
      frame: "pixels",
      size: [5, 4, 1],
      spacing: [0.001, 0.002, 1],
    });
    expect(place).toMatchObject({ origin: [20, 30.5, 0], row: [0, -1, 0], column: [-1, 0, 0] });
    expect(acquisition.SlideOrigin).toEqual([20, 30.5, 0]);
    expect(notes).toContainEqual("Tiles of 30 % of the image are absent; it is white there.");
  });

  it("has axes for optical paths and focal planes", async () => {
    const { image } = await read("two optical paths of two focal planes");
    expect(image.channels).toEqual([
      { name: "optical path", size: 2 },
      { name: "focal plane", size: 2, values: [0, 0.005], unit: "mm" },
    ]);
  });

  it("is refused where it takes more memory than allowed, before any is taken", async () => {
    const reading = read("a label map", { mostBytes: 19 });
    await expect(reading).rejects.toMatchObject({ code: "too-large" });
    const pixels = read("a concatenation of two files", { mostBytes: 59 });
    await expect(pixels).rejects.toThrow(/at most 59 bytes, found 60 bytes.*coarser level/s);
  });

  it("of several levels names them, the finest 0", async () => {
    const slides = await slidesOf([
      ...filesOf("sparse optical paths"),
      ...filesOf("a concatenation of two files"),
      ...filesOf("two optical paths of two focal planes"),
    ]);
    expect(slides.map(({ size, apart }) => [size, apart.level])).toEqual([
      [[5, 4], 0],
      [[4, 3], 1],
      [[3, 2], 2],
    ]);
    expect(slides[0].files).toHaveLength(2);
  });
});

describe.skipIf(!existsSync(SHARED))("Slides of highdicom (skipped where not there)", () => {
  it.each(Object.entries(expected.shared))("%s is what pydicom makes of it", async (file, hash) => {
    const [slide] = await slidesOf(`${SHARED}/${file}`);
    const { image } = await readSlide(slide, { secondsPerFrame: 60 });
    const { buffer, byteOffset, byteLength } = image.data;
    const bytes = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
    expect(createHash("sha256").update(bytes).digest("hex").slice(0, 16)).toBe(hash);
  });
});

describe("Recommended colours", () => {
  it.each(expected.colours)("of CIELab $lab are sRGB $rgb", ({ lab, rgb }) => {
    const [{ color }] = segmentsOf(
      makeDataSet({ SegmentSequence: [{ RecommendedDisplayCIELabValue: lab }] }),
    );
    const parts = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
    // Its profiles hold white and primaries to fewer digits.
    for (const [at, part] of parts.entries()) expect(Math.abs(part - rgb[at])).toBeLessThan(2);
  });
});
