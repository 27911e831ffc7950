// Images decoded once, by workers, into one file of records that training reads from.

import {
  fileStamp,
  freeBytes,
  makeFolder,
  openRecordFile,
  type RecordFile,
  removeFile,
} from "#files";
import {
  checkParameters,
  counted,
  integer,
  number,
  type OptionsOf,
  parameters,
  RoentgenError,
  sharesMemory,
  type WorkOptions,
} from "../../../base/index.ts";
import { crc32 } from "../../../formats/safetensors/index.ts";
import type { ImageDataset, ImagePreparation } from "../image-dataset.ts";
import { decodeSamples, type UnreadableSample } from "./decode-samples.ts";
import { keyOfSample, readJournal, type StoredRecord } from "./store-journal.ts";
import { type ImageStoreReference, openStored, type StoredImages } from "./stored-images.ts";
import { storedType } from "./stored-type.ts";

export const imageStoreParameters = parameters({
  /** Share of the samples that may be unreadable. */
  unreadableShare: number({ min: 0, max: 1 }).default(0.05),
  /** As many may be unreadable whatever their share. */
  unreadableLeast: integer({ min: 0 }).default(10),
  /** A store of at most so many bytes is kept in memory as well. */
  memoryBytes: integer({ min: 0 }).default(2 ** 29),
});

export type ImageStoreOptions = OptionsOf<typeof imageStoreParameters> & WorkOptions;

export interface ImageStore extends StoredImages {
  /** Samples that have no image, and why. */
  readonly failed: readonly UnreadableSample[];
  /** For `openStored` in workers. */
  readonly reference: ImageStoreReference;
  /** Closes the store and removes its files, and no others of the folder. */
  remove(): Promise<void>;
}

/** Part of the names of the files: another layout of them must not be taken for this one. */
const LAYOUT = 1;

/**
 * Opens the prepared images of a data set, decoding those that are not there yet. The file lies in `folder`; it is kept, and
 * opened again for the same data set and preparation only new and changed files (by size and time of change) are decoded.
 * Values are stored in 8 bits where all files have 8 bits at most, else in 16. If the work is interrupted, what was decoded
 * stays. Node has no memory maps: records are read by position through the system's page cache, and a small store is kept in
 * memory that threads share.
 * @throws RoentgenError "file-unreadable" where more files than allowed can't be read; "write-failed" where the disk is full
 *   or has not the room, which is found out before; "cancelled"
 */
export async function openImageStore(
  folder: string,
  dataset: ImageDataset,
  preparation: ImagePreparation,
  { threads, signal, onProgress, ...options }: ImageStoreOptions = {},
): Promise<ImageStore> {
  const settings = checkParameters(imageStoreParameters, options, "image store");
  const type = await storedType(dataset.samples);
  await makeFolder(folder);
  const stem = `${folder}/images-${fingerprint([LAYOUT, dataset.path, preparation, type])}`;
  const shape = [preparation.channels, ...preparation.size];
  const plan = await planSlots(`${stem}.jsonl`, dataset);
  const recordBytes = bytesOfRecord(shape, type);
  const file = openRecordFile(`${stem}.raw`, { writable: true });
  try {
    await checkRoom(folder, plan.recordCount * recordBytes - file.byteLength());
    const failed = await decodeSamples(
      { samples: dataset.samples, preparation, type, recordBytes, file, ...plan },
      { threads, signal, onProgress, most: mostUnreadable(dataset.samples.length, settings) },
    );
    const slots = shared(plan.slots);
    for (const { sample } of failed) slots[sample] = -1;
    const memory = readAll(file, plan.recordCount * recordBytes, settings.memoryBytes);
    const reference = { path: file.path, shape, type, slots, ...(memory && { memory }) };
    const stored = openStored(reference);
    const remove = async () => {
      stored.close();
      await removeFile(file.path);
      await removeFile(plan.journal);
    };
    return { ...stored, failed, reference, remove };
  } finally {
    file.close();
  }
}

interface SlotPlan {
  readonly journal: string;
  /** Of each sample, the record that is or will be its own. */
  readonly slots: Int32Array;
  /** Samples that are to be decoded. */
  readonly missing: readonly number[];
  /** Of each sample that is to be decoded, what its record will say. */
  readonly records: ReadonlyMap<number, StoredRecord>;
  readonly recordCount: number;
}

/** Known samples keep their records; new ones are put behind them in the order of the data set. */
async function planSlots(journal: string, { samples }: ImageDataset): Promise<SlotPlan> {
  const known = await readJournal(journal);
  const stamps = await stampsOf(samples.map(({ path }) => path));
  const slots = new Int32Array(samples.length);
  const records = new Map<number, StoredRecord>();
  let next = [...known.values()].reduce((most, { slot }) => Math.max(most, slot + 1), 0);
  samples.forEach((sample, at) => {
    const key = keyOfSample(sample);
    const stamp = stamps.get(sample.path) ?? "";
    const record = known.get(key);
    slots[at] = record ? record.slot : next++;
    if (record?.stamp !== stamp) records.set(at, { key, slot: slots[at], stamp });
  });
  return { journal, slots, missing: [...records.keys()], records, recordCount: next };
}

async function stampsOf(paths: readonly string[]): Promise<Map<string, string | undefined>> {
  const distinct = [...new Set(paths)];
  const stamps = new Map<string, string | undefined>();
  const AT_ONCE = 256;
  for (let at = 0; at < distinct.length; at += AT_ONCE) {
    const some = distinct.slice(at, at + AT_ONCE);
    const found = await Promise.all(some.map((path) => fileStamp(path)));
    for (const [n, path] of some.entries()) stamps.set(path, found[n]);
  }
  return stamps;
}

function fingerprint(value: unknown): string {
  return crc32(new TextEncoder().encode(JSON.stringify(value)))
    .toString(16)
    .padStart(8, "0");
}

function bytesOfRecord(shape: readonly number[], type: "uint8" | "uint16"): number {
  return shape.reduce((product, n) => product * n, type === "uint8" ? 1 : 2);
}

function mostUnreadable(
  count: number,
  { unreadableShare, unreadableLeast }: { unreadableShare: number; unreadableLeast: number },
): number {
  return Math.min(count - 1, Math.max(unreadableLeast, Math.floor(unreadableShare * count)));
}

/** Found out before hours of work depend on it. */
async function checkRoom(folder: string, needed: number): Promise<void> {
  const free = await freeBytes(folder);
  if (needed <= free) return;
  const inMb = (bytes: number) => counted(Math.ceil(bytes / 2 ** 20), "MB").replace("MBs", "MB");
  throw new RoentgenError("write-failed", {
    problem: `Cannot keep the prepared images in ${folder}`,
    expected: `${inMb(needed)} of free space`,
    found: inMb(free),
    remedy: "Free some space, choose another folder or a smaller size of images.",
    subject: folder,
  });
}

function shared(slots: Int32Array): Int32Array {
  if (!sharesMemory) return slots;
  const copy = new Int32Array(new SharedArrayBuffer(slots.byteLength));
  copy.set(slots);
  return copy;
}

/** Records that were never written, at the end of the file, are left zero. */
function readAll(file: RecordFile, bytes: number, most: number): ArrayBufferLike | undefined {
  if (bytes > most || !sharesMemory) return undefined;
  const memory = new SharedArrayBuffer(bytes);
  file.readInto(0, new Uint8Array(memory, 0, Math.min(bytes, file.byteLength())));
  return memory;
}
