// Prepared images in one file, each at its place: opened from plain data, in the main thread or in a worker.

import { openRecordFile, type RecordFile } from "#files";
import { RoentgenError } from "../../../base/index.ts";

/** How many values of a stored sample stand for 1. */
export const STEPS = { uint8: 255, uint16: 65535 } as const;

/** Plain data by which a worker opens what another thread has built; large parts of it are shared, not copied. */
export interface ImageStoreReference {
  readonly path: string;
  /** [channels, …size]. */
  readonly shape: readonly number[];
  readonly type: keyof typeof STEPS;
  /** Of each sample of the data set the record that holds it; −1 where it could not be read. */
  readonly slots: Int32Array;
  /** All records, where they are few enough to be kept in memory. */
  readonly memory?: ArrayBufferLike;
}

/** Prepared images to be read by the index of their sample. */
export interface StoredImages {
  /** Samples of the data set, those that could not be read included. */
  readonly count: number;
  /** [channels, …size]. */
  readonly shape: readonly number[];
  /**
   * Values in [0, 1] of shape `shape`, in memory of the caller's own.
   * @throws RoentgenError "file-unreadable" for a sample that could not be read
   */
  read(sample: number): Float32Array;
  close(): void;
}

/** Opens a store by its reference; close it when done. */
export function openStored({
  path,
  shape,
  type,
  slots,
  memory,
}: ImageStoreReference): StoredImages {
  const length = shape.reduce((product, n) => product * n, 1);
  const valuesAt = (buffer: ArrayBufferLike, offset: number) =>
    type === "uint8"
      ? new Uint8Array(buffer, offset, length)
      : new Uint16Array(buffer, offset, length);
  const recordBytes = length * (type === "uint8" ? 1 : 2);
  const scale = 1 / STEPS[type];
  const record = valuesAt(new ArrayBuffer(recordBytes), 0);
  let file: RecordFile | undefined;

  function recordAt(slot: number): Uint8Array | Uint16Array {
    if (memory) return valuesAt(memory, slot * recordBytes);
    file ??= openRecordFile(path);
    file.readInto(slot * recordBytes, new Uint8Array(record.buffer));
    return record;
  }

  return {
    count: slots.length,
    shape,
    read(sample) {
      const slot = slots[sample] ?? -1;
      if (slot < 0) throw unread(sample, slots.length);
      const stored = recordAt(slot);
      const values = new Float32Array(length);
      for (let at = 0; at < length; at++) values[at] = stored[at] * scale;
      return values;
    },
    close() {
      file?.close();
      file = undefined;
    },
  };
}

function unread(sample: number, count: number): RoentgenError {
  return new RoentgenError("file-unreadable", {
    problem: `There is no image of sample ${sample} in the store`,
    expected: `a sample from 0 to ${count - 1} that could be read`,
    remedy: "`failed` of the store lists those that could not.",
    subject: String(sample),
  });
}
