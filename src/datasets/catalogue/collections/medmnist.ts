// MedMNIST v2 and MedMNIST+: arrays of small images. Facts: github.com/MedMNIST/MedMNIST, zenodo.org/records/10519652, Yang et
// al. 2023.

import { openFile } from "#files";
import {
  parameters,
  RoentgenError,
  rules,
  type SettingsOf,
  type Tensor,
} from "../../../base/index.ts";
import type { ImageDataset, ImageSide, ImageTarget } from "../../images/image-dataset.ts";
import { type PublicDataset, publicDataset } from "../public-dataset.ts";
import { collectImages, type ListedImage } from "../reading/collect-images.ts";
import type { DatasetFolder, FolderFile } from "../reading/dataset-folder.ts";
import { type MedmnistFacts, medmnistFacts } from "./medmnist-facts.ts";

const options = parameters({
  size: rules
    .literal([28, 64, 128, 224], { error: "28, 64, 128 or 224" })
    .optional()
    .describe("edge of the images in pixels: 28, 64, 128 or 224 (default: the smallest there is)"),
});
type Settings = SettingsOf<typeof options>;

export const medmnist: readonly PublicDataset[] = medmnistFacts.map((facts) =>
  publicDataset(
    {
      name: facts.flag,
      title: `MedMNIST: ${facts.title}`,
      modality: facts.modality,
      region: facts.region,
      size: sizeInWords(facts),
      task: taskInWords(facts),
      // Its source, HAM10000, allows no commercial use.
      licence:
        facts.flag === "dermamnist"
          ? { name: "CC BY-NC 4.0", url: "https://creativecommons.org/licenses/by-nc/4.0/" }
          : { name: "CC BY 4.0", url: "https://creativecommons.org/licenses/by/4.0/" },
      citation: {
        authors: "Yang J, Shi R, Wei D, Liu Z, Zhao L, Ke B, Pfister H, Ni B",
        title:
          "MedMNIST v2 - A large-scale lightweight benchmark for 2D and 3D biomedical image classification",
        source: "Scientific Data 10, 41",
        year: 2023,
        doi: "10.1038/s41597-022-01721-8",
      },
      access: "open",
      url: "https://medmnist.com/",
      steps: [
        `Download ${facts.flag}.npz or a larger size from https://zenodo.org/records/10519652.`,
      ],
      layout: Object.keys(facts.md5).map((size) => fileName(facts, size)),
      caveats: [
        "Not for clinical use, as its authors say; images do not tell their patients.",
        "Cite the source of the images too: the project's page names it.",
      ],
      downloads: Object.entries(facts.md5).map(([size, hex]) => ({
        name: size,
        files: [
          {
            name: fileName(facts, size),
            url: `https://zenodo.org/records/10519652/files/${fileName(facts, size)}?download=1`,
            digest: { algorithm: "md5", hex },
          },
        ],
      })),
    },
    { options, readImages: (folder, settings) => readImages(folder, facts, settings) },
  ),
);

function sizeInWords({ counts, md5 }: MedmnistFacts): string {
  const [training, validation, test] = counts.map((count) => count.toLocaleString("en-US"));
  const sizes = Object.keys(md5).join(", ");
  return `${training} images to train, ${validation} to validate, ${test} to test; edges of ${sizes} pixels`;
}

function taskInWords({ kind, labels }: MedmnistFacts): string {
  if (kind === "labels") return `${labels.length} findings (multi-label)`;
  return kind === "grades" ? `${labels.length} grades` : `${labels.length} classes`;
}

/** The smallest size has no number in its name. */
function fileName({ flag }: MedmnistFacts, size: string): string {
  return size === "28" ? `${flag}.npz` : `${flag}_${size}.npz`;
}

const sides: readonly (readonly [ImageSide, string])[] = [
  ["train", "train"],
  ["validation", "val"],
  ["test", "test"],
];

async function readImages(
  folder: DatasetFolder,
  facts: MedmnistFacts,
  { size }: Settings,
): Promise<ImageDataset> {
  const names = size
    ? [fileName(facts, String(size))]
    : Object.keys(facts.md5).map((one) => fileName(facts, one));
  const file = folder.need(...names);
  const labels = await readLabels(file);
  return collectImages(
    folder,
    labels.flatMap(([side, prefix, tensor]) => listImages(file, { side, prefix, tensor, facts })),
    { target: targetOf(facts), layout: "arrays" },
  );
}

async function readLabels(file: FolderFile): Promise<[ImageSide, string, Tensor][]> {
  const { readNpz } = await import("../../../formats/index.ts");
  const source = await openFile(file.path);
  try {
    const arrays = await readNpz(source, { names: sides.map(([, prefix]) => `${prefix}_labels`) });
    return sides.map(([side, prefix], at) => [side, prefix, arrays[at].tensor]);
  } finally {
    await source.close();
  }
}

function targetOf({ kind, labels }: MedmnistFacts): ImageTarget {
  if (kind === "labels") return { kind: "labels", name: "findings", labels };
  return { kind: "classes", name: "class", classes: labels, ordered: kind === "grades" };
}

/** Labels are a matrix: a row an image, a column a label, one column where they are classes. */
function listImages(
  file: FolderFile,
  {
    side,
    prefix,
    tensor,
    facts,
  }: { side: ImageSide; prefix: string; tensor: Tensor; facts: MedmnistFacts },
): ListedImage[] {
  const width = facts.kind === "labels" ? facts.labels.length : 1;
  const [rows, columns = 1] = tensor.shape;
  if (columns !== width) throw wrongShape(file, `${prefix}_labels`, width, tensor.shape);
  const labelAt = labelReader(file, tensor, facts);
  return Array.from({ length: rows }, (_, row) => {
    const name = `${prefix}_images ${row}`;
    return {
      listedAs: name,
      file: { ...file, name: `${file.name}, ${name}` },
      frame: row,
      array: `${prefix}_images`,
      target: width === 1 ? labelAt(row, 0) : facts.labels.map((_, at) => labelAt(row, at)),
      side,
    };
  });
}

/** @throws RoentgenError "value-invalid", when reading, for what is no class, or neither 0 nor 1 */
function labelReader(
  { path }: FolderFile,
  { data, strides }: Tensor,
  { kind, labels }: MedmnistFacts,
): (row: number, column: number) => number {
  const values = data as ArrayLike<unknown>;
  const count = kind === "labels" ? 2 : labels.length;
  return (row, column) => {
    const value = Number(values[row * strides[0] + column * (strides[1] ?? 0)]);
    if (Number.isInteger(value) && value >= 0 && value < count) return value;
    throw new RoentgenError("value-invalid", {
      problem: `Cannot use the labels of ${path}`,
      expected: `whole numbers below ${count}`,
      found: String(value),
      remedy: "The file is another one than its name says; download it again.",
      subject: path,
    });
  };
}

function wrongShape(
  { path }: FolderFile,
  name: string,
  width: number,
  shape: readonly number[],
): RoentgenError {
  return new RoentgenError("shape-mismatch", {
    problem: `Cannot use ${name} of ${path}`,
    expected: `${width} ${width === 1 ? "column" : "columns"}`,
    found: `the shape ${shape.join(" × ")}`,
    remedy: "The file is another one than its name says; download it again.",
    subject: path,
  });
}
