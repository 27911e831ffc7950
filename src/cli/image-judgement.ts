// A judgement of images as lines on a terminal: by image, by patient, by subgroup.

import type { Figure, MultiLabelJudgement } from "../statistics/index.ts";
import { type FindingSubgroups, type ImagesJudgement, judgesFindings } from "../tasks/index.ts";
import { heading, say, sayTable } from "./terminal.ts";
import {
  figureCells,
  sayGrades,
  sayJudgement,
  saySubgroups,
  valueAndInterval,
} from "./training-summary.ts";

/** Shows it. */
export function sayImagesJudgement(
  judgement: ImagesJudgement,
  { heldOut = "", unit }: { readonly heldOut?: string; readonly unit?: string } = {},
): void {
  const { byImage, byPatient } = judgement;
  const images = `Judged on ${byImage.n} images${heldOut}`;
  const patients = byPatient && `By patient: ${byPatient.n} patients${heldOut}`;
  if (judgesFindings(judgement)) {
    sayFindings(judgement.byImage, images);
    if (judgement.byPatient && patients) sayFindings(judgement.byPatient, patients);
    for (const subgroups of judgement.subgroups) sayFindingSubgroups(subgroups);
    return;
  }
  sayJudgement(judgement.byImage, images, unit);
  if (judgement.byPatient && patients) sayJudgement(judgement.byPatient, patients);
  sayGrades(judgement.grades);
  saySubgroups(judgement.subgroups, judgement.byImage.task);
}

function sayFindings({ perLabel, macro, level }: MultiLabelJudgement, title: string): void {
  heading(title);
  const figures = ["rocAuc", "averagePrecision", "sensitivity", "specificity"] as const;
  const cells = (of: Readonly<Record<string, Figure>>) =>
    figures.map((name) => valueAndInterval(of[name]));
  sayTable(
    ["finding", "with it", "known", "ROC AUC", "average precision", "sensitivity", "specificity"],
    [
      ...perLabel.map(({ name, positives, n, figures: own }) => {
        return [name, String(positives), String(n), ...cells(own)];
      }),
      ["mean", "", "", ...cells(macro)],
    ],
  );
  say(`  with ${Math.round(100 * level)} % intervals`);
}

function sayFindingSubgroups({ column, rows }: FindingSubgroups): void {
  heading(`By ${column}: ROC AUC`);
  const names = rows[0]?.perLabel.map(({ name }) => name) ?? [];
  sayTable(
    [column, "N", "mean", ...names],
    rows.map(({ value, n, figures, perLabel }) => [
      value ?? "(unknown)",
      String(n),
      valueAndInterval(figures.rocAuc),
      ...perLabel.map((label) => figureCells(label.figures.rocAuc)[0]),
    ]),
  );
}
