// A DICOMDIR as an index: which files it names (PS3.3 F.3, PS3.10 8.2). The files themselves say what they are.

import type { DicomFile } from "../data-set/data-set.ts";
import { number, sequence, text, texts } from "../data-set/values.ts";

const MEDIA_STORAGE_DIRECTORY = "1.2.840.10008.1.3.10";

export function isDicomdir({ meta, dataSet }: DicomFile): boolean {
  const named = text(meta, "MediaStorageSOPClassUID") === MEDIA_STORAGE_DIRECTORY;
  return named || sequence(dataSet, "DirectoryRecordSequence").length > 0;
}

/** The files that the directory names, relative to its folder, with "/" between parts. */
export function namedFiles({ dataSet }: DicomFile): string[] {
  return sequence(dataSet, "DirectoryRecordSequence").flatMap((record) => {
    // Records out of use stay in the directory (PS3.3 F.3.2.2).
    if (number(record, "RecordInUseFlag") === 0) return [];
    const parts = texts(record, "ReferencedFileID").filter((part) => part !== "");
    // A directory can't lead out of its folder.
    return parts.length === 0 || parts.includes("..") ? [] : [parts.join("/")];
  });
}
