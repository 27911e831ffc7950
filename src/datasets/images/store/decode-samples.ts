// The samples that a store lacks, decoded by workers and written to their records.

import type { RecordFile } from "#files";
import { coreCount, openWorkerPool } from "#workers";
import {
  counted,
  oneByOne,
  RoentgenError,
  throwIfCancelled,
  type WorkerPool,
  type WorkOptions,
} from "../../../base/index.ts";
import type { ImagePreparation, ImageSample } from "../image-dataset.ts";
import { sampleImages } from "../sample-images.ts";
import { addToJournal, type StoredRecord } from "./store-journal.ts";
import prepareHere, {
  type FileOfSamples,
  type StoreOutcome,
  type StoreTask,
} from "./store-worker.ts";

type LoadSample = ReturnType<typeof sampleImages>;

/** A sample that could not be read. */
export interface UnreadableSample {
  readonly sample: number;
  readonly path: string;
  readonly reason: string;
}

export interface Decoding {
  readonly samples: readonly ImageSample[];
  readonly preparation: ImagePreparation;
  readonly type: "uint8" | "uint16";
  readonly recordBytes: number;
  readonly file: RecordFile;
  readonly journal: string;
  readonly missing: readonly number[];
  readonly records: ReadonlyMap<number, StoredRecord>;
}

interface DecodeOptions extends WorkOptions {
  /** Samples that may be unreadable. */
  most: number;
}

/** Bytes of records that a task gives; more would only wait with their memory taken. */
const BYTES_A_TASK = 2 ** 22;

/** Files of a task at most, so that progress is seen and little is lost on interruption. */
const FILES_A_TASK = 32;

/**
 * Decodes what is missing. A record is entered in the journal once it is written.
 * @throws RoentgenError "file-unreadable" as soon as more than `most` samples can't be read
 */
export async function decodeSamples(
  decoding: Decoding,
  { threads = coreCount(), signal, onProgress, most }: DecodeOptions,
): Promise<UnreadableSample[]> {
  const { missing } = decoding;
  if (missing.length === 0) return [];
  const failed: UnreadableSample[] = [];
  const batches = batchesOf(decoding);
  const pool = openWorkerPool("./store-worker", import.meta.url, {
    ...{ here: prepareHere, threads },
    youngGenerationMb: 4,
  });
  const load = sampleImages();
  const inOrder = oneByOne();
  let done = 0;
  const decodeNext = async (batch: readonly number[]) => {
    throwIfCancelled(signal, "Preparing images");
    failed.push(...(await decodeBatch(decoding, batch, { pool, load, inOrder })));
    if (failed.length > most) throw tooManyUnreadable(failed, most);
    done += batch.length;
    onProgress?.({ stage: "Preparing images", done, total: missing.length, unit: "images" });
  };
  try {
    // One more than there are workers, so that none waits while a batch is written.
    await inTurn(batches, pool.size + 1, decodeNext);
  } finally {
    await pool.close();
  }
  return failed.sort((a, b) => a.sample - b.sample);
}

/**
 * Works on several things at a time. An error keeps more from being begun, and is thrown once those under way have ended: they
 * write to a file that is closed afterwards.
 */
async function inTurn<T>(
  things: T[],
  atOnce: number,
  work: (thing: T) => Promise<void>,
): Promise<void> {
  const waiting = [...things];
  let error: { cause: unknown } | undefined;
  const workOn = async () => {
    while (waiting.length > 0 && !error) {
      await work(waiting.shift() as T).catch((cause) => {
        error ??= { cause };
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, workOn));
  if (error) throw (error as { cause: unknown }).cause;
}

/** Samples of one file stay together, but for rows of an array. */
function batchesOf({ samples, missing, recordBytes }: Decoding): number[][] {
  const byFile = new Map<string, number[]>();
  for (const sample of missing) {
    const { path, array, frame } = samples[sample];
    const file = array === undefined ? path : `${path}|${array}|${frame}`;
    const own = byFile.get(file);
    if (own) own.push(sample);
    else byFile.set(file, [sample]);
  }
  const most = Math.max(1, Math.floor(BYTES_A_TASK / recordBytes));
  const batches: number[][] = [];
  let batch: number[] = [];
  let files = 0;
  for (const own of byFile.values()) {
    if (batch.length > 0 && (batch.length + own.length > most || files === FILES_A_TASK)) {
      batches.push(batch);
      batch = [];
      files = 0;
    }
    batch.push(...own);
    files += 1;
  }
  return [...batches, batch];
}

interface Means {
  readonly pool: WorkerPool;
  readonly load: LoadSample;
  /** Arrays are read from front to back, so that batches take their rows in order. */
  readonly inOrder: ReturnType<typeof oneByOne>;
}

async function decodeBatch(
  { samples, preparation, type, recordBytes, file, journal, records }: Decoding,
  batch: readonly number[],
  { pool, load, inOrder }: Means,
): Promise<UnreadableSample[]> {
  const own = batch.map((sample) => samples[sample]);
  const files = await inOrder(() => filesOf(own, load));
  const outcome = await pool.run<StoreTask, StoreOutcome>({ files, preparation, type });
  const reasons = new Map(outcome.failed.map(({ position, reason }) => [position, reason]));
  const written: StoredRecord[] = [];
  batch.forEach((sample, position) => {
    const record = records.get(sample) as StoredRecord;
    if (reasons.has(position)) return;
    const start = position * recordBytes;
    file.write(record.slot * recordBytes, outcome.records.subarray(start, start + recordBytes));
    written.push(record);
  });
  await addToJournal(journal, written);
  return [...reasons].map(([position, reason]) => {
    const sample = batch[position];
    return { sample, path: samples[sample].path, reason };
  });
}

/** Rows of arrays are taken out here, since every worker would need the whole array for it. */
async function filesOf(
  samples: readonly ImageSample[],
  load: LoadSample,
): Promise<FileOfSamples[]> {
  const files = new Map<string, FileOfSamples["samples"]>();
  const rows: FileOfSamples[] = [];
  for (const sample of samples) {
    const { path, array, frame, region } = sample;
    const part = region && { region };
    if (array !== undefined)
      rows.push({ source: (await load(sample)).image, samples: [{ ...part }] });
    else {
      const own = { ...(frame !== undefined && { frame }), ...part };
      files.set(path, [...(files.get(path) ?? []), own]);
    }
  }
  return [...[...files].map(([source, own]) => ({ source, samples: own })), ...rows];
}

function tooManyUnreadable(failed: readonly UnreadableSample[], most: number): RoentgenError {
  const [{ path, reason }] = failed;
  return new RoentgenError("file-unreadable", {
    problem: "Too many images can't be read",
    expected: `at most ${counted(most, "image")}`,
    found: `more; the first is ${path} (${reason.replace(/\.$/, "")})`,
    remedy: "Remove or replace these files, or raise the share of images that may be unreadable.",
    subject: path,
  });
}
