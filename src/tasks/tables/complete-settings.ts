// Settings with every default filled in, the learner's and the preprocessing's too, so that a run's config.json
// says all that was done; and what cannot be meant is refused.

import { checkParameters, RoentgenError } from "../../base/index.ts";
import {
  learnerByName,
  preprocessingDefaults,
  preprocessingParameters,
} from "../../learning/index.ts";
import { type TrainingOptions, type TrainingSettings, trainingParameters } from "./settings.ts";

/** @throws RoentgenError "bad-option" for an option that is unknown, does not fit, or would have no effect */
export function completeSettings(options: TrainingOptions): TrainingSettings {
  const settings = checkParameters(trainingParameters, options, "training");
  refuseIdleOptions(settings);
  const { model } = settings;
  const preprocessing = { ...preprocessingDefaults(model), ...settings.preprocessing };
  return {
    ...settings,
    options: checkParameters(
      learnerByName(model).parameters,
      { ...forestExtras(settings), ...settings.options },
      model,
    ) as TrainingSettings["options"],
    preprocessing: checkParameters(preprocessingParameters, preprocessing, "preprocessing"),
  };
}

/** A forest is judged out of bag as well, since that costs little. */
function forestExtras({ model, options }: TrainingSettings): TrainingSettings["options"] {
  return model === "forest" && options.bootstrap !== false ? { outOfBag: true } : {};
}

/** An option that would change nothing is a misunderstanding, better said than ignored. */
function refuseIdleOptions({
  search,
  searchDraws,
  folds,
  repeats,
  permutations,
}: TrainingSettings): void {
  if (searchDraws > 0 && Object.keys(search).length === 0) {
    refuse("searchDraws", "options to draw values of", "none", "Name them with --search.");
  }
  if (repeats > 1 && folds === 0) {
    refuse("repeats", "a cross-validation to repeat", "none", "Ask for one with --folds.");
  }
  if (folds === 1) refuse("folds", "two folds or more, or 0 for no cross-validation", "1");
  if (permutations === 1) refuse("permutations", "two shuffles or more, or 0 for none", "1");
}

function refuse(subject: string, expected: string, found: string, remedy?: string): never {
  throw new RoentgenError("bad-option", {
    problem: `Option "${subject}" of the training does not fit`,
    expected,
    found,
    subject,
    ...(remedy ? { remedy } : {}),
  });
}
