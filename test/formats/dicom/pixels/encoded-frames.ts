// Frames of every kind of pixel, and encoders for every transfer syntax: those of dcmjs-codecs and plain ones of our
// own. Whoever encodes calls `NativeCodecs.initializeAsync` first.

import dcmjs from "dcmjs-codecs";
import { deflateSync } from "fflate";
import { makeVoxels, type VoxelArray } from "../../../../src/base/index.ts";

const { Context, NativeCodecs } = dcmjs;
/** What the transfer syntaxes of compressed frames begin with. */
export const UID = "1.2.840.10008.1.2";

export interface Kind {
  bitsAllocated: 8 | 16;
  bitsStored: number;
  signed: boolean;
  samples: 1 | 3;
}

export const KINDS: Record<string, Kind> = {
  "8-bit grey": { bitsAllocated: 8, bitsStored: 8, signed: false, samples: 1 },
  "12-bit grey": { bitsAllocated: 16, bitsStored: 12, signed: false, samples: 1 },
  "16-bit grey": { bitsAllocated: 16, bitsStored: 16, signed: false, samples: 1 },
  "16-bit signed grey": { bitsAllocated: 16, bitsStored: 16, signed: true, samples: 1 },
  "12-bit signed grey": { bitsAllocated: 16, bitsStored: 12, signed: true, samples: 1 },
  "8-bit colour": { bitsAllocated: 8, bitsStored: 8, signed: false, samples: 3 },
};

export const ROWS = 24;
export const COLUMNS = 20;

/** A slope with a rough surface, over the whole range of the bits stored. */
export function picture(
  { bitsAllocated, bitsStored, signed, samples }: Kind,
  seed = 1,
): VoxelArray {
  const type = `${signed ? "" : "u"}int${bitsAllocated}` as "int16" | "uint16" | "uint8";
  const values = makeVoxels(type, ROWS * COLUMNS * samples);
  const span = 2 ** bitsStored;
  const low = signed ? -span / 2 : 0;
  let state = seed;
  for (let at = 0; at < values.length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const noise = (state >>> 16) / 65_536;
    values[at] = low + Math.min(span - 1, Math.floor((at / values.length + noise / 50) * span));
  }
  values[0] = low;
  values[values.length - 1] = low + span - 1;
  return values;
}

type Encode = (values: VoxelArray, kind: Kind) => Uint8Array;

/** Pixels as the encoders of dcmjs-codecs take them. */
export function context(values: VoxelArray, kind: Kind, width = COLUMNS) {
  return new Context({
    width,
    height: values.length / width / kind.samples,
    bitsAllocated: kind.bitsAllocated,
    bitsStored: kind.bitsStored,
    samplesPerPixel: kind.samples,
    pixelRepresentation: kind.signed ? 1 : 0,
    planarConfiguration: 0,
    photometricInterpretation: kind.samples === 3 ? "RGB" : "MONOCHROME2",
    decodedBuffer: new Uint8Array(values.buffer.slice(0) as ArrayBuffer),
  });
}

const bytesOf = (values: VoxelArray) =>
  new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength);

/** Encoders that keep every bit, and the transfer syntaxes of what they give (after `UID`). */
export const LOSSLESS: Record<string, { syntaxes: string[]; encode: Encode }> = {
  "plain bytes": { syntaxes: [".1.98"], encode: bytesOf },
  deflate: { syntaxes: [".8.1"], encode: (values) => deflateSync(bytesOf(values)) },
  RLE: {
    syntaxes: [".5"],
    encode: (values, kind) => NativeCodecs.encodeRle(context(values, kind)).getEncodedBuffer()!,
  },
  "lossless JPEG": {
    syntaxes: [".4.57", ".4.70"],
    encode: (values, kind) =>
      NativeCodecs.encodeJpeg(context(values, kind), { lossy: false }).getEncodedBuffer()!,
  },
  "JPEG-LS": {
    syntaxes: [".4.80", ".4.81"],
    encode: (values, kind) =>
      NativeCodecs.encodeJpegLs(context(values, kind), { lossy: false }).getEncodedBuffer()!,
  },
  "JPEG 2000": {
    syntaxes: [".4.90", ".4.91", ".4.92", ".4.93"],
    encode: (values, kind) =>
      NativeCodecs.encodeJpeg2000(context(values, kind), { lossy: false }).getEncodedBuffer()!,
  },
  HTJ2K: {
    syntaxes: [".4.201", ".4.202", ".4.203"],
    encode: (values, kind) =>
      NativeCodecs.encodeHtJpeg2000(context(values, kind), { lossy: false }).getEncodedBuffer()!,
  },
  "JPEG XL": {
    syntaxes: [".4.110", ".4.112"],
    encode: (values, kind) =>
      NativeCodecs.encodeJpegXl(context(values, kind), { lossy: false }).getEncodedBuffer()!,
  },
};

/** Encoders that change values a little, by transfer syntax (after `UID`). */
export const LOSSY: readonly (readonly [syntax: string, kind: Kind, encode: Encode])[] = [
  [
    ".4.50",
    KINDS["8-bit grey"],
    (values, kind) =>
      encodedBy(NativeCodecs.encodeJpeg(context(values, kind), { lossy: true, quality: 95 })),
  ],
  [
    ".4.81",
    KINDS["12-bit grey"],
    (values, kind) =>
      encodedBy(
        NativeCodecs.encodeJpegLs(context(values, kind), { lossy: true, allowedLossyError: 3 }),
      ),
  ],
  [
    ".4.91",
    KINDS["8-bit grey"],
    (values, kind) =>
      encodedBy(NativeCodecs.encodeJpeg2000(context(values, kind), { lossy: true, rate: 2 })),
  ],
  [
    ".4.203",
    KINDS["8-bit grey"],
    (values, kind) =>
      encodedBy(NativeCodecs.encodeHtJpeg2000(context(values, kind), { lossy: true })),
  ],
  [
    ".4.112",
    KINDS["8-bit grey"],
    (values, kind) => encodedBy(NativeCodecs.encodeJpegXl(context(values, kind), { lossy: true })),
  ],
];

function encodedBy(done: { getEncodedBuffer(): Uint8Array | undefined }): Uint8Array {
  return done.getEncodedBuffer()!;
}
