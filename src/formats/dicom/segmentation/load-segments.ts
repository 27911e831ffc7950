// The voxels of a segmentation out of its frames (PS3.3 C.8.20): a label map, or a channel a segment where they overlap
// or are fractions.

import {
  type ByteSource,
  type ChannelAxis,
  makeVoxels,
  RoentgenError,
  type Triple,
  throwIfCancelled,
  type VoxelArray,
  type VoxelType,
  type WorkOptions,
} from "../../../base/index.ts";
import type { DicomFile } from "../data-set/data-set.ts";
import { number, text } from "../data-set/values.ts";
import { type FramesOptions, readFrames } from "../pixels/frames.ts";
import type { SegmentFrame } from "../series/volume-entry.ts";

/** How frames are decoded. */
export type SegmentDecoding = Pick<
  FramesOptions,
  "signal" | "secondsPerFrame" | "webAssemblyModulePathOrUrl"
>;

/** What is loaded, and the grid that its frames lie in. */
export interface SegmentsToLoad extends Pick<WorkOptions, "onProgress"> {
  readonly decoding: SegmentDecoding;
  readonly source: ByteSource;
  readonly file: DicomFile;
  readonly frames: readonly SegmentFrame[];
  /** Columns, rows and slices of the whole. */
  readonly size: Triple;
  /** What the result may take. */
  readonly mostBytes: number;
}

export interface LoadedSegments {
  readonly data: VoxelArray;
  /** The segments' axis where each has a channel of its own. */
  readonly channels: readonly ChannelAxis[];
  /** What belongs to no segment. */
  readonly background: number;
  readonly note: string;
}

interface Loading extends SegmentsToLoad {
  readonly voxels: number;
  /** Columns and rows of a frame. */
  readonly tile: readonly [number, number];
  /** Segment numbers of the frames, ascending. */
  readonly numbers: readonly number[];
}

/** @throws RoentgenError "value-invalid" for a fractional one without Maximum Fractional Value, "too-large" */
export async function loadSegments(asked: SegmentsToLoad): Promise<LoadedSegments> {
  const { file, frames, size } = asked;
  const loading: Loading = {
    ...asked,
    voxels: size[0] * size[1] * size[2],
    tile: [number(file.dataSet, "Columns") ?? 0, number(file.dataSet, "Rows") ?? 0],
    numbers: [...new Set(frames.map(({ segment }) => segment))].sort((a, b) => a - b),
  };
  const kind = text(file.dataSet, "SegmentationType");
  if (kind === "LABELMAP") return labelMap(loading);
  if (kind === "FRACTIONAL") return fractions(loading);
  return (await mergedSegments(loading)) ?? separateSegments(loading);
}

async function labelMap(loading: Loading): Promise<LoadedSegments> {
  const { file, voxels } = loading;
  const wide = (number(file.dataSet, "BitsAllocated") ?? 8) > 8;
  const data = room(wide ? "uint16" : "uint8", voxels, loading);
  // Pixel Padding Value is what voxels without a frame have (PS3.3 C.8.20.2).
  const background = number(file.dataSet, "PixelPaddingValue") ?? 0;
  data.fill(background);
  await eachRun(loading, (run, { start }) => data.set(run, start));
  const note = `A label map of the file; what it leaves out is ${background}.`;
  return { data, channels: [], background, note };
}

async function fractions(loading: Loading): Promise<LoadedSegments> {
  const { file, voxels, numbers } = loading;
  const most = number(file.dataSet, "MaximumFractionalValue");
  if (!most || most < 0) {
    throw new RoentgenError("value-invalid", {
      problem: `Cannot scale the fractions of ${file.name}`,
      expected: "a Maximum Fractional Value (0062,000E) above 0",
      found: most === undefined ? "none" : `${most}`,
      subject: file.name,
    });
  }
  const data = room("float32", voxels * numbers.length, loading);
  await eachRun(loading, (run, { start, segment }) => {
    const to = numbers.indexOf(segment) * voxels + start;
    for (let at = 0; at < run.length; at++) data[to + at] = run[at] / most;
  });
  const meaning = (text(file.dataSet, "SegmentationFractionalType") ?? "fraction").toLowerCase();
  const note = `Values are ${meaning} from 0 to 1; what is left out is 0.`;
  return { data, channels: [segmentAxis(numbers)], background: 0, note };
}

