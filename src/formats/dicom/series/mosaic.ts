// Siemens mosaics: the slices of a volume as tiles of one image (nipy.org/nibabel/dicom/dicom_mosaic.html).

import type { Triple } from "../../../base/index.ts";
import type { DataSet } from "../data-set/data-set.ts";
import { number, texts } from "../data-set/values.ts";
import { type CsaHeader, csaNumbers } from "./csa-header.ts";
import { type FramePlane, normalOf } from "./plane.ts";
import { type PrivateTag, privateNumbers } from "./private-elements.ts";
import { add, scale, unit } from "./vectors.ts";

/** How a mosaic is laid out: tiles row by row, of which the last ones may be empty. */
export interface Mosaic {
  readonly tiles: number;
  /** Tiles beside each other, and as many below. */
  readonly perRow: number;
  /** Pixels of a tile along i and j. */
  readonly columns: number;
  readonly rows: number;
}

const TILES: PrivateTag = { group: 0x0019, creator: "SIEMENS MR HEADER", element: 0x0a };

/** Far beyond any mosaic: a damaged count is no layout. */
const MOST_TILES = 4096;

export function isMosaic(dataSet: DataSet): boolean {
  return texts(dataSet, "ImageType").includes("MOSAIC");
}

/** The layout of a mosaic; undefined where the number of tiles is unknown or does not fit the image. */
export function mosaicOf(dataSet: DataSet, csa: CsaHeader | undefined): Mosaic | undefined {
  const [own] = privateNumbers(dataSet, TILES, "US");
  const tiles = own ?? csaNumbers(csa, "NumberOfImagesInMosaic")[0];
  const [width, height] = [number(dataSet, "Columns") ?? 0, number(dataSet, "Rows") ?? 0];
  if (!Number.isInteger(tiles) || tiles < 1 || tiles > MOST_TILES) return undefined;
  const perRow = Math.ceil(Math.sqrt(tiles));
  const [columns, rows] = [width / perRow, height / perRow];
  if (!Number.isInteger(columns) || !Number.isInteger(rows) || columns < 1 || rows < 1) return;
  return { tiles, perRow, columns, rows };
}

/**
 * The plane of each tile. The header's position is that of a slice as large as the mosaic, with the same centre;
 * slices follow each other along Siemens' slice normal, which may be opposite to row × column.
 */
export function tilePlanes(
  dataSet: DataSet,
  { tiles, perRow, columns, rows }: Mosaic,
  { plane, csa }: { plane: FramePlane; csa: CsaHeader | undefined },
): FramePlane[] | undefined {
  const stepMm = number(dataSet, "SpacingBetweenSlices") ?? number(dataSet, "SliceThickness");
  if (!stepMm || !(stepMm > 0)) return undefined;
  const { row, column, spacing } = plane;
  const intoTile = add(
    scale(row, (spacing[0] * columns * (perRow - 1)) / 2),
    scale(column, (spacing[1] * rows * (perRow - 1)) / 2),
  );
  const first = add(plane.position, intoTile);
  const step = scale(sliceNormal(plane, csa), stepMm);
  return Array.from({ length: tiles }, (_, tile) => ({
    ...plane,
    position: add(first, scale(step, tile)),
  }));
}

/** Of Siemens' normal only the side is taken: it is rounded more than the orientation. */
function sliceNormal(plane: FramePlane, csa: CsaHeader | undefined): Triple {
  const normal = normalOf(plane);
  const stated = unit(csaNumbers(csa, "SliceNormalVector") as unknown as Triple);
  const side = stated ? stated[0] * normal[0] + stated[1] * normal[1] + stated[2] * normal[2] : 1;
  return side < 0 ? scale(normal, -1) : normal;
}
