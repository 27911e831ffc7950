// Trains a network: batches in an order from the seed, steps on the device, judgement after each epoch, the best weights kept.

import { openStatefulSession } from "#session";
import {
  openCheckpoint,
  RoentgenError,
  throwIfCancelled,
  type WorkOptions,
} from "../../base/index.ts";
import type { Device, NamedTensors, OnnxTensor, StatefulSession } from "../../onnx/index.ts";
import type { Loss } from "../losses/loss.ts";
import { type Network, withParameters } from "../network.ts";
import type { Optimiser } from "../optimisers/optimiser.ts";
import { constantRate, type Schedule, type SchedulePoint } from "../schedules.ts";
import { batchFeeds, type EpochBatch, epochBatches, stepsPerEpoch } from "./batches.ts";
import type { EpochRecord, TrainingCheckpoint, TrainingProgress } from "./checkpoint.ts";
import { divergence } from "./divergence.ts";
import { evaluate } from "./evaluate.ts";
import { evaluationStep } from "./evaluation-step.ts";
import type { Metric } from "./metric.ts";
import { drawRandoms } from "./randoms.ts";
import type { SampleSource } from "./samples.ts";
import {
  averageOf,
  type ParameterGroup,
  STEP,
  type TrainingStep,
  trainingStep,
} from "./training-step.ts";

/** What has been reached, after each step. */
export interface StepRecord {
  readonly epoch: number;
  /** From 1. */
  readonly step: number;
  readonly learningRate: number;
  readonly loss: number;
  /** Length of all gradients together; that of the last update, where they are accumulated. */
  readonly gradientNorm: number;
  /** Whether the step had to wait for its batch: where it often does, loading is what takes the time. */
  readonly waited: boolean;
}

export interface TrainOptions extends Omit<WorkOptions, "onProgress"> {
  data: SampleSource;
  validation?: SampleSource;
  loss: Loss;
  optimiser: Optimiser;
  schedule?: Schedule;
  epochs: number;
  batchSize: number;
  seed?: number;
  device?: Device;
  /** Whether a parameter is trained, by its name; by default all that can be. */
  trainable?: (parameter: string) => boolean;
  groups?: readonly ParameterGroup[];
  frozenStatistics?: boolean;
  clipNorm?: number;
  clipValue?: number;
  accumulate?: number;
  averageDecay?: number;
  /** Figures on the validation samples beside the loss. */
  metrics?: readonly Metric[];
  /** What decides which weights are best, and when to stop: a metric's name or "loss". */
  monitor?: string;
  /** Epochs without an improvement after which training stops; without it, it never does. */
  patience?: number;
  /** Goes on from here, to the same bits as without the interruption. */
  resume?: TrainingCheckpoint;
  /** Called with the state at the end of each epoch, and when the work is cancelled. */
  onCheckpoint?: (checkpoint: TrainingCheckpoint) => void | Promise<void>;
  /** Steps after which it is called within an epoch, too, for epochs that are too long to lose. */
  checkpointSteps?: number;
  onStep?: (record: StepRecord) => void;
  onEpoch?: (record: EpochRecord) => void | Promise<void>;
}

/** A trained network and how it came about. */
export interface Trained {
  /** With the best weights by the monitored figure; without validation the last ones. */
  readonly network: Network;
  readonly history: readonly EpochRecord[];
  /** The epoch of the weights. */
  readonly bestEpoch: number;
  readonly stopped: "finished" | "no improvement";
  readonly device: Exclude<Device, "auto">;
}

/**
 * Trains a network.
 * @throws RoentgenError "value-invalid" at the step at which the loss or a gradient stops being a finite number, naming the
 * layer; "cancelled"
 */
export async function train(network: Network, options: TrainOptions): Promise<Trained> {
  const step = trainingStep(network, options);
  const session = await openTraining(network, step, options);
  const giveTurn = openCheckpoint(undefined, "Training");
  const progress = startOf(options.resume);
  const run: Run = { network, options, step, session, progress, giveTurn };
  try {
    const stopped = await runEpochs(run);
    const { history, best, epoch } = run.progress;
    const values = best?.values ?? (await readWeights(run));
    const trained = withParameters(network, values);
    return {
      network: trained,
      history,
      bestEpoch: best?.epoch ?? epoch,
      stopped,
      device: session.device,
    };
  } finally {
    await session.close();
  }
}

