// Reads the headers of many files at once, skips what is no DICOM, and reports what can't be read.

import { pathKind } from "#files";
import { RoentgenError, throwIfCancelled, type WorkOptions } from "../../../base/index.ts";
import { readDicom } from "../data-set/read-dicom.ts";
import type { TransferSyntax } from "../data-set/transfer-syntaxes.ts";
import { concurrently } from "./concurrently.ts";
import { describeFile, type FileDescription } from "./describe-file.ts";
import { type DicomPlace, type PlaceOpener, placeOpener } from "./dicom-place.ts";
import { isDicomdir, namedFiles } from "./dicomdir-index.ts";
import { type HeaderKeeper, headerKeeper } from "./kept-headers.ts";

/** A file that was read, and where it is. */
export interface ScannedFile {
  readonly place: DicomPlace;
  readonly description: FileDescription;
}

/** A file that is DICOM, or should be there, and can't be used; or that gives itself out for another one. */
export interface ScanProblem {
  readonly kind: "unreadable" | "missing" | "contradiction";
  /** Path or name. */
  readonly name: string;
  readonly sentence: string;
}

export interface Scan {
  readonly files: readonly ScannedFile[];
  readonly problems: readonly ScanProblem[];
  /** Files that are no DICOM files. */
  readonly skipped: readonly string[];
}

/** Headers read at once: enough to hide the disk's latency, few enough for the limit on open files. */
const AT_ONCE = 32;
/**
 * Compressed pixels are not walked through; of others the element's head is read, to know whether they are whole.
 * (7FE0,0001) is the first of that group, (7FE0,0010) the last that is pixels.
 */
const until = ({ encapsulated }: TransferSyntax) => (encapsulated ? 0x7fe00000 : 0x7fe00011);

type Outcome =
  | { readonly file: ScannedFile }
  | { readonly named: readonly string[]; readonly place: DicomPlace }
  | { readonly problem: ScanProblem }
  | { readonly skipped: string };

/** Reads the header of each place; the results are in the order of the places. */
export async function scanPlaces(
  places: readonly DicomPlace[],
  { signal, onProgress }: Pick<WorkOptions, "signal" | "onProgress"> = {},
): Promise<Scan> {
  const reading: Reading = { opener: placeOpener(), keep: headerKeeper() };
  let done = 0;
  const scan = (some: readonly DicomPlace[], total: number) =>
    concurrently(some, AT_ONCE, async (place, at) => {
      throwIfCancelled(signal, "Reading headers");
      const outcome = await scanPlace(place, at, reading);
      done += 1;
      onProgress?.({ stage: "Reading headers", done, total, unit: "files" });
      return outcome;
    });
  try {
    const outcomes = await scan(places, places.length);
    const { more, problems } = await followDirectories(outcomes, places);
    const added = more.length > 0 ? await scan(more, places.length + more.length) : [];
    return gather([...outcomes, ...added], problems);
  } finally {
    await reading.opener.close();
  }
}

interface Reading {
  readonly opener: PlaceOpener;
  readonly keep: HeaderKeeper;
}

async function scanPlace(
  place: DicomPlace,
  at: number,
  { opener, keep }: Reading,
): Promise<Outcome> {
  try {
    return await opener.withSource(place, async (source) => {
      const file = await readDicom(source, { until });
      if (isDicomdir(file)) return { named: namedFiles(file), place };
      const description = describeFile(file, at, source.byteLength);
      keep(place, { file, source });
      return { file: { place, description } };
    });
  } catch (error) {
    if (!(error instanceof RoentgenError) || error.code === "cancelled") throw error;
    if (error.code === "format-unknown") return { skipped: place.name };
    return { problem: { kind: "unreadable", name: place.name, sentence: error.message } };
  }
}

/** The files that directories name and that are not among the places yet, and those that are not there at all. */
async function followDirectories(outcomes: readonly Outcome[], places: readonly DicomPlace[]) {
  const known = new Set(places.map(({ name }) => comparable(name)));
  const more: DicomPlace[] = [];
  const problems: ScanProblem[] = [];
  for (const outcome of outcomes) {
    if (!("named" in outcome)) continue;
    const { name: directory, kind } = outcome.place;
    const folder = directory.includes("/")
      ? directory.slice(0, directory.lastIndexOf("/") + 1)
      : "";
    for (const named of new Set(outcome.named)) {
      const name = folder + named;
      if (known.has(comparable(name))) continue;
      known.add(comparable(name));
      const found =
        kind === "file" ? await existing(name, folder + named.toLowerCase()) : undefined;
      if (found) more.push({ kind: "file", name: found });
      else problems.push(missingFile(name, directory));
    }
  }
  return { more, problems };
}

function missingFile(name: string, directory: string): ScanProblem {
  const sentence = `${directory} names ${name}, which is not there.`;
  return { kind: "missing", name, sentence };
}

/** File IDs are in capitals; discs are often copied in small letters. */
function comparable(name: string): string {
  return name.replaceAll("\\", "/").replace(/;1$/, "").toLowerCase();
}

async function existing(...names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    if ((await pathKind(name)) === "file") return name;
  }
  return undefined;
}

function gather(outcomes: readonly Outcome[], missing: readonly ScanProblem[]): Scan {
  const files = outcomes.flatMap((outcome) => ("file" in outcome ? [outcome.file] : []));
  return {
    // Frames know their file by its index among the files that were read.
    files: files.map(({ place, description }, file) => ({
      place,
      description: {
        ...description,
        frames: description.frames.map((frame) =>
          frame.file === file ? frame : { ...frame, file },
        ),
      },
    })),
    problems: [
      ...outcomes.flatMap((outcome) => ("problem" in outcome ? [outcome.problem] : [])),
      ...missing,
    ],
    skipped: outcomes.flatMap((outcome) => ("skipped" in outcome ? [outcome.skipped] : [])),
  };
}
