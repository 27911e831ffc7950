// What a table beside the folders of classes says more: patients, sides and columns for subgroups.

import {
  type Column,
  counted,
  type Table,
  takeColumnRows,
  textValues,
} from "../../../base/index.ts";
import type { ImageDataset } from "../image-dataset.ts";
import type { ImageFinder } from "./image-finder.ts";
import { findColumns, type NamedColumns } from "./manifest-columns.ts";
import { detailsOf } from "./read-manifest.ts";

/**
 * The data set with the rows of a table joined to its samples by their files. Classes and sides are those of the folders;
 * patients are those of the table, since names of folders merely suggest them.
 */
export function attachTable(
  dataset: ImageDataset,
  { table, name }: { table: Table; name: string },
  named: NamedColumns,
  finder: ImageFinder,
): ImageDataset {
  const notes: string[] = [];
  const columns = findColumns(table, named, finder, notes);
  const rowOfFile = new Map<string, number>();
  textValues(columns.image).forEach((entry, row) => {
    const path = entry === null ? undefined : finder.find(entry);
    if (path !== undefined && !rowOfFile.has(path)) rowOfFile.set(path, row);
  });
  const rows = dataset.samples.map(({ path }) => rowOfFile.get(path));
  const details = detailsOf(columns, finder);
  const samples = dataset.samples.map((sample, at) => {
    const row = rows[at];
    if (row === undefined) return sample;
    const more = details(row);
    return { ...more, ...sample, ...(more.patient !== undefined && { patient: more.patient }) };
  });
  const joined = rows.filter((row) => row !== undefined).length;
  return {
    ...dataset,
    samples,
    columns: [...columns.targets, ...columns.others].map((column) => takeKnownRows(column, rows)),
    notes: [
      ...dataset.notes,
      `${name} says more of ${counted(joined, "image")}; classes are those of the folders.`,
      ...notes.filter((note) => !note.includes("taken for the label")),
    ],
  };
}

/** Missing where a sample has no row. */
function takeKnownRows(column: Column, rows: readonly (number | undefined)[]): Column {
  const taken = takeColumnRows(
    column,
    rows.map((row) => row ?? 0),
  );
  if (taken.kind === "text") {
    return {
      ...taken,
      values: taken.values.map((value, at) => (rows[at] === undefined ? null : value)),
    };
  }
  return {
    ...taken,
    values: taken.values.map((value, at) => (rows[at] === undefined ? Number.NaN : value)),
  };
}
