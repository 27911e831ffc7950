// Arithmetic on dimensions, symbolic ones included: what can't be worked out becomes the text of the formula in one
// fixed form, so that equal formulas are equal lengths. Sums stand in brackets, their number last: "(N + 3)"; products
// have their factors in order, their number last: "C * N * 2".

import type { Dimension } from "../model.ts";

/** The lengths, where every one is known before the model runs. */
export function lengthsOf(shape: readonly Dimension[] | undefined): readonly number[] | undefined {
  const isKnown = shape?.every((length) => typeof length === "number");
  return isKnown ? (shape as readonly number[]) : undefined;
}

/** a + b. */
export function add(a: Dimension, b: Dimension): Dimension {
  const [left, right] = [termsOf(a), termsOf(b)];
  const constant = left.constant + right.constant;
  const text = [left.text, right.text].filter((part) => part !== "").join(" + ");
  if (text === "") return constant;
  const isSingle = left.text === "" || right.text === "";
  if (constant === 0) return isSingle ? text : `(${text})`;
  const base = isSingle ? text : `(${text})`;
  return constant < 0 ? `(${base} - ${-constant})` : `(${base} + ${constant})`;
}

/** a − b. */
export function subtract(a: Dimension, b: Dimension): Dimension {
  if (a === b) return 0;
  if (typeof b === "number") return add(a, -b);
  return `(${a} - ${b})`;
}

/** a · b. */
export function multiply(a: Dimension, b: Dimension): Dimension {
  const [left, right] = [factorsOf(a), factorsOf(b)];
  return productOf(left.coefficient * right.coefficient, [...left.names, ...right.names]);
}

/** The whole part of a / b. */
export function divideDown(a: Dimension, b: number): Dimension {
  return divided(a, b, "floor", Math.floor);
}

/** a / b, rounded up. */
export function divideUp(a: Dimension, b: number): Dimension {
  return divided(a, b, "ceil", Math.ceil);
}

function divided(
  a: Dimension,
  b: number,
  name: string,
  round: (quotient: number) => number,
): Dimension {
  const { coefficient, names } = factorsOf(a);
  if (names.length === 0) return round(coefficient / b);
  const quotient = coefficient / b;
  return Number.isInteger(quotient) ? productOf(quotient, names) : `${name}(${a} / ${b})`;
}

/** Product of all. */
export function product(dimensions: readonly Dimension[]): Dimension {
  return dimensions.reduce(multiply, 1);
}

/** Position of an axis that may count from the end; NaN where it is outside. */
export function axisOf(axis: number, rank: number): number {
  const at = axis < 0 ? axis + rank : axis;
  return at >= 0 && at < rank ? at : Number.NaN;
}

/** A dimension as symbolic part plus number. */
function termsOf(dimension: Dimension): { text: string; constant: number } {
  if (typeof dimension === "number") return { text: "", constant: dimension };
  const sum = dimension.match(/^\((.+) ([+-]) (\d+)\)$/);
  if (!sum || !isBalanced(sum[1])) return { text: dimension, constant: 0 };
  return { text: sum[1], constant: sum[2] === "-" ? -Number(sum[3]) : Number(sum[3]) };
}

/** Whether every bracket that closes in a text was opened in it. */
function isBalanced(text: string): boolean {
  let depth = 0;
  for (const letter of text) {
    if (letter === "(") depth++;
    if (letter === ")" && --depth < 0) return false;
  }
  return depth === 0;
}

/** A dimension as number times names. */
function factorsOf(dimension: Dimension): { coefficient: number; names: string[] } {
  if (typeof dimension === "number") return { coefficient: dimension, names: [] };
  const names: string[] = [];
  let coefficient = 1;
  for (const part of dimension.split(" * ")) {
    // A factor that holds products itself was cut inside its brackets: it goes on.
    const last = names.at(-1);
    if (last !== undefined && !isBalanced(last)) names[names.length - 1] = `${last} * ${part}`;
    else if (/^\d+(\.\d+)?$/.test(part)) coefficient *= Number(part);
    else names.push(part);
  }
  return { coefficient, names };
}

function productOf(coefficient: number, names: readonly string[]): Dimension {
  if (names.length === 0 || coefficient === 0) return coefficient;
  const sorted = [...names].sort();
  return [...sorted, ...(coefficient === 1 ? [] : [String(coefficient)])].join(" * ");
}
