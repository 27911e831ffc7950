// What was trained and how, as facts of a report: architecture, stages of each network, mirrored copies, calibration.

import { counted, elementCount } from "../../base/index.ts";
import type { ImageTarget } from "../../datasets/index.ts";
import { architecture, parametersOf } from "../../networks/index.ts";
import type { Fact } from "../../study/index.ts";
import type { CalibratedLabel } from "./calibrate-labels.ts";
import type { StageOutcome } from "./fit-stages.ts";
import type { LearntMember } from "./learn-member.ts";
import { copyCount } from "./mirrored-copies.ts";
import type { TrainedImages } from "./train-images.ts";

/** What a report states of them. */
export function networkFacts({ plan, members, ...trained }: TrainedImages): Fact[] {
  const { title, paper } = architecture(plan.model);
  const [{ network, initial, stages }] = members;
  const counts = parametersOf(network).map(({ shape }) => elementCount(shape));
  const all = counts.reduce((total, count) => total + count, 0);
  const { temperature, threshold, labels = [] } = trained.calibration ?? {};
  const facts: (Fact | undefined)[] = [
    { label: "Architecture", value: `${title} (${paper})` },
    members.length > 1
      ? {
          label: "Networks",
          value: `${members.length}, each learnt without its fold; their mean is deployed`,
        }
      : undefined,
    { label: "Parameters", value: all.toLocaleString("en-US") },
    { label: "Weights", value: startInWords(initial.isPretrained, trained.settings.weights) },
    { label: "Batch", value: counted(stages[0].batchSize, "image") },
    ...members.flatMap((member, at) =>
      courseFacts(member, members.length > 1 ? at + 1 : undefined),
    ),
    { label: "Mirrored copies", value: plan.flips.reason },
    plan.mirrors.length > 0
      ? {
          label: "Looked at when predicting",
          value: `each image and ${counted(copyCount(plan.mirrors) - 1, "mirror image")} of it, averaged`,
        }
      : undefined,
    classWeightFact(plan.classWeights, trained.dataset.target),
    temperature && {
      label: "Temperature",
      value: `${Number(temperature.temperature.toPrecision(3))}: scores are divided by it, so that probabilities say how often they are right`,
    },
    threshold && {
      label: "Threshold",
      value: `${Number(threshold.value.toPrecision(3))} (${threshold.rule})`,
    },
    ...labels.map(labelFact),
  ];
  return facts.filter((fact) => fact !== undefined);
}

/** The stages of a network and which weights were kept; of several networks its number is said. */
function courseFacts({ stages, bestEpoch }: LearntMember, number: number | undefined): Fact[] {
  const facts = [
    ...stages.map(stageFact),
    {
      label: "Kept",
      value: `the weights of epoch ${bestEpoch}, the best on the validation images`,
    },
  ];
  if (number === undefined) return facts;
  return facts.map(({ label, value }) => ({
    label: `Network ${number}: ${label.toLowerCase()}`,
    value,
  }));
}

const rates = { found: "found by a sweep", given: "as asked", usual: "the usual one" } as const;

/** What learnt when, and at which rate. */
function stageFact(stage: StageOutcome): Fact {
  const { title, trainedParameters, learningRate, rateIs, hasFeatures } = stage;
  const { firstEpoch, lastEpoch, epochs } = stage;
  const learnt = `${title} learnt (${trainedParameters.toLocaleString("en-US")} parameters)`;
  const once = hasFeatures ? "; what is frozen gave its features once" : "";
  return {
    label: `Epochs ${firstEpoch} to ${lastEpoch}`,
    value: `${learnt}, learning rate ${learningRate}, ${rates[rateIs]}${once}; ${epochs - firstEpoch + 1} were planned`,
  };
}

function startInWords(isPretrained: boolean, weights: string | undefined): string {
  return isPretrained && weights ? `pretrained: ${weights}` : "drawn at random";
}

function classWeightFact(
  weights: readonly number[] | undefined,
  target: ImageTarget,
): Fact | undefined {
  if (!weights) return undefined;
  const rounded = weights.map((weight) => Number(weight.toPrecision(3)));
  if (target.kind !== "labels") {
    return { label: "Weights of the classes in the loss", value: rounded.join(", ") };
  }
  const value = target.labels.map((name, at) => `${name} ${rounded[at]}`).join(", ");
  return { label: "What an image with a finding counts in the loss", value };
}

/** How log odds of a finding became probabilities, and from which one on it is found. */
function labelFact({ label, line, threshold }: CalibratedLabel): Fact {
  const [slope, intercept, value] = [line.slope, line.intercept, threshold.value].map((number) =>
    Number(number.toPrecision(3)),
  );
  return {
    label,
    value: `log odds · ${slope} ${intercept < 0 ? "−" : "+"} ${Math.abs(intercept)}, fitted on ${counted(line.n, "image")} (${line.positives} with it); found from a probability of ${value} on (${threshold.rule})`,
  };
}
