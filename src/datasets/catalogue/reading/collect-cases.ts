// From the files of a published data set to cases with masks and marks: what has no file is left out and counted.

import { RoentgenError } from "../../../base/index.ts";
import type { CaseDataset, CaseMask, ImageCase, Structure } from "../../cases/case-dataset.ts";
import { problemOf } from "../../images/problem.ts";
import { type Cell, columnsOf } from "./columns.ts";
import type { DatasetFolder, FolderFile } from "./dataset-folder.ts";

/** A case as the layout or a table of the data set has it. */
export interface ListedCase extends Omit<ImageCase, "images" | "masks" | "marks" | "marked"> {
  /** A file a channel; undefined where one is missing. */
  readonly files: readonly (FolderFile | undefined)[];
  readonly masks?: readonly (Omit<CaseMask, "path"> & { readonly file: FolderFile | undefined })[];
  /** undefined where nobody looked. */
  readonly marks?: ImageCase["marks"];
  /** What else is known of it; every case has the same names. */
  readonly about?: Readonly<Record<string, Cell>>;
}

export interface CollectCasesOptions {
  readonly channels: readonly string[];
  readonly structures?: readonly Structure[];
  readonly findings?: readonly string[];
  readonly notes?: readonly string[];
}

/** @throws RoentgenError "file-not-found" where no case is complete */
export function collectCases(
  folder: DatasetFolder,
  cases: readonly ListedCase[],
  { channels, structures = [], findings = [], notes = [] }: CollectCasesOptions,
): CaseDataset {
  const complete = cases.filter(isComplete);
  if (complete.length === 0) throw noCases(folder, cases);
  const absent = cases.filter((one) => !isComplete(one)).map(({ name }) => name);
  return {
    path: folder.path,
    channels,
    structures,
    findings,
    cases: complete.map(imageCase),
    columns: columnsOf(complete.map(({ about = {} }) => about)),
    problems: problemOf("without-file", "Cases of which a file is missing are left out.", absent),
    notes,
  };
}

function isComplete({ files, masks = [] }: ListedCase): boolean {
  return [...files, ...masks.map(({ file }) => file)].every((file) => file !== undefined);
}

function imageCase({ files, masks = [], marks, about, ...rest }: ListedCase): ImageCase {
  return {
    ...rest,
    images: files.map((file) => (file as FolderFile).path),
    masks: masks.map(({ file, ...mask }) => ({ path: (file as FolderFile).path, ...mask })),
    marks: marks ?? [],
    marked: marks !== undefined,
  };
}

function noCases({ path, files }: DatasetFolder, cases: readonly ListedCase[]): RoentgenError {
  return new RoentgenError("file-not-found", {
    problem: `There is no complete case of the data set in ${path}`,
    expected: cases[0] ? `cases such as ${cases[0].name}, with all their files` : "its cases",
    found: files.length === 0 ? "an empty folder" : `${files.length} other files`,
    remedy: "Unpack the archives into this folder, or a folder in it.",
    subject: path,
  });
}
