// A data set of images that a table lists: path, labels and what else is known, a row an image.

import {
  type Column,
  counted,
  parseNumbers,
  RoentgenError,
  type Table,
  takeColumnRows,
  textValues,
} from "../../../base/index.ts";
import type { ListedFile } from "../folders/list-images.ts";
import { patientsOfNames } from "../folders/patient-names.ts";
import { sideOfName } from "../folders/side-names.ts";
import type { DatasetProblem, ImageDataset, ImageSample, ImageSide } from "../image-dataset.ts";
import type { ImageTask } from "../image-task.ts";
import { problemOf } from "../problem.ts";
import type { ImageFinder } from "./image-finder.ts";
import {
  findColumns,
  listedColumns,
  type ManifestColumns,
  type NamedColumns,
} from "./manifest-columns.ts";
import { type ManifestTarget, targetOfColumns } from "./manifest-target.ts";

export interface ManifestOptions extends NamedColumns {
  readonly task: ImageTask;
}

/**
 * Reads the rows of a table.
 * @param path what the data set is called by: the table or the folder
 * @throws RoentgenError "value-missing" where a column can't be found, "value-invalid" where its values do not fit
 */
export function readManifest(
  table: Table,
  path: string,
  { task, ...named }: ManifestOptions,
  finder: ImageFinder,
): ImageDataset {
  const notes: string[] = [];
  const columns = findColumns(table, named, finder, notes);
  if (columns.targets.length === 0) throw noTarget(table);
  const target = targetOfColumns(columns.targets, task, notes);
  const rows = rowsOf(table, columns, target, finder);
  const kept = rows.sound.map(({ row }) => row);
  return {
    path,
    layout: "manifest",
    target: target.target,
    samples: rows.sound.map(({ sample }) => sample),
    columns: columns.others.map((column) => takeColumnRows(column, kept)),
    problems: [
      ...rows.problems,
      ...emptyClasses(
        target.target,
        rows.sound.map(({ sample }) => sample),
      ),
    ],
    notes,
  };
}

interface SoundRow {
  readonly row: number;
  readonly sample: ImageSample;
}

interface Rows {
  readonly sound: readonly SoundRow[];
  readonly problems: readonly DatasetProblem[];
}

function rowsOf(
  table: Table,
  columns: ManifestColumns,
  { targetOf }: ManifestTarget,
  finder: ImageFinder,
): Rows {
  const entries = textValues(columns.image);
  const more = detailsOf(columns, finder);
  const patientOf = columns.patient ? () => undefined : patientsOfFiles(finder);
  const sideOf = columns.side ? () => undefined : sidesOfFiles(finder);
  const sound: SoundRow[] = [];
  const seen = new Map<string, SoundRow>();
  const lost = { file: [] as string[], label: [] as string[], repeated: [] as string[] };
  const mentioned = new Set<string>();
  for (let row = 0; row < table.rowCount; row++) {
    const entry = entries[row];
    const path = entry === null ? undefined : finder.find(entry);
    if (path !== undefined) mentioned.add(path);
    const target = targetOf(row);
    if (path === undefined) lost.file.push(entry ?? `row ${row + 1}`);
    else if (target === undefined) lost.label.push(entry as string);
    else {
      const [patient, side] = [patientOf(path), sideOf(path)];
      const known = {
        ...{ path, name: entry as string, target },
        ...(patient && { patient }),
        ...(side && { side }),
      };
      const sample: ImageSample = { ...known, ...more(row) };
      const key = JSON.stringify([path, sample.frame, sample.region]);
      const before = seen.get(key);
      const one = { row, sample };
      if (before) lost.repeated.push(entry as string);
      else sound.push(one);
      seen.set(key, before ?? one);
    }
  }
  const masks = new Set(sound.flatMap(({ sample }) => sample.masks ?? []));
  const unmentioned = finder.files.filter(({ path }) => !mentioned.has(path) && !masks.has(path));
  return {
    sound,
    problems: problemsOf(
      lost,
      unmentioned.map(({ parts }) => parts.join("/")),
    ),
  };
}

/** Where no column names patients, names of folders and files may. */
function patientsOfFiles({ files }: ImageFinder): (path: string) => string | undefined {
  const patients = patientsOfNames(files.map((file) => ({ ...file, side: sideOfFolders(file) })));
  const patientOf = new Map(files.map(({ path }, at) => [path, patients[at]]));
  return (path) => patientOf.get(path);
}

/** Where no column tells sides, folders of at least two of them may. */
function sidesOfFiles({ files }: ImageFinder): (path: string) => ImageSide | undefined {
  const sideOf = new Map(files.map((file) => [file.path, sideOfFolders(file)]));
  const sides = new Set(sideOf.values());
  sides.delete(undefined);
  return sides.size > 1 ? (path) => sideOf.get(path) : () => undefined;
}

function sideOfFolders({ parts }: ListedFile): ImageSide | undefined {
  return parts.slice(0, -1).map(sideOfName).find(Boolean);
}

/** All but path, name and target of a row's sample. */
export function detailsOf(
  columns: ManifestColumns,
  finder: ImageFinder,
): (row: number) => Partial<ImageSample> {
  const patients = columns.patient && textValues(columns.patient);
  const sides = columns.side && textValues(columns.side);
  const frames = columns.frame && numbersOf(columns.frame);
  const weights = columns.weight && numbersOf(columns.weight);
  const region = columns.region?.map(numbersOf);
  const masks = columns.masks && textValues(columns.masks);
  return (row) => {
    const patient = patients?.[row];
    const side: ImageSide | undefined = sideOfName(sides?.[row] ?? "");
    const edges = region?.map((edge) => edge[row]);
    const mask = masks?.[row] && finder.find(masks[row]);
    return {
      ...(patient && { patient }),
      ...(side && { side }),
      ...(frames && Number.isInteger(frames[row]) && { frame: frames[row] }),
      ...(weights && Number.isFinite(weights[row]) && { weight: weights[row] }),
      ...(edges?.every(Number.isInteger) && { region: edges as unknown as ImageSample["region"] }),
      ...(mask && { masks: [mask] }),
    };
  };
}

function numbersOf(column: Column): ArrayLike<number> {
  return column.kind === "number" ? column.values : parseNumbers(column).numbers;
}

function problemsOf(
  { file, label, repeated }: { file: string[]; label: string[]; repeated: string[] },
  unmentioned: readonly string[],
): DatasetProblem[] {
  return [
    ...problemOf(
      "without-file",
      `${counted(file.length, "row")} of the table name no file that is there.`,
      file,
    ),
    ...problemOf("without-label", `${counted(label.length, "image")} without a label.`, label),
    ...problemOf(
      "repeated",
      `${counted(repeated.length, "row")} name an image that came before; the first row counts.`,
      repeated,
    ),
    ...problemOf(
      "without-label",
      `${counted(unmentioned.length, "image")} that no row names.`,
      unmentioned,
    ),
  ];
}

function emptyClasses(
  target: ManifestTarget["target"],
  samples: readonly ImageSample[],
): DatasetProblem[] {
  if (target.kind !== "classes") return [];
  const there = new Set(samples.map((sample) => sample.target));
  const empty = target.classes.filter((_, number) => !there.has(number));
  return problemOf("empty-class", "Classes of which no image is there.", empty);
}

function noTarget(table: Table): RoentgenError {
  return new RoentgenError("value-missing", {
    problem: "Cannot tell which column holds the labels",
    found: listedColumns(table),
    remedy: "Name the column, or several of 0 and 1: `--target`, in a program the option `target`.",
    subject: "target",
  });
}