/** A training under way. */
interface Run {
  readonly network: Network;
  readonly options: TrainOptions;
  readonly step: TrainingStep;
  readonly session: StatefulSession;
  readonly progress: Progress;
  /** A step keeps the thread to itself: timers, Ctrl-C and the screen get their turn between two. */
  readonly giveTurn: () => Promise<void>;
}

/** Where it stands between two steps. */
type Progress = { -readonly [Key in keyof TrainingProgress]: TrainingProgress[Key] } & {
  best?: Best;
};

interface Best {
  readonly epoch: number;
  readonly value: number;
  readonly values: Readonly<Record<string, OnnxTensor>>;
}

function startOf(checkpoint: TrainingCheckpoint | undefined): Progress {
  if (!checkpoint) {
    return { epoch: 0, done: 0, step: 0, lossSum: 0, weightSum: 0, gradientNorm: 0, history: [] };
  }
  const { progress, best } = checkpoint;
  return {
    ...progress,
    best: best && {
      epoch: progress.bestEpoch ?? 0,
      value: progress.bestValue ?? Number.NaN,
      values: best,
    },
  };
}

async function openTraining(
  network: Network,
  step: TrainingStep,
  options: TrainOptions,
): Promise<StatefulSession> {
  const { validation, resume, averageDecay, device = "auto", threads } = options;
  const judging = { ...options, averages: averageDecay !== undefined };
  const models = validation
    ? { ...step.models, evaluate: evaluationStep(network, judging) }
    : step.models;
  const first = step.initialState();
  const state = resume ? checkState(resume.state, first) : first;
  return openStatefulSession(models, { state, device, threads });
}

/** Refuses a state that was saved by another training. */
function checkState(saved: NamedTensors, expected: NamedTensors): NamedTensors {
  const shapeIn = (state: NamedTensors, name: string) =>
    state[name] && `[${state[name].shape.join(", ")}]`;
  const names = new Set([...Object.keys(saved), ...Object.keys(expected)]);
  const wrong = [...names].find((name) => shapeIn(saved, name) !== shapeIn(expected, name));
  if (wrong === undefined) return saved;
  throw new RoentgenError("shape-mismatch", {
    problem: `Cannot resume: the checkpoint does not fit the network and the optimiser at "${wrong}"`,
    expected: shapeIn(expected, wrong) ?? "no such tensor",
    found: shapeIn(saved, wrong) ?? "no such tensor",
    remedy: "Resume with the network and settings of the training that saved it.",
    subject: wrong,
  });
}

async function runEpochs(run: Run): Promise<Trained["stopped"]> {
  const { options, progress } = run;
  const { data, epochs, batchSize, seed = 0 } = options;
  const { patience = Number.POSITIVE_INFINITY, checkpointSteps = Number.POSITIVE_INFINITY } =
    options;
  while (progress.epoch < epochs) {
    if (waited(progress) >= patience) return "no improvement";
    const order = { batchSize, seed, epoch: progress.epoch, first: progress.done };
    for await (const batch of epochBatches(data, order)) {
      await pause(run);
      await takeStep(run, batch);
      if (progress.step % checkpointSteps === 0) await saveCheckpoint(run);
    }
    await endEpoch(run);
    await saveCheckpoint(run);
  }
  return "finished";
}

/** Between two steps: others get their turn, and training ends where it was cancelled. */
async function pause(run: Run): Promise<void> {
  const { signal } = run.options;
  await run.giveTurn();
  if (signal?.aborted) await saveCheckpoint(run);
  throwIfCancelled(signal, "Training");
}

async function saveCheckpoint(run: Run): Promise<void> {
  const { onCheckpoint } = run.options;
  if (onCheckpoint) await onCheckpoint(await checkpointOf(run));
}

/** Epochs since the best one. */
function waited({ epoch, best }: Progress): number {
  return best ? epoch - best.epoch : 0;
}

