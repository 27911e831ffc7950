// Arithmetic on dimensions, symbolic ones included: what can't be worked out becomes the text of the formula, so that
// equal formulas are equal lengths.

import type { Dimension } from "../model.ts";

/** a + b. */
export function add(a: Dimension, b: Dimension): Dimension {
  if (typeof a === "number" && typeof b === "number") return a + b;
  if (b === 0) return a;
  if (a === 0) return b;
  return typeof b === "number" && b < 0 ? `(${a} - ${-b})` : `(${a} + ${b})`;
}

/** a · b. */
export function multiply(a: Dimension, b: Dimension): Dimension {
  if (typeof a === "number" && typeof b === "number") return a * b;
  if (a === 1) return b;
  if (b === 1) return a;
  if (a === 0 || b === 0) return 0;
  return `${a} * ${b}`;
}

/** The whole part of a / b. */
export function divideDown(a: Dimension, b: number): Dimension {
  if (typeof a === "number") return Math.floor(a / b);
  return b === 1 ? a : `floor(${a} / ${b})`;
}

/** a / b, rounded up. */
export function divideUp(a: Dimension, b: number): Dimension {
  if (typeof a === "number") return Math.ceil(a / b);
  return b === 1 ? a : `ceil(${a} / ${b})`;
}

/** Product of all. */
export function product(dimensions: readonly Dimension[]): Dimension {
  const known = dimensions.reduce<number>(
    (all, one) => (typeof one === "number" ? all * one : all),
    1,
  );
  return dimensions
    .filter((one) => typeof one === "string")
    .reduce<Dimension>((all, one) => multiply(all, one), known);
}

/** Position of an axis that may count from the end; NaN where it is outside. */
export function axisOf(axis: number, rank: number): number {
  const at = axis < 0 ? axis + rank : axis;
  return at >= 0 && at < rank ? at : Number.NaN;
}
