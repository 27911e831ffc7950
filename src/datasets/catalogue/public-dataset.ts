// What the catalogue says of a public data set, and the readers of the folder that it is downloaded to.

import {
  checkParameters,
  type Parameters,
  parameters,
  type SettingsOf,
  type WorkOptions,
} from "../../base/index.ts";
import type { CaseDataset } from "../cases/case-dataset.ts";
import type { ImageDataset } from "../images/image-dataset.ts";
import type { FileToFetch } from "./download/download-file.ts";
import type { DatasetFolder } from "./reading/dataset-folder.ts";

/** As its owner states it. */
export interface Licence {
  readonly name: string;
  readonly url?: string;
}

export interface Citation {
  readonly authors: string;
  readonly title: string;
  /** Journal, proceedings or archive, with volume and pages where there are any. */
  readonly source: string;
  readonly year: number;
  readonly doi?: string;
}

/** Whether it can be fetched as it is, after registering, or after signing an agreement. */
export type Access = "open" | "registration" | "agreement";

/** A file that lies openly on a server. */
export interface PublicFile extends FileToFetch {
  /** Its name in the folder that it is downloaded to. */
  readonly name: string;
}

/** Files that belong together: a size, a task, a side. */
export interface PublicDownload {
  readonly name: string;
  readonly files: readonly PublicFile[];
}

export interface DatasetFacts {
  /** As commands and functions call it. */
  readonly name: string;
  readonly title: string;
  readonly modality: string;
  readonly region: string;
  /** How much there is. */
  readonly size: string;
  readonly task: string;
  readonly licence: Licence;
  readonly citation: Citation;
  readonly access: Access;
  /** Page of the owner. */
  readonly url: string;
  /** What to do to get it, in order. */
  readonly steps: readonly string[];
  /** The folder once it is unpacked, a line a file or folder. */
  readonly layout: readonly string[];
  /** What every user should know: traps in the labels or the split. */
  readonly caveats?: readonly string[];
  /** The first is what is downloaded by default. */
  readonly downloads?: readonly PublicDownload[];
}

/** A folder, options that are not checked yet, work. */
type Reader<Read> = (
  folder: DatasetFolder,
  options: Readonly<Record<string, unknown>>,
  work: WorkOptions,
) => Promise<Read>;

export interface PublicDataset extends DatasetFacts {
  /** What its readers can be asked for. */
  readonly options: Parameters;
  /** Images with labels, where it has any. */
  readonly readImages?: Reader<ImageDataset>;
  /** Cases with masks or marks, where it has any. */
  readonly readCases?: Reader<CaseDataset>;
}

interface Readers<P extends Parameters> {
  readonly options: P;
  readImages?(
    folder: DatasetFolder,
    settings: SettingsOf<P>,
    work: WorkOptions,
  ): Promise<ImageDataset>;
  readCases?(
    folder: DatasetFolder,
    settings: SettingsOf<P>,
    work: WorkOptions,
  ): Promise<CaseDataset>;
}

export const noOptions = parameters({});

/** Joins facts and readers, which get options that are checked and complete. */
export function publicDataset<P extends Parameters>(
  facts: DatasetFacts,
  { options, readImages, readCases }: Readers<P>,
): PublicDataset {
  const checked =
    <Read>(read: (folder: DatasetFolder, settings: SettingsOf<P>, work: WorkOptions) => Read) =>
    (folder: DatasetFolder, given: Readonly<Record<string, unknown>>, work: WorkOptions): Read =>
      read(folder, checkParameters(options, given, `reader of ${facts.title}`), work);
  return {
    ...facts,
    options,
    ...(readImages && { readImages: checked(readImages) }),
    ...(readCases && { readCases: checked(readCases) }),
  };
}
