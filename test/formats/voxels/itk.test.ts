// ITK's reading (expected/make-itk.ts) beside ours: of what we write, of samples, and of real files.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openFile } from "#files";
import { imageShape, indexToWorld, memorySource } from "../../../src/base/index.ts";
import { readMetaImage } from "../../../src/formats/metaimage/read-metaimage.ts";
import { readNrrd } from "../../../src/formats/nrrd/read-nrrd.ts";
import { hashOf } from "./hash.ts";
import { fingerprint, writtenImages } from "./written-images.ts";

interface RealFile {
  refused?: string;
  size: number[];
  affine: number[][];
  sha256: string;
}

const itk = JSON.parse(readFileSync(new URL("./expected/itk.json", import.meta.url), "utf8")) as {
  nrrd: Record<string, string>;
  metaimage: Record<string, string>;
  written: Record<string, { outcome: string; fingerprint?: string }>;
  shared: Record<string, RealFile>;
};

const written = await writtenImages();

describe("What is written as NRRD or MetaImage", () => {
  it.each(written.map((one) => [one.name, one] as const))(
    "is read back equal: %s",
    async (name, one) => {
      const { image, files } = one;
      const [first, ...others] = files.map(([path, bytes]) => memorySource(bytes, path));
      const beside = async (path: string) => others.find((other) => other.name === path) ?? first;
      const read = await (name.includes(".n") ? readNrrd : readMetaImage)(first, { beside });
      const { geometry, channels, data } = read.image;
      expect(imageShape(read.image)).toEqual(imageShape(image));
      expect(geometry.frame).toBe(image.geometry.frame);
      indexToWorld(image.geometry).forEach((value, at) => {
        expect(indexToWorld(geometry)[at]).toBeCloseTo(value, 10);
      });
      expect(geometry.spacing === undefined).toBe(image.geometry.spacing === undefined);
      expect(data).toEqual(image.data);
      expect(channels.map(({ values }) => values)).toEqual(
        image.channels.map(({ values }) => values),
      );
    },
  );

  it("is, byte for byte, what ITK read back equal", () => {
    for (const one of written) {
      const { outcome, fingerprint: read } = itk.written[one.name];
      expect(outcome, one.name).toBe("equal");
      if (read) expect(fingerprint(one), one.name).toBe(read);
    }
  });
});

describe("ITK reads the samples as the definitions say", () => {
  const isKnown = (name: string) =>
    [
      /bz(ip)?2/, // not built in
      /^space (LAS|left-anterior-superior)$/, // turns the wrong axis
      /^space in cm$|^DistanceUnits cm$/, // units are ignored
      /^axis mins and maxs/, // ignored
      /^two dimensions in three-dimensional space$|^time as|^five dimensions$/, // refused, or time left in RAS
      /^MET_U?LONG, /, // read at twice their width
      /^text of floats, beside$|^compressed as gzip$/,
      /^rescaled$/, // left to the caller
    ].some((pattern) => pattern.test(name));

  it.each([
    ["NRRD", itk.nrrd],
    ["MetaImage", itk.metaimage],
  ])("but for known cases of %s", (_, outcomes) => {
    const different = Object.keys(outcomes).filter((name) => outcomes[name] !== "equal");
    expect(different.filter((name) => !isKnown(name))).toEqual([]);
    expect(Object.keys(outcomes).length - different.length).toBeGreaterThan(70);
  });
});

const root = new URL("../../../../shared/data/", import.meta.url).pathname;

describe.skipIf(!existsSync(`${root}volumes/nrrd`))(
  "Real NRRD and MetaImage files (skipped without ../shared/data) are read as ITK reads them",
  () => {
    it.each(Object.entries(itk.shared))("%s", async (file, { refused, size, affine, sha256 }) => {
      const source = await openFile(root + file);
      const folder = (root + file).replace(/[^/]*$/, "");
      const options = {
        beside: (name: string) => openFile(folder + name),
        geometry: "axes" as const,
      };
      const reading = (/\.n/.test(file) ? readNrrd : readMetaImage)(source, options);
      if (/minus_five/.test(file)) await expect(reading).rejects.toThrow("byte skip of -1");
      else if (refused) await expect(reading).resolves.toBeDefined();
      else {
        const { image } = await reading;
        expect(image.geometry.size).toEqual([...size, 1, 1].slice(0, 3));
        expect(hashOf(image)).toBe(sha256);
        const found = indexToWorld(image.geometry);
        affine.flat().forEach((value, at) => {
          if (value !== null) expect(Math.abs(found[at] - value)).toBeLessThan(1e-6);
        });
      }
      await source.close();
    });
  },
);
