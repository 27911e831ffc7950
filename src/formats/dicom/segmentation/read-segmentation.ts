// Loads a segmentation (PS3.3 A.51, C.8.20): a label map, or a channel a segment where they overlap or are fractions.

import {
  type ByteSource,
  makeImage,
  makeVoxels,
  RoentgenError,
  throwIfCancelled,
  type VoxelArray,
  voxelCount,
  type WorkOptions,
} from "../../../base/index.ts";
import type { DicomFile } from "../data-set/data-set.ts";
import { readDicom } from "../data-set/read-dicom.ts";
import { number, text } from "../data-set/values.ts";
import { type FramesOptions, readFrames } from "../pixels/frames.ts";
import { acquisitionOf } from "../series/acquisition.ts";
import type { DicomVolumeImage } from "../series/read-volume.ts";
import type { DicomVolume } from "../series/volume-entry.ts";
import { segmentsOf } from "./segments.ts";

type Decoding = Pick<FramesOptions, "signal" | "secondsPerFrame" | "webAssemblyModulePathOrUrl">;
export type SegmentationReading = Decoding & Pick<WorkOptions, "onProgress">;
type Layout = NonNullable<DicomVolume["segmentation"]>;

interface Loading extends Pick<WorkOptions, "onProgress"> {
  readonly decoding: Decoding;
  readonly source: ByteSource;
  readonly file: DicomFile;
  readonly layout: Layout;
  readonly plane: number;
  readonly voxels: number;
  /** Segment numbers of the frames, ascending. */
  readonly numbers: readonly number[];
}

/** @throws RoentgenError "value-invalid" for a fractional one without Maximum Fractional Value, "too-large" */
export async function readSegmentation(
  source: ByteSource,
  volume: DicomVolume,
  { onProgress, ...decoding }: SegmentationReading = {},
): Promise<DicomVolumeImage> {
  const { segmentation: layout = [], geometry } = volume;
  if (!geometry)
    throw new RoentgenError("value-missing", { problem: "The segmentation has no grid" });
  const file = await readDicom(source);
  const segments = segmentsOf(file.dataSet);
  const loading: Loading = {
    onProgress,
    decoding,
    source,
    file,
    layout,
    plane: geometry.size[0] * geometry.size[1],
    voxels: voxelCount(geometry),
    numbers: [...new Set(layout.map(({ segment }) => segment))].sort((a, b) => a - b),
  };
  const { data, isLayered, note } = await load(loading);
  const values = loading.numbers;
  const channels = isLayered ? [{ name: "segment", size: values.length, values }] : [];
  return {
    image: makeImage({ geometry, data, channels }),
    acquisition: { ...acquisitionOf(file.dataSet), Segments: segments },
    notes: [note],
  };
}

interface Loaded {
  readonly data: VoxelArray;
  readonly isLayered: boolean;
  readonly note: string;
}

async function load(loading: Loading): Promise<Loaded> {
  const kind = text(loading.file.dataSet, "SegmentationType");
  if (kind === "LABELMAP") return labelMap(loading);
  if (kind === "FRACTIONAL") return fractions(loading);
  return (await mergedSegments(loading)) ?? separateSegments(loading);
}

async function labelMap(loading: Loading): Promise<Loaded> {
  const { file, voxels, plane } = loading;
  const wide = (number(file.dataSet, "BitsAllocated") ?? 8) > 8;
  const data = room(wide ? "uint16" : "uint8", voxels);
  // Pixel Padding Value is what voxels without a frame have (PS3.3 C.8.20.2).
  const background = number(file.dataSet, "PixelPaddingValue") ?? 0;
  data.fill(background);
  await eachFrame(loading, (values, { slice }) => data.set(values, slice * plane));
  return {
    data,
    isLayered: false,
    note: `A label map of the file; slices that it leaves out are ${background}.`,
  };
}

async function fractions(loading: Loading): Promise<Loaded> {
  const { file, voxels, plane, numbers } = loading;
  const most = number(file.dataSet, "MaximumFractionalValue");
  if (!most || most < 0) {
    throw new RoentgenError("value-invalid", {
      problem: `Cannot scale the fractions of ${file.name}`,
      expected: "a Maximum Fractional Value (0062,000E) above 0",
      found: most === undefined ? "none" : `${most}`,
      subject: file.name,
    });
  }
  const data = room("float32", voxels * numbers.length);
  await eachFrame(loading, (values, { slice, segment }) => {
    const start = numbers.indexOf(segment) * voxels + slice * plane;
    for (let at = 0; at < plane; at++) data[start + at] = values[at] / most;
  });
  const meaning = (text(file.dataSet, "SegmentationFractionalType") ?? "fraction").toLowerCase();
  return {
    data,
    isLayered: true,
    note: `Values are ${meaning} from 0 to 1; slices left out are 0.`,
  };
}

/** One label a voxel; undefined where two segments share a voxel. */
async function mergedSegments(loading: Loading): Promise<Loaded | undefined> {
  const { voxels, plane, numbers } = loading;
  const data = room(numbers.some((of) => of > 255) ? "uint16" : "uint8", voxels);
  let overlaps = false;
  await eachFrame(loading, (values, { slice, segment }) => {
    const start = slice * plane;
    for (let at = 0; at < plane && !overlaps; at++) {
      if (values[at] === 0) continue;
      const there = data[start + at];
      if (there !== 0 && there !== segment) overlaps = true;
      data[start + at] = segment;
    }
    return !overlaps;
  });
  if (overlaps) return undefined;
  return {
    data,
    isLayered: false,
    note: "Segments do not overlap: values are segment numbers, 0 is none.",
  };
}

async function separateSegments(loading: Loading): Promise<Loaded> {
  const { voxels, plane, numbers } = loading;
  const data = room("uint8", voxels * numbers.length);
  await eachFrame(loading, (values, { slice, segment }) => {
    const start = numbers.indexOf(segment) * voxels + slice * plane;
    for (let at = 0; at < plane; at++) if (values[at] !== 0) data[start + at] = 1;
  });
  return { data, isLayered: true, note: "Segments overlap: each has a channel of its own." };
}

const LARGEST_VALUES = 2 ** 32;

function room(type: "uint8" | "uint16" | "float32", length: number) {
  if (length <= LARGEST_VALUES) return makeVoxels(type, length);
  throw new RoentgenError("too-large", {
    problem: "Cannot load the segmentation",
    expected: `at most ${LARGEST_VALUES} values`,
    found: `${length}`,
  });
}

/** Frames decoded together; bounds the memory beside the result. */
const FRAMES_AT_ONCE = 64;

/** Stored values of each frame, until `use` returns false. */
async function eachFrame(
  { source, file, layout, plane, decoding, onProgress }: Loading,
  use: (values: VoxelArray, at: Layout[number]) => unknown,
): Promise<void> {
  for (let from = 0; from < layout.length; from += FRAMES_AT_ONCE) {
    throwIfCancelled(decoding.signal, "Reading a segmentation");
    const some = layout.slice(from, from + FRAMES_AT_ONCE);
    const frames = some.map(({ frame }) => frame);
    const { data } = await readFrames(source, file, { ...decoding, frames });
    for (const [at, place] of some.entries()) {
      if (use(data.subarray(at * plane, (at + 1) * plane), place) === false) return;
    }
    onProgress?.({
      stage: "Reading frames",
      done: from + some.length,
      total: layout.length,
      unit: "frames",
    });
  }
}
