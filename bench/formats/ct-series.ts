// A CT series as scanners write it: a torso of tissues with correlated noise, 12 bits in 16, intercept −1024.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openWorkerPool } from "#workers";
import { randomStream } from "../../src/base/index.ts";
import { makeDataSet, type PlainDataSet, writeDicom } from "../../src/formats/index.ts";
import encodeHere from "./encode-worker.ts";

const SIDE = 512;
const JPEG_2000_LOSSLESS = "1.2.840.10008.1.2.4.90";

/** What the encoding worker takes: stored values of one slice. */
export interface EncodeTask {
  readonly stored: Uint8Array;
  readonly side: number;
}

/** Stored values of one slice: HU + 1024 from 0 to 4095. */
function ctSlice(slice: number, slices: number): Int16Array {
  const random = randomStream({ seed: 3, purpose: "bench/formats", sample: slice });
  const noise = smoothNoise(random.uniform);
  const stored = new Int16Array(SIDE * SIDE);
  const z = (2 * slice) / slices - 1;
  for (let row = 0, at = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++, at++) {
      const x = (column - SIDE / 2) / (SIDE / 2);
      const y = (row - SIDE / 2) / (SIDE / 2);
      const hu = Math.round(huAt(x, y, z) + noise[at]);
      stored[at] = Math.max(0, Math.min(4095, hu + 1024));
    }
  }
  return stored;
}

/** Air, fat, muscle, lungs that taper, ribs, spine, heart; edges as soft as a detector makes them. */
function huAt(x: number, y: number, z: number): number {
  let hu = -1000;
  hu = into(hu, -100, disc(x, y, 0, 0, 0.86, 0.62));
  hu = into(hu, 50, disc(x, y, 0, 0, 0.78, 0.54));
  const size = 0.3 * Math.sqrt(Math.max(0.02, 1 - z * z));
  const vessels = 120 * Math.max(0, Math.sin(31 * x + 5 * z) * Math.sin(27 * y - 7 * z) - 0.6);
  for (const side of [-1, 1]) {
    hu = into(hu, -850 + vessels, disc(x, y, side * 0.38, -0.05, size, size * 1.3));
  }
  hu = into(hu, 180, disc(x, y, 0.1, -0.12, 0.22, 0.2));
  hu = into(hu, 400, disc(x, y, 0, 0.36, 0.1, 0.1));
  hu = into(hu, 20, disc(x, y, 0, 0.4, 0.035, 0.03));
  const ring = Math.abs(Math.hypot(x / 0.72, y / 0.49) - 1);
  const rib = Math.sin(9 * Math.atan2(y, x) + 20 * z) > 0.5 ? 1 - ring * 30 : 0;
  return into(hu, 500, Math.max(0, rib));
}

const into = (from: number, to: number, share: number) => from + share * (to - from);

/** 1 within an ellipse, 0 outside, a slope of some pixels between. */
function disc(x: number, y: number, cx: number, cy: number, a: number, b: number): number {
  const inside = (1 - Math.hypot((x - cx) / a, (y - cy) / b)) * Math.min(a, b);
  return Math.max(0, Math.min(1, 0.5 + inside * 150));
}

/** Of 15 HU or so, correlated between neighbours as a soft reconstruction kernel leaves it. */
function smoothNoise(uniform: () => number): Float32Array {
  const white = Float32Array.from(
    { length: SIDE * SIDE },
    () => 78 * (uniform() + uniform() + uniform() - 1.5),
  );
  for (const step of [1, SIDE]) {
    for (let at = white.length - 1; at >= step; at--)
      white[at] = (white[at] + white[at - step]) / 2;
  }
  return white;
}

interface SeriesFolders {
  readonly plain: string;
  /** As 16 bits with sign, which slope and intercept might lead out of. */
  readonly signed: string;
  readonly packed: string;
}

