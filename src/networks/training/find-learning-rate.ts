// Looks for a learning rate: raises it step by step, from far too small to far too large, and watches the loss.
// Smith: "Cyclical learning rates for training neural networks", 2017, section 3.3.

import { openStatefulSession } from "#session";
import {
  checkParameters,
  integer,
  number,
  type OptionsOf,
  parameters,
  RoentgenError,
  type SettingsOf,
  throwIfCancelled,
} from "../../base/index.ts";
import type { OnnxTensor, StatefulSession } from "../../onnx/index.ts";
import type { Network } from "../network.ts";
import { batchFeeds, type EpochBatch, epochBatches } from "./batches.ts";
import { drawRandoms } from "./randoms.ts";
import type { TrainOptions } from "./train-options.ts";
import { STEP, type TrainingStep, trainingStep } from "./training-step.ts";

const sweepRules = parameters({
  /** The first learning rate. */
  from: number({ above: 0 }).default(1e-7),
  /** The last one, if the loss lets it come so far. */
  to: number({ above: 0 }).default(10),
  /** Mini-batches in all. */
  steps: integer({ min: 20 }).default(100),
  /** Part of the smoothed loss that a step keeps. */
  smoothing: number({ min: 0, below: 1 }).default(0.9),
  /** The sweep ends where the smoothed loss is so many times its smallest value. */
  explosion: number({ above: 1 }).default(4),
});

type Sweep = SettingsOf<typeof sweepRules>;

/** What `train` would be given, but for all that goes on over epochs; and the course of the sweep. */
export interface LearningRateOptions
  extends Pick<TrainOptions, "data" | "loss" | "optimiser" | "batchSize" | "seed" | "device">,
    Pick<TrainOptions, "trainable" | "groups" | "frozenStatistics" | "clipNorm" | "clipValue">,
    Pick<TrainOptions, "signal" | "threads">,
    OptionsOf<typeof sweepRules> {}

/** One mini-batch of the sweep. */
export interface LearningRatePoint {
  readonly learningRate: number;
  readonly loss: number;
  /** Moving average of the losses so far, without its bias towards 0. */
  readonly smoothed: number;
}

/** What the sweep found. */
export interface LearningRateFindings {
  readonly curve: readonly LearningRatePoint[];
  /** Where the smoothed loss falls fastest by the logarithm of the rate, before its minimum. */
  readonly steepest: number;
  /** A tenth of the rate at which the smoothed loss is smallest. */
  readonly tenthOfMinimum: number;
  /** The smaller of the two: for an optimiser's `learningRate`, or the top of a one-cycle schedule. */
  readonly suggestion: number;
  /** Why the sweep ended. */
  readonly ended: "at the last rate" | "the loss exploded";
}

/**
 * Trains on mini-batches while the learning rate rises exponentially from `from` to `to`. The network stays as it is: the
 * sweep changes a copy of its parameters, which is thrown away.
 * @throws RoentgenError "value-invalid" where the loss explodes before there is a curve to judge, or never falls
 */
export async function findLearningRate(
  network: Network,
  options: LearningRateOptions,
): Promise<LearningRateFindings> {
  const sweep = checkSweep(options);
  const step = trainingStep(network, options);
  const { device = "auto", threads } = options;
  const session = await openStatefulSession(step.models, {
    state: step.initialState(),
    device,
    threads,
  });
  try {
    const losses = lossesOfSweep({ session, step, options, sweep });
    return findingsOf(await curveOf(losses, sweep), sweep);
  } finally {
    await session.close();
  }
}

function checkSweep({ from, to, steps, smoothing, explosion }: LearningRateOptions): Sweep {
  const given = { from, to, steps, smoothing, explosion };
  const sweep = checkParameters(sweepRules, given, "search for a learning rate");
  if (sweep.from < sweep.to) return sweep;
  throw new RoentgenError("bad-option", {
    problem: "The search for a learning rate goes upwards",
    expected: "a first rate below the last one",
    found: `from ${sweep.from} to ${sweep.to}`,
  });
}

/** Rate of a step: exponential between the ends. */
function rateAt(step: number, { from, to, steps }: Sweep): number {
  return from * (to / from) ** (step / (steps - 1));
}

