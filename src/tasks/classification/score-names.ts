// Whose score each number of a deployed model's output is.

import type { ImageDescription } from "../../study/index.ts";

/** Names of the classes or labels in the order of the scores; of a measurement its own. */
export function scoreNames(target: ImageDescription["target"]): string[] {
  switch (target.kind) {
    case "classes":
      return target.classes.map(({ name }) => name);
    case "labels":
      return target.labels.map(({ name }) => name);
    case "number":
      return [target.name];
    default:
      return target satisfies never;
  }
}