/** One label a voxel; undefined where two segments share a voxel. */
async function mergedSegments(loading: Loading): Promise<LoadedSegments | undefined> {
  const { voxels, numbers } = loading;
  const data = room(numbers.some((of) => of > 255) ? "uint16" : "uint8", voxels, loading);
  let overlaps = false;
  await eachRun(loading, (run, { start, segment }) => {
    for (let at = 0; at < run.length && !overlaps; at++) {
      if (run[at] === 0) continue;
      const there = data[start + at];
      if (there !== 0 && there !== segment) overlaps = true;
      data[start + at] = segment;
    }
    return !overlaps;
  });
  if (overlaps) return undefined;
  const note = "Segments do not overlap: values are segment numbers, 0 is none.";
  return { data, channels: [], background: 0, note };
}

async function separateSegments(loading: Loading): Promise<LoadedSegments> {
  const { voxels, numbers } = loading;
  const data = room("uint8", voxels * numbers.length, loading);
  await eachRun(loading, (run, { start, segment }) => {
    const to = numbers.indexOf(segment) * voxels + start;
    for (let at = 0; at < run.length; at++) if (run[at] !== 0) data[to + at] = 1;
  });
  const note = "Segments overlap: each has a channel of its own.";
  return { data, channels: [segmentAxis(numbers)], background: 0, note };
}

function segmentAxis(values: readonly number[]): ChannelAxis {
  return { name: "segment", size: values.length, values };
}

function room(type: VoxelType, length: number, { mostBytes, file }: Loading): VoxelArray {
  const bytes = length * makeVoxels(type, 0).BYTES_PER_ELEMENT;
  if (bytes <= mostBytes) return makeVoxels(type, length);
  throw new RoentgenError("too-large", {
    problem: "Cannot load the segmentation",
    expected: `at most ${mostBytes} bytes`,
    found: `${bytes} bytes`,
    subject: file.name,
  });
}

/** Frames decoded together; bounds the memory beside the result. */
const FRAMES_AT_ONCE = 64;

/** Values of a frame that follow each other in the whole, from index `start` of a segment's own voxels on. */
type UseRun = (
  run: VoxelArray,
  at: { readonly start: number; readonly segment: number },
) => unknown;

/** Stored values of each frame, row by row as far as they lie within the whole, until `use` returns false. */
async function eachRun(loading: Loading, use: UseRun): Promise<void> {
  const { source, file, frames: all, tile, decoding, onProgress } = loading;
  const pixels = tile[0] * tile[1];
  for (let from = 0; from < all.length; from += FRAMES_AT_ONCE) {
    throwIfCancelled(decoding.signal, "Reading a segmentation");
    const some = all.slice(from, from + FRAMES_AT_ONCE);
    const frames = some.map(({ frame }) => frame);
    const { data } = await readFrames(source, file, { ...decoding, frames });
    for (const [at, place] of some.entries()) {
      const values = data.subarray(at * pixels, (at + 1) * pixels);
      if (!placeRows(values, place, { loading, use })) return;
    }
    onProgress?.({
      stage: "Reading frames",
      done: from + some.length,
      total: all.length,
      unit: "frames",
    });
  }
}

function placeRows(
  values: VoxelArray,
  { x, y, slice, segment }: SegmentFrame,
  { loading, use }: { loading: Loading; use: UseRun },
): boolean {
  const { size, tile } = loading;
  const [width, height] = size;
  const columns = Math.min(tile[0], width - x);
  const rows = Math.min(tile[1], height - y);
  for (let row = 0; row < rows; row++) {
    const start = (slice * height + y + row) * width + x;
    const run = values.subarray(row * tile[0], row * tile[0] + columns);
    if (use(run, { start, segment }) === false) return false;
  }
  return true;
}
