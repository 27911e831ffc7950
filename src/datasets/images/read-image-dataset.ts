// The front door to data sets of images: a folder a class, a table of paths and labels, or arrays.

import { openFile, pathKind, realPath } from "#files";
import {
  anyOf,
  checkParameters,
  counted,
  type OptionsOf,
  oneOf,
  parameters,
  RoentgenError,
  rules,
  type SettingsOf,
  throwIfCancelled,
  type WorkOptions,
  words,
} from "../../base/index.ts";
import { readArrays } from "./arrays/read-arrays.ts";
import { withDicomFacts } from "./dicom-samples.ts";
import { expandFrames } from "./expand-frames.ts";
import { type ListedImages, listImages } from "./folders/list-images.ts";
import { readFolder } from "./folders/read-folder.ts";
import type { ImageDataset } from "./image-dataset.ts";
import { imageTask } from "./image-task.ts";
import { attachTable } from "./manifest/attach-table.ts";
import { type ImageFinder, imageFinder } from "./manifest/image-finder.ts";
import { mayListImages, noImages } from "./manifest/manifest-columns.ts";
import { readManifest } from "./manifest/read-manifest.ts";
import { readTable, readTableHead } from "./manifest/read-table.ts";
import { tablesBeside } from "./manifest/table-beside.ts";

export const imageDatasetParameters = parameters({
  manifest: words()
    .optional()
    .describe("table that lists images and labels; below the folder or a path of its own"),
  images: words()
    .optional()
    .describe("folder that the table's paths start from; by default the table's own"),
  image: words().optional().describe("column of paths or names of images"),
  target: anyOf("one column, or several of 0 and 1", words(), rules.array(words()).min(1))
    .optional()
    .describe("column of labels, or several of 0 and 1"),
  patient: words().optional().describe("column of patients, who stay on one side of a split"),
  side: words().optional().describe("column of the sides of a split: train, validation, test"),
  frame: words().optional().describe("column of the frame or slice, from 0"),
  weight: words().optional().describe("column of how much an image counts"),
  region: rules
    .array(words())
    .length(4, { error: "four columns: left, top, right, bottom" })
    .optional()
    .describe("columns of the part to look at: left, top, right, bottom in pixels"),
  slices: oneOf("together", "each")
    .default("together")
    .describe("slices of a volume or frames of a film: one image together, or an image each"),
  task: imageTask().describe("what is to be learnt, where it is not what the labels look like"),
});

export type ImageDatasetOptions = OptionsOf<typeof imageDatasetParameters>;
type Settings = SettingsOf<typeof imageDatasetParameters>;

/**
 * Reads what a data set of images is made of; no pixels. A path is
 * - a folder of folders, each a class, with or without sides of a split above them;
 * - a table (CSV, TSV, Parquet, Arrow, JSON lines) of paths and labels, or a folder that has one at its top;
 * - an .npz file of images and labels, as MedMNIST's are.
 * What was guessed stands in `notes`, what is odd in `problems`; options override every guess.
 * @throws RoentgenError "file-not-found"; "value-invalid" or "value-missing" where images or labels are not found
 */
export async function readImageDataset(
  path: string,
  options: ImageDatasetOptions = {},
  { signal, onProgress }: Pick<WorkOptions, "signal" | "onProgress"> = {},
): Promise<ImageDataset> {
  const settings = checkParameters(imageDatasetParameters, options, "data set of images");
  throwIfCancelled(signal, "Reading the data set");
  const known = await withDicomFacts(await readLabels(path, settings), { signal, onProgress });
  const whole = { ...known, notes: [...known.notes, ...unknownPatients(known)] };
  return settings.slices === "each" ? expandFrames(whole, { signal, onProgress }) : whole;
}

function unknownPatients({ samples }: ImageDataset): string[] {
  const unknown = samples.filter(({ patient }) => patient === undefined).length;
  if (unknown === 0) return [];
  return [
    `Nothing tells the patient of ${counted(unknown, "image")}: each counts as a patient of its own.`,
  ];
}

/** By names and tables alone. */
async function readLabels(path: string, settings: Settings): Promise<ImageDataset> {
  const root = await realPath(path);
  return (await pathKind(root)) === "folder"
    ? readImageFolder(root, settings)
    : readImageTable(root, settings);
}

async function readImageTable(root: string, settings: Settings): Promise<ImageDataset> {
  // Of a path that is not there, opening says so.
  await (await openFile(root)).close();
  if (/\.npz$/i.test(root)) return readArrays(root, settings.task);
  return readTableOfImages(root, settings);
}

async function readImageFolder(root: string, settings: Settings): Promise<ImageDataset> {
  if (settings.manifest !== undefined) {
    const beside = `${root}/${settings.manifest}`;
    const path = (await pathKind(beside)) === "file" ? beside : settings.manifest;
    return readTableOfImages(await realPath(path), { images: root, ...settings });
  }
  const listed = await listImages(root);
  const arrays = onlyArrays(listed);
  if (arrays) return readArrays(arrays, settings.task);
  const finder = imageFinder(listed.images);
  const [table] = await tablesBeside(listed, finder, settings);
  if (!table) return readFolder(root, listed);
  const readThis = () => {
    const note = `Images and labels are those of ${table.name}.`;
    const dataset = readManifest(table.table, root, settings, finder);
    return { ...dataset, notes: [note, ...dataset.notes] };
  };
  if (table.hasLabels && table.share >= LEAST_LISTED) return readThis();
  try {
    return attachTable(await readFolder(root, listed), table, settings, finder);
  } catch (cause) {
    // Folders that are no classes, and a table of some of the images: these are what is labelled.
    if (!(cause instanceof RoentgenError) || !table.hasLabels) throw cause;
    return readThis();
  }
}

/** Share of the images in a folder that a table must list to be preferred to what the folders say. */
const LEAST_LISTED = 0.5;

async function readTableOfImages(path: string, settings: Settings): Promise<ImageDataset> {
  const table = await readTable(path);
  if (settings.image === undefined && !mayListImages(table)) throw noImages(table);
  const folder = await realPath(settings.images ?? path.replace(/[\\/][^\\/]*$/, ""));
  return readManifest(table, path, settings, await finderOf(folder));
}

async function finderOf(folder: string): Promise<ImageFinder> {
  return imageFinder((await listImages(folder)).images);
}

/** The file of arrays in a folder without images. */
function onlyArrays({ images, others }: ListedImages): string | undefined {
  const arrays = others.filter(({ path }) => /\.npz$/i.test(path));
  return images.length === 0 && arrays.length === 1 ? arrays[0].path : undefined;
}

/** Whether a path holds images with labels, as `readImageDataset` finds them. */
export async function isImageDataset(
  path: string,
  options: ImageDatasetOptions = {},
): Promise<boolean> {
  try {
    const settings = checkParameters(imageDatasetParameters, options, "data set of images");
    // A table of measurements may be large: its first rows tell that it names no images.
    const isTable = (await pathKind(path)) === "file" && !/\.npz$/i.test(path);
    const mayBeImages =
      !isTable || settings.image !== undefined || mayListImages(await readTableHead(path));
    return mayBeImages && (await readLabels(path, settings)).samples.length > 0;
  } catch (cause) {
    if (cause instanceof RoentgenError) return false;
    throw cause;
  }
}
