// What a data set says about its pixels (Image Pixel Module, PS3.3 C.7.6.3), checked against the bytes there are.

import { RoentgenError, type VoxelType } from "../../../base/index.ts";
import type { DataSet, DicomFile, Element } from "../data-set/data-set.ts";
import { number, text } from "../data-set/values.ts";
import { checkSize, invalid, noPixels, refuseSyntax } from "./check-pixels.ts";

export { frameValues } from "./frame-size.ts";

/** Where pixels are and how they are stored. Plain data: tests and series loaders may make one of their own. */
export interface PixelDescription {
  /** Path or name of the file, for messages. */
  readonly name: string;
  /** UID that says how pixels are encoded. */
  readonly transferSyntax: string;
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  /** 1 for grey and palette, 3 for colour, 4 for the retired ARGB and CMYK. */
  readonly samples: number;
  /** Photometric Interpretation (0028,0004) as stored: "MONOCHROME2", "RGB", "YBR_FULL_422" … */
  readonly photometric: string;
  /** 0: colour by pixel, 1: colour by plane. */
  readonly planarConfiguration: 0 | 1;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** "float" for Float (7FE0,0008) and Double Float Pixel Data (7FE0,0009). */
  readonly numbers: "integer" | "float";
  /** Element type of the stored values that `readFrames` gives. */
  readonly type: VoxelType;
  readonly littleEndian: boolean;
  /** The element that holds the pixels. */
  readonly element: Element;
  /** Extended Offset Table (7FE0,0001) and lengths (7FE0,0002), where the file has them. */
  readonly extendedOffsets?: { readonly offsets: Float64Array; readonly lengths: Float64Array };
  /** Odd things that are read all the same, as sentences. */
  readonly notes: readonly string[];
}

/** GE's private form: headers little endian, pixels big endian. */
const GE_BIG_ENDIAN = "1.2.840.113619.5.2";

const FLOAT_PIXELS = 0x7fe00008;
const DOUBLE_PIXELS = 0x7fe00009;
const PIXELS = 0x7fe00010;

/** Whether a data set holds pixels at all; a report, a plan or a DICOMDIR does not. */
export function hasPixels({ dataSet }: Pick<DicomFile, "dataSet">): boolean {
  return pixelElement(dataSet) !== undefined;
}

/**
 * Says what the pixels of a file are, having checked that they fit together and into the file.
 * @throws RoentgenError "value-missing" or "value-invalid" naming the attribute, "file-truncated" where
 * there are fewer bytes than rows, columns and frames need, "format-unsupported" for video and
 * transfer syntaxes that are not known, "too-large" for a frame beyond 2 GiB
 */
export function describePixels(file: DicomFile): PixelDescription {
  const { name, dataSet, transferSyntax } = file;
  const element = pixelElement(dataSet);
  refuseSyntax(name, transferSyntax);
  if (!element) throw noPixels(file);
  const notes: string[] = [];
  const whole = (tag: number, label: string, otherwise?: number) =>
    wholeNumber(file, tag, label, otherwise);

  const rows = whole(0x00280010, "Rows (0028,0010)");
  const columns = whole(0x00280011, "Columns (0028,0011)");
  const frames = frameCount(file, notes);
  const samples = whole(0x00280002, "Samples per Pixel (0028,0002)", 1);
  const numbers = element.tag === PIXELS ? "integer" : "float";
  const floatBits = element.tag === FLOAT_PIXELS ? 32 : 64;
  const bitsAllocated =
    numbers === "float" ? floatBits : whole(0x00280100, "Bits Allocated (0028,0100)");
  const bits = storedBits(file, numbers, bitsAllocated, notes);
  const signed = numbers === "float" || number(dataSet, 0x00280103) === 1;
  const photometric = photometricOf(file, samples, notes);
  const planar = samples > 1 ? number(dataSet, 0x00280006) : 0;
  const described: PixelDescription = {
    name,
    transferSyntax,
    rows,
    columns,
    frames,
    samples,
    photometric,
    planarConfiguration: planar === 1 ? 1 : 0,
    bitsAllocated,
    ...bits,
    signed,
    numbers,
    type: storedType({ numbers, bitsAllocated, signed }),
    littleEndian: dataSet.littleEndian && transferSyntax !== GE_BIG_ENDIAN,
    element,
    ...extendedOffsets(dataSet),
    notes,
  };
  return checkSize(described);
}

function pixelElement({ elements }: DataSet): Element | undefined {
  return elements.get(PIXELS) ?? elements.get(FLOAT_PIXELS) ?? elements.get(DOUBLE_PIXELS);
}

