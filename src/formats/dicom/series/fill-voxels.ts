// Decodes frames straight to their place in a volume, and rescales them there.

import { type ByteSource, makeVoxels, type VoxelArray, voxelType } from "../../../base/index.ts";
import { type ColorSamples, toRgb } from "../pixels/color.ts";
import type { Decoder } from "../pixels/decoder.ts";
import { frameValues } from "../pixels/description.ts";
import { lookUp } from "../pixels/lookup-table.ts";
import { lookUpRealInto, type Modality, rescaleInto } from "../pixels/modality.ts";
import { applyPalette } from "../pixels/palette.ts";
import { type FileValues, samplesLoaded } from "./frame-values.ts";

/** Where a frame goes, or a tile of it. */
export interface Destination {
  /** Index of the plane's first voxel; of colour, of its red. */
  readonly offset: number;
  readonly tile?: number;
}

export interface FillTarget {
  readonly data: VoxelArray;
  /** Voxels of one colour: the distance between a voxel's red, green and blue. */
  readonly colorStride: number;
  /** Of mosaics: tiles beside each other, and pixels of a tile. */
  readonly tiling?: { readonly columns: number; readonly rows: number };
}

export interface FrameJob {
  readonly source: ByteSource;
  readonly values: FileValues;
  readonly frame: number;
  readonly destinations: readonly Destination[];
}

export interface FilledFrame {
  /** Odd things that were read all the same, as sentences. */
  readonly notes: readonly string[];
  /** Whether the type of the target holds every value; if not, those there mean nothing. */
  readonly fits: boolean;
}

/** Decodes one frame of a file into the volume. */
export async function fillFrame(
  decoder: Decoder,
  { source, values, frame, destinations }: FrameJob,
  target: FillTarget,
): Promise<FilledFrame> {
  const { description } = values;
  const modality = values.modalities.get(frame);
  const [first] = destinations;
  const isPlane = destinations.length === 1 && first.tile === undefined;
  if (isPlane && samplesLoaded(values) === 1 && isLinear(modality)) {
    const place = placeInVolume(target.data, first.offset, values);
    if (place) {
      const { notes } = await decoder.decode({ source, description, frame, ...place });
      const stored = place.target.subarray(place.offset, place.offset + frameValues(description));
      const isDone = place.target === target.data && isIdentity(modality);
      const fits = isDone || rescaleInto(stored, modality ?? IDENTITY, target.data, first.offset);
      return { notes, fits };
    }
  }
  const shared = description.element.kind === "fragments";
  const stored = makeVoxels(description.type, frameValues(description), { shared });
  const { photometric, notes } = await decoder.decode({
    source,
    description,
    frame,
    target: stored,
    offset: 0,
  });
  if (samplesLoaded(values) === 3) {
    spreadColors(colorsOf(stored, photometric, values), first.offset, target);
    return { notes, fits: true };
  }
  return { notes, fits: placeTiles(stored, { values, modality, destinations }, target) };
}

const IDENTITY = { slope: 1, intercept: 0 };

/**
 * Where stored values of a plane wait in the volume's own memory: in the plane itself if they are as wide as its
 * voxels, else in its last part, so that widening them from the first on overtakes none that is still needed.
 */
function placeInVolume(
  data: VoxelArray,
  offset: number,
  { description }: FileValues,
): { readonly target: VoxelArray; readonly offset: number } | undefined {
  const { type } = description;
  if (voxelType(data) === type) return { target: data, offset };
  const empty = makeVoxels(type, 0);
  const ratio = data.BYTES_PER_ELEMENT / empty.BYTES_PER_ELEMENT;
  if (ratio < 1) return undefined;
  const View = empty.constructor as new (b: ArrayBufferLike, o: number, l: number) => VoxelArray;
  const target = new View(data.buffer, data.byteOffset, data.length * ratio);
  const size = frameValues(description);
  return { target, offset: (offset + size) * ratio - size };
}

type Linear = Extract<Modality, { kind: "linear" }>;

function isLinear(modality: Modality | undefined): modality is Linear | undefined {
  return !modality || modality.kind === "linear";
}

function isIdentity(modality: Modality | undefined): boolean {
  return !modality || (isLinear(modality) && modality.slope === 1 && modality.intercept === 0);
}

interface Placing {
  readonly values: FileValues;
  readonly modality: Modality | undefined;
  readonly destinations: readonly Destination[];
}

/** Places a frame, or its tiles; says whether the target holds every value. */
function placeTiles(
  stored: VoxelArray,
  { values, modality, destinations }: Placing,
  { data, tiling }: FillTarget,
): boolean {
  const { columns } = values.description;
  let fits = true;
  for (const { offset, tile } of destinations) {
    if (tile === undefined || !tiling) {
      fits = placeRun(stored, modality, data, offset) && fits;
      continue;
    }
    const perRow = columns / tiling.columns;
    const left = (tile % perRow) * tiling.columns;
    const top = Math.floor(tile / perRow) * tiling.rows;
    for (let row = 0; row < tiling.rows; row++) {
      const from = (top + row) * columns + left;
      const run = stored.subarray(from, from + tiling.columns);
      fits = placeRun(run, modality, data, offset + row * tiling.columns) && fits;
    }
  }
  return fits;
}

function placeRun(
  run: VoxelArray,
  modality: Modality | undefined,
  data: VoxelArray,
  at: number,
): boolean {
  if (modality?.kind === "table") data.set(lookUp(run, modality.table), at);
  else if (modality?.kind === "real-world table") lookUpRealInto(run, modality, data, at);
  else if (isIdentity(modality) && voxelType(run) === voxelType(data)) data.set(run, at);
  else return rescaleInto(run, modality ?? IDENTITY, data, at);
  return true;
}

function colorsOf(
  stored: VoxelArray,
  photometric: string,
  { palette, description }: FileValues,
): VoxelArray {
  if (palette) return applyPalette(stored, palette);
  // Other depths are no colour of the standard; they stay as they are.
  if (!(stored instanceof Uint8Array || stored instanceof Uint16Array)) return stored;
  return toRgb(stored as ColorSamples, photometric, description.bitsStored);
}

function spreadColors(rgb: VoxelArray, offset: number, { data, colorStride }: FillTarget): void {
  const count = rgb.length / 3;
  for (let color = 0; color < 3; color++) {
    const to = offset + color * colorStride;
    for (let at = 0; at < count; at++) data[to + at] = rgb[at * 3 + color];
  }
}
