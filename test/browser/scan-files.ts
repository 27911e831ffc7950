// Scans of every format and transfer syntax for a page to read: drawn, encoded and written here, in Node.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import dcmjs from "dcmjs-codecs";
import { type Image, makeImage, patientGeometry } from "../../src/base/index.ts";
import { makeDataSet, writeDicom, writeImage } from "../../src/formats/index.ts";
import {
  COLUMNS,
  KINDS,
  type Kind,
  LOSSLESS,
  LOSSY,
  picture,
  ROWS,
  UID,
} from "../formats/dicom/pixels/encoded-frames.ts";

/** Bytes by the name of their file. */
export type Files = Map<string, Uint8Array>;

/** A frame of every kind of pixel in every transfer syntax, a compressed series, and files of every written format. */
export async function drawnFiles(): Promise<Files> {
  await dcmjs.NativeCodecs.initializeAsync();
  const files: Files = new Map();
  for (const [name, { syntaxes, encode }] of Object.entries(LOSSLESS)) {
    for (const [kind, form] of Object.entries(KINDS)) {
      const frame = encode(picture(form), form);
      for (const syntax of syntaxes)
        files.set(`${name}${syntax}, ${kind}.dcm`, dicomFile(form, { syntax, frame }));
    }
  }
  for (const [syntax, form, encode] of LOSSY) {
    const frame = encode(picture(form), form);
    files.set(`lossy ${syntax}.dcm`, dicomFile(form, { syntax, frame }));
  }
  const form = KINDS["12-bit signed grey"];
  for (let slice = 0; slice < 4; slice++) {
    const frame = LOSSLESS["JPEG 2000"].encode(picture(form, slice + 1), form);
    files.set(`series/${slice}.dcm`, dicomFile(form, { syntax: ".4.90", frame, slice }));
  }
  for (const [path, image] of writtenImages()) {
    for (const { path: name, content } of await writeImage(image, path)) {
      files.set(name, await wholeOf(content));
    }
  }
  return files;
}

function dicomFile(
  kind: Kind,
  { syntax, frame, slice = 0 }: { syntax: string; frame: Uint8Array; slice?: number },
): Uint8Array {
  const dataSet = makeDataSet({
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
    SOPInstanceUID: `2.25.${100 + slice}`,
    StudyInstanceUID: "2.25.1",
    SeriesInstanceUID: "2.25.2",
    Modality: "CT",
    InstanceNumber: slice + 1,
    Rows: ROWS,
    Columns: COLUMNS,
    SamplesPerPixel: kind.samples,
    ...(kind.samples === 3 && { PlanarConfiguration: 0 }),
    PhotometricInterpretation: kind.samples === 3 ? "RGB" : "MONOCHROME2",
    BitsAllocated: kind.bitsAllocated,
    BitsStored: kind.bitsStored,
    HighBit: kind.bitsStored - 1,
    PixelRepresentation: kind.signed ? 1 : 0,
    PixelSpacing: [0.75, 0.5],
    SliceThickness: 2,
    ImagePositionPatient: [-5, 7, 2 * slice],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
  });
  const even = frame.length % 2 === 0 ? frame : Uint8Array.from([...frame, 0]);
  const options = { transferSyntax: UID + syntax, frames: [[even]] };
  return new Uint8Array(Buffer.concat(writeDicom(dataSet, options)));
}

function writtenImages(): [path: string, image: Image][] {
  const geometry = patientGeometry({
    ...{ size: [7, 6, 5] as const, spacing: [1, 1.5, 2], origin: [-3, 4, 5] },
    direction: [0.8, -0.6, 0, 0.6, 0.8, 0, 0, 0, 1],
  });
  const signed = Int16Array.from({ length: 210 }, (_, at) => 37 * at - 3000);
  const along = patientGeometry({ ...geometry, direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] });
  const volume = makeImage({ geometry, data: signed });
  const plane = { frame: "pixels", size: [COLUMNS, ROWS, 1], spacing: undefined } as const;
  const grey = makeImage({ geometry: plane, data: picture(KINDS["16-bit grey"]) });
  const bytes = makeImage({ geometry: plane, data: picture(KINDS["8-bit grey"]) });
  const names = ["a.nii", "a.nii.gz", "a.nrrd", "a.nhdr", "a.mha", "a.mgz"];
  return [
    ...names.map((name): [string, Image] => [name, volume]),
    ["a.gipl", { ...volume, geometry: along }],
    ["a.png", grey],
    ["a.tif", grey],
    ["a8.png", bytes],
    ["a.jpg", bytes],
    ["a.webp", bytes],
  ];
}

async function wholeOf(
  content: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<Uint8Array> {
  if (content instanceof Uint8Array) return content;
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

/** The largest of the shared files that are read. */
const MOST_BYTES = 4 * 2 ** 20;

/** Files of the shared data below these folders, where they are there. */
export function sharedFiles(root: string, folders: readonly string[]): Files {
  const files: Files = new Map();
  for (const folder of folders.filter((one) => existsSync(join(root, one)))) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
      const path = join(root, folder, name);
      const facts = statSync(path);
      if (!facts.isFile() || facts.size > MOST_BYTES || name.endsWith("LICENSE")) continue;
      files.set(`${folder}/${name}`, new Uint8Array(readFileSync(path)));
    }
  }
  return files;
}
