// A small DICOMDIR with true offsets: two patients, one study, one series and two images each.

import { makeDataSet } from "../../../../src/formats/dicom/data-set/make-data-set.ts";
import { writeDicom } from "../../../../src/formats/dicom/data-set/write-dicom.ts";
import { joinBytes } from "../../../../src/formats/elements/join-bytes.ts";

interface Entry {
  readonly type: string;
  readonly file?: readonly string[];
  /** Indices of other entries; −1 for none. */
  readonly next: number;
  readonly lower: number;
  readonly inUse?: number;
}

/** PATIENT 0 (STUDY 1, SERIES 2, IMAGE 3 and 4), PATIENT 5 (STUDY 6, which is out of use). */
export const ENTRIES: readonly Entry[] = [
  { type: "PATIENT", next: 5, lower: 1 },
  { type: "STUDY", next: -1, lower: 2 },
  { type: "SERIES", next: -1, lower: 3 },
  { type: "IMAGE", file: ["P0", "IM0"], next: 4, lower: -1 },
  { type: "IMAGE", file: ["P0", "IM1"], next: -1, lower: -1 },
  { type: "PATIENT", next: -1, lower: 6 },
  { type: "STUDY", next: -1, lower: -1, inUse: 0 },
];

/** Writes twice: first to learn where the records are, then with their offsets. */
export function directoryFile(entries: readonly Entry[] = ENTRIES): Uint8Array {
  const blank = write(entries, () => 0);
  const positions = recordPositions(blank);
  return write(entries, (index) => (index < 0 ? 0 : positions[index]));
}

function write(entries: readonly Entry[], positionOf: (index: number) => number): Uint8Array {
  const dataSet = makeDataSet({
    FileSetID: "ROENTGEN",
    OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity: positionOf(0),
    OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity: 0,
    FileSetConsistencyFlag: 0,
    DirectoryRecordSequence: entries.map(({ type, file, next, lower, inUse = 0xffff }) => ({
      OffsetOfTheNextDirectoryRecord: positionOf(next),
      RecordInUseFlag: inUse,
      OffsetOfReferencedLowerLevelDirectoryEntity: positionOf(lower),
      DirectoryRecordType: type,
      ReferencedFileID: file,
    })),
  });
  const meta = {
    MediaStorageSOPClassUID: "1.2.840.10008.1.3.10",
    MediaStorageSOPInstanceUID: "1.2.3",
  };
  return joinBytes(writeDicom(dataSet, { meta }));
}

/** Positions of item tags: each record begins with one. */
function recordPositions(bytes: Uint8Array): number[] {
  const item = Buffer.from([0xfe, 0xff, 0x00, 0xe0]);
  const positions: number[] = [];
  let at = Buffer.from(bytes).indexOf(item);
  while (at >= 0) {
    positions.push(at);
    at = Buffer.from(bytes).indexOf(item, at + 4);
  }
  return positions;
}
