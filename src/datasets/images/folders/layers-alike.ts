// Two layers of folders of which either may be the classes: every folder holds folders of the same names.

import type { DatasetProblem } from "../image-dataset.ts";
import { problemOf } from "../problem.ts";
import type { PlacedFile } from "./find-classes.ts";

/** As in "Original/mild", "Original/severe", "Augmented/mild", "Augmented/severe": nothing but their meaning tells. */
export function layersAlike(files: readonly PlacedFile[]): DatasetProblem[] {
  const within = new Map<string, Set<string>>();
  for (const { label = "", inner } of files) {
    within.set(label, (within.get(label) ?? new Set()).add(inner[0] ?? ""));
  }
  const [first, ...others] = [...within.values()].map((names) => [...names].sort());
  const areAlike = others.every((names) => names.join("/") === first.join("/"));
  if (!areAlike || first.length < 2 || first.includes("")) return [];
  const named = (names: Iterable<string>) =>
    [...names].map((name) => JSON.stringify(name)).join(", ");
  const message = `${named(within.keys())} each hold ${named(first)}: the outer folders are taken for the classes. If the inner ones are, name one of the outer folders, or list the images in a table.`;
  return problemOf("ambiguous-classes", message, [...within.keys()]);
}
