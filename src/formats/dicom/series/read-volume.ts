// Loads the pixels of a listed volume: decoded to their place, rescaled to what they mean, on a grid that is true.

import {
  type ChannelAxis,
  checkParameters,
  type Image,
  makeImage,
  makeVoxels,
  type OptionsOf,
  type PatientGeometry,
  RoentgenError,
  type Volume,
  type VoxelArray,
  type WorkOptions,
} from "../../../base/index.ts";
import type { DataSet } from "../data-set/data-set.ts";
import { readDicom } from "../data-set/read-dicom.ts";
import { type Decoder, type DecoderOptions, openDecoder } from "../pixels/decoder.ts";
import { type Acquisition, acquisitionOf } from "./acquisition.ts";
import { refusal, settleProblems, type VolumeSettings, volumeParameters } from "./choices.ts";
import { concurrently } from "./concurrently.ts";
import { type PlaceOpener, placeOpener } from "./dicom-place.ts";
import { type Destination, type FillTarget, fillFrame } from "./fill-voxels.ts";
import { commonType, type FileValues, fileValues, samplesLoaded } from "./frame-values.ts";
import { functionalGroups } from "./functional-groups.ts";
import type { VolumeProblem } from "./problems.ts";
import { evenGrid, resampleSlices } from "./resample-slices.ts";
import { singleSliceGeometry } from "./stack-geometry.ts";
import type { DicomVolume, FrameRef } from "./volume-entry.ts";

export type ReadVolumeOptions = OptionsOf<typeof volumeParameters> &
  Pick<DecoderOptions, "secondsPerFrame" | "webAssemblyModulePathOrUrl"> &
  WorkOptions;

export interface DicomVolumeImage {
  readonly image: Volume;
  /** Parameters of the acquisition, with the names and units of BIDS and dcm2niix. */
  readonly acquisition: Acquisition;
  /** What was done that a reader should know, as sentences. */
  readonly notes: readonly string[];
}

/** Files read at once, beyond what the decoder holds back by itself. */
const FILES_AT_ONCE = 16;

/**
 * Loads a volume that `listDicom` found. Values are what they mean (HU of CT, Bq/mL of PET …) after the rescale of
 * each slice; integers where slope and intercept are whole. Shape [channel …, depth, height, width]; colour, if
 * any, is the first channel axis.
 * @throws RoentgenError "value-invalid" where slices are missing, uneven, shifted or contradict each other and the
 *   options do not say what to do; "value-missing" where the geometry is not proven; and what decoding throws
 */
export async function readVolume(
  volume: DicomVolume,
  options: ReadVolumeOptions = {},
): Promise<DicomVolumeImage> {
  const { threads, signal, onProgress, secondsPerFrame, webAssemblyModulePathOrUrl, ...rest } =
    options;
  const settings = checkParameters(volumeParameters, rest, "DICOM volume reader");
  const resample = settleProblems(volume, settings);
  const chosen = dropIncomplete(volume);
  const opener = placeOpener();
  const decoder = openDecoder({
    threads,
    signal,
    ...definedOnly({ secondsPerFrame, webAssemblyModulePathOrUrl }),
  });
  try {
    const headers = await readHeaders(chosen, { opener, settings });
    const loaded = await loadVoxels(chosen, { opener, decoder, headers, onProgress });
    const surplus = await settleSurplus(chosen, { opener, decoder, headers, loaded, settings });
    return finish(chosen, { headers, loaded, settings, resample, surplus });
  } finally {
    await decoder.close();
    await opener.close();
  }
}

function definedOnly<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, v]) => v !== undefined)) as T;
}

/** The volume without stacks that lack slices; `settleProblems` has let it pass. */
function dropIncomplete(volume: DicomVolume): DicomVolume {
  const kept = volume.frames.flatMap((stack, at) => (stack.includes(undefined) ? [] : [at]));
  if (kept.length === volume.frames.length) return volume;
  const pick = <T>(list: readonly T[]) => kept.map((at) => list[at]);
  const channels = volume.channels.map((axis): ChannelAxis => {
    const { values, ...others } = axis;
    return { ...others, size: kept.length, ...(values && { values: pick(values) }) };
  });
  const left = volume.frames.length - kept.length;
  return {
    ...volume,
    channels: kept.length > 1 ? channels : [],
    frames: pick(volume.frames),
    ...(volume.diffusion && { diffusion: pick(volume.diffusion) }),
    notes: [
      ...volume.notes,
      `${left} of ${volume.frames.length} stacks lack slices and were left out.`,
    ],
  };
}

interface Headers {
  /** Of each file of the volume. */
  readonly values: readonly FileValues[];
  /** Of the first stack, the header that holds for each slice. */
  readonly slices: readonly DataSet[];
}

interface Work {
  readonly opener: PlaceOpener;
  readonly settings: VolumeSettings;
}

