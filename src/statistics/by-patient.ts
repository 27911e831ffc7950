// From images to patients: what a classifier says of each image of a patient becomes one statement.

import { rowChecks } from "./row-checks.ts";

/** Images with their patients. */
export interface ImagesOfPatients {
  /** `[rows, columns]`: of classes (rows add up to 1) or of labels. */
  readonly probabilities: ArrayLike<number>;
  /** Patient of each row, as any index. */
  readonly groups: ArrayLike<number>;
  /** True class of each row, where `kind` is "classes". */
  readonly labels?: ArrayLike<number>;
  /** `[rows, columns]`, 1 found, 0 not found, NaN unknown, where `kind` is "labels". */
  readonly truth?: ArrayLike<number>;
}

/** How images are put together. */
export interface ByPatientOptions {
  /** Classes or labels. */
  readonly columns: number;
  readonly kind: "classes" | "labels";
  /**
   * The mean of the probabilities, or the greatest: of two classes class 1's, of more each class's, made to add
   * up to 1.
   */
  readonly combine?: "mean" | "max";
  /**
   * A patient's class where images differ: refused ("same"), or the highest class number ("highest": of two
   * classes positive if any image is; of grades the worst).
   */
  readonly classes?: "same" | "highest";
}

/** One row a patient, in order of appearance. */
export interface Patients {
  readonly groups: Int32Array;
  /** Images of each. */
  readonly images: Int32Array;
  /** `[patients, columns]`. */
  readonly probabilities: Float64Array;
  readonly labels?: Int32Array;
  /** `[patients, columns]`: found if in any image; unknown if in none but unknown in one. */
  readonly truth?: Float64Array;
}

/**
 * Puts the images of each patient together.
 * @throws RoentgenError "shape-mismatch" or "value-invalid", also where classes must be the same and are not
 */
export function byPatient(
  { probabilities, groups, labels, truth }: ImagesOfPatients,
  { columns, kind, combine = "mean", classes = "same" }: ByPatientOptions,
): Patients {
  const check = rowChecks("put images of patients together");
  const rows = groups.length;
  const meaning = `${rows} rows of ${columns}`;
  check.length("probabilities", probabilities.length, rows * columns, meaning);
  check.probabilities("probabilities", probabilities);
  if (labels) check.length("labels", labels.length, rows, `one for each of ${rows} rows`);
  if (labels) check.classes(labels, columns);
  if (truth) check.length("truth", truth.length, rows * columns, meaning);
  if (truth) check.findings("truth", truth);
  const rowsOf = new Map<number, number[]>();
  for (let row = 0; row < rows; row++) {
    const own = rowsOf.get(groups[row]);
    if (own) own.push(row);
    else rowsOf.set(groups[row], [row]);
  }
  const patients = [...rowsOf.values()];
  if (labels && classes === "same") checkSame(labels, patients);
  const columnsOf = (values: ArrayLike<number>, own: readonly number[]) =>
    Array.from({ length: columns }, (_, column) =>
      own.map((row) => values[row * columns + column]),
    );
  return {
    groups: Int32Array.from(rowsOf.keys()),
    images: Int32Array.from(patients, (own) => own.length),
    probabilities: Float64Array.from(
      patients.flatMap((own) => combined(columnsOf(probabilities, own), { combine, kind })),
    ),
    ...(labels && {
      labels: Int32Array.from(patients, (own) => Math.max(...own.map((row) => labels[row]))),
    }),
    ...(truth && {
      truth: Float64Array.from(patients.flatMap((own) => columnsOf(truth, own).map(anyFound))),
    }),
  };
}

/** One probability a column, from those of the images. */
function combined(
  columns: readonly number[][],
  { combine, kind }: Required<Pick<ByPatientOptions, "combine" | "kind">>,
): number[] {
  if (combine === "mean") {
    return columns.map((values) => values.reduce((sum, p) => sum + p, 0) / values.length);
  }
  const greatest = columns.map((values) => Math.max(...values));
  if (kind === "labels") return greatest;
  if (columns.length === 2) return [1 - greatest[1], greatest[1]];
  const sum = greatest.reduce((total, p) => total + p, 0);
  return greatest.map((p) => p / sum);
}

function anyFound(values: readonly number[]): number {
  if (values.includes(1)) return 1;
  return values.some(Number.isNaN) ? Number.NaN : 0;
}

function checkSame(labels: ArrayLike<number>, patients: readonly (readonly number[])[]): void {
  const mixed = patients.filter((own) => own.some((row) => labels[row] !== labels[own[0]]));
  if (mixed.length === 0) return;
  rowChecks("put images of patients together").refuse("value-invalid", {
    subject: "labels",
    expected: "one class for all images of a patient",
    found: `several for ${mixed.length} of ${patients.length} patients`,
    remedy:
      'Choose classes: "highest" where the highest class is the patient\'s, or judge by image.',
  });
}
