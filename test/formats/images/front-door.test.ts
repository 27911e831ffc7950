// The front door to images: what is told by bytes, what by names, and what is refused.

import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  type ByteSource,
  IDENTITY,
  type Image,
  makeImage,
  memorySource,
  patientGeometry,
  RoentgenError,
} from "../../../src/base/index.ts";
import {
  imageFormatOfFile,
  inspectImage,
  readImage,
  supportedImageFormats,
  type WrittenFile,
  writeImage,
} from "../../../src/formats/index.ts";

const image = makeImage({
  geometry: patientGeometry({
    size: [5, 4, 3],
    spacing: [0.5, 0.75, 2],
    origin: [-10, 20, 30],
    direction: IDENTITY,
  }),
  data: Int16Array.from({ length: 60 }, (_, at) => at * 11 - 300),
});

async function bytesOf({ content }: WrittenFile): Promise<Uint8Array> {
  if (content instanceof Uint8Array) return content;
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

async function written(one: Image, path: string): Promise<Map<string, Uint8Array>> {
  const files = await writeImage(one, path);
  const all = files.map(async (file) => [file.path, await bytesOf(file)] as const);
  return new Map(await Promise.all(all));
}

function openIn(files: ReadonlyMap<string, Uint8Array>) {
  return async (name: string): Promise<ByteSource> => {
    const bytes = files.get(name);
    if (bytes) return memorySource(bytes, name);
    throw new RoentgenError("file-not-found", { problem: `There is no ${name}` });
  };
}

const volumeEndings = supportedImageFormats
  .filter(
    ({ name, write }) => write && ["nifti", "mgh", "gipl", "nrrd", "metaimage"].includes(name),
  )
  .flatMap(({ name, extensions }) => extensions.map((ending) => [ending, name] as const));

describe("Writing an image and reading it", () => {
  it.each(volumeEndings)("gives it back: %s", async (ending, name) => {
    const files = await written(image, `scan${ending}`);
    const beside = openIn(files);
    const geometry = name === "gipl" ? "axes" : "stated";
    for (const path of files.keys()) {
      if (!path.endsWith(ending)) continue;
      const file = await readImage(await beside(path), { beside, geometry });
      expect(file.format).toBe(name);
      expect(file.image).toEqual(image);
    }
  });

  it.each(volumeEndings)("gives the same bytes each time: %s", async (ending) => {
    const [once, again] = [await written(image, `a${ending}`), await written(image, `a${ending}`)];
    expect(again).toEqual(once);
  });

  it("refuses an extension that it does not know", async () => {
    await expect(writeImage(image, "scan.xyz")).rejects.toMatchObject({ code: "format-unknown" });
  });

  it("refuses a format that is only read", async () => {
    const writing = writeImage(image, "scan.gif");
    await expect(writing).rejects.toMatchObject({ code: "format-unsupported" });
    await expect(writing).rejects.toThrow("which is only read");
  });

  it("refuses a level of compression that does not exist", async () => {
    await expect(writeImage(image, "a.nii.gz", { compressionLevel: 10 })).rejects.toThrow(
      "expected a whole number of at least 1 and at most 9, found 10",
    );
  });
});

describe("Recognising an image", () => {
  it.each(["scan.nii", "scan.nii.gz", "scan.gipl", "scan.gipl.gz", "scan.nrrd", "scan.mha"])(
    "goes by the bytes and not by the name: %s",
    async (path) => {
      const bytes = [...(await written(image, path)).values()][0];
      const format = await imageFormatOfFile(memorySource(bytes, path));
      expect(format).toBeDefined();
      for (const name of ["download", "scan.png", "scan.mgz", "table.csv"]) {
        expect(await imageFormatOfFile(memorySource(bytes, name))).toBe(format);
      }
    },
  );

  it.each([
    ["a,b\n1,2\n", "table.csv"],
    ["%PDF-1.4", "report.pdf"],
    ["%PDF-1.4", "scan.nii"],
    ["<!DOCTYPE html>", "scan.nii.gz"],
    ["", "nothing"],
  ])("finds none in %j named %s", async (text, name) => {
    const source = memorySource(new TextEncoder().encode(text), name);
    expect(await imageFormatOfFile(source)).toBeUndefined();
    await expect(readImage(source)).rejects.toMatchObject({ code: "format-unknown" });
    await expect(inspectImage(source)).rejects.toMatchObject({ code: "format-unknown" });
  });

  it("says what a file is that is no image", async () => {
    const source = memorySource(new TextEncoder().encode("%PDF-1.4"), "scan.nii");
    await expect(readImage(source)).rejects.toThrow("found a PDF");
  });

  it("asks to unpack what its reader can't", async () => {
    const [bytes] = (await written(image, "scan.nrrd")).values();
    const source = memorySource(new Uint8Array(gzipSync(bytes)), "scan.nrrd.gz");
    await expect(readImage(source)).rejects.toThrow(/gzipped\. Unpack it first/);
  });

  it("says that a gzipped image breaks off", async () => {
    const [bytes] = (await written(image, "scan.nii.gz")).values();
    for (const length of [20, bytes.length - 20]) {
      const source = memorySource(bytes.subarray(0, length), "scan.nii.gz");
      await expect(readImage(source)).rejects.toMatchObject({ code: "file-truncated" });
    }
  });

  it("finds damage by the checksum of a gzipped image", async () => {
    const [bytes] = (await written(image, "scan.nii.gz")).values();
    bytes[bytes.length - 6] ^= 1;
    const source = memorySource(bytes, "scan.nii.gz");
    await expect(readImage(source)).rejects.toMatchObject({ code: "file-corrupt" });
  });

  it("says which half of a pair is missing", async () => {
    const files = await written(image, "scan.hdr");
    const only = new Map([["scan.img", files.get("scan.img") as Uint8Array]]);
    const beside = openIn(only);
    await expect(readImage(await beside("scan.img"), { beside })).rejects.toThrow(
      "expected its other half, scan.hdr, beside it",
    );
  });
});
