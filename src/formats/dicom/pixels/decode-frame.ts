// One compressed frame to stored values: checks its codestream, decodes, and lays the samples out.

import { makeVoxels, RoentgenError, type VoxelArray, type VoxelType } from "../../../base/index.ts";
import { damaged, unsupported } from "../../damage.ts";
import { inflateInto } from "../../elements/inflater.ts";
import type { CodecFamily } from "../data-set/transfer-syntaxes.ts";
import { type CodestreamHead, jpeg2000Head, jpegHead } from "./codestream.ts";
import { jpegXlSize } from "./jpeg-xl-size.ts";
import { type CompiledFamily, decodeCompiled } from "./native-codecs.ts";
import { decodeRle } from "./rle.ts";
import { unpackFrame } from "./unpack.ts";

/** What of a description a decoder needs; plain data that can go to a worker. */
export interface FrameForm {
  /** File and frame, for messages. */
  readonly name: string;
  readonly codec: CodecFamily;
  readonly transferSyntax: string;
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  readonly photometric: string;
  readonly planarConfiguration: 0 | 1;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  readonly numbers: "integer" | "float";
  readonly type: VoxelType;
}

export interface DecodedFrame {
  /** Photometric interpretation of the values as decoded; JPEG 2000 turns its YBR_ICT and YBR_RCT to RGB. */
  readonly photometric: string;
  /** Where the codestream and the data set disagree, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Decodes a frame into `target` from `offset` on.
 * @throws RoentgenError "file-corrupt" where the codestream is damaged or is of another image than the data
 * set says, "format-unsupported" where no decoder takes it
 */
export async function decodeFrame(
  encoded: Uint8Array,
  form: FrameForm,
  target: VoxelArray,
  offset: number,
  wasm?: string,
): Promise<DecodedFrame> {
  switch (form.codec) {
    case "native":
      return unpackPlain(checkLength(encoded, form), form, target, offset);
    case "rle":
      return unpackRle(encoded, form, target, offset);
    case "deflate":
      return unpackPlain(inflateFrame(encoded, form), form, target, offset);
    case "video":
    case "remote":
      throw unsupported(form.name, { expected: "a still frame", found: form.codec });
    default:
      return decodeWithHead(form.codec, encoded, form, target, offset, wasm);
  }
}

function unpackPlain(
  bytes: Uint8Array,
  form: FrameForm,
  target: VoxelArray,
  offset: number,
): DecodedFrame {
  const planar = form.planarConfiguration === 1;
  const layout = { ...form, littleEndian: true, planar, sharedChroma: false, firstBit: 0 };
  unpackFrame(bytes, layout, target, offset);
  return { photometric: form.photometric, notes: [] };
}

function unpackRle(
  encoded: Uint8Array,
  form: FrameForm,
  target: VoxelArray,
  offset: number,
): DecodedFrame {
  const { name, rows, columns, samples, bitsAllocated } = form;
  const packed = bitsAllocated < 8;
  const bytes = decodeRle(encoded, {
    name,
    pixels: packed ? Math.ceil((rows * columns * samples * bitsAllocated) / 8) : rows * columns,
    samples: packed ? 1 : samples,
    bytesPerSample: Math.ceil(bitsAllocated / 8),
  });
  return unpackPlain(bytes, { ...form, planarConfiguration: 0 }, target, offset);
}

function frameBytes({ rows, columns, samples, bitsAllocated }: FrameForm): number {
  return Math.ceil((rows * columns * samples * bitsAllocated) / 8);
}

function checkLength(bytes: Uint8Array, form: FrameForm): Uint8Array {
  const expected = frameBytes(form);
  if (bytes.byteLength >= expected) return bytes;
  throw damaged(form.name, {
    expected: `${expected} bytes of pixels in the frame`,
    found: `${bytes.byteLength}`,
  });
}

/** PS3.5 A.4.13: a raw deflate stream a frame. */
function inflateFrame(encoded: Uint8Array, form: FrameForm): Uint8Array {
  const bytes = new Uint8Array(frameBytes(form));
  const filled = inflateInto(bytes, encoded, form.name);
  return checkLength(bytes.subarray(0, filled), form);
}

async function decodeWithHead(
  family: CompiledFamily,
  encoded: Uint8Array,
  form: FrameForm,
  target: VoxelArray,
  offset: number,
  wasm?: string,
): Promise<DecodedFrame> {
  const head = checkHead(form, headOf(family, encoded, form));
  const cells = family === "jpeg-xl" ? form : { ...form, ...cellsOf(head) };
  const decoded = await decodeCompiled(family, encoded, cells, wasm).catch((cause) => {
    throw refusal(form, cause);
  });
  const layout = {
    ...form,
    ...storedBits(form, head),
    bitsAllocated: decoded.bitsAllocated,
    littleEndian: true,
    planar: decoded.planar,
    sharedChroma: false,
    firstBit: 0,
  };
  const bytes = checkLength(decoded.bytes, { ...form, bitsAllocated: layout.bitsAllocated });
  unpackFrame(bytes, layout, target, offset);
  return { photometric: decodedPhotometric(form, head), notes: disagreements(form, head) };
}

/** Cells as wide as the codestream needs, whatever the data set allocates. */
function cellsOf({ precision }: CodestreamHead): Pick<FrameForm, "bitsAllocated" | "bitsStored"> {
  return { bitsAllocated: precision <= 8 ? 8 : precision <= 16 ? 16 : 32, bitsStored: precision };
}

function headOf(
  family: CompiledFamily,
  encoded: Uint8Array,
  form: FrameForm,
): CodestreamHead | undefined {
  if (family === "jpeg-2000" || family === "htj2k") return jpeg2000Head(encoded);
  if (family !== "jpeg-xl") return jpegHead(encoded);
  const size = jpegXlSize(encoded);
  // Only the size is read; its decoder gives the cells that it is asked for.
  return size && { ...size, components: form.samples, precision: form.bitsStored, signed: false };
}

function checkHead(form: FrameForm, head: CodestreamHead | undefined): CodestreamHead {
  const { name, codec, rows, columns, samples } = form;
  if (!head) {
    throw damaged(name, { expected: `a ${codec} codestream`, found: "none that begins as one" });
  }
  if (head.precision > makeVoxels(form.type, 0).BYTES_PER_ELEMENT * 8) {
    throw damaged(name, {
      expected: `samples of at most ${form.bitsAllocated} bits, which the data set allocates`,
      found: `${head.precision} in the codestream`,
    });
  }
  const fits = head.rows === rows && head.columns === columns && head.components === samples;
  if (fits) return head;
  const size = (one: { columns: number; rows: number }, components: number) =>
    `${one.columns} × ${one.rows} pixels of ${components} samples`;
  throw damaged(name, {
    expected: `${size(form, samples)} in the codestream, as the data set says`,
    found: size(head, head.components),
  });
}

/**
 * The bits that count in decoded cells. Where the codestream has fewer than Bits Stored it is right (it has
 * no others); signed samples of JPEG 2000 need no sign extension.
 */
function storedBits(
  form: FrameForm,
  head: CodestreamHead,
): Pick<FrameForm, "bitsStored" | "highBit"> {
  const whole = makeVoxels(form.type, 0).BYTES_PER_ELEMENT * 8;
  if (head.signed || !form.signed) return { bitsStored: whole, highBit: whole - 1 };
  const bitsStored = Math.min(head.precision, form.bitsStored);
  return { bitsStored, highBit: bitsStored - 1 };
}

/**
 * What the decoded samples are. JPEG 2000 decoders undo the component transform. A lossy JPEG that is marked
 * (Adobe's segment, component letters, JFIF) is what its mark says, whatever the data set says.
 */
function decodedPhotometric(
  { photometric, codec, samples, transferSyntax }: FrameForm,
  head: CodestreamHead,
): string {
  if (photometric === "XYB" || (transferSyntax === RECOMPRESSED_JPEG && samples === 3))
    return "RGB";
  // Decoders undo the component transform where there is one; where there is none, samples were RGB all along.
  if (/^YBR_(ICT|RCT)$/.test(photometric)) return "RGB";
  if (codec === "jpeg" && samples === 3) return markedSpace(head) ?? wholeChroma(photometric);
  return wholeChroma(photometric);
}

/** JPEG XL that holds a JPEG: its decoder gives the RGB of that JPEG. */
const RECOMPRESSED_JPEG = "1.2.840.10008.1.2.4.111";

const RGB_LETTERS = "82,71,66";

function markedSpace({ transform, jfif, componentIds }: CodestreamHead): string | undefined {
  if (transform === "none") return "RGB";
  if (transform === "ycc") return "YBR_FULL";
  if (componentIds?.join() === RGB_LETTERS) return "RGB";
  return jfif ? "YBR_FULL" : undefined;
}

/** Every pixel has a colour of its own once decoded. */
function wholeChroma(photometric: string): string {
  return photometric === "YBR_FULL_422" ? "YBR_FULL" : photometric;
}

function disagreements(form: FrameForm, head: CodestreamHead): string[] {
  const notes: string[] = [];
  const j2k = form.codec === "jpeg-2000" || form.codec === "htj2k";
  if (j2k && head.signed !== form.signed) {
    notes.push(
      `The codestream holds ${head.signed ? "signed" : "unsigned"} samples, the data set says ${form.signed ? "signed" : "unsigned"} (0028,0103).`,
    );
  }
  if (head.precision !== form.bitsStored) {
    notes.push(
      `The codestream holds samples of ${head.precision} bits, the data set says ${form.bitsStored} (0028,0101).`,
    );
  }
  return notes;
}

function refusal(form: FrameForm, cause: unknown): RoentgenError {
  if (cause instanceof RoentgenError) return cause;
  return damaged(form.name, {
    expected: `a sound ${form.codec} frame`,
    found: `what its decoder refuses (${cause instanceof Error ? cause.message : cause})`,
    cause,
  });
}
