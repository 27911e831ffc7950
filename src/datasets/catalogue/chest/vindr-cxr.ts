// VinDr-CXR. Facts: physionet.org/content/vindr-cxr, Nguyen et al. 2022; columns as in annotations_train.csv of PhysioNet and
// train.csv of Kaggle's VinBigData challenge, which has the training side alone.

import {
  oneOf,
  parameters,
  type SettingsOf,
  type Table,
  type WorkOptions,
} from "../../../base/index.ts";
import type { CaseDataset, CaseMark } from "../../cases/case-dataset.ts";
import type { ImageDataset, ImageSide } from "../../images/image-dataset.ts";
import { publicDataset } from "../public-dataset.ts";
import { collectCases } from "../reading/collect-cases.ts";
import { collectImages } from "../reading/collect-images.ts";
import type { DatasetFolder } from "../reading/dataset-folder.ts";
import {
  keyColumn,
  numberColumn,
  readTableFile,
  rowsBy,
  textColumn,
} from "../reading/table-file.ts";

const options = parameters({
  agreement: oneOf("any", "majority")
    .default("any")
    .describe(
      "who must have seen a finding: any reader (the default) or the majority of an image's",
    ),
});
type Settings = SettingsOf<typeof options>;

export const vindrCxr = publicDataset(
  {
    name: "vindr-cxr",
    title: "VinDr-CXR",
    modality: "X-ray",
    region: "chest",
    size: "15,000 films to train, read by 3 radiologists each, and 3,000 to test, read by 5 in consensus",
    task: "22 findings with boxes, 6 diagnoses",
    licence: {
      name: "PhysioNet credentialed access; data use agreement of the project",
      url: "https://physionet.org/content/vindr-cxr/",
    },
    citation: {
      authors: "Nguyen HQ, Lam K, Le LT, et al.",
      title: "VinDr-CXR: An open dataset of chest X-rays with radiologist's annotations",
      source: "Scientific Data 9, 429",
      year: 2022,
      doi: "10.1038/s41597-022-01498-w",
    },
    access: "agreement",
    url: "https://physionet.org/content/vindr-cxr/",
    steps: [
      "Become a credentialed user of PhysioNet and sign the project's data use agreement, or join the VinBigData challenge at Kaggle for the training side.",
      "Download the files into one folder.",
    ],
    layout: [
      "annotations/annotations_train.csv, annotations/annotations_test.csv    (Kaggle: train.csv)",
      "annotations/image_labels_train.csv, annotations/image_labels_test.csv",
      "train/000434271f63a053c4128a0ba6352c7f.dicom",
      "test/002a34c58c5b758217ed1f584ccbcfe9.dicom",
    ],
    caveats: [
      "Readers of the training side disagree: choose how many must agree.",
      "The data set does not say which films are of one patient.",
    ],
  },
  { options, readImages, readCases },
);

const noFinding = "No finding";

/** What the readers of an image said. */
interface ReadImage {
  readonly id: string;
  readonly side: ImageSide;
  readonly readers: number;
  /** Readers who saw a finding, by finding. */
  readonly votes: ReadonlyMap<string, number>;
}

async function readImages(
  folder: DatasetFolder,
  { agreement }: Settings,
  work: WorkOptions,
): Promise<ImageDataset> {
  const read = await bothSides(folder, readFindings, work);
  const names = new Set(read.flatMap(({ votes }) => [...votes.keys()]));
  const labels = [...names].filter((name) => name !== noFinding).sort();
  const images = read.map(({ id, side, readers, votes }) => {
    const needed = agreement === "any" ? 1 : Math.floor(readers / 2) + 1;
    return {
      listedAs: id,
      file: imageFile(folder, side, id),
      target: labels.map((label) => ((votes.get(label) ?? 0) >= needed ? 1 : 0)),
      side,
    };
  });
  return collectImages(folder, images, {
    target: { kind: "labels", name: "findings", labels },
    layout: "manifest",
    notes: [
      agreement === "any"
        ? "A finding is labelled where any reader saw it."
        : "A finding is labelled where more than half of an image's readers saw it.",
    ],
  });
}

