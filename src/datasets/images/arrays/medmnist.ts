// What MedMNIST's files leave unsaid: names of classes, and which labels are findings or grades.

import { medmnistFacts } from "../../catalogue/collections/medmnist-facts.ts";

/** Names of the labels in the order of their numbers, and what kind of labels they are. */
export interface KnownArrays {
  readonly kind: "classes" | "grades" | "labels";
  readonly names: readonly string[];
}

/** By the file's name, with or without its size: "pathmnist.npz", "pathmnist_128.npz". */
export function knownArrays(path: string): KnownArrays | undefined {
  const name = /([a-z]+mnist(?:3d)?)(?:_\d+)?\.npz$/i.exec(path)?.[1].toLowerCase();
  const known = medmnistFacts.find(({ flag }) => flag === name);
  return known && { kind: known.kind, names: known.labels };
}
