// The training of a network in its stages, each from where the one before ended; the best weights of all of them count.

import type { EpochRecord, Network, StepRecord } from "../../networks/index.ts";
import type { OnnxModel } from "../../onnx/index.ts";
import { type FitOptions, type FitStart, type Fitted, fitNetwork } from "./fit-network.ts";
import type { FeatureSides } from "./frozen-features.ts";
import { stageFolder } from "./resumable.ts";
import { countTrained, type TrainingStage } from "./training-stages.ts";

export interface FitStagesOptions extends Omit<FitOptions, "stage" | "onStart" | "features"> {
  stages: readonly TrainingStage[];
  /** Batch of each stage, where they are not all the same. */
  batchSizes?: readonly number[];
  /** What the backbone that is frozen in a stage, from 1 on, makes of the samples. */
  features: (backbone: OnnxModel, stage: number) => Promise<FeatureSides>;
  onStart?: (start: StageStart) => void | Promise<void>;
}

/** What was settled before the first step of a stage; epochs are counted from the first stage's first on. */
export interface StageStart extends FitStart {
  /** From 1. */
  readonly stage: number;
  readonly stages: number;
  /** What is trained, in words. */
  readonly title: string;
  readonly trainedParameters: number;
}

/** What became of a stage. */
export interface StageOutcome extends Omit<StageStart, "history"> {
  readonly firstEpoch: number;
  readonly lastEpoch: number;
  readonly stopped: string;
}

export interface FittedStages {
  readonly network: Network;
  readonly stages: readonly StageOutcome[];
  readonly history: readonly EpochRecord[];
  readonly bestEpoch: number;
  readonly stopped: string;
}

interface Course extends FittedStages {
  /** Steps so far. */
  readonly steps: number;
  readonly leastLoss: number;
}

/** Trains stage by stage. */
export async function fitStages(
  network: Network,
  { stages, batchSizes, ...options }: FitStagesOptions,
): Promise<FittedStages> {
  let course: Course = {
    ...{ network, stages: [], history: [], steps: 0 },
    ...{ bestEpoch: 0, leastLoss: Number.POSITIVE_INFINITY, stopped: "finished" },
  };
  for (const [at, stage] of stages.entries()) {
    const batchSize = batchSizes?.[at] ?? options.batchSize;
    course = await goOn(course, { ...options, stage, batchSize }, { at, of: stages.length });
  }
  return course;
}

async function goOn(
  course: Course,
  options: Omit<FitStagesOptions, "stages"> & Pick<FitOptions, "stage">,
  { at, of }: { readonly at: number; readonly of: number },
): Promise<Course> {
  const { stage, folder } = options;
  const epochsBefore = course.history.length;
  const placed = <R extends StepRecord | EpochRecord>(record: R): R => ({
    ...record,
    epoch: record.epoch + epochsBefore,
    step: record.step + course.steps,
  });
  const started = (start: FitStart): StageStart => ({
    ...start,
    epochs: epochsBefore + start.epochs,
    history: [...course.history, ...start.history.map(placed)],
    ...{ stage: at + 1, stages: of, title: stage.title },
    trainedParameters: countTrained(course.network, stage),
  });
  const fitted = await fitNetwork(course.network, {
    ...options,
    epochs: Math.max(1, Math.ceil(options.epochs * stage.share)),
    folder: at === 0 ? folder : stageFolder(folder, at + 1),
    features: (backbone) => options.features(backbone, at + 1),
    onStart: (start) => options.onStart?.(started(start)),
    onStep: (record) => options.onStep?.(placed(record)),
    onEpoch: (record) => options.onEpoch?.(placed(record)),
  });
  return joined(course, fitted, { placed, start: started(fitted.start) });
}

interface Joining {
  readonly placed: (record: EpochRecord) => EpochRecord;
  readonly start: StageStart;
}

/** The best weights of all stages stay. */
function joined(
  course: Course,
  { network, trained, leastLoss }: Fitted,
  { placed, start }: Joining,
): Course {
  const own = trained.history.map(placed);
  const { history: _, ...settled } = start;
  const isBetter = leastLoss < course.leastLoss;
  const outcome: StageOutcome = {
    ...settled,
    firstEpoch: course.history.length + 1,
    lastEpoch: course.history.length + own.length,
    stopped: trained.stopped,
  };
  return {
    network: isBetter ? network : course.network,
    bestEpoch: isBetter ? course.history.length + trained.bestEpoch : course.bestEpoch,
    leastLoss: isBetter ? leastLoss : course.leastLoss,
    stages: [...course.stages, outcome],
    history: [...course.history, ...own],
    steps: own.at(-1)?.step ?? course.steps,
    stopped: trained.stopped,
  };
}
