// What a training found, as lines on a terminal: data, split, figures, confusion matrix, top columns.

import type { Figure, OrdinalJudgement } from "../statistics/index.ts";
import { gradeFigures, type NamedFigure, namedFigures } from "../study/index.ts";
import {
  figureName,
  type Judgement,
  type PreparedTraining,
  type Subgroups,
  type TrainedTable,
} from "../tasks/index.ts";
import { heading, say, sayTable, styled, warn } from "./terminal.ts";

/** Figures shown, in this order; the report has all. */
const SHOWN = new Set([
  "accuracy",
  "balancedAccuracy",
  "sensitivity",
  "specificity",
  "ppv",
  "npv",
  "rocAuc",
  "rocAucOneVsRest",
  "macroF1",
  "mcc",
  "brier",
  "mae",
  "rmse",
  "r2",
  "concordance",
  "bias",
]);

/** Figures in the unit of the target. */
const IN_UNIT = new Set(["mae", "rmse", "bias"]);

const TOP_COLUMNS = 10;

/** Shows what will be learnt from, and what looks wrong with it. */
export function sayPrepared({ view, sides, findings, notes, settings }: PreparedTraining): void {
  const { features, target, groups } = view;
  const patients = groups ? `, ${groups.names.length} of ${groups.column}` : "";
  const { training, testing } = sides;
  say(
    `${styled("bold", "Data")}   ${features.rowCount} rows${patients}, ${features.columns.length} columns`,
  );
  for (const note of notes) say(`       ${note}`);
  say(
    `${styled("bold", "Split")}  ${describeSide(training.target)} to learn from, ${describeSide(testing.target)} to judge on`,
  );
  if (target.task === "classification")
    say(`       classes: ${target.classes.map((name) => `"${name}"`).join(", ")}`);
  say(`${styled("bold", "Model")}  ${settings.model}, seed ${settings.seed}`);
  for (const { message } of findings) warn(message);
}

/** Shows what a finished training found. */
export function sayTraining(trained: TrainedTable): void {
  for (const warning of trained.fitted.pipeline.warnings) warn(warning);
  const { target } = trained.view;
  const unit = target.task === "regression" ? target.unit : undefined;
  sayJudgement(trained.judgement, `Judged on the ${trained.judgement.n} rows held out`, unit);
  saySubgroups(trained.subgroups, trained.judgement.task);
  sayCrossValidation(trained);
  sayTopColumns(trained);
}

function sayCrossValidation({ crossValidation, search, settings }: TrainedTable): void {
  if (search) say(`\nSearch chose ${JSON.stringify(search.best.parameters)}`);
  if (!crossValidation) return;
  heading(`Cross-validated, ${settings.folds} folds × ${settings.repeats}`);
  sayTable(
    ["figure", "mean", "spread over folds"],
    Object.entries(crossValidation.summary).map(([metric, { folds }]) => [
      figureName(metric),
      folds.mean === null ? "undefined" : round(folds.mean),
      folds.standardDeviation === null ? "" : `± ${round(folds.standardDeviation)}`,
    ]),
  );
}

/** The columns whose shuffling costs most on the rows held out. */
function sayTopColumns({ explanation: { permutation } }: TrainedTable): void {
  if (!permutation) return;
  heading(
    `Top columns: loss of ${figureName(permutation.metric)} when shuffled on the held-out rows`,
  );
  sayTable(
    ["column", "loss", "spread"],
    permutation.columns
      .slice(0, TOP_COLUMNS)
      .map(({ name, mean, standardDeviation }) => [
        name,
        round(mean),
        `± ${round(standardDeviation)}`,
      ]),
  );
}

function describeSide(target: TrainedTable["sides"]["training"]["target"]): string {
  if (target.task === "regression") return `${target.values.length} rows`;
  const counts = target.classes.map((name, index) => {
    const members = target.labels.reduce((sum, label) => sum + (label === index ? 1 : 0), 0);
    return `${name}: ${members}`;
  });
  return `${target.labels.length} rows (${counts.join(", ")})`;
}

/** Shows figures with their intervals, a row each. */
export function sayFigures(
  title: string,
  figures: readonly Pick<NamedFigure, "label" | "figure">[],
  { level, first = "figure" }: { level: number; first?: string },
): void {
  heading(title);
  sayTable(
    [first, "value", `${Math.round(100 * level)} % interval`, "N"],
    figures.map(({ label, figure }) => [label, ...figureCells(figure)]),
  );
}

/** Shows how far off grades are, if grades are what was judged. */
export function sayGrades(grades: OrdinalJudgement | undefined): void {
  if (grades) sayFigures("How far off its grades are", gradeFigures(grades), grades);
}

/** Shows figures with their intervals and, of classes, the confusion matrix. */
export function sayJudgement(judgement: Judgement, title: string, unit?: string): void {
  const shown = namedFigures(judgement)
    .filter(({ name }) => SHOWN.has(name))
    .map(({ name, label, figure }) => ({
      label: unit && IN_UNIT.has(name) ? `${label} (${unit})` : label,
      figure,
    }));
  sayFigures(title, shown, judgement);
  if (judgement.task === "classification") sayConfusion(judgement.classes, judgement.confusion);
}

function sayConfusion(classes: readonly string[], confusion: readonly (readonly number[])[]): void {
  heading("Confusion matrix (rows: true, columns: predicted)");
  sayTable(
    ["", ...classes],
    classes.map((name, index) => [
      name,
      ...confusion[index].map((count) => String(Number(count.toFixed(2)))),
    ]),
  );
}

/** Shows the two most telling figures in each subgroup. */
export function saySubgroups(subgroups: readonly Subgroups[], task: Judgement["task"]): void {
  for (const { column, rows } of subgroups) {
    const area = rows.some(({ figures }) => "rocAuc" in figures) ? "rocAuc" : "rocAucOneVsRest";
    const shown = task === "classification" ? ["accuracy", area] : ["mae", "r2"];
    heading(`By ${column}`);
    sayTable(
      [column, "N", ...shown.flatMap((name) => [figureName(name), "interval"])],
      rows.map((row) => {
        const figures = row.figures as Readonly<Record<string, Figure | undefined>>;
        const cells = shown.flatMap((name) => figureCells(figures[name]).slice(0, 2));
        return [row.value ?? "(unknown)", String(row.n), ...cells];
      }),
    );
  }
}

/** "0.912 (0.871–0.943)". */
export function valueAndInterval(figure: Figure): string {
  const [value, interval] = figureCells(figure);
  return figure.value !== null && figure.low === null ? value : `${value} (${interval})`;
}

/** A figure, its interval or why there is none, and N. */
export function figureCells(
  figure: Figure | undefined,
): [value: string, interval: string, n: string] {
  if (!figure) return ["", "", ""];
  const { value, low, high, n, undefinedBecause } = figure;
  if (value === null) return ["undefined", undefinedBecause ?? "", String(n)];
  const interval =
    low === null || high === null ? (undefinedBecause ?? "none") : `${round(low)}–${round(high)}`;
  return [round(value), interval, String(n)];
}

function round(value: number): string {
  return Math.abs(value) < 10 ? value.toFixed(3) : String(Number(value.toPrecision(4)));
}
