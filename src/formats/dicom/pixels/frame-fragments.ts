// Which fragments make which frame of encapsulated pixel data (PS3.5 A.4; PS3.3 C.7.6.3.1.8).

import type { ByteSource } from "../../../base/index.ts";
import { damaged } from "../../damage.ts";
import type { FragmentsElement } from "../data-set/data-set.ts";
import { transferSyntax } from "../data-set/transfer-syntaxes.ts";
import type { PixelDescription } from "./description.ts";

/** Where bytes of a frame are in the file. */
export interface Piece {
  readonly offset: number;
  readonly length: number;
}

/** The pieces of each frame, in the order of frames. */
export type FrameTable = readonly (readonly Piece[])[];

/**
 * Finds the pieces of every frame: by the extended offset table, by the basic one, by counting fragments,
 * or, where none of these fits, by the markers that codestreams begin with.
 * @throws RoentgenError "file-corrupt" where frames and fragments can't be brought together
 */
export async function frameTable(
  source: ByteSource,
  described: PixelDescription,
): Promise<FrameTable> {
  const { name, frames } = described;
  const { fragments, offsets } = described.element as FragmentsElement;
  if (frames === 1) return [fragments];
  const table =
    byExtendedOffsets(described) ??
    byBasicOffsets(fragments, offsets, frames) ??
    byCount(fragments, frames) ??
    (await byMarkers(source, described, fragments));
  if (table) return table;
  throw damaged(name, {
    expected: `${frames} compressed frames`,
    found: `${fragments.length} fragments that can't be told apart by frame (no offset table fits)`,
  });
}

/** Each frame is one fragment, whose length may be odd (PS3.3 C.7.6.3.1.8). */
function byExtendedOffsets(described: PixelDescription): FrameTable | undefined {
  const { extendedOffsets, frames } = described;
  const { fragments } = described.element as FragmentsElement;
  if (extendedOffsets?.offsets.length !== frames || extendedOffsets.lengths.length !== frames)
    return;
  const starts = startsOf(fragments);
  const table = Array.from({ length: frames }, (_, frame) => {
    const at = starts.get(extendedOffsets.offsets[frame]);
    const fragment = at === undefined ? undefined : fragments[at];
    const length = extendedOffsets.lengths[frame];
    return fragment && length > 0 && length <= fragment.length
      ? [{ offset: fragment.offset, length }]
      : [];
  });
  return table.every((pieces) => pieces.length > 0) ? table : undefined;
}

function byBasicOffsets(
  fragments: readonly Piece[],
  offsets: readonly number[],
  frames: number,
): FrameTable | undefined {
  if (offsets.length !== frames) return;
  const starts = startsOf(fragments);
  const firsts = offsets.map((offset) => starts.get(offset) ?? -1);
  const ascending = firsts.every((first, frame) => first > (firsts[frame - 1] ?? -1));
  return ascending && firsts[0] === 0 ? splitAt(fragments, firsts) : undefined;
}

function byCount(fragments: readonly Piece[], frames: number): FrameTable | undefined {
  if (fragments.length === frames) return fragments.map((fragment) => [fragment]);
  // Some writers end with an empty fragment.
  const filled = fragments.filter(({ length }) => length > 0);
  return filled.length === frames ? filled.map((fragment) => [fragment]) : undefined;
}

/** Fragments that begin with a codestream's first marker begin a frame; several frames may share one. */
async function byMarkers(
  source: ByteSource,
  described: PixelDescription,
  fragments: readonly Piece[],
): Promise<FrameTable | undefined> {
  const starts = startsFor(described);
  if (!starts) return;
  if (fragments.length < described.frames) return splitInside(source, described, fragments);
  const firsts: number[] = [];
  for (const [index, { offset, length }] of fragments.entries()) {
    const head = await source.read(offset, Math.min(length, 12));
    if (starts.some((start) => beginsWith(head, 0, start))) firsts.push(index);
  }
  return firsts.length === described.frames && firsts[0] === 0
    ? splitAt(fragments, firsts)
    : undefined;
}

const JPEG = [0xff, 0xd8, 0xff];
const J2K = [0xff, 0x4f, 0xff, 0x51];
const JP2 = [0, 0, 0, 12, 0x6a, 0x50];
const JXL = [0xff, 0x0a];
const JXL_BOXES = [0, 0, 0, 12, 0x4a, 0x58];

/** What codestreams of a transfer syntax begin with. */
function startsFor({ transferSyntax: uid }: PixelDescription): number[][] | undefined {
  switch (transferSyntax(uid)?.codec) {
    case "jpeg":
    case "jpeg-lossless":
    case "jpeg-ls":
      return [JPEG];
    case "jpeg-2000":
    case "htj2k":
      return [J2K, JP2];
    case "jpeg-xl":
      return [JXL, JXL_BOXES];
    default:
      return undefined;
  }
}

/** Several codestreams in one fragment, which the standard forbids: each ends with FF D9 before the next begins. */
async function splitInside(
  source: ByteSource,
  described: PixelDescription,
  fragments: readonly Piece[],
): Promise<FrameTable | undefined> {
  const [start] = startsFor(described) ?? [];
  if (fragments.length !== 1 || !start || start === JXL) return;
  const [whole] = fragments;
  const bytes = await source.read(whole.offset, whole.length);
  const cuts = [0];
  for (let at = 2; at < bytes.length - start.length; at++) {
    if (bytes[at] !== 0xff || !beginsWith(bytes, at, start)) continue;
    const end = bytes[at - 1] === 0 ? at - 1 : at;
    if (bytes[end - 2] === 0xff && bytes[end - 1] === 0xd9) cuts.push(at);
  }
  if (cuts.length !== described.frames) return;
  return cuts.map((cut, frame) => [
    { offset: whole.offset + cut, length: (cuts[frame + 1] ?? whole.length) - cut },
  ]);
}

function beginsWith(bytes: Uint8Array, at: number, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[at + index] === byte);
}

/** Index of a fragment by the place of its item tag, counted from the first item tag. */
function startsOf(fragments: readonly Piece[]): Map<number, number> {
  const first = fragments[0]?.offset ?? 0;
  return new Map(fragments.map(({ offset }, index) => [offset - first, index]));
}

function splitAt(fragments: readonly Piece[], firsts: readonly number[]): FrameTable {
  return firsts.map((first, frame) => fragments.slice(first, firsts[frame + 1]));
}

/** Bytes of a frame, its pieces put together. */
export async function readPieces(
  source: ByteSource,
  pieces: readonly Piece[],
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const { offset, length } of pieces) {
    await source.readInto(offset, bytes.subarray(filled, filled + length));
    filled += length;
  }
  return bytes;
}
