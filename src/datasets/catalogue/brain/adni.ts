// ADNI. Facts: adni.loni.usc.edu, Mueller et al. 2005; folders and columns as the Image and Data Archive (IDA) of LONI writes
// an image collection.

import { readFileBytes } from "#files";
import {
  parameters,
  rules,
  type SettingsOf,
  type Table,
  type WorkOptions,
  words,
} from "../../../base/index.ts";
import type { ImageDataset } from "../../images/image-dataset.ts";
import { publicDataset } from "../public-dataset.ts";
import { collectImages } from "../reading/collect-images.ts";
import type { DatasetFolder, FolderFile } from "../reading/dataset-folder.ts";
import { foldersOfFiles } from "../reading/series-folders.ts";
import { keyColumn, numberColumn, readTableFile, textColumn } from "../reading/table-file.ts";

const options = parameters({
  groups: rules
    .array(words())
    .readonly()
    .optional()
    .describe('groups to tell apart, such as ["CN","AD"] (default: all, from healthy to ill)'),
});
type Settings = SettingsOf<typeof options>;

/** Cognitively normal, subjective complaints, mild cognitive impairment (early, any, late), Alzheimer's disease. */
const fromHealthyToIll = ["CN", "SMC", "EMCI", "MCI", "LMCI", "AD"];

export const adni = publicDataset(
  {
    name: "adni",
    title: "ADNI",
    modality: "MRI and PET",
    region: "brain",
    size: "depends on the collection that one puts together",
    task: "diagnostic group",
    licence: { name: "ADNI data use agreement", url: "https://adni.loni.usc.edu/" },
    citation: {
      authors: "Mueller SG, Weiner MW, Thal LJ, et al.",
      title: "The Alzheimer's Disease Neuroimaging Initiative",
      source: "Neuroimaging Clinics of North America 15, 869–877",
      year: 2005,
      doi: "10.1016/j.nic.2005.09.008",
    },
    access: "agreement",
    url: "https://adni.loni.usc.edu/",
    steps: [
      "Apply for access on the page.",
      "Put an image collection together in LONI's archive (IDA); download its images and its CSV file into one folder.",
    ],
    layout: [
      "<collection>.csv    (columns Image Data ID, Subject, Group, Sex, Age, Visit, Modality, Description …)",
      "ADNI/002_S_0413/<description>/2006-05-19_16_17_47.0/I45117/…    (.dcm files, or one .nii)",
    ],
    caveats: [
      "Subjects are scanned again and again: split by patient.",
      "The group is that of the subject when the image was taken, as the collection's table has it.",
    ],
  },
  { options, readImages },
);

async function readImages(
  folder: DatasetFolder,
  { groups: asked }: Settings,
  work: WorkOptions,
): Promise<ImageDataset> {
  const table = await readCollection(folder, work);
  const groups = textColumn(table, "Group");
  const classes = asked ?? inOrder(new Set(groups.filter((group) => group !== null)));
  const subjects = textColumn(table, "Subject");
  const images = imagesById(folder);
  const about = aboutRows(table);
  const listed = keyColumn(table, "Image Data ID").flatMap((id, row) => {
    const target = classes.indexOf(groups[row] ?? "");
    // A group that was not asked for is left out on purpose.
    if (asked && target < 0) return [];
    return [
      {
        listedAs: id,
        file: images.get(id.replace(/^I?/, "I")),
        target: target < 0 ? undefined : target,
        patient: subjects[row] ?? undefined,
        about: about(row),
      },
    ];
  });
  return collectImages(folder, listed, {
    target: { kind: "classes", name: "group", classes, ordered: false },
    layout: "manifest",
  });
}

/** The collection's table has a name of the user's choice: it is told by its first heading. */
async function readCollection(folder: DatasetFolder, work: WorkOptions): Promise<Table> {
  for (const file of folder.files) {
    if (!/\.csv$/i.test(file.name)) continue;
    const head = new TextDecoder().decode((await readFileBytes(file.path)).subarray(0, 200));
    if (/^\W*Image Data ID\b/.test(head)) return readTableFile(file, work);
  }
  return readTableFile(folder.need("the collection's .csv with a column Image Data ID"), work);
}

/** A folder of DICOM files, or the one file of another format in it, by the image's id, which is the folder's name. */
function imagesById(folder: DatasetFolder): Map<string, FolderFile> {
  const found = new Map<string, FolderFile>();
  for (const folderOfImage of foldersOfFiles(folder, /\.(dcm|nii|nii\.gz|hdr|mnc)$/i).values()) {
    const [first] = folderOfImage.files;
    const id = folderOfImage.parts.at(-1) ?? "";
    if (/^I\d+$/.test(id)) found.set(id, /\.dcm$/i.test(first.name) ? folderOfImage : first);
  }
  return found;
}

function inOrder(groups: ReadonlySet<string>): string[] {
  const known = fromHealthyToIll.filter((group) => groups.has(group));
  const others = [...groups].filter((group) => !fromHealthyToIll.includes(group)).sort();
  return [...known, ...others];
}

function aboutRows(table: Table) {
  const ages = numberColumn(table, "Age");
  const sexes = textColumn(table, "Sex");
  const visits = textColumn(table, "Visit");
  const descriptions = textColumn(table, "Description");
  return (row: number) => ({
    age: ages[row],
    sex: sexes[row],
    visit: visits[row],
    description: descriptions[row],
  });
}
