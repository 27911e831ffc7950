// Damaged scans through the front doors: an image or an error in words, soon and in bounded memory.
// FUZZ_RUNS=10000 tries as many mutations of each format; without it a few.

import { crc32, deflateSync, gzipSync } from "node:zlib";
import dcmjs from "dcmjs-codecs";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type Image,
  makeImage,
  memorySource,
  patientGeometry,
  RoentgenError,
} from "../../src/base/index.ts";
import {
  listDicom,
  listedEntries,
  makeDataSet,
  readImage,
  readImages,
  readSlide,
  readVolume,
  writeDicom,
  writeDicomSeries,
  writeImage,
} from "../../src/formats/index.ts";
import { mutate, mutation } from "./mutations.ts";

const RUNS = Number(process.env.FUZZ_RUNS ?? 40);
/** Resident memory that a file of a few kilobytes may take, worker threads and their decoders included. */
const MOST_GROWTH = 1.5 * 2 ** 30;
const SLOWEST_MS = 5000;
/** Far less than usual, so that frames that never end do not take hours. */
const secondsPerFrame = 2;
const SIDE = 24;

const image = makeImage({
  geometry: patientGeometry({
    size: [SIDE, SIDE, 2],
    spacing: [1, 1, 2],
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  }),
  data: Int16Array.from({ length: 2 * SIDE * SIDE }, (_, at) => ((at * 37) % 251) + at),
  unit: "HU",
});

async function bytesOf(pieces: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>) {
  const list: Uint8Array[] = [];
  if (pieces instanceof Uint8Array) return pieces;
  for await (const piece of pieces) list.push(piece);
  return new Uint8Array(Buffer.concat(list));
}

async function written(path: string, what: Image = image): Promise<Uint8Array> {
  const [file] = await writeImage(what, path);
  return bytesOf(file.content);
}

const flat = makeImage({
  geometry: { frame: "pixels", size: [SIDE, SIDE, 1], spacing: undefined },
  data: Uint16Array.from({ length: SIDE * SIDE }, (_, at) => at * 100),
});

/** One slice whose pixels are compressed. */
function compressedSlice(syntax: string): Uint8Array {
  const context = new dcmjs.Context({
    ...{ width: SIDE, height: SIDE, bitsAllocated: 16, bitsStored: 16, samplesPerPixel: 1 },
    ...{ pixelRepresentation: 0, planarConfiguration: 0 },
    photometricInterpretation: "MONOCHROME2",
    decodedBuffer: new Uint8Array(flat.data.buffer.slice(0)),
  });
  const { NativeCodecs: native } = dcmjs;
  const lossless = { lossy: false };
  const encoded = (
    syntax === ".4.80"
      ? native.encodeJpegLs(context, lossless)
      : syntax === ".4.90"
        ? native.encodeJpeg2000(context, lossless)
        : native.encodeRle(context)
  ).getEncodedBuffer() as Uint8Array;
  const dataSet = makeDataSet({
    ...{ SOPClassUID: "1.2.840.10008.5.1.4.1.1.2", SOPInstanceUID: "2.25.1" },
    ...{ StudyInstanceUID: "2.25.2", SeriesInstanceUID: "2.25.3", Modality: "CT" },
    ...{ Rows: SIDE, Columns: SIDE, SamplesPerPixel: 1, BitsAllocated: 16, BitsStored: 16 },
    ...{ HighBit: 15, PixelRepresentation: 0, PhotometricInterpretation: "MONOCHROME2" },
    ...{ PixelSpacing: [1, 1], SliceThickness: 2, ImagePositionPatient: [0, 0, 0] },
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
  });
  const frames = [[encoded.slice()]];
  return new Uint8Array(
    Buffer.concat(writeDicom(dataSet, { transferSyntax: `1.2.840.10008.1.2${syntax}`, frames })),
  );
}

