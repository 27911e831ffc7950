// What makes a trained classifier's answers honest, learnt from the validation side: a temperature, a threshold, and sets of
// classes that hold the true one as often as promised.

import { RoentgenError } from "../../base/index.ts";
import type { ImageTarget } from "../../datasets/index.ts";
import {
  type ChosenThreshold,
  type ConformalFit,
  chooseThreshold,
  fitConformal,
  fitTemperature,
  type TemperatureFit,
  temperedProbabilities,
} from "../../statistics/index.ts";
import type { ImageTrainingSettings } from "./image-settings.ts";
import { betweenScores, ruleInWords, ruleOf, type StatedThreshold } from "./threshold-rule.ts";

type ClassTarget = Extract<ImageTarget, { kind: "classes" }>;

export interface ClassCalibration {
  readonly temperature?: TemperatureFit;
  /** Of two classes: from which probability of the second one on it is predicted. */
  readonly threshold?: StatedThreshold & { readonly chosen: ChosenThreshold };
  readonly conformal?: ConformalFit;
  /** Where something could not be done, why. */
  readonly notes: readonly string[];
}

interface ValidationScores {
  /** [rows, classes]. */
  readonly logits: Float64Array;
  readonly labels: Int32Array;
  /** Patient of each row as a number. */
  readonly groups: Int32Array;
  /** Networks, of which each said what it did of the images of its fold. */
  readonly folds: number;
}

/** Calibrates the scores of classes. What needs more validation images than there are is left out and said. */
export function calibrateClasses(
  { classes }: ClassTarget,
  { logits, labels, groups, folds }: ValidationScores,
  settings: Pick<ImageTrainingSettings, "threshold" | "thresholdAt" | "coverage" | "seed">,
): ClassCalibration {
  const notes: string[] = [];
  const attempt = <Result>(what: string, work: () => Result): Result | undefined => {
    try {
      return work();
    } catch (cause) {
      if (!(cause instanceof RoentgenError) || cause.code !== "too-few-samples") throw cause;
      notes.push(`${what}: ${cause.message}`);
      return undefined;
    }
  };
  const temperature = attempt("Probabilities were not calibrated", () =>
    fitTemperature(logits, labels, { groups }),
  );
  const probabilities = temperedProbabilities(logits, {
    classCount: classes.length,
    temperature: temperature?.temperature ?? 1,
  });
  const threshold = attempt("The threshold stays at one half", () =>
    chosenThreshold(classes, probabilities, labels, settings),
  );
  const { coverage, seed } = settings;
  const options = { classes, groups, folds, coverage, seed };
  const conformal = attempt("No prediction sets", () => {
    const each = fitConformal(probabilities, labels, { ...options, perClass: true });
    // A class with too few cases would be in every set; one promise for all is then worth more.
    const isEnough = each.thresholds.every(({ threshold }) => threshold !== null);
    return isEnough ? each : fitConformal(probabilities, labels, options);
  });
  return {
    ...(temperature && { temperature }),
    ...(threshold && { threshold }),
    ...(conformal && { conformal }),
    notes,
  };
}

function chosenThreshold(
  classes: readonly string[],
  probabilities: Float64Array,
  labels: Int32Array,
  settings: Pick<ImageTrainingSettings, "threshold" | "thresholdAt">,
): ClassCalibration["threshold"] {
  const rule = ruleOf(settings);
  if (classes.length !== 2 || !rule) return undefined;
  const scores = Float64Array.from(labels, (_, row) => probabilities[2 * row + 1]);
  const chosen = chooseThreshold(labels, scores, rule);
  const value = betweenScores(scores, chosen.threshold ?? 1);
  return { value, rule: ruleInWords(rule), chosen };
}
