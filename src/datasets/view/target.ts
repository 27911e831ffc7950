// The column to be predicted: classes or numbers, guessed as a person would and then checked.

import {
  type ClassTarget,
  type Column,
  type NumberTarget,
  parseNumbers,
  RoentgenError,
  type Target,
  textValues,
} from "../../base/index.ts";
import { checkSpellings, orderClasses } from "./class-order.ts";
import { meantAsNumbers, notNumbers } from "./numeric-text.ts";

export interface TargetOptions {
  readonly task: "auto" | Target["task"];
  /** Names in the order wanted; all that occur must be among them. */
  readonly classes?: readonly string[];
  /** Which of two classes is the positive one. */
  readonly positive?: string;
}

/** Most different whole numbers that still look like classes rather than measurements. */
const MOST_NUMBERED_CLASSES = 10;

/**
 * Makes the target of a column without missing values, and says in `notes` what was assumed.
 * @throws RoentgenError for a single class, for text where numbers belong, for infinite values
 */
export function makeTarget(column: Column, options: TargetOptions, notes: string[]): Target {
  const numeric = asNumbers(column);
  const guess = guessTask(numeric);
  const task = options.task === "auto" ? guess.task : options.task;
  if (options.task === "auto") notes.push(`Task: ${task}, since "${column.name}" ${guess.reason}.`);
  if (task === "classification") return classTarget(column, options, notes);
  return numberTarget(numeric);
}

/** Text that is all numbers becomes numbers. */
function asNumbers(column: Column): Column {
  if (column.kind === "number") return column;
  const parsed = parseNumbers(column);
  if (parsed.unreadable.length > 0) return column;
  return { kind: "number", name: column.name, values: parsed.numbers };
}

function guessTask(column: Column): { task: Target["task"]; reason: string } {
  if (column.kind === "text") {
    refuseSpoiltNumbers(column);
    return { task: "classification", reason: "holds text" };
  }
  const distinct = new Set(column.values);
  if (distinct.size <= 2) return { task: "classification", reason: "has two values" };
  const whole = column.values.every(Number.isInteger);
  if (
    whole &&
    distinct.size <= MOST_NUMBERED_CLASSES &&
    distinct.size * 2 <= column.values.length
  ) {
    return { task: "classification", reason: `has ${distinct.size} different whole numbers` };
  }
  return { task: "regression", reason: `has ${distinct.size} different numbers` };
}

function classTarget(column: Column, options: TargetOptions, notes: string[]): ClassTarget {
  const texts = textValues(column) as readonly string[];
  const found = new Set(texts);
  checkSpellings(found, column.name);
  checkClassCount(column.name, found, texts.length, options);
  const classes = chooseOrder(column.name, texts, options, notes);
  const position = new Map(classes.map((name, index) => [name, index]));
  const labels = Int32Array.from(texts, (text) => position.get(text) as number);
  return { task: "classification", classes, labels };
}

function checkClassCount(
  name: string,
  found: Set<string>,
  rows: number,
  { classes }: TargetOptions,
): void {
  if (found.size === 1 && !classes) {
    throw new RoentgenError("too-few-samples", {
      problem: `Cannot learn classes from "${name}"`,
      expected: "at least two classes",
      found: `"${[...found][0]}" in all ${rows} rows`,
      remedy: "Add cases of another class, or name another target column.",
      subject: name,
    });
  }
  if (found.size > 20 && found.size * 2 > rows) {
    throw new RoentgenError("value-invalid", {
      problem: `Cannot learn classes from "${name}"`,
      expected: "classes that many rows share",
      found: `${found.size} different values in ${rows} rows`,
      remedy:
        "If it is a measurement, ask for regression; if it identifies rows, name another target.",
      subject: name,
    });
  }
}

