import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ByteSource } from "../../../../src/base/index.ts";
import { readDicom } from "../../../../src/formats/dicom/data-set/read-dicom.ts";
import type { DicomPlace } from "../../../../src/formats/dicom/series/dicom-place.ts";
import { headerKeeper, keptHeader } from "../../../../src/formats/dicom/series/kept-headers.ts";
import {
  type DicomVolume,
  listDicom,
  listedEntries,
  readVolume,
} from "../../../../src/formats/index.ts";
import { axialStack, slice } from "./synthetic-series.ts";

/** A source that counts the bytes that are read of it. */
function counted(source: ByteSource, counts: { bytes: number }): ByteSource {
  return {
    ...source,
    async read(offset, length) {
      counts.bytes += length;
      return source.read(offset, length);
    },
    async readInto(offset, target) {
      counts.bytes += target.byteLength;
      return source.readInto(offset, target);
    },
  };
}

describe("A volume that was listed", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kept-headers-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function write(name: string, source: ByteSource): Promise<string> {
    const path = join(folder, name);
    writeFileSync(path, await source.read(0, source.byteLength));
    return path;
  }

  async function firstValues(volume: DicomVolume): Promise<number[]> {
    const { image } = await readVolume(volume);
    return Array.from(image.data).filter((_, at) => at % 12 === 0);
  }

  it("is loaded without reading its headers again", async () => {
    const counts = { bytes: 0 };
    const sources = axialStack([0, 1, 2]).map((source) => counted(source, counts));
    const [volume] = listedEntries(await listDicom(sources));
    counts.bytes = 0;
    expect(await firstValues(volume as DicomVolume)).toEqual([0, 100, 200]);
    expect(counts.bytes).toBe(3 * 12 * 2);
  });

  it("is loaded the same from plain data that lost what the listing kept", async () => {
    const sources = axialStack([0, 1, 2]);
    const paths = await Promise.all(sources.map((source, at) => write(`${at}`, source)));
    const [volume] = listedEntries(await listDicom(paths));
    const plain: DicomVolume = JSON.parse(JSON.stringify(volume));
    expect(await readVolume(plain)).toEqual(await readVolume(volume as DicomVolume));
  });

  it("is read anew where a file was changed since", async () => {
    const paths = await Promise.all(
      [0, 1, 2].map((z) => write(`${z}`, slice({ position: [0, 0, z], value: 10 * z }))),
    );
    const [volume] = listedEntries(await listDicom(folder));
    expect(await firstValues(volume as DicomVolume)).toEqual([0, 10, 20]);
    // As long as before: only the time of change tells.
    const [before, after] = [1, 2].map((slope) =>
      slice({ position: [0, 0, 1], value: 10, RescaleSlope: slope, RescaleIntercept: 0 }),
    );
    await write("1", before);
    utimesSync(paths[1], 1, 1);
    const [listed] = listedEntries(await listDicom(folder));
    await write("1", after);
    expect(await firstValues(listed as DicomVolume)).toEqual([0, 20, 20]);
  });
});

describe("Headers", () => {
  const read = async (source: ByteSource) => ({ file: await readDicom(source), source });
  const place = (source: ByteSource): DicomPlace => ({
    kind: "source",
    name: source.name,
    source,
  });

  it("are kept while there is room", async () => {
    const sources = axialStack([0, 1, 2, 3]);
    const places = sources.map(place);
    const keep = headerKeeper(12_000);
    for (const [at, source] of sources.entries()) keep(places[at], await read(source));
    const kept = await Promise.all(places.map(keptHeader));
    expect(kept.map((file) => file !== undefined)).toEqual([true, true, false, false]);
  });

  it("are not kept where something follows the pixels, which a listing does not look at", async () => {
    const source = slice({
      position: [0, 0, 0],
      value: 1,
      DataSetTrailingPadding: new Uint8Array(2),
    });
    const where = place(source);
    headerKeeper()(where, await read(source));
    expect(await keptHeader(where)).toBeUndefined();
  });
});
