// The directory of a DICOM medium, DICOMDIR: PS3.3 annex F and PS3.10 section 8.

import type { ByteSource } from "../../../base/index.ts";
import { damaged } from "../../damage.ts";
import type { DataSet } from "./data-set.ts";
import { readDicom } from "./read-dicom.ts";
import { element, number, sequence, text, texts } from "./values.ts";

/** One entry of the tree: a patient, a study, a series, an image or another object. */
export interface DirectoryRecord {
  /** "PATIENT", "STUDY", "SERIES", "IMAGE", "RT DOSE", "PRIVATE" … */
  readonly type: string;
  /** The keys of the record: PatientName, StudyInstanceUID, Modality … */
  readonly dataSet: DataSet;
  /** The file that the record stands for, relative to the folder of the DICOMDIR, with "/" between. */
  readonly file?: string;
  readonly children: readonly DirectoryRecord[];
}

export interface DicomDirectory {
  readonly fileSetId?: string;
  readonly records: readonly DirectoryRecord[];
  readonly notes: readonly string[];
}

interface GrowingRecord extends DirectoryRecord {
  readonly children: GrowingRecord[];
}

const DIRECTORY_RECORDS = 0x00041220;
/** Levels of PS3.3 table F.4-1, for directories whose offsets lead nowhere. */
const LEVELS: Readonly<Record<string, number>> = { PATIENT: 0, STUDY: 1, SERIES: 2 };
const LOWEST_LEVEL = 3;

/**
 * Reads a DICOMDIR as a tree of records. Records out of use are left out. Where offsets are wrong, the records are
 * taken in their order in the file, which notes say.
 * @throws RoentgenError "file-corrupt" if the file holds no directory; what `readDicom` throws
 */
export async function readDicomdir(source: ByteSource): Promise<DicomDirectory> {
  const { dataSet, notes: read } = await readDicom(source, { longestValue: source.byteLength });
  if (!element(dataSet, DIRECTORY_RECORDS)) {
    throw damaged(source.name, {
      expected: "a directory of a DICOM medium",
      found: "a file without directory records",
      remedy: "Open it as an image.",
    });
  }
  const notes = [...read];
  const items = sequence(dataSet, DIRECTORY_RECORDS);
  const records = linkByOffsets(dataSet, items, notes) ?? linkByOrder(items, notes);
  return { fileSetId: text(dataSet, "FileSetID"), records, notes };
}

/** Every file that the directory refers to, in the order of the tree, with the records above it. */
export function filesOfDirectory(
  { records }: Pick<DicomDirectory, "records">,
  above: readonly DirectoryRecord[] = [],
): { readonly file: string; readonly records: readonly DirectoryRecord[] }[] {
  return records.flatMap((record) => {
    const path = [...above, record];
    const own = record.file === undefined ? [] : [{ file: record.file, records: path }];
    return [...own, ...filesOfDirectory({ records: record.children }, path)];
  });
}

/** Follows the offsets of next and lower records (PS3.3 F.3.2.2); nothing if one of them leads nowhere. */
function linkByOffsets(
  root: DataSet,
  items: readonly DataSet[],
  notes: string[],
): GrowingRecord[] | undefined {
  const byPosition = new Map(items.map((item) => [item.position, item]));
  const seen = new Set<DataSet>();
  const records: GrowingRecord[] = [];
  const chains = headsOf(root, items, notes).map((at) => ({ at, into: records }));
  for (const { at: start, into } of chains) {
    let at = start;
    while (at !== 0) {
      const item = byPosition.get(at);
      if (!item || seen.has(item)) return undefined;
      seen.add(item);
      at = nextOf(item);
      if (number(item, "RecordInUseFlag") === 0) continue;
      const record = makeRecord(item, notes);
      into.push(record);
      chains.push({ at: lowerOf(item), into: record.children });
    }
  }
  return seen.size < items.length ? undefined : records;
}

/** Where chains begin: the record that the root names, and others that no record leads to. */
function headsOf(root: DataSet, items: readonly DataSet[], notes: string[]): number[] {
  const told = number(root, "OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity") ?? 0;
  const targets = new Set(items.flatMap((item) => [nextOf(item), lowerOf(item)]));
  const heads = items
    .map(({ position = 0 }) => position)
    .filter((position) => !targets.has(position));
  if (heads.length > 0 && (heads.length > 1 || heads[0] !== told)) {
    notes.push(
      "The directory does not name the first of its records; it was found by their links.",
    );
  }
  return heads;
}

function nextOf(item: DataSet): number {
  return number(item, "OffsetOfTheNextDirectoryRecord") ?? 0;
}

function lowerOf(item: DataSet): number {
  return number(item, "OffsetOfReferencedLowerLevelDirectoryEntity") ?? 0;
}

function linkByOrder(items: readonly DataSet[], notes: string[]): GrowingRecord[] {
  notes.push("The offsets of the directory lead nowhere; its records are taken in their order.");
  const records: GrowingRecord[] = [];
  const path: { level: number; into: GrowingRecord[] }[] = [{ level: -1, into: records }];
  for (const item of items) {
    if (number(item, "RecordInUseFlag") === 0) continue;
    const record = makeRecord(item, notes);
    const level = LEVELS[record.type] ?? LOWEST_LEVEL;
    while (path[path.length - 1].level >= level) path.pop();
    path[path.length - 1].into.push(record);
    path.push({ level, into: record.children });
  }
  return records;
}

function makeRecord(dataSet: DataSet, notes: string[]): GrowingRecord {
  const type = text(dataSet, "DirectoryRecordType") ?? "";
  const components = texts(dataSet, "ReferencedFileID");
  const isSafe = components.every(isFileName);
  if (!isSafe) {
    notes.push(
      `A record refers to ${JSON.stringify(components.join("\\"))}, which is no file beside it.`,
    );
  }
  const file = components.length > 0 && isSafe ? components.join("/") : undefined;
  return { type, dataSet, ...(file !== undefined && { file }), children: [] };
}

/** A name that stays in its folder on every system, laxer than the 8 characters of PS3.10 8.2. */
function isFileName(component: string): boolean {
  return component !== "" && component !== "." && component !== ".." && !/[/\\:\0]/.test(component);
}