const PLAIN = ["dicom", "nifti", "nifti.gz", "nrrd", "png"];
/** Damaged below the checksums, which would else stop nearly all of it. */
const WITHIN = ["nifti, then gzipped", "raw nrrd", "png, checksums sound"];
const COMPRESSED = [".5", ".4.80", ".4.90"];

interface Seed {
  readonly file: string;
  readonly bytes: Uint8Array;
  /** What is done to the bytes after they were damaged. */
  readonly pack?: (damaged: Uint8Array) => Uint8Array;
}

const seeds = new Map<string, Seed>();

beforeAll(async () => {
  await dcmjs.NativeCodecs.initializeAsync();
  const [slice] = writeDicomSeries(image, "series");
  seeds.set("dicom", { file: "a.dcm", bytes: await bytesOf(slice.content as Uint8Array[]) });
  seeds.set("nifti", { file: "a.nii", bytes: await written("a.nii") });
  seeds.set("nifti.gz", { file: "a.nii.gz", bytes: await written("a.nii.gz") });
  seeds.set("nrrd", { file: "a.nrrd", bytes: await written("a.nrrd") });
  seeds.set("png", { file: "a.png", bytes: await written("a.png", flat) });
  const plain = seeds.get("nifti")!.bytes;
  seeds.set("nifti, then gzipped", {
    file: "a.nii.gz",
    bytes: plain,
    pack: (all) => gzipSync(all),
  });
  const header = NRRD.replace("2048 2048 1024", `${SIDE} ${SIDE} 2`);
  const voxels = new Uint8Array(image.data.buffer as ArrayBuffer);
  const raw = Buffer.concat([text(`${header}encoding: raw\n\n`), voxels]);
  seeds.set("raw nrrd", { file: "a.nrrd", bytes: new Uint8Array(raw) });
  const { bytes } = seeds.get("png")!;
  seeds.set("png, checksums sound", { file: "a.png", bytes, pack: withChecksums });
  for (const syntax of COMPRESSED) {
    seeds.set(syntax, { file: "a.dcm", bytes: compressedSlice(syntax) });
  }
});

/** Through both doors where a file may be DICOM. */
async function read(file: string, bytes: Uint8Array): Promise<"value" | "error"> {
  try {
    if (!file.endsWith(".dcm")) {
      await readImage(memorySource(bytes, file));
      return "value";
    }
    const listing = await listDicom(memorySource(bytes, file));
    const entries = listedEntries(listing);
    for (const entry of entries) {
      if (entry.kind === "volume")
        await readVolume(entry, { assumeThicknessMm: 1, secondsPerFrame });
      else if (entry.kind === "slide") await readSlide(entry, { secondsPerFrame });
      else await readImages(entry, { secondsPerFrame });
    }
    return entries.length > 0 ? "value" : "error";
  } catch (error) {
    if (!(error instanceof RoentgenError)) throw error;
    expect(error.message.length).toBeLessThan(1000);
    return "error";
  }
}

async function timed(file: string, bytes: Uint8Array) {
  const start = performance.now();
  const outcome = await read(file, bytes);
  return { outcome, ms: performance.now() - start };
}

