// What is to be learnt, from the columns that hold it.

import { type Column, parseNumbers, RoentgenError, textValues } from "../../../base/index.ts";
import { orderClasses } from "../../view/class-order.ts";
import { squash } from "../../view/identifiers.ts";
import type { ImageSample, ImageTarget } from "../image-dataset.ts";
import type { ImageTask } from "../image-task.ts";

export interface ManifestTarget {
  readonly target: ImageTarget;
  /** Undefined for a row without a label. */
  readonly targetOf: (row: number) => ImageSample["target"] | undefined;
}

/** Whole numbers of so many different values are classes where nobody says otherwise. */
const MOST_NUMBERED = 20;

/** Columns of whole numbers that are grades, from the least to the most. */
const GRADES = /(grade|grading|severity|stage|birads|klscore|^kl$|level|score)/;

/**
 * Several columns, or one whose entries are joined by "|", are findings; numbers that are many or broken are measurements; all
 * else is classes.
 * @throws RoentgenError "value-invalid" where a task is asked for that the values do not fit
 */
export function targetOfColumns(
  columns: readonly Column[],
  task: ImageTask,
  notes: string[],
): ManifestTarget {
  if (columns.length > 1) return findingsOfColumns(columns);
  const [column] = columns;
  const texts = textValues(column);
  const joined = texts.some((text) => text?.includes("|"));
  // Numbers say of one finding whether it is there; words name findings.
  if (task === "labels" && numbersOf(column)) return findingsOfColumns(columns);
  if (task === "labels" || (task === "auto" && joined)) return findingsOfText(column.name, texts);
  const numbers = numbersOf(column);
  const isNumber = task === "number" || (task === "auto" && numbers && !looksLikeClasses(numbers));
  if (isNumber) return measurement(column.name, numbers);
  const ordered = task === "grades" || (task === "auto" && isGrades(column.name, numbers));
  if (ordered && task === "auto")
    notes.push(`"${column.name}" is taken for grades, which have an order.`);
  return classesOf(column.name, texts, ordered);
}

function findingsOfColumns(columns: readonly Column[]): ManifestTarget {
  const values = columns.map((column) => parseNumbers({ values: textValues(column) }).numbers);
  for (const [at, column] of values.entries()) checkFinding(columns[at].name, column);
  return {
    target: { kind: "labels", name: "findings", labels: columns.map(({ name }) => name) },
    // −1 is what CheXpert writes where the report is uncertain.
    targetOf: (row) => values.map((column) => (column[row] < 0 ? Number.NaN : column[row])),
  };
}

/** Words that say that there is none. */
const NO_FINDING = /^(no ?findings?|none|normal|nofinding)?$/i;

/** As NIH's ChestX-ray14 writes them: "Effusion|Mass", "No Finding". */
function findingsOfText(name: string, texts: readonly (string | null)[]): ManifestTarget {
  const partsOf = (text: string) =>
    text
      .split("|")
      .map((part) => part.trim())
      .filter((part) => !NO_FINDING.test(part));
  const labels = [...new Set(texts.flatMap((text) => (text === null ? [] : partsOf(text))))].sort();
  return {
    target: { kind: "labels", name, labels },
    targetOf: (row) => {
      const text = texts[row];
      if (text === null) return undefined;
      const found = new Set(partsOf(text));
      return labels.map((label) => (found.has(label) ? 1 : 0));
    },
  };
}

function measurement(name: string, numbers: ArrayLike<number> | undefined): ManifestTarget {
  if (!numbers) {
    throw new RoentgenError("value-invalid", {
      problem: `Cannot learn a number from "${name}"`,
      expected: "numbers",
      found: "text",
      remedy: "Ask for classes, or name another column.",
      subject: name,
    });
  }
  return {
    target: { kind: "number", name },
    targetOf: (row) => (Number.isFinite(numbers[row]) ? numbers[row] : undefined),
  };
}

function classesOf(
  name: string,
  texts: readonly (string | null)[],
  ordered: boolean,
): ManifestTarget {
  const trimmed = texts.map((text) => text?.trim().normalize("NFC") || null);
  const { classes } = orderClasses(new Set(trimmed.filter((text) => text !== null)));
  const numbers = new Map(classes.map((text, at) => [text, at]));
  return {
    target: { kind: "classes", name, classes, ordered },
    targetOf: (row) => numbers.get(trimmed[row] ?? ""),
  };
}

function looksLikeClasses(numbers: ArrayLike<number>): boolean {
  const known = Array.from(numbers).filter((value) => !Number.isNaN(value));
  const distinct = new Set(known);
  if (!known.every(Number.isInteger)) return false;
  return (
    distinct.size <= 2 || (distinct.size <= MOST_NUMBERED && distinct.size * 2 <= known.length)
  );
}

function isGrades(name: string, numbers: ArrayLike<number> | undefined): boolean {
  return (
    numbers !== undefined && GRADES.test(squash(name)) && new Set(Array.from(numbers)).size > 2
  );
}

function numbersOf(column: Column): ArrayLike<number> | undefined {
  if (column.kind === "number") return column.values;
  const { numbers, unreadable } = parseNumbers(column);
  return unreadable.length > 0 ? undefined : numbers;
}

function checkFinding(name: string, values: ArrayLike<number>): void {
  const strange = Array.from(values).find(
    (value) => !Number.isNaN(value) && ![-1, 0, 1].includes(value),
  );
  if (strange === undefined) return;
  throw new RoentgenError("value-invalid", {
    problem: `Column "${name}" is no finding`,
    expected: "1 found, 0 not found, empty or −1 unknown",
    found: `${strange}`,
    remedy: "Name one target column for classes or numbers, or several of 0 and 1 for findings.",
    subject: name,
  });
}
