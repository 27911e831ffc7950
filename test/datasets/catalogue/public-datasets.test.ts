// What holds for every data set of the catalogue.

import { describe, expect, it } from "vitest";
import {
  findPublicDataset,
  publicDatasets,
  readPublicCases,
  readPublicDataset,
} from "../../../src/datasets/index.ts";
import { makeFolder } from "./generated-folder.ts";

const named = publicDatasets.map((dataset) => [dataset.name, dataset] as const);

describe("the catalogue", () => {
  it("has each name once, and finds it however it is written", () => {
    const names = publicDatasets.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(findPublicDataset("NIH ChestX-ray14".slice(4)).name).toBe("chest-x-ray14");
    expect(() => findPublicDataset("chex")).toThrow(/Did you mean chexpert\?/);
    expect(() => findPublicDataset("nothing like it")).toThrow(/It has: chest-x-ray14, /);
  });

  it.each(named)("says of %s what it is, whose, and how to get it", (_, dataset) => {
    const { name, title, modality, region, size, task, licence, citation, steps, layout } = dataset;
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    for (const text of [title, modality, region, size, task, licence.name, citation.title]) {
      expect(text.trim()).toBe(text);
      expect(text).not.toBe("");
    }
    expect(citation.authors).toMatch(/\S/);
    expect(citation.year).toBeGreaterThan(1990);
    if (citation.doi) expect(citation.doi).toMatch(/^10\.\d{4,}\/\S+$/);
    expect(dataset.url).toMatch(/^https?:\/\//);
    expect(steps.length).toBeGreaterThan(0);
    expect(layout.length).toBeGreaterThan(0);
  });

  it.each(named)("has of %s files with addresses and checksums that can be", (_, dataset) => {
    const { downloads = [], access } = dataset;
    if (downloads.length > 0) expect(access).toBe("open");
    const files = downloads.flatMap(({ files }) => files);
    for (const { name, url, digest } of files) {
      expect(name).toMatch(/^[\w.-]+$/);
      expect(url).toMatch(/^https:\/\//);
      if (digest)
        expect(digest.hex).toMatch(digest.algorithm === "md5" ? /^[\da-f]{32}$/ : /^[\da-f]{64}$/);
    }
    expect(new Set(files.map(({ name }) => name)).size).toBe(files.length);
  });

  it.each(named)(
    "tells a folder that is not %s, showing what it should look like",
    async (name, dataset) => {
      const readers = [
        ...(dataset.readImages ? [readPublicDataset] : []),
        ...(dataset.readCases ? [readPublicCases] : []),
      ];
      expect(readers.length).toBeGreaterThan(0);
      for (const read of readers) {
        const other = read(name, makeFolder({ "notes.txt": "another folder" }));
        await expect(other).rejects.toMatchObject({ code: "file-not-found" });
        await expect(read(name, "/nowhere/at/all")).rejects.toMatchObject({
          code: "file-not-found",
        });
        await expect(read(name, makeFolder({}), { no: "such option" })).rejects.toMatchObject({
          code: "bad-option",
        });
      }
    },
  );

  it("names the other reader where a data set has no labels or no masks", async () => {
    await expect(readPublicCases("chexpert", makeFolder({}))).rejects.toThrow(
      /CheXpert has no cases with masks or marks.*Use readPublicDataset/,
    );
  });

  it("shows the layout where a table is missing", async () => {
    const folder = makeFolder({ "notes.txt": "" });
    await expect(readPublicDataset("chexpert", folder)).rejects.toThrow(
      /does not look like CheXpert: expected train\.csv in it, found 1 other file\. A folder of it looks like this:\n {2}train\.csv, valid\.csv/,
    );
  });
});
