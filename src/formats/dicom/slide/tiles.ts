// Where each frame of a tiled object goes in its total pixel matrix: PS3.3 C.7.6.17.3 (TILED_FULL), C.8.12.6 and
// C.8.20.3 (positions frame by frame).

import { damaged } from "../../damage.ts";
import type { DicomFile } from "../data-set/data-set.ts";
import { number, numbers, sequence, text } from "../data-set/values.ts";
import { isSegmentation } from "../segmentation/segmentation-grid.ts";
import { type FunctionalGroups, functionalGroups } from "../series/functional-groups.ts";

/** A frame's place. */
export interface Tile {
  readonly frame: number;
  /** Columns and rows from the matrix's first pixel to the tile's. */
  readonly x: number;
  readonly y: number;
  /** mm from the slide. */
  readonly depthMm: number;
  /** Optical Path Identifier; "" of segmentations and where there is one path. */
  readonly path: string;
  /** Of a segmentation, the segment's number; 0 in a label map. */
  readonly segment: number;
}

/** A file of a slide with its tiles. */
export interface TiledFile {
  readonly file: DicomFile;
  readonly tiles: readonly Tile[];
}

const PLANE_POSITION_SLIDE = 0x0048021a;
const PIXEL_MEASURES = 0x00289110;
const SEGMENT_IDENTIFICATION = 0x0062000a;
const OPTICAL_PATH_IDENTIFICATION = 0x00480207;

/** @throws RoentgenError "file-corrupt" for a tile outside of the matrix, or more frames than it has tiles */
export function tilesOf(file: DicomFile): Tile[] {
  const { dataSet, name } = file;
  const matrix = matrixOf(file);
  const groups = functionalGroups(dataSet);
  const frames = Math.max(1, number(dataSet, "NumberOfFrames") ?? 1);
  const isFull = text(dataSet, "DimensionOrganizationType") === "TILED_FULL";
  const stated = !isFull && groups?.group(0, PLANE_POSITION_SLIDE) ? groups : undefined;
  const place = stated ? statedTile(stated) : countedTile(file, groups);
  return Array.from({ length: frames }, (_, frame) => {
    const tile = place(frame);
    const isInside = tile && tile.x >= 0 && tile.x < matrix.columns && tile.y < matrix.rows;
    if (isInside && tile.y >= 0) return tile;
    throw damaged(name, {
      expected: `tiles within ${matrix.columns} × ${matrix.rows} pixels`,
      found: tile ? `frame ${frame + 1} at column ${tile.x + 1}, row ${tile.y + 1}` : "more frames",
    });
  });
}

function matrixOf({ dataSet }: DicomFile) {
  return {
    columns: number(dataSet, "TotalPixelMatrixColumns") ?? 0,
    rows: number(dataSet, "TotalPixelMatrixRows") ?? 0,
  };
}

/** By the frame's own Plane Position (Slide) Sequence, whose first pixel is (1, 1). */
function statedTile(groups: FunctionalGroups): (frame: number) => Tile | undefined {
  return (frame) => {
    const position = groups.group(frame, PLANE_POSITION_SLIDE);
    if (!position) return undefined;
    const column = number(position, "ColumnPositionInTotalImagePixelMatrix");
    const row = number(position, "RowPositionInTotalImagePixelMatrix");
    if (column === undefined || row === undefined) return undefined;
    const segment = groups.group(frame, SEGMENT_IDENTIFICATION);
    const path = groups.group(frame, OPTICAL_PATH_IDENTIFICATION);
    return {
      frame,
      x: column - 1,
      y: row - 1,
      depthMm: number(position, "ZOffsetInSlideCoordinateSystem") ?? 0,
      path: (path && text(path, "OpticalPathIdentifier")) ?? "",
      segment: (segment && number(segment, "ReferencedSegmentNumber")) ?? 0,
    };
  };
}

/** By its number: along the rows, then down, then away from the slide, then from path to path or segment to segment. */
function countedTile(
  file: DicomFile,
  groups: FunctionalGroups | undefined,
): (frame: number) => Tile | undefined {
  const { dataSet } = file;
  const matrix = matrixOf(file);
  const [width, height] = [number(dataSet, "Columns") ?? 1, number(dataSet, "Rows") ?? 1];
  const across = Math.ceil(matrix.columns / width);
  const down = Math.ceil(matrix.rows / height);
  const planes = Math.max(1, number(dataSet, "TotalPixelMatrixFocalPlanes") ?? 1);
  const measures = groups?.group(0, PIXEL_MEASURES);
  const stepMm = (measures && number(measures, "SpacingBetweenSlices")) ?? 0;
  const [origin] = sequence(dataSet, "TotalPixelMatrixOriginSequence");
  const depthMm = (origin && number(origin, "ZOffsetInSlideCoordinateSystem")) ?? 0;
  const layers = layersOf(file);
  const before = number(dataSet, "ConcatenationFrameOffsetNumber") ?? 0;
  return (frame) => {
    const at = frame + before;
    const plane = Math.floor(at / (across * down));
    const layer = layers[Math.floor(plane / planes)];
    return (
      layer && {
        frame,
        x: (at % across) * width,
        y: (Math.floor(at / across) % down) * height,
        depthMm: depthMm + (plane % planes) * stepMm,
        ...layer,
      }
    );
  };
}

/** What follows each other in TILED_FULL: optical paths as listed, segments as numbered. */
function layersOf({ dataSet }: DicomFile): Pick<Tile, "path" | "segment">[] {
  if (!isSegmentation(text(dataSet, "SOPClassUID"))) {
    const paths = sequence(dataSet, "OpticalPathSequence");
    const names = paths.map((item) => text(item, "OpticalPathIdentifier") ?? "");
    return (names.length > 0 ? names : [""]).map((path) => ({ path, segment: 0 }));
  }
  if (text(dataSet, "SegmentationType") === "LABELMAP") return [{ path: "", segment: 0 }];
  return sequence(dataSet, "SegmentSequence")
    .flatMap((item) => numbers(item, "SegmentNumber").slice(0, 1))
    .sort((a, b) => a - b)
    .map((segment) => ({ path: "", segment }));
}
