// What the card of a model of images says of how they become its input, and of how sure it may be.

import { type CardWords, classesInWords, ofPatients, PREVALENCE_LIMIT } from "./card-words.ts";
import type { ImageDescription } from "./image-description.ts";
import { bullets } from "./markdown.ts";

export function imageWords(description: ImageDescription): CardWords {
  return {
    opening: opening(description),
    inputs: bullets(inputInWords(description)),
    limits: knownLimits(description),
  };
}

function opening(description: ImageDescription): string {
  const { learner, target, training } = description;
  const first = `It predicts ${target.name} (method: ${learner}), learnt from ${training.images} images${ofPatients(training.patients)}.`;
  return [first, ...targetInWords(target), ...surenessInWords(description)].join(" ");
}

function surenessInWords({ calibration, conformal }: ImageDescription): string[] {
  const lines: string[] = [];
  if (calibration?.method === "temperature") {
    const temperature = Number(calibration.temperature.toPrecision(3));
    lines.push(
      `Its probabilities were calibrated on ${calibration.n} images (temperature ${temperature}).`,
    );
  }
  if (calibration?.method === "platt") {
    const fewest = Math.min(...calibration.lines.map(({ n }) => n));
    lines.push(
      `Its probabilities were calibrated on ${fewest} images or more a finding (Platt's lines).`,
    );
  }
  if (conformal) lines.push(`With each image it gives a set of classes. ${conformal.promise}`);
  return lines;
}

function targetInWords(target: ImageDescription["target"]): string[] {
  switch (target.kind) {
    case "classes": {
      const { classes, ordered, threshold } = target;
      const order = ordered ? " from the least to the most" : "";
      const lines = [`Its classes are${order} ${classesInWords(classes)}.`];
      if (classes.length === 2) lines.push(`Positive means ${classes[1].name}.`);
      if (threshold) lines.push(`It is predicted from a probability of ${chosen(threshold)} on.`);
      return lines;
    }
    case "labels":
      return [
        `It looks for ${classesInWords(target.labels)}, any of which may go together.`,
        `Each is found from its own probability on: ${target.labels
          .map(({ name, threshold }) => `${name} ${chosen(threshold)}`)
          .join(", ")}.`,
      ];
    case "number":
      return target.unit ? [`Its unit is ${target.unit}.`] : [];
    default:
      return target satisfies never;
  }
}

/** "0.31 (youden)". */
function chosen({ value, rule }: { value: number; rule: string }): string {
  return `${Number(value.toPrecision(4))} (${rule})`;
}

function inputInWords({ input: { preparation, modality } }: ImageDescription): string[] {
  const { size, channels, fit, intensity } = preparation;
  const colours = channels === 1 ? "one channel" : `${channels} channels`;
  const shape = fit === "pad" ? "shrunk with its proportions, then padded" : "stretched to it";
  return [
    ...(modality ? [`Modality: ${modality}.`] : []),
    `Size ${size.join(" × ")}, ${colours}; another size is ${shape}.`,
    intensityInWords(intensity),
  ];
}

function intensityInWords(
  intensity: ImageDescription["input"]["preparation"]["intensity"],
): string {
  switch (intensity.kind) {
    case "type-range":
      return "0 and 1 are the ends of the range that the file's type of pixel has.";
    case "stated-window":
      return "0 and 1 are the ends of the window that the file states.";
    case "window":
      return `0 and 1 are the values ${intensity.low} and ${intensity.high}.`;
    case "percentiles":
      return `0 and 1 are the ${intensity.low}th and ${intensity.high}th percentile of the image.`;
    default:
      return intensity satisfies never;
  }
}

function knownLimits({ training, target, unusual }: ImageDescription): string[] {
  const limits = [
    "It knows only images like those it learnt from; another scanner, site or population needs its own test first.",
    typeof unusual?.threshold === "number"
      ? `An image with a distance above ${Number(unusual.threshold.toPrecision(4))} is unlike those it learnt from; what it says of such an image means little.`
      : "It can't tell images that are unlike those it learnt from.",
  ];
  if (training.images < 1000) {
    limits.push(
      `It learnt from ${training.images} images; the intervals above say how sure its figures are.`,
    );
  }
  if (target.kind !== "number") limits.push(PREVALENCE_LIMIT);
  return limits;
}