function chooseOrder(
  name: string,
  texts: readonly string[],
  { classes, positive }: TargetOptions,
  notes: string[],
): readonly string[] {
  if (classes) return checkedOrder(name, texts, classes, positive);
  const guess = orderClasses(new Set(texts));
  if (positive !== undefined) return withPositiveLast(name, guess.classes, positive);
  if (guess.classes.length === 2) {
    const reason = guess.meaningful ? "from the names" : "the second in order";
    notes.push(`Positive class: "${guess.classes[1]}" (${reason}).`);
  }
  return guess.classes;
}

function checkedOrder(
  name: string,
  texts: readonly string[],
  classes: readonly string[],
  positive: string | undefined,
): readonly string[] {
  const unknown = texts.filter((text) => !classes.includes(text));
  if (unknown.length > 0) throw unknownClasses(name, unknown, classes);
  if (new Set(classes).size === classes.length) {
    return positive === undefined ? classes : withPositiveLast(name, classes, positive);
  }
  throw new RoentgenError("value-invalid", {
    problem: `The classes given do not fit column "${name}"`,
    expected: "every class once",
    found: classes.join(", "),
    subject: "classes",
  });
}

/** Most unknown classes that a message lists. */
const MOST_LISTED = 5;

function unknownClasses(name: string, unknown: readonly string[], classes: readonly string[]) {
  const counts = new Map<string, number>();
  for (const text of unknown) counts.set(text, (counts.get(text) ?? 0) + 1);
  const listed = [...counts].slice(0, MOST_LISTED);
  const found = listed.map(([text, n]) => `"${text}" in ${n} row${n === 1 ? "" : "s"}`).join(", ");
  const more = counts.size - listed.length;
  return new RoentgenError("value-invalid", {
    problem: `Column "${name}" holds ${found}${more > 0 ? ` and ${more} other unknown classes` : ""}`,
    expected: `one of ${classes.join(", ")}`,
    remedy: "Give these rows the names of known classes, or leave them out.",
    subject: name,
  });
}

function withPositiveLast(name: string, classes: readonly string[], positive: string) {
  if (classes.length === 2 && classes.includes(positive)) {
    return [...classes.filter((label) => label !== positive), positive];
  }
  throw new RoentgenError("bad-option", {
    problem: `"${positive}" cannot be the positive class of "${name}"`,
    expected: "one of two classes",
    found: classes.map((label) => `"${label}"`).join(", "),
    subject: "positive",
  });
}

function numberTarget(column: Column): NumberTarget {
  if (column.kind === "text")
    throw notNumbers(column.name, parseNumbers(column).unreadable, column);
  const values = Float64Array.from(column.values);
  const infinite = values.findIndex((value) => !Number.isFinite(value));
  if (infinite >= 0) {
    throw new RoentgenError("value-invalid", {
      problem: `Column "${column.name}" cannot be the target of a regression`,
      expected: "finite numbers",
      found: `${values[infinite]} in row ${infinite + 1}`,
      subject: column.name,
    });
  }
  if (values.every((value) => value === values[0])) {
    throw new RoentgenError("too-few-samples", {
      problem: `Cannot learn to predict "${column.name}"`,
      expected: "values that differ",
      found: `${values[0]} in all ${values.length} rows`,
      subject: column.name,
    });
  }
  const unit = unitOfName(column.name);
  return unit ? { task: "regression", values, unit } : { task: "regression", values };
}

const UNITS = new Set("mm cm mm2 mm3 cm3 ml hu days months years kg g".split(" "));

/** The unit that a name ends in: "diameter_mm", "volume (ml)". */
function unitOfName(name: string): string | undefined {
  const last = name.match(/[_ ([]+([a-z]+[23]?)[)\]]?$/i)?.[1].toLowerCase();
  if (last === undefined || !UNITS.has(last)) return undefined;
  return last === "hu" ? "HU" : last.replace("2", "²").replace("3", "³");
}

/** A target such as 1.2, 3.4, "n/a", 5.6 is a measurement with mistakes, not as many classes. */
function refuseSpoiltNumbers(column: Extract<Column, { kind: "text" }>): void {
  const parsed = parseNumbers(column);
  if (meantAsNumbers(parsed)) throw notNumbers(column.name, parsed.unreadable, column);
}
