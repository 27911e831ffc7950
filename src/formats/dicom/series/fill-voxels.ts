// Decodes frames straight to their place in a volume, and rescales them there.

import type { ByteSource } from "../../../base/index.ts";
import { makeVoxels, type VoxelArray, type VoxelType, voxelType } from "../../../base/index.ts";
import { type ColorSamples, toRgb } from "../pixels/color.ts";
import type { Decoder } from "../pixels/decoder.ts";
import { frameValues } from "../pixels/description.ts";
import { lookUp } from "../pixels/lookup-table.ts";
import { type Modality, rescaleInto } from "../pixels/modality.ts";
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

/** Decodes one frame of a file into the volume. */
export async function fillFrame(
  decoder: Decoder,
  { source, values, frame, destinations }: FrameJob,
  target: FillTarget,
): Promise<readonly string[]> {
  const { description } = values;
  const modality = values.modalities.get(frame);
  const [first] = destinations;
  const inPlace =
    destinations.length === 1 && first.tile === undefined && samplesLoaded(values) === 1;
  const place = inPlace ? storedView(target.data, description.type) : undefined;
  if (place && modality?.kind !== "table") {
    const request = { source, description, frame, target: place, offset: first.offset };
    const { notes } = await decoder.decode(request);
    const size = frameValues(description);
    const stored = place.subarray(first.offset, first.offset + size);
    if (modality && !isIdentity(modality)) rescaleInto(stored, modality, target.data, first.offset);
    return notes;
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
  if (samplesLoaded(values) === 3)
    spreadColors(colorsOf(stored, photometric, values), first.offset, target);
  else placeTiles(stored, { values, modality, destinations }, target);
  return notes;
}

/** The volume's own memory as the element type of stored values, where both are equally wide. */
function storedView(data: VoxelArray, type: VoxelType): VoxelArray | undefined {
  if (voxelType(data) === type) return data;
  const empty = makeVoxels(type, 0);
  if (empty.BYTES_PER_ELEMENT !== data.BYTES_PER_ELEMENT) return undefined;
  const View = empty.constructor as new (b: ArrayBufferLike, o: number, l: number) => VoxelArray;
  return new View(data.buffer, data.byteOffset, data.length);
}

function isIdentity(modality: Modality): boolean {
  return modality.kind === "linear" && modality.slope === 1 && modality.intercept === 0;
}

interface Placing {
  readonly values: FileValues;
  readonly modality: Modality | undefined;
  readonly destinations: readonly Destination[];
}

function placeTiles(
  stored: VoxelArray,
  { values, modality, destinations }: Placing,
  { data, tiling }: FillTarget,
): void {
  const { columns } = values.description;
  for (const { offset, tile } of destinations) {
    if (tile === undefined || !tiling) placeRun(stored, modality, data, offset);
    else {
      const perRow = columns / tiling.columns;
      const left = (tile % perRow) * tiling.columns;
      const top = Math.floor(tile / perRow) * tiling.rows;
      for (let row = 0; row < tiling.rows; row++) {
        const from = (top + row) * columns + left;
        const run = stored.subarray(from, from + tiling.columns);
        placeRun(run, modality, data, offset + row * tiling.columns);
      }
    }
  }
}

function placeRun(
  run: VoxelArray,
  modality: Modality | undefined,
  data: VoxelArray,
  at: number,
): void {
  if (modality?.kind === "table") data.set(lookUp(run, modality.table), at);
  else if (!modality || isIdentity(modality)) data.set(run, at);
  else rescaleInto(run, modality, data, at);
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
