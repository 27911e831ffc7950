// What the card of a model of tables says of its columns.

import { type CardWords, classesInWords, ofPatients, PREVALENCE_LIMIT } from "./card-words.ts";
import { markdownTable } from "./markdown.ts";
import type { BundleInput, TableDescription } from "./table-description.ts";

export function tableWords(description: TableDescription): CardWords {
  return {
    opening: opening(description),
    inputs: inputTable(description.inputs),
    limits: knownLimits(description),
  };
}

function opening({ learner, target, training: { rows, patients } }: TableDescription): string {
  const lines = [
    `It predicts ${target.name} (method: ${learner}), learnt from ${rows} rows${ofPatients(patients)}.`,
  ];
  if (target.task === "classification") {
    lines.push(`Its classes are ${classesInWords(target.classes)}.`);
    if (target.classes.length === 2) lines.push(`Positive means ${target.classes[1].name}.`);
    if (target.threshold !== undefined) {
      lines.push(`It is predicted from a probability of ${target.threshold} on.`);
    }
  } else if (target.unit) lines.push(`Its unit is ${target.unit}.`);
  return lines.join(" ");
}

function knownLimits({ inputs, training, target }: TableDescription): string[] {
  const limits = [
    "It knows only data like those it learnt from; another scanner, site or population needs its own test first.",
    "Values outside the ranges under Inputs were never seen in training.",
  ];
  if (training.rows < 1000) {
    limits.push(
      `It learnt from ${training.rows} rows; the intervals above say how sure its figures are.`,
    );
  }
  if (inputs.every(({ missing }) => missing === 0)) {
    limits.push(
      "No value was missing in training; predictions for rows with missing values are untested.",
    );
  }
  if (target.task === "classification") limits.push(PREVALENCE_LIMIT);
  return limits;
}

function inputTable(inputs: readonly BundleInput[]): string {
  const rows = inputs.map((input) => [
    input.name,
    input.kind,
    seen(input),
    `${(input.missing * 100).toFixed(1)} %`,
  ]);
  return markdownTable(["Column", "Kind", "Seen in training", "Missing"], rows);
}

function seen(input: BundleInput): string {
  if (input.kind === "category") {
    const shown = input.categories.slice(0, 20).join(", ");
    return input.categories.length > 20
      ? `${shown} and ${input.categories.length - 20} more`
      : shown;
  }
  if (input.minimum === null || input.maximum === null) return "nothing";
  const unit = input.unit ? ` ${input.unit}` : "";
  return `${Number(input.minimum.toPrecision(5))} to ${Number(input.maximum.toPrecision(5))}${unit}`;
}
