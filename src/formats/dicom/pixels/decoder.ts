// Decodes frames of many files at once: reads ahead while threads decode, bounds time and memory, and writes into
// arrays of the caller's choice.

import { coreCount } from "#workers";
import {
  type ByteSource,
  checkParameters,
  integer,
  number,
  type OptionsOf,
  parameters,
  RoentgenError,
  sharesMemory,
  throwIfCancelled,
  type VoxelArray,
  voxelType,
  type WorkerPool,
  words,
} from "../../../base/index.ts";
import { transferSyntax } from "../data-set/transfer-syntaxes.ts";
import type { DecodedFrame, FrameForm } from "./decode-frame.ts";
import type { FrameOutcome, FrameTask } from "./decode-worker.ts";
import decodeHere, { isCompiled } from "./decode-worker.ts";
import { borrowThreads, returnThreads, type Threads } from "./decoder-threads.ts";
import type { PixelDescription } from "./description.ts";
import { type FrameTable, frameTable, readPieces } from "./frame-fragments.ts";
import { frameValues } from "./frame-size.ts";
import { readNativeFrame } from "./native-frame.ts";
import { timeLimit, usualSeconds } from "./time-limit.ts";
import { turnstile } from "./turnstile.ts";

export const decoderParameters = parameters({
  threads: integer({ min: 1, max: 256 })
    .optional()
    .describe("threads that decode; as many as there are cores unless said"),
  secondsPerFrame: number({ above: 0 })
    .optional()
    .describe(
      "a frame that takes longer to decode is an error; 10 s and 40 s for each million values unless said",
    ),
  webAssemblyModulePathOrUrl: words()
    .optional()
    .describe(
      "URL (in Node path) of dcmjs-native-codecs.wasm of dcmjs-codecs; in browsers beside the page unless said, in Node in its package",
    ),
});

export type DecoderOptions = OptionsOf<typeof decoderParameters> & { signal?: AbortSignal };

/** One frame, and where its stored values go. */
interface FrameRequest {
  readonly source: ByteSource;
  readonly description: PixelDescription;
  /** From 0 on. */
  readonly frame: number;
  /** Of the element type `description.type`; over a SharedArrayBuffer threads write to it without a copy. */
  readonly target: VoxelArray;
  /** Index in `target` of the frame's first value. */
  readonly offset: number;
}

export interface Decoder {
  /**
   * Writes stored values of a frame: rows · columns · samples of them, row by row, colour by pixel. Call it for
   * hundreds of frames at once; only a few are in memory at a time.
   * @throws RoentgenError naming file and frame
   */
  decode(request: FrameRequest): Promise<DecodedFrame>;
  /** Starts the threads if frames so described need them, while headers of others are still being read. */
  prepare(description: PixelDescription): void;
  close(): Promise<void>;
}

/**
 * Opens a decoder. Threads start with the first frame that is compressed. Close it when done.
 * The signal ends all that is under way with "cancelled".
 */
export function openDecoder({ signal, ...options }: DecoderOptions = {}): Decoder {
  const settings = checkParameters(decoderParameters, options, "DICOM frame decoder");
  const threads = settings.threads ?? coreCount();
  let borrowed: Threads | undefined;
  const reading = turnstile(threads * 2 + 2);
  const tables = new WeakMap<PixelDescription, Promise<FrameTable>>();

  async function encodedFrame({ source, description, frame }: FrameRequest) {
    const known = tables.get(description) ?? frameTable(source, description);
    tables.set(description, known);
    return readPieces(source, (await known)[frame]);
  }

  async function run(task: FrameTask): Promise<FrameOutcome> {
    if (quick(task)) return decodeHere(task);
    borrowed ??= borrowThreads(threads);
    const { enter, pool } = borrowed;
    const seconds = settings.secondsPerFrame ?? usualSeconds(task.form);
    return enter(() => runBounded(pool, task, seconds, signal));
  }

  async function decode(request: FrameRequest): Promise<DecodedFrame> {
    const { source, description, frame, target, offset } = request;
    checkRequest(request);
    return reading(async () => {
      throwIfCancelled(signal);
      if (description.element.kind !== "fragments") {
        await readNativeFrame(source, description, frame, target, offset);
        return { photometric: nativePhotometric(description), notes: [] };
      }
      const encoded = await encodedFrame(request);
      const shared = sharesMemory && target.buffer instanceof SharedArrayBuffer;
      const task: FrameTask = {
        encoded,
        form: formOf(description, frame),
        target: shared ? target : undefined,
        offset,
        wasm: settings.webAssemblyModulePathOrUrl,
      };
      return finish(await run(task), target, offset);
    });
  }

  function prepare({ transferSyntax: uid }: PixelDescription): void {
    const codec = transferSyntax(uid)?.codec ?? "native";
    if (isCompiled(codec)) borrowed ??= borrowThreads(threads);
  }

  async function close(): Promise<void> {
    if (borrowed) returnThreads(threads);
    borrowed = undefined;
  }

  return { decode, prepare, close };
}

