// From the rows of a published table to a data set of images: what has no file or no label is left out and counted, and
// what else is known becomes columns.

import { RoentgenError } from "../../../base/index.ts";
import type {
  DatasetProblem,
  ImageDataset,
  ImageSample,
  ImageTarget,
} from "../../images/image-dataset.ts";
import { problemOf } from "../../images/problem.ts";
import { type Cell, columnsOf } from "./columns.ts";
import type { DatasetFolder, FolderFile } from "./dataset-folder.ts";

/** An image as a published table lists it. */
export interface ListedImage extends Omit<ImageSample, "path" | "name" | "target"> {
  /** What the table calls it, for messages. */
  readonly listedAs: string;
  /** Where it lies; undefined where it does not. */
  readonly file: FolderFile | undefined;
  /** undefined where it has no label. */
  readonly target: ImageSample["target"] | undefined;
  /** What else is known of it; every image has the same names. */
  readonly about?: Readonly<Record<string, Cell>>;
}

export interface CollectOptions {
  readonly target: ImageTarget;
  readonly layout: ImageDataset["layout"];
  readonly notes?: readonly string[];
}

/** @throws RoentgenError "file-not-found" where none of the images is there */
export function collectImages(
  folder: DatasetFolder,
  images: readonly ListedImage[],
  { target, layout, notes = [] }: CollectOptions,
): ImageDataset {
  const present = images.filter(({ file }) => file !== undefined);
  if (present.length === 0) throw noImages(folder, images);
  const labelled = present.filter((image) => image.target !== undefined);
  return {
    path: folder.path,
    layout,
    target,
    samples: labelled.map(sampleOf),
    columns: columnsOf(labelled.map(({ about = {} }) => about)),
    problems: [...missing(images), ...emptyClasses(target, labelled)],
    notes,
  };
}

function sampleOf({ listedAs, file, target, about, ...sample }: ListedImage): ImageSample {
  const { path, name } = file as FolderFile;
  return { path, name, target: target as ImageSample["target"], ...sample };
}

function missing(images: readonly ListedImage[]): DatasetProblem[] {
  const names = (chosen: readonly ListedImage[]) => chosen.map(({ listedAs }) => listedAs);
  const absent = images.filter(({ file }) => file === undefined);
  const unlabelled = images.filter(({ file, target }) => file && target === undefined);
  return [
    ...problemOf(
      "without-file",
      "Images that the table lists are not in the folder.",
      names(absent),
    ),
    ...problemOf("without-label", "Images without a label are left out.", names(unlabelled)),
  ];
}

function emptyClasses(target: ImageTarget, images: readonly ListedImage[]): DatasetProblem[] {
  if (target.kind !== "classes") return [];
  const there = new Set(images.map((image) => image.target));
  const empty = target.classes.filter((_, number) => !there.has(number));
  return problemOf("empty-class", "Classes without an image.", empty);
}

function noImages({ path, files }: DatasetFolder, images: readonly ListedImage[]): RoentgenError {
  const example = images[0]?.listedAs;
  return new RoentgenError("file-not-found", {
    problem: `There are no images of the data set in ${path}`,
    expected: example ? `${images.length} images such as ${example}` : "images that belong to it",
    found: files.length === 0 ? "an empty folder" : `${files.length} other files`,
    remedy: "Unpack the archives of the images into this folder, or a folder in it.",
    subject: path,
  });
}

/** Target of several classes. */
export function classTarget(name: string, classes: readonly string[]): ImageTarget {
  return { kind: "classes", name, classes, ordered: false };
}
