// The part of a report on where its images came from and who saw which.

import { counted } from "../../base/index.ts";
import { percent } from "./figure-terms.ts";
import type { ImageDataSummary, ImageStudy } from "./image-study.ts";
import type { Fact, Section } from "./report.ts";
import { noteDetails, rangeFact, splitTable } from "./split-table.ts";

export function imageDataSection({
  data,
  split,
  target,
  unit,
}: Pick<ImageStudy, "data" | "split" | "target" | "unit">): Section {
  const classes = (data.classes ?? data.labels ?? []).map(({ name }) => name);
  return {
    title: "The data and the split",
    blocks: [
      { kind: "facts", facts: dataFacts(data, target, unit) },
      { kind: "prose", text: split.description },
      splitTable(split.sides, { classes, noun: "Images" }),
      ...noteDetails(data.notes),
    ],
  };
}

function dataFacts(
  { name, images, patients, classes, labels, range, input }: ImageDataSummary,
  target: string,
  unit?: string,
): Fact[] {
  const facts = [
    { label: "Data", value: name },
    { label: "Images", value: images.toLocaleString("en-US") },
    { label: "Input of the network", value: input },
    { label: "Predicted", value: target },
  ];
  if (patients !== undefined) {
    facts.push({ label: "Patients", value: patients.toLocaleString("en-US") });
  }
  const counts = classes ?? labels;
  if (counts) {
    const shares = counts.map(
      (each) => `${each.name}: ${counted(each.images, "image")} (${percent(each.images / images)})`,
    );
    facts.push({ label: classes ? "Classes" : "Findings", value: shares.join("; ") });
  }
  if (range) facts.push(rangeFact(target, range, unit));
  return facts;
}

/** "Learnt from mednist: 1,000 images, 120 patients". */
export function imageSubtitle({ name, images, patients }: ImageDataSummary): string {
  const sizes = [counted(images, "image")];
  if (patients !== undefined) sizes.push(counted(patients, "patient"));
  return `Learnt from ${name}: ${sizes.join(", ")}`;
}
