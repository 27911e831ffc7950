// Tables that lie at the top of a folder of images: one that lists them with their labels, or says more of them.

import { type Column, RoentgenError, type Table, textValues } from "../../../base/index.ts";
import type { ListedImages } from "../folders/list-images.ts";
import { sideOfName } from "../folders/side-names.ts";
import type { ImageFinder } from "./image-finder.ts";
import { findColumns, type NamedColumns } from "./manifest-columns.ts";
import { readTable, TABLE_ENDINGS } from "./read-table.ts";

interface NamedTable {
  readonly name: string;
  readonly table: Table;
}

export interface TableBeside extends NamedTable {
  /** Share of the folder's images that it lists. */
  readonly share: number;
  /** Whether it also says what they are. */
  readonly hasLabels: boolean;
}

/** Folders below the root that tables are looked for in. */
const DEEPEST = 1;

/**
 * Tables that list images of the folder, those with labels first, then by how many they list. Tables called for the sides of a
 * split ("train.csv", "test.csv") also come as one.
 */
export async function tablesBeside(
  { images, others }: ListedImages,
  finder: ImageFinder,
  named: NamedColumns,
): Promise<TableBeside[]> {
  const tables: NamedTable[] = [];
  for (const { path, parts } of others) {
    const name = parts.at(-1) as string;
    if (parts.length > DEEPEST + 1 || !TABLE_ENDINGS.test(name)) continue;
    const table = await readTable(path).catch(onlyRefusals);
    if (table) tables.push({ name, table });
  }
  return [...tables, ...joinedBySides(tables)]
    .flatMap(({ name, table }) => {
      const rated = rate(table, finder, named);
      return rated
        ? [{ name, table, share: rated.listed / images.length, hasLabels: rated.hasLabels }]
        : [];
    })
    .sort((a, b) => Number(b.hasLabels) - Number(a.hasLabels) || b.share - a.share);
}

/** Undefined where it is no list of images. */
function rate(table: Table, finder: ImageFinder, named: NamedColumns) {
  try {
    const { image, targets } = findColumns(table, named, finder, []);
    const found = textValues(image).map((entry) =>
      entry === null ? undefined : finder.find(entry),
    );
    return { listed: new Set(found.filter(Boolean)).size, hasLabels: targets.length > 0 };
  } catch (cause) {
    return onlyRefusals(cause);
  }
}

function onlyRefusals(cause: unknown): undefined {
  if (!(cause instanceof RoentgenError)) throw cause;
  return undefined;
}

/** One table of all that have the same columns and are called for a side, with a column that says which. */
function joinedBySides(tables: readonly NamedTable[]): NamedTable[] {
  const [first, ...rest] = tables.filter(({ name }) => sideOfTable(name) !== undefined);
  const namesOf = ({ table }: NamedTable) => JSON.stringify(table.columns.map(({ name }) => name));
  const others = rest.filter((one) => namesOf(one) === namesOf(first));
  if (others.length === 0 || first.table.columns.some(({ name }) => name === "split")) return [];
  const alike = [first, ...others];
  const columns = first.table.columns.map((_, at) => {
    return joinColumns(alike.map(({ table }) => table.columns[at]));
  });
  const sides = alike.flatMap(({ table, name }) => Array(table.rowCount).fill(sideOfTable(name)));
  const split = { kind: "text", name: "split", values: sides } as const;
  const name = alike.map((one) => one.name).join(" and ");
  return [{ name, table: { rowCount: sides.length, columns: [...columns, split] } }];
}

/** "train_labels.csv", "CheXpert valid.csv". */
function sideOfTable(name: string) {
  return name
    .replace(/\.[^.]*$/, "")
    .split(/[^a-z]+/i)
    .map(sideOfName)
    .find((side) => side !== undefined);
}

function joinColumns(columns: readonly Column[]): Column {
  const [{ name }] = columns;
  if (columns.every((column) => column.kind === "number")) {
    return {
      kind: "number",
      name,
      values: Float64Array.from(columns.flatMap(({ values }) => [...values])),
    };
  }
  return { kind: "text", name, values: columns.flatMap((column) => [...textValues(column)]) };
}
