// Split-conformal calibration: the scores of held-out cases say how large a set of classes must be to
// hold the true one as often as promised. Vovk, Gammerman & Shafer 2005; by class: Vovk 2012; with scores of networks that
// each left out a fold: Vovk, Ann Math Artif Intell 2015;74:9–28.

import {
  checkParameters,
  flag,
  integer,
  number,
  type OptionsOf,
  oneOf,
  parameters,
  type SettingsOf,
} from "../../base/index.ts";
import { oneOfPatient } from "../one-of-patient.ts";
import { type RowChecks, rowChecks } from "../row-checks.ts";
import { type ConformalQuantile, conformalQuantile, fewestScores } from "./conformal-quantile.ts";
import { conformalMethods, nonconformity } from "./nonconformity.ts";

const conformalParameters = parameters({
  /** Share of new cases whose set shall hold the true class. */
  coverage: number({ above: 0, below: 1 }).default(0.9),
  method: oneOf(...conformalMethods).default("lac"),
  /** A threshold for each class, so that the promise holds for each class's own cases. */
  perClass: flag().default(false),
  /** "aps", "raps": whether sets are randomised, which makes coverage exact; otherwise they are larger. */
  randomised: flag().default(true),
  /** "raps": what each rank after `freeRanks` costs. */
  penalty: number({ min: 0 }).default(0.1),
  freeRanks: integer({ min: 0 }).default(1),
  /** Whether a set may be empty: no class fits as well as it should. By default the most probable one is put in. */
  allowEmpty: flag().default(false),
  seed: integer({ min: 0 }).default(0),
});

/** How to calibrate; all has defaults. */
export type ConformalOptions = OptionsOf<typeof conformalParameters>;

/** The threshold of one class, or of all. */
export interface ConformalThreshold extends ConformalQuantile {
  /** null where it is that of all classes. */
  readonly class: string | null;
  /** Why the class is in every set, where the threshold is null. */
  readonly alwaysBecause?: string;
}

/** What sets are made with. Plain data; survives JSON. */
export interface ConformalFit extends SettingsOf<typeof conformalParameters> {
  readonly classes: readonly string[];
  /** Cases calibrated on: rows, or patients where rows were given patients. */
  readonly n: number;
  /** Rows given. */
  readonly rows: number;
  /** Models that gave the scores, each those of the cases that it did not learn from; where there were several. */
  readonly folds?: number;
  /** One for all classes, or one a class. */
  readonly thresholds: readonly ConformalThreshold[];
  /** What is promised and what not, in a sentence. */
  readonly promise: string;
}

/**
 * Calibrates prediction sets on cases that the model was neither fitted nor tuned on.
 *
 * Of several rows of a patient one is drawn, since alike rows would promise more than new patients keep.
 * A class (or calibration) with too few cases has no finite threshold: it is in every set.
 * @param probabilities `[rows, classes]`
 * @param labels true class of each row
 * @param options.folds models that gave the probabilities, each those of the cases that it did not learn from
 * @throws RoentgenError "shape-mismatch", "value-invalid" or "bad-option"
 */
export function fitConformal(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  {
    classes,
    groups,
    folds = 1,
    ...options
  }: {
    classes: readonly string[];
    groups?: ArrayLike<number>;
    folds?: number;
  } & ConformalOptions,
): ConformalFit {
  const rule = checkParameters(conformalParameters, options, "conformal calibration");
  checkRows(rowChecks("calibrate prediction sets"), probabilities, labels, { classes, groups });
  const purpose = "statistics/conformal/calibration";
  const scores = nonconformity(probabilities, classes.length, { rule, purpose });
  const ownScore = (row: number) => scores[row * classes.length + labels[row]];
  const rows = Array.from(labels as ArrayLike<number>, (_, row) => row);
  const drawn = (from: readonly number[]) =>
    oneOfPatient(from, groups, { seed: rule.seed, purpose: "statistics/conformal/patients" });
  const rowsOf = (name: string) => drawn(rows.filter((row) => classes[labels[row]] === name));
  const parts = rule.perClass
    ? classes.map((name) => ({ name, rows: rowsOf(name) }))
    : [{ name: null, rows: drawn(rows) }];
  const thresholds = parts
    .map((part) => thresholdOf(part.name, part.rows.map(ownScore), rule.coverage))
    .map((one) => (folds === 1 ? one : withoutInterval(one)));
  return {
    ...rule,
    classes,
    n: drawn(rows).length,
    rows: rows.length,
    ...(folds > 1 && { folds }),
    thresholds,
    promise: promiseOf(rule, thresholds, { folds, byPatient: groups !== undefined }),
  };
}

function checkRows(
  check: RowChecks,
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  { classes, groups }: { classes: readonly string[]; groups?: ArrayLike<number> },
): void {
  const rows = labels.length;
  const meaning = `${rows} rows of ${classes.length} classes`;
  check.length("probabilities", probabilities.length, rows * classes.length, meaning);
  check.probabilities("probabilities", probabilities);
  check.classes(labels, classes.length);
  if (groups) check.length("groups", groups.length, rows, `one patient for each of ${rows} rows`);
}

function thresholdOf(
  name: string | null,
  scores: readonly number[],
  coverage: number,
): ConformalThreshold {
  const quantile = conformalQuantile(scores, coverage);
  if (quantile.threshold !== null) return { class: name, ...quantile };
  const cases = scores.length === 1 ? "1 calibration case" : `${scores.length} calibration cases`;
  const alwaysBecause = `${cases}; ${percent(coverage)} needs ${fewestScores(coverage)} or more`;
  return { class: name, ...quantile, alwaysBecause };
}

function promiseOf(
  { coverage, perClass }: { coverage: number; perClass: boolean },
  thresholds: readonly ConformalThreshold[],
  { folds, byPatient }: { folds: number; byPatient: boolean },
): string {
  const whose = perClass ? "of each class's own cases" : "of all cases, not of each class's own";
  const like = byPatient
    ? "new patients like those calibrated on"
    : "new cases like those calibrated on";
  const always = thresholds.filter(({ threshold }) => threshold === null);
  const promise =
    folds === 1
      ? `The set holds the true class in at least ${percent(coverage)} ${whose}, for ${like}.`
      : `${crossedPromise(coverage, folds, whose)}, for ${like}.`;
  if (always.length === 0) return promise;
  if (!perClass) return `${promise} It holds every class: there were ${always[0].alwaysBecause}.`;
  const names = always.map(({ class: name, alwaysBecause }) => `${name} (${alwaysBecause})`);
  return `${promise} In every set, for want of cases: ${names.join(", ")}.`;
}

/**
 * Cases that are each judged by the model that left them out: sets that count a new case against the cases of every model, by
 * that model, hold the truth in at least 1 − 2 α − √(2 / n) (CV+: Barber, Candès, Ramdas & Tibshirani, Ann Stat
 * 2021;49:486–507, theorem 4). Of sets by the mean of the models, as these are, nothing is proven.
 */
function crossedPromise(coverage: number, folds: number, whose: string): string {
  const proven = percent(Math.max(0, 2 * coverage - 1));
  return `The set is meant to hold the true class in ${percent(coverage)} ${whose} (each case calibrated on was judged by the one of ${folds} models that had not seen it; for sets that ask every model about its own cases at least ${proven} less √(2 / cases) is proven, for those of the models' mean, as here, nothing: the coverage of cases held out says what they hold)`;
}

/** What is known of cases judged by one model alone does not hold for those of several. */
function withoutInterval(threshold: ConformalThreshold): ConformalThreshold {
  return { ...threshold, likelyCoverage: { low: null, high: null } };
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
