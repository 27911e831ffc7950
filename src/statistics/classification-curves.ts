// The curves that a report draws of a classification, thinned so that they stay small.

import { type CalibrationBin, calibrationCurve } from "./calibration.ts";
import type { ClassificationInput } from "./classification-input.ts";
import { columnOf } from "./columns.ts";
import { type DecisionPoint, decisionCurve } from "./decision-curve.ts";
import { type PrecisionRecallPoint, precisionRecallCurve } from "./precision-recall.ts";
import { type RocPoint, rocCurve } from "./roc.ts";

/** Curves of one class against the others; empty where undefined. */
export interface ClassCurves {
  readonly class: string;
  readonly roc: readonly RocPoint[];
  readonly precisionRecall: readonly PrecisionRecallPoint[];
  readonly calibration: readonly CalibrationBin[];
  readonly decision: readonly DecisionPoint[];
}

/** Of two classes the positive one's curves; of more, each class's. */
export type ClassificationCurves = readonly ClassCurves[];

const mostPoints = 500;

/** Draws the curves of the positive class, or of every class where there are several. */
export function classificationCurves(
  { classes, labels, probabilities, weights }: ClassificationInput,
  { positive, level, bins }: { positive?: number; level: number; bins: number },
): ClassificationCurves {
  const shown = positive === undefined ? classes.map((_, index) => index) : [positive];
  return shown.map((index) => {
    const truth = labels.map((label) => +(label === index));
    const scores = columnOf(probabilities, index, classes.length);
    return {
      class: classes[index],
      roc: thin(withoutCollinear(rocCurve(truth, scores, { weights }))),
      precisionRecall: thin(precisionRecallCurve(truth, scores, { weights })),
      calibration: calibrationCurve(truth, scores, { weights, level, bins }),
      decision: decisionCurve(truth, scores, { weights }),
    };
  });
}

/** Drops points within straight horizontal or vertical runs: the drawn line is the same. */
function withoutCollinear(points: readonly RocPoint[]): RocPoint[] {
  return points.filter((point, index) => {
    const before = points[index - 1];
    const after = points[index + 1];
    if (!before || !after) return true;
    const flat = before.truePositiveRate === after.truePositiveRate;
    const steep = before.falsePositiveRate === after.falsePositiveRate;
    return !(flat || steep) || point.threshold === null;
  });
}

/** At most `mostPoints` points, evenly chosen, ends kept. */
function thin<T>(points: readonly T[]): T[] {
  if (points.length <= mostPoints) return [...points];
  const step = (points.length - 1) / (mostPoints - 1);
  return Array.from({ length: mostPoints }, (_, index) => points[Math.round(index * step)]);
}
