// Puts the decoded tiles of a slide's image beside each other; what has no tile is background.

import {
  type ByteSource,
  type ChannelAxis,
  makeVoxels,
  RoentgenError,
  throwIfCancelled,
  type VoxelArray,
  type WorkOptions,
} from "../../../base/index.ts";
import type { DataSet } from "../data-set/data-set.ts";
import { numbers } from "../data-set/values.ts";
import { rgbOfLab } from "../pixels/cie-lab.ts";
import type { Decoder } from "../pixels/decoder.ts";
import { concurrently } from "../series/concurrently.ts";
import type { PlaceOpener } from "../series/dicom-place.ts";
import { fillFrame } from "../series/fill-voxels.ts";
import { commonType, type FileValues, fileValues, samplesLoaded } from "../series/frame-values.ts";
import type { DicomSlide } from "../series/volume-entry.ts";
import type { SlideLayers } from "./layers.ts";
import type { Tile, TiledFile } from "./tiles.ts";

/** What reading one slide goes with. */
export interface SlideWork extends Pick<WorkOptions, "signal" | "onProgress"> {
  readonly opener: PlaceOpener;
  readonly decoder: Decoder;
  readonly files: readonly TiledFile[];
  readonly layers: SlideLayers;
  readonly mostBytes: number;
}

interface Assembled {
  readonly data: VoxelArray;
  readonly channels: readonly ChannelAxis[];
  readonly unit: string | undefined;
  readonly notes: readonly string[];
}

/** Tiles decoded at once; more would only wait with their memory taken. */
const TILES_AT_ONCE = 16;

/** [color, optical path, focal plane, rows, columns] as far as there are several. */
export async function assembleTiles(slide: DicomSlide, work: SlideWork): Promise<Assembled> {
  const { files, layers, opener } = work;
  const values = files.map((one) => valuesOf(slide, one));
  const whole = wholeOf(slide, work, values);
  const background = paintBackground(whole, files[0].file.dataSet, values[0]);
  const notes = new Set(values.flatMap((of) => of.notes));
  const total = files.reduce((sum, { tiles }) => sum + tiles.length, 0);
  let done = 0;
  for (const [at, { tiles }] of files.entries()) {
    await opener.withSource(slide.files[at], (source) =>
      concurrently(tiles, TILES_AT_ONCE, async (tile) => {
        throwIfCancelled(work.signal, "Reading a slide");
        const placing = { decoder: work.decoder, source, values: values[at], slide, whole, layers };
        for (const note of await placeTile(tile, placing)) notes.add(note);
        done += 1;
        work.onProgress?.({ stage: "Reading tiles", done, total, unit: "tiles" });
      }),
    );
  }
  const absent = absentShare(slide, work);
  if (absent > 0) notes.add(absentNote(absent, background));
  const colors = whole.samples === 3 ? [{ name: "color", size: 3 }] : [];
  return {
    data: whole.data,
    channels: [...colors, ...layers.axes],
    unit: unitOf(values),
    notes: [...notes],
  };
}

const WHOLE_SLIDE_CLASSES: ReadonlySet<string> = new Set([
  "1.2.840.10008.5.1.4.1.1.77.1.6",
  "1.2.840.10008.5.1.4.1.1.77.1.7",
]);

/** Grey of a whole-slide image is what is stored (PS3.3 C.8.12.4); a parametric map may map each frame by itself. */
function valuesOf({ sopClass }: DicomSlide, { file, tiles }: TiledFile): FileValues {
  const frames = WHOLE_SLIDE_CLASSES.has(sopClass) ? [] : tiles.map(({ frame }) => frame);
  return fileValues(file, frames, { scaling: "precise" });
}

function unitOf(values: readonly FileValues[]): string | undefined {
  const units = new Set(
    values.flatMap(({ modalities }) => [...modalities.values()].map(({ unit }) => unit)),
  );
  return units.size === 1 ? [...units][0] : undefined;
}

interface Whole {
  readonly data: VoxelArray;
  readonly samples: 1 | 3;
  /** Pixels of one layer. */
  readonly plane: number;
}

