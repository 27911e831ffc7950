// Lets go of file bytes that no value needs, so that the headers of 10,000 slices fit into memory.

import type { DataSet, ValueElement } from "./data-set.ts";

/** Moves values into memory of their own where the chunks they were read in are mostly something else. */
export function compactValues(dataSets: readonly DataSet[]): void {
  const values: ValueElement[] = [];
  for (const dataSet of dataSets) collectValues(dataSet, values);
  const buffers = new Set(values.map(({ bytes }) => bytes.buffer));
  const used = values.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const held = [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (held < 2 * used) return;
  const compact = new Uint8Array(used);
  let at = 0;
  for (const element of values) {
    const { bytes } = element;
    compact.set(bytes, at);
    (element as { bytes: Uint8Array }).bytes = compact.subarray(at, at + bytes.length);
    at += bytes.length;
  }
}

function collectValues({ elements }: DataSet, values: ValueElement[]): void {
  for (const element of elements.values()) {
    if (element.kind === "value") values.push(element);
    else if (element.kind === "sequence") {
      for (const item of element.items) collectValues(item, values);
    }
  }
}