function wholeNumber(file: DicomFile, tag: number, label: string, otherwise?: number): number {
  const value = number(file.dataSet, tag) ?? otherwise;
  if (value === undefined) {
    throw new RoentgenError("value-missing", {
      problem: `Cannot read the pixels of ${file.name}`,
      expected: label,
      found: "none in the file",
      subject: file.name,
    });
  }
  if (!Number.isInteger(value) || value < 1) throw invalid(file.name, label, "1 or more", value);
  return value;
}

function frameCount(file: DicomFile, notes: string[]): number {
  const stated = text(file.dataSet, 0x00280008);
  if (stated === undefined) return 1;
  const frames = number(file.dataSet, 0x00280008);
  if (frames === undefined) {
    throw invalid(file.name, "Number of Frames (0028,0008)", "a whole number", stated);
  }
  if (frames === 0) {
    notes.push("Number of Frames (0028,0008) is 0; read as 1.");
    return 1;
  }
  return wholeNumber(file, 0x00280008, "Number of Frames (0028,0008)");
}

function storedBits(
  file: DicomFile,
  numbers: "integer" | "float",
  bitsAllocated: number,
  notes: string[],
): { bitsStored: number; highBit: number } {
  if (numbers === "float") return { bitsStored: bitsAllocated, highBit: bitsAllocated - 1 };
  if (![1, 8, 12, 16, 24, 32, 64].includes(bitsAllocated)) {
    throw invalid(
      file.name,
      "Bits Allocated (0028,0100)",
      "1, 8, 12, 16, 24, 32 or 64",
      bitsAllocated,
    );
  }
  const bitsStored = wholeNumber(file, 0x00280101, "Bits Stored (0028,0101)", bitsAllocated);
  if (bitsStored > bitsAllocated) {
    throw invalid(file.name, "Bits Stored (0028,0101)", `at most ${bitsAllocated}`, bitsStored);
  }
  const highBit = number(file.dataSet, 0x00280102) ?? bitsStored - 1;
  if (highBit >= bitsStored - 1 && highBit < bitsAllocated) return { bitsStored, highBit };
  notes.push(
    `High Bit (0028,0102) is ${highBit}, which ${bitsStored} bits of ${bitsAllocated} cannot have; read as ${bitsStored - 1}.`,
  );
  return { bitsStored, highBit: bitsStored - 1 };
}

function photometricOf({ name, dataSet }: DicomFile, samples: number, notes: string[]): string {
  const stated = text(dataSet, 0x00280004)?.trim().toUpperCase().replaceAll(" ", "_");
  if (stated) return checkSamples(name, stated, samples);
  const assumed = samples === 1 ? "MONOCHROME2" : "RGB";
  notes.push(`Photometric Interpretation (0028,0004) is missing; read as ${assumed}.`);
  return assumed;
}

function checkSamples(name: string, photometric: string, samples: number): string {
  const grey = /^(MONOCHROME[12]|PALETTE_COLOR)$/.test(photometric);
  const four = /^(ARGB|CMYK)$/.test(photometric);
  const three = /^(RGB|HSV|YBR_|XYB)/.test(photometric);
  const expected = grey ? 1 : four ? 4 : three ? 3 : samples;
  if (samples === expected) return photometric.replace("PALETTE_COLOR", "PALETTE COLOR");
  throw invalid(
    name,
    `Samples per Pixel (0028,0002) for ${photometric}`,
    String(expected),
    samples,
  );
}

function storedType(stored: {
  numbers: "integer" | "float";
  bitsAllocated: number;
  signed: boolean;
}): VoxelType {
  const { numbers, bitsAllocated, signed } = stored;
  if (numbers === "float") return bitsAllocated === 32 ? "float32" : "float64";
  if (bitsAllocated <= 8) return signed ? "int8" : "uint8";
  if (bitsAllocated <= 16) return signed ? "int16" : "uint16";
  if (bitsAllocated <= 32) return signed ? "int32" : "uint32";
  // No typed array of this library holds 64-bit integers; those beyond 2^53 are refused when read.
  return "float64";
}

function extendedOffsets({ elements }: DataSet): Pick<PixelDescription, "extendedOffsets"> {
  const offsets = elements.get(0x7fe00001);
  const lengths = elements.get(0x7fe00002);
  if (offsets?.kind !== "value" || lengths?.kind !== "value") return {};
  return { extendedOffsets: { offsets: sizes64(offsets.bytes), lengths: sizes64(lengths.bytes) } };
}

/** 64-bit lengths; encapsulated data sets are always little endian (PS3.5 A.4). */
function sizes64(bytes: Uint8Array): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: Math.floor(bytes.byteLength / 8) }, (_, index) =>
    Number(view.getBigUint64(index * 8, true)),
  );
}
