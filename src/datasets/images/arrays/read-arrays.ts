// A data set of images in one file of arrays, as MedMNIST comes.

import { openFile } from "#files";
import { counted, RoentgenError, type Tensor } from "../../../base/index.ts";
import type { NpzArchive } from "../../../formats/index.ts";
import { orderClasses } from "../../view/class-order.ts";
import type { ImageDataset, ImageSample, ImageTarget } from "../image-dataset.ts";
import type { ImageTask } from "../image-task.ts";
import { type ArrayPair, pairArrays } from "./array-pairs.ts";
import { type KnownArrays, knownArrays } from "./medmnist.ts";

/**
 * Images and labels are arrays named so, with the side in their names if there is one. Labels are [N] or [N, 1] class numbers or
 * measurements, or [N, L] of 0 and 1, a column a finding. Of MedMNIST's own files the names of the classes are known.
 * @param path real path of an .npz file
 * @throws RoentgenError "value-missing" where no images with labels are found, "shape-mismatch" where they differ in number
 */
export async function readArrays(path: string, task: ImageTask): Promise<ImageDataset> {
  // Loaded when there are such files: readers of arrays and tables take as long to load as all else together.
  const { openNpz } = await import("../../../formats/index.ts");
  const source = await openFile(path);
  try {
    const archive = await openNpz(source);
    const pairs = await pairsOfImages(archive);
    if (pairs.length === 0) throw noPairs(path, archive.names);
    const labels = await Promise.all(pairs.map((pair) => labelsOf(archive, pair)));
    const { target, targetOf } = targetOfLabels(labels, knownArrays(path), task);
    const samples = pairs.flatMap((pair, at) =>
      labels[at].map((row, frame): ImageSample => {
        const { images: array, side } = pair;
        const name = `${array}[${frame}]`;
        return { path, name, array, frame, target: targetOf(row), ...(side && { side }) };
      }),
    );
    const notes = [`Images are ${pairs.map(({ images }) => `"${images}"`).join(", ")}.`];
    return { path, layout: "arrays", target, samples, columns: [], problems: [], notes };
  } finally {
    await source.close();
  }
}

/** Arrays of at least three axes: of two, a row is measurements. */
async function pairsOfImages(archive: NpzArchive): Promise<ArrayPair[]> {
  const pairs: ArrayPair[] = [];
  for (const pair of pairArrays(archive.names)) {
    const { shape } = await archive.readHeader(pair.images);
    if (shape.length >= 3) pairs.push(pair);
  }
  return pairs;
}

/** A row of labels an image. */
async function labelsOf(archive: NpzArchive, { images, labels }: ArrayPair): Promise<number[][]> {
  const [count] = (await archive.readHeader(images)).shape;
  const tensor = await archive.read(labels);
  if (tensor.shape[0] !== count) {
    throw new RoentgenError("shape-mismatch", {
      problem: `"${labels}" does not go with "${images}"`,
      expected: counted(count, "label"),
      found: `${tensor.shape[0]}`,
      subject: labels,
    });
  }
  return rowsOf(tensor, labels);
}

function rowsOf({ shape, strides, data }: Tensor, name: string): number[][] {
  const [rows, columns = 1] = shape;
  if (shape.length > 2 || Array.isArray(data)) {
    throw new RoentgenError("shape-mismatch", {
      problem: `"${name}" holds no labels`,
      expected: "[N] or [N, labels] of numbers",
      found: `[${shape.join(", ")}]`,
      subject: name,
    });
  }
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) =>
      Number(data[row * strides[0] + column * (strides[1] ?? 0)]),
    ),
  );
}

interface LabelMeaning {
  readonly target: ImageTarget;
  readonly targetOf: (row: readonly number[]) => ImageSample["target"];
}

/** Whole numbers up to so many are classes where nobody says otherwise. */
const MOST_CLASSES = 100;

function targetOfLabels(
  labels: readonly (readonly number[][])[],
  known: KnownArrays | undefined,
  task: ImageTask,
): LabelMeaning {
  const columns = labels[0][0]?.length ?? 1;
  if (columns > 1) {
    const names = known?.names ?? Array.from({ length: columns }, (_, at) => `label ${at}`);
    return { target: { kind: "labels", name: "labels", labels: names }, targetOf: (row) => row };
  }
  const values = new Set(labels.flatMap((side) => side.map(([value]) => value)));
  const isClasses = [...values].every(
    (value) => Number.isInteger(value) && value >= 0 && value < MOST_CLASSES,
  );
  if (task === "number" || (task === "auto" && !isClasses)) {
    return { target: { kind: "number", name: "label" }, targetOf: ([value]) => value };
  }
  const ordered = task === "grades" || (task === "auto" && known?.kind === "grades");
  const numbers = [...values].sort((a, b) => a - b);
  const nameOf = (value: number) => known?.names[value] ?? String(value);
  const names = numbers.map(nameOf);
  // Only of two classes does the order mean something: the clinical finding comes second.
  const classes = ordered || names.length > 2 ? names : orderClasses(names).classes;
  return {
    target: { kind: "classes", name: "class", classes, ordered },
    targetOf: ([value]) => classes.indexOf(nameOf(value)),
  };
}

function noPairs(path: string, names: readonly string[]): RoentgenError {
  return new RoentgenError("value-missing", {
    problem: `Cannot find images with labels in ${path}`,
    expected:
      'arrays such as "train_images" of [N, height, width] and "train_labels", or "images" and "labels"',
    found: names.slice(0, 12).join(", ") || "no arrays",
    subject: path,
  });
}
