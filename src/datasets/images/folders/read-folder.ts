// A data set of images in which a folder is a class.

import { counted, RoentgenError } from "../../../base/index.ts";
import type { DatasetProblem, ImageDataset, ImageSample } from "../image-dataset.ts";
import { problemOf } from "../problem.ts";
import { type ClassNames, nameClasses } from "./class-names.ts";
import { findEmptyClasses } from "./empty-classes.ts";
import { type FoundClasses, findClasses, type PlacedFile } from "./find-classes.ts";
import type { ListedFile, ListedImages } from "./list-images.ts";
import { isMaskFolder, separateMasks } from "./masks.ts";
import { patientOfNames } from "./patient-names.ts";

/**
 * Classes are folders; above them there may be folders for the sides of a split (`Training/glioma`) and wrappings, below them
 * folders of patients, of images and of masks. What was taken for what stands in the notes.
 * @param folder its real path
 * @throws RoentgenError "value-invalid" where there are fewer than two classes
 */
export async function readFolder(folder: string, listed: ListedImages): Promise<ImageDataset> {
  const found = findClasses(listed.images);
  const { images, masksOf, maskCount } = separateMasks(found.files);
  const labelled = images.filter(({ label }) => label !== undefined && !isMaskFolder(label));
  const names = nameClasses(labelled.map(({ label }) => label as string));
  checkClasses(folder, names, listed);
  const samples = labelled.map((file) => sampleOf(file, names, masksOf.get(file.path)));
  return {
    path: folder,
    layout: "folders",
    target: { kind: "classes", name: "class", classes: names.classes, ordered: false },
    samples,
    columns: [],
    problems: [
      ...problemsOf(listed, found, images),
      ...(await findEmptyClasses(folder, found, names, samples)),
    ],
    notes: [...names.notes, ...notesOf({ found, samples, maskCount })],
  };
}

function sampleOf(
  file: PlacedFile,
  names: ClassNames,
  masks: readonly string[] | undefined,
): ImageSample {
  const { path, parts, label, side } = file;
  const patient = patientOfNames(file);
  return {
    path,
    name: parts.join("/"),
    target: names.numberOf(label as string),
    ...(patient !== undefined && { patient }),
    ...(side && { side }),
    ...(masks && { masks }),
  };
}

function problemsOf(
  { others }: ListedImages,
  { besideSides }: FoundClasses,
  images: readonly PlacedFile[],
): DatasetProblem[] {
  const nameOf = ({ parts }: ListedFile) => parts.join("/");
  const loose = images.filter(({ label }) => label === undefined).map(nameOf);
  const beside = besideSides.map(nameOf);
  const strange = others.filter(({ parts }) => parts.length > 1).map(nameOf);
  return [
    ...problemOf("without-label", `${counted(loose.length, "image")} in no class's folder.`, loose),
    ...problemOf(
      "without-label",
      `${counted(beside.length, "image")} beside the folders of the split were left out.`,
      beside,
    ),
    ...problemOf(
      "not-an-image",
      `${counted(strange.length, "file")} among the images are none.`,
      strange,
    ),
  ];
}

function notesOf({
  found,
  samples,
  maskCount,
}: {
  found: FoundClasses;
  samples: readonly ImageSample[];
  maskCount: number;
}): string[] {
  const sides = new Set(samples.map(({ side }) => side).filter(Boolean));
  const patients = new Set(samples.map(({ patient }) => patient).filter(Boolean));
  const unknown = samples.filter(({ patient }) => patient === undefined).length;
  return [
    ...(sides.size > 0 ? [`Split as its folders say: ${[...sides].join(", ")}.`] : []),
    ...(maskCount > 0
      ? [`${counted(maskCount, "mask")} told by name or folder and left out.`]
      : []),
    ...(patients.size > 0
      ? [`${counted(patients.size, "patient")} told from names of folders or files.`]
      : []),
    ...(unknown > 0 && found.files.length > 0
      ? [
          `Of ${counted(unknown, "image")} no name tells the patient: each counts as a patient of its own.`,
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
