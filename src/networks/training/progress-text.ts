// The progress of a training as JSON that gives back every number to the bit, those that JSON lacks included.

import { RoentgenError } from "../../base/index.ts";
import type { TrainingProgress } from "./checkpoint.ts";

/** Numbers that JSON turns into null or loses the sign of, as text. */
const SPECIAL = new Map<string, number>([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["-0", -0],
]);

/** Finite numbers are written with the digits that tell them from their neighbours (ECMA-262, Number::toString). */
export function progressText(progress: TrainingProgress): string {
  return JSON.stringify(progress, (_key, value: unknown) => {
    if (typeof value !== "number" || (Number.isFinite(value) && !Object.is(value, -0)))
      return value;
    return { number: Object.is(value, -0) ? "-0" : String(value) };
  });
}

/** @throws RoentgenError "file-corrupt" where a field is missing or no number */
export function parseProgress(text: string, file: string): TrainingProgress {
  const progress = parseJson(text);
  if (isProgress(progress)) return progress;
  throw new RoentgenError("file-corrupt", {
    problem: `Cannot resume from ${file}`,
    expected: "the progress of a training beside its tensors",
    found: "fields that are missing or no numbers",
    remedy: "Resume from another checkpoint.",
    subject: file,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown) => {
      const special = isObject(value) && typeof value.number === "string" ? value.number : "";
      return SPECIAL.get(special) ?? value;
    });
  } catch {
    return undefined;
  }
}

const COUNTS = ["epoch", "done", "step"] as const;
const SUMS = ["lossSum", "weightSum", "gradientNorm"] as const;

function isProgress(value: unknown): value is TrainingProgress {
  return (
    isObject(value) &&
    COUNTS.every((name) => Number.isSafeInteger(value[name]) && Number(value[name]) >= 0) &&
    SUMS.every((name) => typeof value[name] === "number") &&
    [value.skipped, value.bestEpoch, value.bestValue].every((one) => isNumberOrAbsent(one)) &&
    Array.isArray(value.history) &&
    value.history.length === value.epoch &&
    value.history.every(isRecord)
  );
}

function isRecord(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { epoch, step, learningRate, loss, validation = {} } = value;
  if (!isObject(validation)) return false;
  const figures = [epoch, step, learningRate, loss, ...Object.values(validation)];
  return figures.every((figure) => typeof figure === "number");
}

function isNumberOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === "number";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
