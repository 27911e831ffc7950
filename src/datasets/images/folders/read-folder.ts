// A data set of images in which a folder is a class.

import { counted, RoentgenError } from "../../../base/index.ts";
import type { DatasetProblem, ImageDataset, ImageSample } from "../image-dataset.ts";
import { problemOf } from "../problem.ts";
import { type ClassNames, keyOfClass, nameClasses } from "./class-names.ts";
import { findEmptyClasses } from "./empty-classes.ts";
import { type FoundClasses, findClasses, type PlacedFile } from "./find-classes.ts";
import { layersAlike } from "./layers-alike.ts";
import type { ListedFile, ListedImages } from "./list-images.ts";
import { type ImagesAndMasks, isMaskFolder, separateMasks } from "./masks.ts";
import { patientsOfFolders } from "./patient-folders.ts";
import { patientsOfNames } from "./patient-names.ts";

/**
 * Classes are folders; above them there may be folders for the sides of a split (`Training/glioma`) and wrappings, below them
 * folders of patients, of images and of masks. What was taken for what stands in the notes.
 * @param folder its real path
 * @throws RoentgenError "value-invalid" where there are fewer than two classes
 */
export async function readFolder(folder: string, listed: ListedImages): Promise<ImageDataset> {
  const found = findClasses(listed.images);
  const masks = separateMasks(found.files);
  const { labelled, others } = labelledImages(masks.images);
  const names = nameClasses(labelled.map(({ label }) => label as string));
  checkClasses(folder, names, listed);
  const patients = patientsOf(labelled);
  const samples = labelled.map((file, at) =>
    sampleOf(file, { names, masks, patient: patients[at] }),
  );
  return {
    path: folder,
    layout: "folders",
    target: { kind: "classes", name: "class", classes: names.classes, ordered: false },
    samples,
    columns: [],
    problems: [
      ...problemsOf({ listed, found, masks, others, names }),
      // Folders of patients may well be called alike.
      ...(patients.some(Boolean) ? [] : layersAlike(labelled)),
      ...(await findEmptyClasses(folder, found, { names, samples, images: listed.images })),
    ],
    notes: [...names.notes, ...notesOf(samples, found, masks)],
  };
}

interface LabelledImages {
  readonly labelled: readonly PlacedFile[];
  readonly others: {
    /** Images that lie in no class's folder. */
    readonly loose: readonly PlacedFile[];
    /** Images in a folder that is none of the training side's, such as "test/unknown": nothing tells what it means. */
    readonly strange: readonly PlacedFile[];
  };
}

function labelledImages(images: readonly PlacedFile[]): LabelledImages {
  const hasLabel = ({ label }: PlacedFile) => label !== undefined && !isMaskFolder(label);
  const inFolders = images.filter(hasLabel);
  const toLearn = inFolders.filter(({ side }) => side === "train");
  const learnt = new Set(toLearn.map(({ label }) => keyOfClass(label as string)));
  const isKnown = ({ label }: PlacedFile) =>
    learnt.size === 0 || learnt.has(keyOfClass(label as string));
  return {
    labelled: inFolders.filter(isKnown),
    others: {
      loose: images.filter((image) => !hasLabel(image)),
      strange: inFolders.filter((image) => !isKnown(image)),
    },
  };
}

/** By names that tell it; where none does, by many folders in every class. */
function patientsOf(files: readonly PlacedFile[]): readonly (string | undefined)[] {
  const named = patientsOfNames(files);
  return named.some((patient) => patient !== undefined) ? named : patientsOfFolders(files);
}

function sampleOf(
  { path, parts, label, side }: PlacedFile,
  { names, masks, patient }: { names: ClassNames; masks: ImagesAndMasks; patient?: string },
): ImageSample {
  const own = masks.masksOf.get(path);
  return {
    path,
    name: parts.join("/"),
    target: names.numberOf(label as string) as number,
    ...(patient !== undefined && { patient }),
    ...(side && { side }),
    ...(own && { masks: own }),
  };
}

interface PassedOver extends Pick<LabelledImages, "others"> {
  readonly listed: ListedImages;
  readonly found: FoundClasses;
  readonly masks: ImagesAndMasks;
  readonly names: ClassNames;
}

function problemsOf({ listed, found, masks, others, names }: PassedOver): DatasetProblem[] {
  const about = (
    kind: DatasetProblem["kind"],
    files: readonly ListedFile[],
    what: (count: number) => string,
  ) =>
    problemOf(
      kind,
      what(files.length),
      files.map(({ parts }) => parts.join("/")),
    );
  const images = (count: number) => counted(count, "image");
  return [
    ...about("without-label", others.loose, (n) => `${images(n)} in no class's folder.`),
    ...about(
      "without-label",
      others.strange,
      (n) => `${images(n)} in folders that are no class of the training side were left out.`,
    ),
    ...about(
      "without-label",
      found.besideSides,
      (n) => `${images(n)} beside the folders of the split were left out.`,
    ),
    ...about(
      "repeated",
      found.copies,
      (n) => `${images(n)} in a folder that repeats those beside it were left out.`,
    ),
    ...about(
      "without-file",
      masks.orphans,
      (n) => `${counted(n, "mask")} without an image of that name.`,
    ),
    ...about(
      "not-an-image",
      strangers(listed, found, names),
      (n) => `${counted(n, "file")} among the images are none.`,
    ),
  ];
}

/** Files in the folders of classes that are no images; documents beside these folders belong there. */
function strangers(
  { others }: ListedImages,
  { parents }: FoundClasses,
  names: ClassNames,
): ListedFile[] {
  const above = new Set(parents.map((parent) => parent.join("/")));
  const isInClass = ({ parts }: ListedFile) =>
    parts
      .slice(0, -1)
      .some(
        (folder, depth) =>
          above.has(parts.slice(0, depth).join("/")) && names.numberOf(folder) !== undefined,
      );
  return others.filter(isInClass);
}

function notesOf(
  samples: readonly ImageSample[],
  { files }: FoundClasses,
  { images }: ImagesAndMasks,
): string[] {
  const sides = new Set(samples.map(({ side }) => side).filter(Boolean));
  const patients = new Set(samples.map(({ patient }) => patient).filter(Boolean));
  const masks = files.length - images.length;
  return [
    ...(sides.size > 0 ? [`Split as its folders say: ${[...sides].join(", ")}.`] : []),
    ...(masks > 0 ? [`${counted(masks, "mask")} told by name or folder and left out.`] : []),
    ...(patients.size > 0
      ? [
          `${counted(patients.size, "patient")} told from names of folders or files, such as ${JSON.stringify([...patients][0])}.`,
        ]
      : []),
  ];
}

function checkClasses(
  folder: string,
  { classes }: ClassNames,
  { images, others }: ListedImages,
): void {
  if (classes.length > 1) return;
  const seen =
    images.length === 0
      ? `no images among ${counted(others.length, "file")}`
      : classes.length === 0
        ? `${counted(images.length, "image")} in no folder of a class`
        : `the single class ${JSON.stringify(classes[0])}`;
  throw new RoentgenError("value-invalid", {
    problem: `Cannot tell the classes in ${folder}`,
    expected:
      "at least two folders with images, one a class, or a table that lists images and labels",
    found: seen,
    remedy: "Sort the images into a folder for each class, or name a table of paths and labels.",
    subject: folder,
  });
}
