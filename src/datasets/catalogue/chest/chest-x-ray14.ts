// NIH ChestX-ray14. Facts: README_CHESTXRAY.pdf of the data set, Wang et al. 2017; columns as in Data_Entry_2017.csv and
// BBox_List_2017.csv.

import { readFileBytes } from "#files";
import { RoentgenError, type Table, type WorkOptions } from "../../../base/index.ts";
import type { CaseMark } from "../../cases/case-dataset.ts";
import type { ImageDataset, ImageSide } from "../../images/image-dataset.ts";
import { noOptions, publicDataset } from "../public-dataset.ts";
import { collectCases, type ListedCase } from "../reading/collect-cases.ts";
import { collectImages } from "../reading/collect-images.ts";
import type { DatasetFolder } from "../reading/dataset-folder.ts";
import {
  keyColumn,
  numberColumn,
  readTableFile,
  rowsBy,
  textColumn,
} from "../reading/table-file.ts";

const findings = [
  ...["Atelectasis", "Cardiomegaly", "Effusion", "Infiltration", "Mass", "Nodule", "Pneumonia"],
  ...["Pneumothorax", "Consolidation", "Edema", "Emphysema", "Fibrosis", "Pleural_Thickening"],
  "Hernia",
];

export const chestXRay14 = publicDataset(
  {
    name: "chest-x-ray14",
    title: "NIH ChestX-ray14",
    modality: "X-ray",
    region: "chest",
    size: "112,120 frontal films of 30,805 patients; 984 boxes",
    task: "14 findings (multi-label), boxes for 8 of them",
    licence: {
      name: "No restrictions on use; link to the page, cite the paper, acknowledge the NIH Clinical Center",
      url: "https://nihcc.app.box.com/v/ChestXray-NIHCC",
    },
    citation: {
      authors: "Wang X, Peng Y, Lu L, Lu Z, Bagheri M, Summers RM",
      title:
        "ChestX-ray8: Hospital-scale Chest X-ray Database and Benchmarks on Weakly-Supervised Classification and Localization of Common Thorax Diseases",
      source: "IEEE CVPR, 3462–3471",
      year: 2017,
      doi: "10.1109/CVPR.2017.369",
    },
    access: "open",
    url: "https://nihcc.app.box.com/v/ChestXray-NIHCC",
    steps: [
      "Download images_001.tar.gz to images_012.tar.gz and the tables from the page, and unpack them into one folder.",
    ],
    layout: [
      "Data_Entry_2017.csv        (or Data_Entry_2017_v2020.csv)",
      "BBox_List_2017.csv",
      "train_val_list.txt, test_list.txt",
      "images/00000001_000.png    (or images_001/images/…)",
    ],
    caveats: [
      "Labels were taken from reports by a program; its authors expect them to be right in more than 90 %.",
      "Patients come back: split by patient, as the official lists do.",
    ],
  },
  { options: noOptions, readImages, readCases },
);

async function readImages(
  folder: DatasetFolder,
  _settings: unknown,
  work: WorkOptions,
): Promise<ImageDataset> {
  const table = await readEntries(folder, work);
  const sides = await readSides(folder);
  const patients = textColumn(table, "Patient ID");
  const about = aboutRows(table);
  const labels = textColumn(table, "Finding Labels");
  const images = keyColumn(table, "Image Index").map((name, row) => ({
    listedAs: name,
    file: folder.find(name),
    target: targetOf(labels[row]),
    patient: patients[row] ?? undefined,
    side: sides.get(name),
    about: about(row),
  }));
  return collectImages(folder, images, {
    target: { kind: "labels", name: "findings", labels: findings },
    layout: "manifest",
    notes: ['An image without any of the findings has "No Finding" in the table.'],
  });
}

/** Boxes are in pixels of the published images of 1024 × 1024. */
async function readCases(folder: DatasetFolder, _settings: unknown, work: WorkOptions) {
  const entries = await readEntries(folder, work);
  const boxes = await readTableFile(folder.need("BBox_List_2017.csv"), work);
  const marks = marksByImage(boxes);
  const patients = textColumn(entries, "Patient ID");
  const sides = await readSides(folder);
  const about = aboutRows(entries);
  const cases = keyColumn(entries, "Image Index").flatMap((name, row): ListedCase[] => {
    const marked = marks.get(name);
    if (!marked) return [];
    return [
      {
        name: name,
        files: [folder.find(name)],
        marks: marked,
        patient: patients[row] ?? undefined,
        side: sides.get(name),
        about: about(row),
      },
    ];
  });
  const found = new Set([...marks.values()].flat().map(({ finding }) => finding));
  return collectCases(folder, cases, {
    channels: ["X-ray"],
    findings: findings.filter((finding) => found.has(finding)),
    notes: ["Only images with a box are cases: in all others nobody drew any."],
  });
}

function readEntries(folder: DatasetFolder, work: WorkOptions): Promise<Table> {
  return readTableFile(folder.need("Data_Entry_2017_v2020.csv", "Data_Entry_2017.csv"), work);
}

/** "Effusion|Mass"; nothing where the cell is empty. */
function targetOf(cell: string | null): number[] | undefined {
  if (cell === null) return undefined;
  const found = new Set(cell.split("|"));
  return findings.map((finding) => (found.has(finding) ? 1 : 0));
}

function aboutRows(table: Table): (row: number) => Record<string, number | string | null> {
  // Some editions write the age as "058Y".
  const ages = textColumn(table, "Patient Age").map((age) => Number.parseInt(age ?? "", 10));
  const sexes = textColumn(table, "Patient Gender");
  const views = textColumn(table, "View Position");
  return (row) => ({ age: ages[row], sex: sexes[row], view: views[row] });
}

async function readSides(folder: DatasetFolder): Promise<Map<string, ImageSide>> {
  const sides = new Map<string, ImageSide>();
  for (const [list, side] of [
    ["train_val_list.txt", "train"],
    ["test_list.txt", "test"],
  ] as const) {
    const file = folder.find(list);
    const text = file ? new TextDecoder().decode(await readFileBytes(file.path)) : "";
    for (const name of text.split(/\s+/)) if (name) sides.set(name, side);
  }
  return sides;
}

/** The heading "Bbox [x,y,w,h]" falls apart at its commas, hence columns by place. */
function marksByImage(table: Table): Map<string, CaseMark[]> {
  const places = table.columns.slice(2, 6).map(({ name }) => numberColumn(table, name));
  const [x, y, width, height] = places;
  if (places.length < 4) throw noBoxes(table);
  const labels = keyColumn(table, "Finding Label");
  const marks = new Map<string, CaseMark[]>();
  for (const [name, rows] of rowsBy(table, "Image Index")) {
    marks.set(
      name,
      rows.map((row) => ({
        kind: "box",
        // The boxes' table abbreviates one of the findings.
        finding: labels[row] === "Infiltrate" ? "Infiltration" : labels[row],
        box: [x[row], y[row], x[row] + width[row], y[row] + height[row]],
      })),
    );
  }
  return marks;
}

function noBoxes({ columns }: Table): RoentgenError {
  return new RoentgenError("value-missing", {
    problem: "Cannot read the boxes of NIH ChestX-ray14",
    expected: "image, finding, x, y, width and height in the columns of BBox_List_2017.csv",
    found: columns.map(({ name }) => name).join(", "),
  });
}
