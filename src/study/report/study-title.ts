// What a report is called.

import { counted } from "../../base/index.ts";
import type { TableStudy } from "./table-study.ts";

export function studyTitle({
  title,
  target,
  learner,
}: Pick<TableStudy, "title" | "target" | "learner">): string {
  return title ?? `Predicting ${target}: ${learner}`;
}

export function studySubtitle({ data }: TableStudy): string {
  const sizes = [counted(data.rows, "row"), counted(data.features, "feature")];
  if (data.patients !== undefined) sizes.push(counted(data.patients, "patient"));
  return `Learnt from ${data.name}: ${sizes.join(", ")}`;
}
