// Whether a description of pixels fits together and into its file, before anything is read or allocated for it.

import { RoentgenError, type VoxelType } from "../../../base/index.ts";
import { truncated } from "../../damage.ts";
import type { DicomFile } from "../data-set/data-set.ts";
import { transferSyntax as syntaxOf } from "../data-set/transfer-syntaxes.ts";
import { text } from "../data-set/values.ts";
import type { PixelDescription } from "./description.ts";
import {
  frameValues,
  isEncapsulated,
  nativeFrameBytes,
  nativeLength,
  sharesChroma,
} from "./frame-size.ts";

/** A frame larger than this is refused: no modality makes one, but a damaged header may ask for it. */
const LARGEST_FRAME_BYTES = 2 ** 31;

/** What is decoded may be this large whatever it is decoded from … */
const HARMLESS_BYTES = 2 ** 28;
/** … and beyond that so many times as large; empty images compress better, but none of that size exist. */
const LARGEST_RATIO = 2000;

/** Refuses what does not fit; notes what is odd. */
export function checkSize(described: PixelDescription): PixelDescription {
  const { name, rows, columns, frames, samples, type } = described;
  const bytes = frameValues(described) * bytesOf(type);
  if (bytes > LARGEST_FRAME_BYTES) {
    throw new RoentgenError("too-large", {
      problem: `Cannot read the pixels of ${name}`,
      expected: `at most ${LARGEST_FRAME_BYTES} bytes a frame`,
      found: `${columns} columns × ${rows} rows × ${samples} samples, which need ${bytes}`,
      subject: name,
    });
  }
  return described.element.kind === "fragments"
    ? checkFragments(described, described.element.fragments)
    : checkNative(described, frames);
}

function bytesOf(type: VoxelType): number {
  return Number(/\d+/.exec(type)![0]) / 8;
}

function checkFragments(
  described: PixelDescription,
  fragments: readonly { readonly length: number }[],
): PixelDescription {
  const { name, frames, transferSyntax, type } = described;
  if (!isEncapsulated(transferSyntax)) {
    throw invalid(name, "a transfer syntax", "compressed frames", transferSyntax);
  }
  const available = fragments.reduce((sum, { length }) => sum + length, 0);
  const bytes = frames * frameValues(described) * bytesOf(type);
  const fits = bytes <= Math.max(HARMLESS_BYTES, available * LARGEST_RATIO);
  if (fits && available >= frames) return described;
  throw truncated(name, {
    expected: `${frames} compressed frames, ${bytes} bytes when decoded`,
    found: `${available} bytes in ${fragments.length} fragments`,
  });
}

function checkNative(described: PixelDescription, frames: number): PixelDescription {
  const { name, rows, columns, samples, bitsAllocated, element, transferSyntax } = described;
  const available = nativeLength(element);
  const needed = Math.ceil(nativeFrameBytes(described) * frames);
  if (isEncapsulated(transferSyntax)) {
    throw invalid(name, "Pixel Data (7FE0,0010)", "compressed fragments", "plain bytes");
  }
  if (available < needed) {
    throw truncated(name, {
      expected: `${needed} bytes of pixels (${frames} × ${rows} rows × ${columns} columns × ${samples} samples of ${bitsAllocated} bits)`,
      found: `${available}`,
    });
  }
  const note = lengthNote(described, available, needed);
  return note ? { ...described, notes: [...described.notes, note] } : described;
}

function lengthNote(described: PixelDescription, available: number, needed: number): string {
  const { samples, photometric } = described;
  if (samples === 3 && photometric.endsWith("_422") && !sharesChroma(described)) {
    return `The pixels are ${photometric} by name, yet every pixel has its own colour; read so.`;
  }
  if (available <= needed + 1) return "";
  return `${available - needed} bytes follow the last frame; they are not read.`;
}

/** An attribute whose value can't be. */
export function invalid(
  name: string,
  label: string,
  expected: string,
  found: unknown,
): RoentgenError {
  return new RoentgenError("value-invalid", {
    problem: `Cannot read the pixels of ${name}`,
    expected: `${label} of ${expected}`,
    found: String(found),
    remedy: "The header is damaged or breaks the standard; export the file again.",
    subject: name,
  });
}

/** A report, a plan, a DICOMDIR. */
export function noPixels({ name, dataSet }: DicomFile): RoentgenError {
  const kind = text(dataSet, 0x00080060);
  return new RoentgenError("value-missing", {
    problem: `${name} holds no image`,
    expected: "Pixel Data (7FE0,0010)",
    found: kind ? `an object of modality ${kind} without it` : "a data set without it",
    subject: name,
  });
}

/** Video, pixels on a server, and syntaxes that nobody knows. */
export function refuseSyntax(name: string, uid: string): void {
  const syntax = syntaxOf(uid);
  const refused = (found: string, remedy: string) =>
    new RoentgenError("format-unsupported", {
      problem: `Cannot read the pixels of ${name}`,
      expected: "still frames in a known transfer syntax",
      found: `${found} (${syntax?.name ?? "transfer syntax"}, ${uid})`,
      remedy,
      subject: name,
    });
  if (!syntax) throw refused("one not known", "Convert it to a standard transfer syntax first.");
  if (syntax.codec === "video") {
    throw refused("video, which is not decoded", "Convert it to multi-frame JPEG first.");
  }
  if (syntax.codec === "remote") {
    throw refused("pixels that are elsewhere", "Fetch the object with its pixels.");
  }
}
