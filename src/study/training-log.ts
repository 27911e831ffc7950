// What a training says as it goes: lines of JSON in log.jsonl, and an event file that TensorBoard draws.

import { appendToFile, makeFolder } from "#files";
import { eventFileHead, joinBytes, type ScalarRecord, scalarRecord } from "../formats/index.ts";
import type { EpochRecord, StepRecord } from "../networks/index.ts";
import { stableJsonLine } from "./json.ts";
import { runFiles } from "./run-files.ts";

export interface TrainingLogOptions {
  /** Of so many steps one is written, and every epoch. */
  everySteps?: number;
  /** Whether an event file is written, too. */
  tensorBoard?: boolean;
  /** Tells the time. */
  now?: () => Date;
}

/** Of several networks that are trained one after another, which one, from 1 on. */
export interface LogPart {
  readonly network: number;
}

/** Takes what `train` reports: give `onStep` and `onEpoch` to it, and close the log when it is done. */
export interface TrainingLog {
  onStep(record: StepRecord, part?: LogPart): void;
  /** Resolves when all until now is in the files. */
  onEpoch(record: EpochRecord, part?: LogPart): Promise<void>;
  close(): Promise<void>;
}

/** Longest time that lines wait for others to be written with, ms. */
const PATIENCE_MS = 1000;

/**
 * Opens the log of a training in a run's folder. Both files are only added to: a training that goes on repeats the steps after
 * its checkpoint, and then the later lines count; TensorBoard is told, in an event file of its own.
 * @throws RoentgenError "write-failed", from `onEpoch` and `close`
 */
export async function openTrainingLog(
  folder: string,
  { everySteps = 1, tensorBoard = true, now = () => new Date() }: TrainingLogOptions = {},
): Promise<TrainingLog> {
  await makeFolder(folder);
  const lines = openAppender<string>(`${folder}/${runFiles.log}`, (texts) => texts.join(""));
  const events = openAppender<Uint8Array>(`${folder}/${eventFileName(now())}`, joinBytes);
  let hasHead = false;

  function write(event: string, details: object, { step, scalars }: Omit<ScalarRecord, "time">) {
    const time = now();
    lines.add(stableJsonLine({ time: time.toISOString(), event, ...details }));
    if (!tensorBoard) return;
    if (!hasHead) events.add(eventFileHead({ time, step }));
    hasHead = true;
    events.add(scalarRecord({ time, step, scalars }));
  }

  const flush = async () => {
    await Promise.all([lines.flush(), events.flush()]);
  };
  return {
    onStep(record, part) {
      if (record.step % everySteps !== 0) return;
      write("step", { ...part, ...record }, namedFor(part, stepScalars(record)));
    },
    async onEpoch(record, part) {
      write("epoch", { ...part, ...record }, namedFor(part, epochScalars(record)));
      await flush();
    },
    close: flush,
  };
}

/** TensorBoard knows event files by the middle of their names, and reads those of a folder in the order of their names. */
function eventFileName(time: Date): string {
  return `events.out.tfevents.${(time.getTime() / 1000).toFixed(3)}.roentgen`;
}

/** TensorBoard groups curves by what stands before the last slash. */
function namedFor(part: LogPart | undefined, { step, scalars }: Omit<ScalarRecord, "time">) {
  if (!part) return { step, scalars };
  const named = Object.entries(scalars).map(([name, value]) => [
    `network-${part.network}/${name}`,
    value,
  ]);
  return { step, scalars: Object.fromEntries(named) };
}

function stepScalars({ step, loss, learningRate, gradientNorm }: StepRecord) {
  const scalars = { "loss/step": loss, learning_rate: learningRate, gradient_norm: gradientNorm };
  return { step, scalars };
}

function epochScalars({ step, loss, validation = {} }: EpochRecord) {
  const judged = Object.entries(validation).map(([name, value]) => [`${name}/validation`, value]);
  return { step, scalars: { "loss/training": loss, ...Object.fromEntries(judged) } };
}

/** Gathers pieces and adds them to a file in their order, many at a time. */
function openAppender<Piece extends string | Uint8Array>(
  path: string,
  join: (pieces: Piece[]) => Piece,
) {
  let waiting: Piece[] = [];
  let written: Promise<void> = Promise.resolve();
  let last = performance.now();

  function flush(): Promise<void> {
    if (waiting.length > 0) {
      const content = join(waiting);
      waiting = [];
      last = performance.now();
      written = written.then(() => appendToFile(path, content));
      // A failure is met by who awaits a flush.
      written.catch(() => {});
    }
    return written;
  }

  return {
    add(piece: Piece): void {
      waiting.push(piece);
      if (performance.now() - last > PATIENCE_MS) flush();
    },
    flush,
  };
}