/** Writes a series uncompressed in two forms and in JPEG 2000; returns the ratio of compression. */
export async function writeCtSeries(folders: SeriesFolders, slices: number) {
  const pool = openWorkerPool("./encode-worker", import.meta.url, { here: encodeHere });
  let [plainBytes, packedBytes] = [0, 0];
  const writeSlice = async (slice: number) => {
    const values = ctSlice(slice, slices);
    const stored = new Uint8Array(values.buffer);
    const name = fileName(slice, slices);
    writeFileSync(join(folders.plain, name), Buffer.concat(plainFile(slice, stored)));
    writeFileSync(join(folders.signed, name), Buffer.concat(signedFile(slice, stored)));
    const encoded = await pool.run<EncodeTask, Uint8Array>({ stored, side: SIDE });
    const frames = [[encoded]];
    const packed = writeDicom(dataSetOf(slice), { transferSyntax: JPEG_2000_LOSSLESS, frames });
    writeFileSync(join(folders.packed, name), Buffer.concat(packed));
    plainBytes += stored.length;
    packedBytes += encoded.length;
  };
  for (let start = 0; start < slices; start += 8) {
    const few = Array.from({ length: Math.min(8, slices - start) }, (_, at) => start + at);
    await Promise.all(few.map(writeSlice));
  }
  await pool.close();
  return plainBytes / packedBytes;
}

/** Writes slices of many series to a folder, pixels small: for listing. */
export function writeManyHeaders(folder: string, count: number, side: number): void {
  const stored = new Uint8Array(2 * side * side);
  for (let at = 0; at < count; at++) {
    const content = Buffer.concat(plainFile(at % 200, stored, Math.floor(at / 200), side));
    writeFileSync(join(folder, fileName(at, count)), content);
  }
}

/** Names in another order than that of the slices, as archives give them. */
function fileName(slice: number, slices: number): string {
  return `IM${String((slice * 7919) % slices).padStart(6, "0")}`;
}

function signedFile(slice: number, stored: Uint8Array): Uint8Array[] {
  const bits = { BitsStored: 16, HighBit: 15, PixelRepresentation: 1 };
  return writeDicom(dataSetOf(slice, 0, SIDE, stored, bits));
}

function plainFile(slice: number, stored: Uint8Array, series = 0, side = SIDE): Uint8Array[] {
  return writeDicom(dataSetOf(slice, series, side, stored));
}

function dataSetOf(
  slice: number,
  series = 0,
  side = SIDE,
  pixels?: Uint8Array,
  others: PlainDataSet = {},
) {
  const attributes: PlainDataSet = {
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
    SOPInstanceUID: `2.25.7.${series}.${slice + 1}`,
    StudyInstanceUID: "2.25.7",
    SeriesInstanceUID: `2.25.7.${series}`,
    FrameOfReferenceUID: "2.25.7.0.0",
    ImageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
    StudyDate: "20260102",
    StudyTime: "101112",
    AcquisitionTime: "101200",
    Modality: "CT",
    Manufacturer: "Maker",
    StudyDescription: "Chest and abdomen",
    SeriesDescription: "Portal venous 1 mm",
    ManufacturerModelName: "Scanner",
    PatientName: "Phantom^Torso",
    PatientID: "P1",
    PatientSex: "O",
    PatientBirthDate: "19700101",
    BodyPartExamined: "CHEST",
    SliceThickness: 1,
    KVP: 120,
    ProtocolName: "Chest",
    ConvolutionKernel: "B30f",
    GantryDetectorTilt: 0,
    PatientPosition: "HFS",
    SeriesNumber: series + 1,
    InstanceNumber: slice + 1,
    ImagePositionPatient: [-180, -180, slice],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    Rows: side,
    Columns: side,
    PixelSpacing: [360 / side, 360 / side],
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    WindowCenter: 40,
    WindowWidth: 400,
    RescaleIntercept: -1024,
    RescaleSlope: 1,
    RescaleType: "HU",
    ...(pixels && { PixelData: pixels }),
    ...others,
  };
  return makeDataSet(attributes);
}
