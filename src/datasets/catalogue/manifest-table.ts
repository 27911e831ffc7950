// Data sets as plain tables: a row an image or a case, with paths, labels, masks, patients and sides, for `readImageDataset`
// and for people.

import { type Column, makeTable, type Table } from "../../base/index.ts";
import type { CaseDataset } from "../cases/case-dataset.ts";
import type { ImageDataset, ImageSample } from "../images/image-dataset.ts";
import { type Cell, columnsOf } from "./reading/columns.ts";

type Row = Record<string, Cell>;

export interface ManifestOptions {
  /** Folder that paths are relative to, where they lie below it; others stay as they are. */
  readonly from: string;
}

/**
 * Columns: path; label, the number or a column a finding (1 found, 0 not found, empty unknown); patient, split; frame, array,
 * weight, region and masks where there are any; then what else is known.
 */
export function imageManifest(
  { samples, target, columns }: ImageDataset,
  { from }: ManifestOptions,
): Table {
  const rows = samples.map((sample): Row => {
    const { path, patient = null, side = null, frame, array, weight, region, masks = [] } = sample;
    return {
      path: shorten(path, from),
      ...labelCells(sample, target),
      patient,
      split: side,
      frame: frame ?? null,
      array: array ?? null,
      weight: weight ?? null,
      ...numbered(
        "mask",
        masks.map((mask) => shorten(mask, from)),
      ),
      ...regionCells(region),
    };
  });
  // A finding that is unknown in every image is one of the labels all the same.
  const labels = target.kind === "labels" ? target.labels : [];
  return joined(rows, columns, new Set(labels));
}

/**
 * Columns: case; image, or one a channel; mask, several numbered; patient, split; marks as JSON, empty where nobody looked;
 * then what else is known.
 */
export function caseManifest(
  { cases, channels, columns }: CaseDataset,
  { from }: ManifestOptions,
): Table {
  const rows = cases.map(({ name, images, masks, marks, marked, patient, side }): Row => {
    const paths = images.map((image) => shorten(image, from));
    return {
      case: name,
      ...(images.length === 1
        ? { image: paths[0] }
        : Object.fromEntries(paths.map((path, at) => [`image ${channels[at]}`, path]))),
      ...numbered(
        "mask",
        masks.map(({ path }) => shorten(path, from)),
      ),
      patient: patient ?? null,
      split: side ?? null,
      marks: marked ? JSON.stringify(marks) : null,
    };
  });
  return joined(rows, columns);
}

function labelCells({ target }: ImageSample, kind: ImageDataset["target"]): Row {
  if (kind.kind === "classes") return { label: kind.classes[target as number] };
  if (kind.kind === "number") return { [kind.name]: target as number };
  const values = target as readonly number[];
  return Object.fromEntries(kind.labels.map((label, at) => [label, values[at]]));
}

function regionCells(region: ImageSample["region"]): Row {
  const edges = ["region_left", "region_top", "region_right", "region_bottom"];
  return Object.fromEntries(edges.map((edge, at) => [edge, region?.[at] ?? null]));
}

/** "mask", "mask_2", "mask_3". */
function numbered(name: string, values: readonly string[]): Row {
  return Object.fromEntries(
    values.map((value, at) => [at === 0 ? name : `${name}_${at + 1}`, value]),
  );
}

function shorten(path: string, folder: string): string {
  const start = folder.length;
  const isBelow = path.startsWith(folder) && /[\\/]/.test(path[start] ?? "");
  return isBelow ? path.slice(start + 1) : path;
}

/** Columns without a value are left out but for those to keep; of equal names the data set's own gets "_2". */
function joined(
  rows: readonly Row[],
  others: readonly Column[],
  keep: ReadonlySet<string> = new Set(),
): Table {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  const filled = rows.map((row) =>
    Object.fromEntries([...names].map((name) => [name, row[name] ?? null])),
  );
  const first = columnsOf(filled).filter((column) => keep.has(column.name) || hasValue(column));
  const taken = new Set(first.map(({ name }) => name));
  const second = others.map((column) =>
    taken.has(column.name) ? { ...column, name: `${column.name}_2` } : column,
  );
  return makeTable([...first, ...second]);
}

function hasValue(column: Column): boolean {
  if (column.kind === "number") return column.values.some((value) => !Number.isNaN(value));
  return column.values.some((value) => value !== null);
}
