// What listing needs to know of an object that is tiled over a total pixel matrix: PS3.3 C.8.12.4, C.8.20.2.

import type { DataSet } from "../data-set/data-set.ts";
import { number, sequence, text, texts } from "../data-set/values.ts";
import { pixelSpacing } from "../series/frame-plane.ts";
import type { FunctionalGroups } from "../series/functional-groups.ts";
import { type SlidePlace, slidePlaceOf } from "./slide-place.ts";

export interface SlideFacts {
  /** Columns and rows of the whole matrix. */
  readonly size: readonly [number, number];
  /** Columns and rows of a tile. */
  readonly tile: readonly [number, number];
  readonly tiles: number;
  /** mm along i and j. */
  readonly spacing?: readonly [number, number];
  readonly place?: SlidePlace;
  /** "volume" of a level of the pyramid, "label", "overview", "thumbnail": Image Type's third value. */
  readonly flavor: string;
  /** Of optical paths the only one; undefined of several. */
  readonly path?: string;
  /** Of an image in several files: which it is, and which part of it this one is. */
  readonly concatenation?: { readonly uid: string; readonly part: number };
}

/** @returns undefined of objects without a total pixel matrix */
export function slideFacts(
  dataSet: DataSet,
  groups: FunctionalGroups | undefined,
): SlideFacts | undefined {
  const size = pair(dataSet, "TotalPixelMatrixColumns", "TotalPixelMatrixRows");
  const tile = pair(dataSet, "Columns", "Rows");
  if (!size || !tile) return undefined;
  const spacing = pixelSpacing(groups?.view(0) ?? dataSet);
  const place = slidePlaceOf(dataSet, spacing);
  const paths = sequence(dataSet, "OpticalPathSequence");
  const path = paths.length === 1 ? text(paths[0], "OpticalPathIdentifier") : undefined;
  const uid = text(dataSet, "ConcatenationUID");
  return {
    size,
    tile,
    tiles: Math.max(1, number(dataSet, "NumberOfFrames") ?? 1),
    ...(spacing && { spacing }),
    ...(place && { place }),
    flavor: (texts(dataSet, "ImageType")[2] ?? "VOLUME").toLowerCase(),
    ...(path !== undefined && { path }),
    ...(uid && {
      concatenation: { uid, part: number(dataSet, "InConcatenationNumber") ?? 1 },
    }),
  };
}

function pair(
  dataSet: DataSet,
  columns: Parameters<typeof number>[1],
  rows: Parameters<typeof number>[1],
): readonly [number, number] | undefined {
  const [width, height] = [number(dataSet, columns), number(dataSet, rows)];
  return width && height ? [width, height] : undefined;
}
