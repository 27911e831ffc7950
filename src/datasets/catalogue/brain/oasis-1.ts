// OASIS-1. Facts: fact sheet of the data set, Marcus et al. 2007; columns as in oasis_cross-sectional.csv.

import {
  oneOf,
  parameters,
  type SettingsOf,
  type Table,
  type WorkOptions,
} from "../../../base/index.ts";
import type { ImageDataset, ImageTarget } from "../../images/image-dataset.ts";
import { publicDataset } from "../public-dataset.ts";
import { collectImages } from "../reading/collect-images.ts";
import type { DatasetFolder, FolderFile } from "../reading/dataset-folder.ts";
import { keyColumn, numberColumn, readTableFile, textColumn } from "../reading/table-file.ts";

const options = parameters({
  target: oneOf("dementia", "rating", "age")
    .default("dementia")
    .describe(
      "what to learn: whether the clinical dementia rating is above 0 (dementia, the default), the rating as a grade, the age",
    ),
  image: oneOf("brain", "head")
    .default("brain")
    .describe("averaged scan in atlas space, of the brain alone (the default) or the head"),
});
type Settings = SettingsOf<typeof options>;

/** Grades of the clinical dementia rating that occur. */
const ratings = [0, 0.5, 1, 2];

const targets: Record<Settings["target"], ImageTarget> = {
  dementia: {
    kind: "classes",
    name: "dementia",
    classes: ["no dementia", "dementia"],
    ordered: false,
  },
  rating: {
    kind: "classes",
    name: "clinical dementia rating",
    classes: ratings.map(String),
    ordered: true,
  },
  age: { kind: "number", name: "age", unit: "years" },
};

export const oasis1 = publicDataset(
  {
    name: "oasis-1",
    title: "OASIS-1",
    modality: "MRI",
    region: "brain",
    size: "416 subjects aged 18 to 96, 100 of them with very mild to moderate Alzheimer's disease; 20 scanned twice",
    task: "dementia, clinical dementia rating, age",
    licence: {
      name: "OASIS data use agreement",
      url: "https://www.oasis-brains.org/#access",
    },
    citation: {
      authors: "Marcus DS, Wang TH, Parker J, Csernansky JG, Morris JC, Buckner RL",
      title:
        "Open Access Series of Imaging Studies (OASIS): Cross-sectional MRI Data in Young, Middle Aged, Nondemented, and Demented Older Adults",
      source: "Journal of Cognitive Neuroscience 19, 1498–1507",
      year: 2007,
      doi: "10.1162/jocn.2007.19.9.1498",
    },
    access: "agreement",
    url: "https://www.oasis-brains.org",
    steps: [
      "Accept the data use agreement on the page.",
      "Download oasis_cross-sectional.csv and the 12 discs, and unpack them into one folder.",
    ],
    layout: [
      "oasis_cross-sectional.csv",
      "disc1/OAS1_0001_MR1/PROCESSED/MPRAGE/T88_111/OAS1_0001_MR1_mpr_n4_anon_111_t88_masked_gfc.hdr (and .img)",
      "disc1/OAS1_0001_MR1/PROCESSED/MPRAGE/T88_111/OAS1_0001_MR1_mpr_n4_anon_111_t88_gfc.hdr",
    ],
    caveats: [
      "Subjects under 60 have no dementia rating: they are left out unless age is learnt. Dementia goes with age.",
      "OAS1_…_MR2 are second scans of the same people: split by patient.",
    ],
  },
  { options, readImages },
);

async function readImages(
  folder: DatasetFolder,
  settings: Settings,
  work: WorkOptions,
): Promise<ImageDataset> {
  const table = await readTableFile(folder.need("oasis_cross-sectional.csv"), work);
  const targetOf = targetReader(table, settings);
  const ages = numberColumn(table, "Age");
  const sexes = textColumn(table, "M/F");
  const images = keyColumn(table, "ID").map((id, row) => ({
    listedAs: id,
    file: imageOf(folder, id, settings),
    target: targetOf(row),
    patient: id.replace(/_MR\d+$/, ""),
    about: { age: ages[row], sex: sexes[row] },
  }));
  return collectImages(folder, images, { target: targets[settings.target], layout: "manifest" });
}

/** The number of resampled scans in the name is 3 or 4. */
function imageOf(folder: DatasetFolder, id: string, { image }: Settings): FolderFile | undefined {
  const masked = image === "brain" ? "masked_" : "";
  const names = [4, 3].map((count) => `${id}_mpr_n${count}_anon_111_t88_${masked}gfc`);
  const endings = ["hdr", "nii.gz", "nii"];
  return folder.find(...names.flatMap((name) => endings.map((ending) => `${name}.${ending}`)));
}

function targetReader(table: Table, { target }: Settings): (row: number) => number | undefined {
  const values = numberColumn(table, target === "age" ? "Age" : "CDR");
  return (row) => {
    const value = values[row];
    if (Number.isNaN(value)) return undefined;
    if (target === "age") return value;
    if (target === "dementia") return value > 0 ? 1 : 0;
    const grade = ratings.indexOf(value);
    return grade < 0 ? undefined : grade;
  };
}
