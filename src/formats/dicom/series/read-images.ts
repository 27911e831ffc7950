// Loads images whose place in the patient is unknown: films, ultrasound, angiography, secondary captures.

import type { ByteSource } from "../../../base/index.ts";
import {
  checkParameters,
  type Image,
  makeImage,
  makeVoxels,
  type OptionsOf,
  oneOf,
  type PixelGeometry,
  parameters,
  throwIfCancelled,
  type VoxelArray,
  type VoxelType,
  type WorkOptions,
} from "../../../base/index.ts";
import type { DicomFile } from "../data-set/data-set.ts";
import { readDicom } from "../data-set/read-dicom.ts";
import { number } from "../data-set/values.ts";
import { type Decoder, type DecoderOptions, openDecoder } from "../pixels/decoder.ts";
import { ultrasoundRegions } from "../quantities/ultrasound-regions.ts";
import { type Acquisition, acquisitionOf } from "./acquisition.ts";
import { concurrently } from "./concurrently.ts";
import { placeOpener } from "./dicom-place.ts";
import { fillFrame } from "./fill-voxels.ts";
import { frameAxes } from "./frame-axes.ts";
import {
  commonType,
  type FileValues,
  fileValues,
  narrowerType,
  samplesLoaded,
} from "./frame-values.ts";
import { functionalGroups } from "./functional-groups.ts";
import { projectionSpacing } from "./projection-spacing.ts";
import type { DicomImages } from "./volume-entry.ts";

const imageParameters = parameters({
  scaling: oneOf("precise", "display")
    .default("precise")
    .describe(
      "Philips MR: values of the scanner, comparable between scans, or as rescaled for display",
    ),
});

export type ReadImagesOptions = OptionsOf<typeof imageParameters> &
  Pick<DecoderOptions, "secondsPerFrame" | "webAssemblyModulePathOrUrl"> &
  WorkOptions;

export interface DicomImage {
  /** File that it comes from: path or name. */
  readonly name: string;
  /** Depth 1; frames of a cine along a channel axis "time" (s) or "frame", colour along "color", before all. */
  readonly image: Image<PixelGeometry>;
  readonly acquisition: Acquisition;
  /** Of a segmentation, what belongs to no segment. */
  readonly background?: number;
  readonly notes: readonly string[];
}

/**
 * Loads the images of an entry, one a file, in their order. Grey values are what they mean after the modality
 * transform, colour and palette colour is RGB, spacing is stated where the file states one; `notes` say for what.
 * @throws RoentgenError that names the file and what is wrong with it
 */
export async function readImages(
  { files }: DicomImages,
  {
    threads,
    signal,
    onProgress,
    secondsPerFrame,
    webAssemblyModulePathOrUrl,
    ...rest
  }: ReadImagesOptions = {},
): Promise<DicomImage[]> {
  const settings = checkParameters(imageParameters, rest, "DICOM image reader");
  const opener = placeOpener();
  const decoder = openDecoder({
    signal,
    ...(threads !== undefined && { threads }),
    ...(secondsPerFrame !== undefined && { secondsPerFrame }),
    ...(webAssemblyModulePathOrUrl !== undefined && { webAssemblyModulePathOrUrl }),
  });
  try {
    let done = 0;
    return await concurrently(files, 4, async (place) => {
      throwIfCancelled(signal, "Reading images");
      const image = await opener.withSource(place, (source) =>
        readImageFile(source, { decoder, settings }),
      );
      done += 1;
      onProgress?.({ stage: "Reading images", done, total: files.length, unit: "images" });
      return image;
    });
  } finally {
    await decoder.close();
    await opener.close();
  }
}

interface Reading {
  readonly decoder: Decoder;
  readonly settings: OptionsOf<typeof imageParameters> & { scaling: "precise" | "display" };
}

/** Frames decoded at once; more would only wait with their memory taken. */
const FRAMES_AT_ONCE = 16;

async function readImageFile(
  source: ByteSource,
  { decoder, settings }: Reading,
): Promise<DicomImage> {
  const file = await readDicom(source);
  const count = Math.max(1, number(file.dataSet, "NumberOfFrames") ?? 1);
  const frames = Array.from({ length: count }, (_, frame) => frame);
  const values = fileValues(file, frames, settings);
  const { axes, places } = frameAxes(file.dataSet, count);
  const samples = samplesLoaded(values);
  const fill = (type: VoxelType) => fillImage(values, { type, source, places, decoder });
  const narrower = narrowerType([values]);
  const narrow = narrower && (await fill(narrower));
  const { data, notes } = narrow?.fits ? narrow : await fill(commonType([values]));
  const colors = samples === 3 ? [{ name: "color", size: 3 }] : [];
  return describeImage(file, { values, data, channels: [...colors, ...axes], notes });
}

interface Filling {
  readonly type: VoxelType;
  readonly source: ByteSource;
  /** Of each frame, which plane of the image it is. */
  readonly places: readonly number[];
  readonly decoder: Decoder;
}

/** All frames of a file as values of a type, and whether it holds them. */
async function fillImage(values: FileValues, { type, source, places, decoder }: Filling) {
  const { rows, columns, element } = values.description;
  const plane = rows * columns;
  const size = plane * places.length;
  const shared = element.kind === "fragments";
  const data = makeVoxels(type, size * samplesLoaded(values), { shared }) as VoxelArray;
  const target = { data, colorStride: size };
  const filled = await concurrently(places, FRAMES_AT_ONCE, (place, frame) => {
    const destinations = [{ offset: place * plane }];
    return fillFrame(decoder, { source, values, frame, destinations }, target);
  });
  const notes = filled.flatMap((one) => one.notes);
  return { data, notes, fits: filled.every(({ fits }) => fits) };
}

function describeImage(
  file: DicomFile,
  {
    values,
    data,
    channels,
    notes,
  }: {
    values: FileValues;
    data: VoxelArray;
    channels: Image["channels"];
    notes: readonly string[];
  },
): DicomImage {
  const view = functionalGroups(file.dataSet)?.view(0) ?? file.dataSet;
  const { spacing, note } = projectionSpacing(view);
  const { rows, columns, photometric } = values.description;
  const thicknessMm = number(view, "SliceThickness") ?? 1;
  const geometry: PixelGeometry = {
    frame: "pixels",
    size: [columns, rows, 1],
    spacing: spacing && [spacing[0], spacing[1], thicknessMm > 0 ? thicknessMm : 1],
  };
  const regions = ultrasoundRegions(view);
  const units = new Set([...values.modalities.values()].map(({ unit }) => unit));
  const unit = units.size === 1 ? [...units][0] : undefined;
  const shown =
    photometric === "MONOCHROME1"
      ? ["Low values are shown bright (MONOCHROME1); values are as they are."]
      : [];
  return {
    name: file.name,
    image: makeImage({ geometry, data, channels, unit }),
    acquisition: {
      ...acquisitionOf(view),
      ...(regions.length > 0 && { UltrasoundRegions: regions }),
    },
    notes: [...new Set([note, ...shown, ...values.notes, ...notes])],
  };
}
