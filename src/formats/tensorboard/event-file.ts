// Writes the event files that TensorBoard draws curves from: records with checksums (tensorflow/core/lib/io/record_writer.h)
// that each hold an Event (tensorflow/core/util/event.proto).

import { crc32c } from "../elements/checksums.ts";
import { joinBytes } from "../elements/join-bytes.ts";
import { doubleField, floatField, messageField, textField, wholeField } from "./protobuf-fields.ts";

/** When something happened: the time, and the step of the training. */
export interface EventTime {
  readonly time: Date;
  /** From 0. */
  readonly step: number;
}

/** Figures of a step. */
export interface ScalarRecord extends EventTime {
  /** By tag; what stands before a slash groups the curves. Stored as float32. */
  readonly scalars: Readonly<Record<string, number>>;
}

/** Numbers of the fields. */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 };
const SUMMARY_VALUE = 1;
const VALUE = { tag: 1, simpleValue: 2 };
const STATUS = 1;
const START = 1;

/**
 * What an event file begins with. A training that goes on at `step` in a new file: TensorBoard then drops what older files
 * of the folder have from this step on.
 */
export function eventFileHead({ time, step }: EventTime): Uint8Array {
  const version = textField(EVENT.fileVersion, "brain.Event:2");
  const start = messageField(EVENT.sessionLog, [wholeField(STATUS, START)]);
  return joinBytes([record({ time, step: 0 }, version), record({ time, step }, start)]);
}

/** A record to be added to the file. */
export function scalarRecord({ scalars, ...when }: ScalarRecord): Uint8Array {
  const values = Object.entries(scalars).map(([tag, value]) =>
    messageField(SUMMARY_VALUE, [textField(VALUE.tag, tag), floatField(VALUE.simpleValue, value)]),
  );
  return record(when, messageField(EVENT.summary, values));
}

function record({ time, step }: EventTime, content: Uint8Array): Uint8Array {
  const event = joinBytes([
    doubleField(EVENT.wallTime, time.getTime() / 1000),
    // A zero is what a reader takes where there is nothing.
    ...(step === 0 ? [] : [wholeField(EVENT.step, step)]),
    content,
  ]);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(event.byteLength), true);
  return joinBytes([length, maskedSum(length), event, maskedSum(event)]);
}

/** Turned and shifted, so that the checksum of bytes that hold checksums stays of use (tensorflow/core/lib/hash/crc32c.h). */
function maskedSum(bytes: Uint8Array): Uint8Array {
  const sum = crc32c(bytes);
  const masked = (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, masked, true);
  return out;
}