/** Reads all headers anew: what they say of pixels is too much to keep in a listing. */
async function readHeaders(volume: DicomVolume, { opener, settings }: Work): Promise<Headers> {
  const wanted = framesByFile(volume);
  const views = new Map<string, DataSet>();
  const viewed = new Map<number, FrameRef[]>();
  for (const ref of volume.frames[0]) {
    if (ref) viewed.set(ref.file, [...(viewed.get(ref.file) ?? []), ref]);
  }
  const values = await concurrently(volume.files, FILES_AT_ONCE, (place, at) =>
    opener.withSource(place, async (source) => {
      const file = await readDicom(source);
      const groups = functionalGroups(file.dataSet);
      for (const { frame } of viewed.get(at) ?? []) {
        views.set(`${at} ${frame}`, groups?.view(frame) ?? file.dataSet);
      }
      return fileValues(file, wanted.get(at) ?? [], settings);
    }),
  );
  const viewOf = (ref: FrameRef | undefined) => ref && views.get(`${ref.file} ${ref.frame}`);
  const slices = volume.frames[0].map(viewOf).filter((view) => view !== undefined);
  return { values, slices };
}

function framesByFile({ frames, surplus }: DicomVolume): Map<number, number[]> {
  const wanted = new Map<number, Set<number>>();
  for (const ref of [...frames.flat(), ...surplus.map(({ frame }) => frame)]) {
    if (!ref) continue;
    const known = wanted.get(ref.file) ?? new Set<number>();
    wanted.set(ref.file, known.add(ref.frame));
  }
  return new Map([...wanted].map(([file, set]) => [file, [...set]]));
}

interface Loaded {
  readonly data: VoxelArray;
  /** 1 or 3 values a voxel, colours slowest. */
  readonly samples: 1 | 3;
  readonly notes: readonly string[];
}

interface Loading {
  readonly opener: PlaceOpener;
  readonly decoder: Decoder;
  readonly headers: Headers;
}

async function loadVoxels(
  volume: DicomVolume,
  { opener, decoder, headers, onProgress }: Loading & Pick<WorkOptions, "onProgress">,
): Promise<Loaded> {
  const [columns, rows, depth] = volume.size;
  const plane = columns * rows;
  const { target, samples } = makeTarget(volume, headers.values);
  const jobs = jobsByFile(volume, (stack, slice) => (stack * depth + slice) * plane);
  const total = [...jobs.values()].reduce((sum, frames) => sum + frames.size, 0);
  const notes = new Set<string>();
  let done = 0;
  await concurrently([...jobs], FILES_AT_ONCE, ([file, frames]) =>
    opener.withSource(volume.files[file], (source) =>
      concurrently([...frames], FILES_AT_ONCE, async ([frame, destinations]) => {
        const job = { source, values: headers.values[file], frame, destinations };
        for (const note of await fillFrame(decoder, job, target)) notes.add(note);
        done += 1;
        onProgress?.({ stage: "Reading slices", done, total, unit: "slices" });
      }),
    ),
  );
  return { data: target.data, samples, notes: [...notes] };
}

const LARGEST_VOLUME_BYTES = 2 ** 36;

function makeTarget({ size, frames }: DicomVolume, values: readonly FileValues[]) {
  const [columns, rows, depth] = size;
  const samples = samplesLoaded(values[0]);
  const colorStride = columns * rows * depth * frames.length;
  const type = commonType(values);
  const shared = values.some(({ description }) => description.element.kind === "fragments");
  const bytes = colorStride * samples * makeVoxels(type, 0).BYTES_PER_ELEMENT;
  if (bytes > LARGEST_VOLUME_BYTES) throw tooLarge(bytes);
  let data: VoxelArray;
  try {
    data = makeVoxels(type, colorStride * samples, { shared });
  } catch {
    throw tooLarge(bytes);
  }
  const target: FillTarget = { data, colorStride, tiling: { columns, rows } };
  return { target, samples };
}

function tooLarge(bytes: number): RoentgenError {
  return new RoentgenError("too-large", {
    problem: "Cannot load the volume",
    expected: "voxels that fit into memory",
    found: `${bytes} bytes`,
  });
}

/** Of each file, where each of its frames goes. */
function jobsByFile({ frames }: DicomVolume, offsetOf: (stack: number, slice: number) => number) {
  const jobs = new Map<number, Map<number, Destination[]>>();
  for (const [stack, slices] of frames.entries()) {
    for (const [slice, ref] of slices.entries()) {
      if (!ref) continue;
      const ofFile = jobs.get(ref.file) ?? new Map<number, Destination[]>();
      const destinations = ofFile.get(ref.frame) ?? [];
      destinations.push({ offset: offsetOf(stack, slice), tile: ref.tile });
      jobs.set(ref.file, ofFile.set(ref.frame, destinations));
    }
  }
  return jobs;
}

