// Names of the values of masks, as a dataset.json has them.

import type { Structure } from "../../cases/case-dataset.ts";

/** { "0": "background", "1": "spleen" } to structures, by value. */
export function structuresOfLabels(labels: Readonly<Record<string, string>>): Structure[] {
  return Object.entries(labels)
    .map(([value, name]) => ({ value: Number(value), name }))
    .filter(({ value }) => value !== 0)
    .sort((a, b) => a.value - b.value);
}