interface Work {
  readonly session: StatefulSession;
  readonly step: TrainingStep;
  readonly options: LearningRateOptions;
  readonly sweep: Sweep;
}

/** Takes the steps one after another and gives their losses. */
async function* lossesOfSweep({ session, step, options, sweep }: Work): AsyncGenerator<number> {
  const { seed = 0, signal } = options;
  let at = 0;
  for await (const batch of endlessBatches(options)) {
    throwIfCancelled(signal, "The search for a learning rate");
    const result = await session.run("step", {
      ...batchFeeds(step, batch),
      ...drawRandoms(step.randoms, { seed, step: at }),
      [STEP.rate]: scalar(rateAt(at, sweep)),
      [STEP.number]: scalar(at + 1),
    });
    yield Number(result[STEP.loss].data[0]);
    if (++at === sweep.steps) return;
  }
}

async function* endlessBatches({
  data,
  batchSize,
  seed = 0,
}: LearningRateOptions): AsyncGenerator<EpochBatch> {
  for (let epoch = 0; ; epoch++) yield* epochBatches(data, { batchSize, seed, epoch });
}

/** Smooths the losses as they come, until they end or explode. */
async function curveOf(losses: AsyncIterable<number>, sweep: Sweep): Promise<LearningRatePoint[]> {
  const curve: LearningRatePoint[] = [];
  let average = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for await (const loss of losses) {
    average = sweep.smoothing * average + (1 - sweep.smoothing) * loss;
    // Kingma, Ba 2015, section 3: an average that starts at 0 is too small by this factor.
    const smoothed = average / (1 - sweep.smoothing ** (curve.length + 1));
    if (!Number.isFinite(smoothed)) return curve;
    curve.push({ learningRate: rateAt(curve.length, sweep), loss, smoothed });
    smallest = Math.min(smallest, smoothed);
    if (smoothed > sweep.explosion * smallest) return curve;
  }
  return curve;
}

/** Part of the sweep at whose start the average is of too few losses to be judged. */
const FIRST_PART = 0.1;

function findingsOf(
  curve: readonly LearningRatePoint[],
  { steps, explosion }: Sweep,
): LearningRateFindings {
  const first = Math.ceil(FIRST_PART * steps);
  const smoothed = curve.map((point) => point.smoothed);
  const lowest = smoothed.indexOf(Math.min(...smoothed.slice(first)));
  if (lowest <= first) throw noDescent(curve, steps);
  const steepest = curve[steepestOf(smoothed, first, lowest)].learningRate;
  const tenthOfMinimum = curve[lowest].learningRate / 10;
  const hasExploded = curve.length < steps || smoothed[steps - 1] > explosion * smoothed[lowest];
  return {
    curve,
    steepest,
    tenthOfMinimum,
    suggestion: Math.min(steepest, tenthOfMinimum),
    ended: hasExploded ? "the loss exploded" : "at the last rate",
  };
}

/** Part of the sweep over which slopes are taken on either side: those of neighbours are noise. */
const REACH = 0.05;

/** Where the smoothed losses fall fastest from `first` on, before the lowest. Rates rise by one factor: by their logarithm. */
function steepestOf(smoothed: readonly number[], first: number, lowest: number): number {
  const reach = Math.ceil(REACH * lowest);
  let steepest = first;
  let largest = Number.NEGATIVE_INFINITY;
  for (let at = first; at < lowest; at++) {
    const [from, to] = [Math.max(0, at - reach), Math.min(lowest, at + reach)];
    const fall = (smoothed[from] - smoothed[to]) / (to - from);
    if (fall <= largest) continue;
    largest = fall;
    steepest = at;
  }
  return steepest;
}

function noDescent(curve: readonly LearningRatePoint[], steps: number): RoentgenError {
  return new RoentgenError("value-invalid", {
    problem: "The search for a learning rate found none at which the loss falls",
    expected: "losses that fall before they explode",
    found:
      curve.length === 0
        ? "a first loss that is not a finite number"
        : `${curve.length} of ${steps} steps, from a loss of ${curve[0].loss} to ${curve[curve.length - 1].loss}`,
    remedy:
      "Look for values that are not finite in the data; begin lower (from), or take more steps.",
  });
}

function scalar(value: number): OnnxTensor {
  return { type: "float32", shape: [], data: Float32Array.of(value) };
}