/** Slices on top of others do no harm if they show the same; says what became of them. */
async function settleSurplus(
  volume: DicomVolume,
  {
    opener,
    decoder,
    headers,
    loaded,
    settings,
  }: Loading & { loaded: Loaded; settings: VolumeSettings },
): Promise<string[]> {
  const count = volume.surplus.length;
  if (count === 0) return [];
  if (settings.onDuplicateSlices === "first") {
    return [
      `Of slices at one place the first by instance number was taken; ${count} were left out.`,
    ];
  }
  const [columns, rows] = volume.size;
  const plane = columns * rows;
  const conflict = volume.problems.find(isConflict);
  for (const { frame, slice } of volume.surplus) {
    const data = makeVoxels(commonType(headers.values), plane * loaded.samples, { shared: true });
    const target = { data, colorStride: plane, tiling: { columns, rows } };
    await opener.withSource(volume.files[frame.file], (source) => {
      const destinations = [{ offset: 0, tile: frame.tile }];
      const values = headers.values[frame.file];
      return fillFrame(decoder, { source, values, frame: frame.frame, destinations }, target);
    });
    const there = loaded.data.subarray(slice * plane, (slice + 1) * plane);
    const isSame = there.every((value, at) => Object.is(value, data[at]));
    if (!isSame && conflict) throw refusal(volume, conflict);
  }
  return [`${count} slices that lie on others show the same and were left out.`];
}

function isConflict(problem: VolumeProblem): boolean {
  return problem.kind === "duplicate" && !problem.copies;
}

interface Finishing {
  readonly headers: Headers;
  readonly loaded: Loaded;
  readonly settings: VolumeSettings;
  readonly resample: boolean;
  /** What became of slices at one place. */
  readonly surplus: readonly string[];
}

function finish(
  volume: DicomVolume,
  { headers, loaded, settings, resample, surplus }: Finishing,
): DicomVolumeImage {
  const unit = unitOf(headers.values);
  const colors: ChannelAxis[] = loaded.samples === 3 ? [{ name: "color", size: 3 }] : [];
  const channels = [...colors, ...volume.channels];
  const placed = resample
    ? resampled(volume, loaded)
    : { geometry: geometryOf(volume, settings), data: loaded.data, notes: [] };
  const { geometry, data } = placed;
  const image: Image<PatientGeometry> = makeImage({ geometry, data, channels, unit });
  const notes = [
    ...volume.problems.filter((problem) => !isConflict(problem)).map(({ sentence }) => sentence),
    ...surplus,
    ...volume.notes,
    ...placed.notes,
    ...valueNotes(headers, settings),
    ...headers.values.flatMap((values) => values.notes),
    ...loaded.notes,
  ];
  const acquisition = acquisitionOf(headers.slices[0], {
    volume,
    slices: headers.slices,
    geometry,
  });
  return { image, acquisition, notes: [...new Set(notes)] };
}

function geometryOf(volume: DicomVolume, { assumeThicknessMm }: VolumeSettings): PatientGeometry {
  if (volume.geometry) return volume.geometry;
  return singleSliceGeometry(volume.layout, volume.size, assumeThicknessMm as number);
}

function resampled(volume: DicomVolume, { data, samples }: Loaded) {
  const { layout, size } = volume;
  const grid = evenGrid(layout, [size[0], size[1]]);
  const fill = least(data);
  const stacks = volume.frames.length * samples;
  const values = resampleSlices(data, { layout, size, stacks, grid, fill });
  const [width, height, depth] = grid.geometry.size;
  const note = `The slices were interpolated linearly onto an even grid of ${width} × ${height} × ${depth} voxels, ${grid.geometry.spacing[2].toFixed(3)} mm apart; where no slice reaches, values are ${fill}.`;
  return { geometry: grid.geometry, data: values as VoxelArray, notes: [note] };
}

function least(data: VoxelArray): number {
  let found = Number.POSITIVE_INFINITY;
  for (let at = 0; at < data.length; at++) if (data[at] < found) found = data[at];
  return Number.isFinite(found) ? found : 0;
}

/** The unit of all frames, where they agree. */
function unitOf(values: readonly FileValues[]): string | undefined {
  const units = new Set(
    values.flatMap(({ modalities }) => [...modalities.values()].map((m) => m.unit)),
  );
  return units.size === 1 ? [...units][0] : undefined;
}

function valueNotes({ values }: Headers, { scaling }: VolumeSettings): string[] {
  const notes: string[] = [];
  const padding = values.find((one) => one.padding)?.padding;
  if (padding) {
    const range =
      padding.low === padding.high ? `${padding.low}` : `${padding.low} to ${padding.high}`;
    notes.push(`Stored values of ${range} are padding (Pixel Padding Value) and mean nothing.`);
  }
  const slopes = new Set(
    values.flatMap(({ modalities }) =>
      [...modalities.values()].map((m) =>
        m.kind === "linear" ? `${m.slope} ${m.intercept}` : "table",
      ),
    ),
  );
  if (slopes.size > 1)
    notes.push("Slope and intercept differ from slice to slice; each has its own.");
  if (values.some(({ isPrecise }) => isPrecise) && scaling === "precise") {
    notes.push(
      'Values are those of the scanner (Philips\' scale slope); scaling: "display" gives those of the rescale.',
    );
  }
  if (values.some(({ description }) => description.photometric === "MONOCHROME1")) {
    notes.push("Low values are shown bright (MONOCHROME1); values are as they are.");
  }
  return notes;
}