async function takeStep(run: Run, batch: EpochBatch): Promise<void> {
  const { session, step, options, progress } = run;
  const { accumulate = 1, seed = 0, optimiser, onStep } = options;
  const rate = optimiser.learningRate * (options.schedule ?? constantRate()).factor(pointOf(run));
  const update = {
    [STEP.rate]: scalar(rate),
    [STEP.number]: scalar(Math.floor(progress.step / accumulate) + 1),
  };
  const feeds = {
    ...batchFeeds(step, batch),
    ...drawRandoms(step.randoms, { seed, step: progress.step }),
  };
  const isWhole = accumulate === 1;
  const result = await session.run(
    isWhole ? "step" : "accumulate",
    isWhole ? { ...feeds, ...update } : feeds,
  );
  const isLast = (progress.step + 1) % accumulate === 0;
  const updated = !isWhole && isLast ? await session.run("update", update) : result;
  const loss = numberIn(result[STEP.loss]);
  if (updated[STEP.gradientNorm]) progress.gradientNorm = numberIn(updated[STEP.gradientNorm]);
  if (!Number.isFinite(loss) || !Number.isFinite(progress.gradientNorm)) {
    session.undo();
    throw await divergence(run.network, { ...run, feeds, loss });
  }
  const weight = batch.weights.reduce((sum, one) => sum + one, 0);
  progress.lossSum += loss * weight;
  progress.weightSum += weight;
  progress.step += 1;
  progress.done += 1;
  const { gradientNorm } = progress;
  onStep?.({
    epoch: progress.epoch + 1,
    step: progress.step,
    learningRate: rate,
    loss,
    gradientNorm,
    waited: batch.waited,
  });
}

function pointOf({ options, progress }: Run): SchedulePoint {
  const perEpoch = stepsPerEpoch(options.data.count, options.batchSize);
  const monitored = progress.history.map((record) => monitoredValue(record, options));
  return {
    step: progress.step,
    totalSteps: perEpoch * options.epochs,
    stepsPerEpoch: perEpoch,
    monitored,
  };
}

/** The figure that decides; smaller is better. */
function monitoredValue(
  { loss, validation }: EpochRecord,
  { monitor = "loss", metrics = [] }: TrainOptions,
): number {
  if (!validation) return loss;
  const isLarger = metrics.some(({ name, better }) => name === monitor && better === "larger");
  return isLarger ? -validation[monitor] : validation[monitor];
}

async function endEpoch(run: Run): Promise<void> {
  const { session, step, options, progress } = run;
  const { validation, metrics = [], batchSize, optimiser, schedule = constantRate() } = options;
  const betweenBatches = () => pause(run);
  const figures =
    validation &&
    (await evaluate(session, { step, data: validation, metrics, batchSize, betweenBatches }));
  const record: EpochRecord = {
    epoch: progress.epoch + 1,
    step: progress.step,
    learningRate: optimiser.learningRate * schedule.factor(pointOf(run)),
    loss: progress.lossSum / progress.weightSum,
    ...(figures ? { validation: figures } : {}),
  };
  Object.assign(progress, { epoch: record.epoch, done: 0, lossSum: 0, weightSum: 0 });
  progress.history = [...progress.history, record];
  const value = monitoredValue(record, options);
  const isBest = validation && !(value >= (progress.best?.value ?? Number.POSITIVE_INFINITY));
  if (isBest) progress.best = { epoch: record.epoch, value, values: await readWeights(run) };
  await options.onEpoch?.(record);
}

/** Parameters and running statistics by their names in the network; moving averages where they are kept. */
async function readWeights({ session, step, options }: Run): Promise<Record<string, OnnxTensor>> {
  const own = step.weights;
  const averaged = new Set(
    options.averageDecay === undefined ? [] : step.trained.map(({ name }) => name),
  );
  const from = (name: string) => (averaged.has(name) ? averageOf(name) : name);
  const read = await session.read(own.map(from));
  return Object.fromEntries(own.map((name) => [name, read[from(name)]]));
}

async function checkpointOf({ session, progress }: Run): Promise<TrainingCheckpoint> {
  const { best, ...rest } = progress;
  return {
    progress: { ...rest, ...(best ? { bestEpoch: best.epoch, bestValue: best.value } : {}) },
    state: await session.read(),
    best: best?.values,
  };
}

function scalar(value: number): OnnxTensor {
  return { type: "float32", shape: [], data: Float32Array.of(value) };
}

function numberIn(tensor: OnnxTensor): number {
  return Number(tensor.data[0]);
}
