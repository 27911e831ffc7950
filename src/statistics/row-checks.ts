// Arrays that belong to the same rows, checked at the door: lengths, finite numbers, class numbers, weights.

import { type ErrorCode, RoentgenError } from "../base/index.ts";

/** Refuses what does not fit. `work` completes "Cannot …": "fit a temperature". */
export interface RowChecks {
  length(subject: string, found: number, expected: number, meaning: string): void;
  finite(subject: string, values: ArrayLike<number>): void;
  /** Class numbers 0 … classCount − 1. */
  classes(labels: ArrayLike<number>, classCount: number, subject?: string): void;
  /** One weight of 0 or more for each row. */
  weights(weights: ArrayLike<number>, rows: number): void;
  /** 1 found, 0 not found, NaN unknown. */
  findings(subject: string, values: ArrayLike<number>): void;
  /** Probabilities in [0, 1]. */
  probabilities(subject: string, values: ArrayLike<number>): void;
  refuse(
    code: ErrorCode,
    what: { subject: string; expected: string; found: string; remedy?: string },
  ): never;
}

/** Checks that name the work which the arrays are for. */
export function rowChecks(work: string): RowChecks {
  const refuse: RowChecks["refuse"] = (code, { subject, ...what }) => {
    throw new RoentgenError(code, { problem: `Cannot ${work}: ${subject}`, subject, ...what });
  };
  const every = (
    subject: string,
    values: ArrayLike<number>,
    expected: string,
    fits: (value: number) => boolean,
  ) => {
    for (let index = 0; index < values.length; index++) {
      if (fits(values[index])) continue;
      const found = `${values[index]} as value ${index + 1}`;
      refuse("value-invalid", { subject, expected, found });
    }
  };
  const length: RowChecks["length"] = (subject, found, expected, meaning) => {
    if (found === expected) return;
    const wanted = `${expected} values (${meaning})`;
    refuse("shape-mismatch", { subject, expected: wanted, found: `${found}` });
  };
  return {
    refuse,
    length,
    finite: (subject, values) => every(subject, values, "finite numbers", Number.isFinite),
    classes: (labels, classCount, subject = "labels") =>
      every(subject, labels, `whole numbers 0 … ${classCount - 1}`, (label) =>
        isClass(label, classCount),
      ),
    weights: (weights, rows) => {
      length("weights", weights.length, rows, `one for each of ${rows} rows`);
      every("weights", weights, "numbers of 0 or more", (w) => w >= 0 && Number.isFinite(w));
    },
    findings: (subject, values) =>
      every(subject, values, "1 (found), 0 (not found) or NaN (unknown)", isFinding),
    probabilities: (subject, values) =>
      every(subject, values, "probabilities in [0, 1]", (p) => p >= -1e-6 && p <= 1 + 1e-6),
  };
}

function isClass(label: number, classCount: number): boolean {
  return Number.isInteger(label) && label >= 0 && label < classCount;
}

function isFinding(value: number): boolean {
  return value === 0 || value === 1 || Number.isNaN(value);
}
