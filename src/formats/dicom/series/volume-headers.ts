// Headers of a volume's files when its pixels are wanted: those that its listing kept, and the others read anew.

import type { DataSet, DicomFile } from "../data-set/data-set.ts";
import { readDicom } from "../data-set/read-dicom.ts";
import type { Decoder } from "../pixels/decoder.ts";
import type { VolumeSettings } from "./choices.ts";
import { concurrently } from "./concurrently.ts";
import type { DicomPlace, PlaceOpener } from "./dicom-place.ts";
import { type FileValues, fileValues } from "./frame-values.ts";
import { functionalGroups } from "./functional-groups.ts";
import { keptHeader } from "./kept-headers.ts";
import type { DicomVolume, FrameRef } from "./volume-entry.ts";

/** Files read at once, beyond what a decoder holds back by itself. */
export const FILES_AT_ONCE = 16;

export interface VolumeHeaders {
  /** Of each file of the volume. */
  readonly values: readonly FileValues[];
  /** Of the first stack, the header that holds for each slice. */
  readonly slices: readonly DataSet[];
}

interface Work {
  readonly opener: PlaceOpener;
  readonly settings: VolumeSettings;
  readonly decoder: Decoder;
}

/** Reads the header of each file of a volume. */
export async function readHeaders(
  volume: DicomVolume,
  { opener, settings, decoder }: Work,
): Promise<VolumeHeaders> {
  const wanted = framesByFile(volume);
  const views = new Map<string, DataSet>();
  const viewed = new Map<number, FrameRef[]>();
  for (const ref of volume.frames[0]) {
    if (ref) viewed.set(ref.file, [...(viewed.get(ref.file) ?? []), ref]);
  }
  const values = await concurrently(volume.files, FILES_AT_ONCE, async (place, at) => {
    const file = await headerOf(place, opener);
    const groups = functionalGroups(file.dataSet);
    for (const { frame } of viewed.get(at) ?? []) {
      views.set(`${at} ${frame}`, groups?.view(frame) ?? file.dataSet);
    }
    const found = fileValues(file, wanted.get(at) ?? [], settings);
    decoder.prepare(found.description);
    return found;
  });
  const viewOf = (ref: FrameRef | undefined) => ref && views.get(`${ref.file} ${ref.frame}`);
  const slices = volume.frames[0].map(viewOf).filter((view) => view !== undefined);
  return { values, slices };
}

async function headerOf(place: DicomPlace, opener: PlaceOpener): Promise<DicomFile> {
  return (await keptHeader(place)) ?? opener.withSource(place, (source) => readDicom(source));
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
