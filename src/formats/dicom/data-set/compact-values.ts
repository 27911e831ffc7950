// Lets go of file bytes that no value needs, so that the headers of 10,000 slices fit into memory.

import type { DataSet, ValueElement } from "./data-set.ts";

/** Moves values into memory of their own where the chunks they were read in are mostly something else. */
export function compactValues(dataSets: readonly DataSet[]): void {
  const values: ValueElement[] = [];
  for (const dataSet of dataSets) collectValues(dataSet, values);
  const buffers = new Set<ArrayBufferLike>();
  let used = 0;
  let held = 0;
  for (const { bytes } of values) {
    used += bytes.length;
    if (buffers.has(bytes.buffer)) continue;
    buffers.add(bytes.buffer);
    held += bytes.buffer.byteLength;
  }
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