async function readCases(
  folder: DatasetFolder,
  _settings: Settings,
  work: WorkOptions,
): Promise<CaseDataset> {
  const cases = await bothSides(folder, readBoxes, work);
  const findings = new Set(cases.flatMap(({ marks }) => marks.map(({ finding }) => finding)));
  return collectCases(folder, cases, {
    channels: ["X-ray"],
    findings: [...findings].sort(),
    notes: ["Boxes of all readers are kept, with the reader's name: several may mark one finding."],
  });
}

async function bothSides<Read>(
  folder: DatasetFolder,
  readSide: (folder: DatasetFolder, side: ImageSide, work: WorkOptions) => Promise<Read[]>,
  work: WorkOptions,
): Promise<Read[]> {
  const test = folder.find("annotations_test.csv");
  return [
    ...(await readSide(folder, "train", work)),
    ...(test ? await readSide(folder, "test", work) : []),
  ];
}

/** PhysioNet's table of labels has the diagnoses too, which have no boxes. */
async function readFindings(
  folder: DatasetFolder,
  side: ImageSide,
  work: WorkOptions,
): Promise<ReadImage[]> {
  const labels = folder.find(`image_labels_${side}.csv`);
  if (!labels) return findingsOfBoxes(await readAnnotations(folder, side, work), side);
  const table = await readTableFile(labels, work);
  const columns = table.columns
    .map(({ name }) => name)
    .filter((name) => name !== "image_id" && name !== "rad_id");
  const values = columns.map((name) => numberColumn(table, name));
  return [...rowsBy(table, "image_id")].map(([id, rows]) => ({
    id,
    side,
    readers: rows.length,
    votes: new Map(
      columns.flatMap((name, at) => {
        const count = rows.filter((row) => values[at][row] === 1).length;
        // The two sides spell one of the diagnoses differently.
        return count > 0 ? [[name.replace(/^Other diseases$/, "Other disease"), count]] : [];
      }),
    ),
  }));
}

function findingsOfBoxes(table: Table, side: ImageSide): ReadImage[] {
  const findings = keyColumn(table, "class_name");
  const readers = readerColumn(table);
  return [...rowsBy(table, "image_id")].map(([id, rows]) => {
    const seenBy = new Map<string, Set<string>>();
    for (const row of rows) {
      const finding = findings[row];
      seenBy.set(finding, (seenBy.get(finding) ?? new Set()).add(readers[row]));
    }
    return {
      id,
      side,
      readers: new Set(rows.map((row) => readers[row])).size,
      votes: new Map([...seenBy].map(([finding, all]) => [finding, all.size])),
    };
  });
}

async function readBoxes(folder: DatasetFolder, side: ImageSide, work: WorkOptions) {
  const table = await readAnnotations(folder, side, work);
  const findings = keyColumn(table, "class_name");
  const readers = readerColumn(table);
  const [left, top, right, bottom] = ["x_min", "y_min", "x_max", "y_max"].map((name) =>
    numberColumn(table, name),
  );
  const markOf = (row: number): CaseMark => ({
    kind: "box",
    finding: findings[row],
    reader: readers[row],
    box: [left[row], top[row], right[row], bottom[row]],
  });
  return [...rowsBy(table, "image_id")].map(([id, rows]) => ({
    name: id,
    files: [imageFile(folder, side, id)],
    // "No finding" has no box.
    marks: rows.filter((row) => !Number.isNaN(left[row])).map(markOf),
    side,
  }));
}

function readAnnotations(
  folder: DatasetFolder,
  side: ImageSide,
  work: WorkOptions,
): Promise<Table> {
  return readTableFile(folder.need(`annotations_${side}.csv`, `${side}.csv`), work);
}

/** The test side is a consensus and names no readers. */
function readerColumn(table: Table): string[] {
  const named = table.columns.some(({ name }) => name === "rad_id");
  if (!named) return new Array(table.rowCount).fill("consensus");
  return textColumn(table, "rad_id").map(String);
}

function imageFile(folder: DatasetFolder, side: ImageSide, id: string) {
  return folder.findByEnd(`${side}/${id}.dicom`) ?? folder.find(`${id}.dicom`, `${id}.png`);
}
