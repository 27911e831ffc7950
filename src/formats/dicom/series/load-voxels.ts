// Loads the voxels of a volume: every frame decoded to its place, and slices on top of others compared.

import {
  makeVoxels,
  RoentgenError,
  type VoxelArray,
  type VoxelType,
  voxelType,
  type WorkOptions,
} from "../../../base/index.ts";
import type { Decoder } from "../pixels/decoder.ts";
import { refusal, type VolumeSettings } from "./choices.ts";
import { concurrently } from "./concurrently.ts";
import type { PlaceOpener } from "./dicom-place.ts";
import { type Destination, type FillTarget, fillFrame } from "./fill-voxels.ts";
import { commonType, type FileValues, narrowerType, samplesLoaded } from "./frame-values.ts";
import type { VolumeProblem } from "./problems.ts";
import type { DicomVolume } from "./volume-entry.ts";
import { FILES_AT_ONCE, type VolumeHeaders } from "./volume-headers.ts";

export interface LoadedVoxels {
  readonly data: VoxelArray;
  /** 1 or 3 values a voxel, colours slowest. */
  readonly samples: 1 | 3;
  readonly notes: readonly string[];
}

interface Loading {
  readonly opener: PlaceOpener;
  readonly decoder: Decoder;
  readonly headers: VolumeHeaders;
}

/**
 * Decodes all frames, many at once; the voxels are in shared memory where threads fill them. A first value that does
 * not fit a type that was hoped for ends the attempt, and the volume is loaded as what its header declares.
 */
export async function loadVoxels(
  volume: DicomVolume,
  loading: Loading & Pick<WorkOptions, "onProgress">,
): Promise<LoadedVoxels> {
  const { values } = loading.headers;
  const narrower = narrowerType(values);
  const narrow = narrower && (await fillVolume(volume, narrower, loading));
  if (narrow?.fits) return narrow;
  return fillVolume(volume, commonType(values), loading);
}

async function fillVolume(
  volume: DicomVolume,
  type: VoxelType,
  { opener, decoder, headers, onProgress }: Loading & Pick<WorkOptions, "onProgress">,
): Promise<LoadedVoxels & { readonly fits: boolean }> {
  const [columns, rows, depth] = volume.size;
  const plane = columns * rows;
  const { target, samples } = makeTarget(volume, headers.values, type);
  const jobs = jobsByFile(volume, (stack, slice) => (stack * depth + slice) * plane);
  const total = [...jobs.values()].reduce((sum, frames) => sum + frames.size, 0);
  const notes = new Set<string>();
  let fits = true;
  let done = 0;
  await concurrently([...jobs], FILES_AT_ONCE, async ([file, frames]) => {
    if (!fits) return;
    await opener.withSource(volume.files[file], (source) =>
      concurrently([...frames], FILES_AT_ONCE, async ([frame, destinations]) => {
        if (!fits) return;
        const job = { source, values: headers.values[file], frame, destinations };
        const filled = await fillFrame(decoder, job, target);
        for (const note of filled.notes) notes.add(note);
        fits &&= filled.fits;
        done += 1;
        onProgress?.({ stage: "Reading slices", done, total, unit: "slices" });
      }),
    );
  });
  return { data: target.data, samples, notes: [...notes], fits };
}

const LARGEST_VOLUME_BYTES = 2 ** 36;

function makeTarget({ size, frames }: DicomVolume, values: readonly FileValues[], type: VoxelType) {
  const [columns, rows, depth] = size;
  const samples = samplesLoaded(values[0]);
  const colorStride = columns * rows * depth * frames.length;
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
export async function settleSurplus(
  volume: DicomVolume,
  {
    opener,
    decoder,
    headers,
    loaded,
    settings,
  }: Loading & { loaded: LoadedVoxels; settings: VolumeSettings },
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
    const type = voxelType(loaded.data);
    const data = makeVoxels(type, plane * loaded.samples, { shared: true });
    const target = { data, colorStride: plane, tiling: { columns, rows } };
    const { fits } = await opener.withSource(volume.files[frame.file], (source) => {
      const destinations = [{ offset: 0, tile: frame.tile }];
      const values = headers.values[frame.file];
      return fillFrame(decoder, { source, values, frame: frame.frame, destinations }, target);
    });
    const there = loaded.data.subarray(slice * plane, (slice + 1) * plane);
    const isSame = fits && there.every((value, at) => Object.is(value, data[at]));
    if (!isSame && conflict) throw refusal(volume, conflict);
  }
  return [`${count} slices that lie on others show the same and were left out.`];
}

/** Slices at one place that may show different things. */
export function isConflict(problem: VolumeProblem): boolean {
  return problem.kind === "duplicate" && !problem.copies;
}
