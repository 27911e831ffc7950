// GIPL files made with ITK, written here and read again, and those that are odd.

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  IDENTITY,
  makeImage,
  memorySource,
  patientGeometry,
  voxelType,
} from "../../../src/base/index.ts";
import { readGipl } from "../../../src/formats/gipl/read-gipl.ts";
import { giplChunks } from "../../../src/formats/gipl/write-gipl.ts";
import { imagesOf } from "../images/image-strategies.ts";

interface Sample {
  readonly name: string;
  readonly file: string;
  readonly type: string;
  readonly size: readonly number[];
  readonly spacing: readonly number[];
  readonly origin: readonly number[];
  readonly values: readonly number[];
}

const { samples } = JSON.parse(
  readFileSync(new URL("./expected/gipl.json", import.meta.url), "utf8"),
) as { samples: readonly Sample[] };

const small = makeImage({
  geometry: { frame: "pixels", size: [4, 3, 2], spacing: [0.5, 0.75, 2] },
  data: Int16Array.from({ length: 24 }, (_, at) => at - 5),
});

const bytesOf = (image: Parameters<typeof giplChunks>[0]) =>
  new Uint8Array(Buffer.concat(giplChunks(image)));
const read = (bytes: Uint8Array, options?: Parameters<typeof readGipl>[1]) =>
  readGipl(memorySource(bytes, "scan.gipl"), options);

describe("A GIPL file", () => {
  it.each(samples.map((sample) => [sample.name, sample] as const))(
    "made with ITK reads as ITK reads it: %s",
    async (name, { file, type, size, spacing, origin, values }) => {
      const bytes = new Uint8Array(gunzipSync(Buffer.from(file, "base64")));
      const { image } = await readGipl(memorySource(bytes, name), { geometry: "axes" });
      expect(image.geometry).toEqual({ frame: "LPS", size, spacing, origin, direction: IDENTITY });
      expect(voxelType(image.data)).toBe(type);
      expect([...image.data]).toEqual(values);
    },
  );

  it("gives back any image along its axes, its spacing within float32", async () => {
    const channels = [[], [{ name: "time", size: 3 }]];
    await fc.assert(
      fc.asyncProperty(imagesOf({ frame: "pixels", channels }), async (image) => {
        const { image: found } = await read(bytesOf(image));
        expect([...found.data]).toEqual([...image.data]);
        expect(found.channels).toEqual(image.channels);
        expect(found.geometry.spacing).toEqual(image.geometry.spacing?.map(Math.fround));
      }),
      { numRuns: 40 },
    );
  });

  it("has no place unless the caller takes its axes for left, posterior, superior", async () => {
    const { image, notes } = await read(bytesOf(small));
    expect(image).toEqual(small);
    expect(notes).toEqual([expect.stringContaining("does not say which side is left")]);
  });

  it("stores 32-bit integers as float64, which ITK reads as well", async () => {
    const data = Int32Array.from(small.data, (value) => value * 2 ** 26 + 1);
    const { image } = await read(bytesOf(makeImage({ ...small, data })));
    expect(image.data).toEqual(Float64Array.from(data));
  });

  it("is not written for a grid that is turned", () => {
    const turned = patientGeometry({
      ...{ size: [4, 3, 2], spacing: [1, 1, 1], origin: [0, 0, 0] },
      direction: [-1, 0, 0, 0, -1, 0, 0, 0, 1],
    });
    expect(() => giplChunks(makeImage({ ...small, geometry: turned }))).toThrow(
      "GIPL, which has no directions",
    );
  });

  it.each<[string, (view: DataView) => void, string]>([
    ["of another mark", (view) => view.setUint32(252, 7), "GIPL's mark"],
    ["of no width", (view) => view.setUint16(0, 0), "axes of at least one voxel"],
    ["that is too short", (view) => view.setUint16(4, 9), "expected 216 more bytes, found 48"],
    ["of complex numbers", (view) => view.setUint16(8, 192), "found complex float"],
    ["of no type", (view) => view.setUint16(8, 99), "found type 99"],
  ])("%s is refused", async (_, change, message) => {
    const bytes = bytesOf(small);
    change(new DataView(bytes.buffer));
    await expect(read(bytes)).rejects.toThrow(message);
  });
});