describe("A scan damaged at random gives a value or an error in words", () => {
  it.each([...PLAIN, ...WITHIN, ...COMPRESSED])("%s", { timeout: 3_600_000 }, async (name) => {
    const { file, bytes, pack = (all: Uint8Array) => all } = seeds.get(name)!;
    expect(await read(file, pack(bytes))).toBe("value");
    const before = process.memoryUsage().rss;
    const counts = { value: 0, error: 0 };
    let [slowest, largest] = [0, 0];
    const changes = fc.array(mutation, { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(changes, async (list) => {
      const { outcome, ms } = await timed(file, pack(mutate(bytes, list)));
      counts[outcome] += 1;
      slowest = Math.max(slowest, ms);
      largest = Math.max(largest, process.memoryUsage().rss - before);
      expect(ms).toBeLessThan(SLOWEST_MS);
    });
    // Not shrunk: each step could take as long as the slowest, and four changes are few enough to read.
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
    expect(largest).toBeLessThan(MOST_GROWTH);
    expect(counts.error).toBeGreaterThan(0);
    if (!process.env.FUZZ_RUNS) return;
    const mebibytes = Math.round(largest / 2 ** 20);
    console.log(name, counts, `slowest ${slowest.toFixed(0)} ms, ${mebibytes} MiB`);
  });
});

function nifti(lengths: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(352);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, 348, true);
  [lengths.length, ...lengths].forEach((length, at) => {
    view.setInt16(40 + 2 * at, length, true);
  });
  view.setInt16(70, 4, true);
  view.setInt16(72, 16, true);
  view.setFloat32(108, 352, true);
  bytes.set(new TextEncoder().encode("n+1\0"), 344);
  return bytes;
}

const text = (words: string) => new TextEncoder().encode(words);
const NRRD = "NRRD0004\ntype: short\ndimension: 3\nsizes: 2048 2048 1024\nendian: little\n";

describe("A small file that claims much is refused at once", () => {
  it.each<[string, string, () => Uint8Array]>([
    ["NIfTI of 8 GB", "a.nii", () => nifti([2048, 2048, 1024])],
    ["gzipped NIfTI of 8 GB", "a.nii.gz", () => gzipSync(nifti([2048, 2048, 1024]))],
    [
      "NIfTI whose gzip unpacks to 64 MB of 8 GB",
      "a.nii.gz",
      () => gzipSync(Buffer.concat([nifti([2048, 2048, 1024]), Buffer.alloc(2 ** 26)])),
    ],
    ["raw NRRD of 8 GB", "a.nrrd", () => text(`${NRRD}encoding: raw\n\n`)],
    [
      "gzipped NRRD of 8 GB",
      "a.nrrd",
      () => Buffer.concat([text(`${NRRD}encoding: gzip\n\n`), gzipSync(Buffer.alloc(2 ** 20))]),
    ],
    ["PNG of 65,535 × 65,535", "a.png", () => png(65_535, 65_535)],
  ])("%s", async (_, file, make) => {
    const before = process.memoryUsage().rss;
    const { outcome, ms } = await timed(file, make());
    expect(outcome).toBe("error");
    expect(ms).toBeLessThan(2000);
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 29);
  });

  it("a compressed slice whose data set claims 65,535 × 65,535", async () => {
    for (const syntax of COMPRESSED) {
      const bytes = seeds.get(syntax)!.bytes.slice();
      for (const tag of [0x10, 0x11]) {
        const at = Buffer.from(bytes).indexOf(Buffer.from([0x28, 0, tag, 0, 0x55, 0x53, 2, 0]));
        bytes.set([0xff, 0xff], at + 8);
      }
      const { outcome, ms } = await timed("a.dcm", bytes);
      expect(outcome).toBe("error");
      expect(ms).toBeLessThan(2000);
    }
  });
});

/** A damaged PNG whose chunks, as far as they can be told apart, have the checksums of what they hold. */
function withChecksums(damaged: Uint8Array): Uint8Array {
  const bytes = Buffer.from(damaged);
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at);
    if (end + 4 > bytes.length) break;
    bytes.writeUInt32BE(crc32(bytes.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return bytes;
}

/** A grey picture that has the bytes of one row at most. */
function png(width: number, height: number): Uint8Array {
  const chunk = (kind: string, body: Uint8Array) => {
    const bytes = Buffer.alloc(12 + body.length);
    bytes.writeUInt32BE(body.length, 0);
    bytes.write(kind, 4, "latin1");
    bytes.set(body, 8);
    return bytes;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  const mark = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
  const pixels = deflateSync(Buffer.alloc(1000));
  return Buffer.concat([mark, chunk("IHDR", head), chunk("IDAT", pixels), chunk("IEND", head)]);
}