function checkRequest({ description, frame, target, offset }: FrameRequest): void {
  const { name, frames, type } = description;
  if (!Number.isInteger(frame) || frame < 0 || frame >= frames) {
    throw new RoentgenError("value-invalid", {
      problem: `${name} has no frame ${frame}`,
      expected: `0 to ${frames - 1}`,
      subject: name,
    });
  }
  const fits = offset >= 0 && offset + frameValues(description) <= target.length;
  if (fits && voxelType(target) === type) return;
  throw new RoentgenError("shape-mismatch", {
    problem: `The array for frame ${frame} of ${name} does not fit`,
    expected: `${frameValues(description)} values of ${type} from ${offset} on`,
    found: `${target.length} of ${voxelType(target)}`,
    subject: name,
  });
}

/** Colour that pixels shared has been given to each. */
function nativePhotometric({ photometric }: PixelDescription): string {
  return photometric === "YBR_FULL_422" ? "YBR_FULL" : photometric;
}

function formOf(description: PixelDescription, frame: number): FrameForm {
  const { element: _, extendedOffsets: __, notes: ___, ...form } = description;
  const label = description.frames > 1 ? `frame ${frame + 1} of ${form.name}` : form.name;
  const codec = transferSyntax(description.transferSyntax)?.codec ?? "native";
  return { ...form, name: label, codec };
}

/** Frames that own, bounded code decodes in less time than a message to a thread takes. */
const QUICK_BYTES = 64 * 1024;

function quick({ form, encoded }: FrameTask): boolean {
  if (form.codec === "native") return true;
  return (form.codec === "rle" || form.codec === "deflate") && encoded.byteLength <= QUICK_BYTES;
}

async function runBounded(
  pool: WorkerPool,
  task: FrameTask,
  secondsPerFrame: number,
  signal: AbortSignal | undefined,
): Promise<FrameOutcome> {
  const late = timeLimit(secondsPerFrame);
  const either = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
  try {
    return await runInLivingThread(pool, { ...task, begun: late.begun }, either);
  } catch (cause) {
    throwIfCancelled(signal);
    const found = late.signal.aborted
      ? `a frame that took more than ${secondsPerFrame} s to decode`
      : `a failure of the decoder (${cause instanceof Error ? cause.message : cause})`;
    throw new RoentgenError("file-corrupt", {
      problem: `Cannot read ${task.form.name}`,
      found,
      remedy: "The frame is damaged, or give it more time with secondsPerFrame.",
      subject: task.form.name,
      cause,
    });
  } finally {
    late.stop();
  }
}

/** Ending a late frame ends its thread; a task that the pool gives to a thread as it ends goes to the next. */
async function runInLivingThread(
  pool: WorkerPool,
  task: FrameTask,
  signal: AbortSignal,
): Promise<FrameOutcome> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await pool.run<FrameTask, FrameOutcome>(task, { signal });
    } catch (cause) {
      const ending = cause instanceof Error && cause.message === "Terminating worker thread";
      if (!ending || signal.aborted || attempt === pool.size) throw cause;
    }
  }
}

function finish(outcome: FrameOutcome, target: VoxelArray, offset: number): DecodedFrame {
  if ("refusal" in outcome) throw new RoentgenError(outcome.refusal.code, outcome.refusal.detail);
  const { values, ...decoded } = outcome;
  if (values) target.set(values, offset);
  return decoded;
}
