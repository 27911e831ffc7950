// What a network is to make small for a target, and what is watched as it learns.

import type { ImageTarget } from "../../datasets/index.ts";
import {
  accuracy,
  binaryCrossEntropy,
  categoricalCrossEntropy,
  huber,
  type Loss,
  type Metric,
} from "../../networks/index.ts";
import { calibratedLoss } from "./calibrated-loss.ts";
import { outputCount } from "./image-source.ts";
import { meanRocAuc } from "./mean-roc-auc.ts";

export interface LearningGoal {
  readonly loss: Loss;
  readonly metrics: readonly Metric[];
  /** Which of the figures chooses the weights; "loss" or the name of a metric. */
  readonly monitor: string;
}

/** Part of the probability that is spread over all classes (Müller et al.: "When does label smoothing help?", 2019). */
const SMOOTHING = 0.05;

/** @param classWeights of classes one each; of findings what images with it count against those without */
export function learningGoal(target: ImageTarget, classWeights?: readonly number[]): LearningGoal {
  switch (target.kind) {
    case "number":
      return { loss: huber(), metrics: [], monitor: "loss" };
    case "labels":
      return { loss: findingsLoss(classWeights), metrics: [meanRocAuc()], monitor: "loss" };
    case "classes": {
      const chosenBy = calibratedLoss();
      const metrics = [accuracy(), chosenBy];
      return { loss: classLoss(target, classWeights), metrics, monitor: chosenBy.name };
    }
    default:
      return target satisfies never;
  }
}

/** Not smoothed: of a finding that one image in five hundred has, a smoothed 0 would say ten times as often. */
function findingsLoss(positiveWeights: readonly number[] | undefined): Loss {
  return binaryCrossEntropy({
    unknown: true,
    ...(positiveWeights && { positiveWeight: [...positiveWeights] }),
  });
}

function classLoss(target: ImageTarget, weights: readonly number[] | undefined): Loss {
  if (outputCount(target) === 1) {
    const positiveWeight = weights ? weights[1] / weights[0] : 1;
    return binaryCrossEntropy({ positiveWeight, labelSmoothing: SMOOTHING });
  }
  return categoricalCrossEntropy({
    labelSmoothing: SMOOTHING,
    ...(weights ? { classWeights: [...weights] } : {}),
  });
}
