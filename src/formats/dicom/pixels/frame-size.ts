// How large frames are: in values, and in bytes where they are not compressed.

import type { Element } from "../data-set/data-set.ts";
import { transferSyntax } from "../data-set/transfer-syntaxes.ts";
import type { PixelDescription } from "./description.ts";

/** Bytes of one frame that is not compressed; a fraction for frames of single bits that share a byte. */
export function nativeFrameBytes(described: PixelDescription): number {
  return (
    (described.rows * described.columns * storedSamples(described) * described.bitsAllocated) / 8
  );
}

/** Values of one frame as `readFrames` gives them: rows · columns · samples. */
export function frameValues({
  rows,
  columns,
  samples,
}: Pick<PixelDescription, "rows" | "columns" | "samples">): number {
  return rows * columns * samples;
}

/** Whether two pixels share their colour values in native data (PS3.3 C.7.6.3.1.2). */
export function sharesChroma(described: PixelDescription): boolean {
  return (
    described.samples === 3 &&
    /^YBR_(FULL|PARTIAL)_422$/.test(described.photometric) &&
    !isEncapsulated(described.transferSyntax) &&
    !holdsWholeColour(described)
  );
}

function storedSamples(described: PixelDescription): number {
  return sharesChroma(described) ? 2 : described.samples;
}

/** Some writers say 422 and store every colour value; the length tells. */
function holdsWholeColour(described: PixelDescription): boolean {
  const { rows, columns, frames, bitsAllocated } = described;
  return nativeLength(described.element) >= (rows * columns * 3 * frames * bitsAllocated) / 8;
}

/** Whether pixels lie in fragments (PS3.5 A.4). */
export function isEncapsulated(uid: string): boolean {
  return transferSyntax(uid)?.encapsulated ?? false;
}

/** Bytes of an element that is not in fragments. */
export function nativeLength(element: Element): number {
  if (element.kind === "value") return element.bytes.byteLength;
  return element.kind === "left" ? element.length : 0;
}
