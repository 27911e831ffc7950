// The equation of Einsum: which axis of which tensor each letter is.

import type { ArgumentReader } from "./arguments.ts";

/** An equation taken apart; an ellipsis stands as letters "0", "1", … for the axes that it covers. */
export interface EinsumEquation {
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
}

/** Reads "ij,jk->ik" for inputs of the given ranks; without an arrow the output has the letters that occur once. */
export function readEquation(
  node: Pick<ArgumentReader, "fail"> & { text(name: string, fallback: string): string },
  ranks: readonly number[],
): EinsumEquation {
  const equation = node.text("equation", "").replaceAll(" ", "");
  const [left, right] = equation.split("->");
  const terms = left.split(",");
  if (terms.length !== ranks.length) node.fail(`${terms.length} inputs, as "${equation}" has`);
  const covered = terms.map((term, at) =>
    term.includes("...") ? ranks[at] - term.replace("...", "").length : 0,
  );
  const most = Math.max(...covered);
  // The axes under ellipses broadcast from the right.
  const ellipsis = (count: number) =>
    Array.from({ length: count }, (_, at) => String(most - count + at));
  const letters = (term: string, count: number) => {
    const [before, after = ""] = term.split("...");
    return [...before, ...(term.includes("...") ? ellipsis(count) : []), ...after];
  };
  const inputs = terms.map((term, at) => letters(term, covered[at]));
  if (inputs.some((term, at) => term.length !== ranks[at])) {
    node.fail(`one letter an axis in "${equation}"`);
  }
  if (right !== undefined) return { inputs, output: letters(right, most) };
  const all = inputs.flat().filter((letter) => !/\d/.test(letter));
  const once = all.filter((letter) => all.indexOf(letter) === all.lastIndexOf(letter)).sort();
  return { inputs, output: [...ellipsis(most), ...once] };
}
