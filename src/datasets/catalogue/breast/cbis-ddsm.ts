// CBIS-DDSM. Facts: cancerimagingarchive.net/collection/cbis-ddsm, Lee et al. 2017; columns as in
// mass_case_description_train_set.csv and its three sisters.

import { openFile } from "#files";
import {
  oneOf,
  parameters,
  type SettingsOf,
  type Table,
  type WorkOptions,
} from "../../../base/index.ts";
import type { CaseDataset } from "../../cases/case-dataset.ts";
import type { ImageDataset, ImageSide } from "../../images/image-dataset.ts";
import { publicDataset } from "../public-dataset.ts";
import { collectCases } from "../reading/collect-cases.ts";
import { classTarget, collectImages } from "../reading/collect-images.ts";
import type { DatasetFolder, FolderFile } from "../reading/dataset-folder.ts";
import { keyColumn, readTableFile, textColumn } from "../reading/table-file.ts";

const options = parameters({
  abnormality: oneOf("both", "mass", "calcification")
    .default("both")
    .describe("which findings: both (the default), mass or calcification"),
});
type Settings = SettingsOf<typeof options>;

const classes = ["benign", "malignant"];

export const cbisDdsm = publicDataset(
  {
    name: "cbis-ddsm",
    title: "CBIS-DDSM",
    modality: "mammography",
    region: "breast",
    size: "10,239 images of 1,566 participants",
    task: "benign or malignant, proven by pathology; masks of masses and calcifications",
    licence: { name: "CC BY 3.0", url: "https://creativecommons.org/licenses/by/3.0/" },
    citation: {
      authors: "Lee RS, Gimenez F, Hoogi A, Miyake KK, Gorovoy M, Rubin DL",
      title:
        "A curated mammography data set for use in computer-aided detection and diagnosis research",
      source: "Scientific Data 4, 170177",
      year: 2017,
      doi: "10.1038/sdata.2017.177",
    },
    access: "open",
    url: "https://www.cancerimagingarchive.net/collection/cbis-ddsm/",
    steps: [
      "Download the four description tables and the manifest (.tcia) from the page; open the manifest with the NBIA Data Retriever.",
    ],
    layout: [
      "mass_case_description_train_set.csv, …_test_set.csv",
      "calc_case_description_train_set.csv, …_test_set.csv",
      "CBIS-DDSM/Mass-Training_P_00001_LEFT_CC/<study>/<series>/1-1.dcm       (the mammogram)",
      "CBIS-DDSM/Mass-Training_P_00001_LEFT_CC_1/<study>/<series>/1-1.dcm     (mask and crop of finding 1)",
    ],
    caveats: [
      "Masses and calcifications were split apart: a patient may be to train in one and to test in the other.",
      "There are no normal mammograms.",
    ],
  },
  { options, readImages, readCases },
);

/** A finding in a mammogram. */
interface Finding {
  /** Folder of the mammogram: "Mass-Training_P_00001_LEFT_CC". */
  readonly mammogram: string;
  /** Folder of its mask and crop: the same with the number of the finding. */
  readonly roi: string;
  readonly kind: "mass" | "calcification";
  readonly malignant: boolean;
  readonly patient: string;
  readonly side: ImageSide;
  readonly about: Readonly<Record<string, string | null>>;
}

/** Mammograms; malignant where one of the findings is. */
async function readImages(
  folder: DatasetFolder,
  settings: Settings,
  work: WorkOptions,
): Promise<ImageDataset> {
  const files = dicomByFolder(folder);
  const images = [...byMammogram(await readFindings(folder, settings, work))].map(
    ([mammogram, findings]) => ({
      listedAs: mammogram,
      file: files.get(mammogram)?.[0],
      target: findings.some(({ malignant }) => malignant) ? 1 : 0,
      patient: findings[0].patient,
      side: findings[0].side,
      about: findings[0].about,
    }),
  );
  return collectImages(folder, images, {
    target: classTarget("pathology", classes),
    layout: "manifest",
    notes: [
      "A mammogram is malignant where one of its findings is; benign without callback counts as benign.",
    ],
  });
}

async function readCases(
  folder: DatasetFolder,
  settings: Settings,
  work: WorkOptions,
): Promise<CaseDataset> {
  const files = dicomByFolder(folder);
  const cases = [];
  for (const [mammogram, findings] of byMammogram(await readFindings(folder, settings, work))) {
    const masks = [];
    for (const { roi, kind } of findings) {
      masks.push({ file: await largest(files.get(roi) ?? []), structure: kind });
    }
    const { patient, side, about } = findings[0];
    cases.push({
      name: mammogram,
      files: [files.get(mammogram)?.[0]],
      masks,
      patient,
      side,
      about,
    });
  }
  return collectCases(folder, cases, {
    channels: ["mammogram"],
    structures: [
      { value: 1, name: "mass" },
      { value: 2, name: "calcification" },
    ],
    notes: [
      "Of the two images of a finding the larger file is its mask, which has the mammogram's size; the other one is a crop.",
    ],
  });
}

const tables = [
  ["mass", "train", "mass_case_description_train_set.csv"],
  ["mass", "test", "mass_case_description_test_set.csv"],
  ["calcification", "train", "calc_case_description_train_set.csv"],
  ["calcification", "test", "calc_case_description_test_set.csv"],
] as const;

async function readFindings(
  folder: DatasetFolder,
  { abnormality }: Settings,
  work: WorkOptions,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [kind, side, name] of tables) {
    if (abnormality !== "both" && abnormality !== kind) continue;
    findings.push(...listFindings(await readTableFile(folder.need(name), work), kind, side));
  }
  return findings;
}

function listFindings(table: Table, kind: Finding["kind"], side: ImageSide): Finding[] {
  const column = (...names: string[]) => {
    const there = names.find((name) => table.columns.some((one) => one.name === name));
    return textColumn(table, there ?? names[0]);
  };
  const pathologies = column("pathology");
  // The tables of masses and of calcifications differ in this name.
  const densities = column("breast_density", "breast density");
  const sides = column("left or right breast");
  const views = column("image view");
  const mammograms = column("image file path");
  const masks = column("ROI mask file path");
  return keyColumn(table, "patient_id").map((patient, row) => ({
    mammogram: firstPart(mammograms[row]),
    roi: firstPart(masks[row]),
    kind,
    malignant: pathologies[row] === "MALIGNANT",
    patient,
    side,
    about: { breast: sides[row], view: views[row], density: densities[row], abnormality: kind },
  }));
}

/** Series and file names in the tables are those of an older download; the first folder stays. */
function firstPart(path: string | null): string {
  return (path ?? "").trim().split("/")[0];
}

function byMammogram(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const known = groups.get(finding.mammogram);
    if (known) known.push(finding);
    else groups.set(finding.mammogram, [finding]);
  }
  return groups;
}

/** DICOM files by each folder above them. */
function dicomByFolder({ files }: DatasetFolder): Map<string, FolderFile[]> {
  const found = new Map<string, FolderFile[]>();
  for (const file of files) {
    const folder = file.parts.find((part) => /^(Mass|Calc)-(Training|Test)_P_/.test(part));
    if (!folder || !file.name.endsWith(".dcm")) continue;
    found.set(folder, [...(found.get(folder) ?? []), file]);
  }
  return found;
}

async function largest(files: readonly FolderFile[]): Promise<FolderFile | undefined> {
  let best: { file: FolderFile; byteLength: number } | undefined;
  for (const file of files) {
    const source = await openFile(file.path);
    await source.close();
    if (!best || source.byteLength > best.byteLength)
      best = { file, byteLength: source.byteLength };
  }
  return best?.file;
}
