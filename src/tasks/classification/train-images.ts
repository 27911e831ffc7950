// Trains networks on prepared images and judges what is deployed of them: everything that a run keeps, as data.

import { runtimeVersion } from "#session";
import { coreCount } from "#workers";
import type { WorkOptions } from "../../base/index.ts";
import type { ImageStore } from "../../datasets/index.ts";
import type { Device } from "../../onnx/index.ts";
import { describeProvenance, type Provenance } from "../../study/index.ts";
import { type CalibratedImages, calibrateImages, predictRows } from "./calibrate-images.ts";
import { type ImagesJudgement, judgeImages } from "./judge-images.ts";
import type { LearnHearing, LearntMember } from "./learn-member.ts";
import { learnMembers } from "./learn-members.ts";
import type { SampleOutputs } from "./predict-samples.ts";
import type { PreparedImages } from "./prepare-images.ts";

export interface TrainImagesOptions extends WorkOptions, LearnHearing {
  device?: Device;
  /** Memory that a training step may take, by its plan; by default a part of what is free. */
  mostBytes?: number;
  /** Folder of checkpoints. */
  folder: string;
}

export interface TrainedImages extends Omit<PreparedImages, "store">, CalibratedImages {
  /** Images that could not be read, and why. */
  readonly unreadable: ImageStore["failed"];
  /** The networks that were trained: one, or one a fold. */
  readonly members: readonly LearntMember[];
  /** To how many steps prepared images were rounded where they were stored. */
  readonly steps: 255 | 65535;
  /** On the images held out, in the order of `split.test`. */
  readonly predictions: SampleOutputs;
  readonly judgement: ImagesJudgement;
  readonly provenance: Provenance;
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/** Trains on the training side, calibrates on what was left out of it, judges on the test side. */
export async function trainImages(
  prepared: PreparedImages,
  options: TrainImagesOptions,
): Promise<TrainedImages> {
  const { store, ...kept } = prepared;
  const { settings, dataset, split } = kept;
  const startedAt = new Date();
  const members = await learnMembers(prepared, options);
  const judged = await calibrateImages(prepared, { members, work: options });
  const { test } = split;
  const predictions = await predictRows(prepared, judged.deployed, test, {
    ...options,
    stage: "Judging",
  });
  const { level, resamples, seed, subgroups } = settings;
  const { threshold, labels } = judged.calibration ?? {};
  const judgement = await judgeImages(
    dataset,
    { samples: test, scores: predictions.scores },
    {
      ...{ level, resamples, seed, subgroups },
      ...(threshold && { threshold: threshold.value }),
      ...(labels && { thresholds: labels.map((one) => one.threshold.value) }),
    },
    options,
  );
  return {
    ...kept,
    unreadable: store.failed,
    steps: store.reference.type === "uint8" ? 255 : 65535,
    members,
    ...judged,
    ...{ predictions, judgement, startedAt, endedAt: new Date() },
    provenance: await stateProvenance(seed, options),
    notes: [
      ...[...kept.notes, ...members[0].initial.notes, ...memoryNotes(members)],
      ...(judged.calibration?.notes ?? []),
    ],
  };
}

/** Why batches are smaller than planned; each sentence once, however many networks and stages it holds for. */
function memoryNotes(members: readonly LearntMember[]): string[] {
  const stages = members.flatMap((member) => member.stages);
  return [...new Set(stages.flatMap(({ memoryNote }) => memoryNote ?? []))];
}

async function stateProvenance(
  seed: number,
  { threads = coreCount() }: WorkOptions,
): Promise<Provenance> {
  const versions = { onnxruntime: await runtimeVersion() };
  return describeProvenance({ versions, threads, seed, data: [] });
}
