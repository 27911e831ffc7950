// Some images of a store as one batch.

import { elementCount } from "../../base/index.ts";
import type { ImageStore } from "../../datasets/index.ts";
import type { ImageBatch } from "../../explain/index.ts";

export function storedBatch(
  { shape, read }: Pick<ImageStore, "read" | "shape">,
  rows: readonly number[],
): ImageBatch {
  const length = elementCount(shape);
  const data = new Float32Array(rows.length * length);
  for (const [at, row] of rows.entries()) data.set(read(row), at * length);
  return { shape: [rows.length, ...shape], data };
}
