// Data files to one table: a table as it is, or features and labels from arrays, in one file or two.

import { hashWhileReading, openFile } from "#files";
import {
  type Column,
  makeTable,
  RoentgenError,
  type Table,
  throwIfCancelled,
  type WorkOptions,
} from "../../base/index.ts";
import { guessVariables, joinFeaturesAndLabels } from "../../datasets/index.ts";
import { type DataFile, type NamedTensor, readData, tableFromTensor } from "../../formats/index.ts";
import type { Fingerprint } from "../../study/index.ts";

export interface DataFiles {
  /** Path of the table, or of the features. */
  readonly data: string;
  /** Path of the labels, where they are in a file of their own. */
  readonly labels?: string;
  /** Column or array to predict. */
  readonly target?: string;
  /** Column or array of patients; false for none. */
  readonly group?: string | false;
}

export interface LoadedTable {
  readonly table: Table;
  /** The column to predict, where the files tell it; else it is to be guessed or named. */
  readonly target?: string;
  /** The column of patients, where the files tell it. */
  readonly group?: string;
  readonly files: readonly Fingerprint[];
  /** What was guessed, turned or converted, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Loads a table from one or two data files of any supported format.
 * @throws RoentgenError for files that can't be read, variables that can't be told apart, and labels that
 *   don't match the rows
 */
export async function loadTable(files: DataFiles, work: WorkOptions = {}): Promise<LoadedTable> {
  const data = await loadFile(files.data, work);
  if (files.labels === undefined) return withoutLabelFile(data, files);
  const labels = await loadFile(files.labels, work);
  const features = featureTable(data, files.group);
  const labelled = labelTable(labels, files.target);
  const joined = joinFeaturesAndLabels(features.table, labelled.table, {
    ...(labelled.target === undefined ? {} : { target: labelled.target }),
    featuresFrom: files.data,
    labelsFrom: files.labels,
  });
  return {
    table: joined.table,
    target: joined.target,
    ...(features.group === undefined ? {} : { group: features.group }),
    files: [data.fingerprint, labels.fingerprint],
    notes: [
      ...data.file.notes,
      ...(files.labels === files.data ? [] : labels.file.notes),
      ...features.notes,
      ...labelled.notes,
      ...joined.notes,
    ],
  };
}

/** A table of features to predict; `named` is false where a bare matrix gave no names. */
export async function loadFeatures(
  path: string,
  work: WorkOptions = {},
): Promise<{ table: Table; named: boolean }> {
  const { file } = await loadFile(path, work);
  if (file.kind === "table") return { table: file.table, named: true };
  const { features, featureNames } = guessVariables(file.arrays, "features");
  return {
    table: tableOf(features as NamedTensor, featureNames),
    named: featureNames !== undefined,
  };
}

interface LoadedFile {
  readonly file: DataFile;
  readonly fingerprint: Fingerprint;
}

async function loadFile(path: string, work: WorkOptions): Promise<LoadedFile> {
  throwIfCancelled(work.signal, "Reading");
  const source = hashWhileReading(await openFile(path));
  try {
    const file = await readData(source, work);
    const name = path.split(/[\\/]/).at(-1) as string;
    const fingerprint = { name, bytes: source.byteLength, sha256: await source.digest() };
    return { file, fingerprint };
  } finally {
    await source.close();
  }
}

interface Part {
  readonly table: Table;
  readonly target?: string;
  readonly group?: string;
  readonly notes: readonly string[];
}

function withoutLabelFile({ file, fingerprint }: LoadedFile, files: DataFiles): LoadedTable {
  if (file.kind === "table") {
    return { table: file.table, files: [fingerprint], notes: file.notes };
  }
  const { features, labels, groups, featureNames, notes } = guessVariables(
    named(file.arrays, files),
    "both",
  );
  const table = withGroups(tableOf(features as NamedTensor, featureNames), groups);
  const joined = joinFeaturesAndLabels(table, tableOfLabels(labels as NamedTensor), {
    featuresFrom: features?.name,
    labelsFrom: labels?.name,
  });
  return {
    table: joined.table,
    target: joined.target,
    ...(groups ? { group: groups.name } : {}),
    files: [fingerprint],
    notes: [...file.notes, ...notes, ...joined.notes],
  };
}

/** The arrays, with those that the caller named put under the names that are looked for first. */
function named(arrays: readonly NamedTensor[], { target, group }: DataFiles): NamedTensor[] {
  for (const name of [target, group]) {
    if (typeof name === "string" && !arrays.some((array) => array.name === name)) {
      throw new RoentgenError("value-missing", {
        problem: `There is no array "${name}"`,
        remedy: `The arrays are: ${arrays.map((array) => array.name).join(", ")}.`,
        subject: name,
      });
    }
  }
  const roles = new Map([
    [target, "labels"],
    [group, "patient_id"],
  ]);
  return arrays.map(({ name, tensor }) => ({ name: roles.get(name) ?? name, tensor }));
}

function featureTable({ file }: LoadedFile, group: DataFiles["group"]): Part {
  if (file.kind === "table") return { table: file.table, notes: [] };
  const { features, groups, featureNames, notes } = guessVariables(
    named(file.arrays, { data: "", group }),
    "features",
  );
  const table = withGroups(tableOf(features as NamedTensor, featureNames), groups);
  return { table, ...(groups ? { group: groups.name } : {}), notes };
}

function labelTable({ file }: LoadedFile, target: string | undefined): Part {
  if (file.kind === "table") return { table: file.table, ...(target ? { target } : {}), notes: [] };
  const { labels, notes } = guessVariables(named(file.arrays, { data: "", target }), "labels");
  return { table: tableOfLabels(labels as NamedTensor), notes };
}

/** One column of labels has the name of its array. */
function tableOfLabels({ name, tensor }: NamedTensor): Table {
  return tableFromTensor(
    tensor,
    tensor.shape[1] === undefined || tensor.shape[1] === 1 ? { names: [name] } : {},
  );
}

function tableOf({ tensor }: NamedTensor, names: readonly string[] | undefined): Table {
  const fits = names?.length === (tensor.shape[1] ?? 1);
  return tableFromTensor(tensor, fits ? { names } : {});
}

function withGroups(table: Table, groups: NamedTensor | undefined): Table {
  if (!groups) return table;
  const [column] = tableFromTensor(groups.tensor).columns;
  return makeTable([...table.columns, { ...column, name: groups.name } as Column]);
}
