// Loads the pixels of a listed volume: decoded to their place, rescaled to what they mean, on a grid that is true.

import {
  type ChannelAxis,
  checkParameters,
  type Image,
  makeImage,
  type OptionsOf,
  type PatientGeometry,
  type Volume,
  type VoxelArray,
  type WorkOptions,
} from "../../../base/index.ts";
import type { DataSet } from "../data-set/data-set.ts";
import { number, text } from "../data-set/values.ts";
import { type DecoderOptions, openDecoder } from "../pixels/decoder.ts";
import { readSegmentation, type SegmentationReading } from "../segmentation/read-segmentation.ts";
import { isSegmentation } from "../segmentation/segmentation-grid.ts";
import { type Acquisition, acquisitionOf } from "./acquisition.ts";
import { settleProblems, type VolumeSettings, volumeParameters } from "./choices.ts";
import { placeOpener } from "./dicom-place.ts";
import type { FileValues } from "./frame-values.ts";
import { isConflict, type LoadedVoxels, loadVoxels, settleSurplus } from "./load-voxels.ts";
import { evenGrid, resampleSlices } from "./resample-slices.ts";
import { singleSliceGeometry } from "./stack-geometry.ts";
import type { DicomVolume } from "./volume-entry.ts";
import { readHeaders, type VolumeHeaders } from "./volume-headers.ts";

export type ReadVolumeOptions = OptionsOf<typeof volumeParameters> &
  Pick<DecoderOptions, "secondsPerFrame" | "webAssemblyModulePathOrUrl"> &
  WorkOptions;

export interface DicomVolumeImage {
  readonly image: Volume;
  /** Parameters of the acquisition, with the names and units of BIDS and dcm2niix. */
  readonly acquisition: Acquisition;
  /** Of a segmentation, what belongs to no segment. */
  readonly background?: number;
  /** What was done that a reader should know, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Loads a volume that `listDicom` found. Values are what they mean (HU of CT, Bq/mL of PET …) after the rescale of
 * each slice; integers where slope and intercept are whole, of the narrowest type that the declared bits fit, or int16
 * in place of int32 if all values that are there do. Shape [channel …, depth, height, width]; colour, if
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
  const codecs = definedOnly({ secondsPerFrame, webAssemblyModulePathOrUrl });
  if (volume.segmentation) return openSegmentation(volume, { ...codecs, signal, onProgress });
  const resample = settleProblems(volume, settings);
  const chosen = dropIncomplete(volume);
  const opener = placeOpener();
  const decoder = openDecoder({ threads, signal, ...codecs });
  try {
    const headers = await readHeaders(chosen, { opener, settings, decoder });
    const loaded = await loadVoxels(chosen, { opener, decoder, headers, onProgress });
    const surplus = await settleSurplus(chosen, { opener, decoder, headers, loaded, settings });
    return finish(chosen, { headers, loaded, settings, resample, surplus });
  } finally {
    await decoder.close();
    await opener.close();
  }
}

async function openSegmentation(
  volume: DicomVolume,
  options: SegmentationReading,
): Promise<DicomVolumeImage> {
  const opener = placeOpener();
  try {
    return await opener.withSource(volume.files[0], (source) =>
      readSegmentation(source, volume, options),
    );
  } finally {
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

interface Finishing {
  readonly headers: VolumeHeaders;
  readonly loaded: LoadedVoxels;
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
    ? resampled(volume, { loaded, background: backgroundOf(headers.slices[0]) })
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

interface Resampling {
  readonly loaded: LoadedVoxels;
  /** Of labels, what belongs to none. */
  readonly background: number | undefined;
}

function resampled(volume: DicomVolume, { loaded: { data, samples }, background }: Resampling) {
  const { layout, size } = volume;
  const grid = evenGrid(layout, [size[0], size[1]]);
  const fill = background ?? least(data);
  const stacks = volume.frames.length * samples;
  const interpolation = background === undefined ? "linear" : "nearest";
  const values = resampleSlices(data, { layout, size, stacks, grid, fill, interpolation });
  const [width, height, depth] = grid.geometry.size;
  const way = interpolation === "linear" ? "interpolated linearly" : "put, label by nearest label,";
  const note = `The slices were ${way} onto an even grid of ${width} × ${height} × ${depth} voxels, ${grid.geometry.spacing[2].toFixed(3)} mm apart; where no slice reaches, values are ${fill}.`;
  return { geometry: grid.geometry, data: values, notes: [note] };
}

/** Of frames of labels: what voxels without a label have (PS3.3 C.8.20.2). Fractions pass into each other as values do. */
function backgroundOf(view: DataSet | undefined): number | undefined {
  if (!view || !isSegmentation(text(view, "SOPClassUID"))) return undefined;
  const isFraction = text(view, "SegmentationType") === "FRACTIONAL";
  return isFraction ? undefined : (number(view, "PixelPaddingValue") ?? 0);
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

function valueNotes({ values }: VolumeHeaders, { scaling }: VolumeSettings): string[] {
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