function wholeOf(
  { size: [columns, rows] }: DicomSlide,
  { layers, mostBytes, files }: SlideWork,
  values: readonly FileValues[],
): Whole {
  const samples = samplesLoaded(values[0]);
  const plane = columns * rows;
  const type = commonType(values);
  const length = plane * layers.paths.length * layers.depthsMm.length * samples;
  const bytes = length * makeVoxels(type, 0).BYTES_PER_ELEMENT;
  if (bytes <= mostBytes) return { data: makeVoxels(type, length), samples, plane };
  throw new RoentgenError("too-large", {
    problem: `Cannot assemble ${columns} × ${rows} pixels of the slide`,
    expected: `at most ${mostBytes} bytes`,
    found: `${bytes} bytes`,
    remedy: "Read a coarser level of it.",
    subject: files[0].file.name,
  });
}

/** @returns what the background is, in words */
function paintBackground(whole: Whole, dataSet: DataSet, { description }: FileValues): string {
  const { data, samples } = whole;
  if (samples === 1) {
    const isFloat = data instanceof Float32Array || data instanceof Float64Array;
    data.fill(isFloat ? Number.NaN : 0);
    return isFloat ? "without a value" : "0";
  }
  const top = 2 ** description.bitsStored - 1;
  // PS3.3 C.8.12.4: the colour for pixels of absent tiles.
  const stated = rgbOfLab(numbers(dataSet, "RecommendedAbsentPixelCIELabValue"));
  const length = data.length / 3;
  for (const [at, part] of (stated ?? [255, 255, 255]).entries()) {
    data.fill(Math.round((part / 255) * top), at * length, (at + 1) * length);
  }
  return stated ? "of the colour that the file recommends" : "white";
}

/** The share of all pixels that no tile covers. */
function absentShare({ size, tile }: DicomSlide, { files, layers }: SlideWork): number {
  const covered = new Map<string, number>();
  for (const { x, y, depthMm, path } of files.flatMap(({ tiles }) => tiles)) {
    const area = Math.min(tile[0], size[0] - x) * Math.min(tile[1], size[1] - y);
    covered.set(`${x} ${y} ${depthMm} ${path}`, area);
  }
  const area = [...covered.values()].reduce((sum, one) => sum + one, 0);
  const all = size[0] * size[1] * layers.paths.length * layers.depthsMm.length;
  return Math.max(0, 1 - area / all);
}

function absentNote(share: number, background: string): string {
  const percent = Number((100 * share).toPrecision(3));
  return `Tiles of ${percent} % of the image are absent; it is ${background} there.`;
}

interface Placing {
  readonly decoder: Decoder;
  readonly source: ByteSource;
  readonly values: FileValues;
  readonly slide: DicomSlide;
  readonly whole: Whole;
  readonly layers: SlideLayers;
}

async function placeTile(
  { frame, x, y, depthMm, path }: Tile,
  { decoder, source, values, slide, whole, layers }: Placing,
): Promise<readonly string[]> {
  const { columns, rows, element } = values.description;
  const [width, height] = slide.size;
  const pixels = columns * rows;
  const shared = element.kind === "fragments";
  const data = makeVoxels(commonType([values]), pixels * whole.samples, { shared });
  const job = { source, values, frame, destinations: [{ offset: 0 }] };
  const { notes } = await fillFrame(decoder, job, { data, colorStride: pixels });
  const layer =
    layers.paths.indexOf(path) * layers.depthsMm.length + layers.depthsMm.indexOf(depthMm);
  const stride = whole.data.length / whole.samples;
  const [visible, lines] = [Math.min(columns, width - x), Math.min(rows, height - y)];
  for (let sample = 0; sample < whole.samples; sample++) {
    const corner = sample * stride + layer * whole.plane + y * width + x;
    for (let line = 0; line < lines; line++) {
      const from = sample * pixels + line * columns;
      whole.data.set(data.subarray(from, from + visible), corner + line * width);
    }
  }
  return notes;
}
