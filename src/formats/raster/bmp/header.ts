// The headers, palette and bit fields of a BMP file (Microsoft: "Bitmap Header Types").

import { damaged, truncated, unsupported } from "../../damage.ts";

export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  /** Bits a pixel: 1, 2, 4, 8, 16, 24 or 32. */
  readonly bits: number;
  readonly compression: "none" | "runs of 8 bits" | "runs of 4 bits";
  /** Where the pixels begin. */
  readonly start: number;
  /** Red, green, blue after each other; empty above 8 bits. */
  readonly palette: Uint8Array;
  /** Bits of red, green, blue and opacity in a pixel of 16 bits and more; 0 for none. */
  readonly masks: readonly [number, number, number, number];
  /** Of a printer or screen; nothing about a patient. */
  readonly pixelsPerMetre?: readonly [number, number];
}

const fileHeaderBytes = 14;
const COMPRESSIONS = ["none", "runs of 8 bits", "runs of 4 bits"] as const;
const BITFIELDS = 3;
const ALPHA_BITFIELDS = 6;

/** @throws RoentgenError "file-corrupt", "file-truncated", "format-unsupported" */
export function readBmpHeader(bytes: Uint8Array, name: string): BmpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes[0] !== 0x42 || bytes[1] !== 0x4d) {
    throw damaged(name, { expected: "BM, the mark of a BMP file", found: "other bytes" });
  }
  if (bytes.length < fileHeaderBytes + 12) throw tooShort(name, bytes.length);
  const infoBytes = view.getUint32(14, true);
  if (fileHeaderBytes + infoBytes > bytes.length) throw tooShort(name, bytes.length);
  if (infoBytes === 12) return coreHeader(view, bytes, name);
  if (infoBytes < 40)
    throw damaged(name, {
      expected: "a header of 12, or 40 bytes and more",
      found: `${infoBytes}`,
    });
  const [width, height] = [view.getInt32(18, true), view.getInt32(22, true)];
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  const masks = readMasks(view, infoBytes, bits, compression, name);
  const afterMasks = infoBytes === 40 ? maskBytes(compression) : 0;
  const palette = readPalette(bytes, fileHeaderBytes + infoBytes + afterMasks, bits, {
    entry: 4,
    count: view.getUint32(46, true),
  });
  return checked(
    {
      ...{ width, height: Math.abs(height), topDown: height < 0, bits, masks, palette },
      compression: compressionOf(compression, bits, name),
      start: view.getUint32(10, true),
      pixelsPerMetre: [view.getInt32(38, true), view.getInt32(42, true)],
    },
    name,
  );
}

function tooShort(name: string, found: number) {
  return truncated(name, { expected: "the headers of a BMP file", found: `${found} bytes` });
}

/** Of OS/2 and Windows 2: 16-bit sizes, palette entries of three bytes. */
function coreHeader(view: DataView, bytes: Uint8Array, name: string): BmpHeader {
  const bits = view.getUint16(24, true);
  const header: BmpHeader = {
    width: view.getUint16(18, true),
    height: view.getUint16(20, true),
    topDown: false,
    bits,
    compression: "none",
    start: view.getUint32(10, true),
    palette: readPalette(bytes, fileHeaderBytes + 12, bits, { entry: 3, count: 0 }),
    masks: usualMasks(bits),
  };
  return checked(header, name);
}

function checked(header: BmpHeader, name: string): BmpHeader {
  const { width, height, bits } = header;
  if (width > 0 && height > 0 && [1, 2, 4, 8, 16, 24, 32].includes(bits)) return header;
  throw damaged(name, {
    expected: "a size above 0 and 1, 2, 4, 8, 16, 24 or 32 bits a pixel",
    found: `${width} × ${height}, ${bits} bits`,
  });
}

function maskBytes(compression: number): number {
  if (compression === ALPHA_BITFIELDS) return 16;
  return compression === BITFIELDS ? 12 : 0;
}

/** Red, green and blue of 5 bits each in 16; the fourth byte of 32 is left out. */
function usualMasks(bits: number): BmpHeader["masks"] {
  return bits === 16 ? [0x7c00, 0x3e0, 0x1f, 0] : [0xff0000, 0xff00, 0xff, 0];
}

function readMasks(
  view: DataView,
  infoBytes: number,
  bits: number,
  compression: number,
  name: string,
): BmpHeader["masks"] {
  if (compression !== BITFIELDS && compression !== ALPHA_BITFIELDS) return usualMasks(bits);
  const end = 54 + maskBytes(compression);
  if (view.byteLength < end) throw tooShort(name, view.byteLength);
  const mask = (at: number) => view.getUint32(54 + 4 * at, true);
  const hasOpacity = compression === ALPHA_BITFIELDS || infoBytes >= 56;
  const masks = [mask(0), mask(1), mask(2), hasOpacity ? mask(3) : 0] as const;
  const areRuns = masks.every((one) => one === 0 || isRun(one));
  if ((bits === 16 || bits === 32) && areRuns) return masks;
  throw damaged(name, { expected: "bit fields that are one run each", found: masks.join(", ") });
}

/** Whether the bits that are set are neighbours. */
function isRun(mask: number): boolean {
  const bits = mask >>> (31 - Math.clz32(mask & -mask));
  return bits === 0xffffffff || ((bits + 1) & bits) === 0;
}

function compressionOf(code: number, bits: number, name: string): BmpHeader["compression"] {
  if (code === BITFIELDS || code === ALPHA_BITFIELDS) return "none";
  const found = COMPRESSIONS[code];
  const fits = code === 0 || (code === 1 && bits === 8) || (code === 2 && bits === 4);
  if (found && fits) return found;
  throw unsupported(name, {
    expected: "pixels as they are, runs or bit fields",
    found:
      code === 4
        ? "a JPEG inside"
        : code === 5
          ? "a PNG inside"
          : `compression ${code} of ${bits} bits`,
  });
}

/** As many entries as told and there are; blue comes first in the file. */
function readPalette(
  bytes: Uint8Array,
  start: number,
  bits: number,
  { entry, count }: { entry: 3 | 4; count: number },
): Uint8Array {
  if (bits > 8) return new Uint8Array();
  const told = count > 0 ? Math.min(count, 2 ** bits) : 2 ** bits;
  const entries = Math.max(0, Math.min(told, Math.floor((bytes.length - start) / entry)));
  const palette = new Uint8Array(3 * entries);
  for (let at = 0; at < entries; at++) {
    for (let colour = 0; colour < 3; colour++) {
      palette[3 * at + colour] = bytes[start + entry * at + 2 - colour];
    }
  }
  return palette;
}
