// Which sample lies in which record of a store, as lines that are added when records are written: what is there counts, even
// if the writing was interrupted.

import { appendToFile, pathKind, readFileBytes } from "#files";
import type { ImageSample } from "../image-dataset.ts";

/** A record that was written. */
export interface StoredRecord {
  /** Identifies the sample: its path below the data set, frame and region. */
  readonly key: string;
  readonly slot: number;
  /** Of the file as it was when it was decoded. */
  readonly stamp: string;
}

/** What tells a sample from all others of a data set, over several runs. */
export function keyOfSample({ path, array, frame, region }: ImageSample): string {
  return [path, array, frame, region].filter((part) => part !== undefined).join("|");
}

/** The last record of each sample. A line that was cut off by a crash, or damaged, is passed over. */
export async function readJournal(path: string): Promise<Map<string, StoredRecord>> {
  const records = new Map<string, StoredRecord>();
  if ((await pathKind(path)) !== "file") return records;
  const text = new TextDecoder().decode(await readFileBytes(path));
  for (const line of text.split("\n")) {
    const record = recordOfLine(line);
    if (record) records.set(record.key, record);
  }
  return records;
}

/** Adds records that have been written. */
export async function addToJournal(path: string, records: readonly StoredRecord[]): Promise<void> {
  if (records.length === 0) return;
  const lines = records.map(({ key, slot, stamp }) => JSON.stringify([slot, stamp, key]));
  // A line that a crash has cut off must not swallow the next one.
  await appendToFile(path, `\n${lines.join("\n")}\n`);
}

function recordOfLine(line: string): StoredRecord | undefined {
  if (line === "") return undefined;
  try {
    const [slot, stamp, key] = JSON.parse(line);
    const isSound = Number.isInteger(slot) && slot >= 0 && typeof key === "string";
    return isSound ? { key, slot, stamp: String(stamp) } : undefined;
  } catch {
    return undefined;
  }
}
