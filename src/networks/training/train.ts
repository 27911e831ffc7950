// Trains a network: batches in an order from the seed, steps on the device, judgement after each epoch, the best weights kept.

import { openStatefulSession } from "#session";
import { openCheckpoint, RoentgenError } from "../../base/index.ts";
import type { NamedTensors, OnnxTensor, StatefulSession } from "../../onnx/index.ts";
import { type Network, withParameters } from "../network.ts";
import { constantRate, type SchedulePoint } from "../schedules.ts";
import { batchFeeds, type EpochBatch, epochBatches, stepsPerEpoch } from "./batches.ts";
import type { EpochRecord } from "./checkpoint.ts";
import { divergence } from "./divergence.ts";
import { evaluate } from "./evaluate.ts";
import { evaluationStep } from "./evaluation-step.ts";
import { isSkipped } from "./loss-scaling.ts";
import { checkMemory } from "./memory.ts";
import { type Precision, precisionOn } from "./precision.ts";
import { drawRandoms } from "./randoms.ts";
import type { Trained, TrainOptions } from "./train-options.ts";
import { pause, type Run, readWeights, saveCheckpoint, startOf, waited } from "./training-run.ts";
import { STEP, type TrainingStep, trainingStep } from "./training-step.ts";

/**
 * Trains a network.
 * @throws RoentgenError "too-large" before the first step where the plan of its memory exceeds `mostBytes`, naming the tensor
 * that does not fit; "value-invalid" at the step at which the loss or a gradient stops being a finite number, naming the
 * layer; "cancelled"
 */
export async function train(network: Network, options: TrainOptions): Promise<Trained> {
  return trainIn(network, options, await precisionOn(options));
}

/** Trains in a precision whatever the device has of it: the CPU widens float16 to float32. */
export async function trainIn(
  network: Network,
  options: TrainOptions,
  precision: Precision,
): Promise<Trained> {
  const step = trainingStep(network, { ...options, precision });
  options.onPlan?.(step.memory);
  checkMemory(step.memory, options.mostBytes);
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
      precision,
      skipped: run.progress.skipped ?? 0,
    };
  } finally {
    await session.close();
  }
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
  const weight = batch.weights.reduce((sum, one) => sum + one, 0);
  await checkStep(run, { loss, updated, feeds });
  if (Number.isFinite(loss)) {
    progress.lossSum += loss * weight;
    progress.weightSum += weight;
  }
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

interface TakenStep {
  readonly loss: number;
  /** What the update gave; of a step that only adds to gradients what that gave. */
  readonly updated: NamedTensors;
  readonly feeds: NamedTensors;
}

/** Notes the gradients' length, or that the step was skipped. */
async function checkStep(run: Run, { loss, updated, feeds }: TakenStep): Promise<void> {
  const { progress, session } = run;
  const given = updated[STEP.gradientNorm];
  const norm = given ? numberIn(given) : progress.gradientNorm;
  if (Number.isFinite(loss) && Number.isFinite(norm)) {
    progress.gradientNorm = norm;
    return;
  }
  const scale = updated[STEP.lossScale];
  // Gradients that are only added up are looked at when they are taken.
  const isOpen = run.step.precision === "mixed" && !given;
  const isForgiven = isOpen || (scale && !Number.isFinite(norm) && isSkipped(numberIn(scale)));
  if (!isForgiven) {
    session.undo();
    throw await divergence(run.network, { ...run, feeds, loss });
  }
  if (given) progress.skipped = (progress.skipped ?? 0) + 1;
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

function scalar(value: number): OnnxTensor {
  return { type: "float32", shape: [], data: Float32Array.of(value) };
}

function numberIn(tensor: OnnxTensor): number {
  return Number(tensor.data[0]);
}
