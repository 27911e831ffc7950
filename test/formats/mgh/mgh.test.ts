// MGH files written and read again, and those that are odd. What nibabel makes of them is in test/formats/images.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexToWorld, makeImage, memorySource, patientGeometry } from "../../../src/base/index.ts";
import type { ImageReadOptions } from "../../../src/formats/index.ts";
import { readMgh } from "../../../src/formats/mgh/read-mgh.ts";
import { mghFiles } from "../../../src/formats/mgh/write-mgh.ts";
import { misplacement } from "../images/described-image.ts";
import { imagesOf } from "../images/image-strategies.ts";

const time = { name: "time", size: 3, values: [0, 2.5, 5], unit: "s" };
const small = makeImage({
  geometry: patientGeometry({
    size: [4, 3, 2],
    spacing: [0.5, 0.75, 2],
    origin: [-10, 20, 30],
    direction: [0, 0, 1, 1, 0, 0, 0, -1, 0],
  }),
  channels: [time],
  data: Int16Array.from({ length: 72 }, (_, at) => at - 5),
});

async function bytesOf(image: Parameters<typeof mghFiles>[0]): Promise<Uint8Array> {
  const [{ content }] = await mghFiles(image, "scan.mgh");
  return new Uint8Array(Buffer.concat(content as Uint8Array[]));
}

const read = (bytes: Uint8Array, options?: ImageReadOptions) =>
  readMgh(memorySource(bytes, "scan.mgh"), options);

describe("An MGH file", () => {
  it("gives back any image, its place within float32", async () => {
    const types = ["uint8", "int16", "int32", "float32", "uint16"] as const;
    const channels = [[], [{ name: "frame", size: 3 }], [time]];
    await fc.assert(
      fc.asyncProperty(imagesOf({ types, channels }), async (image) => {
        const { image: found } = await read(await bytesOf(image));
        expect(found.data).toEqual(image.data);
        expect(found.channels).toEqual(image.channels);
        expect(found.geometry.frame).toBe(image.geometry.frame);
        if (image.geometry.frame === "pixels") return;
        const place = indexToWorld(image.geometry);
        expect(misplacement(found, place)).toBeLessThan(1e-5 * Math.max(1, ...place.map(Math.abs)));
      }),
      { numRuns: 60 },
    );
  });

  it("keeps the parameters of the scan in its header", async () => {
    const bytes = await bytesOf(small);
    const view = new DataView(bytes.buffer, 284 + small.data.byteLength);
    for (const [at, value] of [2000, 0.5, 3, 1100, 256].entries()) view.setFloat32(4 * at, value);
    const { header, image } = await read(bytes);
    expect(header).toMatchObject({ tr: 2000, flip_angle: 0.5, te: 3, ti: 1100, fov: 256 });
    expect(image.channels).toEqual([{ ...time, values: [0, 2, 4] }]);
  });

  it("may end with its voxels; then nothing is known of the time between frames", async () => {
    const bytes = await bytesOf(small);
    const { image } = await read(bytes.subarray(0, 284 + small.data.byteLength));
    expect(image.channels).toEqual([{ name: "frame", size: 3 }]);
    expect(image.data).toEqual(small.data);
  });

  it("whose goodRASFlag is not set has no place", async () => {
    const bytes = await bytesOf(small);
    new DataView(bytes.buffer).setInt16(28, 0);
    const { image, notes } = await read(bytes);
    expect(image.geometry).toEqual({ frame: "pixels", size: [4, 3, 2], spacing: undefined });
    expect(notes).toEqual([expect.stringContaining("does not say where it lies")]);
  });

  it.each<[string, (view: DataView) => void, string]>([
    ["of another version", (view) => view.setInt32(0, 2), "version 1, found 2"],
    ["of negative height", (view) => view.setInt32(8, -3), "found 4 × -3 × 2 × 3"],
    ["that is too short", (view) => view.setInt32(12, 200), "expected 14400 more bytes, found 164"],
    ["of bits", (view) => view.setInt32(20, 5), "found MRI_BITMAP"],
    ["of no type", (view) => view.setInt32(20, 77), "found type 77"],
    [
      "with sheared directions",
      (view) => view.setFloat32(42, 0.7),
      "expected axes at right angles",
    ],
  ])("%s is refused", async (_, change, message) => {
    const bytes = await bytesOf(small);
    change(new DataView(bytes.buffer));
    await expect(read(bytes)).rejects.toThrow(message);
  });

  it.each([new Float64Array(72), new Uint32Array(72)])("is not written of %o", async (data) => {
    const writing = mghFiles(makeImage({ ...small, data }), "scan.mgz");
    await expect(writing).rejects.toMatchObject({ code: "type-mismatch" });
  });

  it("is not written of several channel axes", async () => {
    const channels = [time, { name: "echo", size: 2 }];
    const image = makeImage({ ...small, channels, data: new Uint8Array(144) });
    await expect(mghFiles(image, "scan.mgh")).rejects.toMatchObject({ code: "shape-mismatch" });
  });
});
