// A list whose entries are drawn when asked for.

import { RoentgenError } from "../../../base/index.ts";

/** Entries that depend on the options and their position alone, in whatever order they are asked for. */
export interface DrawnList<T> extends Iterable<T> {
  readonly length: number;
  /** @throws RoentgenError "bad-option" for a position that there is none of */
  at(index: number): T;
}

export function drawnList<T>(length: number, draw: (index: number) => T): DrawnList<T> {
  function at(index: number): T {
    if (Number.isInteger(index) && index >= 0 && index < length) return draw(index);
    throw new RoentgenError("bad-option", {
      problem: `There is no phantom ${index}`,
      expected: `0 … ${length - 1}`,
      subject: "index",
    });
  }
  return {
    length,
    at,
    *[Symbol.iterator]() {
      for (let index = 0; index < length; index++) yield draw(index);
    },
  };
}
