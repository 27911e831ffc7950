// Loads a slide's image as one: its tiles beside each other in the total pixel matrix (PS3.3 C.7.6.17.3).

import {
  checkParameters,
  integer,
  makeImage,
  type OptionsOf,
  type PixelGeometry,
  parameters,
  throwIfCancelled,
  type WorkOptions,
} from "../../../base/index.ts";
import type { DicomFile } from "../data-set/data-set.ts";
import { readDicom } from "../data-set/read-dicom.ts";
import { type DecoderOptions, openDecoder } from "../pixels/decoder.ts";
import { loadSegments, type SegmentDecoding } from "../segmentation/load-segments.ts";
import { isSegmentation } from "../segmentation/segmentation-grid.ts";
import { segmentsOf } from "../segmentation/segments.ts";
import { acquisitionOf } from "../series/acquisition.ts";
import { type PlaceOpener, placeOpener } from "../series/dicom-place.ts";
import { functionalGroups } from "../series/functional-groups.ts";
import type { DicomImage } from "../series/read-images.ts";
import type { DicomSlide } from "../series/volume-entry.ts";
import { assembleTiles, type SlideWork } from "./assemble-tiles.ts";
import { layersOf } from "./layers.ts";
import { type TiledFile, tilesOf } from "./tiles.ts";

const slideParameters = parameters({
  mostBytes: integer({ min: 1 })
    .default(2 ** 30)
    .describe("memory that the whole image may take; a level that needs more is refused"),
});

export type ReadSlideOptions = OptionsOf<typeof slideParameters> &
  Pick<DecoderOptions, "secondsPerFrame" | "webAssemblyModulePathOrUrl"> &
  WorkOptions;

/**
 * Loads a level of a slide, its label, or a segmentation of it as one image of depth 1; several optical paths and focal
 * planes are channel axes. Tiles that are absent have the colour that the file recommends, else white, of grey 0; `notes`
 * say so.
 * @throws RoentgenError "too-large" where the whole takes more than `mostBytes`, "file-corrupt" for tiles outside of it
 */
export async function readSlide(
  slide: DicomSlide,
  {
    threads,
    signal,
    onProgress,
    secondsPerFrame,
    webAssemblyModulePathOrUrl,
    ...rest
  }: ReadSlideOptions = {},
): Promise<DicomImage> {
  const { mostBytes } = checkParameters(slideParameters, rest, "slide reader");
  const opener = placeOpener();
  const decoding = {
    signal,
    ...(secondsPerFrame !== undefined && { secondsPerFrame }),
    ...(webAssemblyModulePathOrUrl !== undefined && { webAssemblyModulePathOrUrl }),
  };
  const decoder = openDecoder({ ...decoding, ...(threads !== undefined && { threads }) });
  try {
    const files = await readTiles(slide, opener, signal);
    const layers = layersOf(files.flatMap(({ tiles }) => tiles));
    const work = { opener, decoder, files, layers, mostBytes, signal, onProgress };
    return isSegmentation(slide.sopClass)
      ? await readSegments(slide, { ...work, decoding })
      : await readPixels(slide, work);
  } finally {
    await decoder.close();
    await opener.close();
  }
}

async function readTiles(
  slide: DicomSlide,
  opener: PlaceOpener,
  signal: AbortSignal | undefined,
): Promise<TiledFile[]> {
  const files: TiledFile[] = [];
  for (const place of slide.files) {
    throwIfCancelled(signal, "Reading a slide");
    const file = await opener.withSource(place, (source) => readDicom(source));
    files.push({ file, tiles: tilesOf(file) });
  }
  return files;
}

async function readPixels(slide: DicomSlide, work: SlideWork): Promise<DicomImage> {
  const { data, channels, unit, notes } = await assembleTiles(slide, work);
  const [{ file }] = work.files;
  const image = makeImage({ geometry: geometryOf(slide), data, channels, unit });
  return { image, notes, ...factsOf(file, slide) };
}

async function readSegments(
  slide: DicomSlide,
  work: SlideWork & { readonly decoding: SegmentDecoding },
): Promise<DicomImage> {
  const { opener, files, layers, mostBytes, decoding, onProgress } = work;
  const [{ file, tiles }] = files;
  const depths = layers.depthsMm;
  const frames = tiles.map(({ depthMm, ...tile }) => ({ ...tile, slice: depths.indexOf(depthMm) }));
  const size = [slide.size[0], slide.size[1], depths.length] as const;
  const { data, channels, background, note } = await opener.withSource(slide.files[0], (source) =>
    loadSegments({ source, file, frames, size, mostBytes, decoding, onProgress }),
  );
  // Focal planes vary faster than segments, as slices of a volume do.
  const image = makeImage({
    geometry: geometryOf(slide),
    data,
    channels: [...channels, ...layers.axes],
  });
  const { name, acquisition } = factsOf(file, slide);
  const named = { ...acquisition, Segments: segmentsOf(file.dataSet) };
  return { name, image, acquisition: named, background, notes: [note] };
}

function geometryOf({ size, spacing }: DicomSlide): PixelGeometry {
  return {
    frame: "pixels",
    size: [size[0], size[1], 1],
    spacing: spacing && [spacing[0], spacing[1], 1],
  };
}

/** Where it lies is told in the slide's own coordinates: a slide has no patient around it. */
function factsOf({ name, dataSet }: DicomFile, { place }: DicomSlide) {
  const acquisition = acquisitionOf(functionalGroups(dataSet)?.view(0) ?? dataSet);
  if (!place) return { name, acquisition };
  const { origin, row, column } = place;
  const onSlide = { SlideOrigin: origin, SlideOrientation: [...row, ...column] };
  return { name, acquisition: { ...acquisition, ...onSlide } };
}
